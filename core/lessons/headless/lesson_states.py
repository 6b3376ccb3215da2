"""Run a lesson from start to end without a window, and keep the snapshots for its pictures and true answers."""

from __future__ import annotations

from collections.abc import Callable
from types import MappingProxyType
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from core.analysis.plane import default_axes, has_plane, plane_of, still_side
from core.engine.evaluation import NumpyEvaluator
from core.lessons.blocks import Goal, Lesson, Predict
from core.lessons.changes import initial_experiment
from core.lessons.classroom.questions import PredictionPosition, Truth
from core.lessons.file_format.reading import change_of, goal_of
from core.lessons.headless.lesson_trainer import LessonTrainer
from core.lessons.measurements.registry import measure_in_words, parse_call
from core.lessons.predictions import true_curve, truth_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.engine.engine_choice import EngineChoice
    from core.training.snapshot import Snapshot


class Cancelled(Exception):  # noqa: N818 - no error
    """The caller cancelled the run."""


class LessonStates(Struct, frozen=True):
    """The snapshots at the start and end of each step of a lesson.

    Attributes:
        start: before the first step.
        entries: for each step, the state in which a learner reads its text.
        exits: for each step, the state after the solution of its goal.
        truths: the true answer of every prediction.
    """

    start: Snapshot
    entries: tuple[Snapshot, ...]
    exits: tuple[Snapshot, ...]
    truths: Mapping[PredictionPosition, Truth]

    @property
    def end(self) -> Snapshot:
        """The state after the last step."""
        return self.exits[-1] if self.exits else self.start

    def number(self, step: int, source: str) -> str:
        """Return the live number ``source`` as a learner sees it in ``step``, from 1; 0 is the introduction."""
        return measure_in_words(parse_call(source), self.entries[step - 1] if step else self.start)

    def number_after(self, step: int, source: str) -> str:
        """Return the live number ``source`` as it is after the goal of ``step``, from 1; 0 is the introduction."""
        return measure_in_words(parse_call(source), self.exits[step - 1] if step else self.start)


def collect_states(
    lesson: Lesson, advance: Callable[[int, int], bool] = lambda _done, _total: True, *, engine: EngineChoice = "auto"
) -> LessonStates:
    """Apply the changes and solutions of ``lesson`` in order, as a learner who follows the text does.

    Args:
        lesson: the lesson.
        advance: called periodically with (done, total) in units of 1 % of a step, over all steps; returning False cancels.
        engine: the engine that trains.

    Raises:
        Cancelled: ``advance`` returned False.
        PlaygroundError: a change does not fit the settings.
    """
    total = 100 * len(lesson.steps)

    def report(done: int) -> None:
        if not advance(done, total):
            raise Cancelled

    lesson_trainer = LessonTrainer(initial_experiment(lesson.front), engine)
    start = lesson_trainer.snapshot
    entries, exits, truths = [], [], {}
    for number, step in enumerate(lesson.steps, start=1):
        report(100 * (number - 1))
        change, goal = change_of(step), goal_of(step)
        if change is not None:
            lesson_trainer.apply(change)
        entries.append(lesson_trainer.snapshot)
        if goal is not None:
            _solve(lesson_trainer, goal, _StepProgress(report, 100 * (number - 1)))
        exits.append(lesson_trainer.snapshot)
        for index, predict in enumerate((each for each in step.content if isinstance(each, Predict)), start=1):
            measured = true_curve if predict.kind == "curve" else truth_of
            truths[number, index] = measured(predict, lesson_trainer.snapshot)
    return LessonStates(start, tuple(entries), tuple(exits), MappingProxyType(truths))


class _StepProgress(Struct, frozen=True):
    """Reports the training progress of one step, which starts at ``start`` on the scale of the whole lesson."""

    report: Callable[[int], None]
    start: int

    def __call__(self, done: int, total: int) -> None:
        self.report(self.start + 100 * done // max(total, 1))


def with_plane(snapshot: Snapshot) -> Snapshot:
    """Return ``snapshot`` with the activations over the input plane, which a headless run does not compute."""
    data = snapshot.data
    if snapshot.plane is not None or not has_plane(data):
        return snapshot
    network = snapshot.network
    return replace(snapshot, plane=plane_of(network, data, default_axes(data), still_side(network), NumpyEvaluator()))


def _solve(lesson_trainer: LessonTrainer, goal: Goal, advance: Callable[[int, int], None]) -> None:
    lesson_trainer.apply(goal.solution)
    steps = lesson_trainer.step_count(goal.solution)
    if steps:
        lesson_trainer.train(steps, lambda _snapshot: None, advance)
