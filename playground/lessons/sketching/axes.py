"""Ranges and ticks of the plots on which curves are sketched and those of a class are shown."""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from core.arrays import Floats
from core.lessons.sketches.axes import SketchAxes
from playground.plotting.canvas.canvas import Canvas
from playground.plotting.canvas.ticks import decade_ticks, linear_ticks, thinned
from playground.style.theme import Style

BY_LAYER_MARGIN: Final = 0.4
"""Space beside the first and the last layer, in layers."""


def height_range_with(axes: SketchAxes, truth: tuple[Floats, Floats], margin: float = 0.0) -> tuple[float, float]:
    """Extend the vertical range to contain the measured curve.

    Args:
        axes: the axes of the sketch.
        truth: x (n,) and the curve (n,) in the coordinate of the axes; NaN where they cannot show it.
        margin: space beyond the curve, as a share of the height of the axes.
    """
    low, high = axes.height_range
    x, heights = truth
    seen = heights[(x >= axes.x[0]) & (x <= axes.x[1]) & np.isfinite(heights)]
    if len(seen):
        beyond = margin * (high - low)
        low, high = min(low, float(seen.min()) - beyond), max(high, float(seen.max()) + beyond)
    return low, high


def show_axes(
    canvas: Canvas,
    axes: SketchAxes,
    layers: list[float],
    heights: tuple[float, float],
    style: Style,
    spacing: tuple[float, float],
) -> None:
    """Set the ranges and ticks of ``canvas``.

    Args:
        canvas: the canvas, with its margins.
        axes: the axes.
        layers: layer numbers at which a curve by layer has points.
        heights: the vertical range in the coordinate of the axes.
        style: style of the plot.
        spacing: minimum distance of horizontal and vertical ticks in pixels at scale 1.
    """
    beside = BY_LAYER_MARGIN if axes.by_layer else 0.0
    canvas.set_ranges((axes.x[0] - beside, axes.x[1] + beside), heights)
    rect = canvas.area().rect
    across, up = max(2, int(rect.width() / style.px(spacing[0]))), max(3, int(rect.height() / style.px(spacing[1])))
    ticks = linear_ticks(*axes.x, across)
    if axes.by_layer:
        ticks = tuple((layers[index], f"{layers[index]:.0f}") for index in thinned(len(layers), 2 * across))
    canvas.bottom.show_ticks(ticks, style, name=axes.x_title)
    low, high = heights
    decades = decade_ticks(math.ceil(low - 1e-9), math.floor(high + 1e-9), up) if axes.log else ()
    canvas.left.show_ticks(decades or linear_ticks(low, high, up), style, name=axes.y_title, hairlines=True)
