"""A height field seen by a camera: cells, floor and height axis, drawn back to front with QPainter."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import groupby
from typing import Final, TypeAlias

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from core.arrays import Booleans, Floats
from playground.plots.landscape.data import interpolate
from playground.plotting.canvas.ticks import linear_ticks
from playground.plotting.drawing.deferred import PolygonWriter, paint_deferred
from playground.plotting.drawing.outline import draw_polygon
from playground.plotting.drawing.pencil import Align, elided, faded, pen, text_height, text_width, write
from playground.style.numbers import short
from playground.style.theme import Style
from playground.worker.giving_way import give_way

MAX_SIDE: Final = 41
"""Maximum number of cells along each side; a finer surface is subsampled."""

MAX_STRETCH: Final = 1.4
"""How much wider than high, or higher than wide, a unit may be in a cropped picture."""

HEIGHT: Final = 0.9
"""Height of the box; its floor is 2 wide and 2 deep."""

Painted: TypeAlias = tuple[float, Callable[[], object]]
"""The depth of a part towards the viewer, and what paints it."""

Shapes: TypeAlias = list[tuple[float, QPolygonF, QColor]]
"""The depth, outline and colour of each cell."""

Labels: TypeAlias = Callable[[Sequence[float]], Sequence[str]]
"""Returns the texts of heights."""

_RAY_POINTS: Final = 48
"""Number of points between a point and the viewer at which the surface is sampled."""

_MIDDLE: Final = np.array([0.0, 0.0, HEIGHT / 2])
_CORNERS: Final = np.array([[x, y, z] for x in (-1.0, 1.0) for y in (-1.0, 1.0) for z in (0.0, HEIGHT)])


class Camera(Struct, frozen=True):
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

    def towards_viewer(self) -> Floats:
        """Return the unit vector from the box to the viewer, (3,)."""
        a, e = math.radians(self.azimuth), math.radians(self.elevation)
        return np.array([-math.cos(e) * math.sin(a), -math.cos(e) * math.cos(a), math.sin(e)])

    def project(self, points: Floats) -> Floats:
        """Return the parallel projection of ``points (n, 3)``: right, up and towards the viewer, (n, 3)."""
        a, e = math.radians(self.azimuth), math.radians(self.elevation)
        x = math.cos(a) * points[:, 0] - math.sin(a) * points[:, 1]
        back = math.sin(a) * points[:, 0] + math.cos(a) * points[:, 1]
        up = math.cos(e) * points[:, 2] + math.sin(e) * back
        return np.column_stack([x, up, math.sin(e) * points[:, 2] - math.cos(e) * back])


class Cell(Struct, frozen=True, eq=False):
    """One cell of a surface, which paints itself when it is called.

    Attributes:
        painter: the painter.
        polygon: its outline.
        colour: its colour.
        edge: the pen of its outline, the same for all cells.
    """

    painter: QPainter
    polygon: QPolygonF
    colour: QColor
    edge: QPen

    def __call__(self) -> None:
        """Paint it."""
        self.painter.setPen(self.edge)
        self.painter.setBrush(self.colour)
        self.painter.drawPolygon(self.polygon)


def _with_width(side: tuple[float, float]) -> tuple[float, float]:
    """Return the ends of a side, apart also where its length is lost in rounding, as with weights of 1e300."""
    start, end = side
    if end > start:
        return side
    margin = max(1e-9 * abs(start), 0.5 * (start == 0.0), np.finfo(np.float64).tiny)
    return start - margin, end + margin


class HeightField:
    """A surface over a rectangle, placed in a box and projected onto the canvas.

    Args:
        x: coordinates of the columns, (n,).
        y: coordinates of the rows, (m,).
        heights: (m, n); NaN where there is no surface.
        z_range: the heights at the floor and at the top of the box.
        camera: the viewpoint.
        room: the rectangle in which the box lies at zoom 1, in pixels.
        style: colours and sizes.
        plane: the coordinates at the sides of the box; by default the surface reaches to all of them.
        crop: points (n, 3) that fill ``room`` together with the axes; by default the whole box fits into it, undistorted.
    """

    def __init__(
        self,
        x: Floats,
        y: Floats,
        heights: Floats,
        z_range: tuple[float, float],
        camera: Camera,
        room: QRectF,
        style: Style,
        plane: tuple[tuple[float, float], tuple[float, float]] | None = None,
        crop: Floats | None = None,
    ) -> None:
        self._x, self._y, self._heights, self._z = x, y, heights, z_range
        sides = plane or ((float(x[0]), float(x[-1])), (float(y[0]), float(y[-1])))
        self._plane = (_with_width(sides[0]), _with_width(sides[1]))
        self._camera, self._style = camera, style
        self._centre = room.center()
        seen = camera.project(_CORNERS - _MIDDLE) if crop is None else self._seen_of(crop)
        low, high = np.nanmin(seen, axis=0), np.nanmax(seen, axis=0)
        (wide, tall), self._middle = (high - low)[:2].tolist(), ((low + high) / 2.0)[:2]
        across, up = room.width() / wide, room.height() / tall
        stretch = 1.0 if crop is None else MAX_STRETCH
        self._scale = camera.zoom * np.array([min(across, stretch * up), min(up, stretch * across)])

    def at(self, x: Floats, y: Floats, z: Floats) -> Floats:
        """Return pixel coordinates and the depth towards the viewer of points (n,), (n, 3)."""
        return self._screen(self._in_box(x, y, z))

    def _in_box(self, x: Floats, y: Floats, z: Floats) -> Floats:
        (left, right), (front, back), (low, high) = *self._plane, self._z
        with np.errstate(invalid="ignore", over="ignore"):  # weights near the largest float
            across = 2.0 * ((x - left) / (right - left)) - 1.0
            depth = 2.0 * ((y - front) / (back - front)) - 1.0
            placed = np.column_stack([across, depth, HEIGHT * (z - low) / (high - low)])
        return np.where(np.isfinite(placed), placed, np.nan)  # NaN is not drawn

    def _screen(self, points: Floats) -> Floats:
        seen = self._camera.project(points - _MIDDLE)
        x = self._centre.x() + self._scale[0] * (seen[:, 0] - self._middle[0])
        y = self._centre.y() - self._scale[1] * (seen[:, 1] - self._middle[1])
        return np.column_stack([x, y, seen[:, 2]])

    def _seen_of(self, points: Floats) -> Floats:
        """Return the projection of ``points``, the floor and the height axis, (n + 6, 3)."""
        floor = _CORNERS[_CORNERS[:, 2] == 0.0]
        left = floor[int(self._camera.project(floor)[:, 0].argmin())] + np.array([[0.0, 0.0, 0.0], [0.0, 0.0, HEIGHT]])
        inside = self._in_box(points[:, 0], points[:, 1], points[:, 2])
        return self._camera.project(np.vstack([inside, floor, left]) - _MIDDLE)

    def _shapes(self) -> Shapes:
        """Return every cell of the surface as depth, polygon and colour."""
        style, (low, high) = self._style, self._z
        every = max(1, math.ceil(len(self._x) / MAX_SIDE))
        rows, columns = (_thinned(len(each), every) for each in (self._y, self._x))
        heights = self._heights[np.ix_(rows, columns)]
        X, Y = np.meshgrid(self._x[columns], self._y[rows])
        points = self.at(X.ravel(), Y.ravel(), heights.ravel()).reshape(*heights.shape, 3)
        corners = np.stack([points[:-1, :-1], points[:-1, 1:], points[1:, 1:], points[1:, :-1]], axis=2)
        levels = (heights[:-1, :-1] + heights[1:, 1:] + heights[:-1, 1:] + heights[1:, :-1]) / 4.0
        tilts = np.nan_to_num(heights[1:, :-1] - heights[:-1, :-1] + heights[:-1, 1:] - heights[:-1, :-1])
        shade = 0.5 + 0.5 * np.tanh(6.0 * tilts / (high - low))
        known = np.isfinite(corners).all(axis=(2, 3))
        colours = _cell_colours((levels[known] - low) / (high - low), shade[known], style)
        shown = corners[known]
        depths = shown[:, :, 2].mean(axis=1).tolist()
        polygons = [
            QPolygonF((QPointF(a, b), QPointF(c, d), QPointF(e, f), QPointF(g, h)))
            for a, b, c, d, e, f, g, h in shown[:, :, :2].reshape(-1, 8).tolist()
        ]
        return list(zip(depths, polygons, colours, strict=True))

    def cells(self, p: QPainter) -> list[Painted]:
        """Return every cell of the surface as what paints it."""
        edge = pen(faded(self._style.theme.ink, 0.22), self._style.px(0.5))
        return [(depth, Cell(p, polygon, colour, edge)) for depth, polygon, colour in self._shapes()]

    def hides(self, x: Floats, y: Floats, z: Floats) -> Booleans:
        """Return whether the surface lies between each of the points (n,) and the viewer, (n,)."""
        low, high = self._z
        ends = np.array([[self._x[0], self._y[0]], [self._x[-1], self._y[-1]]])
        along = np.column_stack([x, y, z])
        scale = np.array([*((end - start) / 2.0 for start, end in self._plane), (high - low) / HEIGHT])
        steps = np.linspace(0.03, 3.0, _RAY_POINTS)[:, np.newaxis, np.newaxis] * (self._camera.towards_viewer() * scale)
        ray = (along + steps).reshape(-1, 3)
        inside = ((ray[:, :2] >= ends[0]) & (ray[:, :2] <= ends[1])).all(axis=1)
        surface = interpolate(self._x, self._y, self._heights, ray[:, :2])
        with np.errstate(invalid="ignore"):
            above = inside & (surface > ray[:, 2] + 0.01 * (high - low))
        return np.asarray(above.reshape(_RAY_POINTS, -1).any(axis=0))

    def paint_floor(self, p: QPainter, names: tuple[str, str], width: float) -> None:
        """Draw the outline of the floor, and the ``names`` and limits of its axes on the sides towards the viewer.

        Args:
            p: the painter.
            names: of the two axes.
            width: of the canvas, in pixels.
        """
        style = self._style
        seen = self._screen(np.array([[-1.0, -1.0, 0.0], [1.0, -1.0, 0.0], [1.0, 1.0, 0.0], [-1.0, 1.0, 0.0]]))
        p.setBrush(Qt.BrushStyle.NoBrush)
        p.setPen(pen(style.theme.muted, style.px(0.8)))
        draw_polygon(p, QPolygonF([QPointF(x, y) for x, y, _ in seen.tolist()]))
        for axis, (name, ends) in enumerate(zip(names, self._plane, strict=True)):
            sides = ((0, 1), (3, 2)) if axis == 0 else ((0, 3), (1, 2))
            first, second = max(sides, key=lambda side: float(seen[side[0], 2] + seen[side[1], 2]))
            middle = (seen[first] + seen[second]) / 2.0
            is_left = middle[0] < (seen[:, 0].min() + seen[:, 0].max()) / 2.0
            outward = Align.AlignRight if is_left else Align.AlignLeft
            at_name = QPointF(middle[0] + style.px(-4 if is_left else 4), middle[1] + style.px(15))
            for share, value in ((0.1, ends[0]), (0.9, ends[1])):
                at, text = seen[first] + (seen[second] - seen[first]) * share, short(value, 2)
                label = QPointF(at[0] + style.px(-2 if is_left else 2), at[1] + style.px(8))
                write(p, style, label, text, colour=style.theme.muted, align=outward)
                if abs(label.y() - at_name.y()) < text_height(style):  # a low box: the name makes room
                    beyond = text_width(style, text) + style.px(6)
                    inner = label.x() - beyond if is_left else label.x() + beyond
                    at_name.setX(min(at_name.x(), inner) if is_left else max(at_name.x(), inner))
            room = max(at_name.x() if is_left else width - at_name.x(), 1.0) - style.px(4)
            write(p, style, at_name, elided(style, name, room), colour=style.theme.ink, align=outward)

    def paint_heights(self, p: QPainter, name: str, labels: Labels) -> None:
        """Draw the height axis at the leftmost corner; ``labels`` returns the texts of its ticks."""
        style, (low, high) = self._style, self._z
        corners = np.array([[x, y, 0.0] for x in (-1.0, 1.0) for y in (-1.0, 1.0)])
        corner = corners[int(self._screen(corners)[:, 0].argmin())]
        ends = self._screen(np.array([corner, corner + np.array([0.0, 0.0, HEIGHT])]))
        p.setPen(pen(style.theme.muted, style.px(0.8)))
        p.drawLine(QPointF(*ends[0, :2]), QPointF(*ends[1, :2]))
        levels = [level for level, _ in linear_ticks(low, high, 4)]
        above = math.inf
        for level, text in zip(levels, labels(levels), strict=True):
            at = self._screen(np.array([corner + np.array([0.0, 0.0, HEIGHT * (level - low) / (high - low)])]))[0]
            if above - at[1] < 0.95 * text_height(style):  # the labels of a low box would touch
                continue
            label_position, above = QPointF(at[0] - style.px(5), at[1]), float(at[1])
            write(p, style, label_position, text, colour=style.theme.muted, align=Align.AlignRight)
        top = QPointF(ends[1, 0], ends[1, 1] - style.px(10))
        write(p, style, top, name, colour=style.theme.ink, align=Align.AlignHCenter)


def _cell_colours(shares: Floats, shade: Floats, style: Style) -> list[QColor]:
    """Return the colour of each cell: paler with its height, ``shares (n,)``, darker where it faces away, ``shade (n,)``."""
    named = [QColor(each) for each in (style.theme.panel, style.theme.ink, style.theme.accent)]
    panel, ink, accent = (np.array([each.redF(), each.greenF(), each.blueF()]) for each in named)
    tints = panel + (0.45 - 0.35 * shares)[:, np.newaxis] * (accent - panel)
    mixed = tints + (0.04 + 0.22 * shade)[:, np.newaxis] * (ink - tints)
    return [QColor(r, g, b) for r, g, b in np.rint(255.0 * np.clip(mixed, 0.0, 1.0)).astype(np.int64).tolist()]


def room_beside(rect: QRectF, z_range: tuple[float, float], labels: Labels, style: Style) -> QRectF:
    """Return the part of ``rect`` for the box, with room for the texts of the height axis at its left."""
    levels = [level for level, _ in linear_ticks(*z_range, 4)]
    widest = max((text_width(style, text) for text in labels(levels)), default=0.0)
    return rect.adjusted(widest + style.px(10), style.px(14), -style.px(20), -style.px(26))


def paint_back_to_front(p: QPainter, parts: Callable[[QPainter], Sequence[Painted]]) -> None:
    """Paint ``parts`` of a painter, the farthest first, on a thread if the device can do that."""

    def paint_all(q: QPainter) -> None:
        device = q.device()
        ordered = (paint for _, paint in sorted(parts(q), key=lambda part: part[0]))
        for are_cells, group in groupby(ordered, key=lambda paint: isinstance(paint, Cell)):
            if are_cells and isinstance(device, PolygonWriter):
                cells = [cell for cell in group if isinstance(cell, Cell)]
                q.setPen(cells[0].edge)
                device.write_polygons(q, [(cell.polygon, cell.colour) for cell in cells])
            else:
                for paint in group:
                    give_way()
                    paint()

    paint_deferred(p, paint_all)


def line_of(p: QPainter, start: Floats, end: Floats, line: QPen) -> Callable[[], object]:
    """Return what draws a line between two projected points."""

    def paint() -> None:
        p.setPen(line)
        p.drawLine(QPointF(start[0], start[1]), QPointF(end[0], end[1]))

    return paint


def dot_of(p: QPainter, at: Floats, radius: float, colour: QColor, style: Style) -> Callable[[], object]:
    """Return what draws a dot at a projected point."""

    def paint() -> None:
        p.setPen(pen(style.theme.panel, style.px(1.5)))
        p.setBrush(colour)
        p.drawEllipse(QRectF(at[0] - radius, at[1] - radius, 2 * radius, 2 * radius))

    return paint


def _thinned(count: int, every: int) -> Floats:
    """Return every ``every``-th index below ``count``, and the last."""
    return np.unique([*range(0, count, every), count - 1])
