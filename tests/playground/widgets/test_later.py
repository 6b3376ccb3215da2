"""What is to run later runs once, and is forgotten if its object is deleted before."""

from __future__ import annotations

import gc
import re
import weakref
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

import playground
from playground.widgets.later import later


class Kept(QWidget):
    """A widget that runs something later, with itself."""

    def __init__(self) -> None:
        super().__init__()
        self.runs = 0
        later(0, self, lambda: self.run())
        later(0, self, self.run)

    def run(self) -> None:
        self.runs += 1


def test_a_later_call_runs_once(qtbot: QtBot) -> None:
    widget = Kept()
    qtbot.addWidget(widget)
    assert widget.runs == 0
    qtbot.wait(20)
    assert widget.runs == 2


def test_a_later_call_is_dropped_with_its_object(qtbot: QtBot) -> None:
    def deleted_before() -> weakref.ref[Kept]:
        widget = Kept()
        widget.deleteLater()
        return weakref.ref(widget)

    reference = deleted_before()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    qtbot.wait(20)
    gc.collect()
    assert reference() is None


def test_nothing_else_is_used_for_that() -> None:
    folder = Path(playground.__file__).parent
    found = [
        path.name for path in folder.rglob("*.py") if re.search(r"\bsingleShot\(", path.read_text(encoding="utf-8"))
    ]
    assert found == ["later.py"]  # which says what is wrong with it
