"""Check all shipped lessons: solutions reach their goals, predictions have one true answer, translations match."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.lessons.catalogue import lesson_files, translations
from core.lessons.file_format.markdown import parser, references
from core.lessons.file_format.reading import goal_of, read_lesson
from core.lessons.file_format.references import linked_lesson
from core.lessons.headless.checking import check_file, problems_of

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
def test_a_translation_differs_from_the_original_in_prose_only(path: Path) -> None:
    check_file(path, read_lesson(path))


def links_of(text: str) -> set[str]:
    """Return the keys of the lessons that ``text`` links to."""
    found = references(parser().parse(text))
    keys = (linked_lesson(each.target) for each in found if each.kind == "link")
    return {key for key in keys if key is not None}


def test_every_lesson_ends_with_links_to_related_ones() -> None:
    for key, path in FILES.items():
        lesson = read_lesson(path)
        if lesson.front.row and lesson.front.challenge is None:
            last = lesson.steps[-1].content[-1]
            assert isinstance(last, str)
            where_next = last[last.rindex("**Where to go next:**") :]
            assert len(links_of(where_next) - {key}) >= 2, key


def test_every_lesson_is_linked_from_the_first_one() -> None:
    links = {
        key: set().union(*(links_of(part) for step in lesson.steps for part in step.content if isinstance(part, str)))
        for key, lesson in ((key, read_lesson(path)) for key, path in FILES.items())
    }
    reached, new = set[str](), {"01-one-neuron"}
    while new:
        reached |= new
        new = set().union(*(links[key] for key in new)) - reached
    assert reached >= set(FILES) - {"00-tour"}


def test_every_topic_has_a_lesson_of_a_few_minutes() -> None:
    lessons = [read_lesson(path) for path in FILES.values()]
    topics = [lesson for lesson in lessons if lesson.front.row and lesson.front.challenge is None]
    assert {lesson.front.row for lesson in topics} == set(range(1, 20))
    assert all(3 <= lesson.front.minutes <= 8 for lesson in topics)
