"""The loss over time, kept in bounded memory for as long as training runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from core.arrays import Floats
from core.training.thinned_rows import ThinnedRows

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
    """Collects points of a loss curve; when it is full it thins them out evenly."""

    def __init__(self) -> None:
        self._rows = ThinnedRows(CAPACITY, 4)
        self._curve: LossCurve | None = None

    def record(self, *, epoch: float, step: int, train: float, test: float) -> None:
        """Add a point. A point at the step of the last one replaces it; one too close to it waits for the next."""
        self._rows.add(step, (epoch, float(step), train, test))
        self._curve = None

    def clear(self) -> None:
        """Forget all points."""
        self._rows.clear()
        self._curve = None

    def curve(self) -> LossCurve:
        """Return what is recorded, as arrays of their own."""
        if self._curve is None:
            self._curve = LossCurve(*np.ascontiguousarray(self._rows.rows().T))
        return self._curve
