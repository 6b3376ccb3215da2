"""Walk through a lesson without a window, as a learner who follows the text would, and report its problems.

For each step, the change is applied, and the goal must not hold yet. Then its solution is applied and trained, and the goal
must hold within the time that the step names. Each live number must have a value, and each prediction exactly one right
choice: the same one when the goal is first reached and at the end.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Final

from msgspec import Struct

from core.engine.engine_choice import EngineChoice
from core.errors import PlaygroundError
from core.lessons.blocks import Element, Goal, Lesson, Predict, Step
from core.lessons.changes import initial_experiment
from core.lessons.durations import parse_duration
from core.lessons.file_format.reading import change_of, goal_of
from core.lessons.goal_tracker import ConditionState, evaluate_goal
from core.lessons.headless.lesson_trainer import Advance, LessonTrainer, with_seed
from core.lessons.headless.step_checks import elements_of, exists, missing_elements, numbers_without_value
from core.lessons.measurements.conditions import measure_name
from core.lessons.measurements.registry import MEASUREMENTS, value_in_words
from core.lessons.predictions import right_choice, true_curve, truth_of
from core.training.snapshot import Snapshot

SEEDS: Final = (1, 2, 3)
"""Seeds with which every lesson must work."""


class StepReport(Struct, frozen=True):
    """What happened in one step.

    Attributes:
        number: number of the step, from 1.
        title: its title.
        entry: the conditions of its goal when the step is entered.
        end: the conditions after the solution.
        choices: the right choice of each prediction with choices, from 1.
        truths: the true answer of each prediction of a choice or a number.
    """

    number: int
    title: str
    entry: tuple[ConditionState, ...]
    end: tuple[ConditionState, ...]
    choices: tuple[int, ...]
    truths: tuple[float, ...]


class Report(Struct, frozen=True):
    """What happened in a lesson.

    Attributes:
        key: the lesson's key.
        seed: the seed of data, network and training.
        steps: the steps.
        problems: one sentence for each problem found.
    """

    key: str
    seed: int
    steps: tuple[StepReport, ...]
    problems: tuple[str, ...]

    @property
    def choices(self) -> tuple[tuple[int, ...], ...]:
        """The right choices of each step."""
        return tuple(step.choices for step in self.steps)


def walk_through(lesson: Lesson, seed: int, *, engine: EngineChoice = "auto", advance: Advance | None = None) -> Report:
    """Apply the changes and solutions of ``lesson`` in order and report what happens.

    Args:
        lesson: the lesson.
        seed: seed of data, network and training.
        engine: the engine that computes the steps.
        advance: called with the progress of each training run.
    """
    problems: list[str] = []
    reports: list[StepReport] = []
    try:
        lesson_trainer = LessonTrainer(with_seed(initial_experiment(lesson.front), seed), engine)
    except PlaygroundError as error:
        return Report(lesson.key, seed, (), (f"the start: {error}",))
    missing = dict.fromkeys(elements_of(lesson.front))
    for number, step in enumerate(lesson.steps, 1):
        location = f'line {step.line}, step {number} "{step.title}"'
        current = _StepWalk(lesson_trainer, step, number)
        try:
            reports.append(current.report(advance))
        except PlaygroundError as error:
            current.problems.append(str(error))
        problems += [f"{location}: {problem}" for problem in current.problems]
        missing = {each: None for each in missing if not current.has(each[1])}
        if len(reports) < number:
            break
    problems += [f"{key}: no step has a network with the {element.name}" for key, element in missing]
    return Report(lesson.key, seed, tuple(reports), tuple(problems))


def differing_predictions(reports: tuple[Report, ...]) -> tuple[str, ...]:
    """Return one sentence for each step whose right choices differ between seeds."""
    sentences = []
    for steps in zip(*(report.steps for report in reports), strict=False):
        if len({step.choices for step in steps}) > 1:
            each = "; ".join(f"seed {r.seed}: {list(s.choices)}" for r, s in zip(reports, steps, strict=True))
            sentences.append(
                f'step {steps[0].number} "{steps[0].title}": the right choice depends on the seed ({each})'
            )
    return tuple(sentences)


@dataclass
class _StepWalk:
    """One step of the walk-through, with the problems found so far."""

    lesson_trainer: LessonTrainer
    step: Step
    number: int
    problems: list[str] = field(default_factory=list, init=False)
    first: Snapshot | None = field(default=None, init=False)
    entry: Snapshot | None = field(default=None, init=False)

    def has(self, element: Element) -> bool:
        """Return whether ``element`` exists when the step is entered or at its end."""
        return any(each is not None and exists(element, each) for each in (self.entry, self.lesson_trainer.snapshot))

    def report(self, advance: Advance | None) -> StepReport:
        change, goal = change_of(self.step), goal_of(self.step)
        if change is not None:
            self.lesson_trainer.apply(change)
        start = self.entry = self.lesson_trainer.snapshot
        self.problems += missing_elements(self.step, start)
        if goal is None:
            self.problems += numbers_without_value(self.step, start, start)
            return StepReport(self.number, self.step.title, (), (), (), ())
        holds, entry = evaluate_goal(goal, self.lesson_trainer.snapshot)
        if holds:
            self.problems.append(f"the goal already holds at the entry ({_values(entry)})")
        self._solve(goal, advance)
        holds, end = evaluate_goal(goal, self.lesson_trainer.snapshot)
        if not holds:
            self.problems.append(f"the goal does not hold after its solution ({_values(end)})")
        elif goal.hold_for and self.lesson_trainer.step_count(goal.solution):
            self._check_hold(goal)
        self.problems += numbers_without_value(self.step, start, self.lesson_trainer.snapshot)
        choices, truths = self._predictions()
        return StepReport(self.number, self.step.title, entry, end, choices, truths)

    def _solve(self, goal: Goal, advance: Advance | None) -> None:
        def remember_first(snapshot: Snapshot) -> None:
            if self.first is None and evaluate_goal(goal, snapshot)[0]:
                self.first = snapshot

        remember_first(self.lesson_trainer.apply(goal.solution))
        steps = self.lesson_trainer.step_count(goal.solution)
        self._check_time(goal, steps)
        if steps:
            self.lesson_trainer.train(steps, remember_first, advance)

    def _check_time(self, goal: Goal, steps: int) -> None:
        limit = parse_duration(goal.within)
        if not goal.within:
            return
        if limit.unit == "s":
            taken = self.lesson_trainer.seconds(steps)
            if taken > limit.amount:
                self.problems.append(f"the solution takes about {taken:.0f} s, but the goal says within {goal.within}")
            return
        used = float(steps) if limit.unit == "steps" else self.lesson_trainer.epochs(steps)
        if used > limit.amount:
            self.problems.append(
                f"the solution trains for {used:g} {limit.unit}, but the goal says within {goal.within}"
            )

    def _check_hold(self, goal: Goal) -> None:
        """Check that the goal keeps holding while the network trains on for ``hold_for``."""
        steps = self.lesson_trainer.steps_in(parse_duration(goal.hold_for))
        if not self.lesson_trainer.stays_true(steps, lambda snapshot: evaluate_goal(goal, snapshot)[0]):
            self.problems.append(f"the goal does not hold for {goal.hold_for} after its solution")

    def _predictions(self) -> tuple[tuple[int, ...], tuple[float, ...]]:
        choices: list[int] = []
        truths: list[float] = []
        end = self.lesson_trainer.snapshot
        for predict in (each for each in self.step.content if isinstance(each, Predict)):
            if predict.kind == "curve":
                if len(true_curve(predict, end)[0]) < 2:
                    self.problems.append(f"the curve {predict.truth.measure} has fewer than two points")
                continue
            truth = truth_of(predict, end)
            truths.append(truth)
            if predict.kind == "number":
                if math.isnan(truth):
                    self.problems.append(f"{measure_name(predict.truth)} has no value")
                continue
            choices.append(self._choice(predict, truth))
        return tuple(choices), tuple(truths)

    def _choice(self, predict: Predict, truth: float) -> int:
        right = right_choice(predict, truth)
        measured = f"{measure_name(predict.truth)} is {value_in_words(truth, MEASUREMENTS[predict.truth.measure])}"
        if not right:
            self.problems.append(f"not exactly one choice is right: {measured}")
        elif self.first is not None and right_choice(predict, truth_of(predict, self.first)) != right:
            self.problems.append(
                f"a different choice is right when the goal is first reached than after the solution: {measured}"
            )
        return right


def _values(states: tuple[ConditionState, ...]) -> str:
    return ", ".join(
        f"{measure_name(state.condition)} = {value_in_words(state.value, MEASUREMENTS[state.condition.measure])}"
        for state in states
    )
