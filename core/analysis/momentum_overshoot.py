"""Whether momentum, and not the learning rate, carries descent past the minima of the loss."""

from __future__ import annotations

from typing import Final

import numpy as np

from core.analysis.sharpness import Hessian
from core.analysis.step_limit import momentum_of
from core.arrays import Floats
from core.experiment import TrainingSettings
from core.network import Network

MAX_SAMPLES: Final = 200
"""Samples over which the curvature is computed, because it is asked for live."""


def momentum_overshoots(network: Network, X: Floats, Y: Floats, update: Floats, settings: TrainingSettings) -> bool:
    """Return whether descent without momentum would not overshoot along the last ``update``, so that μ must be the cause.

    On a quadratic with curvature κ, plain descent passes the minimum only if α·κ > 1. A velocity built up over many steps
    passes it at any α.

    Args:
        network: the network.
        X: features, (B, D_in).
        Y: targets, (B, K).
        update: the last change of the parameters, (P,).
        settings: learning rate, optimizer and momentum.
    """
    size = float(update @ update)
    if momentum_of(settings) == 0.0 or not np.isfinite(size) or size == 0.0:
        return False
    direction = update / np.sqrt(size)
    with np.errstate(all="ignore"):
        along = Hessian(network, X[:MAX_SAMPLES], Y[:MAX_SAMPLES], l2=settings.l2).times(direction)
        curvature = float(direction @ along)
    return settings.learning_rate * curvature < 1.0
