"""The legend of the landscape, in the corner of the plot that the path leaves free."""

from __future__ import annotations

from typing import Final

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QPainter

from core.arrays import Floats
from playground.plots.landscape.data import LandscapeData
from playground.plotting.canvas.canvas import Area
from playground.plotting.drawing.pencil import faded, pen, text_width, write
from playground.style.theme import Style

MARK: Final = 14.0
GAP: Final = 10.0
HEIGHT: Final = 20.0
AROUND: Final = 8.0
"""Space around a point of the path, in pixels at scale 1."""

MARKED: Final = ("start", "now")
"""The entries with a mark."""

MAX_PATH_PLACES: Final = 400
"""Number of places along a path that labels keep clear of."""


def paint_legend(p: QPainter, area: Area, data: LandscapeData, style: Style) -> None:
    """Draw the legend in its corner."""
    entries, box = _placed(area, data, style)
    gap = style.px(GAP)
    p.setPen(Qt.PenStyle.NoPen)
    p.setBrush(faded(style.theme.panel, 0.8))
    p.drawRect(box)
    x, y = box.left() + gap, box.center().y()
    for text in entries:
        if text in MARKED:
            p.setPen(pen(style.theme.accent, style.px(2)))
            p.setBrush(QColor(style.theme.accent) if text == "now" else Qt.BrushStyle.NoBrush)
            p.drawEllipse(QPointF(x + style.px(5), y), style.px(4), style.px(4))
        inset = style.px(MARK) if text in MARKED else 0.0
        write(p, style, QPointF(x + inset, y), text, colour=style.theme.ink)
        x += _width(text, style) + gap


def legend_box(area: Area, data: LandscapeData, style: Style) -> QRectF:
    """Return the box of the legend: at the upper right, unless another corner covers less of the path.

    It covers neither the start of the path nor the present point where one with fewer entries does not.
    """
    return _placed(area, data, style)[1]


def _placed(area: Area, data: LandscapeData, style: Style) -> tuple[list[str], QRectF]:
    """Return the entries of the legend and its box."""
    path = np.vstack([data.path, [data.here]]) if len(data.path) else np.array([data.here])
    ends = np.column_stack([area.xs(path[[0, -1], 0]), area.ys(path[[0, -1], 1])])
    between, room = filled(area, path), style.px(AROUND)

    def covered(box: QRectF) -> tuple[int, int]:
        near = box.adjusted(-room, -room, room, room)
        return _inside(near, ends[-1:]) * 2 + _inside(near, ends[:1]), _inside(near, between)

    best: tuple[list[str], QRectF] | None = None
    for entries in _legends(area, data):
        width = sum(_width(text, style) for text in entries) + style.px(GAP) * (len(entries) + 1)
        if width > area.rect.width() and len(entries) > 2:
            continue
        box = min(_corners(area.rect, width, style.px(HEIGHT)), key=covered)
        if best is None or covered(box)[0] < covered(best[1])[0]:
            best = entries, box
    return best or ([], QRectF(area.rect.topLeft(), QSizeF()))


def _corners(rect: QRectF, width: float, height: float) -> list[QRectF]:
    lefts, tops = (rect.right() - width, rect.left()), (rect.top(), rect.bottom() - height)
    return [QRectF(left, top, width, height) for top in tops for left in lefts]


def _inside(box: QRectF, points: Floats) -> int:
    """Return how many of ``points (n, 2)`` are in ``box``."""
    xs, ys = points.T
    inside = (xs >= box.left()) & (xs <= box.right()) & (ys >= box.top()) & (ys <= box.bottom())
    return int(inside.sum())


def _legends(area: Area, data: LandscapeData) -> tuple[list[str], ...]:
    """Return the entries of the legend, all of them first."""
    entries = [*MARKED, "pale: off the plane"] if len(data.path) else ["now"]
    if area.still and data.contours:
        entries.append("numbers: loss")
    return entries, entries[:2]


def _width(text: str, style: Style) -> float:
    """Return the width of an entry with its mark, in pixels."""
    return text_width(style, text) + (style.px(MARK) if text in MARKED else 0.0)


def filled(area: Area, path: Floats) -> Floats:
    """Return the pixels of ``path (T, 2)`` with points between those that are far apart, (n, 2)."""
    xs, ys = area.xs(path[:, 0]), area.ys(path[:, 1])
    known = np.isfinite(xs + ys)
    xs, ys = xs[known], ys[known]
    if len(xs) < 2:
        return np.column_stack([xs, ys])
    lengths = np.concatenate([[0.0], np.cumsum(np.hypot(np.diff(xs), np.diff(ys)))])
    at = np.linspace(0.0, lengths[-1], MAX_PATH_PLACES)
    return np.column_stack([np.interp(at, lengths, xs), np.interp(at, lengths, ys)])
