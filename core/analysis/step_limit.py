"""The largest learning rate at which gradient descent is stable, from the largest curvature λ of the loss."""

from __future__ import annotations

import math

from msgspec import Struct

from core.experiment import TrainingSettings
from core.formulas.optimizers import OPTIMIZERS


class Curvature(Struct, frozen=True):
    """The largest curvature of the loss at one step of a run.

    Attributes:
        generation: generation number of the Experiment.
        step: updates made.
        eigenvalue: λ_max of the loss's Hessian; NaN where the loss is not finite.
    """

    generation: int
    step: int
    eigenvalue: float


def step_limit(eigenvalue: float, settings: TrainingSettings) -> float | None:
    """Return the learning rate above which the optimizer diverges on a quadratic with largest curvature ``eigenvalue``.

    2/λ for plain descent, 2(1 + μ)/λ with momentum, 2(1 + μ)/((1 + 2μ)λ) with Nesterov momentum; ∞ for λ ≤ 0 and NaN for
    NaN. ``None`` for adaptive optimizers, whose limit does not follow from the curvature alone.
    """
    limit = OPTIMIZERS[settings.optimizer].stability
    if limit is None:
        return None
    if math.isnan(eigenvalue):
        return math.nan
    return limit(momentum_of(settings)) / eigenvalue if eigenvalue > 0.0 else math.inf


def momentum_of(settings: TrainingSettings) -> float:
    """Return μ, 0 for an optimizer without momentum."""
    return settings.momentum if OPTIMIZERS[settings.optimizer].uses_momentum else 0.0
