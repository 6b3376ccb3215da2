"""A line of text whose changes do not lay out the window again."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QWidget
from typing_extensions import override

from playground.widgets.guard import guarded, guarded_or


class StillLine(QWidget):
    """Shows a label in the space that the layout gives it, regardless of its text.

    A label in a layout makes every layout around it, up to the window's, compute all sizes again at each new text. With plots
    whose sentences change 20 times a second this took an eighth of the window's time. The height of the line still counts.
    """

    def __init__(self, label: QLabel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._label = label
        label.setParent(self)
        self._height = self._line_height()

    def _line_height(self) -> int:
        return self._label.sizeHint().height()

    def fit(self) -> None:
        """Ask for the height that the label needs in its present font."""
        height = self._line_height()
        if height != self._height:
            self._height = height
            self.updateGeometry()

    @override
    @guarded_or(QSize())
    def sizeHint(self) -> QSize:
        """Return the height of the line; the width is up to the layout."""
        return QSize(1, self._height)

    @override
    @guarded_or(QSize())
    def minimumSizeHint(self) -> QSize:
        """Return the height of the line."""
        return QSize(1, self._height)

    @override
    @guarded
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the label the whole room."""
        super().resizeEvent(event)
        self._label.setGeometry(self.rect())

    @override
    @guarded_or(False)
    def event(self, event: QEvent) -> bool:
        """Follow the label's font: it asks its parent for room whenever text or font changes."""
        if event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.Show, QEvent.Type.Polish):
            self.fit()
        return super().event(event)
