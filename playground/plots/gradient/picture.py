"""Draw one magnitude per layer as bars on a log axis, with a trail of past values."""

from __future__ import annotations

import math
from typing import Final, TypeAlias

import numpy as np
from msgspec import Struct
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPen
from typing_extensions import override

from core.arrays import Floats
from playground.plots.curve_legend import LEGEND_HEIGHT, paint_legend
from playground.plots.gradient.labels import Bars, max_lines, paint_labels
from playground.plotting.canvas.canvas import Area, Canvas
from playground.plotting.canvas.ranges import DecadeRange
from playground.plotting.canvas.ticks import decades_up, thinned
from playground.plotting.drawing.layer_names import weight_name
from playground.plotting.drawing.outline import draw_polyline
from playground.plotting.drawing.pencil import faded, pen, polygon, read_out, text_height
from playground.plotting.pictures.layered_picture import LayeredPicture, column_box
from playground.plotting.pins.ghosts import Ghost, paint_ghost_curve
from playground.style.numbers import short
from playground.style.patterns import fill_rect
from playground.style.theme import Style

MIN_DECADES: Final = 3
MANY: Final = 16
"""With more layers than this, bars are too thin for individual trails."""

MAX_DECADES: Final = 60
"""Gradients through fifty sigmoid layers span more than forty decades, all of which must stay visible."""


NORMAL: Final = 0.22
"""Opacity of the band of the normal range."""

Limits: TypeAlias = tuple[Floats, Floats]
"""Lower and upper limits of the normal range of each layer, both (layers,); NaN for layers without one."""


class GradientData(Struct, frozen=True):
    """Data of the gradient plot.

    Attributes:
        values: (layers,), the current magnitudes; may contain 0, inf and NaN.
        trail: past magnitudes, oldest first, each (layers,).
        quantity: name of the magnitude in the readout.
        forecast: (layers,), predicted magnitudes; NaN for layers without a forecast, ``None`` without a theory.
        normal: limits of the normal ranges; ``None`` if unknown.
    """

    values: Floats
    trail: tuple[Floats, ...]
    quantity: str
    forecast: Floats | None = None
    normal: Limits | None = None


class GradientPicture(LayeredPicture[GradientData]):
    """Draws :class:`GradientData` on a canvas."""

    def __init__(self, canvas: Canvas) -> None:
        super().__init__(canvas)
        self._decades = DecadeRange(MIN_DECADES, MAX_DECADES)
        self._trail_place: object = None
        self._lines: list[tuple[QPen, QLineF]] = []
        self._add_layer(self._paint_normal, -5)
        self._add_layer(self._paint, 1)
        self._add_ghost_layer(self._paint_ghost, 1.5)
        self._add_layer(self._paint_front, 2)

    @override
    def _arrange(self, data: GradientData, style: Style, before: GradientData | None) -> None:
        if before is not None and before.quantity != data.quantity:
            self._decades.clear()
        every = self._all(data)
        count = max(len(each.values) for each in every)
        known = np.concatenate([_known(each.forecast) for each in every])
        has_legend = len(known) > 0 or data.normal is not None
        still = self._canvas.still  # on screen, title and menu name the axes
        above = LEGEND_HEIGHT if has_legend or still else 8.0
        self._canvas.arrange(style, left=42, bottom=36 if still else 20, top=above)
        area = self._canvas.area()
        low, high = self._decades.fit(
            np.concatenate([*(each.values for each in every), known, *(past for each in every for past in each.trail)])
        )
        # Leave space for the number above the highest bar.
        lines = max_lines(area.rect.width() / (count + 0.2), style)
        room = style.px(22) + text_height(style) * (lines - 1)
        head = room / max(area.rect.height(), 1.0) * (high - low)
        top = max(float(high), max(map(self._highest, every)) + head)
        self._canvas.set_ranges((-0.6, count - 0.4), (float(low), top))
        name = data.quantity if still else ""
        self._canvas.left.show_ticks(decades_up(low, high, area.rect.height(), style), style, name=name, hairlines=True)
        names = max(2, int(area.rect.width() / style.px(24)))
        ticks = tuple((float(i), weight_name(i)) for i in thinned(count, names))
        self._canvas.bottom.show_ticks(ticks, style, name="layer" if still else "")

    @staticmethod
    def _highest(data: GradientData) -> float:
        usable = data.values[np.isfinite(data.values) & (data.values > 0.0)]
        return float(np.log10(usable.max())) if usable.size else -math.inf

    @override
    def _layer_count(self, data: GradientData) -> int:
        return len(data.values)

    @override
    def _layer_box(self, area: Area, data: GradientData, layer: int) -> QRectF:
        return column_box(area, float(layer))

    # -- painting ----------------------------------------------------------------------------------------------------

    @staticmethod
    def _paint_normal(p: QPainter, area: Area, data: GradientData, style: Style) -> None:
        """Draw the normal range of each layer as a pale band behind its bar."""
        if data.normal is None:
            return
        low, high = (area.ys(_logs(each, area)) for each in data.normal)
        p.setRenderHint(QPainter.RenderHint.Antialiasing, False)  # no seams between adjacent bands
        p.setPen(Qt.PenStyle.NoPen)
        p.setBrush(faded(style.theme.muted, NORMAL))
        for index in np.flatnonzero(np.isfinite(data.normal[0]) & np.isfinite(data.normal[1])).tolist():
            box = column_box(area, float(index))
            p.drawRect(QRectF(box.left(), high[index], box.width(), low[index] - high[index]))
        p.setRenderHint(QPainter.RenderHint.Antialiasing, True)

    @staticmethod
    def _paint_legend(p: QPainter, area: Area, data: GradientData, style: Style) -> None:
        lines = []
        if data.normal is not None:
            sample = pen(faded(style.theme.muted, NORMAL), style.px(9))
            sample.setCapStyle(Qt.PenCapStyle.FlatCap)
            lines.append(("normal", sample, style.theme.muted))
        if len(_known(data.forecast)):
            lines.append(("forecast", pen(style.theme.ink, style.px(1.3)), style.theme.muted))
        if lines:
            paint_legend(p, area, lines, (), style)

    def _paint(self, p: QPainter, area: Area, data: GradientData, style: Style) -> None:
        count = len(data.values)
        width = _bar_width(area, style)
        tops = area.ys(_logs(data.values, area))
        self._paint_trail(p, area, data, style, width)
        for index in range(count):
            x = area.x(float(index))
            self._paint_bar(
                p, area, style, index, QRectF(x - width / 2, tops[index], width, area.rect.bottom() - tops[index])
            )
        forecast = data.forecast
        if forecast is not None and len(_known(forecast)):
            self._paint_forecast(p, area, forecast, style)
        elif count <= MANY:
            self._paint_line(p, area, data, style, tops)
        self._paint_legend(p, area, data, style)

    @staticmethod
    def _paint_ghost(p: QPainter, area: Area, ghost: Ghost[GradientData], style: Style) -> None:
        """Draw a dashed line at the height of each bar of a pinned run; through all of them where bars are thin."""
        values = ghost.data.values
        heights = area.ys(_logs(values, area))
        xs = area.xs(np.arange(len(values), dtype=np.float64))
        if len(values) > MANY:
            paint_ghost_curve(p, area, xs, np.where(np.isfinite(values), heights, np.nan), ghost, style)
            return
        half = min(_cell(area) * 0.46, style.px(64))
        halo, line = pen(faded(style.theme.panel, 0.8), style.px(3.5)), ghost.pen(style, 2.0)
        for stroke in (halo, line):
            p.setPen(stroke)
            for x, y, value in zip(xs.tolist(), heights.tolist(), values.tolist(), strict=True):
                if math.isfinite(value):
                    p.drawLine(QPointF(x - half, y), QPointF(x + half, y))

    def _paint_front(self, p: QPainter, area: Area, data: GradientData, style: Style) -> None:
        """Write the numbers over the bars, and what the mouse points at."""
        count = len(data.values)
        drawn = (data.forecast, *(ghost.data.values for ghost in self._drawn))
        heights = [
            np.where(np.isfinite(each), area.ys(_logs(each, area)), np.nan) for each in drawn if each is not None
        ]
        bars = Bars(data.values, area.ys(_logs(data.values, area)), _bar_width(area, style), heights)
        paint_labels(p, area, bars, style, _cell(area))
        if self._hover is not None and area.rect.contains(self._hover):
            index = round(area.value_at(self._hover)[0])
            named = [(f"{data.quantity} {weight_name(index)}", data), *((each.name, each.data) for each in self._drawn)]
            lines = [(n, short(float(each.values[index]))) for n, each in named if 0 <= index < len(each.values)]
            forecast = data.forecast
            if forecast is not None and 0 <= index < len(forecast) and np.isfinite(forecast[index]):
                lines.insert(1, ("forecast", short(float(forecast[index]))))
            if data.normal is not None and 0 <= index < count and np.isfinite(data.normal[0][index]):
                low, high = (short(float(each[index]), 2) for each in data.normal)
                lines.append(("normal", f"{low} … {high}"))
            if lines:
                read_out(p, style, QPointF(area.x(float(index)), self._hover.y()), area.rect, lines)

    def _paint_trail(self, p: QPainter, area: Area, data: GradientData, style: Style, width: float) -> None:
        count, length = len(data.values), len(data.trail)
        if not length:
            return
        past = area.ys(_logs(np.concatenate(data.trail), area)).reshape(length, count)
        p.setRenderHint(QPainter.RenderHint.Antialiasing, area.still)
        if count > MANY:
            # For many thin bars, draw one line per point in time, through all layers.
            xs = area.xs(np.arange(count, dtype=np.float64))
            p.setRenderHint(QPainter.RenderHint.Antialiasing, True)
            for age in range(length):
                p.setPen(pen(faded(style.theme.muted, 0.06 + 0.34 * (age + 1) / length), style.px(1)))
                draw_polyline(p, polygon(xs, past[age]))
            return
        for stroke, line in self._trail_lines(past, area, style, width):
            p.setPen(stroke)
            p.drawLine(line)
        p.setRenderHint(QPainter.RenderHint.Antialiasing, True)

    def _trail_lines(self, past: Floats, area: Area, style: Style, width: float) -> list[tuple[QPen, QLineF]]:
        """Return the lines of the trail, which is far older than one frame, at the heights ``past`` (times, layers)."""
        place = (past.shape, past.tobytes(), area.x(0.0), area.x(1.0), width, style)
        if place != self._trail_place:
            self._trail_place, self._lines = place, []
            length, count = past.shape
            for age, index in np.ndindex(length, count):
                x, y = area.x(float(index)), float(past[age, index])
                colour = faded(style.theme.layer_colour(index, count), 0.10 + 0.60 * (age + 1) / length)
                line = QLineF(x - width / 2, y, x + width / 2, y)
                stroke = pen(colour, max(1.0, style.scale))
                # The ends of other caps would show beside the bar and the number.
                stroke.setCapStyle(Qt.PenCapStyle.FlatCap)
                self._lines.append((stroke, line))
        return self._lines

    def _paint_bar(self, p: QPainter, area: Area, style: Style, index: int, bar: QRectF) -> None:
        data = self._data
        if data is None:
            return
        value = float(data.values[index])
        colour = style.theme.layer_colour(index, len(data.values))
        p.setPen(Qt.PenStyle.NoPen)
        if math.isfinite(value) and value > 0.0:
            fill_rect(p, bar, style, colour, index, style.px(2) if bar.width() > style.px(8) else 0.0)
        elif value == 0.0:
            p.setBrush(colour)
            p.drawRect(QRectF(bar.left(), area.rect.bottom() - style.px(2), bar.width(), style.px(2)))
        else:
            _hatch(p, QRectF(bar.left(), area.rect.top(), bar.width(), area.rect.height()), colour, style)

    @staticmethod
    def _paint_forecast(p: QPainter, area: Area, forecast: Floats, style: Style) -> None:
        """Draw the forecast as a line with a casing, which sets it off from bars as dark or as light as itself."""
        finite = np.flatnonzero(np.isfinite(forecast))
        heights = area.ys(_logs(forecast[finite], area))
        line = polygon(area.xs(finite.astype(np.float64)), heights)
        p.setBrush(Qt.BrushStyle.NoBrush)
        for stroke in (pen(faded(style.theme.panel, 0.8), style.px(3.3)), pen(style.theme.ink, style.px(1.3))):
            p.setPen(stroke)
            draw_polyline(p, line)

    @staticmethod
    def _paint_line(p: QPainter, area: Area, data: GradientData, style: Style, tops: Floats) -> None:
        """Connect the tops of adjacent bars with finite, positive values."""
        positive_finite = np.isfinite(data.values) & (data.values > 0.0)
        if len(tops) < 2:
            return
        dots = pen(style.theme.ink, style.px(1.3), Qt.PenStyle.CustomDashLine)
        dots.setDashPattern([1.2, 2.2])
        dots.setCapStyle(Qt.PenCapStyle.FlatCap)
        p.setPen(dots)
        for run in np.split(np.arange(len(tops)), np.flatnonzero(~positive_finite)):
            kept = run[positive_finite[run]]
            if len(kept) > 1:
                draw_polyline(p, polygon(area.xs(kept.astype(np.float64)), tops[kept]))


def _known(forecast: Floats | None) -> Floats:
    """Return the finite forecasts; none if there are fewer than two, too few for a line."""
    known = np.zeros(0) if forecast is None else forecast[np.isfinite(forecast)]
    return known if len(known) > 1 else known[:0]


def _cell(area: Area) -> float:
    """Return the width of a layer's column in pixels."""
    low, high = area.x_range
    return area.rect.width() / (high - low)


def _bar_width(area: Area, style: Style) -> float:
    return max(min(_cell(area) * 0.72, style.px(110)), 1.0)


def _logs(values: Floats, area: Area) -> Floats:
    """Return log₁₀ of ``values`` clipped to the axis: 0 at the bottom, inf and NaN at the top."""
    low, high = area.y_range
    positive = np.where(values > 0.0, values, 1.0)
    logs = np.where(values > 0.0, np.log10(positive), low)
    return np.clip(np.where(np.isfinite(values), logs, high), low, high)


def _hatch(p: QPainter, rect: QRectF, colour: QColor, style: Style) -> None:
    """Hatch ``rect``, for values that have no height."""
    p.setBrush(QBrush(faded(colour, 0.18)))
    p.drawRect(rect)
    p.setPen(pen(faded(colour, 0.8), max(1.0, style.scale)))
    step = style.px(6)
    offset = -rect.width()
    while offset < rect.height():
        # Each line is diagonal and clipped to the bar.
        start, end = max(offset, 0.0), min(offset + rect.width(), rect.height())
        if end > start:
            p.drawLine(
                QPointF(rect.left() + start - offset, rect.bottom() - start),
                QPointF(rect.left() + end - offset, rect.bottom() - end),
            )
        offset += step
