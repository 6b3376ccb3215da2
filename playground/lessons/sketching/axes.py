"""The ranges and ticks of the plots over which curves are sketched, and those of a class are shown."""

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


def heights_with(axes: SketchAxes, truth: tuple[Floats, Floats], room: float = 0.0) -> tuple[float, float]:
    """Return the vertical range that also holds the measured curve.

    Args:
        axes: the axes on which was sketched.
        truth: x (n,) and the curve (n,) in the coordinate of the axes; NaN where they cannot show it.
        room: space kept beyond the curve, as a share of the height of the axes.
    """
    low, high = axes.height_range
    x, heights = truth
    seen = heights[(x >= axes.x[0]) & (x <= axes.x[1]) & np.isfinite(heights)]
    if len(seen):
        beyond = room * (high - low)
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
        layers: numbers of the layers that a curve by layer has a point at.
        heights: the vertical range in the coordinate of the axes.
        style: style of the plot.
        spacing: least distance of ticks across and up in pixels at scale 1.
    """
    margin = BY_LAYER_MARGIN if axes.by_layer else 0.0
    canvas.set_ranges((axes.x[0] - margin, axes.x[1] + margin), heights)
    rect = canvas.area().rect
    across, up = max(2, int(rect.width() / style.px(spacing[0]))), max(3, int(rect.height() / style.px(spacing[1])))
    ticks = linear_ticks(*axes.x, across)
    if axes.by_layer:
        ticks = tuple((layers[index], f"{layers[index]:.0f}") for index in thinned(len(layers), 2 * across))
    canvas.bottom.show_ticks(ticks, style, name=axes.x_title)
    low, high = heights
    rungs = decade_ticks(math.ceil(low - 1e-9), math.floor(high + 1e-9), up) if axes.log else ()
    canvas.left.show_ticks(rungs or linear_ticks(low, high, up), style, name=axes.y_title, hairlines=True)
