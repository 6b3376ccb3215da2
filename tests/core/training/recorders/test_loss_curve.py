"""The loss curve: every point at first, then thinned out, always with both ends."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from core.training.recorders.loss_curve import CAPACITY, MAX_MARKS, WEIGHTS_SET, LossRecorder, Mark, next_landmark


def recorded(steps: range) -> LossRecorder:
    recorder = LossRecorder()
    for step in steps:
        recorder.record(epoch=step / 25, step=step, train=1.0 / (1 + step), test=2.0 / (1 + step))
    return recorder


def test_all_points_are_kept_up_to_the_capacity() -> None:
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
    # The points cover the run: no gap is larger than a few times the mean gap.
    assert np.diff(curve.step).max() <= 4.0 * steps / len(curve.step) + 1
    np.testing.assert_array_equal(curve.train, 1.0 / (1.0 + curve.step))


def test_a_point_at_the_same_step_replaces_the_last_one() -> None:
    recorder = recorded(range(3))
    recorder.record(epoch=0.08, step=2, train=9.0, test=8.0)
    curve = recorder.curve()
    assert curve.step.tolist() == [0, 1, 2]
    assert (curve.train[-1], curve.test[-1]) == (9.0, 8.0)


def test_a_returned_curve_does_not_change() -> None:
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


def test_the_beginning_stays_dense_in_long_runs() -> None:
    recorder = LossRecorder()
    step = 0
    while step < 10_000_000:
        recorder.record(epoch=step / 25, step=step, train=1.0 / (1 + step), test=0.0)
        step = min(next_landmark(step), step + 1000)
    curve = recorder.curve()
    assert len(curve.step) <= CAPACITY
    for first, last in ((10, 100), (100, 1000), (1000, 10_000)):
        inside = curve.step[(curve.step >= first) & (curve.step <= last)]
        assert len(inside) >= 40
    assert (np.diff(curve.step) > 0).all()
    # And the end is as dense as before.
    assert np.diff(curve.step).max() <= 4.0 * step / (CAPACITY // 2)


def test_landmarks_are_at_a_constant_ratio() -> None:
    steps = [0]
    while steps[-1] < 1_000_000:
        steps.append(next_landmark(steps[-1]))
    assert steps[:12] == list(range(12))
    assert all(after / before <= 1.2 for before, after in itertools.pairwise(steps[10:]))
    assert len(steps) < 300


def test_rolling_back_discards_later_points() -> None:
    recorder = recorded(range(0, 100, 10))
    recorder.mark(epoch=2.0, step=50, text="noise 0 → 0.1")
    recorder.mark(epoch=3.2, step=80, text="noise 0.1 → 0.2")
    recorder.record(epoch=2.4, step=60, train=0.7, test=0.8)
    curve = recorder.curve()
    assert curve.step.tolist() == [0, 10, 20, 30, 40, 50, 60]
    assert curve.train[-1] == 0.7
    assert [mark.text for mark in curve.marks] == ["noise 0 → 0.1"]


@pytest.mark.parametrize("loss", [np.nan, np.inf])
def test_non_finite_losses_are_not_recorded(loss: float) -> None:
    recorder = recorded(range(3))
    recorder.record(epoch=1.0, step=25, train=loss, test=1.0)
    assert recorder.curve().step.tolist() == [0, 1, 2]


def test_a_change_of_settings_at_the_same_step_keeps_the_note_that_weights_were_set() -> None:
    recorder = recorded(range(20))
    recorder.note(epoch=0.4, step=10, text=WEIGHTS_SET)
    recorder.mark(epoch=0.4, step=10, text="L2 λ 0 → 0.1")
    assert recorder.curve().marks == (Mark(0.4, 10.0, "L2 λ 0 → 0.1; weights set"),)
    recorder.mark(epoch=0.4, step=10, text="")
    assert recorder.curve().marks == (Mark(0.4, 10.0, "weights set"),)
    recorder.note(epoch=0.4, step=10, text=WEIGHTS_SET, on=False)
    assert recorder.curve().marks == ()


def test_marks_record_changes() -> None:
    recorder = recorded(range(20))
    recorder.mark(epoch=0.0, step=0, text="before the start there is nothing to part")
    assert recorder.curve().marks == ()
    recorder.mark(epoch=0.4, step=10, text="L2 λ 0 → 0.1")
    recorder.mark(epoch=0.4, step=10, text="L2 λ 0 → 0.2")
    recorder.mark(epoch=0.6, step=15, text="L2 λ 0 → 0.3", merge=True)
    assert recorder.curve().marks == (Mark(0.4, 10.0, "L2 λ 0 → 0.3"),)
    recorder.mark(epoch=0.7, step=17, text="", merge=True)
    assert recorder.curve().marks == ()
    for number in range(3 * MAX_MARKS):
        recorder.mark(epoch=1.0, step=100 + number, text=str(number))
    assert len(recorder.curve().marks) == MAX_MARKS
    recorder.clear()
    assert recorder.curve().marks == ()


def test_the_penalty_is_recorded_if_there_is_one() -> None:
    recorder = recorded(range(3))
    assert recorder.curve().penalty is None
    recorder.record(epoch=1.0, step=25, train=0.5, test=0.6, penalty=0.125)
    penalty = recorder.curve().penalty
    assert penalty is not None
    assert penalty.tolist() == [0.0, 0.0, 0.0, 0.125]


def test_the_time_spent_on_steps_is_recorded_and_resumed() -> None:
    recorder = recorded(range(3))
    assert recorder.curve().seconds is None
    recorder.seconds = 0.25
    recorder.record(epoch=1.0, step=25, train=0.5, test=0.6)
    seconds = recorder.curve().seconds
    assert seconds is not None
    assert seconds.tolist() == [0.0, 0.0, 0.0, 0.25]
    other = LossRecorder()
    other.resume(recorder.curve())
    assert other.seconds == 0.25
    other.seconds += 0.5
    other.record(epoch=2.0, step=50, train=0.4, test=0.6)
    continued = other.curve().seconds
    assert continued is not None
    assert continued.tolist() == [0.0, 0.0, 0.0, 0.25, 0.75]
    other.clear()
    assert other.seconds == 0.0
