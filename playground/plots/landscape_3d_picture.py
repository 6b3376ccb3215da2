"""Draw the loss over a plane as a height field, back to front, with the training path at its true loss."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF
from typing_extensions import override

from core.arrays import Floats
from playground.plots.landscape_data import LandscapeData, distinct, log_losses, surface_heights
from playground.plots.landscape_picture import REACH, path_opacities
from playground.plotting.canvas import Area, Canvas
from playground.plotting.pencil import Align, elided, faded, pen, read_out, text_width, write
from playground.plotting.picture import Picture
from playground.plotting.ticks import linear_ticks
from playground.style.numbers import short, thousands
from playground.style.theme import Style, mixed

MAX_SIDE: Final = 41
"""Maximum number of cells along each side; a finer surface is subsampled."""

HEIGHT: Final = 0.9
"""Height of the box; its floor is 2 wide and 2 deep."""

_MIDDLE: Final = np.array([0.0, 0.0, HEIGHT / 2])
_CORNERS: Final = np.array([[x, y, z] for x in (-1.0, 1.0) for y in (-1.0, 1.0) for z in (0.0, HEIGHT)])


@dataclass(frozen=True, slots=True)
class Camera:
    """A viewpoint on the height field.

    Attributes:
        azimuth: rotation about the vertical axis, in degrees.
        elevation: angle above the floor, in degrees.
        zoom: 1 fits the box into the plot.
    """

    azimuth: float = 35.0
    elevation: float = 32.0
    zoom: float = 1.0

    def turned(self, across: float, up: float) -> Camera:
        """Return the camera rotated by ``across`` and ``up`` degrees, clamped above the floor."""
        elevation = min(max(self.elevation + up, 5.0), 89.0)
        return replace(self, azimuth=(self.azimuth + across) % 360.0, elevation=elevation)

    def zoomed(self, factor: float) -> Camera:
        """Return the camera zoomed in by ``factor``."""
        return replace(self, zoom=min(max(self.zoom * factor, 0.5), 4.0))

    def project(self, points: Floats) -> Floats:
        """Return the parallel projection of ``points (n, 3)``: right, up and towards the viewer, (n, 3)."""
        a, e = math.radians(self.azimuth), math.radians(self.elevation)
        x = math.cos(a) * points[:, 0] - math.sin(a) * points[:, 1]
        back = math.sin(a) * points[:, 0] + math.cos(a) * points[:, 1]
        up = math.cos(e) * points[:, 2] + math.sin(e) * back
        return np.column_stack([x, up, math.sin(e) * points[:, 2] - math.cos(e) * back])


@dataclass(frozen=True, slots=True)
class _Box:
    """Maps data coordinates to the box −1 … 1, −1 … 1, 0 … ``HEIGHT``."""

    x: tuple[float, float]
    y: tuple[float, float]
    z: tuple[float, float]

    @classmethod
    def of(cls, data: LandscapeData) -> _Box:
        heights = data.heights
        known = heights[np.isfinite(heights)]
        low, high = (float(known.min()), float(known.max())) if known.size else (-1.0, 0.0)
        if data.surface.path is not None:
            true = log_losses(data.surface.path.losses)
            true = true[np.isfinite(true)]
            low, high = min(low, float(true.min(initial=low))), max(high, float(true.max(initial=high)))
        if not high - low > 1e-9:
            low, high = low - 0.5, high + 0.5
        return cls((float(data.x[0]), float(data.x[-1])), (float(data.y[0]), float(data.y[-1])), (low, high))

    def map(self, x: Floats, y: Floats, z: Floats) -> Floats:
        """Return the points in box coordinates, (n, 3)."""
        across = 2.0 * (x - self.x[0]) / (self.x[1] - self.x[0]) - 1.0
        depth = 2.0 * (y - self.y[0]) / (self.y[1] - self.y[0]) - 1.0
        return np.column_stack([across, depth, HEIGHT * (z - self.z[0]) / (self.z[1] - self.z[0])])


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
        box, camera = _Box.of(data), self._camera()
        widest = max((text_width(style, text) for _, text in _height_ticks(box)), default=0.0)
        room = area.rect.adjusted(widest + style.px(10), style.px(14), -style.px(20), -style.px(26))
        corners = camera.project(_CORNERS - _MIDDLE)
        extent = corners.max(axis=0) - corners.min(axis=0)
        scale = camera.zoom * min(room.width() / float(extent[0]), room.height() / float(extent[1]))
        centre = room.center()

        def screen(points: Floats) -> Floats:
            """Return pixel coordinates and the depth towards the viewer, (n, 3)."""
            seen = camera.project(points - _MIDDLE)
            return np.column_stack([centre.x() + scale * seen[:, 0], centre.y() - scale * seen[:, 1], seen[:, 2]])

        self._paint_floor(p, screen, box, data, style)
        for _, paint in sorted(
            [*self._cells(p, screen, box, data, style), *self._path(p, screen, box, data, style)],
            key=lambda item: item[0],
        ):
            paint()
        self._paint_heights(p, screen, box, style)
        self._paint_mouse(p, area, screen, box, data, style)

    def _cells(
        self, p: QPainter, screen: Callable[[Floats], Floats], box: _Box, data: LandscapeData, style: Style
    ) -> list[tuple[float, Callable[[], object]]]:
        """Return a depth and a paint function for each cell of the surface."""
        every = max(1, math.ceil(len(data.x) / MAX_SIDE))
        rows, columns = (_thinned(len(each), every) for each in (data.y, data.x))
        heights = data.heights[np.ix_(rows, columns)]
        X, Y = np.meshgrid(data.x[columns], data.y[rows])
        points = screen(box.map(X.ravel(), Y.ravel(), heights.ravel())).reshape(*heights.shape, 3)
        items: list[tuple[float, Callable[[], object]]] = []
        low, high = box.z
        panel, ink, accent = QColor(style.theme.panel), QColor(style.theme.ink), QColor(style.theme.accent)
        edge = pen(faded(ink, 0.22), style.px(0.5))
        corners = np.stack([points[:-1, :-1], points[:-1, 1:], points[1:, 1:], points[1:, :-1]], axis=2)
        levels = (heights[:-1, :-1] + heights[1:, 1:] + heights[:-1, 1:] + heights[1:, :-1]) / 4.0
        tilts = np.nan_to_num(heights[1:, :-1] - heights[:-1, :-1] + heights[:-1, 1:] - heights[:-1, :-1])
        shade = 0.5 + 0.5 * np.tanh(6.0 * tilts / (high - low))
        for i in range(corners.shape[0]):
            for j in range(corners.shape[1]):
                cell = corners[i, j]
                if not np.isfinite(cell).all():
                    continue
                share = (float(levels[i, j]) - low) / (high - low)
                colour = mixed(mixed(panel, accent, 0.45 - 0.35 * share), ink, 0.04 + 0.22 * float(shade[i, j]))
                shape = QPolygonF([QPointF(x, y) for x, y, _ in cell.tolist()])
                items.append((float(cell[:, 2].mean()), _painter_of(p, shape, colour, edge)))
        return items

    def _path(
        self, p: QPainter, screen: Callable[[Floats], Floats], box: _Box, data: LandscapeData, style: Style
    ) -> list[tuple[float, Callable[[], object]]]:
        """Return a depth and a paint function for each part of the path: stems from the surface to the true losses, and lines."""
        path = data.surface.path
        if path is None:
            here = np.array([[*data.here]])
            at = screen(box.map(here[:, 0], here[:, 1], log_losses(np.array([data.loss]))))[0]
            if not np.isfinite(at).all():
                return []
            return [(float(at[2]) + 0.2, lambda: _dot(p, at, style.px(5), QColor(style.theme.error), style))]
        true = log_losses(path.losses)
        tops = screen(box.map(data.path[:, 0], data.path[:, 1], true))
        feet = screen(box.map(data.path[:, 0], data.path[:, 1], surface_heights(data, data.path)))
        opacities = path_opacities(data)
        colour = QColor(style.theme.error)
        items: list[tuple[float, Callable[[], object]]] = []
        for index in range(len(tops)):
            if not np.isfinite(tops[index]).all():
                continue
            # Slightly nearer than the cell below, so that the cell does not cover it.
            depth = float(tops[index, 2]) + 0.08
            faint = faded(colour, float(opacities[index]))
            if np.isfinite(feet[index]).all():
                items.append((depth, _line_of(p, feet[index], tops[index], pen(faint, style.px(0.8)))))
            if index and np.isfinite(tops[index - 1]).all():
                items.append((depth, _line_of(p, tops[index - 1], tops[index], pen(faint, style.px(2)))))
        last = tops[-1]
        if np.isfinite(last).all():
            items.append((float(last[2]) + 0.2, lambda: _dot(p, last, style.px(5), colour, style)))
        return items

    def _paint_floor(
        self, p: QPainter, screen: Callable[[Floats], Floats], box: _Box, data: LandscapeData, style: Style
    ) -> None:
        """Draw the outline of the floor, and the names and limits of its axes on the sides towards the viewer."""
        corners = np.array([[-1.0, -1.0, 0.0], [1.0, -1.0, 0.0], [1.0, 1.0, 0.0], [-1.0, 1.0, 0.0]])
        seen = screen(corners)
        p.setBrush(Qt.BrushStyle.NoBrush)
        p.setPen(pen(style.theme.muted, style.px(0.8)))
        p.drawPolygon(QPolygonF([QPointF(x, y) for x, y, _ in seen.tolist()]))
        for axis, name, ends in ((0, data.short_names[0], box.x), (1, data.short_names[1], box.y)):
            sides = ((0, 1), (3, 2)) if axis == 0 else ((0, 3), (1, 2))
            first, second = max(sides, key=lambda side: float(seen[side[0], 2] + seen[side[1], 2]))
            for share, value in ((0.14, ends[0]), (0.86, ends[1])):
                at = seen[first] + (seen[second] - seen[first]) * share
                write(
                    p,
                    style,
                    QPointF(at[0], at[1] + style.px(9)),
                    short(value, 2),
                    colour=style.theme.muted,
                    align=Align.AlignHCenter,
                )
            middle = (seen[first] + seen[second]) / 2.0
            is_left = middle[0] < (seen[:, 0].min() + seen[:, 0].max()) / 2.0
            room = max(middle[0] if is_left else self._canvas.width() - middle[0], 1.0) - style.px(8)
            at_name = QPointF(middle[0] + style.px(-4 if is_left else 4), middle[1] + style.px(15))
            align = Align.AlignRight if is_left else Align.AlignLeft
            write(p, style, at_name, elided(style, name, room), colour=style.theme.ink, align=align)

    def _paint_heights(self, p: QPainter, screen: Callable[[Floats], Floats], box: _Box, style: Style) -> None:
        """Draw the loss axis at the leftmost corner."""
        corners = np.array([[x, y, 0.0] for x in (-1.0, 1.0) for y in (-1.0, 1.0)])
        corner = corners[int(screen(corners)[:, 0].argmin())]
        low, high = box.z
        ends = screen(np.array([corner, corner + np.array([0.0, 0.0, HEIGHT])]))
        p.setPen(pen(style.theme.muted, style.px(0.8)))
        p.drawLine(QPointF(*ends[0, :2]), QPointF(*ends[1, :2]))
        for level, text in _height_ticks(box):
            at = screen(np.array([corner + np.array([0.0, 0.0, HEIGHT * (level - low) / (high - low)])]))[0]
            label_position = QPointF(at[0] - style.px(5), at[1])
            write(p, style, label_position, text, colour=style.theme.muted, align=Align.AlignRight)
        top = QPointF(ends[1, 0], ends[1, 1] - style.px(10))
        write(p, style, top, "loss", colour=style.theme.ink, align=Align.AlignHCenter)

    def _paint_mouse(
        self,
        p: QPainter,
        area: Area,
        screen: Callable[[Floats], Floats],
        box: _Box,
        data: LandscapeData,
        style: Style,
    ) -> None:
        mouse, path = self._hover, data.surface.path
        if mouse is None or path is None:
            return
        tops = screen(box.map(data.path[:, 0], data.path[:, 1], log_losses(path.losses)))
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


def _height_ticks(box: _Box) -> list[tuple[float, str]]:
    """Return ticks of the loss axis: decimal logarithm and label."""
    levels = [level for level, _ in linear_ticks(*box.z, 4)]
    return list(zip(levels, distinct([10.0**level for level in levels]), strict=True))


def _thinned(count: int, every: int) -> Floats:
    """Return every ``every``-th index below ``count``, and the last."""
    return np.unique([*range(0, count, every), count - 1])


def _painter_of(p: QPainter, shape: QPolygonF, colour: QColor, edge: QPen) -> Callable[[], object]:
    def paint() -> None:
        p.setPen(edge)
        p.setBrush(colour)
        p.drawPolygon(shape)

    return paint


def _line_of(p: QPainter, start: Floats, end: Floats, line: QPen) -> Callable[[], object]:
    def paint() -> None:
        p.setPen(line)
        p.drawLine(QPointF(start[0], start[1]), QPointF(end[0], end[1]))

    return paint


def _dot(p: QPainter, at: Floats, radius: float, colour: QColor, style: Style) -> None:
    p.setPen(pen(style.theme.panel, style.px(1.5)))
    p.setBrush(colour)
    p.drawEllipse(QRectF(at[0] - radius, at[1] - radius, 2 * radius, 2 * radius))
