"""The columns of a user's table, one row each, with a check box for those that are inputs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem, QWidget

from core.data.tables.tables import ColumnPreview
from playground.style.numbers import thousands
from playground.widgets.plain_text import plain_tip

_HEADINGS: Final = ("Input", "Kind", "Different", "Missing", "Note")
_NUMERIC: Final = (2, 3)


class ColumnTable(QTableWidget):
    """Chooses the inputs.

    Signals:
        inputs_changed: a box was checked or unchecked.
    """

    inputs_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(0, len(_HEADINGS), parent)
        self.setObjectName("columnTable")
        self.setAccessibleName("Columns: check those that are inputs")
        self.setHorizontalHeaderLabels(list(_HEADINGS))
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 9)
        self.setShowGrid(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Interactive)
        self.horizontalHeader().setStretchLastSection(True)
        self.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.itemChanged.connect(self._changed)

    @property
    def inputs(self) -> tuple[str, ...]:
        """The names checked, in the order of the file."""
        items = (self._cell(row) for row in range(self.rowCount()))
        return tuple(item.text() for item in items if item.checkState() == Qt.CheckState.Checked)

    def show_columns(self, columns: tuple[ColumnPreview, ...]) -> None:
        """List ``columns``."""
        with QSignalBlocker(self):
            self.setRowCount(len(columns))
            for row, column in enumerate(columns):
                texts = (
                    column.name,
                    column.kind,
                    thousands(column.n_unique),
                    thousands(column.missing) if column.missing else "–",
                    column.note,
                )
                for place, text in enumerate(texts):
                    item = QTableWidgetItem(text)
                    item.setToolTip(plain_tip(text))
                    if place in _NUMERIC:
                        item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                    self.setItem(row, place, item)
                self._cell(row).setCheckState(Qt.CheckState.Unchecked)
        self.resizeColumnsToContents()
        self.setColumnWidth(0, self.columnWidth(0) + self.fontMetrics().height() * 2)

    def check(self, names: Iterable[str], target: str) -> None:
        """Check ``names`` alone; the ``target`` cannot be checked."""
        chosen = set(names)
        with QSignalBlocker(self):
            for row in range(self.rowCount()):
                item = self._cell(row)
                is_target = item.text() == target
                checked = item.text() in chosen and not is_target
                item.setCheckState(Qt.CheckState.Checked if checked else Qt.CheckState.Unchecked)
                for place in range(self.columnCount()):
                    cell = self._cell(row, place)
                    flags = cell.flags() | Qt.ItemFlag.ItemIsEnabled
                    cell.setFlags(flags & ~Qt.ItemFlag.ItemIsEnabled if is_target else flags)
        self.viewport().update()

    def _cell(self, row: int, column: int = 0) -> QTableWidgetItem:
        cell = self.item(row, column)
        assert cell is not None  # noqa: S101 - show_columns fills every cell
        return cell

    def _changed(self, item: QTableWidgetItem) -> None:
        if item.column() == 0:
            self.inputs_changed.emit()
