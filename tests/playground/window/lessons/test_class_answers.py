"""Answers of a class, dropped on the window as files or as a folder, with the truth measured by a run of the lesson."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QAction, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QLabel, QMenu
from pytestqt.qtbot import QtBot

from core.lessons.classroom.answers import Answer, AnswerFile, encode_answers
from core.lessons.file_format.reading import parse_lesson
from playground.lessons.classroom.window import ClassWindow
from playground.window.lessons import class_answers
from playground.window.main_window import MainWindow

LESSON = parse_lesson(
    """+++
title = "One goal"
minutes = 3
summary = "A sentence."
+++
## Train
```predict
kind = "number"
truth = { measure = "step" }
[text]
question = "How many steps?"
```
```goal
measure = "step"
above = 4
[solution]
steps = 5
[text]
goal = "Five steps"
```
""",
    "50-one-goal",
)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(class_answers, "find_lesson", lambda key: LESSON if key == LESSON.key else None)
    inside = tmp_path / "class"
    inside.mkdir()
    for number in range(3):
        file = AnswerFile(lesson=LESSON.key, answers=(Answer(step=1, number=float(number)),))
        (inside / f"{number}.answers.json").write_bytes(encode_answers(file))
    (inside / "broken.answers.json").write_text("[")
    return inside


def drop(window: MainWindow, *paths: Path) -> bool:
    """Drag ``paths`` onto the window and drop them; return whether it accepts them."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    action, button, keys = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    entering = QDragEnterEvent(QPoint(50, 50), action, data, button, keys)
    entering.ignore()
    window.dragEnterEvent(entering)
    if entering.isAccepted():
        window.dropEvent(QDropEvent(QPointF(50, 50), action, data, button, keys))
    return entering.isAccepted()


def class_window(window: MainWindow) -> ClassWindow:
    found = window.findChild(ClassWindow, "classWindow")
    assert isinstance(found, ClassWindow)
    return found


@pytest.mark.parametrize("as_folder", [True, False])
def test_a_folder_or_several_files_show_the_class(
    qtbot: QtBot, open_window: Callable[..., MainWindow], folder: Path, *, as_folder: bool
) -> None:
    window = open_window()
    assert drop(window, *([folder] if as_folder else sorted(folder.iterdir())))
    shown = class_window(window)
    qtbot.waitUntil(lambda: len(shown.figures) == 1 and shown.figures[0].shown().truth == 5.0, timeout=20_000)  # type: ignore[attr-defined]
    assert shown.figures[0].shown().values == (0.0, 1.0, 2.0)  # type: ignore[attr-defined]
    summary = shown.findChild(QLabel, "classSummary")
    assert summary is not None
    assert summary.text() == "3 learners"
    assert shown.isVisible()


def test_other_folders_and_several_other_files_are_not_accepted_as_answers(
    open_window: Callable[..., MainWindow], tmp_path: Path
) -> None:
    window = open_window()
    others = [tmp_path / "a.txt", tmp_path / "b.txt"]
    for path in others:
        path.write_text("x")
    assert not drop(window, *others)
    assert window.findChild(ClassWindow, "classWindow") is None


def test_the_menu_has_the_entry(open_window: Callable[..., MainWindow]) -> None:
    window = open_window()
    action = window.findChild(QAction, "classAnswersAction")
    assert action is not None
    menus = [menu for menu in window.menuBar().findChildren(QMenu) if action in menu.actions()]
    assert [menu.title() for menu in menus] == ["&Lessons"]
    assert action.toolTip().endswith("over the measured truth.")
