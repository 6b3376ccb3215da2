"""The part of the training path since a surface was computed, projected onto its plane frame by frame.

A surface takes a moment to compute, its path does not: a snapshot knows its parameters and their true loss, so that where
training is now can be drawn in every frame.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from core.arrays import Floats, norm
from core.training.snapshot import Snapshot
from playground.plots.landscape.data import LandscapeData
from playground.plots.landscape.track import NO_TRACK, Track

MAX_POINTS: Final = 120
MAX_NUMBERS: Final = 2_000_000
"""Maximum total size of the parameters that are kept (16 MB); a large network has fewer points, but at least two."""


def track_of(data: LandscapeData) -> Track:
    """Return the path that was computed with the surface of ``data``."""
    path = data.surface.path
    return NO_TRACK if path is None else Track(data.path, data.steps, path.losses, path.distances)


class LivePath:
    """Collects snapshots of a run, and projects those after a surface onto its plane."""

    def __init__(self) -> None:
        self._generation = -1
        self._steps: list[int] = []
        self._parameters: list[Floats] = []
        self._losses: list[float] = []
        self._data: LandscapeData | None = None
        self._plane: tuple[Floats, Floats] | None = None
        self._rows: list[tuple[float, float, float]] = []  # x, y and distance of each collected point

    def note(self, snapshot: Snapshot) -> None:
        """Collect ``snapshot``; one of another experiment or of an earlier step starts anew."""
        if snapshot.generation != self._generation or (self._steps and snapshot.step < self._steps[-1]):
            self._clear()
            self._generation = snapshot.generation
        if (self._steps and snapshot.step == self._steps[-1]) or not np.isfinite(snapshot.scores.train_loss):
            return
        self._steps.append(snapshot.step)
        self._parameters.append(snapshot.network.parameters)
        self._losses.append(snapshot.scores.train_loss)
        if self._data is not None:
            self._rows.append(self._projected(self._data, self._parameters[-1]))
        if len(self._steps) > max(2, min(MAX_POINTS, MAX_NUMBERS // max(len(self._parameters[-1]), 1))):
            self._thin()

    def on(self, data: LandscapeData) -> Track:
        """Return the points since the surface of ``data`` over its plane, its own point first; none after an edit."""
        if data.generation != self._generation or not self._steps or self._steps[-1] <= data.step:
            return NO_TRACK
        if data is not self._data:
            self._show(data)
        if self._plane is None:
            return NO_TRACK
        later = [index for index, step in enumerate(self._steps) if step > data.step]
        rows = np.array([self._rows[index] for index in later])
        return Track(
            np.vstack([[data.here], rows[:, :2]]),
            np.array([data.step, *(self._steps[index] for index in later)], dtype=np.int64),
            np.array([data.loss, *(self._losses[index] for index in later)]),
            np.concatenate([np.zeros(1), rows[:, 2]]),
        )

    def _show(self, data: LandscapeData) -> None:
        """Forget what the surface of ``data`` shows itself, and project the rest."""
        kept = [index for index, step in enumerate(self._steps) if step > data.step]
        self._steps = [self._steps[index] for index in kept]
        self._parameters = [self._parameters[index] for index in kept]
        self._losses = [self._losses[index] for index in kept]
        axes = np.column_stack([data.surface.plane.first, data.surface.plane.second])
        gram = axes.T @ axes
        self._data = data
        # Where the parameters are too large, a surface has no directions.
        self._plane = (axes, np.linalg.inv(gram) @ axes.T) if np.linalg.det(gram) > 0.0 else None
        self._rows = [self._projected(data, each) for each in self._parameters]

    def _projected(self, data: LandscapeData, parameters: Floats) -> tuple[float, float, float]:
        if self._plane is None or parameters.shape != data.origin.shape:
            return (float("nan"),) * 3
        axes, inverse = self._plane
        moved = parameters - data.origin
        along = inverse @ moved
        distance = float(norm(moved - axes @ along))
        return data.here[0] + float(along[0]), data.here[1] + float(along[1]), distance

    def _thin(self) -> None:
        """Drop every second point but the last."""
        kept = [*range(0, len(self._steps) - 1, 2), len(self._steps) - 1]
        self._steps = [self._steps[index] for index in kept]
        self._parameters = [self._parameters[index] for index in kept]
        self._losses = [self._losses[index] for index in kept]
        if self._rows:
            self._rows = [self._rows[index] for index in kept]

    def _clear(self) -> None:
        self._steps, self._parameters, self._losses = [], [], []
        self._data, self._plane, self._rows = None, None, []
