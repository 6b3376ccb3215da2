"""A table reports the rows that the user selects, and not those that the program selects."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QStringListModel, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from playground.widgets.selection_table import SelectionTable


@pytest.fixture
def table(qtbot: QtBot) -> SelectionTable:
    made = SelectionTable()
    made.setModel(QStringListModel([str(number) for number in range(200)], made))
    qtbot.addWidget(made)
    made.resize(200, 200)
    made.show()
    return made


def selected(table: SelectionTable) -> list[int]:
    return [index.row() for index in table.selectionModel().selectedRows()]


def test_a_row_is_chosen_by_mouse_and_keyboard(table: SelectionTable) -> None:
    rows: list[int] = []
    table.row_chosen.connect(rows.append)
    position = table.visualRect(table.model().index(2, 0)).center()
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=position)
    QTest.keyClick(table, Qt.Key.Key_Down)
    assert rows == [2, 3]
    assert selected(table) == [3]


def test_a_followed_row_is_selected_silently(table: SelectionTable) -> None:
    rows: list[int] = []
    table.row_chosen.connect(rows.append)
    table.follow_row(150, scroll=False)
    assert selected(table) == [150]
    table.follow_row(None, scroll=False)
    assert (selected(table), rows) == ([], [])


def test_scrolling_is_optional(table: SelectionTable) -> None:
    table.setAutoScroll(False)
    table.follow_row(150, scroll=False)
    before = table.verticalScrollBar().value()
    table.follow_row(150, scroll=True)
    assert before == 0
    assert table.viewport().rect().contains(table.visualRect(table.model().index(150, 0)))
