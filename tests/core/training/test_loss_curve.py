"""The loss curve: every point at first, then thinner, never without its ends."""

from __future__ import annotations

import numpy as np
import pytest

from core.training.loss_curve import CAPACITY, LossRecorder


def recorded(steps: range) -> LossRecorder:
    recorder = LossRecorder()
    for step in steps:
        recorder.record(epoch=step / 25, step=step, train=1.0 / (1 + step), test=2.0 / (1 + step))
    return recorder


def test_all_points_are_kept_while_there_is_room() -> None:
    curve = recorded(range(0, 500, 5)).curve()
    np.testing.assert_array_equal(curve.step, np.arange(0, 500, 5))
    np.testing.assert_array_equal(curve.epoch, curve.step / 25)
    np.testing.assert_array_equal(curve.train, 1.0 / (1.0 + curve.step))
    np.testing.assert_array_equal(curve.test, 2.0 / (1.0 + curve.step))


@pytest.mark.parametrize("steps", [CAPACITY, CAPACITY + 1, 7 * CAPACITY, 30_000])
def test_memory_is_bounded_and_the_whole_run_stays_visible(steps: int) -> None:
    curve = recorded(range(steps + 1)).curve()
    assert CAPACITY // 2 - 1 <= len(curve.step) <= CAPACITY
    assert curve.step[0] == 0
    assert curve.step[-1] == steps
    assert (np.diff(curve.step) > 0).all()
    # Spread over the run: no gap is larger than a few times the mean one.
    assert np.diff(curve.step).max() <= 4.0 * steps / len(curve.step) + 1
    np.testing.assert_array_equal(curve.train, 1.0 / (1.0 + curve.step))


def test_a_point_at_the_same_step_replaces_the_last_one() -> None:
    recorder = recorded(range(3))
    recorder.record(epoch=0.08, step=2, train=9.0, test=8.0)
    curve = recorder.curve()
    assert curve.step.tolist() == [0, 1, 2]
    assert (curve.train[-1], curve.test[-1]) == (9.0, 8.0)


def test_a_curve_once_taken_stays_as_it_is() -> None:
    recorder = recorded(range(3))
    taken = recorder.curve()
    assert recorder.curve() is taken
    recorder.record(epoch=1.0, step=25, train=0.5, test=np.nan)
    assert taken.step.tolist() == [0, 1, 2]
    assert recorder.curve().step.tolist() == [0, 1, 2, 25]
    assert np.isnan(recorder.curve().test[-1])


def test_clearing_forgets_everything() -> None:
    recorder = recorded(range(3 * CAPACITY))
    recorder.clear()
    assert len(recorder.curve().step) == 0
    recorder.record(epoch=0.0, step=0, train=1.0, test=1.0)
    recorder.record(epoch=0.04, step=1, train=1.0, test=1.0)
    assert recorder.curve().step.tolist() == [0, 1]
