"""Check a lesson as the tests do: walk through it with several seeds, and compare translations with the original."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

from core.engine.engine_choice import EngineChoice
from core.errors import PlaygroundError
from core.lessons.blocks import Lesson
from core.lessons.changes import initial_experiment
from core.lessons.file_format.translation import check_translation, original_of
from core.lessons.headless import challenge
from core.lessons.headless.walkthrough import SEEDS, differing_predictions, walk_through

Advance: TypeAlias = Callable[[float], None]
"""Called with the fraction of the work that is done, from 0 to 1."""


def problems_of(lesson: Lesson, *, engine: EngineChoice = "auto", advance: Advance | None = None) -> tuple[str, ...]:
    """Return the problems of ``lesson``, one sentence each: of its steps, with three seeds, and of its challenge."""
    parts = len(SEEDS) * len(lesson.steps) + (1 if lesson.front.challenge else 0)
    found: list[str] = []
    reports = []
    for number, seed in enumerate(SEEDS):
        if advance is not None:
            advance(number * len(lesson.steps) / max(parts, 1))
        report = walk_through(lesson, seed, engine=engine)
        reports.append(report)
        found += [f"{problem} (seed {seed})" for problem in report.problems]
    found += differing_predictions(tuple(reports))
    if lesson.front.challenge is not None:
        found += _challenge_problems(lesson, engine)
    if advance is not None:
        advance(1.0)
    return tuple(found)


def check_file(path: Path, lesson: Lesson) -> None:
    """Check that ``lesson``, read from ``path``, differs from its original in prose only if it is a translation.

    Raises:
        LessonError: it differs elsewhere; the message names file and line.
    """
    original = original_of(path)
    if original is not None:
        check_translation(lesson, original, str(path))


def _challenge_problems(lesson: Lesson, engine: EngineChoice) -> list[str]:
    """Check that the solution of the challenge clears the bar with a better score than the initial experiment."""
    try:
        solved = challenge.run_solution(lesson, engine=engine)
        started = challenge.run_challenge(lesson, initial_experiment(lesson.front), engine=engine)
    except PlaygroundError as error:
        return [f"the challenge: {error}"]
    if not solved.cleared:
        seeds = [start.seed for start in solved.starts if not start.cleared]
        return [f"the challenge: its solution does not clear the bar for seed {', '.join(map(str, seeds))}"]
    if started.cleared and not challenge.is_better(challenge.challenge_of(lesson), solved.score, started.score):
        return [f"the challenge: its start already reaches the score of its solution ({started.score:g})"]
    return []
