"""Run a challenge: train from several starts and say whether its bar is cleared, and with which score."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from core.engine.engine_choice import EngineChoice
from core.errors import LessonError
from core.experiment import Experiment
from core.experiment.experiment_file import to_builtins
from core.lessons.blocks import Challenge, Lesson
from core.lessons.changes import changed, start_of
from core.lessons.goal_watch import ConditionState
from core.lessons.measurements.conditions import holds_for
from core.lessons.measurements.registry import measure
from core.lessons.progress.record import Best, LessonProgress
from core.lessons.run_through.rehearsal import Rehearsal
from core.training.snapshot import Snapshot

FIXED: Final = ("dataset", "samples", "noise", "test_fraction", "seed", "tf_playground_seed", "split")
"""The settings of the data that a challenge keeps; features and standardization are free."""

Advance = Callable[[int, int], None]
"""Called periodically with (steps done, steps in total), over all starts."""


class Start(Struct, frozen=True):
    """The result of one start.

    Attributes:
        seed: seed of the network and the order of samples.
        cleared: whether the bar was cleared at some moment of the training.
        score: the score at that moment, else at the end.
        values: the conditions of the bar at that moment.
        epoch: the epoch of that moment.
    """

    seed: int
    cleared: bool
    score: float
    values: tuple[ConditionState, ...]
    epoch: float


class Result(Struct, frozen=True):
    """The result of a challenge.

    Attributes:
        starts: the result of each start.
        cleared: whether all of them cleared the bar.
        score: the worst score among them.
    """

    starts: tuple[Start, ...]
    cleared: bool
    score: float


def challenge_of(lesson: Lesson) -> Challenge:
    """Return the challenge of ``lesson``.

    Raises:
        LessonError: it is not a challenge.
    """
    if lesson.front.challenge is None:
        raise LessonError("this lesson is not a challenge", where=lesson.key)
    return lesson.front.challenge


def judge(challenge: Challenge, snapshot: Snapshot, seed: int) -> Start:
    """Return the result of a start that has reached the state ``snapshot``."""
    values = []
    for condition in challenge.bar:
        value = measure(condition, snapshot)
        values.append(ConditionState(condition, value, holds_for(condition, value)))
    score = float(measure(challenge.score, snapshot))
    cleared = all(state.holds for state in values) and math.isfinite(score)
    return Start(seed, cleared, score, tuple(values), snapshot.epoch)


def run(
    lesson: Lesson,
    experiment: Experiment,
    seeds: Sequence[int] | None = None,
    *,
    engine: EngineChoice = "auto",
    advance: Advance | None = None,
) -> Result:
    """Train ``experiment`` from each start until the bar is cleared, for at most as long as the challenge's own solution.

    Args:
        lesson: the challenge.
        experiment: the learner's settings.
        seeds: seeds of the network and of the order of samples; as many as the challenge asks for by default.
        engine: the engine that computes the steps.
        advance: called to show progress.

    Raises:
        LessonError: it is not a challenge, or ``experiment`` has other data than the challenge.
        ExperimentError: the settings contradict each other.
    """
    challenge = challenge_of(lesson)
    reject_other_data(lesson, experiment)
    chosen = tuple(range(1, challenge.seeds + 1)) if seeds is None else tuple(seeds)
    starts = []
    for number, seed in enumerate(chosen):
        starts.append(_start(challenge, _seeded(experiment, seed), seed, _share(advance, number, len(chosen)), engine))
    worst = max if challenge.best == "smallest" else min
    return Result(
        tuple(starts),
        bool(starts) and all(start.cleared for start in starts),
        worst((start.score for start in starts), default=math.nan),
    )


def solve(lesson: Lesson, *, engine: EngineChoice = "auto", advance: Advance | None = None) -> Result:
    """Return the result of the challenge's own solution.

    Raises:
        LessonError: it is not a challenge, or its solution is invalid.
    """
    solved = changed(start_of(lesson.front), challenge_of(lesson).solution)
    return run(lesson, solved, engine=engine, advance=advance)


def reject_other_data(lesson: Lesson, experiment: Experiment) -> None:
    """Check that ``experiment`` has the data of the challenge.

    Raises:
        LessonError: it has other data; the message names the setting.
    """
    own = start_of(lesson.front).data
    for name in FIXED:
        if getattr(own, name) != getattr(experiment.data, name):
            wanted = getattr(own, name)
            shown = wanted if isinstance(wanted, str | int | float) else "the points drawn for it"
            raise LessonError(f"this challenge keeps its data: {name.replace('_', ' ')} must be {shown}")


def is_better(challenge: Challenge, score: float, other: float) -> bool:
    """Return whether ``score`` is better than ``other``."""
    return score < other if challenge.best == "smallest" else score > other


def with_result(progress: LessonProgress, lesson: Lesson, experiment: Experiment, result: Result) -> LessonProgress:
    """Return ``progress`` with ``result`` as the best one, if it clears the bar and is better than the one before."""
    challenge = challenge_of(lesson)
    if not result.cleared or not math.isfinite(result.score):
        return progress
    if progress.best is not None and not is_better(challenge, result.score, progress.best.score):
        return progress
    return replace(progress, best=Best(score=result.score, experiment=to_builtins(experiment)), finished=True)


def _start(
    challenge: Challenge, experiment: Experiment, seed: int, advance: Advance | None, engine: EngineChoice
) -> Start:
    rehearsal = Rehearsal(experiment, engine)
    steps, found = rehearsal.length(challenge.solution), list[Start]()

    def look(snapshot: Snapshot) -> bool:
        start = judge(challenge, snapshot, seed)
        if start.cleared:
            found.append(start)
        return start.cleared

    if not look(rehearsal.snapshot) and steps:
        rehearsal.train(steps, look, advance)
    return found[0] if found else judge(challenge, rehearsal.snapshot, seed)


def _seeded(experiment: Experiment, seed: int) -> Experiment:
    return replace(
        experiment,
        network=replace(experiment.network, seed=seed),
        training=replace(experiment.training, seed=seed),
    )


def _share(advance: Advance | None, number: int, count: int) -> Advance | None:
    """Return a callback for the part ``number`` of ``count`` equal parts."""
    if advance is None:
        return None
    whole = advance
    return lambda done, total: whole(number * total + done, count * total)
