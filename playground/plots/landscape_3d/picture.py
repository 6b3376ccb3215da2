"""Draw the loss over a plane as a height field, back to front, with the training path at its true loss."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter, QPen
from typing_extensions import override

from core.analysis.landscape import PathOnPlane
from core.arrays import Floats
from playground.plots.landscape.data import LandscapeData, distinct, log_losses, surface_heights
from playground.plots.landscape.live_path import track_of
from playground.plots.landscape.picture import (
    REACH,
    SurfacePicture,
    finite_limits,
    on_plane_of,
    opacities_of,
    path_opacities,
    plane_of,
    point_lines,
)
from playground.plots.landscape.track import NO_TRACK, Track, joined
from playground.plots.landscape_3d.height_field import (
    HEIGHT,
    Camera,
    HeightField,
    Painted,
    dot_of,
    line_of,
    paint_back_to_front,
    room_beside,
)
from playground.plots.landscape_3d.visible_lines import VisibleLine, visible_lines
from playground.plotting.canvas.canvas import Area, Canvas
from playground.plotting.drawing.pencil import faded, pen, read_out
from playground.plotting.pins.ghosts import Cached, Ghost
from playground.style.theme import Style

__all__ = ["HEIGHT", "Camera", "Landscape3DPicture"]

HIDDEN: Final = 0.2
"""Opacity of the parts of the path that lie behind the surface."""

OVER: Final = math.inf
"""The depth of what is drawn over the whole surface."""


class Landscape3DPicture(SurfacePicture):
    """Draws :class:`LandscapeData` on a canvas from a camera's viewpoint."""

    def __init__(self, canvas: Canvas, camera: Callable[[], Camera]) -> None:
        """Draw on ``canvas``; ``camera`` returns the viewpoint."""
        super().__init__(canvas)
        self._camera = camera
        self._surface = Cached(at_once=True)
        self._add_layer(self._paint_surface, 1)
        self._add_layer(self._paint_now, 2)
        self._add_layer(self._paint_mouse, 3)

    @override
    def _arrange(self, data: LandscapeData, style: Style, before: LandscapeData | None) -> None:
        self._canvas.arrange(style, left=8, bottom=8, top=8, right=8)
        self._canvas.bottom.show_ticks((), style)
        self._canvas.left.show_ticks((), style)

    # -- painting ----------------------------------------------------------------------------------------------------

    def _field(self, area: Area, data: LandscapeData, style: Style) -> HeightField:
        every = self._all(data)
        z_range = _z_range([each.heights for each in every], [each.surface.path for each in every])
        room = room_beside(area.rect, z_range, loss_labels, style)
        # On screen the whole box keeps its place while it is turned; a figure needs only room for what is in it.
        crop = _points_of(on_plane_of(data, every)) if area.still else None
        return HeightField(
            data.x, data.y, data.heights, z_range, self._camera(), room, style, plane_of(data, every), crop
        )

    def _paint_surface(self, p: QPainter, area: Area, data: LandscapeData, style: Style) -> None:
        """Draw the surface and the paths that were computed with it; until one of them changes as a pixmap."""

        def paint(q: QPainter) -> None:
            field = self._field(area, data, style)
            field.paint_floor(q, data.short_names, self._canvas.width())
            ghosts = self._drawn

            def parts(r: QPainter) -> list[Painted]:
                pinned = [item for ghost in ghosts for item in _pinned_path(r, field, ghost, style)]
                return [*field.cells(r), *pinned, *_path(r, field, data, style)]

            paint_back_to_front(q, parts)
            field.paint_heights(q, "loss", loss_labels)

        self._surface.paint(p, area, (data, self._ghosts, self._camera(), area, style), paint)

    def _paint_now(self, p: QPainter, area: Area, data: LandscapeData, style: Style) -> None:
        """Draw the path since the surface was computed and the present point, pale where the surface hides them."""
        track = NO_TRACK if area.still else self.track
        if not len(track.points):
            track = Track(np.array([data.here]), np.array([data.step]), np.array([data.loss]), np.zeros(1))
        losses = log_losses(track.losses)
        known = np.isfinite(losses) & np.isfinite(track.points).all(axis=1)
        if not known.any():
            return
        points, losses = track.points[known], losses[known]
        field = self._field(area, data, style)
        tops = field.at(points[:, 0], points[:, 1], losses)
        shown = np.where(field.hides(points[:, 0], points[:, 1], losses), HIDDEN, opacities_of(track, data)[known])
        colour = QColor(style.theme.error)
        p.save()
        p.setClipRect(self._canvas.rect())
        for start, end, opacity in zip(tops, tops[1:], shown[1:].tolist(), strict=False):
            line_of(p, start, end, pen(faded(colour, opacity), style.px(2)))()
        dot_of(p, tops[-1], style.px(5), faded(colour, max(float(shown[-1]), 0.6)), style)()
        p.restore()

    def _paint_mouse(self, p: QPainter, area: Area, data: LandscapeData, style: Style) -> None:
        mouse, track = self._hover, joined(track_of(data), self.track)
        if mouse is None or not len(track.points):
            return
        tops = self._field(area, data, style).at(track.points[:, 0], track.points[:, 1], log_losses(track.losses))
        away = np.nan_to_num(np.hypot(tops[:, 0] - mouse.x(), tops[:, 1] - mouse.y()), nan=np.inf)
        point = int(away.argmin())
        if away[point] > style.px(REACH):
            return
        read_out(p, style, mouse, area.rect, point_lines(data, track, point))


def loss_labels(levels: Sequence[float]) -> Sequence[str]:
    """Return the losses at ``levels`` of log₁₀ of the loss."""
    return distinct([10.0**level for level in levels])


def _path(p: QPainter, field: HeightField, data: LandscapeData, style: Style) -> list[Painted]:
    """Return each part of the path: stems from the surface to the true losses, and lines."""
    path = data.surface.path
    if path is None:
        return []
    colour, opacities = QColor(style.theme.error), path_opacities(data).tolist()
    feet = np.column_stack([data.path, surface_heights(data, data.path)])
    tops = np.column_stack([data.path, log_losses(path.losses)])
    between = np.full_like(tops, np.nan)  # no line leads from one stem to the next
    stems = visible_lines(field, np.stack([feet, tops, between], axis=1).reshape(-1, 3))
    items = [_drawn(p, each, pen(faded(colour, opacities[each.line // 3]), style.px(0.8))) for each in stems]
    lines = visible_lines(field, tops)
    return items + [_drawn(p, each, pen(faded(colour, opacities[each.line + 1]), style.px(2))) for each in lines]


def _pinned_path(p: QPainter, field: HeightField, ghost: Ghost[LandscapeData], style: Style) -> list[Painted]:
    """Return each line of the path of a pinned run, at its true loss, and its end."""
    data = ghost.data
    if data.surface.path is None or not len(data.path):
        return []
    tops = np.column_stack([data.path, log_losses(data.surface.path.losses)])
    items = [_drawn(p, each, ghost.pen(style, 1.8)) for each in visible_lines(field, tops)]
    (end,) = field.at(tops[-1:, 0], tops[-1:, 1], tops[-1:, 2])
    if np.isfinite(end).all():
        items.append((OVER, dot_of(p, end, style.px(4), ghost.tint(style), style)))
    return items


def _drawn(p: QPainter, part: VisibleLine, stroke: QPen) -> Painted:
    """Return what draws ``part`` over the surface, pale if this hides it."""
    if part.is_hidden:
        stroke.setColor(faded(stroke.color(), HIDDEN))
    stroke.setCapStyle(Qt.PenCapStyle.FlatCap)  # pale parts would be darker where they overlap
    return OVER, line_of(p, part.start, part.end, stroke)


def _points_of(every: Sequence[LandscapeData]) -> Floats:
    """Return the points of all surfaces and paths, (n, 3)."""
    points = []
    for data in every:
        X, Y = np.meshgrid(data.x, data.y)
        points.append(np.column_stack([X.ravel(), Y.ravel(), data.heights.ravel()]))
        if data.surface.path is not None:
            points.append(np.column_stack([data.path, log_losses(data.surface.path.losses)]))
    return np.vstack(points)


def _z_range(surfaces: Sequence[Floats], paths: Sequence[PathOnPlane | None]) -> tuple[float, float]:
    """Return the range of log₁₀ of the losses of all surfaces and paths."""
    is_known = any(np.isfinite(each).any() for each in surfaces)
    low, high = finite_limits(*surfaces) if is_known else (-1.0, 0.0)
    for path in paths:
        true = log_losses(path.losses) if path is not None else np.zeros(0)
        true = true[np.isfinite(true)]
        low, high = min(low, float(true.min(initial=low))), max(high, float(true.max(initial=high)))
    return (low, high) if high - low > 1e-9 else (low - 0.5, high + 0.5)
