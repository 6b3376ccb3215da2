"""A placeholder that reserves space for a widget that every workspace shows, such as the controls."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, QRect, QSize
from PySide6.QtGui import QMoveEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from playground.widgets.guard import guarded, guarded_or


class Placeholder(QWidget):
    """Reserves the space that a widget needs; the widget lies above it, so that it need not move from page to page.

    Qt polishes a widget and everything in it anew when it gets another parent: 20 ms for the controls.

    Args:
        widget: the widget; its parent is to be an ancestor of this one.
        shown: called when this one is shown, above ``widget``.
    """

    def __init__(self, widget: QWidget, shown: Callable[[], None]) -> None:
        super().__init__()
        self._widget, self._shown = widget, shown
        self._known = self._hints()
        self.setSizePolicy(widget.sizePolicy())

    @override
    @guarded_or(QSize())
    def sizeHint(self) -> QSize:
        return self._widget.sizeHint()

    @override
    @guarded_or(QSize())
    def minimumSizeHint(self) -> QSize:
        return self._widget.minimumSizeHint().expandedTo(self._widget.minimumSize())

    def follow(self) -> None:
        """Notify the enclosing layout if the widget needs another size, and move the widget here."""
        hints = self._hints()
        if hints != self._known:
            self._known = hints
            self.updateGeometry()
        self._put()

    def _hints(self) -> tuple[QSize, QSize]:
        return self.sizeHint(), self.minimumSizeHint()

    def _put(self) -> None:
        above = self._widget.parentWidget()
        if self.isVisible() and above is not None and above.isAncestorOf(self):
            self._widget.setGeometry(QRect(self.mapTo(above, QPoint()), self.size()))

    @override
    @guarded
    def showEvent(self, event: QShowEvent) -> None:
        """Move the widget here."""
        super().showEvent(event)
        self.follow()
        self._shown()

    @override
    @guarded
    def moveEvent(self, event: QMoveEvent) -> None:
        """Move the widget, too."""
        super().moveEvent(event)
        self._put()

    @override
    @guarded
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Resize the widget, too."""
        super().resizeEvent(event)
        self._put()
