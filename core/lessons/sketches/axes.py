"""The axes over which a curve is sketched."""

from __future__ import annotations

import math
from typing import Final

from msgspec import Struct

from core.errors import PlaygroundError
from core.lessons.blocks import Predict
from core.lessons.sketches.curves import CURVES

MAX_LAYERS: Final = 51


class SketchAxes(Struct, frozen=True):
    """The axes of the empty plot to sketch on.

    Attributes:
        x_title: name of the horizontal axis.
        y_title: name of the vertical axis.
        x: range of the horizontal axis.
        y: range of the vertical axis, in the units of the measurement.
        log: whether the vertical axis is logarithmic.
        by_layer: whether x is the number of a layer.
    """

    x_title: str
    y_title: str
    x: tuple[float, float]
    y: tuple[float, float]
    log: bool
    by_layer: bool

    @property
    def height_range(self) -> tuple[float, float]:
        """The vertical range in the axis's coordinate: exponents of ten on a logarithmic axis."""
        low, high = self.y
        return (math.log10(low), math.log10(high)) if self.log else (low, high)

    def height(self, y: float) -> float:
        """Return ``y`` in the axis's coordinate; NaN if a logarithmic axis cannot show it."""
        if not self.log:
            return y
        return math.log10(y) if y > 0.0 else math.nan


def sketch_axes(predict: Predict) -> SketchAxes:
    """Return the axes over which the curve of ``predict`` is sketched.

    Raises:
        PlaygroundError: the truth is not a curve, or a range is missing or empty; the message names the key in the block.
    """
    curve = CURVES.get(predict.truth.measure)
    if curve is None:
        raise PlaygroundError(f"truth.measure: expected a curve ({', '.join(CURVES)}), got {predict.truth.measure!r}")
    x, y = _range("x", predict.x), _range("y", predict.y)
    if curve.log and y[0] <= 0.0:
        raise PlaygroundError(f"y: expected numbers above 0 on a logarithmic axis, got {list(y)}")
    if curve.by_layer and not (x[0] >= 1.0 and x[1] <= MAX_LAYERS and all(end == round(end) for end in x)):
        raise PlaygroundError(f"x: expected the numbers of two layers, 1 to {MAX_LAYERS}, got {list(x)}")
    return SketchAxes(curve.x_title, curve.y_title, x, y, curve.log, curve.by_layer)


def _range(name: str, ends: tuple[float, float] | None) -> tuple[float, float]:
    if ends is None:
        raise PlaygroundError(f"{name}: a curve needs the range of its axis, such as [0, 100]")
    if not (all(map(math.isfinite, ends)) and ends[0] < ends[1]):
        raise PlaygroundError(f"{name}: expected two numbers, the smaller one first, got {list(ends)}")
    return ends
