"""Measure the time of φ and φ′ of an activation relative to ReLU's."""

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
"""Number of alternating measurements; the minimum of each is used, because disturbances only add to the time."""


def activation_cost(key: str, alpha: float) -> float:
    """Return the time of φ and φ′ of activation ``key`` in NumPy on this machine, as a multiple of ReLU's.

    Args:
        key: in :data:`OUTPUT_ACTIVATIONS`.
        alpha: its parameter; ignored if it has none.
    """
    Z = 2.0 * stream(0, "activation cost").standard_normal((ROWS, COLUMNS))
    own, relu = OUTPUT_ACTIVATIONS[key], OUTPUT_ACTIVATIONS["relu"]
    best = [float("inf"), float("inf")]
    with np.errstate(over="ignore", invalid="ignore"):
        for _ in range(ROUNDS):
            for index, activation in enumerate((own, relu)):
                best[index] = min(best[index], _seconds(activation, Z, alpha))
    return best[0] / max(best[1], 1e-9)


def _seconds(activation: Activation, Z: Floats, alpha: float) -> float:
    started = time.perf_counter()
    activation.function(Z, alpha)
    activation.derivative(Z, alpha)
    return time.perf_counter() - started
