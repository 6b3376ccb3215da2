"""The S-curve of an edge: its points, its path for a painter, and the edge nearest to a point."""

from __future__ import annotations

from typing import Final, TypeVar

import numpy as np
from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainterPath

from core.arrays import Floats
from playground.network_view.layout.geometry import Layout

CURVE_POINTS: Final = 25

T = TypeVar("T", float, Floats)


def curve_at(t: T) -> tuple[T, T]:
    """Return the relative (x, y) of the S-curve at ``t``: the cubic with its control points halfway, horizontal at both ends."""
    return 1.5 * t * (1 - t) + t**3, 3 * t**2 - 2 * t**3


def curve_share(points: int = CURVE_POINTS) -> tuple[Floats, Floats]:
    """Return the relative (x, y) at ``points`` places along the S-curve."""
    return curve_at(np.linspace(0.0, 1.0, points))


def nearest_edge(layout: Layout, gap: int, x: float, y: float, reach: float) -> tuple[int, int] | None:
    """Return (source, target) of the edge of ``gap`` that passes nearest to (x, y), at most ``reach`` away."""
    x0, ys0, x1, ys1 = layout.gap_ends(gap)
    along, across = curve_share()
    px = x0 + (x1 - x0) * along
    near = np.flatnonzero(np.abs(px - x) <= reach + (x1 - x0) / CURVE_POINTS * 2)
    if not len(near) or not len(ys0) or not len(ys1):
        return None
    low, high = max(int(near[0]) - 1, 0), min(int(near[-1]) + 2, CURVE_POINTS)
    px, across = px[low:high], across[low:high]
    py = ys0[:, None, None] + (ys1 - ys0[:, None])[:, :, None] * across
    dx, dy = np.diff(px), np.diff(py)
    length = np.maximum(dx**2 + dy**2, 1e-12)
    share = np.clip(((x - px[:-1]) * dx + (y - py[:, :, :-1]) * dy) / length, 0, 1)
    distance = np.hypot(px[:-1] + share * dx - x, py[:, :, :-1] + share * dy - y).min(axis=2)
    best = int(np.argmin(distance))
    row, column = divmod(best, len(ys1))
    if distance[row, column] > reach:
        return None
    return layout.columns[gap].first + row, layout.columns[gap + 1].first + column


def edge_path(x0: float, y0: float, x1: float, y1: float) -> QPainterPath:
    """Return the S-curve of an edge: a cubic, horizontal at both ends."""
    path = QPainterPath(QPointF(x0, y0))
    middle = (x0 + x1) / 2
    path.cubicTo(middle, y0, middle, y1, x1, y1)
    return path


class EdgePaths:
    """The cached curves of a layout."""

    def __init__(self) -> None:
        self._layout: Layout | None = None
        self._paths: list[list[QPainterPath]] = []

    def of(self, layout: Layout, gap: int) -> list[QPainterPath]:
        """Return the curves of ``gap``, source by source."""
        if layout is not self._layout:
            self._layout = layout
            self._paths = [[] for _ in range(layout.gaps)]
        if not self._paths[gap]:
            x0, ys0, x1, ys1 = layout.gap_ends(gap)
            self._paths[gap] = [edge_path(x0, float(a), x1, float(b)) for a in ys0 for b in ys1]
        return self._paths[gap]
