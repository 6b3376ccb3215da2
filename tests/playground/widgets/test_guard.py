"""No exception of a view ends the program: painting is guarded, and the frame clock leaves a failing view alone."""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot
from typing_extensions import override

from core.training.snapshot import Snapshot
from playground.widgets.guard import guarded
from playground.window.main_window import MainWindow

ROOT = Path(__file__).parents[3] / "playground"


class Failing(QWidget):
    @override
    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.drawLine(0, 0, 9, 9)
        raise ValueError("seven")


def test_a_failing_paint_is_told_once_and_the_program_lives(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    monkeypatch.setattr(sys, "excepthook", lambda kind, error, _trace: told.append(f"{kind.__name__} {error}"))
    widget = Failing()
    qtbot.addWidget(widget)
    widget.show()
    for _ in range(3):
        widget.grab()
    assert told == ["ValueError seven"]


def test_every_paint_method_is_guarded() -> None:
    unguarded = []
    for path in ROOT.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and node.name in ("paintEvent", "paint"):
                names = {each.id for each in node.decorator_list if isinstance(each, ast.Name)}
                if "override" in names and "guarded" not in names:
                    unguarded.append(f"{path.name}:{node.name}")
    assert unguarded == ["main_window.py:paintEvent"]  # it paints nothing itself


def test_a_view_that_fails_is_left_alone_and_the_others_go_on(
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
    assert any("cannot be drawn at present" in label.text() for label in loss.findChildren(QLabel))
    assert "everything else goes on" in window.message_bar.text
    window.session.edit_training("Learning rate", learning_rate=0.2)
    qtbot.waitUntil(lambda: len(tries) == 2)
