"""The range of the map of a race, which can be widened to paths that leave it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    from core.analysis.surfaces import Point
    from core.arrays import Floats

MAX_WIDER: Final = 4.0
"""How far from the middle a wider map may reach, in half widths of the narrow one; a path that diverges never ends."""

MARGIN: Final = 0.05
"""Margin beyond a path that has left the narrow map, as a share of the path's extent."""


def wider(ranges: tuple[Point, Point], points: Floats) -> tuple[Point, Point]:
    """Return the ``ranges`` of x and y, widened to those of ``points`` (n, 2) that are not too far away, with a margin."""
    low, high = (np.array([each[end] for each in ranges]) for end in (0, 1))
    middles, halves = (low + high) / 2, (high - low) / 2
    with np.errstate(invalid="ignore"):
        near = points[(np.abs(points - middles) <= MAX_WIDER * halves).all(axis=1)]  # excludes NaN, too
    if not len(near):
        return ranges
    first, last = near.min(axis=0), near.max(axis=0)
    margins = MARGIN * (last - first)
    low, high = np.where(first < low, first - margins, low), np.where(last > high, last + margins, high)
    return (float(low[0]), float(high[0])), (float(low[1]), float(high[1]))


def leaves_map(x: Floats, y: Floats, paths: Iterable[Floats]) -> bool:
    """Return whether one of the ``paths`` (T, 2) leaves the map whose columns are at ``x`` and whose rows are at ``y``."""
    low, high = np.array([x[0], y[0]]), np.array([x[-1], y[-1]])
    with np.errstate(invalid="ignore"):
        return any(bool(((each < low) | (each > high)).any()) for each in paths)
