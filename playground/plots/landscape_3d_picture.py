"""Draw the loss over a plane as a height field, back to front, with the training path at its true loss."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np
from PySide6.QtGui import QColor, QPainter
from typing_extensions import override

from core.analysis.landscape import PathOnPlane
from core.arrays import Floats
from playground.plots.height_field import (
    HEIGHT,
    Camera,
    HeightField,
    Painted,
    dot_of,
    line_of,
    paint_back_to_front,
    room_beside,
)
from playground.plots.landscape_data import LandscapeData, distinct, log_losses, surface_heights
from playground.plots.landscape_picture import REACH, path_opacities
from playground.plotting.canvas import Area, Canvas
from playground.plotting.ghosts import Ghost
from playground.plotting.pencil import faded, pen, read_out
from playground.plotting.picture import Picture
from playground.style.numbers import short, thousands
from playground.style.theme import Style

__all__ = ["HEIGHT", "Camera", "Landscape3DPicture"]


class Landscape3DPicture(Picture[LandscapeData]):
    """Draws :class:`LandscapeData` on a canvas from a camera's viewpoint."""

    def __init__(self, canvas: Canvas, camera: Callable[[], Camera]) -> None:
        """Draw on ``canvas``; ``camera`` returns the viewpoint."""
        super().__init__(canvas)
        self._camera = camera
        self._add_layer(self._paint, 1)

    @override
    def _arrange(self, data: LandscapeData, style: Style, before: LandscapeData | None) -> None:
        self._canvas.arrange(style, left=8, bottom=8, top=8, right=8)
        self._canvas.bottom.show_ticks((), style)
        self._canvas.left.show_ticks((), style)

    # -- painting ----------------------------------------------------------------------------------------------------

    def _paint(self, p: QPainter, area: Area, data: LandscapeData, style: Style) -> None:
        z_range = _z_range(data.heights, [each.surface.path for each in self._all(data)])
        room = room_beside(area.rect, z_range, loss_labels, style)
        field = HeightField(data.x, data.y, data.heights, z_range, self._camera(), room, style)
        field.paint_floor(p, data.short_names, self._canvas.width())
        pinned = [item for ghost in self._drawn for item in _pinned_path(p, field, ghost, style)]
        paint_back_to_front([*field.cells(p), *pinned, *self._path(p, field, data, style)])
        field.paint_heights(p, "loss", loss_labels)
        self._paint_mouse(p, area, field, data, style)

    def _path(self, p: QPainter, field: HeightField, data: LandscapeData, style: Style) -> list[Painted]:
        """Return each part of the path: stems from the surface to the true losses, and lines."""
        path = data.surface.path
        colour = QColor(style.theme.error)
        if path is None:
            here = np.array([[*data.here]])
            at = field.at(here[:, 0], here[:, 1], log_losses(np.array([data.loss])))[0]
            if not np.isfinite(at).all():
                return []
            return [(float(at[2]) + 0.2, dot_of(p, at, style.px(5), colour, style))]
        true = log_losses(path.losses)
        tops = field.at(data.path[:, 0], data.path[:, 1], true)
        feet = field.at(data.path[:, 0], data.path[:, 1], surface_heights(data, data.path))
        opacities = path_opacities(data)
        items: list[Painted] = []
        for index in range(len(tops)):
            if not np.isfinite(tops[index]).all():
                continue
            # Slightly nearer than the cell below, so that the cell does not cover it.
            depth = float(tops[index, 2]) + 0.08
            faint = faded(colour, float(opacities[index]))
            if np.isfinite(feet[index]).all():
                items.append((depth, line_of(p, feet[index], tops[index], pen(faint, style.px(0.8)))))
            if index and np.isfinite(tops[index - 1]).all():
                items.append((depth, line_of(p, tops[index - 1], tops[index], pen(faint, style.px(2)))))
        last = tops[-1]
        if np.isfinite(last).all():
            items.append((float(last[2]) + 0.2, dot_of(p, last, style.px(5), colour, style)))
        return items

    def _paint_mouse(self, p: QPainter, area: Area, field: HeightField, data: LandscapeData, style: Style) -> None:
        mouse, path = self._hover, data.surface.path
        if mouse is None or path is None:
            return
        tops = field.at(data.path[:, 0], data.path[:, 1], log_losses(path.losses))
        away = np.nan_to_num(np.hypot(tops[:, 0] - mouse.x(), tops[:, 1] - mouse.y()), nan=np.inf)
        point = int(away.argmin())
        if away[point] > style.px(REACH):
            return
        lines = [
            ("step", thousands(int(data.steps[point]))),
            ("true loss", short(float(path.losses[point]), 3)),
            ("surface below", short(float(10.0 ** surface_heights(data, data.path)[point]), 3)),
            ("distance from it", short(float(path.distances[point]), 3)),
        ]
        read_out(p, style, mouse, area.rect, lines)


def loss_labels(levels: Sequence[float]) -> Sequence[str]:
    """Return the losses at ``levels`` of log₁₀ of the loss."""
    return distinct([10.0**level for level in levels])


def _pinned_path(p: QPainter, field: HeightField, ghost: Ghost[LandscapeData], style: Style) -> list[Painted]:
    """Return each line of the path of a pinned run, at its true loss, and its end."""
    data = ghost.data
    if data.surface.path is None or not len(data.path):
        return []
    tops = field.at(data.path[:, 0], data.path[:, 1], log_losses(data.surface.path.losses))
    items: list[Painted] = [
        (float(end[2]) + 0.08, line_of(p, start, end, ghost.pen(style, 1.8)))
        for start, end in pairwise(tops)
        if np.isfinite(start).all() and np.isfinite(end).all()
    ]
    if np.isfinite(tops[-1]).all():
        items.append((float(tops[-1, 2]) + 0.2, dot_of(p, tops[-1], style.px(4), ghost.tint(style), style)))
    return items


def _z_range(heights: Floats, paths: Sequence[PathOnPlane | None]) -> tuple[float, float]:
    """Return the range of log₁₀ of the losses of the surface and of all paths."""
    known = heights[np.isfinite(heights)]
    low, high = (float(known.min()), float(known.max())) if known.size else (-1.0, 0.0)
    for path in paths:
        true = log_losses(path.losses) if path is not None else np.zeros(0)
        true = true[np.isfinite(true)]
        low, high = min(low, float(true.min(initial=low))), max(high, float(true.max(initial=high)))
    return (low, high) if high - low > 1e-9 else (low - 0.5, high + 0.5)
