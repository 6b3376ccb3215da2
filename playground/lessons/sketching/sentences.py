"""Sentences that compare a sketched curve with the measured one."""

from __future__ import annotations

import math
from typing import Final

from core.lessons.sketches.axes import SketchAxes
from core.lessons.sketches.distance import Difference
from playground.style.numbers import percent, short, thousands

CLOSE_DECADES: Final = 0.15
"""A mean distance below this many decades, a factor of 1.4, is called close on a logarithmic axis."""

CLOSE_SHARE: Final = 0.05
"""A mean distance below this share of the range is called close on a linear axis."""

NOTHING_TO_COMPARE: Final = "There is nothing to compare: no part of the measured curve lies where you drew."


def difference_sentence(found: Difference | None, axes: SketchAxes) -> str:
    """Describe the difference ``found``: the mean distance, its direction, and where it is largest."""
    if found is None:
        return NOTHING_TO_COMPARE
    if axes.log:
        is_close = found.mean < CLOSE_DECADES
        size = f"{short(found.mean, 2)} decades, a factor of {_factor(10.0**found.mean)}"
    else:
        share = found.mean / (axes.y[1] - axes.y[0])
        is_close = share < CLOSE_SHARE
        size = f"{short(found.mean, 2)}, which is {percent(share, 0)} of the axis"
    where = f"{axes.x_title} {position_text(found.farthest)}"
    drawn, measured = short(found.sketched, 2), short(found.measured, 2)
    return (
        f"{'Close: on' if is_close else 'On'} average your curve is off by {size}{_direction(found)}. "
        f"The largest difference is at {where}: you drew {drawn}, measured is {measured}."
    )


def _direction(found: Difference) -> str:
    """Say if the sketch is almost everywhere too high or too low."""
    if abs(found.bias) < 0.8 * found.mean or found.mean == 0.0:
        return ""
    return " (too high)" if found.bias > 0.0 else " (too low)"


def point_in_words(axes: SketchAxes, x: float, y: float) -> str:
    """Describe one point, for screen readers and the readout."""
    return f"{axes.x_title} {position_text(x)}: {axes.y_title} {short(y, 2)}"


def position_text(x: float) -> str:
    """Format a layer or an epoch: ``3``, ``12.5``, ``1 250``."""
    return thousands(round(x)) if x == round(x) or abs(x) >= 100.0 else short(x, 3)


def _factor(value: float) -> str:
    """Format a factor with two significant digits: ``4.6``, ``1 800``."""
    if not 10.0 <= value < 1e5:
        return short(value, 2)
    return thousands(round(round(value, 1 - math.floor(math.log10(value)))))
