"""The floating label beside the mouse, painted with the picture so that its values update while training."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from core.arrays import Floats
from playground.style.resources import application_font
from playground.style.theme import Style

DISTANCE_COST: Final = 2.0
"""Area of covered nodes (square pixels) that costs as much as one pixel of distance from the mouse."""


def paint_hover_label(
    painter: QPainter, lines: Sequence[str], at: QPointF, view: QSizeF, style: Style, nodes: Floats
) -> None:
    """Paint ``lines``, the first one large, near ``at`` inside the view, where they cover the least of the ``nodes``.

    Args:
        painter: in the view's coordinates.
        lines: text of the label.
        at: position of the mouse.
        view: size of the view.
        style: style of the picture.
        nodes: (n, 4) left, top, right and bottom of each node in the view.
    """
    if not lines:
        return
    fonts = [application_font(style.px(13), QFont.Weight.DemiBold, family=style.family)]
    fonts += [application_font(style.px(11), family=style.family)] * (len(lines) - 1)
    metrics = [QFontMetricsF(font) for font in fonts]
    pad = style.px(8)
    # Widths in steps, so that the label does not jitter with each digit.
    step = style.px(12)
    widest = max(m.horizontalAdvance(line) for m, line in zip(metrics, lines, strict=True))
    width = -(-widest // step) * step + 2 * pad
    height = sum(m.height() for m in metrics) + 2 * pad
    box = label_box(QSizeF(width, height), at, view, nodes, style.scale)
    painter.setPen(QPen(QColor(style.theme.line), style.px(1)))
    painter.setBrush(QColor(style.theme.panel))
    painter.drawRoundedRect(box, style.px(6), style.px(6))
    x, top = box.x(), box.y() + pad
    for place, (line, font, metric) in enumerate(zip(lines, fonts, metrics, strict=True)):
        painter.setFont(font)
        painter.setPen(QColor(style.theme.muted if place else style.theme.ink))
        row = QRectF(x + pad, top, width - 2 * pad, metric.height())
        painter.drawText(row, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, line)
        top += metric.height()


def label_box(size: QSizeF, at: QPointF, view: QSizeF, nodes: Floats, scale: float = 1.0) -> QRectF:
    """Return the box of a label of ``size``: beside the mouse or in a corner, where it covers the least of the nodes (n, 4)."""
    width, height = size.width(), size.height()
    near, off = 14 * scale, 10 * scale
    right, bottom = view.width() - width - 2, view.height() - height - 2
    beside = [
        (x, y)
        for x in (at.x() + near, at.x() - off - width, at.x() - width / 2)
        for y in (at.y() + near, at.y() - off - height)
    ]
    corners = [(2.0, bottom), (right, bottom), (2.0, 2.0), (right, 2.0)]
    places = np.array([(x, y) for x, y in beside if 0 <= x <= right and 0 <= y <= bottom] + corners)
    places = np.maximum(places, 2.0)
    ends = places + np.array((width, height))
    across = np.minimum(ends[:, None, 0], nodes[:, 2]) - np.maximum(places[:, None, 0], nodes[:, 0])
    down = np.minimum(ends[:, None, 1], nodes[:, 3]) - np.maximum(places[:, None, 1], nodes[:, 1])
    covered = (np.clip(across, 0, None) * np.clip(down, 0, None)).sum(axis=1)
    mouse = np.array((at.x(), at.y()))
    away = np.linalg.norm(np.clip(mouse, places, ends) - mouse, axis=1)
    # In a low view a corner may be under the mouse, where the label would cover the hovered element.
    x, y = places[int(np.argmin(covered + DISTANCE_COST * away + 1e6 * (away < 1)))]
    return QRectF(float(x), float(y), width, height)
