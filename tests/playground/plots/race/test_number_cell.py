"""A number typed into the table of racers is taken with Return only, like in every number field."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from core.analysis.race import default_racers
from core.analysis.surfaces import SURFACES
from playground.plots.race.racer_table import BATCH, MOMENTUM, RATE, RacerTable
from playground.style.theme import LIGHT, Style

pytestmark = pytest.mark.usefixtures("fonts")

KEYS = {
    "Return": (Qt.Key.Key_Return, True),
    "Escape": (Qt.Key.Key_Escape, False),
    "Tab": (Qt.Key.Key_Tab, False),
    "Backtab": (Qt.Key.Key_Backtab, False),
}


@pytest.fixture
def table(qtbot: QtBot) -> RacerTable:
    made = RacerTable(Style(LIGHT), lambda _racer: "")
    qtbot.addWidget(made)
    made.resize(500, 200)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    made.show_racers(default_racers(SURFACES["bowl"]))
    return made


def edited(table: RacerTable, column: int, text: str) -> QLineEdit:
    """Click a cell and type ``text``, without ending it."""
    place = table.visualItemRect(table.item(1, column)).center()
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    editor = next(each for each in table.findChildren(QLineEdit) if each.isVisible())
    editor.selectAll()
    QTest.keyClicks(editor, text)
    return editor


def after(table: RacerTable) -> None:
    QCoreApplication.processEvents()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.mark.parametrize("name", KEYS)
def test_only_return_takes_the_number(table: RacerTable, name: str) -> None:
    key, is_taken = KEYS[name]
    changes: list[object] = []
    table.edited.connect(changes.append)
    before = table.item(1, BATCH).text()
    QTest.keyClick(edited(table, BATCH, "37"), key)
    after(table)
    assert len(changes) == is_taken
    assert table.item(1, BATCH).text() == ("37" if is_taken else before)
    open_editors = [each for each in table.findChildren(QLineEdit) if each.isVisible()]
    assert bool(open_editors) == (name in ("Tab", "Backtab")), "Tab goes on to the next cell"


def test_leaving_the_cell_reverts_the_number(table: RacerTable, qtbot: QtBot) -> None:
    changes: list[object] = []
    table.edited.connect(changes.append)
    before = table.item(1, RATE).text()
    edited(table, RATE, "0.0625")
    edited(table, MOMENTUM, "0.5")
    after(table)
    assert table.item(1, RATE).text() == before
    table.setFocus()
    qtbot.waitUntil(lambda: QApplication.focusWidget() is table)
    after(table)
    assert changes == []
    assert not [each for each in table.findChildren(QLineEdit) if each.isVisible()]
