"""Points of a training path over a plane."""

from __future__ import annotations

from typing import Final

import numpy as np
from msgspec import Struct

from core.arrays import Floats, Integers


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
