"""A damaged lesson is one clear error or a valid lesson, and nothing else."""

from __future__ import annotations

import hypothesis
import pytest
from hypothesis import given

from core.errors import LessonError
from core.lessons.blocks import Goal, Lesson, Set
from core.lessons.changes import changed, start_of
from core.lessons.file_format.reading import parse_lesson
from tests.core.lessons.file_format.broken_lessons import NASTY, ORIGINALS, broken_lessons, damaged

WHERE = "broken.md"


def outcome(text: str) -> Lesson | LessonError:
    """Return the lesson in ``text``, or why it is none."""
    try:
        return parse_lesson(text, "broken", WHERE)
    except LessonError as error:
        return error


def read(text: str) -> None:
    """Read ``text``: a valid lesson's changes can be applied; an error is one line that names the file and the line."""
    result = outcome(text)
    if isinstance(result, LessonError):
        message = str(result)
        assert message.startswith(f"{WHERE}, line ")
        assert 1 <= result.line <= text.count("\n") + text.count("\r") + 2
        assert result.message.strip()
        assert "\n" not in message
        assert len(message) < 2000
        message.encode()  # fails for a lone surrogate, which cannot be shown
        return
    apply_changes(result)


def apply_changes(lesson: Lesson) -> None:
    """Apply all changes of ``lesson`` one after the other."""
    experiment = start_of(lesson.front)
    for step in lesson.steps:
        for kind in (Set, Goal):
            for block in (each for each in step.content if isinstance(each, kind)):
                experiment = changed(experiment, block.solution if isinstance(block, Goal) else block)


@hypothesis.settings(max_examples=300)
@given(broken_lessons)
def test_a_damaged_lesson_is_one_clear_error(text: str) -> None:
    read(text)


@pytest.mark.parametrize("value", NASTY, ids=lambda value: value[:20])
def test_no_value_in_the_place_of_another_is_more_than_an_error(value: str) -> None:
    for place in range(0, 120, 5):
        read(damaged(ORIGINALS[0], [("value", place, 0, value)]))
