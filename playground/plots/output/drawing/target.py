"""What the user can draw on the output card: classes or values on a map, or a curve on a fit."""

from __future__ import annotations

import math
from typing import Final, Literal, TypeAlias

import numpy as np
from msgspec import Struct
from PySide6.QtCore import QPointF

from core.arrays import Floats
from core.experiment import DrawnSource
from playground.plots.output.data import FitData, MapData, OutputData
from playground.plotting.canvas.canvas import Area
from playground.plotting.canvas.ranges import nice_ceiling
from playground.session.drawing import Point
from playground.style.numbers import short

Kind: TypeAlias = Literal["classes", "values", "curve"]

LEVELS: Final = (-1.0, -0.5, 0.0, 0.5, 1.0)
"""Target values offered on a regression map, relative to the largest one."""

_DIGITS: Final = 3


class DrawTarget(Struct, frozen=True):
    """A plot that the user can draw on.

    Attributes:
        kind: what the user draws.
        axes: the inputs along the horizontal and the vertical axis.
    """

    kind: Kind
    axes: tuple[int, int] = (0, 1)

    def suits(self, source: DrawnSource) -> bool:
        """Return whether ``source`` has points of this kind."""
        inputs, task = (1 if self.kind == "curve" else 2), "classification" if self.kind == "classes" else "regression"
        return (source.inputs, source.task) == (inputs, task)

    def point_at(self, spot: QPointF, area: Area, label: float) -> Point:
        """Return the point at ``spot`` (pixels) with ``label``, rounded to the resolution of the plot."""
        x, y = area.value_at(spot)
        x, y = _rounded(x, area.x_range), _rounded(y, area.y_range)
        if self.kind == "curve":
            return (x, y)
        return (x, y, label) if self.axes == (0, 1) else (y, x, label)

    def spots(self, points: Floats, area: Area) -> Floats:
        """Return the pixel positions of ``points`` (n, D + 1) in the plot, (n, 2)."""
        first, second = (0, 1) if self.kind == "curve" else self.axes
        return np.column_stack((area.xs(points[:, first]), area.ys(points[:, second])))


def target_of(data: OutputData | None) -> DrawTarget | None:
    """Return the target for drawing on ``data``; ``None`` if that is impossible."""
    if isinstance(data, FitData):
        return DrawTarget("curve") if data.data.task == "regression" else None
    if isinstance(data, MapData) and not data.others:
        return DrawTarget("values" if data.data.task == "regression" else "classes", data.axes)
    return None


def levels_of(data: OutputData | None) -> tuple[float, ...]:
    """Return the target values offered on the regression map ``data``."""
    largest = nice_ceiling(data.scale) if isinstance(data, MapData) and data.scale > 0.0 else 1.0
    return tuple(largest * level for level in LEVELS)


def _rounded(value: float, span: tuple[float, float]) -> float:
    return round(value, max(0, _DIGITS - math.floor(math.log10(span[1] - span[0]))))


def chip_names(kind: str, labels: tuple[float, ...], given: tuple[str, ...]) -> tuple[str, ...]:
    """Return the names of ``labels``: the ``given`` ones, then the numbers."""
    if kind == "values":
        return tuple(short(label, 2) for label in labels)
    return (*given[: len(labels)], *(str(int(label)).replace("-", "−") for label in labels[len(given) :]))
