"""Row 5: the limit is where each rule turns from convergence to divergence on a quadratic."""

from __future__ import annotations

import math

import numpy as np
import pytest

from core.analysis.step_limit import momentum_of, step_limit
from core.experiment import TrainingSettings
from core.formulas.optimizers import OPTIMIZERS

CURVATURE = 3.0


def distance_after(settings: TrainingSettings, steps: int = 400) -> float:
    """Return |w| after ``steps`` steps on ½·3·w² from w = 1."""
    rule, arguments = OPTIMIZERS[settings.optimizer], settings.optimizer_arguments()
    w, first, second = np.ones(1), np.zeros(1), np.zeros(1)
    for step in range(1, steps + 1):
        gradient = CURVATURE * w
        w, first, second = rule.update(w, gradient, first, second, step, settings.learning_rate, 0.0, *arguments)
    return float(abs(w[0]))


@pytest.mark.parametrize(
    ("optimizer", "momentum"),
    [("sgd", 0.0), ("momentum", 0.5), ("momentum", 0.9), ("nesterov", 0.5), ("nesterov", 0.9)],
)
def test_row05_descent_diverges_exactly_above_the_limit(optimizer: str, momentum: float) -> None:
    limit = step_limit(CURVATURE, TrainingSettings(optimizer=optimizer, momentum=momentum))
    assert limit is not None
    below, above = (
        distance_after(TrainingSettings(optimizer=optimizer, momentum=momentum, learning_rate=factor * limit))
        for factor in (0.97, 1.03)
    )
    assert below < 0.1
    assert above > 100.0


def test_plain_descent_has_the_limit_two_over_lambda() -> None:
    assert step_limit(4.0, TrainingSettings()) == 0.5
    assert step_limit(-1.0, TrainingSettings()) == math.inf
    assert math.isnan(step_limit(math.nan, TrainingSettings()) or 0.0)


def test_adaptive_optimizers_have_none() -> None:
    for optimizer in ("adagrad", "rmsprop", "adam", "adamw"):
        assert step_limit(4.0, TrainingSettings(optimizer=optimizer)) is None


def test_momentum_counts_only_where_it_acts() -> None:
    assert momentum_of(TrainingSettings(optimizer="momentum", momentum=0.7)) == 0.7
    assert momentum_of(TrainingSettings(optimizer="sgd", momentum=0.7)) == 0.0
