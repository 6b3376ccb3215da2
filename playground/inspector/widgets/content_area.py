"""A scroll area for the long part of a page, which cuts no row in half and shows all of it in a picture."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QObject, QRect, Qt, QTimer
from PySide6.QtGui import QRegion, QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget
from typing_extensions import override

from playground.inspector.widgets.painted import Painted
from playground.widgets.guard import guarded, guarded_or
from playground.widgets.scroll_stop import ScrollStop
from playground.widgets.viewport import own_viewport

MIN_HEIGHT: Final = 60

_CHANGES: Final = frozenset({QEvent.Type.LayoutRequest, QEvent.Type.Resize, QEvent.Type.Paint})
"""Events of the content after which other rows may fit as a whole; it is repainted when one of its rows has changed."""


class ContentArea(QScrollArea):
    """Scrolls ``content`` vertically, without a frame and a background of its own.

    Of the rows at the upper and the lower edge only whole ones are visible.
    """

    def __init__(self, content: QWidget) -> None:
        super().__init__()
        self._is_whole, self._content = False, content
        own_viewport(self).setAutoFillBackground(False)
        self.setWidget(content)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMinimumHeight(MIN_HEIGHT)
        # setWidget() enables the widget's own background.
        content.setAutoFillBackground(False)
        content.installEventFilter(self)
        ScrollStop(self)
        self.verticalScrollBar().valueChanged.connect(self._hide_halves)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(0)  # once the layout has placed the rows
        self._timer.timeout.connect(self._hide_halves)

    def _hide_halves(self) -> None:
        """Hide the rows that are only partly visible, unless no row is visible as a whole."""
        seen = self.viewport().visibleRegion().boundingRect()  # less than the viewport where the whole page scrolls
        top = self.verticalScrollBar().value() + seen.top()
        bottom = top + seen.height()
        if self._is_whole or self._content.height() <= seen.height():
            self._content.clearMask()
            return
        rows = _rows(self._content)
        last = outside(rows, bottom, up=True)
        first = outside(rows, top, up=False)
        shown = QRect(0, first, self._content.width(), last - first)
        if first >= last:
            self._content.clearMask()
        elif self._content.mask().boundingRect() != shown:  # a new mask paints the content
            self._content.setMask(QRegion(shown))

    @override
    @guarded
    def resizeEvent(self, arg__1: QResizeEvent) -> None:
        """Update which rows are fully visible."""
        super().resizeEvent(arg__1)
        self._timer.start()

    @override
    @guarded_or(False)
    def eventFilter(self, arg__1: QObject, arg__2: QEvent) -> bool:
        """Update which rows are fully visible when they have changed."""
        if arg__1 is self._content and arg__2.type() in _CHANGES:
            self._timer.start()
        return super().eventFilter(arg__1, arg__2)

    def update_rows(self) -> None:
        """Update which rows are fully visible, after the page has been scrolled."""
        self._timer.start()

    def show_whole(self) -> None:
        """Take the height of the content from now on: a picture cannot be scrolled."""
        self._is_whole = True
        self._content.clearMask()
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        policy = self.sizePolicy()
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.updateGeometry()

    @override
    @guarded_or(False)
    def hasHeightForWidth(self) -> bool:
        """Return whether the height follows from the content."""
        return self._is_whole

    @override
    @guarded_or(0)
    def heightForWidth(self, arg__1: int) -> int:
        """Return the height of the content at a width."""
        layout = self._content.layout()
        if layout is None:
            return MIN_HEIGHT
        # The minimum size of rows that wrap is still that for their previous width.
        least = layout.totalMinimumHeightForWidth(arg__1)
        return max(least if layout.hasHeightForWidth() else layout.totalMinimumSize().height(), MIN_HEIGHT)


def _rows(content: QWidget) -> list[tuple[int, int]]:
    """Return the upper and the lower end of each row in ``content``, in its coordinates."""
    rows = []
    for part in content.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly):
        if part.isVisibleTo(content) and part.height() > 0:
            top = part.y()
            for end in part.row_ends() if isinstance(part, Painted) else (part.height(),):
                rows.append((top, part.y() + end))
                top = part.y() + end
    return rows


def outside(rows: list[tuple[int, int]], y: int, *, up: bool) -> int:
    """Return the nearest position to ``y`` above (``up``) or below it that is within no row."""
    for top, end in sorted(rows, reverse=up):
        if top < y < end:
            y = top if up else end
    return y
