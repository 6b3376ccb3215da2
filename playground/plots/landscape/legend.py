"""The legend of the landscape, in the corner of the plot that the path leaves free."""

from __future__ import annotations

from typing import Final

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter

from playground.plots.landscape.data import LandscapeData
from playground.plotting.canvas import Area
from playground.plotting.pencil import faded, pen, text_width, write
from playground.style.theme import Style

MARK: Final = 14.0
GAP: Final = 10.0
HEIGHT: Final = 20.0
AROUND: Final = 8.0
"""Space around a point of the path, in pixels at scale 1."""


def paint_legend(p: QPainter, area: Area, data: LandscapeData, style: Style) -> None:
    """Draw the legend in its corner."""
    entries, widths = _legend(area, data, style)
    marked, gap = style.px(MARK), style.px(GAP)
    box = legend_box(area, data, style)
    p.setPen(Qt.PenStyle.NoPen)
    p.setBrush(faded(style.theme.panel, 0.8))
    p.drawRect(box)
    x, y = box.left() + gap, box.center().y()
    for text, width in zip(entries, widths, strict=True):
        inset = 0.0
        if text in ("start", "now"):
            p.setPen(pen(style.theme.accent, style.px(2)))
            p.setBrush(QColor(style.theme.accent) if text == "now" else Qt.BrushStyle.NoBrush)
            p.drawEllipse(QPointF(x + style.px(5), y), style.px(4), style.px(4))
            inset = marked
        write(p, style, QPointF(x + inset, y), text, colour=style.theme.ink)
        x += width + gap


def legend_box(area: Area, data: LandscapeData, style: Style) -> QRectF:
    """Return the box of the legend: at the upper right, unless another corner covers fewer points of the path."""
    entries, widths = _legend(area, data, style)
    width, height = sum(widths) + style.px(GAP) * (len(entries) + 1), style.px(HEIGHT)
    rect, room = area.rect, style.px(AROUND)
    lefts, tops = (rect.right() - width, rect.left()), (rect.top(), rect.bottom() - height)
    boxes = [QRectF(left, top, width, height) for top in tops for left in lefts]
    path = np.vstack([data.path, [data.here]]) if len(data.path) else np.array([data.here])
    xs, ys = area.xs(path[:, 0]), area.ys(path[:, 1])
    weights = np.ones(len(xs))
    weights[-1] += len(xs)  # the present point is the one that is looked for

    def covered(box: QRectF) -> float:
        near = box.adjusted(-room, -room, room, room)
        inside = (xs >= near.left()) & (xs <= near.right()) & (ys >= near.top()) & (ys <= near.bottom())
        return float(weights[inside].sum())

    return min(boxes, key=covered)


def _legend(area: Area, data: LandscapeData, style: Style) -> tuple[list[str], list[float]]:
    """Return the entries of the legend that fit, and their widths in pixels."""
    entries = ["start", "now", "pale: off the plane"] if len(data.path) else ["now"]
    if area.still and data.contours:
        entries.append("numbers: loss")
    marked, gap = style.px(MARK), style.px(GAP)
    widths = [text_width(style, text) + (marked if text in ("start", "now") else 0.0) for text in entries]
    fits = sum(widths) + gap * (len(entries) + 1) <= area.rect.width()
    return (entries, widths) if fits else (entries[:2], widths[:2])
