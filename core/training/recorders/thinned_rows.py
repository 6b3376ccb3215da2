"""Rows of numbers recorded during a run, in bounded memory."""

from __future__ import annotations

import numpy as np

from core.arrays import Booleans, Floats


class ThinnedRows:
    """Rows by step; when full, it drops about half of them evenly and keeps new ones at the wider spacing.

    Args:
        capacity: maximum number of rows.
        columns: numbers per row.
        log_ratio: if given, one row is also kept in each interval whose end is this factor times its start, so that the
            beginning stays detailed.
    """

    def __init__(self, capacity: int, columns: int, *, log_ratio: float | None = None) -> None:
        self.columns = columns
        self._log_ratio = log_ratio
        self._steps = np.empty(capacity)
        self._rows = np.empty((capacity, columns))
        self._count = 0
        self._spacing = 0.0

    def add(self, step: int, row: Floats | tuple[float, ...]) -> None:
        """Add ``row`` (columns,); it replaces the last row if that is of the same step or closer than the spacing.

        Later rows are discarded, because training has been rolled back.
        """
        self._count = int(np.searchsorted(self._steps[: self._count], step, side="right"))
        steps = self._steps[: self._count]
        same_step = self._count > 0 and steps[-1] == step
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
        """Keep one row in each of capacity / 2 equal intervals of the run, so that old and new rows are equally dense."""
        steps = self._steps[: self._count]
        passed = steps - steps[0]
        self._spacing = float(passed[-1]) / (len(self._steps) // 2)
        kept = _firsts(passed / self._spacing)
        if self._log_ratio is not None:
            kept |= _firsts(np.log(passed + 1.0) / np.log(self._log_ratio))
        self._count = int(kept.sum())
        self._rows[: self._count], self._steps[: self._count] = self._rows[: len(kept)][kept], steps[kept]


def _firsts(places: Floats) -> Booleans:
    """Return which of the sorted ``places`` (n,) are the first with their integer part."""
    return np.diff(np.floor(places), prepend=-1.0) > 0
