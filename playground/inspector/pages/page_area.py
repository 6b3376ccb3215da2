"""The scroll area of a whole page, for an inspector that is too low for it."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QRegion, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QWidget
from typing_extensions import override

from playground.inspector.pages.page import Page
from playground.inspector.widgets.content_area import MIN_HEIGHT, ContentArea, outside
from playground.inspector.widgets.painted import Painted
from playground.widgets.guard import guarded, guarded_or
from playground.widgets.viewport import own_viewport

MIN_AREA_HEIGHT: Final = 120
"""Minimum height of the area in pixels."""

MAX_CUT_HEIGHT: Final = 40
"""Height at scale 1 above which a row, such as a plot, may be cut at the edge of the area; half a line of text is unreadable."""


class PageArea(QScrollArea):
    """Shows ``page`` as high as itself, or scrolls all of it where its long part would be too low to be read."""

    def __init__(self, page: Page) -> None:
        super().__init__()
        self.page = page
        own_viewport(self).setAutoFillBackground(False)
        self.setWidget(page)
        page.setAutoFillBackground(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        page.installEventFilter(self)
        self.verticalScrollBar().valueChanged.connect(self._update_rows)

    @override
    @guarded_or(QSize())
    def minimumSizeHint(self) -> QSize:
        """Allow any size that shows a few lines."""
        return QSize(1, MIN_AREA_HEIGHT)

    @override
    @guarded
    def resizeEvent(self, arg__1: QResizeEvent) -> None:
        """Fit the page to the new size."""
        super().resizeEvent(arg__1)
        self.fit()

    @override
    @guarded
    def showEvent(self, event: QShowEvent) -> None:
        """Fit the page to what has changed since it was hidden."""
        super().showEvent(event)
        self.fit()

    @override
    @guarded_or(False)
    def eventFilter(self, arg__1: QObject, arg__2: QEvent) -> bool:
        """Fit the page when its content has changed."""
        if arg__1 is self.page and arg__2.type() == QEvent.Type.LayoutRequest:
            self.fit()
        return super().eventFilter(arg__1, arg__2)

    def fit(self) -> None:
        """Make the page as wide as the area, and as high as it needs to be; a hidden one waits until it is shown."""
        if not self.isVisible():
            return
        height = self.viewport().height()
        self.page.set_visible_height(height)
        # Decided at the full width, so that the scroll bar does not appear and disappear alternately.
        scrolls = self._needed(self.width(), height) > height
        policy = Qt.ScrollBarPolicy.ScrollBarAlwaysOn if scrolls else Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        if policy != self.verticalScrollBarPolicy():
            self.setVerticalScrollBarPolicy(policy)
        width = self.viewport().width()
        size = QSize(width, max(height, self._needed(width, height)) if scrolls else height)
        if size != self.page.size():
            self.page.resize(size)
        inner = self.page.findChild(ContentArea)
        for each in (self.page, None if inner is None else inner.widget()):
            layout = None if each is None else each.layout()
            if layout is not None:
                layout.activate()
        self._update_rows()

    def _update_rows(self) -> None:
        self._hide_halves()
        inner = self.page.findChild(ContentArea)
        if inner is not None:
            inner.update_rows()

    def _hide_halves(self) -> None:
        """Hide the rows of a scrolled page that are only partly visible."""
        page = self.page
        top, height = -page.y(), self.viewport().height()
        if page.height() <= height:
            page.clearMask()
            return
        rows = _rows(page, round(page.current_style.px(MAX_CUT_HEIGHT)))
        first, last = outside(rows, top, up=False), outside(rows, top + height, up=True)
        shown = QRect(0, first, page.width(), last - first)
        if first >= last:
            page.clearMask()
        elif page.mask().boundingRect() != shown:
            page.setMask(QRegion(shown))

    def _needed(self, width: int, height: int) -> int:
        """Return the height below which parts of the page would be unreadable."""
        least = _least_height(self.page, width)
        inner = self.page.findChild(ContentArea)
        if inner is None:
            return least
        if height - least + MIN_HEIGHT >= self.page.min_page_height():
            return 0
        return least - MIN_HEIGHT + inner.heightForWidth(inner.width() if self.page.is_wide else width)


def _least_height(page: QWidget, width: int) -> int:
    layout = page.layout()
    if layout is None:
        return 0
    least = layout.totalMinimumHeightForWidth(width)
    return least if layout.hasHeightForWidth() else layout.totalMinimumSize().height()


def _rows(page: QWidget, tallest: int) -> list[tuple[int, int]]:
    """Return the upper and the lower end of each row of ``page`` up to ``tallest``, in its coordinates, all in pixels.

    Rows in a scroll area within the page are handled by that area.
    """
    areas = [each.viewport() for each in page.findChildren(ContentArea)]
    rows = []
    for part in page.findChildren(QWidget):
        is_leaf = isinstance(part, (Painted, QLabel)) or not part.findChildren(QWidget)
        if not is_leaf or not part.isVisibleTo(page) or any(area.isAncestorOf(part) for area in areas):
            continue
        y = top = part.mapTo(page, QPoint()).y()
        for end in _ends(part):
            if end > 0 and y + end - top <= tallest:
                rows.append((top, y + end))
            top = y + end
    return rows


def _ends(part: QWidget) -> tuple[int, ...]:
    """Return the lower end of each row of ``part``, such as the lines of a text."""
    if isinstance(part, Painted):
        return part.row_ends()
    if isinstance(part, QLabel) and part.text():
        count = max(round(part.height() / part.fontMetrics().lineSpacing()), 1)
        return tuple(round(part.height() * number / count) for number in range(1, count + 1))
    return (part.height(),)
