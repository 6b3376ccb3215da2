"""Describe the largest stable learning rate, for the mark on its slider."""

from __future__ import annotations

import math

from core.analysis.step_limit import Curvature, momentum_of, step_limit
from core.experiment import TrainingSettings
from core.formulas.optimizers import OPTIMIZERS
from playground.style.numbers import short


def marked_limit(curvature: Curvature | None, settings: TrainingSettings) -> tuple[float, str] | None:
    """Return the learning rate above which the optimizer diverges, and a sentence about it.

    ``None`` if the curvature is unknown or gives no limit, and for adaptive optimizers.
    """
    limit = None if curvature is None else step_limit(curvature.eigenvalue, settings)
    if limit is None or not math.isfinite(limit):
        return None
    rule = OPTIMIZERS[settings.optimizer]
    name = rule.full_batch_name.format(short(momentum_of(settings), 2))
    meaning = f"full-batch {name} diverges along the sharpest direction"
    return limit, f"{rule.stability_formula} = {short(limit, 2)}: above this, {meaning}."
