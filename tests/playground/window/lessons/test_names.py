"""The names that lessons may use exist in the window, and every shipped lesson uses only those."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QWidget

from core.errors import LessonError
from core.lessons.blocks import Lesson
from core.lessons.catalogue import lesson_files, lessons
from core.lessons.file_format.reading import parse_lesson, read_lesson
from playground.window.lessons.names import CONTROLS, SECTIONS, check_names
from playground.window.main_window import MainWindow
from playground.window.workspace.arrangements import ARRANGEMENTS
from tests.core.lessons.support import LESSON


def test_every_name_belongs_to_a_control_of_the_window(open_window: Callable[..., MainWindow]) -> None:
    window = open_window()
    for arrangement in ARRANGEMENTS:  # cards are built when their workspace is first shown
        window.workspace.show_arrangement(arrangement.key)
    names = {each.objectName() for each in window.findChildren(QWidget)}
    assert [name for name in CONTROLS if name not in names] == []
    assert len(set(CONTROLS)) == len(CONTROLS)
    assert tuple(section.title for section in window.controls.sections) == SECTIONS


@pytest.mark.parametrize("key", lesson_files("en"))
def test_the_names_in_a_shipped_lesson_exist(key: str) -> None:
    check_names(read_lesson(lesson_files("en")[key]))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('"gradients"', '"gradient"', 'workspace: there is no workspace called "gradient", did you mean "gradients"?'),
        ('"waterfall"', '"waterfal"', 'cards: there is no card called "waterfal", did you mean "waterfall"?'),
        ('"depthSlider"', '"dephSlider"', 'line 13, show.control: there is no control called "dephSlider", did you mean'),
        ('cards =', 'hide = ["data", "Dat"]\ncards =', 'hide: there is no control called "Dat", did you mean "Data"?'),
        ('cards =', 'lock = ["Data"]\ncards =', 'lock: there is no control called "Data"'),
        ('control = "depthSlider"', 'card = "x"', 'show.card: there is no card called "x", there are network, '),
    ],
)  # fmt: skip
def test_an_unknown_name_is_an_error_with_its_key(old: str, new: str, message: str) -> None:
    assert old in LESSON
    with pytest.raises(LessonError) as raised:
        check_names(parse_lesson(LESSON.replace(old, new, 1), "07-x"), "07-x.md")
    assert str(raised.value).startswith("07-x.md, line ")
    assert message in str(raised.value)
    check_names(parse_lesson(LESSON, "07-x"))


@pytest.mark.parametrize("lesson", lessons("en"), ids=lambda lesson: lesson.key)
def test_the_cards_of_a_lesson_are_in_its_workspace(lesson: Lesson) -> None:
    """Another card would switch to a workspace that has it."""
    (shown,) = [each for each in ARRANGEMENTS if each.key == lesson.front.workspace]
    assert set(lesson.front.cards) <= shown.contents()
