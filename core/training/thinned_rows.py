"""Rows of numbers along a run, kept in bounded memory for as long as it goes on."""

from __future__ import annotations

import numpy as np

from core.arrays import Floats


class ThinnedRows:
    """Keeps rows by step; when full it drops about half of them evenly, and then keeps new ones at the wider spacing.

    Args:
        capacity: rows kept at most.
        columns: numbers in each row.
    """

    def __init__(self, capacity: int, columns: int) -> None:
        self.columns = columns
        self._steps = np.empty(capacity)
        self._rows = np.empty((capacity, columns))
        self._count = 0
        self._spacing = 0.0

    def add(self, step: int, row: Floats | tuple[float, ...]) -> None:
        """Add ``row`` (columns,). One at the step of the last replaces it; one too close to it waits for the next."""
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
        """Forget all rows."""
        self._count, self._spacing = 0, 0.0

    def steps(self) -> Floats:
        """Return the steps of the rows (n,), as an array of their own."""
        return self._steps[: self._count].copy()

    def rows(self) -> Floats:
        """Return the rows (n, columns), as an array of their own."""
        return self._rows[: self._count].copy()

    def _thin(self) -> None:
        """Keep one row in each of half as many equal stretches of the run, so that old and new are equally dense."""
        steps = self._steps[: self._count]
        self._spacing = float(steps[-1] - steps[0]) / (len(self._steps) // 2)
        stretch = np.floor((steps - steps[0]) / self._spacing)
        kept = np.diff(stretch, prepend=-1.0) > 0
        self._count = int(kept.sum())
        self._rows[: self._count], self._steps[: self._count] = self._rows[kept], steps[kept]
