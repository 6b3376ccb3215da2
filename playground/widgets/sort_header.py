"""A table's header with the sort arrow beside the heading, so that headings stand right above their values."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPalette, QPolygonF
from PySide6.QtWidgets import QHeaderView, QStyleOptionHeader, QWidget
from typing_extensions import override

from playground.style.theme import TEXT_LABEL
from playground.widgets.guard import guarded

PADDING: Final = 9.0
"""Space at the sides of a heading at scale 1, as in the style sheet."""

GAP: Final = 5.0
"""Gap between heading and arrow, in pixels."""

WIDTH: Final = 7.0
"""Width of the arrow, in pixels."""

HEIGHT: Final = 4.0
"""Height of the arrow, in pixels."""


class SortHeader(QHeaderView):
    """A horizontal header that draws the arrow to the left of a right-aligned heading, and to the right of others."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setSectionsClickable(True)
        self.setHighlightSections(False)

    @override
    @guarded
    def initStyleOptionForIndex(self, option: QStyleOptionHeader, logicalIndex: int) -> None:
        """Leave Qt's arrow out, which is always at the right edge."""
        super().initStyleOptionForIndex(option, logicalIndex)
        option.sortIndicator = QStyleOptionHeader.SortIndicator.None_

    @override
    @guarded
    def paintSection(self, painter: QPainter, rect: QRect, logicalIndex: int) -> None:
        """Draw the heading, and the arrow beside it if the table is sorted by it."""
        painter.save()
        super().paintSection(painter, rect, logicalIndex)
        painter.restore()
        if self.isSortIndicatorShown() and logicalIndex == self.sortIndicatorSection():
            self._paint_arrow(painter, self.arrow_at(rect, logicalIndex))

    def arrow_at(self, rect: QRect, section: int) -> QPointF:
        """Return the centre of the arrow of ``section``, drawn into ``rect``."""
        model, horizontal = self.model(), Qt.Orientation.Horizontal
        text = str(model.headerData(section, horizontal) or "")
        wide = QFontMetricsF(self.font()).horizontalAdvance(text)
        scale = max(self.font().pixelSize(), 1) / TEXT_LABEL  # as that of the style sheet
        away = scale * (PADDING + GAP) + wide + WIDTH / 2
        alignment = model.headerData(section, horizontal, Qt.ItemDataRole.TextAlignmentRole)
        is_right = isinstance(alignment, Qt.AlignmentFlag) and bool(alignment & Qt.AlignmentFlag.AlignRight)
        x = max(rect.right() + 1 - away, rect.left() + WIDTH / 2 + 1) if is_right else rect.left() + away
        return QPointF(min(x, rect.right() - WIDTH / 2), rect.center().y() + 0.5)

    def _paint_arrow(self, painter: QPainter, at: QPointF) -> None:
        # As in Qt, the arrow of an ascending order points down: the values grow downwards.
        down = HEIGHT / 2 if self.sortIndicatorOrder() == Qt.SortOrder.AscendingOrder else -HEIGHT / 2
        corners = ((-WIDTH / 2, -down), (WIDTH / 2, -down), (0.0, down))
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.palette().color(QPalette.ColorRole.WindowText))
        painter.drawPolygon(QPolygonF([at + QPointF(dx, dy) for dx, dy in corners]))
        painter.restore()
