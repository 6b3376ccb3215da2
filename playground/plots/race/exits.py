"""Mark where paths leave the map of a race, at whose border they are cut off."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import numpy as np
from msgspec import Struct
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QPainter

from core.arrays import Floats
from playground.plotting.drawing.outline import draw_polygon
from playground.plotting.drawing.pencil import Align, elided, faded, pen, polygon, text_height, text_width, write
from playground.style.theme import Style

ARROW: Final = 9.0
"""Length of an arrow in pixels at scale 1; arrows of one path are at least so far apart, too."""

BEYOND: Final = "beyond the map: "


class Exit(Struct, frozen=True):
    """A place where a path leaves the map.

    Attributes:
        at: the point on the border, in pixels.
        angle: direction of the path there, in radians.
    """

    at: QPointF
    angle: float


def exits_of(points: Floats, rect: QRectF, gap: float = 0.0) -> list[Exit]:
    """Return where the path through ``points`` (n, 2) leaves ``rect``, those at least ``gap`` from one another; in pixels.

    A path that is nowhere inside leaves at the point nearest to its end.
    """
    low, high = np.array([rect.left(), rect.top()]), np.array([rect.right(), rect.bottom()])
    starts, ways = points[:-1], np.diff(points, axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        first, second = (low - starts) / ways, (high - starts) / ways
    still, inside = ways == 0.0, (starts >= low) & (starts <= high)
    enter = np.where(still, np.where(inside, -np.inf, np.inf), np.fmin(first, second)).max(axis=1)
    leave = np.where(still, np.where(inside, np.inf, -np.inf), np.fmax(first, second)).min(axis=1)
    found: list[Exit] = []
    for i in np.flatnonzero((enter < leave) & (enter <= 1.0) & (leave >= 0.0) & (leave < 1.0)).tolist():
        at = QPointF(*(starts[i] + leave[i] * ways[i]).tolist())
        if all(math.hypot(at.x() - each.at.x(), at.y() - each.at.y()) >= gap for each in found):
            found.append(Exit(at, math.atan2(float(ways[i, 1]), float(ways[i, 0]))))
    if not found and len(points) and not ((points >= low) & (points <= high)).all(axis=1).any():
        near = np.clip(points[-1], low, high)
        away = points[-1] - near
        found.append(Exit(QPointF(*near.tolist()), math.atan2(float(away[1]), float(away[0]))))
    return found


def paint_exits(p: QPainter, exits: Sequence[Exit], colour: QColor, style: Style) -> None:
    """Draw an arrowhead at each of ``exits``, with its tip on the border."""
    p.setPen(pen(style.theme.panel, style.px(1.2)))
    p.setBrush(colour)
    for each in exits:
        sides = (each.angle + math.pi + turn for turn in (-0.45, 0.45))
        tip, size = each.at, style.px(ARROW)
        ends = [tip + QPointF(math.cos(side), math.sin(side)) * size for side in sides]
        corners = [tip, *ends]
        draw_polygon(p, polygon(np.array([c.x() for c in corners]), np.array([c.y() for c in corners])))


def paint_beyond(p: QPainter, rect: QRectF, names: Sequence[str], style: Style) -> None:
    """Say at the lower right of the map which runs are partly beyond it."""
    if names:
        text = elided(style, BEYOND + ", ".join(names), 0.8 * rect.width(), in_the_middle=True)
        width, height = text_width(style, text) + style.px(6), text_height(style)
        at = QPointF(rect.right() - style.px(3), rect.bottom() - height / 2 - style.px(1))
        p.fillRect(
            QRectF(at.x() - width + style.px(3), at.y() - height / 2, width, height), faded(style.theme.panel, 0.9)
        )
        write(p, style, at, text, colour=style.theme.ink, align=Align.AlignRight)
