"""The legend of the marks, at the right of the network card's last line."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize
from PySide6.QtGui import QFontMetricsF, QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget
from typing_extensions import override

from playground.network_view.layout.fonts import caption_font
from playground.network_view.marks.painter import entry_at, legend_width, paint_legend
from playground.network_view.marks.shown import LegendEntry
from playground.style.theme import Style
from playground.widgets.guard import guarded, guarded_or


class MarksLegend(QWidget):
    """Shows the marks that occur in the picture; it is hidden when there are none."""

    def __init__(self, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("marksLegend")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._style = style
        self._entries: tuple[LegendEntry, ...] = ()
        self._boxes: list[QRectF] = []
        self.hide()

    @property
    def entries(self) -> tuple[LegendEntry, ...]:
        """The marks shown."""
        return self._entries

    def show_entries(self, entries: tuple[LegendEntry, ...]) -> bool:
        """Show ``entries``; return whether the legend's size changed."""
        if entries == self._entries:
            return False
        before = self.sizeHint()
        self._entries = entries
        self.setAccessibleName("Marks: " + ", ".join(entry.text for entry in entries))
        self.setAccessibleDescription(" ".join(entry.tip for entry in entries))
        self.setVisible(bool(entries))
        self.update()
        if self.sizeHint() == before:
            return False
        self.updateGeometry()  # lays out the card and everything around it
        return True

    def set_style(self, style: Style) -> None:
        """Set colours and sizes."""
        self._style = style
        self.updateGeometry()
        self.update()

    @override
    @guarded_or(QSize())
    def sizeHint(self) -> QSize:
        """Return the size of the legend."""
        height = QFontMetricsF(caption_font(self._style)).height()
        # In steps, so that changing numbers do not move the line beside it.
        step = self._style.px(12)
        return QSize(round(-(-legend_width(self._entries, self._style) // step) * step), round(height))

    @override
    @guarded
    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the legend, right-aligned."""
        width = legend_width(self._entries, self._style)
        left = max(self.width() - width, 0.0)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            box = QRectF(left, 0, width, self.height())
            self._boxes = paint_legend(painter, self._entries, self._style, box, self.devicePixelRatioF())

    @override
    @guarded_or(False)
    def event(self, event: QEvent) -> bool:
        """Explain the mark under the mouse."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            index = entry_at(self._boxes, QPointF(event.pos()))
            if index is not None and index < len(self._entries):
                QToolTip.showText(event.globalPos(), self._entries[index].tip, self)
                return True
        return super().event(event)
