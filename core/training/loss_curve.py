"""The loss over time, in bounded memory."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from core.arrays import Floats
from core.training.thinned_rows import ThinnedRows

CAPACITY: Final = 2000
"""Maximum number of points; at this count about half are dropped, so the whole run stays visible."""


@dataclass(frozen=True, slots=True)
class LossCurve:
    """Training and test loss at some steps of a run.

    Attributes:
        epoch: (n,), fractional.
        step: (n,), updates made.
        train: (n,), mean loss over the training set, penalty excluded.
        test: (n,), mean loss over the test set; NaN without one.
    """

    epoch: Floats
    step: Floats
    train: Floats
    test: Floats


class LossRecorder:
    """Records a loss curve; when full, it is thinned out evenly."""

    def __init__(self) -> None:
        self._rows = ThinnedRows(CAPACITY, 4)
        self._curve: LossCurve | None = None

    def record(self, *, epoch: float, step: int, train: float, test: float) -> None:
        """Add a point; it replaces the last one if that is of the same step or closer than the spacing."""
        self._rows.add(step, (epoch, float(step), train, test))
        self._curve = None

    def clear(self) -> None:
        """Discard all points."""
        self._rows.clear()
        self._curve = None

    def curve(self) -> LossCurve:
        """Return a copy of what is recorded."""
        if self._curve is None:
            self._curve = LossCurve(*np.ascontiguousarray(self._rows.rows().T))
        return self._curve
