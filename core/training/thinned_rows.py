"""Rows of numbers recorded during a run, in bounded memory."""

from __future__ import annotations

import numpy as np

from core.arrays import Floats


class ThinnedRows:
    """Rows by step; when full, about half of them are dropped evenly and new ones are kept at the wider spacing.

    Args:
        capacity: maximum number of rows.
        columns: numbers per row.
    """

    def __init__(self, capacity: int, columns: int) -> None:
        self.columns = columns
        self._steps = np.empty(capacity)
        self._rows = np.empty((capacity, columns))
        self._count = 0
        self._spacing = 0.0

    def add(self, step: int, row: Floats | tuple[float, ...]) -> None:
        """Add ``row`` (columns,); it replaces the last row if that is of the same step or closer than the spacing."""
        steps = self._steps[: self._count]
        same_step = self._count > 0 and steps[-1] >= step
        too_close = self._count > 1 and step - steps[-2] < self._spacing
        if not (same_step or too_close):
            if self._count == len(self._steps):
                self._thin()
            self._count += 1
        self._rows[self._count - 1] = row
        self._steps[self._count - 1] = step

    def clear(self) -> None:
        """Discard all rows."""
        self._count, self._spacing = 0, 0.0

    def steps(self) -> Floats:
        """Return a copy of the rows' steps, (n,)."""
        return self._steps[: self._count].copy()

    def rows(self) -> Floats:
        """Return a copy of the rows, (n, columns)."""
        return self._rows[: self._count].copy()

    def _thin(self) -> None:
        """Divide the run into capacity / 2 equal intervals and keep one row in each, so that old and new are equally dense."""
        steps = self._steps[: self._count]
        self._spacing = float(steps[-1] - steps[0]) / (len(self._steps) // 2)
        stretch = np.floor((steps - steps[0]) / self._spacing)
        kept = np.diff(stretch, prepend=-1.0) > 0
        self._count = int(kept.sum())
        self._rows[: self._count], self._steps[: self._count] = self._rows[kept], steps[kept]
