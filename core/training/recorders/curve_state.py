"""Classify the recent trend of a loss curve by rules that a user can verify by eye."""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

import numpy as np

from core.arrays import Floats
from core.training.recorders.loss_curve import LossCurve

CurveState: TypeAlias = Literal["short", "jumped", "rising", "oscillating", "high", "falling", "flat"]

MIN_POINTS: Final = 12
EVEN_POINTS: Final = 64
"""Number of points of the line through a curve whose points are too sparse at the end."""

JUMP: Final = 10.0
SWING: Final = 0.3
STILL_HIGH: Final = 0.1
HIGH: Final = 1.1

TOO_FAST: Final[frozenset[CurveState]] = frozenset({"rising", "oscillating", "high"})
"""States of a curve with a learning rate that is too large."""


def since_last_mark(curve: LossCurve) -> LossCurve:
    """Return the part of ``curve`` since the settings were last changed."""
    if not curve.marks:
        return curve
    first = int(np.searchsorted(curve.step, curve.marks[-1].step))
    penalty = curve.penalty[first:] if curve.penalty is not None else None
    return LossCurve(curve.epoch[first:], curve.step[first:], curve.train[first:], curve.test[first:], penalty)


def curve_state(curve: LossCurve) -> CurveState:
    """Classify the recent trend of the minimized loss in ``curve``: the training loss plus the penalty.

    The settings must not have changed within the curve.
    The level at the end is the median over the last tenth of the steps, so that single noisy steps have no effect.

    * short: there are too few points;
    * jumped: the last value is 10 × the level at the end, because something was just changed;
    * rising: the level at the end is 1.5 × that a quarter of the run earlier, and above half of the initial loss;
    * oscillating: over the last half, the central 80 % of the values span more than 0.3 × their median around their linear
      trend, at least a third of the points are turning points, the level falls by less than a third and exceeds a tenth of
      the initial loss;
    * high: the level is not falling and above 1.1 × the initial loss, which does not happen at a stable learning rate;
    * falling: the level fell by more than 3 % over the last quarter;
    * flat: none of these; :func:`recent_change` says by how much it still falls or rises.
    """
    if len(curve.train) < MIN_POINTS:
        return "short"
    curve = _minimized(curve)
    train = curve.train
    before, end = _levels(curve)
    if not np.isfinite(end) or (end > 1.5 * before and end > 0.5 * train[0]):
        return "rising"
    if train[-1] > JUMP * end:
        return "jumped"
    if end > 0.67 * before and _oscillates(_part(curve, train, 0.5, 1.0), float(train[0])):
        return "oscillating"
    if end < 0.97 * before:
        return "falling"
    return "high" if end > HIGH * train[0] else "flat"


def recent_change(curve: LossCurve) -> float:
    """Return the relative change of the minimized loss's level over the last quarter of ``curve``; 0 if it was and is 0."""
    before, end = _levels(_minimized(curve))
    if before == end:
        return 0.0
    return (end - before) / before if before > 0.0 else float("inf")


def _minimized(curve: LossCurve) -> LossCurve:
    """Return the curve of the minimized loss, with even points if those of ``curve`` are sparse at the end."""
    train = curve.train if curve.penalty is None else curve.train + curve.penalty
    if _span(curve, 0.65, 0.75)[1] < _span(curve, 0.9, 1.0)[0]:
        return LossCurve(curve.epoch, curve.step, train, train)
    # The points are so sparse that both levels would come from the same points.
    steps = np.linspace(curve.step[0], curve.step[-1], EVEN_POINTS)
    train = np.interp(steps, curve.step, train)
    return LossCurve(steps, steps, train, train)


def _levels(curve: LossCurve) -> tuple[float, float]:
    """Return the level a quarter of the run earlier, and at the end."""
    return level(curve, curve.train, 0.65, 0.75), level(curve, curve.train, 0.9, 1.0)


def level(curve: LossCurve, values: Floats, start: float, stop: float) -> float:
    """Return the median of ``values`` (n,) between two fractions of the curve's steps."""
    ordered = np.sort(_part(curve, values, start, stop))  # np.median would import numpy.ma
    # Halved first, because the sum could overflow.
    return float(ordered[(len(ordered) - 1) // 2] / 2 + ordered[len(ordered) // 2] / 2)


def _part(curve: LossCurve, values: Floats, start: float, stop: float) -> Floats:
    low, high = _span(curve, start, stop)
    return values[low : high + 1]


def _span(curve: LossCurve, start: float, stop: float) -> tuple[int, int]:
    """Return the indices of the first and the last point between two fractions of the curve's steps."""
    first, length = curve.step[0], curve.step[-1] - curve.step[0]
    low, high = np.searchsorted(curve.step, [first + start * length, first + stop * length])
    # Use at least three points, so that the median ignores a single outlier.
    return max(min(int(low), int(high) - 2), 0), int(high)


def _oscillates(values: Floats, start: float) -> bool:
    if len(values) < MIN_POINTS // 2:
        return False
    middle, top = (_quantile(values, share) for share in (0.5, 0.9))
    around = _without_trend(values)
    swing = _quantile(around, 0.9) - _quantile(around, 0.1)
    slopes = np.sign(np.diff(values))
    turns = np.count_nonzero(slopes[1:] * slopes[:-1] < 0.0) / max(len(slopes) - 1, 1)
    return bool(swing > SWING * middle and turns >= 1.0 / 3.0 and top > STILL_HIGH * start)


def _quantile(values: Floats, share: float) -> float:
    return float(np.sort(values)[round(share * (len(values) - 1))])


def _without_trend(values: Floats) -> Floats:
    """Return ``values`` (n,) minus the straight line that fits them best; a steady fall is not an oscillation."""
    place = np.arange(len(values)) - (len(values) - 1) / 2
    with np.errstate(all="ignore"):
        slope = np.sum(place / np.sum(place * place) * values)
        around: Floats = values - slope * place
    return around
