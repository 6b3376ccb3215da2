"""The loss that a network without inputs could reach: what every prediction has to beat."""

from __future__ import annotations

from typing import Final

import numpy as np

from core.arrays import Floats
from core.formulas.losses import LOSSES

ROUNDING: Final = 1e-12
"""Below this, the baseline is a rounding error: the target never varies."""


def baseline_loss(loss: str, Y: Floats) -> float:
    """Return the mean loss of the best constant prediction for targets ``Y (B, K)``; 0 without samples.

    Half the variance for the squared error, and the entropy of the class shares for the cross-entropies.

    Args:
        loss: key in ``LOSSES``.
        Y: coded targets.
    """
    if not len(Y):
        return 0.0
    entry = LOSSES[loss]
    constant = np.broadcast_to(entry.best_constant(Y), Y.shape)
    least = float(np.mean(entry.value(constant, Y)))
    return least if least > ROUNDING else 0.0
