"""Check a lesson the way the tests do: read it, walk through it for several seeds, compare it with its translation."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

from core.engine.engine_choice import EngineChoice
from core.errors import PlaygroundError
from core.lessons.blocks import Lesson
from core.lessons.changes import start_of
from core.lessons.file_format.translation import check_translation, original_of
from core.lessons.run_through import challenge
from core.lessons.run_through.practice import SEEDS, differing_predictions, walk

Advance: TypeAlias = Callable[[float], None]
"""Called with the share of the work that is done, from 0 to 1."""


def problems_of(lesson: Lesson, *, engine: EngineChoice = "auto", advance: Advance | None = None) -> tuple[str, ...]:
    """Return what does not hold in ``lesson``, one sentence each: in its steps, for three seeds, and in its challenge."""
    parts = len(SEEDS) * len(lesson.steps) + (1 if lesson.front.challenge else 0)
    found: list[str] = []
    reports = []
    for number, seed in enumerate(SEEDS):
        if advance is not None:
            advance(number * len(lesson.steps) / max(parts, 1))
        report = walk(lesson, seed, engine=engine)
        reports.append(report)
        found += [f"{problem} (seed {seed})" for problem in report.problems]
    found += differing_predictions(tuple(reports))
    if lesson.front.challenge is not None:
        found += _challenge_problems(lesson, engine)
    if advance is not None:
        advance(1.0)
    return tuple(found)


def check_file(path: Path, lesson: Lesson) -> None:
    """Check that the translation in the file ``path``, read as ``lesson``, says the same as its original.

    Raises:
        LessonError: it does not; the message names file and line.
    """
    original = original_of(path)
    if original is not None:
        check_translation(lesson, original, str(path))


def _challenge_problems(lesson: Lesson, engine: EngineChoice) -> list[str]:
    """Return what does not hold in the challenge: its solution clears the bar, with a better score than its start."""
    try:
        solved = challenge.solve(lesson, engine=engine)
        started = challenge.run(lesson, start_of(lesson.front), engine=engine)
    except PlaygroundError as error:
        return [f"the challenge: {error}"]
    if not solved.cleared:
        seeds = [start.seed for start in solved.starts if not start.cleared]
        return [f"the challenge: its solution does not clear the bar for seed {', '.join(map(str, seeds))}"]
    if started.cleared and not challenge.is_better(challenge.challenge_of(lesson), solved.score, started.score):
        return [f"the challenge: its start already reaches the score of its solution ({started.score:g})"]
    return []
