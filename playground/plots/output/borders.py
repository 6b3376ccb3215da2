"""The borders in a map of the output: where the most likely class changes, or the prediction has some values."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import numpy as np
from msgspec import Struct
from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter

from core.arrays import Floats
from playground.plots.output.data import FitData, MapData, ShareData, TileData
from playground.plotting.canvas.canvas import Area
from playground.plotting.drawing.outline import draw_polyline
from playground.plotting.drawing.pencil import faded, pen, polygon
from playground.plotting.pins.ghosts import Ghost
from playground.style.theme import Style

if TYPE_CHECKING:
    from playground.plots.output.data import OutputData

WIDE, NARROW = 1.4, 0.8
"""Widths of borders where the prediction is 0 or the class changes, and of others, in pixels at scale 1."""


class Border(Struct, frozen=True, eq=False):
    """One border.

    Attributes:
        line: coordinates, (n, 2).
        is_main: whether the prediction is 0 there, or the most likely class changes.
    """

    line: Floats
    is_main: bool


def borders_of(data: MapData, scale: float, *, every: bool = True) -> list[Border]:
    """Return where the prediction is 0 and ± half of ``scale``, or where the most likely class changes.

    Unless ``every``, those by which runs are compared: of two classes, only the border between them.
    """
    from contourpy import contour_generator  # imported late: not needed for the first frame

    levels: list[tuple[Floats, float]] = []
    if data.signed is not None:
        shares = (0.0, -0.5, 0.5) if every or data.data.coding == "value" else (0.0,)
        levels = [(data.signed, share * scale) for share in shares]
    elif data.probabilities is not None:
        ordered = np.sort(data.probabilities, axis=2)
        best = data.probabilities.argmax(axis=2)
        # The lead of a class over the next one changes its sign on the border of the class.
        lead = ordered[..., -1] - ordered[..., -2]
        levels = [(np.where(best == index, lead, -lead), 0.0) for index in range(data.probabilities.shape[2])]
    found = []
    for values, level in levels:
        generator = contour_generator(x=data.x, y=data.y, z=values)  # it masks what is not finite
        found += [Border(line, level == 0.0) for line in cast("list[Floats]", generator.lines(level))]
    return found


def paint_borders(p: QPainter, area: Area, data: MapData, style: Style, *, every: bool) -> None:
    """Draw the borders of ``data``, paler where the prediction is half of the scale; unless ``every``, the compared ones."""
    p.setBrush(Qt.BrushStyle.NoBrush)
    for border in borders_of(data, data.scale, every=every):
        width, opacity = (WIDE, 1.0) if border.is_main else (NARROW, 0.6)
        stroke = pen(faded(style.theme.ink, opacity), style.px(width) if area.still else 1.0)
        stroke.setCosmetic(not area.still)  # redrawn in every frame, and wider lines take longer
        p.setPen(stroke)
        draw_polyline(p, polygon(area.xs(border.line[:, 0]), area.ys(border.line[:, 1])))


def paint_ghost_borders(p: QPainter, area: Area, data: MapData, ghost: Ghost[OutputData], style: Style) -> None:
    """Draw the borders of a pinned run over the map of ``data``, where they have the same values."""
    if not isinstance(ghost.data, MapData):
        return
    p.save()
    p.setClipRect(area.rect)  # the pinned run may have data in a larger area
    p.setBrush(Qt.BrushStyle.NoBrush)
    for border in borders_of(ghost.data, data.scale, every=False):
        line = polygon(area.xs(border.line[:, 0]), area.ys(border.line[:, 1]))
        # A halo, because the map may have any colour there.
        for stroke in (pen(faded(style.theme.panel, 0.75), style.px(3.5)), ghost.pen(style, 2.0)):
            p.setOpacity(1.0 if border.is_main else 0.6)
            p.setPen(stroke)
            draw_polyline(p, line)
    p.restore()


def are_comparable(data: OutputData, other: OutputData) -> bool:
    """Return whether ``other``, of a pinned run, can be drawn in the plot of ``data``.

    It can be if it is over the same inputs and targets, or of the same samples or classes.
    """
    match data, other:
        case (MapData(), MapData()):
            if data.axes != other.axes:
                return False
        case (FitData(), FitData()):
            pass
        case (TileData(), TileData()):
            return np.array_equal(data.true, other.true) and np.array_equal(data.images, other.images)
        case (ShareData(), ShareData()):
            return data.class_names == other.class_names and (
                bool(data.class_names) or np.array_equal(data.true, other.true)
            )
        case _:
            return False
    mine, theirs = data.data, other.data
    return (mine.coding == "value") == (theirs.coding == "value") and mine.input_names == theirs.input_names
