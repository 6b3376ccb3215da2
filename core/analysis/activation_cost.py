"""What an activation costs: the measured time of φ and φ′, as a multiple of ReLU's."""

from __future__ import annotations

import time
from typing import Final

import numpy as np

from core.arrays import Floats
from core.formulas.activations import OUTPUT_ACTIVATIONS, Activation
from core.random_streams import stream

ROWS: Final = 400
COLUMNS: Final = 16
ROUNDS: Final = 25
"""Both are timed in turns so many times; the fastest of each counts, as everything else only adds to it."""


def activation_cost(key: str, alpha: float) -> float:
    """Return how many times as long as ReLU's φ and φ′ those of activation ``key`` take on this machine, in NumPy.

    Args:
        key: in :data:`OUTPUT_ACTIVATIONS`.
        alpha: its parameter; ignored where there is none.
    """
    Z = 2.0 * stream(0, "activation cost").standard_normal((ROWS, COLUMNS))
    own, relu = OUTPUT_ACTIVATIONS[key], OUTPUT_ACTIVATIONS["relu"]
    best = [float("inf"), float("inf")]
    with np.errstate(over="ignore", invalid="ignore"):
        for _ in range(ROUNDS):
            for place, activation in enumerate((own, relu)):
                best[place] = min(best[place], _seconds(activation, Z, alpha))
    return best[0] / max(best[1], 1e-9)


def _seconds(activation: Activation, Z: Floats, alpha: float) -> float:
    started = time.perf_counter()
    activation.function(Z, alpha)
    activation.derivative(Z, alpha)
    return time.perf_counter() - started
