"""The path of the parameters during a run, in bounded memory."""

from __future__ import annotations

from typing import Final

import numpy as np
from msgspec import Struct

from core.arrays import Floats, Integers

MAX_POINTS: Final = 200
MAX_NUMBERS: Final = 4_000_000
"""Maximum total size of all points (32 MB); a large network has fewer points, but at least three."""


class ParameterPath(Struct, frozen=True, eq=False):
    """The parameters at some steps of a run, including the first and the current one.

    Attributes:
        steps: updates made at each point, (T,), ascending.
        points: the flat parameters at each point, T arrays (P,); do not modify.
    """

    steps: Integers
    points: tuple[Floats, ...]


NO_PATH: Final = ParameterPath(np.zeros(0, dtype=np.int64), ())
"""The path of a run without recorded points."""


def thinned(path: ParameterPath, numbers: int) -> ParameterPath:
    """Return ``path`` evenly thinned to at most ``numbers`` numbers in total, but at least three points."""
    count = len(path.points)
    most = max(3, numbers // max(len(path.points[0]), 1)) if count else 0
    if count <= most:
        return path
    kept = np.unique(np.linspace(0, count - 1, most).round().astype(np.int64))
    return ParameterPath(path.steps[kept], tuple(path.points[index] for index in kept.tolist()))


class PathRecorder:
    """Records the parameters during a run; restarts when their number changes."""

    def __init__(self) -> None:
        self._steps: list[int] = []
        self._points: list[Floats] = []
        self._spacing = 0.0

    def record(self, *, step: int, parameters: Floats) -> None:
        """Add the current ``parameters (P,)``, which must not be modified afterwards.

        They replace the last point if that is of the same step or closer to the previous one than the spacing. Later points
        are discarded, because training has been rolled back.
        """
        if self._points and len(self._points[-1]) != len(parameters):
            self.clear()
        while len(self._steps) > 1 and self._steps[-2] >= step:
            self._steps.pop()
            self._points.pop()
        same_step = bool(self._steps) and self._steps[-1] >= step
        too_close = len(self._steps) > 1 and step - self._steps[-2] < self._spacing
        if same_step or too_close:
            self._steps.pop()
            self._points.pop()
        elif len(self._steps) >= max(3, min(MAX_POINTS, MAX_NUMBERS // len(parameters))):
            self._thin()
        self._steps.append(step)
        self._points.append(parameters)

    def clear(self) -> None:
        """Discard all points."""
        self._steps.clear()
        self._points.clear()
        self._spacing = 0.0

    def resume(self, path: ParameterPath) -> None:
        """Replace the recorded points by ``path``, and continue from there."""
        self._steps, self._points, self._spacing = path.steps.tolist(), list(path.points), 0.0
        if len(self._steps) > 2:
            self._spacing = (self._steps[-1] - self._steps[0]) / (len(self._steps) - 1)

    def copied(self) -> PathRecorder:
        """Return an independent recorder, which shares the points."""
        other = PathRecorder()
        other._steps, other._points, other._spacing = self._steps.copy(), self._points.copy(), self._spacing
        return other

    @property
    def points(self) -> tuple[Floats, ...]:
        """The recorded points, arrays (P,); do not modify."""
        return tuple(self._points)

    def path(self) -> ParameterPath:
        """Return the recorded points."""
        return ParameterPath(np.array(self._steps, dtype=np.int64), tuple(self._points)) if self._points else NO_PATH

    def _thin(self) -> None:
        """Drop every second point between the first and the last."""
        kept = [*range(0, len(self._steps) - 1, 2), len(self._steps) - 1]
        self._steps = [self._steps[index] for index in kept]
        self._points = [self._points[index] for index in kept]
        self._spacing = (self._steps[-1] - self._steps[0]) / max(1, len(kept) - 1)
