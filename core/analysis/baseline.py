"""The loss of the best constant prediction, as a baseline."""

from __future__ import annotations

from typing import Final

import numpy as np

from core.arrays import Floats
from core.formulas.losses import LOSSES

_HALVINGS: Final = 100


def baseline_loss(loss: str, Y: Floats) -> float:
    """Return the mean loss of the best constant prediction for targets ``Y (B, K)``; 0 without samples.

    Half the variance for the squared error, the entropy of the class shares for the cross-entropies, and the minimum over
    the constant for every other loss, which must be convex.

    Args:
        loss: key in ``LOSSES``.
        Y: coded targets.
    """
    if not len(Y):
        return 0.0
    if loss == "squared_error":
        return float(0.5 * np.sum(np.var(Y, axis=0)))
    shares = Y.mean(axis=0)
    if loss == "cross_entropy":
        return _entropy(shares)
    if loss == "binary_cross_entropy":
        return _entropy(shares) + _entropy(1.0 - shares)
    return sum(_best_constant(loss, Y[:, [column]]) for column in range(Y.shape[1]))


def _entropy(shares: Floats) -> float:
    """Return −Σ p·ln p, with 0·ln 0 = 0."""
    positive = shares[shares > 0.0]
    return float(-np.sum(positive * np.log(positive)))


def _best_constant(loss: str, Y: Floats) -> float:
    """Return the least mean loss of a constant prediction of the single column ``Y (B, 1)``, by ternary search."""
    entry = LOSSES[loss]

    def mean_loss(value: float) -> float:
        return float(np.mean(entry.value(np.full_like(Y, value), Y)))

    low, high = float(Y.min()), float(Y.max())
    for _ in range(_HALVINGS):
        third = (high - low) / 3.0
        if mean_loss(low + third) <= mean_loss(high - third):
            high -= third
        else:
            low += third
    return mean_loss(0.5 * (low + high))
