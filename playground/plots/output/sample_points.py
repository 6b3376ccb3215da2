"""The samples of a map or fit as points that can be chosen, and the ring around the chosen one."""

from __future__ import annotations

from typing import Final

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter

from core.arrays import Floats
from core.data.sample import Sample
from playground.plots.output.data import FitData, MapData, OutputData, max_points
from playground.plots.output.fit import targets_of
from playground.plotting.canvas.canvas import Area
from playground.plotting.drawing.pencil import pen
from playground.style.theme import Style

REACH: Final = 10.0
"""Largest distance in pixels at scale 1 from which a point is chosen."""

_RING: Final = 6.5


def places_of(data: OutputData, *, test: bool) -> Floats:
    """Return the coordinates of the drawn training or test samples, (n, 2); none for other pictures."""
    if isinstance(data, MapData):
        positions = data.data.positions_test if test else data.data.positions_train
        return positions[: max_points(data.data), list(data.axes)]
    if isinstance(data, FitData):
        positions = data.data.positions_test if test else data.data.positions_train
        return np.column_stack([positions[:, 0], targets_of(data, test=test)])[: max_points(data.data)]
    return np.zeros((0, 2))


def sample_at(area: Area, mouse: QPointF, data: OutputData, style: Style, *, test: bool) -> Sample | None:
    """Return the sample nearest to ``mouse``, or ``None`` if none is near; ``test``: whether test samples are drawn."""
    best, nearest = None, style.px(REACH)
    for is_test in (False, *[True] * test):
        places = places_of(data, test=is_test)
        if len(places):
            away = np.hypot(area.xs(places[:, 0]) - mouse.x(), area.ys(places[:, 1]) - mouse.y())
            index = int(np.argmin(away))
            if away[index] <= nearest:
                best, nearest = Sample(index, is_test=is_test), float(away[index])
    return best


def paint_chosen(p: QPainter, area: Area, data: OutputData, sample: Sample | None, style: Style) -> None:
    """Draw a ring around the point of ``sample``."""
    if sample is None:
        return
    places = places_of(data, test=sample.is_test)
    if sample.index >= len(places):
        return
    x, y = places[sample.index].tolist()
    at = QPointF(area.x(x), area.y(y))
    p.setBrush(Qt.BrushStyle.NoBrush)
    for colour, width in ((style.theme.panel, 4.0), (style.theme.accent, 2.0)):
        p.setPen(pen(colour, style.px(width)))
        p.drawEllipse(at, style.px(_RING), style.px(_RING))
