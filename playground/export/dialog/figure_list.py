"""The list of the figures that can be exported, with a check box for each."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QListWidget, QListWidgetItem

from playground.widgets.figure import Figure


class FigureList(QListWidget):
    """Lists figures; the checked ones are exported, the current one is previewed."""

    def __init__(self, figures: Sequence[Figure]) -> None:
        super().__init__()
        self.setAccessibleName("Pictures")
        self.setMinimumHeight(150)
        self.setMaximumHeight(240)
        self._figures = list(figures)
        for figure in self._figures:
            item = QListWidgetItem(figure.figure_title, self)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Unchecked)

    @property
    def checked(self) -> list[Figure]:
        """The checked figures."""
        checked = Qt.CheckState.Checked
        return [figure for row, figure in enumerate(self._figures) if self.item(row).checkState() == checked]

    @property
    def current(self) -> Figure | None:
        """The current figure, if any."""
        row = self.currentRow()
        return self._figures[row] if 0 <= row < len(self._figures) else None

    def check_first(self, figure: Figure | None) -> None:
        """Check ``figure``, or the first one if it is not listed, and make it the current one."""
        if self._figures:
            row = self._figures.index(figure) if figure in self._figures else 0
            self.item(row).setCheckState(Qt.CheckState.Checked)
            self.setCurrentRow(row)
