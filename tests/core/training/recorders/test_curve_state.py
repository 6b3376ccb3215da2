"""States of a loss curve: each rule on a synthetic curve, for any spacing of its points."""

from __future__ import annotations

import numpy as np
import pytest

from core.training.recorders.curve_state import CurveState, curve_state, since_last_mark
from core.training.recorders.loss_curve import LossCurve, Mark

EVEN = np.arange(200.0)
DENSE_AT_FIRST = np.unique(np.round(np.geomspace(1.0, 100_000.0, 200))) - 1.0
NOISE = np.random.default_rng(0).uniform(-1.0, 1.0, 200)


def curve(steps: np.ndarray, train: np.ndarray) -> LossCurve:
    return LossCurve(steps / 25.0, steps, train, np.full(len(train), np.nan))


@pytest.mark.parametrize("steps", [EVEN, DENSE_AT_FIRST], ids=["even", "dense at first"])
@pytest.mark.parametrize(
    ("of_share", "expected"),
    [
        (lambda share: np.exp(-3.0 * share), "falling"),
        (lambda share: np.exp(3.0 * share), "rising"),
        (lambda share: np.full_like(share, 0.6), "flat"),
        (lambda share: np.where(share > 0.0, 0.8, 0.6), "high"),
        (lambda share: np.exp(-8.0 * share) + 1e-4 * (1.0 + 0.9 * np.sin(1e4 * share)), "falling"),
        (lambda share: np.where(share < 1.0, 0.01, 0.5), "jumped"),
    ],
)
def test_states(steps: np.ndarray, of_share: object, expected: CurveState) -> None:
    train = of_share(steps / steps[-1])  # type: ignore[operator]
    assert curve_state(curve(steps, train)) == expected


@pytest.mark.parametrize(
    ("swing", "expected"), [(0.05, "flat"), (0.1, "flat"), (0.5, "oscillating"), (0.9, "oscillating")]
)
def test_only_large_swings_are_oscillations(swing: float, expected: CurveState) -> None:
    assert curve_state(curve(EVEN, 0.6 * (1.0 + swing * NOISE))) == expected


def test_large_swings_of_a_tiny_loss_are_not_oscillations() -> None:
    train = 0.01 * (1.0 + 0.5 * NOISE)
    train[0] = 0.6
    assert curve_state(curve(EVEN, train)) in ("flat", "falling")


def test_a_steady_fall_with_small_ripples_is_not_an_oscillation() -> None:
    train = 0.6 * np.exp(-1.2 * EVEN / EVEN[-1]) * (1.0 + 0.03 * NOISE)
    assert curve_state(curve(EVEN, train)) == "falling"


def test_a_loss_that_rises_while_a_penalty_falls_is_a_descent() -> None:
    share = EVEN / EVEN[-1]
    loss, penalty = 0.02 - 0.019 * np.exp(-5.0 * share), 0.05 + 0.2 * np.exp(-3.0 * share)
    steps = curve(EVEN, loss)
    assert curve_state(steps) == "high"
    assert curve_state(LossCurve(steps.epoch, steps.step, steps.train, steps.test, penalty)) == "falling"


def test_few_points_are_not_classified() -> None:
    assert curve_state(curve(EVEN[:11], np.exp(-EVEN[:11]))) == "short"
    assert curve_state(curve(EVEN[:0], EVEN[:0])) == "short"


def test_only_points_since_the_last_change_count() -> None:
    train = np.concatenate([np.linspace(1.0, 0.1, 100), np.full(100, 0.1)])
    marked = LossCurve(EVEN / 25, EVEN, train, train, train, (Mark(1.0, 25.0, "a"), Mark(4.0, 100.0, "b")))
    part = since_last_mark(marked)
    assert part.step[0] == 100.0
    assert len(part.train) == len(part.test) == len(part.epoch) == 100
    assert part.penalty is not None
    assert curve_state(part) == "flat"
    assert since_last_mark(curve(EVEN, train)).step[0] == 0.0


@pytest.mark.parametrize("points", [12, 16, 21, 40])
@pytest.mark.parametrize(
    ("end", "expected"), [(1.7, "falling"), (2.3, "flat"), (2.29, "flat"), (4.9, "high"), (0.1, "falling")]
)
def test_a_curve_with_few_points_at_its_end_is_judged_by_the_line_through_them(
    points: int, end: float, expected: CurveState
) -> None:
    steps = np.append(np.arange(float(points)), 6.0 * points)
    assert curve_state(curve(steps, np.interp(steps, [0.0, steps[-1]], [2.3, end]))) == expected
