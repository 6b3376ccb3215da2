"""Choose the evaluator of computations that run beside a window: one that does not hold the GIL for large networks."""

from __future__ import annotations

from typing import Final

from core.engine.engine_choice import suits_compiled
from core.engine.evaluation import Evaluator
from core.network.architecture import Architecture

MIN_PRODUCTS: Final = 1_000_000
"""Number of weights × samples from which an evaluation takes long enough that its fixed cost of 0.1 ms does not matter.

Measured at 50 layers of 16 neurons and 250 samples (3.4 million): 0.66 ms a point, as NumPy takes with many points at
once; but NumPy's 300 calls a point each take the GIL, and the compiled loop's one call does not.
"""


def background_evaluator(architecture: Architecture, samples: int) -> Evaluator | None:
    """Return a new compiled evaluator if this process has loaded the loop and the network is large, else ``None``."""
    if architecture.size * samples < MIN_PRODUCTS or not suits_compiled(architecture):
        return None
    from core.engine.compiled import kernel  # imported late: NumPy takes the first steps

    if not kernel.is_loaded():
        return None
    from core.engine.compiled.evaluation import CompiledEvaluator

    return CompiledEvaluator(kernel.load())
