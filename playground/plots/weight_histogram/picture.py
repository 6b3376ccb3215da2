"""Draw each layer's weight distribution as a ridge over a common axis, with the initial distribution dashed."""

from __future__ import annotations

from typing import Final

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter
from typing_extensions import override

from core.arrays import Floats
from playground.plots.weight_histogram.densities import Ridge, WeightData
from playground.plotting.canvas.canvas import Area, Canvas
from playground.plotting.canvas.ticks import linear_ticks, thinned
from playground.plotting.drawing.layer_names import weight_name
from playground.plotting.drawing.outline import draw_polygon, draw_polyline
from playground.plotting.drawing.pencil import Align, dashed_pen, faded, pen, polygon, read_out, write
from playground.plotting.pictures.picture import Picture
from playground.plotting.pins.ghosts import Ghost, paint_ghost_curve
from playground.style.numbers import short, thousands
from playground.style.patterns import fill_polygon
from playground.style.theme import Style

DETAILED: Final = 12
"""Maximum number of layers for which ridges have base lines and dashed initial distributions."""


def overlap(count: int) -> float:
    """Return the height of a ridge in rows; with many thin rows, ridges overlap their neighbours."""
    return 1.45 if count <= DETAILED else 3.2


class WeightPicture(Picture[WeightData]):
    """Draws :class:`WeightData` on a canvas."""

    def __init__(self, canvas: Canvas) -> None:
        super().__init__(canvas)
        self._add_layer(self._paint, 1)

    @override
    def _arrange(self, data: WeightData, style: Style, before: WeightData | None) -> None:
        every = self._all(data)
        count, reach = max(len(each.ridges) for each in every), max(each.reach for each in every)
        still = self._canvas.still
        self._canvas.arrange(style, left=30, bottom=36 if still else 20, top=20 if count <= DETAILED else 6, right=6)
        area = self._canvas.area()
        # Row i has its base at −i; the first ridge needs room above its base.
        self._canvas.set_ranges((-reach, reach), (0.7 - count if count > 1 else -0.12, overlap(count)))
        max_ticks = max(3, int(area.rect.width() / style.px(44)))
        ticks = linear_ticks(-reach, reach, max_ticks)
        self._canvas.bottom.show_ticks(ticks, style, name="weight w" if still else "")
        names = thinned(count, max(2, int(area.rect.height() / style.px(15))))
        self._canvas.left.show_ticks(tuple((-float(i) + 0.02, weight_name(i)) for i in names), style)

    def _paint(self, p: QPainter, area: Area, data: WeightData, style: Style) -> None:
        zero = area.x(0.0)
        p.setPen(pen(style.theme.line, max(1.0, style.scale)))
        p.drawLine(QPointF(zero, area.rect.top()), QPointF(zero, area.rect.bottom()))
        xs = area.xs(data.centres)
        row = area.y(0.0) - area.y(1.0)
        count = len(data.ridges)
        if count > DETAILED and not style.theme.printed:
            _paint_thin_ridges(p, area, data, style)
        else:
            for index, ridge in enumerate(data.ridges):
                self._paint_ridge(p, area, style, index, count, ridge, xs, row)
        for ghost in self._drawn:
            _paint_ghost(p, area, ghost, data, style)
        if count <= DETAILED:
            at = QPointF(area.rect.right(), area.rect.top() - style.px(10))
            write(p, style, at, "dashed: initial", colour=style.theme.muted, align=Align.AlignRight)
        self._paint_front(p, area, data, style)

    def _paint_front(self, p: QPainter, area: Area, data: WeightData, style: Style) -> None:
        count = len(data.ridges)
        if self._hover is not None and area.rect.contains(self._hover):
            index = int(np.clip(np.ceil(-area.value_at(self._hover)[1]), 0, count - 1))
            self._paint_read_out(p, area, style, index, data.ridges[index], self._hover)

    def _paint_ridge(
        self, p: QPainter, area: Area, style: Style, index: int, count: int, ridge: Ridge, xs: Floats, row: float
    ) -> None:
        colour = style.theme.layer_colour(index, count)
        base = area.y(-float(index))
        highest, full = float(ridge.density.max(initial=0.0)), overlap(count) * 0.94 * row
        scale = _scale(ridge, full)
        p.setPen(pen(colour, _outline_width(area, style)))
        if count <= DETAILED:
            p.drawLine(QPointF(area.rect.left(), base), QPointF(area.rect.right(), base))
        if highest > 0.0:
            used = np.flatnonzero(ridge.density > highest * 2e-3)
            # Thin rows need only every second bin.
            part = slice(max(int(used[0]) - 1, 0), int(used[-1]) + 2, 1 if count <= DETAILED or area.still else 2)
            heights = base - ridge.density[part] * scale
            x = np.concatenate([xs[part][:1], xs[part], xs[part][-1:]])
            outline = polygon(x, np.concatenate([[base], heights, [base]]))
            if style.theme.printed:
                fill_polygon(p, outline, style, colour, index)
            else:
                p.setBrush(faded(colour, 0.72))
                draw_polygon(p, outline)
        if count <= DETAILED:
            self._paint_start(p, area, style, ridge, xs, base, scale, full)

    @staticmethod
    def _paint_start(
        p: QPainter, area: Area, style: Style, ridge: Ridge, xs: Floats, base: float, scale: float, max_height: float
    ) -> None:
        p.setBrush(Qt.BrushStyle.NoBrush)
        p.setPen(dashed_pen(faded(style.theme.ink, 0.8), style.px(1), style.px(3), style.px(2.5)))
        if ridge.start is not None:
            inside = np.flatnonzero(ridge.start > 0.0)
            if not len(inside):
                return
            tops = base - np.minimum(ridge.start[inside] * scale, max_height)
            x = np.concatenate([xs[inside][:1], xs[inside], xs[inside][-1:]])
            draw_polyline(p, polygon(x, np.concatenate([[base], tops, [base]])))
        elif ridge.spike is not None and area.x_range[0] <= ridge.spike <= area.x_range[1]:
            column = area.x(ridge.spike)
            p.drawLine(QPointF(column, base), QPointF(column, base - max_height))

    @staticmethod
    def _paint_read_out(p: QPainter, area: Area, style: Style, index: int, ridge: Ridge, mouse: QPointF) -> None:
        lines = [(weight_name(index), f"{thousands(ridge.count)} weights")]
        lines.append(("w", short(area.value_at(mouse)[0], 3)))
        if ridge.outside:
            lines.append(("outside the axis", thousands(ridge.outside)))
        if ridge.broken:
            lines.append(("∞ or NaN", thousands(ridge.broken)))
        read_out(p, style, mouse, area.rect, lines)


def _outline_width(area: Area, style: Style) -> float:
    """Return the width of the outlines in pixels: on a slide, lines are 4 px wide."""
    return style.px(1.4) if area.still else 1.0


def _paint_thin_ridges(p: QPainter, area: Area, data: WeightData, style: Style) -> None:
    """Draw many ridges; their outlines are computed at once, which halves the time."""
    count, full = len(data.ridges), overlap(len(data.ridges)) * 0.94 * (area.y(0.0) - area.y(1.0))
    densities = np.stack([ridge.density for ridge in data.ridges])
    highest = densities.max(axis=1)
    used = densities > highest[:, None] * 2e-3
    firsts = np.maximum(used.argmax(axis=1) - 1, 0).tolist()
    lasts = (used.shape[1] + 1 - used[:, ::-1].argmax(axis=1)).tolist()
    bases = area.ys(-np.arange(count, dtype=np.float64))
    heights = bases[:, None] - densities * np.array([_scale(ridge, full) for ridge in data.ridges])[:, None]
    xs, step = area.xs(data.centres), 1 if area.still else 2  # thin rows need only every second bin
    outline = np.empty((len(xs) + 2, 2))
    width = _outline_width(area, style)
    for index in np.flatnonzero(highest > 0.0).tolist():
        part = slice(firsts[index], lasts[index], step)
        x = xs[part]
        size = len(x) + 2
        outline[1 : size - 1, 0], outline[1 : size - 1, 1] = x, heights[index, part]
        outline[0], outline[size - 1] = (x[0], bases[index]), (x[-1], bases[index])
        colour = style.theme.layer_colour(index, count)
        p.setPen(pen(colour, width))
        p.setBrush(faded(colour, 0.72))
        draw_polygon(p, polygon(outline[:size, 0], outline[:size, 1]))


def _scale(ridge: Ridge, full: float) -> float:
    """Return the height in pixels of a density of 1, so that the ridge is at most ``full`` pixels high."""
    highest = float(ridge.density.max(initial=0.0))
    # Both densities share a scale, but a much narrower initial distribution must not flatten the ridge.
    start_high = float(ridge.start.max(initial=0.0)) if ridge.start is not None else 0.0
    return full / max(highest, min(start_high, 2.0 * highest) if highest else start_high, 1e-300)


def _paint_ghost(p: QPainter, area: Area, ghost: Ghost[WeightData], data: WeightData, style: Style) -> None:
    """Draw the outlines of a pinned run's ridges, to the scale of the current ones, cut where they would reach too high."""
    centres, densities, rows = ghost.data.outlines
    count = max(len(ghost.data.ridges), len(data.ridges))
    full = overlap(count) * 0.94 * (area.y(0.0) - area.y(1.0))
    current = (*data.ridges, *ghost.data.ridges[len(data.ridges) :])
    scales = np.array([_scale(ridge, full) for ridge in current])
    with np.errstate(over="ignore"):
        heights = np.minimum(densities * scales[rows], full)
    ys = area.ys(-rows.astype(np.float64)) - heights
    paint_ghost_curve(p, area, area.xs(centres), ys, ghost, style)
