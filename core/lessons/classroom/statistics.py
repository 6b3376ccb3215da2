"""Statistics of a class: quartiles of its sketches and numbers, and counts of its choices."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from msgspec import Struct

from core.arrays import Floats, Integers
from core.lessons.sketches.axes import SketchAxes
from core.lessons.sketches.distance import Points

QUARTILES: Final = (25.0, 50.0, 75.0)


class SketchBand(Struct, frozen=True):
    """The sketches of a class, with their quartiles at each position.

    Attributes:
        x: (n,), the positions on the horizontal axis.
        curves: (sketches, n), each sketch interpolated linearly at these positions, in the coordinate of the vertical axis
            (exponents of ten on a logarithmic axis); NaN where nothing was drawn.
        low: (n,), the lower quartile of the sketches, in the same coordinate; NaN where no sketch has a value.
        median: (n,), the median.
        high: (n,), the upper quartile.
    """

    x: Floats
    curves: Floats
    low: Floats
    median: Floats
    high: Floats


def sketch_band(sketches: Sequence[Points], x: Floats, axes: SketchAxes) -> SketchBand:
    """Interpolate the sketches at ``x`` (n,) and compute their quartiles at each position."""
    curves = np.full((len(sketches), len(x)), np.nan)
    for row, points in zip(curves, sketches, strict=True):
        heights = np.array([axes.height(y) for _, y in points])
        known = np.isfinite(heights)
        if known.any():
            xs = np.array([p[0] for p in points])[known]
            row[:] = np.interp(x, xs, heights[known], left=np.nan, right=np.nan)
    quartiles = np.full((3, len(x)), np.nan)
    drawn = np.isfinite(curves).any(axis=0) if len(curves) else np.zeros(len(x), dtype=np.bool_)
    if drawn.any():
        quartiles[:, drawn] = np.nanpercentile(curves[:, drawn], QUARTILES, axis=0)
    return SketchBand(x, curves, *quartiles)


class Spread(Struct, frozen=True):
    """Lower quartile, median and upper quartile of some numbers."""

    low: float
    median: float
    high: float


def spread(values: Sequence[float]) -> Spread:
    """Return the quartiles of ``values`` (at least one value), interpolated linearly."""
    low, median, high = np.percentile(np.asarray(values, dtype=np.float64), QUARTILES).tolist()
    return Spread(low, median, high)


def choice_counts(choices: Sequence[int], choice_count: int) -> Integers:
    """Return how often each of the choices 1 … ``choice_count`` was made, (choice_count,)."""
    return np.bincount(np.asarray(choices, dtype=np.int64), minlength=choice_count + 1)[1 : choice_count + 1]
