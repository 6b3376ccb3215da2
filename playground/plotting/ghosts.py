"""Pinned runs in a plot: their data, pens, and a cache that makes drawing them nearly free."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

import numpy as np
from pyqtgraph.functions import arrayToQPath
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap

from core.arrays import Floats
from playground.plotting.canvas import Area
from playground.plotting.pencil import faded, polygon
from playground.plotting.pin_legend import WIDTH, pin_colour, pin_pen
from playground.style.theme import Style

Data = TypeVar("Data")

MANY_POINTS: Final = 40
"""Dashed curves with more points are drawn as hairlines on the screen: wider ones are seventy times slower."""


@dataclass(frozen=True, slots=True, eq=False)
class Ghost(Generic[Data]):
    """A pinned run in one plot.

    Attributes:
        name: its name in the legend.
        colour: number of its colour and dashes.
        data: what the plot shows of it.
        is_drawn: whether it is drawn; otherwise only the axes reach over it.
    """

    name: str
    colour: int
    data: Data
    is_drawn: bool = True

    def tint(self, style: Style) -> QColor:
        """Return its colour."""
        return pin_colour(style, self.colour)

    def pen(self, style: Style, width: float = WIDTH) -> QPen:
        """Return its dashed pen, ``width`` pixels wide at scale 1."""
        return pin_pen(style, self.colour, width)


def paint_ghost_curve(
    p: QPainter, area: Area, xs: Floats, ys: Floats, ghost: Ghost[Data], style: Style, *, opacity: float = 1.0
) -> None:
    """Draw the curve through the pixels (n,), (n,), dashed, interrupted where one is not finite."""
    is_fast = len(xs) > MANY_POINTS and not area.still
    pen = ghost.pen(style, 1.0 / style.scale if is_fast else WIDTH)
    pen.setCosmetic(is_fast)
    if opacity < 1.0:
        pen.setColor(faded(pen.color(), opacity))
    p.setPen(pen)
    p.setBrush(Qt.BrushStyle.NoBrush)
    runs = finite_runs(xs, ys)
    if len(runs) == 1:
        p.drawPolyline(polygon(xs[runs[0]], ys[runs[0]]))
    elif runs:
        p.drawPath(arrayToQPath(xs, ys, connect="finite"))


def finite_runs(xs: Floats, ys: Floats) -> list[slice]:
    """Return the stretches of at least two points of which both coordinates are finite."""
    known = np.isfinite(xs) & np.isfinite(ys)
    if known.all():
        return [slice(0, len(xs))] if len(xs) > 1 else []
    edges = np.flatnonzero(np.diff(np.concatenate([[False], known, [False]]).astype(np.int8)))
    return [slice(a, b) for a, b in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True) if b - a > 1]


def paint_ghost_dots(p: QPainter, xs: Floats, ys: Floats, ghost: Ghost[Data], style: Style, radius: float) -> None:
    """Draw hollow dots at the pixels (n,), (n,) that are finite; ``radius`` in pixels."""
    p.setPen(QPen(ghost.tint(style), style.px(1.2)))
    p.setBrush(QColor(style.theme.panel))
    for x, y in zip(xs.tolist(), ys.tolist(), strict=True):
        if math.isfinite(x) and math.isfinite(y):
            p.drawEllipse(QPointF(x, y), radius, radius)


class Cached:
    """What a layer has painted, as a pixmap from the second time on that it looks the same."""

    def __init__(self) -> None:
        self._key: object = None
        self._pixmap: QPixmap | None = None

    def paint(self, painter: QPainter, area: Area, key: object, paint: Callable[[QPainter], None]) -> None:
        """Draw what ``paint`` draws, which depends on ``key`` alone."""
        if area.still:
            paint(painter)  # shapes, not pixels
            return
        if key != self._key:
            self._key, self._pixmap = key, None
            paint(painter)
            return
        # Labels and lines reach a little beyond the plot.
        bounds = QRectF(area.rect.adjusted(-8.0, -8.0, 8.0, 8.0).toAlignedRect())
        if self._pixmap is None:
            ratio = painter.device().devicePixelRatioF()
            self._pixmap = QPixmap((bounds.size() * ratio).toSize())
            self._pixmap.setDevicePixelRatio(ratio)
            self._pixmap.fill(Qt.GlobalColor.transparent)
            inner = QPainter(self._pixmap)
            try:
                inner.setRenderHints(painter.renderHints())
                inner.translate(-bounds.topLeft())
                paint(inner)
            finally:
                inner.end()
        painter.drawPixmap(bounds.topLeft(), self._pixmap)
