"""Run a challenge: train from several seeds, check whether each run clears the bar, and compute the score."""

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
from core.lessons.changes import apply_change, initial_experiment
from core.lessons.goal_tracker import ConditionState
from core.lessons.headless.lesson_trainer import LessonTrainer
from core.lessons.measurements.conditions import fulfils
from core.lessons.measurements.registry import measure
from core.lessons.progress.record import Best, LessonProgress
from core.training.snapshot import Snapshot

FIXED_DATA_SETTINGS: Final = ("dataset", "samples", "noise", "test_fraction", "seed", "tf_playground_seed", "split")
"""Data settings that a challenge fixes; the learner may change features and standardization."""

Advance = Callable[[int, int], None]
"""Called periodically with (steps done, steps in total), over all starts."""


class StartResult(Struct, frozen=True):
    """The result of one run of a challenge.

    Attributes:
        seed: seed of the network and the order of samples.
        cleared: whether the bar was cleared at any time during training.
        score: the score at that time, or at the end if the bar was not cleared.
        conditions: the state of each condition of the bar at that time.
        epoch: the epoch at that time.
    """

    seed: int
    cleared: bool
    score: float
    conditions: tuple[ConditionState, ...]
    epoch: float


class ChallengeResult(Struct, frozen=True):
    """The result of all runs of a challenge.

    Attributes:
        starts: the result of each run.
        cleared: whether all of them cleared the bar.
        score: the worst score among them.
    """

    starts: tuple[StartResult, ...]
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


def judge(challenge: Challenge, snapshot: Snapshot, seed: int) -> StartResult:
    """Return the result of the run with ``seed`` in the state ``snapshot``."""
    conditions = []
    for condition in challenge.bar:
        value = measure(condition, snapshot)
        conditions.append(ConditionState(condition, value, fulfils(condition, value)))
    score = float(measure(challenge.score, snapshot))
    cleared = all(state.holds for state in conditions) and math.isfinite(score)
    return StartResult(seed, cleared, score, tuple(conditions), snapshot.epoch)


def run_challenge(
    lesson: Lesson,
    experiment: Experiment,
    seeds: Sequence[int] | None = None,
    *,
    engine: EngineChoice = "auto",
    advance: Advance | None = None,
) -> ChallengeResult:
    """Train ``experiment`` once per seed until the bar is cleared, for at most as long as the challenge's solution trains.

    Args:
        lesson: the challenge.
        experiment: the learner's settings.
        seeds: seeds of the network and of the order of samples; as many as the challenge asks for by default.
        engine: the engine that computes the steps.
        advance: called to show progress.

    Raises:
        LessonError: ``lesson`` is not a challenge, or ``experiment`` uses other data.
        ExperimentError: the settings contradict each other.
    """
    challenge = challenge_of(lesson)
    reject_other_data(lesson, experiment)
    chosen = tuple(range(1, challenge.seeds + 1)) if seeds is None else tuple(seeds)
    starts = []
    for number, seed in enumerate(chosen):
        starts.append(
            _run_start(challenge, _with_seed(experiment, seed), seed, _part_of(advance, number, len(chosen)), engine)
        )
    worst = max if challenge.best == "smallest" else min
    return ChallengeResult(
        tuple(starts),
        bool(starts) and all(start.cleared for start in starts),
        worst((start.score for start in starts), default=math.nan),
    )


def run_solution(lesson: Lesson, *, engine: EngineChoice = "auto", advance: Advance | None = None) -> ChallengeResult:
    """Return the result of the challenge's own solution.

    Raises:
        LessonError: it is not a challenge, or its solution is invalid.
    """
    solved = apply_change(initial_experiment(lesson.front), challenge_of(lesson).solution)
    return run_challenge(lesson, solved, engine=engine, advance=advance)


def reject_other_data(lesson: Lesson, experiment: Experiment) -> None:
    """Check that ``experiment`` uses the data of the challenge.

    Raises:
        LessonError: a data setting differs; the message names it.
    """
    own = initial_experiment(lesson.front).data
    for name in FIXED_DATA_SETTINGS:
        if getattr(own, name) != getattr(experiment.data, name):
            wanted = getattr(own, name)
            shown = wanted if isinstance(wanted, str | int | float) else "the points drawn for it"
            raise LessonError(f"this challenge keeps its data: {name.replace('_', ' ')} must be {shown}")


def is_better(challenge: Challenge, score: float, other: float) -> bool:
    """Return whether ``score`` is better than ``other``."""
    return score < other if challenge.best == "smallest" else score > other


def with_result(
    progress: LessonProgress, lesson: Lesson, experiment: Experiment, result: ChallengeResult
) -> LessonProgress:
    """Return ``progress`` with ``result`` as the best one, if it clears the bar and beats the previous best."""
    challenge = challenge_of(lesson)
    if not result.cleared or not math.isfinite(result.score):
        return progress
    if progress.best is not None and not is_better(challenge, result.score, progress.best.score):
        return progress
    return replace(progress, best=Best(score=result.score, experiment=to_builtins(experiment)), finished=True)


def _run_start(
    challenge: Challenge, experiment: Experiment, seed: int, advance: Advance | None, engine: EngineChoice
) -> StartResult:
    lesson_trainer = LessonTrainer(experiment, engine)
    steps, found = lesson_trainer.step_count(challenge.solution), list[StartResult]()

    def has_cleared(snapshot: Snapshot) -> bool:
        start = judge(challenge, snapshot, seed)
        if start.cleared:
            found.append(start)
        return start.cleared

    if not has_cleared(lesson_trainer.snapshot) and steps:
        lesson_trainer.train(steps, has_cleared, advance)
    return found[0] if found else judge(challenge, lesson_trainer.snapshot, seed)


def _with_seed(experiment: Experiment, seed: int) -> Experiment:
    return replace(
        experiment,
        network=replace(experiment.network, seed=seed),
        training=replace(experiment.training, seed=seed),
    )


def _part_of(advance: Advance | None, number: int, count: int) -> Advance | None:
    """Return a callback that reports the progress of part ``number`` (from 0) of ``count`` equal parts as that of the whole."""
    if advance is None:
        return None
    whole = advance  # not None in the lambda
    return lambda done, total: whole(number * total + done, count * total)
