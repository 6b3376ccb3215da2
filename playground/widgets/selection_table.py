"""A table in which one row is selected, by the user or by the program."""

from __future__ import annotations

from PySide6.QtCore import QItemSelection, Signal
from PySide6.QtWidgets import QAbstractItemView, QTableView, QWidget
from typing_extensions import override

from playground.widgets.guard import guarded
from playground.widgets.sort_header import SortHeader


class SelectionTable(QTableView):
    """A sortable table that distinguishes rows selected by the user from those selected by the program.

    Signals:
        row_chosen: the row selected by the user.
    """

    row_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._is_following = False
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.verticalHeader().hide()
        self.setHorizontalHeader(SortHeader(self))

    def follow_row(self, row: int | None, *, scroll: bool) -> None:
        """Select ``row``, or none, without emitting :attr:`row_chosen`; ``scroll`` brings it into view."""
        self._is_following = True
        if row is None:
            self.clearSelection()
        else:
            # The leftmost column, so that the table does not scroll sideways.
            first = max(self.horizontalHeader().logicalIndex(0), 0)
            column = self.currentIndex().column()
            self.setCurrentIndex(self.model().index(row, column if column >= 0 else first))
            self.selectRow(row)
            if scroll:
                self.scrollTo(self.model().index(row, first))
        self._is_following = False

    @override
    @guarded
    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:
        """Emit the row selected by the user."""
        super().selectionChanged(selected, deselected)
        indexes = selected.indexes()
        if indexes and not self._is_following:
            self.row_chosen.emit(indexes[0].row())
