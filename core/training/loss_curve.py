"""The loss over time, kept in bounded memory for as long as training runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from core.arrays import Floats

CAPACITY: Final = 2000
"""Points kept; when they are full about half of them are dropped, so the whole run stays visible."""


@dataclass(frozen=True, slots=True)
class LossCurve:
    """Losses of the whole sets at some moments of a run.

    Attributes:
        epoch: (n,), fractional.
        step: (n,), updates made.
        train: (n,), mean loss over the training set, penalty excluded.
        test: (n,), mean loss over the test set; NaN where there is none.
    """

    epoch: Floats
    step: Floats
    train: Floats
    test: Floats


class LossRecorder:
    """Collects points of a loss curve; thins out by two each time it is full and then records at the wider spacing."""

    def __init__(self) -> None:
        self._rows = np.empty((CAPACITY, 4))
        self._count = 0
        self._spacing = 0.0
        self._curve: LossCurve | None = None

    def record(self, *, epoch: float, step: int, train: float, test: float) -> None:
        """Add a point. A point at the step of the last one replaces it; one too close to it waits for the next."""
        row = (epoch, float(step), train, test)
        steps = self._rows[: self._count, 1]
        same_step = self._count > 0 and steps[-1] >= step
        too_close = self._count > 1 and step - steps[-2] < self._spacing
        if same_step or too_close:
            self._rows[self._count - 1] = row
        else:
            if self._count == CAPACITY:
                self._thin()
            self._rows[self._count] = row
            self._count += 1
        self._curve = None

    def clear(self) -> None:
        """Forget all points."""
        self._count, self._spacing, self._curve = 0, 0.0, None

    def curve(self) -> LossCurve:
        """Return what is recorded, as arrays of their own."""
        if self._curve is None:
            columns = self._rows[: self._count].T.copy()
            self._curve = LossCurve(*columns)
        return self._curve

    def _thin(self) -> None:
        """Keep one point in each of half as many equal stretches of the run, so that old and new are equally dense."""
        steps = self._rows[: self._count, 1]
        self._spacing = float(steps[-1] - steps[0]) / (CAPACITY // 2)
        stretch = np.floor((steps - steps[0]) / self._spacing)
        kept = self._rows[: self._count][np.diff(stretch, prepend=-1.0) > 0]
        self._rows[: len(kept)] = kept
        self._count = len(kept)
