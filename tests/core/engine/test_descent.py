"""From the gradient to the update: L2, clipping and L1, and their order."""

from __future__ import annotations

import numpy as np
import pytest

from core.engine.descent import regularized_gradient, updated
from core.experiment import TrainingSettings

W = np.array([3.0, -4.0, 1.0])
G = np.array([1.0, 2.0, 2.0])
IS_WEIGHT = np.array([True, True, False])
NO_MEMORY = (np.zeros(3), np.zeros(3))


def test_l2_applies_to_weights_only() -> None:
    np.testing.assert_array_equal(regularized_gradient(G, W, IS_WEIGHT, TrainingSettings(l2=0.5)), [2.5, 0.0, 2.0])


def test_adamw_applies_l2_to_the_weights_directly() -> None:
    settings = TrainingSettings(optimizer="adamw", l2=0.5, learning_rate=0.1)
    np.testing.assert_array_equal(regularized_gradient(G, W, IS_WEIGHT, settings), G)
    after, *_ = updated(W, np.zeros(3), NO_MEMORY, 1, IS_WEIGHT, settings)
    np.testing.assert_allclose(after, [2.85, -3.8, 1.0], rtol=1e-15)


@pytest.mark.parametrize(("limit", "length"), [(1.5, 1.5), (3.0, 3.0), (7.0, 3.0)])
def test_gradients_above_the_norm_are_clipped_and_others_kept(limit: float, length: float) -> None:
    clipped = regularized_gradient(G, W, IS_WEIGHT, TrainingSettings(clip_norm=limit))
    np.testing.assert_allclose(clipped, G * length / 3.0, rtol=1e-15)


def test_clipping_comes_after_l2() -> None:
    clipped = regularized_gradient(G, W, IS_WEIGHT, TrainingSettings(l2=100.0, clip_norm=1.0))
    assert np.linalg.norm(clipped) == pytest.approx(1.0, rel=1e-14)


def test_a_gradient_with_overflowing_square_is_clipped_and_an_infinite_one_stays_infinite() -> None:
    settings = TrainingSettings(clip_norm=1.5)
    with np.errstate(over="ignore", invalid="ignore"):
        np.testing.assert_allclose(regularized_gradient(1e200 * G, W, IS_WEIGHT, settings), 0.5 * G, rtol=1e-14)
        assert not np.isfinite(regularized_gradient(np.array([1.0, np.inf, 0.0]), W, IS_WEIGHT, settings)).all()


def test_l1_comes_last_and_makes_small_weights_exactly_zero() -> None:
    settings = TrainingSettings(l1=1.0, learning_rate=0.5)
    after, *_ = updated(np.array([0.6, -4.0, 0.6]), np.array([1.0, 0.0, 1.0]), NO_MEMORY, 1, IS_WEIGHT, settings)
    np.testing.assert_allclose(after, [0.0, -3.5, 0.1], rtol=1e-12)
    assert after[0] == 0.0


@pytest.mark.parametrize("share", [0.5, 0.9, 0.999])
def test_a_gradient_slightly_above_the_norm_is_clipped(share: float) -> None:
    limit = share * float(np.linalg.norm(G))
    clipped = regularized_gradient(G, W, IS_WEIGHT, TrainingSettings(clip_norm=limit))
    assert np.linalg.norm(clipped) == pytest.approx(limit, rel=1e-14)
    unclipped = regularized_gradient(G, W, IS_WEIGHT, TrainingSettings(clip_norm=limit / share * 1.001))
    np.testing.assert_array_equal(unclipped, G)
