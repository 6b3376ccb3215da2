"""Reading a damaged lesson yields a valid lesson or one clear error, never another exception."""

from __future__ import annotations

import hypothesis
import pytest
from hypothesis import given

from core.errors import LessonError
from core.lessons.blocks import Goal, Lesson, Set
from core.lessons.changes import apply_change, initial_experiment
from core.lessons.file_format.reading import parse_lesson
from tests.core.lessons.file_format.damaged_lessons import NASTY, ORIGINALS, damaged, damaged_lessons

WHERE = "broken.md"


def outcome(text: str) -> Lesson | LessonError:
    """Parse ``text``; return the lesson or the error."""
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
    """Apply all changes of ``lesson`` in order."""
    experiment = initial_experiment(lesson.front)
    for step in lesson.steps:
        for kind in (Set, Goal):
            for block in (each for each in step.content if isinstance(each, kind)):
                experiment = apply_change(experiment, block.solution if isinstance(block, Goal) else block)


@hypothesis.settings(max_examples=300)
@given(damaged_lessons)
def test_a_damaged_lesson_raises_a_lesson_error(text: str) -> None:
    read(text)


@pytest.mark.parametrize("value", NASTY, ids=lambda value: value[:20])
def test_any_replaced_value_raises_at_most_a_lesson_error(value: str) -> None:
    for place in range(0, 120, 5):
        read(damaged(ORIGINALS[0], [("value", place, 0, value)]))
