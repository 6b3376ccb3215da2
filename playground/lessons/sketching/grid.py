"""The data of a sketch: one value at each of a fixed sequence of positions."""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from core.arrays import Floats
from core.lessons.sketches.axes import SketchAxes
from core.lessons.sketches.distance import Points

COLUMNS: Final = 65
"""Number of positions on a continuous axis."""

HANDLE_EVERY: Final = 8
"""On a continuous axis, the keyboard moves every eighth position; on an axis of layers, every one."""

DIGITS: Final = 4
"""Significant digits of a sketched value."""


class SketchGrid:
    """Values over a grid of positions; with one value per position, the curve is always a function of x.

    Attributes:
        xs: (n,), the positions, in the units of x.
        heights: (n,), in the coordinate of the vertical axis (exponents of ten on a log axis); NaN where nothing is drawn.
    """

    def __init__(self, axes: SketchAxes) -> None:
        self._axes = axes
        low, high = axes.x
        self.xs: Floats = np.arange(low, high + 0.5) if axes.by_layer else np.linspace(low, high, COLUMNS)
        self.heights: Floats = np.full(len(self.xs), math.nan)
        self._stride = 1 if axes.by_layer else HANDLE_EVERY

    @property
    def is_empty(self) -> bool:
        """Whether nothing is drawn."""
        return not np.isfinite(self.heights).any()

    @property
    def handles(self) -> range:
        """Indices of the positions that the keyboard moves."""
        return range(0, len(self.xs), self._stride)

    def clear(self) -> None:
        """Remove the curve."""
        self.heights[:] = math.nan

    def stroke(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        """Draw a straight line between two points (x, height) over all positions between them, clipped to the plot."""
        (x0, h0), (x1, h1) = sorted((start, end))
        first, last = self._nearest(x0), self._nearest(x1)
        between = slice(first, last + 1)
        share = (self.xs[between] - x0) / (x1 - x0) if x1 > x0 else np.zeros(last + 1 - first)
        self.heights[between] = np.clip(h0 + np.clip(share, 0.0, 1.0) * (h1 - h0), *self._axes.height_range)
        if first == last:  # a short move within one column: the later point counts
            self.heights[first] = np.clip(end[1], *self._axes.height_range)

    def move_handle(self, index: int, by: float) -> None:
        """Move the handle at ``index`` by ``by``, and interpolate to its two neighbours; an empty grid starts level."""
        low, high = self._axes.height_range
        if self.is_empty:
            self.heights[:] = (low + high) / 2.0
        filled = self._filled()
        filled[index] = np.clip(filled[index] + by, low, high)
        for neighbour in (index - self._stride, index + self._stride):
            if 0 <= neighbour < len(filled):
                a, b = sorted((index, neighbour))
                filled[a : b + 1] = np.linspace(filled[a], filled[b], b - a + 1)
        self.heights = filled

    def points(self) -> tuple[tuple[float, float], ...]:
        """Return the drawn points (x, y) in the units of the measurement."""
        values = 10.0**self.heights if self._axes.log else self.heights
        return tuple(
            (_rounded(x), _rounded(y))
            for x, y in zip(self.xs.tolist(), values.tolist(), strict=True)
            if math.isfinite(y)
        )

    def restore(self, points: Points) -> None:
        """Set the curve to ``points``; those that the axes cannot show are left out."""
        self.clear()
        for x, y in points:
            height = self._axes.height(y)
            if math.isfinite(x) and math.isfinite(height):
                self.heights[self._nearest(x)] = np.clip(height, *self._axes.height_range)

    def _filled(self) -> Floats:
        known = np.isfinite(self.heights)
        return np.interp(self.xs, self.xs[known], self.heights[known])

    def _nearest(self, x: float) -> int:
        return int(np.argmin(np.abs(self.xs - x)))


def _rounded(value: float) -> float:
    return float(f"{value:.{DIGITS}g}")
