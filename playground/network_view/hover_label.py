"""The floating label beside the mouse; it is painted with the picture, so its numbers live while training."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from playground.style.resources import application_font
from playground.style.theme import Style


def paint_hover_label(painter: QPainter, lines: Sequence[str], at: QPointF, view: QSizeF, style: Style) -> None:
    """Paint ``lines``, the first one large, near ``at`` but inside the view."""
    if not lines:
        return
    fonts = [application_font(style.px(13), QFont.Weight.DemiBold, family=style.family)]
    fonts += [application_font(style.px(11), family=style.family)] * (len(lines) - 1)
    metrics = [QFontMetricsF(font) for font in fonts]
    pad = style.px(8)
    # Widths in steps: the label must not tremble with each digit.
    step = style.px(12)
    widest = max(m.horizontalAdvance(line) for m, line in zip(metrics, lines, strict=True))
    width = -(-widest // step) * step + 2 * pad
    height = sum(m.height() for m in metrics) + 2 * pad
    x, y = at.x() + style.px(14), at.y() + style.px(14)
    if x + width > view.width() - 2:
        x = max(at.x() - style.px(10) - width, 2)
    if y + height > view.height() - 2:
        y = max(at.y() - style.px(10) - height, 2)
    box = QRectF(x, y, width, height)
    painter.setPen(QPen(QColor(style.theme.line), style.px(1)))
    painter.setBrush(QColor(style.theme.panel))
    painter.drawRoundedRect(box, style.px(6), style.px(6))
    top = y + pad
    for place, (line, font, metric) in enumerate(zip(lines, fonts, metrics, strict=True)):
        painter.setFont(font)
        painter.setPen(QColor(style.theme.muted if place else style.theme.ink))
        row = QRectF(x + pad, top, width - 2 * pad, metric.height())
        painter.drawText(row, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, line)
        top += metric.height()
