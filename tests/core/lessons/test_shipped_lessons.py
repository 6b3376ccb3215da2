"""No lesson can lie: goals are reached by their solutions, predictions have one true answer, translations say the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.lessons.catalogue import lesson_files, translations
from core.lessons.checking import check_file, problems_of
from core.lessons.reading import goal_of, read_lesson

FILES = lesson_files("en")
TRANSLATIONS = [each for path in FILES.values() for each in translations(path)]


@pytest.mark.parametrize("key", FILES)
def test_every_lesson_can_be_solved_with_each_seed(key: str) -> None:
    assert problems_of(read_lesson(FILES[key])) == ()


@pytest.mark.parametrize("key", FILES)
def test_every_lesson_ends_by_breaking_something(key: str) -> None:
    lesson = read_lesson(FILES[key])
    if lesson.front.challenge is None:
        assert goal_of(lesson.steps[-1]) is not None
        assert lesson.steps[-1].title == "Now break it"
        assert 3 <= len(lesson.steps) <= 6


@pytest.mark.parametrize("path", TRANSLATIONS, ids=lambda path: path.name)
def test_a_translation_says_the_same(path: Path) -> None:
    check_file(path, read_lesson(path))
