"""Every lesson that ships keeps its promises: each goal is reached by its solution, and each prediction has one true answer."""

from __future__ import annotations

import pytest

from core.lessons.blocks import Lesson
from core.lessons.catalogue import lesson_files
from core.lessons.practice import SEEDS, differing_predictions, walk
from core.lessons.reading import goal_of, read_lesson

LESSONS = tuple(lesson for lesson in map(read_lesson, lesson_files("en").values()) if lesson.front.challenge is None)


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.key)
def test_every_lesson_can_be_solved_with_each_seed(lesson: Lesson) -> None:
    reports = tuple(walk(lesson, seed, engine="numpy") for seed in SEEDS)
    assert [(report.seed, report.problems) for report in reports if report.problems] == []
    assert differing_predictions(reports) == ()


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.key)
def test_every_lesson_ends_by_breaking_something(lesson: Lesson) -> None:
    assert goal_of(lesson.steps[-1]) is not None
    assert lesson.steps[-1].title == "Now break it"
    assert 3 <= len(lesson.steps) <= 6
