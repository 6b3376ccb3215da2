"""Conditions and goals: limits, text, joined conditions, and how long they must hold."""

from __future__ import annotations

import math
from typing import Any

import pytest

from core.errors import LessonError
from core.experiment import DataSettings, Experiment
from core.lessons.blocks import Condition, Goal, GoalText, Solution
from core.lessons.durations import Duration, parse_duration
from core.lessons.goal_tracker import GoalTracker
from core.lessons.measurements.conditions import (
    condition_holds,
    condition_in_words,
    fulfils,
    measured_in_words,
    score_in_words,
)
from tests.core.lessons.support import Run

EXPERIMENT = Experiment(data=DataSettings(samples=60))


def goal(*conditions: Condition, hold_for: str = "0 s", joined: str = "all") -> Goal:
    joined_conditions: dict[str, Any] = {joined: conditions}
    return Goal(**joined_conditions, hold_for=hold_for, solution=Solution(), text=GoalText(goal="g"))


@pytest.mark.parametrize(
    ("limits", "value", "expected"),
    [
        ({"below": 1.0}, 0.5, True),
        ({"below": 1.0}, 1.0, False),
        ({"below": 1.0}, -math.inf, True),
        ({"below": 1.0}, math.nan, False),
        ({"above": 1.0}, 1.0, False),
        ({"above": 1.0}, math.inf, True),
        ({"above": 0.0, "below": 1.0}, 0.5, True),
        ({"above": 0.0, "below": 1.0}, 2.0, False),
        ({"equals": 3.0}, 3.0 * (1 + 1e-10), True),
        ({"equals": 3.0}, 3.0 * (1 + 1e-8), False),
        ({"equals": True}, 1.0, True),
        ({"equals": False}, 1.0, False),
        ({"equals": "relu"}, "relu", True),
        ({"equals": "relu"}, "tanh", False),
        ({"equals": "relu"}, "", False),
    ],
)
def test_limits(limits: dict[str, Any], value: float | str, expected: bool) -> None:
    assert fulfils(Condition(measure="train_loss", **limits), value) is expected


def test_a_condition_is_measured_in_the_snapshot() -> None:
    snapshot = Run(EXPERIMENT).snapshot
    assert condition_holds(Condition(measure="activation", layer=1, equals="tanh"), snapshot)
    assert condition_holds(Condition(measure="units", layer=2, equals=2), snapshot)
    assert not condition_holds(Condition(measure="units", layer=20, above=0), snapshot)


@pytest.mark.parametrize(
    ("condition", "text"),
    [
        (Condition(measure="gradient_ratio", from_=1, to="last", below=1e-4), "Gradient ratio, layer 1 to last < 10⁻⁴"),
        (Condition(measure="test_accuracy", above=0.9), "Test accuracy > 90\u2009%"),
        (Condition(measure="activation", layer=1, equals="relu"), "Activation, layer 1 = ReLU"),
        (Condition(measure="units", layer=5, above=49), "Neurons, layer 5 > 49"),
        (Condition(measure="initializer", layer="last", equals="he_normal"), "Initializer, layer last = He normal"),
        (Condition(measure="depth", above=2, below=5), "2 < Hidden layers < 5"),
        (Condition(measure="depth", above=9.5), "Hidden layers ≥ 10"),
        (Condition(measure="depth", below=2.5), "Hidden layers ≤ 2"),
        (Condition(measure="depth", above=3), "Hidden layers > 3"),
        (Condition(measure="dead_neurons", layer=2, below=0.5), "Dead neurons, layer 2 = 0"),
        (Condition(measure="learning_rate", below=0.00101), "Learning rate ≤ 0.001"),
        (Condition(measure="learning_rate", below=0.00015), "Learning rate < 1.5·10⁻⁴"),
        (Condition(measure="learning_rate", above=0.0099), "Learning rate > 0.0099"),
        (Condition(measure="train_loss", above=0.4999, below=0.5001), "Training loss = 0.5"),
        (Condition(measure="dropout", layer=1, above=0.1, below=0.3), "0.1 < Drop probability, layer 1 < 0.3"),
        (Condition(measure="dropout_ratio", layer=2, above=0.99, below=1.01),
         "0.99 < Input at test time ÷ mean input in training, layer 2 ≤ 1"),
        (Condition(measure="train_accuracy", above=0.97), "Training accuracy > 97\u2009%"),
        (Condition(measure="diverged", equals=True), "Diverged = yes"),
        (Condition(measure="firing_share", layer=1, neuron=2, below=0.5),
         "Share of samples for which it fires, layer 1, neuron 2 < 50\u2009%"),
    ],
)  # fmt: skip
def test_conditions_in_words(condition: Condition, text: str) -> None:
    assert condition_in_words(condition) == text


@pytest.mark.parametrize(
    ("limits", "value", "text"),
    [
        ({"below": 0.21}, 0.2132, "0.2132"),
        ({"below": 0.21}, 0.2449, "0.24"),
        ({"below": 0.21}, 0.21, "0.21"),
        ({"above": 0.2, "below": 0.3}, 0.1981, "0.1981"),
        ({"below": 1e-4}, 9.96e-5, "10⁻⁴"),
    ],
)
def test_a_value_is_not_shown_equal_to_a_limit_that_it_differs_from(
    limits: dict[str, Any], value: float, text: str
) -> None:
    assert measured_in_words(Condition(measure="test_loss", **limits), value) == text


def test_scores_have_enough_digits_to_compare_results() -> None:
    assert score_in_words(Condition(measure="test_loss"), 0.20395665) == "0.204"
    assert score_in_words(Condition(measure="test_loss"), 0.20792) == "0.2079"
    assert score_in_words(Condition(measure="hidden_neurons"), 6.0) == "6"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", Duration(0.0, "s")),
        ("1 s", Duration(1.0, "s")),
        ("0.5 s", Duration(0.5, "s")),
        ("2 min", Duration(120.0, "s")),
        ("1 epoch", Duration(1.0, "epochs")),
        ("300 epochs", Duration(300.0, "epochs")),
        ("50steps", Duration(50.0, "steps")),
    ],
)
def test_durations(text: str, expected: Duration) -> None:
    assert parse_duration(text) == expected


@pytest.mark.parametrize("text", ["1", "s", "-1 s", "1e3 s", "1 year", "٣ s", "1 s ", "nan s"])
def test_other_durations_are_an_error(text: str) -> None:
    with pytest.raises(LessonError, match="expected a duration"):
        parse_duration(text)


def test_a_goal_stays_reached_until_it_is_reset() -> None:
    run = Run(EXPERIMENT)
    tracker = GoalTracker(goal(Condition(measure="step", above=2), Condition(measure="step", below=5)))
    assert not tracker.update(run.snapshot, 0.0).reached
    assert tracker.update(run.steps(3), 0.1).reached
    state = tracker.update(run.steps(3), 0.2)
    assert (state.reached, state.holds, [each.holds for each in state.conditions]) == (True, False, [True, False])
    assert [each.value for each in state.conditions] == [6.0, 6.0]
    tracker.reset()
    assert not tracker.update(run.snapshot, 0.3).reached


def test_any_needs_only_one_condition() -> None:
    run = Run(EXPERIMENT)
    conditions = (Condition(measure="step", above=2), Condition(measure="depth", equals=2))
    assert GoalTracker(goal(*conditions, joined="any")).update(run.snapshot, 0.0).reached
    assert not GoalTracker(goal(*conditions)).update(run.snapshot, 0.0).reached


def test_seconds_count_only_while_the_conditions_hold_continuously() -> None:
    run = Run(EXPERIMENT)
    odd = Run(EXPERIMENT)
    odd.steps(1)
    tracker = GoalTracker(goal(Condition(measure="step", equals=0), hold_for="1 s"))
    assert not tracker.update(run.snapshot, 10.0).reached
    assert tracker.update(run.snapshot, 10.75).held_for == 0.75
    assert tracker.update(odd.snapshot, 10.9).held_for == 0.0
    assert not tracker.update(run.snapshot, 11.5).reached
    assert tracker.update(run.snapshot, 12.5).reached


def test_the_hold_time_can_be_given_in_epochs_or_steps() -> None:
    for hold_for, steps in (("2 epochs", 6), ("6 steps", 6)):  # 30 training samples, 3 steps an epoch
        run = Run(EXPERIMENT)
        tracker = GoalTracker(goal(Condition(measure="depth", equals=2), hold_for=hold_for))
        reached = [tracker.update(run.snapshot, 0.0).reached]
        for _ in range(steps):
            reached.append(tracker.update(run.steps(1), 0.0).reached)  # noqa: PERF401
        assert reached == [False] * steps + [True]


def test_a_restart_resets_the_hold_time() -> None:
    run = Run(EXPERIMENT)
    tracker = GoalTracker(goal(Condition(measure="depth", equals=2), hold_for="6 steps"))
    run.steps(4)
    tracker.update(run.snapshot, 0.0)
    run.trainer.reset()
    assert tracker.update(run.observe(), 0.0).held_for == 0.0
    assert not tracker.update(run.steps(5), 0.0).reached
    assert tracker.update(run.steps(1), 0.0).reached
