"""Draw pinned runs in a plot: data, pens, and a cache that makes redrawing them nearly free."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final, Generic, TypeVar

import numpy as np
from msgspec import Struct
from pyqtgraph.functions import arrayToQPath
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from core.arrays import Floats
from playground.plotting.canvas.canvas import Area
from playground.plotting.canvas.pin_legend import WIDTH, pin_colour, pin_pen
from playground.plotting.drawing.cached import CachedPixmap
from playground.plotting.drawing.outline import draw_polyline
from playground.plotting.drawing.pencil import faded, polygon
from playground.style.theme import Style

Data = TypeVar("Data")

MANY_POINTS: Final = 40
"""Above this number of points, dashed curves on screen are hairlines: wider lines take seventy times as long."""


class Ghost(Struct, Generic[Data], frozen=True, eq=False):
    """A pinned run in one plot.

    Attributes:
        name: its name in the legend.
        colour: index of its colour and dash pattern.
        data: its data in this plot.
        is_drawn: whether it is drawn; otherwise it only extends the axes.
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
    """Draw a dashed curve through the pixels (n,), (n,), with gaps at non-finite points."""
    is_fast = len(xs) > MANY_POINTS and not area.still
    pen = ghost.pen(style, 1.0 / style.scale if is_fast else WIDTH)
    pen.setCosmetic(is_fast)
    if opacity < 1.0:
        pen.setColor(faded(pen.color(), opacity))
    p.setPen(pen)
    p.setBrush(Qt.BrushStyle.NoBrush)
    runs = finite_runs(xs, ys)
    if len(runs) == 1:
        draw_polyline(p, polygon(xs[runs[0]], ys[runs[0]]))
    elif runs:
        p.drawPath(arrayToQPath(xs, ys, connect="finite"))


def finite_runs(xs: Floats, ys: Floats) -> list[slice]:
    """Return the runs of at least two consecutive points with finite coordinates."""
    known = np.isfinite(xs) & np.isfinite(ys)
    if known.all():
        return [slice(0, len(xs))] if len(xs) > 1 else []
    edges = np.flatnonzero(np.diff(np.concatenate([[False], known, [False]]).astype(np.int8)))
    return [slice(a, b) for a, b in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True) if b - a > 1]


def paint_ghost_dots(p: QPainter, xs: Floats, ys: Floats, ghost: Ghost[Data], style: Style, radius: float) -> None:
    """Draw hollow dots at the finite ones of the pixels (n,), (n,); ``radius`` in pixels."""
    p.setPen(QPen(ghost.tint(style), style.px(1.2)))
    p.setBrush(QColor(style.theme.panel))
    for x, y in zip(xs.tolist(), ys.tolist(), strict=True):
        if math.isfinite(x) and math.isfinite(y):
            p.drawEllipse(QPointF(x, y), radius, radius)


class Cached:
    """Caches what a layer paints as a pixmap, once it is painted a second time without a change, or ``at_once``."""

    def __init__(self, *, at_once: bool = False) -> None:
        self._pixmap = CachedPixmap(at_once=at_once)

    def paint(self, painter: QPainter, area: Area, key: object, paint: Callable[[QPainter], None]) -> None:
        """Call ``paint``, whose output depends only on ``key``, or draw its cached pixmap."""
        if area.still:
            paint(painter)  # shapes, not pixels
        else:
            # Labels and lines reach a little beyond the plot.
            self._pixmap.paint(painter, area.rect.adjusted(-8.0, -8.0, 8.0, 8.0), key, paint)
