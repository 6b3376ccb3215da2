"""Draw the prediction over two inputs as a colour map, with the samples on top."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QImage, QPainter

from core.arrays import Floats
from playground.plots.output.borders import paint_borders
from playground.plots.output.data import MapData, OutputData, Points, points_of
from playground.plots.output.legend import (
    RADIUS,
    ROW,
    class_rows,
    paint_classes,
    paint_colour_bar,
    paint_marker,
    point_colour,
)
from playground.plots.output.panel import paint_facts, paint_upright_bar
from playground.plots.output.point_picture import PointPicture
from playground.plotting.canvas.canvas import EDGE, Area, Canvas
from playground.plotting.canvas.left_labels import left_margin_for
from playground.plotting.canvas.ticks import Ticks, linear_ticks
from playground.plotting.drawing.pencil import pen, read_out
from playground.plotting.pins.ghosts import Ghost
from playground.style.numbers import percent, short
from playground.style.theme import Style, Theme
from playground.widgets.heat_map import Colours, colours_of, rgb_image

LEGEND_ROW: Final = 18.0
"""Height of the legend below a map, in pixels at scale 1."""

# Sizes of the panel of an exported map, in pixels at scale 1.
PANEL_GAP: Final = 18.0
"""Distance from the map."""

MIN_PANEL: Final = 150.0
"""Minimum width beside the map."""

SCALE_ROOM: Final = 75.0
"""Width of a colour scale in the panel."""

NARROW_PANEL: Final = 90.0
"""Minimum width beside the map without a colour scale."""

MAX_PANEL: Final = 320.0
"""Maximum width."""

MIN_PANEL_HEIGHT: Final = 66.0
"""Minimum height below the map."""

SMALLER: Final = 0.7
"""Size of the marker of a test sample relative to that of a training sample in a printed theme."""

_EXPORT_SCALE = 8
"""Pixels per grid point along each axis in an exported map."""

LEFT: Final = 30.0
"""Minimum margin at the left, in pixels at scale 1."""


class MapPainter:
    """Draws :class:`MapData`; the image is cached until the prediction changes."""

    def __init__(self, canvas: Canvas) -> None:
        self._canvas = canvas
        self._image: QImage | None = None
        self._image_values: Floats | None = None
        self._image_theme = ""
        self._points = PointPicture(canvas)
        self._legend_below = 32.0
        self._panel: QRectF | None = None
        self._has_legend = False  # whether the panel replaces the legend below the map

    def arrange(self, data: MapData, style: Style) -> None:
        """Set the axes and margins of the map."""
        x_range, y_range = _limits(data.x), _limits(data.y)
        named = data.others or max(len(data.data.input_names[axis]) for axis in data.axes) > 3
        # Long names, which are menus on screen, get their own lines.
        top, bottom = (28.0, 58.0) if named else (8.0, 42.0)
        # Most often the labels at the left are as wide as before; then the plot keeps its place.
        left = max(LEFT, self._canvas.left_margin)
        self._place(data, style, left, top, bottom)
        up = _up(y_range, self._canvas.area().rect.height(), style)
        needed = left_margin_for(up, style, LEFT)
        if abs(needed - left) > 1e-6:
            self._place(data, style, needed, top, bottom)
        if self._canvas.still and data.probabilities is not None and self._panel is None:
            rows = class_rows(data, style, self._canvas.width() - 2 * style.px(EDGE))
            if rows:
                self._place(data, style, needed, top, bottom + ROW * (len(rows) - 1))
        self._canvas.set_ranges(x_range, y_range)
        first, second = (data.data.input_names[axis] for axis in data.axes)
        across = linear_ticks(*x_range, max(3, int(self._canvas.area().rect.width() / style.px(42))))
        self._legend_below = bottom - 10.0
        own_line = named and (self._canvas.still or not data.others)
        self._canvas.bottom.show_ticks(across, style, name=first if own_line or not named else "", inline=not named)
        self._canvas.left.show_ticks(up, style, name=second if own_line or not named else "", inline=not named)

    def _place(self, data: MapData, style: Style, left: float, top: float, bottom: float) -> None:
        """Set the margins; an exported square map has a panel beside or below it."""
        (x_low, x_high), (y_low, y_high) = _limits(data.x), _limits(data.y)
        square = bool(np.isclose(x_high - x_low, y_high - y_low))
        beside = self._canvas.still and square
        self._panel, self._has_legend = None, False
        if beside:
            self._place_beside(style, left, top, bottom, is_signed=data.probabilities is None)
        if self._panel is None:
            self._canvas.arrange(style, left=left, bottom=bottom, top=top, right=10, aspect=1.0 if square else None)
            if beside:
                self._panel = self._place_below(style, bottom)

    def paint_map(self, p: QPainter, area: Area, data: MapData, style: Style, *, is_compared: bool) -> None:
        """Draw the map, with borders where it is printed or compared with pinned runs."""
        image = self._map_image(data, style)
        p.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, True)
        # The outermost grid points lie on the edges of the plot, so half a pixel of the image lies outside.
        margin = 0.5
        if area.still:
            # PDF viewers do not smooth images whatever the hint, so interpolate before export.
            image = image.scaled(image.size() * _EXPORT_SCALE, mode=Qt.TransformationMode.SmoothTransformation)
            margin *= _EXPORT_SCALE
        inner = QRectF(margin, margin, image.width() - 2 * margin, image.height() - 2 * margin)
        p.drawImage(area.rect, image, inner)
        if style.theme.printed or is_compared:
            paint_borders(p, area, data, style, every=style.theme.printed)

    def paint_points(self, p: QPainter, area: Area, data: MapData, style: Style, *, test: bool) -> None:
        """Draw the points and the legend."""

        def draw(painter: QPainter) -> None:
            for points, is_test in _point_sets(data, test=test):
                _paint_points(painter, area, points, data, style, is_test=is_test)

        self._points.paint(p, area, (data.data, data.axes, style, test), draw)
        if self._panel is not None:
            left = self._panel.left()
            if self._has_legend and data.probabilities is None:
                left = paint_upright_bar(p, self._panel, data, style)
            paint_facts(p, self._panel.adjusted(left - self._panel.left(), 0.0, 0.0, 0.0), data, style)
        if self._has_legend:
            return
        y = area.rect.bottom() + style.px(self._legend_below)
        if data.probabilities is None:
            paint_colour_bar(p, area, y, data, style)
        elif self._panel is None:
            paint_classes(p, area, y, data, style, self._canvas.width())

    def _place_beside(self, style: Style, left: float, top: float, bottom: float, *, is_signed: bool) -> None:
        """Lay a square map out at the left of a panel with the legend, or of a narrow one without, if there is room."""
        for least, has_legend in ((MIN_PANEL + SCALE_ROOM * is_signed, True), (NARROW_PANEL, not is_signed)):
            low = bottom - LEGEND_ROW * has_legend
            self._canvas.arrange(style, left=left, bottom=low, top=top, right=10)
            rect = self._canvas.area().rect
            free = rect.width() - rect.height()
            if free >= style.px(least + PANEL_GAP):
                right = 10 + free / style.scale
                self._canvas.arrange(style, left=left, bottom=low, top=top, right=right, aspect=1.0)
                rect = self._canvas.area().rect
                beside = rect.right() + style.px(PANEL_GAP)
                width = min(self._canvas.width() - style.px(EDGE + 10) - beside, style.px(MAX_PANEL))
                self._panel, self._has_legend = QRectF(beside, rect.top(), width, rect.height()), has_legend
                return

    def _place_below(self, style: Style, bottom: float) -> QRectF | None:
        """Return the place of the panel below a square map in a high figure, if there is room for it."""
        rect = self._canvas.area().rect
        foot = self._canvas.captions.height_below(style, self._canvas.width())
        top = rect.bottom() + style.px(bottom)
        edge = style.px(EDGE + 2)
        room = QRectF(edge, top, self._canvas.width() - 2 * edge, self._canvas.height() - foot - style.px(4) - top)
        return room if room.height() >= style.px(MIN_PANEL_HEIGHT) else None

    @staticmethod
    def read_out(
        p: QPainter, area: Area, data: MapData, style: Style, mouse: QPointF, ghosts: Sequence[Ghost[OutputData]]
    ) -> None:
        """Draw the prediction under the mouse, and those of pinned runs."""
        x, y = area.value_at(mouse)
        names = data.data.input_names
        lines = [(names[data.axes[0]], short(x, 3)), (names[data.axes[1]], short(y, 3))]
        lines += _predicted(data, x, y)
        for ghost in ghosts:
            if isinstance(ghost.data, MapData):
                name, value = _predicted(ghost.data, x, y)[0]
                lines.append((f"{name}, {ghost.name}", value))
        read_out(p, style, mouse, area.rect, lines)

    def _map_image(self, data: MapData, style: Style) -> QImage:
        values = data.signed if data.signed is not None else data.probabilities
        if self._image is None or self._image_values is not values or self._image_theme != style.theme.name:
            pixels = _signed_pixels(data, style) if data.signed is not None else _class_pixels(data, style)
            self._image, self._image_values, self._image_theme = rgb_image(pixels[::-1]), values, style.theme.name
        return self._image


def _predicted(data: MapData, x: float, y: float) -> list[tuple[str, str]]:
    """Return the prediction at (x, y), or the three most likely classes with their shares."""
    column, row = int(np.abs(data.x - x).argmin()), int(np.abs(data.y - y).argmin())
    predictions = data.predictions
    if predictions is not None:
        return [("prediction", short(float(predictions[row, column]), 3))]
    shares = data.probabilities[row, column] if data.probabilities is not None else np.zeros(0)
    best = np.argsort(shares)[::-1][:3].tolist()
    return [(data.data.class_names[index], percent(float(shares[index]), 0)) for index in best]


def _limits(coordinates: Floats) -> tuple[float, float]:
    return float(coordinates[0]), float(coordinates[-1])


def _up(y_range: tuple[float, float], height: float, style: Style) -> Ticks:
    """Return the ticks of the left axis for a plot of ``height`` pixels."""
    return linear_ticks(*y_range, max(3, int(height / style.px(42))))


def _signed_pixels(data: MapData, style: Style) -> Colours:
    values = data.signed if data.signed is not None else np.zeros((1, 1))
    return colours_of(values, data.scale, _sign_table(style.theme))


@lru_cache(maxsize=4)
def _sign_table(theme: Theme) -> Colours:
    return theme.sign_table()


def _class_pixels(data: MapData, style: Style) -> Colours:
    """Blend the class colours by their shares, and with the panel colour, so that the points stand out."""
    shares = data.probabilities if data.probabilities is not None else np.zeros((1, 1, 1))
    count = shares.shape[2]
    colours = [style.theme.class_colour(index, count) for index in range(count)]
    table = np.array([[c.red(), c.green(), c.blue()] for c in colours], dtype=np.float64)
    panel = QColor(style.theme.panel)
    table = 0.62 * table + 0.38 * np.array([panel.red(), panel.green(), panel.blue()])
    # Squared shares emphasize the most likely class and keep a soft border.
    weight = shares * shares
    mixed = (weight @ table) / weight.sum(axis=2, keepdims=True)
    red, green, blue = np.moveaxis(np.clip(mixed + 0.5, 0, 255).astype(np.uint32), 2, 0)
    return np.asarray(0xFF000000 | red << 16 | green << 8 | blue, dtype=np.uint32)


def _point_sets(data: MapData, *, test: bool) -> list[tuple[Points, bool]]:
    sets = [(points_of(data.data, data.axes, test=False), False)]
    if test:
        sets.append((points_of(data.data, data.axes, test=True), True))
    return sets


def _paint_points(p: QPainter, area: Area, points: Points, data: MapData, style: Style, *, is_test: bool) -> None:
    """Draw points with an outline in the panel colour, or in ink for the test set."""
    xs, ys = area.xs(points.positions[:, 0]), area.ys(points.positions[:, 1])
    # Smaller points keep a small map visible.
    radius = min(style.px(RADIUS), max(area.rect.width() / 60.0, 1.5))
    outline = pen(style.theme.ink if is_test else style.theme.panel, min(style.px(1.3), 0.45 * radius))
    p.setPen(outline)
    inside = area.rect.adjusted(-1, -1, 1, 1)
    brushes: dict[float, QBrush] = {}
    numbered = style.theme.printed and data.data.coding != "value"
    for x, y, label in zip(xs.tolist(), ys.tolist(), points.labels.tolist(), strict=True):
        if not inside.contains(x, y):
            continue
        if numbered:
            paint_marker(p, QPointF(x, y), SMALLER * radius if is_test else radius, int(label), style)
            continue
        if label not in brushes:
            brushes[label] = QBrush(point_colour(label, data, style))
        p.setBrush(brushes[label])
        p.drawEllipse(QRectF(x - radius, y - radius, 2 * radius, 2 * radius))
