"""Compute the points that a brush adds and those that an eraser removes, in pixels."""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from core.arrays import Booleans, Floats

RADII: Final = (0.0, 8.0, 14.0, 24.0, 40.0)
"""Radius of each brush size in pixels at scale 1; 0 draws single points."""

SIZE_NAMES: Final = ("single points", "small spray", "medium spray", "large spray", "very large spray")

SPACING: Final = 8.0
"""Distance between points along a line, in pixels at scale 1."""

ERASER_RADIUS: Final = 9.0
"""Smallest radius of the eraser in pixels at scale 1."""

_PIXELS_A_POINT: Final = 8.0


def spots_between(start: Floats, end: Floats, spacing: float) -> Floats:
    """Return positions from ``start`` (excluded) towards ``end``, ``spacing`` apart, (n, 2)."""
    way = end - start
    length = math.hypot(*way.tolist())
    count = int(length // spacing)
    if not count:
        return np.zeros((0, 2))
    return np.asarray(start + np.arange(1, count + 1)[:, np.newaxis] * (spacing / length) * way)


def dab(centre: Floats, radius: float, *, rng: np.random.Generator) -> Floats:
    """Return the points that one dab of the brush adds, (n, 2): the centre, or random points uniform in the disc."""
    if radius <= 0.0:
        return centre[np.newaxis]
    count = 1 + int(radius / _PIXELS_A_POINT)
    distance, angle = radius * np.sqrt(rng.random(count)), 2.0 * math.pi * rng.random(count)
    return np.asarray(centre + distance[:, np.newaxis] * np.column_stack((np.cos(angle), np.sin(angle))))


def outside(points: Floats, path: Floats, radius: float) -> Booleans:
    """Return a mask (n,) of the ``points`` (n, 2) that are farther than ``radius`` from all of ``path`` (m, 2)."""
    distances = np.linalg.norm(points[:, np.newaxis] - path[np.newaxis], axis=2)
    return np.asarray(distances.min(axis=1, initial=np.inf) > radius)
