"""Mark where pinned runs with the same minima are: at their loss, and at the minimum that they are in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter, QPolygonF

from playground.plots.minima.histogram import BAR, rows
from playground.plots.minima.network import NetworkMinima, level_of
from playground.plotting.canvas.canvas import Area, Canvas
from playground.plotting.drawing.outline import draw_polygon
from playground.plotting.drawing.pencil import pen
from playground.plotting.pins.ghosts import Ghost
from playground.style.theme import Style

MARK: Final = 4.5
"""Half the width of a mark in pixels at scale 1."""


def paint_places(
    p: QPainter, canvas: Canvas, area: Area, data: NetworkMinima, ghosts: Sequence[Ghost[NetworkMinima]], style: Style
) -> None:
    """Draw a dashed line with a mark at the loss of each of ``ghosts``, and its mark in the row of its minimum."""
    rects = {index: rect for rect, index in rows(canvas, area, data, style)}
    taken: dict[int, int] = {}
    for ghost in ghosts:
        place = ghost.data.place
        if place is None:
            continue
        x = area.x(level_of(place.end.loss))
        p.setPen(ghost.pen(style))
        p.drawLine(QPointF(x, area.rect.top() + style.px(2 * MARK)), QPointF(x, area.rect.bottom()))
        _mark(p, QPointF(x, area.rect.top() + style.px(MARK + 1)), ghost, style)
        if place.index is not None and place.index in rects:
            rect, number = rects[place.index], taken.get(place.index, 0)
            taken[place.index] = number + 1
            # At the right end of the bar, the next one to the left of it.
            right = rect.right() - style.px(5 + MARK + number * (2 * MARK + 3))
            _mark(p, QPointF(right, rect.bottom() - style.px(4 + BAR / 2)), ghost, style)


def _mark(p: QPainter, at: QPointF, ghost: Ghost[NetworkMinima], style: Style) -> None:
    """Draw a diamond, a shape that no racer or minimum has, in the colour of ``ghost``."""
    reach = style.px(MARK)
    p.setPen(pen(style.theme.panel, style.px(1.2)))
    p.setBrush(ghost.tint(style))
    corners = ((0.0, -reach), (reach, 0.0), (0.0, reach), (-reach, 0.0))
    draw_polygon(p, QPolygonF([at + QPointF(dx, dy) for dx, dy in corners]))
    p.setBrush(Qt.BrushStyle.NoBrush)
