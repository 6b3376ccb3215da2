"""Fixtures of tests that walk through a lesson in a window."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from playground.lessons.pages.lesson import LessonPage
from playground.window.main_window import MainWindow
from tests.playground.lessons.in_window import open_lesson
from tests.playground.lessons.lesson_files import write_lesson

Opener = Callable[..., MainWindow]


@pytest.fixture
def window(open_window: Opener) -> MainWindow:
    return open_window()


@pytest.fixture
def page(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> Iterator[LessonPage]:
    """The page of the lesson, opened in the window."""
    open_lesson(window, qtbot, write_lesson(tmp_path))
    page = window.lessons.page
    assert page is not None
    yield page
    window.lessons.panel.formulas.wait()
