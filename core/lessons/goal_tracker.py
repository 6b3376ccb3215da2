"""Track whether a goal is reached while the network trains."""

from __future__ import annotations

from msgspec import Struct

from core.lessons.blocks import Condition, Goal
from core.lessons.durations import parse_duration
from core.lessons.measurements.conditions import fulfils
from core.lessons.measurements.registry import Value, measure
from core.training.snapshot import Snapshot


class ConditionState(Struct, frozen=True):
    """The state of one condition.

    Attributes:
        condition: the condition.
        value: the measured value.
        holds: whether it holds.
    """

    condition: Condition
    value: Value
    holds: bool


class GoalState(Struct, frozen=True):
    """The state of a goal.

    Attributes:
        reached: whether it has ever been reached.
        holds: whether its conditions hold now.
        conditions: the state of each condition, in the order of the file.
        held_for: how long they have held, in the unit of ``hold_for``.
        hold: how long they must hold, in the same unit.
    """

    reached: bool
    holds: bool
    conditions: tuple[ConditionState, ...]
    held_for: float
    hold: float


def conditions_of(goal: Goal) -> tuple[Condition, ...]:
    """Return the conditions of ``goal``."""
    return goal.all or goal.any


def evaluate_goal(goal: Goal, snapshot: Snapshot) -> tuple[bool, tuple[ConditionState, ...]]:
    """Return whether the conditions of ``goal``, joined by all or any, hold in ``snapshot``, and the state of each."""
    states = []
    for condition in conditions_of(goal):
        value = measure(condition, snapshot)
        states.append(ConditionState(condition, value, fulfils(condition, value)))
    joined = all if goal.all else any
    return joined(state.holds for state in states), tuple(states)


class GoalTracker:
    """Decides whether ``goal`` is reached as snapshots arrive: its conditions must hold for as long as ``hold_for`` says."""

    def __init__(self, goal: Goal) -> None:
        self.goal = goal
        self._hold = parse_duration(goal.hold_for)
        self._since: float | None = None
        self._reached = False

    def reset(self) -> None:
        """Forget that the goal was reached and how long its conditions have held."""
        self._since, self._reached = None, False

    def update(self, snapshot: Snapshot, now_seconds: float) -> GoalState:
        """Return the state of the goal in ``snapshot``, taken at ``now_seconds`` of any monotonic clock."""
        holds, conditions = evaluate_goal(self.goal, snapshot)
        now = {"s": now_seconds, "epochs": snapshot.epoch, "steps": float(snapshot.step)}[self._hold.unit]
        if not holds:
            self._since = None
        elif self._since is None or now < self._since:  # a restart resets the step count
            self._since = now
        held_for = 0.0 if self._since is None else now - self._since
        self._reached = self._reached or (holds and held_for >= self._hold.amount)
        return GoalState(self._reached, holds, conditions, held_for, self._hold.amount)
