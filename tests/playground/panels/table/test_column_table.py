"""The table of columns in the dialog: its menus."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QAbstractItemDelegate, QComboBox
from pytestqt.qtbot import QtBot

from playground.panels.table.column_model import Field
from playground.panels.table.column_table import ColumnTable
from playground.panels.table.dialog import TableDialog
from tests.playground.panels.support import STYLE


def test_a_menu_that_the_table_has_closed_stores_nothing_more(tmp_path: Path, qtbot: QtBot) -> None:
    path = tmp_path / "own.csv"
    path.write_text("size,grade\n1.5,A\n4.5,B\n6.0,A\n7.5,B\n", encoding="utf-8")
    dialog = TableDialog(path, STYLE)
    qtbot.addWidget(dialog)
    cells = dialog.findChild(ColumnTable)
    assert cells is not None
    qtbot.waitUntil(lambda: cells.columns.rowCount() == 2)
    index = cells.columns.index(0, Field.KIND)
    before = index.data()
    cells.edit(index)
    menu = cells.findChild(QComboBox, "cellChoice")
    assert menu is not None
    cells.closeEditor(menu, QAbstractItemDelegate.EndEditHint.NoHint)
    menu.activated.emit(menu.count() - 1)  # Qt would warn of an editor that does not belong to the view
    assert index.data() == before
