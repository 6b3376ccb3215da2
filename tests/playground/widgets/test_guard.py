"""Exceptions do not end the program: overrides of Qt virtuals are guarded, and the frame clock skips failing views."""

from __future__ import annotations

import importlib
import pkgutil
import re
import sys
import types
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot
from typing_extensions import override

import playground
from core.training.snapshot import Snapshot
from playground.widgets.guard import guarded, guarded_or, is_guarded
from playground.window.main_window import MainWindow


class Failing(QWidget):
    @override
    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.drawLine(0, 0, 9, 9)
        raise ValueError("seven")


def test_a_failing_paint_is_reported_once_and_the_program_continues(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    reported: list[str] = []
    monkeypatch.setattr(sys, "excepthook", lambda kind, error, _trace: reported.append(f"{kind.__name__} {error}"))
    widget = Failing()
    qtbot.addWidget(widget)
    widget.show()
    for _ in range(3):
        widget.grab()
    assert reported == ["ValueError seven"]


class FailingEvents(QWidget):
    @override
    @guarded
    def mousePressEvent(self, event: QMouseEvent) -> None:
        raise ValueError(f"press at {event.position().x():.0f}")

    @override
    @guarded
    def keyPressEvent(self, event: QKeyEvent) -> None:
        raise KeyError(event.text())

    @override
    @guarded_or(QSize(40, 30))
    def sizeHint(self) -> QSize:
        raise OverflowError("too large")


def test_failing_events_are_reported_each_time_and_the_program_continues(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    reported: list[str] = []
    monkeypatch.setattr(sys, "excepthook", lambda kind, error, _trace: reported.append(f"{kind.__name__} {error}"))
    widget = FailingEvents()
    qtbot.addWidget(widget)
    with qtbot.waitExposed(widget):
        widget.show()
    reported.clear()
    for _ in range(2):
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
        QTest.keyClick(widget, Qt.Key.Key_A)
    assert reported == ["ValueError press at 5", "KeyError 'a'"] * 2
    assert widget.sizeHint() == QSize(40, 30)


def overrides() -> Iterator[tuple[str, object]]:
    """Yield (name, function) of every override of a Qt method in the app's classes."""
    for module in pkgutil.walk_packages(playground.__path__, "playground."):
        if module.name == "playground.__main__":
            continue
        for cls in vars(importlib.import_module(module.name)).values():
            if isinstance(cls, type) and cls.__module__ == module.name:
                of_qt = {
                    name
                    for base in cls.__mro__
                    if base.__module__.startswith("PySide6")
                    for name in vars(base)
                    if not name.startswith("__")
                }
                for name, value in vars(cls).items():
                    if name in of_qt and isinstance(value, types.FunctionType):
                        yield f"{cls.__name__}.{name}", value


def test_no_exception_escapes_an_override_of_qt() -> None:
    found = dict(overrides())
    assert len(found) > 100
    assert {"NetworkCanvas.mousePressEvent", "MainWindow.closeEvent", "Painted.sizeHint"} <= set(found)
    # The paint device only returns its engine; the training thread reports exceptions itself, as it must not use widgets.
    unguarded = [name for name, function in found.items() if not is_guarded(function)]
    assert unguarded == ["PageDevice.paintEngine", "TrainingThread.run"]


def test_a_failing_view_is_skipped_and_the_others_continue(
    open_window: Callable[..., MainWindow], qtbot: QtBot
) -> None:
    window = open_window()
    loss, gradient = window.cards["loss"], window.cards["gradient"]
    drawn: list[Snapshot] = []
    tries: list[Snapshot] = []

    def fail(snapshot: Snapshot) -> None:
        tries.append(snapshot)
        raise ValueError("cannot convert float NaN to integer")

    show = gradient.show_snapshot
    loss.show_snapshot = fail  # type: ignore[method-assign]
    gradient.show_snapshot = lambda snapshot: (drawn.append(snapshot), show(snapshot))  # type: ignore[method-assign]
    window.session.play()
    qtbot.waitUntil(lambda: len(drawn) > 5)
    assert len(tries) == 1
    assert any("cannot be drawn" in label.text() for label in loss.findChildren(QLabel))
    assert "the other cards are not affected" in window.message_bar.text
    window.session.edit_training("Learning rate", learning_rate=0.2)
    qtbot.waitUntil(lambda: len(tries) == 2)


def test_no_module_takes_items_from_a_layout() -> None:
    # PySide keeps the Python object of a layout's item when Qt has deleted the item, and later passes it to event filters as
    # the widget that has got the same address.
    folder = Path(playground.__file__).parent
    calls = re.compile(r"\.(itemAt|takeAt|itemAtPosition|replaceWidget)\b")
    found = [path.name for path in folder.rglob("*.py") if calls.search(path.read_text(encoding="utf-8"))]
    assert found == []
