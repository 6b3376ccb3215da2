"""The baseline is the least loss of a constant prediction, compared with a search over constants."""

from __future__ import annotations

import math

import numpy as np
import pytest

from core.analysis.baseline import baseline_loss
from core.formulas.losses import LOSSES


def least_of(loss: str, Y: np.ndarray, constants: np.ndarray) -> float:
    entry = LOSSES[loss]
    return min(float(np.mean(entry.value(np.full_like(Y, value), Y))) for value in constants)


def test_half_the_variance_for_the_squared_error() -> None:
    Y = np.random.default_rng(0).normal(3.0, 2.0, (200, 1))
    assert baseline_loss("squared_error", Y) == pytest.approx(0.5 * np.var(Y))
    assert baseline_loss("squared_error", Y) <= least_of("squared_error", Y, np.linspace(0.0, 6.0, 2001))


@pytest.mark.parametrize("loss", ["binary_cross_entropy", "huber"])
def test_no_constant_does_better(loss: str) -> None:
    rng = np.random.default_rng(1)
    Y = (rng.random((200, 1)) < 0.3).astype(float) if loss == "binary_cross_entropy" else rng.standard_t(2, (200, 1))
    found = least_of(loss, Y, np.linspace(-6.0, 6.0, 6001))
    assert baseline_loss(loss, Y) == pytest.approx(found, rel=1e-5)


def test_the_entropy_for_classes() -> None:
    Y = np.eye(3)[[0, 0, 1, 2]]
    assert baseline_loss("cross_entropy", Y) == pytest.approx(1.5 * math.log(2.0))
    shares = np.log(np.tile(Y.mean(axis=0), (4, 1)))
    assert baseline_loss("cross_entropy", Y) == pytest.approx(float(np.mean(LOSSES["cross_entropy"].value(shares, Y))))


def test_one_class_needs_no_learning() -> None:
    assert baseline_loss("cross_entropy", np.eye(3)[[1, 1]]) == 0.0
    assert baseline_loss("binary_cross_entropy", np.ones((5, 1))) == 0.0
    assert baseline_loss("squared_error", np.zeros((0, 1))) == 0.0
