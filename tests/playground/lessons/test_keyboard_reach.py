"""The Tab key and a screen reader reach every part of the list and of a lesson, in the order of the page."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QRadioButton, QWidget
from pytestqt.qtbot import QtBot

from playground.lessons.sketching.canvas import SketchCanvas
from playground.lessons.text.view import TextView
from playground.window.main_window import MainWindow
from tests.playground.lessons.in_window import open_lesson
from tests.playground.lessons.lesson_files import VANISHING, write_lesson

CURVE = """```predict
kind = "curve"
truth = { measure = "loss_curve" }
x = [0, 10]
y = [1e-3, 1]
[text]
question = "Which shape?"
```

"""


SAME_LINE = 12
"""Tops of controls on one line differ by less, in pixels."""


@pytest.fixture
def window(open_window: Callable[..., MainWindow], qtbot: QtBot) -> MainWindow:
    window = open_window()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    return window


def stops(first: QWidget, root: QWidget) -> list[QWidget]:
    """Return what the Tab key reaches in ``root``, from ``first`` on."""
    found: list[QWidget] = []
    first.setFocus(Qt.FocusReason.TabFocusReason)
    focus = QApplication.focusWidget()
    while focus is not None and root.isAncestorOf(focus) and focus not in found[:-1]:
        if focus not in found:  # a text with links keeps the focus until its last one
            found.append(focus)
        QTest.keyClick(focus, Qt.Key.Key_Tab)
        focus = QApplication.focusWidget()
    return found


def name(widget: QWidget) -> str:
    """Return what a screen reader says first."""
    interface = QAccessible.queryAccessibleInterface(widget)
    assert interface is not None
    return str(interface.text(QAccessible.Text.Name))


def heights(found: list[QWidget], root: QWidget) -> list[int]:
    return [each.mapTo(root, QPoint(0, 0)).y() for each in found]


@pytest.mark.parametrize("step", [0, 1, 2])
def test_tab_reaches_a_lesson_from_top_to_bottom(window: MainWindow, qtbot: QtBot, tmp_path: Path, step: int) -> None:
    text = VANISHING.replace('```predict\nkind = "number"', f'{CURVE}```predict\nkind = "number"')
    open_lesson(window, qtbot, write_lesson(tmp_path, text))
    manager = window.lessons
    page = manager.page
    assert page is not None
    if step:
        page.run.go_to(step)
    manager.panel.formulas.wait()
    qtbot.waitUntil(lambda: page.page.isVisible() and page.page.height() > 100, timeout=20_000)
    list_button = page.findChild(QWidget, "lessonListButton")
    found = stops(list_button, page)
    assert all(name(each) for each in found), [each.objectName() for each in found if not name(each)]
    names = [each.objectName() for each in found]
    assert names[:5] == ["lessonListButton", "lessonCloseButton", "lessonStep-1", "lessonStep-2", "lessonStep-3"]
    assert names[5] == "lessonScroll"
    assert name(found[5]).startswith(f"Step {step + 1} of 3: ")
    ends = ["lessonBackButton"] * (step > 0) + ["lessonShowButton"] * bool(page.run.shows()) + ["lessonNextButton"]
    assert names[-len(ends) :] == ends
    # Between them, everything of the step that can be used is reached, from its top to its bottom.
    inside = [each for each in found if page.page.isAncestorOf(each)]
    tops = heights(inside, page.page)
    assert all(below > above - SAME_LINE for above, below in pairwise(tops))
    usable = [
        each
        for kind in (TextView, QLineEdit, SketchCanvas, QPushButton)
        for each in page.page.findChildren(kind)
        if each.isVisible() and each.isEnabled() and each.focusPolicy() != Qt.FocusPolicy.NoFocus
    ]
    assert set(usable) <= set(inside), [each.objectName() for each in set(usable) - set(inside)]
    # Of the answers to one question, one is a stop; the arrow keys choose among them.
    groups = {each.group() for each in page.page.findChildren(QRadioButton)}
    assert len([each for each in inside if isinstance(each, QRadioButton)]) == len(groups)


def test_answers_are_chosen_by_the_arrow_keys(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    open_lesson(window, qtbot, write_lesson(tmp_path))
    manager = window.lessons
    page = manager.page
    assert page is not None
    choices = page.page.predictions[0].choices
    assert choices is not None
    first = choices.findChild(QRadioButton, "predictChoice-1")
    qtbot.waitUntil(first.isVisible)
    first.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(first, Qt.Key.Key_Return)  # the space bar always plays
    assert page.run.progress.prediction(1).choice == 1
    QTest.keyClick(first, Qt.Key.Key_Down)
    assert page.run.progress.prediction(1).choice == 2
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Down)
    assert page.run.progress.prediction(1).choice == 3
    manager.panel.formulas.wait()


def test_tab_reaches_the_list_from_top_to_bottom(window: MainWindow, qtbot: QtBot) -> None:
    manager = window.lessons
    manager.show_list()
    browser = manager.panel.browser
    qtbot.waitUntil(lambda: bool(browser.rows) and browser.rows[-1].isVisible(), timeout=20_000)
    found = stops(browser.findChild(QWidget, "lessonListClose"), browser)
    assert [each.objectName() for each in found] == [
        "lessonListClose",
        *(row.objectName() for row in browser.rows),
        "openLessonButton",
    ]
    assert all(name(each) for each in found)
    assert "1 min" in name(found[1])
    row = found[3]
    scroll = browser.findChild(QWidget, "lessonListScroll")
    found[2].setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(found[2], Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is row
    seen = scroll.rect().translated(scroll.mapTo(browser, QPoint(0, 0)))
    assert seen.contains(row.mapTo(browser, row.rect().center())), "the list scrolls to the focus"
    browser.wait()
