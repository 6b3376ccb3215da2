"""Points of a training path over a plane, and places along it."""

from __future__ import annotations

from typing import Final

import numpy as np
from msgspec import Struct

from core.arrays import Floats, Integers
from playground.plotting.canvas.canvas import Area

MAX_PATH_PLACES: Final = 400
"""Number of places along a path that labels keep clear of."""


class Track(Struct, frozen=True, eq=False):
    """Points of a path over a plane, at their true losses.

    Attributes:
        points: coordinates, (T, 2).
        steps: updates made at each point, (T,).
        losses: the true losses, (T,).
        distances: from the plane, (T,).
    """

    points: Floats
    steps: Integers
    losses: Floats
    distances: Floats


NO_TRACK: Final = Track(np.zeros((0, 2)), np.zeros(0, dtype=np.int64), np.zeros(0), np.zeros(0))


def joined(first: Track, second: Track) -> Track:
    """Return ``first`` followed by ``second``, without the point that both have."""
    if not len(first.steps) or not len(second.steps):
        return second if not len(first.steps) else first
    new = second.steps > first.steps[-1]
    return Track(
        np.concatenate([first.points, second.points[new]]),
        np.concatenate([first.steps, second.steps[new]]),
        np.concatenate([first.losses, second.losses[new]]),
        np.concatenate([first.distances, second.distances[new]]),
    )


def filled(area: Area, path: Floats) -> Floats:
    """Return the pixels of ``path (T, 2)`` with points between those that are far apart, (n, 2)."""
    xs, ys = area.xs(path[:, 0]), area.ys(path[:, 1])
    known = np.isfinite(xs) & np.isfinite(ys)
    xs, ys = xs[known], ys[known]
    if len(xs) < 2:
        return np.column_stack([xs, ys])
    lengths = np.concatenate([[0.0], np.cumsum(np.hypot(np.diff(xs), np.diff(ys)))])
    at = np.linspace(0.0, lengths[-1], MAX_PATH_PLACES)
    return np.column_stack([np.interp(at, lengths, xs), np.interp(at, lengths, ys)])
