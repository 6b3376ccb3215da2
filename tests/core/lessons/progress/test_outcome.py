"""The outcome of a lesson: which goals were reached, and its text."""

from __future__ import annotations

import pytest

from core.lessons.catalogue import lesson_files
from core.lessons.file_format.reading import goal_of, read_lesson
from core.lessons.progress.outcome import Outcome, outcome_of, starts_over
from core.lessons.progress.record import LessonProgress


@pytest.mark.parametrize(
    ("goals", "missed", "words"),
    [
        ((1, 2, 3), (), "All 3 goals reached."),
        ((1, 2, 3), (2,), "2 of 3 goals reached; skipped: step 2."),
        ((1, 2, 3, 5), (1, 3, 5), "1 of 4 goals reached; skipped: steps 1, 3 and 5."),
        ((1, 2), (1, 2), "None of its 2 goals was reached."),
        ((2,), (), "Its goal was reached."),
        ((2,), (2,), "Its goal was not reached."),
        ((), (), ""),
    ],
)
def test_outcomes_are_described_in_a_sentence(goals: tuple[int, ...], missed: tuple[int, ...], words: str) -> None:
    assert Outcome(goals, missed).sentence == words


def test_only_reached_goals_count_not_visited_steps() -> None:
    lesson = read_lesson(lesson_files("en")["05-learning-rate"])
    goals = [number for number, step in enumerate(lesson.steps, 1) if goal_of(step) is not None]
    turned = outcome_of(lesson, LessonProgress(step=len(lesson.steps), finished=True))
    assert (turned.reached, list(turned.missed), turned.is_complete) == (0, goals, False)
    first = outcome_of(lesson, LessonProgress().with_reached(goals[0]))
    assert first.summary == f"1 of {len(goals)} goals"
    every = LessonProgress(reached=tuple(range(1, len(lesson.steps) + 1)))
    assert outcome_of(lesson, every).is_complete


def test_only_a_finished_lesson_starts_over() -> None:
    files = lesson_files("en")
    lesson, challenge = read_lesson(files["05-learning-rate"]), read_lesson(files["c2-deep-sigmoid"])
    last = len(lesson.steps)
    assert starts_over(lesson, LessonProgress(step=last, finished=True))
    assert starts_over(lesson, LessonProgress(step=1, finished=True))
    assert not starts_over(lesson, LessonProgress(step=last))
    assert not starts_over(lesson, LessonProgress(step=2, finished=True))
    assert not starts_over(challenge, LessonProgress(step=len(challenge.steps), finished=True))
