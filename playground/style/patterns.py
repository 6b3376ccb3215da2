"""Dash patterns, hatches and markers, which replace colours in a printed theme; others draw plain colours."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPainterPath, QPen, QPolygonF

from playground.style.theme import Style

DASHES: Final[tuple[tuple[float, ...], ...]] = (
    (), (6.0, 2.5), (1.8, 1.8), (9.0, 2.5, 1.8, 2.5), (3.5, 1.8), (9.0, 4.5), (6.0, 1.8, 1.8, 1.8, 1.8, 1.8),
)  # fmt: skip
"""Dash and gap lengths of each pattern in pixels at scale 1; the first is solid."""

HATCHES: Final[tuple[tuple[tuple[float, ...], float], ...]] = (
    ((45.0,), 3.5), ((135.0,), 8.0), ((45.0, 135.0), 5.5), ((0.0,), 4.5), ((90.0,), 4.5), ((45.0,), 9.0),
    ((0.0, 90.0), 5.5), ((135.0,), 3.5),
)  # fmt: skip
"""Angles of the lines of each hatch in degrees, and their distance in pixels at scale 1."""

HATCH_LINE: Final = 0.9
OUTLINE: Final = 1.2

_SHAPES: Final = ("disc", "disc", "up", "square", "diamond", "up", "square", "diamond", "down", "down")
_CORNERS: Final = {"up": (3, -90.0), "down": (3, 90.0), "square": (4, 45.0), "diamond": (4, 90.0)}
"""Number of corners of a shape, and the direction of the first one in degrees, clockwise."""


def with_dashes(pen: QPen, number: int, style: Style) -> QPen:
    """Return ``pen`` with dash pattern ``number`` in a printed theme, otherwise unchanged."""
    pattern = DASHES[number % len(DASHES)]
    if style.theme.printed and pattern:
        pen.setDashPattern([style.px(length) / max(pen.widthF(), 1e-6) for length in pattern])
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    return pen


def fill_rect(p: QPainter, rect: QRectF, style: Style, colour: QColor | str, number: int, radius: float = 0.0) -> None:
    """Fill ``rect``, whose corners may be rounded, like :func:`fill_path`."""
    path = QPainterPath()
    path.addRoundedRect(rect, radius, min(radius, rect.height() / 2))
    fill_path(p, path, style, colour, number)


def fill_path(p: QPainter, path: QPainterPath, style: Style, colour: QColor | str, number: int) -> None:
    """Fill ``path`` with ``colour``; in a printed theme draw its outline and hatch ``number`` in it."""
    if not style.theme.printed:
        p.setPen(Qt.PenStyle.NoPen)
        p.setBrush(QColor(colour))
        p.drawPath(path)
        return
    p.save()
    p.setRenderHint(QPainter.RenderHint.Antialiasing)
    p.setPen(Qt.PenStyle.NoPen)
    p.setBrush(QColor(style.theme.panel))
    p.drawPath(path)
    ink = QColor(style.theme.ink)
    p.setBrush(Qt.BrushStyle.NoBrush)
    p.setPen(QPen(ink, style.px(HATCH_LINE)))
    angles, distance = HATCHES[number % len(HATCHES)]
    for angle in angles:
        p.drawLines(hatch_lines(path, angle, style.px(distance)))
    p.setPen(QPen(ink, style.px(OUTLINE)))
    p.drawPath(path)
    p.restore()


def fill_polygon(p: QPainter, polygon: QPolygonF, style: Style, colour: QColor | str, number: int) -> None:
    """Fill ``polygon`` like :func:`fill_path`."""
    path = QPainterPath()
    path.addPolygon(polygon)
    path.closeSubpath()
    fill_path(p, path, style, colour, number)


def hatch_lines(path: QPainterPath, angle: float, distance: float) -> list[QLineF]:
    """Return parallel lines inside ``path``, at ``angle`` degrees and ``distance`` pixels apart.

    Whole lines and not a clipped pattern, because programs differ in how they show patterns and clips of an SVG.
    """
    polygon = path.toFillPolygon()
    points = np.array([[point.x(), point.y()] for point in polygon.toList()], dtype=np.float64).reshape(-1, 2)
    if len(points) < 3 or not np.isfinite(points).all():
        return []
    turn = math.radians(angle)
    along = np.array([math.cos(turn), -math.sin(turn)])
    across = np.array([math.sin(turn), math.cos(turn)])
    u, v = points @ along, points @ across
    u_next, v_next = np.roll(u, -1), np.roll(v, -1)
    lines: list[QLineF] = []
    for level in np.arange(math.ceil(v.min() / distance), math.floor(v.max() / distance) + 1) * distance:
        crossed = np.flatnonzero((v <= level) != (v_next <= level))
        at = np.sort(
            u[crossed] + (level - v[crossed]) / (v_next[crossed] - v[crossed]) * (u_next[crossed] - u[crossed])
        )
        for start, end in zip(at[::2].tolist(), at[1::2].tolist(), strict=False):
            a, b = along * start + across * level, along * end + across * level
            lines.append(QLineF(float(a[0]), float(a[1]), float(b[0]), float(b[1])))
    return lines


def marker(number: int, at: QPointF, radius: float, style: Style) -> QPainterPath:
    """Return marker ``number`` around ``at``: always a circle, unless the theme is a printed one."""
    shape = _SHAPES[number % len(_SHAPES)] if style.theme.printed else "disc"
    path = QPainterPath()
    if shape == "disc":
        path.addEllipse(at, radius, radius)
        return path
    count, first = _CORNERS[shape]
    angles = [math.radians(first + 360.0 * corner / count) for corner in range(count)]
    size = radius * 1.25  # about the area of the circle
    ends = [QPointF(at.x() + size * math.cos(angle), at.y() + size * math.sin(angle)) for angle in angles]
    path.addPolygon(QPolygonF(ends))
    path.closeSubpath()
    return path


def marker_brush(number: int, colour: QColor | str, style: Style) -> QBrush:
    """Return the brush of marker ``number``: ``colour``, or alternately ink and the background in a printed theme."""
    if not style.theme.printed:
        return QBrush(QColor(colour))
    return QBrush(QColor(style.theme.panel if number % 2 else style.theme.ink))


def marker_pen(number: int, pen: QPen, style: Style) -> QPen:
    """Return ``pen``, which outlines a marker; in a printed theme hollow markers have an outline of ink."""
    if not style.theme.printed:
        return pen
    width = max(pen.widthF(), style.px(0.9)) if pen.style() != Qt.PenStyle.NoPen else style.px(0.9)
    return QPen(QColor(style.theme.ink if number % 2 else style.theme.panel), width)
