"""The Qt model of the data table, which computes cells lazily, so that it supports a hundred thousand rows."""

from __future__ import annotations

from typing import Final

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor
from typing_extensions import override

from core.arrays import Integers
from core.data.sample import Sample
from playground.plotting.canvas.pin_legend import line_sample
from playground.samples.rows import Column, SampleRows, columns_of
from playground.style.theme import Style
from playground.widgets.guard import guarded, guarded_or
from playground.widgets.plain_text import plain_tip

_Index = QModelIndex | QPersistentModelIndex
_NO_DATA: Final[object] = None
"""Value returned for unsupported roles."""


class SampleModel(QAbstractTableModel):
    """Qt model of the samples of a snapshot; sorting only permutes the rows."""

    def __init__(self, style: Style, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._style = style
        self._rows: SampleRows | None = None
        self.columns: tuple[Column, ...] = ()
        self._order: Integers = np.zeros(0, dtype=np.int64)
        self._sorted: tuple[int, Qt.SortOrder] = (0, Qt.SortOrder.AscendingOrder)

    @property
    def rows(self) -> SampleRows | None:
        """The rows in the order of the data."""
        return self._rows

    @property
    def order(self) -> Integers:
        """Index into the data for each line of the table, (N,)."""
        return self._order

    def set_style(self, style: Style) -> None:
        """Set the colours of ``style``."""
        self._style = style
        self._redraw()

    def show_rows(self, rows: SampleRows, *, resort: bool) -> None:
        """Show ``rows``; new data resets the table, the same data keeps its order unless ``resort``."""
        before, self._rows = self._rows, rows
        columns = columns_of(rows.data, rows.pinned)
        if before is None or before.data is not rows.data or columns != self.columns:
            self.beginResetModel()
            self._sorted = self._sorted_in(columns)
            self.columns = columns
            self._order = np.arange(rows.count)
            self._order = self._ranked(rows)
            self.endResetModel()
        elif resort and not np.array_equal(order := self._ranked(rows), self._order):
            self._order = order
            self.layoutChanged.emit()
        else:
            self._redraw()

    @property
    def sorted_by(self) -> tuple[int, Qt.SortOrder]:
        """The column that the rows are sorted by, and the order."""
        return self._sorted

    def _sorted_in(self, columns: tuple[Column, ...]) -> tuple[int, Qt.SortOrder]:
        """Return where the column that the rows are sorted by is among ``columns``; the first one if it is gone."""
        place, order = self._sorted
        kind = (self.columns[place].kind, self.columns[place].source) if self.columns else ("sample", 0)
        found = next((n for n, each in enumerate(columns) if (each.kind, each.source) == kind), None)
        return (0, Qt.SortOrder.AscendingOrder) if found is None else (found, order)

    def _ranked(self, rows: SampleRows) -> Integers:
        column, order = self._sorted
        return rows.order(self.columns[column], descending=order == Qt.SortOrder.DescendingOrder)

    def _redraw(self) -> None:
        if len(self._order):
            # The view requests only visible cells.
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._order) - 1, len(self.columns) - 1))

    def sample(self, line: int) -> Sample | None:
        """Return the sample in ``line`` of the table."""
        if self._rows is None or not 0 <= line < len(self._order):
            return None
        return self._rows.sample(int(self._order[line]))

    def line_of(self, sample: Sample | None) -> int | None:
        """Return the line of ``sample``, or ``None``."""
        if self._rows is None or sample is None or not sample.exists_in(self._rows.data):
            return None
        return int(np.flatnonzero(self._order == self._rows.row(sample))[0])

    def column_of(self, kind: str) -> int:
        """Return the first column of ``kind``."""
        return next(place for place, column in enumerate(self.columns) if column.kind == kind)

    @override
    @guarded_or(0)
    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """Return the number of samples."""
        return 0 if parent.isValid() else len(self._order)

    @override
    @guarded_or(0)
    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """Return the number of columns."""
        return 0 if parent.isValid() else len(self.columns)

    @override
    @guarded_or(_NO_DATA)
    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return a column's heading, alignment or tooltip."""
        if orientation != Qt.Orientation.Horizontal or section >= len(self.columns):
            return None
        column = self.columns[section]
        pinned = self._rows.pinned if self._rows is not None and column.run else None
        match role:
            case Qt.ItemDataRole.DecorationRole if pinned is not None:
                return line_sample(self._style, pinned.colour)
            case Qt.ItemDataRole.DisplayRole:
                return column.short_title
            case Qt.ItemDataRole.TextAlignmentRole:
                return _alignment(section)
            case Qt.ItemDataRole.ToolTipRole:
                return plain_tip(f"{column.tip}. Click to sort.")
            case _:
                return None

    @override
    @guarded_or(_NO_DATA)
    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return a cell's text, alignment, colour or tooltip."""
        rows = self._rows
        if rows is None or not index.isValid() or index.row() >= len(self._order):
            return None
        row, column = int(self._order[index.row()]), self.columns[index.column()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return rows.text(row, column)
            case Qt.ItemDataRole.TextAlignmentRole:
                return _alignment(index.column())
            case Qt.ItemDataRole.ForegroundRole:
                if rows.is_wrong(row, column):
                    return QColor(self._style.theme.error)
                return QColor(self._style.theme.muted) if rows.sample(row).is_test else None
            case Qt.ItemDataRole.ToolTipRole:
                return plain_tip(f"{column.title}: {rows.text(row, column)}")
            case _:
                return None

    @override
    @guarded
    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by ``column``."""
        if self._rows is None or not 0 <= column < len(self.columns):
            return
        self._sorted = (column, order)
        self.layoutAboutToBeChanged.emit()
        self._order = self._ranked(self._rows)
        self.layoutChanged.emit()


def _alignment(column: int) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if column else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter
