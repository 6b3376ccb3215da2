"""The distance between a curve that a learner sketched and the measured one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from msgspec import Struct

from core.arrays import Floats

Points: TypeAlias = Sequence[tuple[float, float]]
"""Points (x, y) of a sketched curve, in the units of the measurement, ordered by x."""


class Difference(Struct, frozen=True):
    """How far a sketch is from the measured curve.

    Attributes:
        mean: the mean distance, in decades on a logarithmic axis, else in the units of y.
        bias: the mean signed distance, sketch − measured; positive if the sketch is too high.
        compared: the range of x in which both curves are known.
        farthest: the x of the largest distance.
        sketched: y of the sketch at ``farthest``.
        measured: y of the measured curve at ``farthest``.
    """

    mean: float
    bias: float
    compared: tuple[float, float]
    farthest: float
    sketched: float
    measured: float


def curve_difference(points: Points, x: Floats, y: Floats, *, log: bool, by_layer: bool) -> Difference | None:
    """Compare the sketch ``points`` with the measured curve ``x``, ``y`` (n,), ordered by x.

    Let s and t be the two curves, or their decimal logarithms if ``log``. The mean distance is

        1 / (b − a) ∫ₐᵇ |s(x) − t(x)| dx

    over the range [a, b] in which both are known, for piecewise linear s and t. With ``by_layer`` it is the mean of
    |s(l) − t(l)| over the layers l that both have. Non-finite values, and on a log axis values ≤ 0, are left out.

    Returns:
        ``None`` if there is nothing to compare.
    """
    sx, s = _usable(np.array([p[0] for p in points]), np.array([p[1] for p in points]), log=log)
    tx, t = _usable(np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64), log=log)
    if not (len(sx) and len(tx)):
        return None
    low, high = max(sx[0], tx[0]), min(sx[-1], tx[-1])
    if by_layer:
        at = np.intersect1d(sx, tx)
    else:
        at = np.union1d(sx, tx)
        at = np.union1d(at[(at >= low) & (at <= high)], [low, high] if high > low else [])
    if len(at) < (1 if by_layer else 2):
        return None
    drawn, true = np.interp(at, sx, s), np.interp(at, tx, t)
    gap = drawn - true
    mean, bias = (_mean(np.abs(gap)), _mean(gap)) if by_layer else _integrals(at, gap)
    worst = int(np.argmax(np.abs(gap)))
    value = (lambda v: float(10.0**v)) if log else float
    return Difference(
        mean, bias, (float(at[0]), float(at[-1])), float(at[worst]), value(drawn[worst]), value(true[worst])
    )


def _usable(x: Floats, y: Floats, *, log: bool) -> tuple[Floats, Floats]:
    known = np.isfinite(x) & np.isfinite(y) & ((y > 0.0) if log else True)
    return x[known], np.log10(y[known]) if log else y[known]


def _mean(values: Floats) -> float:
    return float(np.mean(values))


def _integrals(x: Floats, gap: Floats) -> tuple[float, float]:
    """Return the exact means of |gap| and gap over x for a piecewise linear ``gap``."""
    width, first, last = np.diff(x), np.abs(gap[:-1]), np.abs(gap[1:])
    total = first + last
    area = width * total / 2.0
    # Where the sign changes, the area is that of two triangles: h (d₀² + d₁²) / (2 (|d₀| + |d₁|)).
    crosses = (gap[:-1] * gap[1:] < 0.0) & (total > 0.0)
    area[crosses] = (width * (first**2 + last**2))[crosses] / (2.0 * total[crosses])
    length = float(x[-1] - x[0])
    return float(area.sum()) / length, float(np.sum(width * (gap[:-1] + gap[1:]) / 2.0)) / length
