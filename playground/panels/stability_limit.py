"""The sentence on the largest stable learning rate, for the mark on its slider."""

from __future__ import annotations

import math
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from core.analysis.step_limit import Curvature, momentum_of, step_limit
from core.experiment import TrainingSettings
from playground.style.numbers import short

if TYPE_CHECKING:
    from collections.abc import Mapping

_FORMULAS: Final[Mapping[str, str]] = MappingProxyType(
    {"sgd": "2/λ", "momentum": "2(1 + μ)/λ", "nesterov": "2(1 + μ)/((1 + 2μ)λ)"}
)
_NAMES: Final[Mapping[str, str]] = MappingProxyType(
    {"sgd": "gradient descent", "momentum": "descent with momentum {}", "nesterov": "descent with Nesterov momentum {}"}
)


def marked_limit(curvature: Curvature | None, settings: TrainingSettings) -> tuple[float, str] | None:
    """Return the learning rate above which the optimizer diverges, and what it means.

    ``None`` without a curvature, where it gives no limit, and for adaptive optimizers.
    """
    limit = None if curvature is None else step_limit(curvature.eigenvalue, settings)
    if limit is None or not math.isfinite(limit):
        return None
    name = _NAMES[settings.optimizer].format(short(momentum_of(settings), 2))
    meaning = f"full-batch {name} diverges along the sharpest direction"
    return limit, f"{_FORMULAS[settings.optimizer]} = {short(limit, 2)}: above this, {meaning}."
