"""Draw a race in 3-D: the paths at their true losses, with stems from the surface."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter

from core.arrays import Booleans, Floats
from playground.plots.landscape.data import distinct, interpolate
from playground.plots.landscape_3d.height_field import Camera, HeightField, paint_back_to_front, room_beside
from playground.plots.race.data import RaceData, Trajectory
from playground.plots.race.marks import casing, racer_colour, racer_dots
from playground.plotting.canvas.ticks import thinned
from playground.plotting.drawing.outline import draw_polyline
from playground.plotting.drawing.pencil import faded, pen, polygon
from playground.style.theme import Style

MAX_STEMS = 24
"""Maximum number of stems per racer, so that they do not hide the surface."""

HIDDEN = 0.2
"""Opacity of the parts of a path behind the surface."""

MAX_LINES = 250
"""Maximum number of segments per racer's path."""


def field_of(rect: QRectF, data: RaceData, camera: Camera, style: Style) -> HeightField:
    """Return the height field of ``data`` in ``rect``, seen from ``camera``."""
    z = z_range(data)
    room = room_beside(rect, z, lambda levels: _labels(data, levels), style)
    return HeightField(data.x, data.y, data.heights, z, camera, room, style)


def paint_empty_field(p: QPainter, field: HeightField, width: float, data: RaceData) -> None:
    """Draw the surface without paths."""
    field.paint_floor(p, data.short_names, width)
    paint_back_to_front(p, field.cells)
    field.paint_heights(p, data.value_name, lambda levels: _labels(data, levels))


def paint_paths_over(p: QPainter, field: HeightField, data: RaceData, shown: int, style: Style) -> None:
    """Draw the paths up to step ``shown`` over the surface; what it hides is pale."""
    ends: list[tuple[int, QPointF]] = []
    low, high = z_range(data)
    for index, trajectory in enumerate(data.trajectories):
        points, values = drawn_points(data, trajectory, shown)
        if not len(points):
            continue
        heights = np.clip(data.heights_of(values), low, high)
        tops = field.at(points[:, 0], points[:, 1], heights)
        hidden = field.hides(points[:, 0], points[:, 1], heights)
        colour = racer_colour(index, style)
        for part, opacity in ((hidden, HIDDEN), (~hidden, 1.0)):
            lines = [polygon(tops[first:last, 0], tops[first:last, 1]) for first, last in runs_of(part)]
            for stroke in (casing(opacity, style), pen(faded(colour, opacity), style.px(1.8))):
                p.setPen(stroke)
                for line in lines:
                    draw_polyline(p, line)
        if data.goal is not None:
            feet = field.at(points[:, 0], points[:, 1], surface_at(data, points))
            p.setPen(pen(faded(colour, 0.45), style.px(0.8)))
            for i in thinned(len(tops), MAX_STEMS):
                if np.isfinite(feet[i]).all() and not hidden[i]:
                    p.drawLine(QPointF(*feet[i, :2]), QPointF(*tops[i, :2]))
        ends.append((index, QPointF(float(tops[-1, 0]), float(tops[-1, 1]))))
    racer_dots(p, ends, style)


def runs_of(part: Booleans) -> list[tuple[int, int]]:
    """Return the runs of true values, (first, after the last), each with the point before it, from which its line comes."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], part, [False]]).astype(np.int8)))
    pairs = zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True)
    return [(max(first - 1, 0), last) for first, last in pairs]


def _labels(data: RaceData, levels: Sequence[float]) -> Sequence[str]:
    return distinct([data.value_of(level) for level in levels])


def drawn_points(data: RaceData, trajectory: Trajectory, shown: int) -> tuple[Floats, Floats]:
    """Return the points up to step ``shown`` over the surface, (n, 2), and the values there, (n,)."""
    points, values = trajectory.points[: trajectory.seen(shown)], trajectory.values[: trajectory.seen(shown)]
    inside = _inside(data, points) & np.isfinite(values)
    points, values = points[inside], values[inside]
    kept = thinned(len(points), MAX_LINES)
    return points[kept], values[kept]


def _inside(data: RaceData, points: Floats) -> Booleans:
    x, y = points[:, 0], points[:, 1]
    return np.asarray((x >= data.x[0]) & (x <= data.x[-1]) & (y >= data.y[0]) & (y <= data.y[-1]))


def surface_at(data: RaceData, points: Floats) -> Floats:
    """Return the surface's height at ``points (n, 2)`` by bilinear interpolation, (n,)."""
    return interpolate(data.x, data.y, data.heights, points)


def z_range(data: RaceData) -> tuple[float, float]:
    """Return the range of heights of surface and paths, cut off at the surface's highest point."""
    heights = data.heights
    known = heights[np.isfinite(heights)]
    low, high = (float(known.min()), float(known.max())) if known.size else (-1.0, 0.0)
    for trajectory in data.trajectories:
        true = data.heights_of(trajectory.values)
        true = true[np.isfinite(true)]
        low = min(low, float(true.min(initial=low)))
    return (low, high) if high - low > 1e-9 else (low - 0.5, high + 0.5)
