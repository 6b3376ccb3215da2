"""Draw forecast and measurement by layer in two panes with log axes: activations above, gradients below."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Final

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter
from typing_extensions import override

from core.arrays import Floats
from playground.plots.forecast.data import ForecastData
from playground.plotting.canvas.canvas import Area, Canvas
from playground.plotting.canvas.ranges import DecadeRange
from playground.plotting.canvas.ticks import Ticks, decade_ticks, thinned
from playground.plotting.drawing.outline import draw_polygon, draw_polyline
from playground.plotting.drawing.pencil import Align, faded, pen, polygon, read_out, text_width, write
from playground.plotting.pictures.layered_picture import LayeredPicture, column_box
from playground.plotting.pins.ghosts import Ghost, paint_ghost_curve, paint_ghost_dots
from playground.style.numbers import short
from playground.style.theme import Style

MAX_DECADES: Final = 120
"""Mean squares span twice as many decades as the gradients themselves."""

GAP: Final = 28.0
"""Space between the panes for the title of the lower one, in pixels at scale 1."""

ABOVE: Final = 12.0
"""Distance of a pane's title from its upper edge, on which dots can lie, in pixels at scale 1."""


LONG_NAMES: Final = ("E[a²], activations", "E[δ²], gradients")
SHORT_NAMES: Final = ("E[a²]", "E[δ²]")
WIDE: Final = 340.0
"""Minimum width for the long names beside the legend, in pixels at scale 1."""


class Pane:
    """One of the two panes; maps log₁₀ to its part of the vertical axis 0 … 1."""

    def __init__(self) -> None:
        self.bottom, self.top = 0.0, 1.0
        self.decades = DecadeRange(2, MAX_DECADES)
        self.low, self.high = 0, 1

    def fit(self, values: list[Floats]) -> None:
        """Choose a range that covers ``values``."""
        self.low, self.high = self.decades.fit(np.concatenate([np.ravel(each) for each in values]))

    def heights(self, values: Floats) -> Floats:
        """Return the axis positions of ``values``; values ≤ 0 lie at the bottom, non-finite values give NaN."""
        with np.errstate(divide="ignore", invalid="ignore"):
            logs = np.where(values > 0.0, np.log10(np.where(values > 0.0, values, 1.0)), self.low)
        logs = np.where(np.isfinite(values), np.clip(logs, self.low, self.high), np.nan)
        return np.asarray(self.bottom + (logs - self.low) / (self.high - self.low) * (self.top - self.bottom))

    def ticks(self, max_ticks: int) -> Ticks:
        """Return the ticks at whole decades."""
        return tuple(
            (self.bottom + (at - self.low) / (self.high - self.low) * (self.top - self.bottom), label)
            for at, label in decade_ticks(self.low, self.high, max_ticks)
        )


class ForecastPicture(LayeredPicture[ForecastData]):
    """Draws :class:`ForecastData` on a canvas."""

    def __init__(self, canvas: Canvas) -> None:
        super().__init__(canvas)
        self._panes = (Pane(), Pane())
        self._add_ghost_layer(self._paint_ghost, 0.5)
        self._add_layer(self._paint, 1)

    @override
    def _arrange(self, data: ForecastData, style: Style, before: ForecastData | None) -> None:
        every = self._all(data)
        count = max(len(each.measured.delta_mean_square) for each in every)
        self._canvas.arrange(style, left=44, bottom=36, top=26)
        self._canvas.set_ranges((0.4, count + 0.6), (0.0, 1.0))
        area = self._canvas.area()
        if before is not None and before.key != data.key:
            for pane in self._panes:
                pane.decades.clear()
        upper, lower = self._panes
        height = max(area.rect.height(), 1.0)
        half_gap = min(style.px(GAP) / height / 2, 0.2)
        upper.bottom, lower.top = 0.5 + half_gap, 0.5 - half_gap
        max_ticks = max(2, int(height * lower.top / style.px(28)))
        ticks: list[tuple[float, str]] = []
        for pane, values in zip(self._panes, zip(*map(self._values, every), strict=True), strict=True):
            pane.fit([each for of_run in values for each in of_run if each is not None])
            ticks += pane.ticks(max_ticks)
        self._canvas.left.show_ticks(tuple(ticks), style, hairlines=True)
        names = max(2, int(area.rect.width() / style.px(26)))
        labels = tuple((i + 1.0, "out" if i == count - 1 else str(i + 1)) for i in thinned(count, names))
        self._canvas.bottom.show_ticks(labels, style, name="layer")

    @override
    def _ghost_key(self) -> Hashable:
        return tuple((pane.low, pane.high, pane.bottom, pane.top) for pane in self._panes)

    def _paint_ghost(self, p: QPainter, area: Area, ghost: Ghost[ForecastData], style: Style) -> None:
        """Draw forecast and measured values of a pinned run, dashed and hollow."""
        for pane, (predicted, measured, _) in zip(self._panes, self._values(ghost.data), strict=True):
            xs = area.xs(np.arange(1.0, len(measured) + 1.0))
            paint_ghost_curve(p, area, xs, area.ys(pane.heights(predicted)), ghost, style)
            paint_ghost_dots(p, xs, area.ys(pane.heights(measured)), ghost, style, _radius(area, style))

    @staticmethod
    def _values(data: ForecastData) -> tuple[tuple[Floats, Floats, Floats | None], ...]:
        """Return (predicted, measured, band) of the activations, then of δ."""
        predicted, measured = data.predicted, data.measured
        return (
            (predicted.activation_mean_square, measured.activation_mean_square, data.activation_band),
            (predicted.delta_mean_square, measured.delta_mean_square, data.delta_band),
        )

    @override
    def _layer_count(self, data: ForecastData) -> int:
        return len(data.measured.delta_mean_square)

    @override
    def _layer_box(self, area: Area, data: ForecastData, layer: int) -> QRectF:
        return column_box(area, layer + 1.0)

    # -- painting ----------------------------------------------------------------------------------------------------

    def _paint(self, p: QPainter, area: Area, data: ForecastData, style: Style) -> None:
        names = LONG_NAMES if area.rect.width() >= style.px(WIDE) else SHORT_NAMES
        for pane, values, name in zip(self._panes, self._values(data), names, strict=True):
            self._paint_pane(p, area, style, pane, *values)
            right = QPointF(area.rect.right(), area.y(pane.top) - style.px(ABOVE))
            write(p, style, right, name, colour=style.theme.muted, align=Align.AlignRight)
        _paint_legend(p, area, style, names[0], data)
        mouse = self._hover
        if mouse is None or not area.rect.contains(mouse):
            return
        count = len(data.measured.delta_mean_square)
        index = min(max(round(area.value_at(mouse)[0]) - 1, 0), count - 1)
        p.setPen(pen(style.theme.faint))
        x = area.x(index + 1.0)
        p.drawLine(QPointF(x, area.rect.top()), QPointF(x, area.rect.bottom()))
        read_out(p, style, QPointF(x, mouse.y()), area.rect, self._lines(data, index, count))

    def _lines(self, data: ForecastData, index: int, count: int) -> list[tuple[str, str]]:
        lines = [("Output" if index == count - 1 else f"Hidden {index + 1}", "")]
        for symbol, (predicted, measured, band) in zip(("E[a²]", "E[δ²]"), self._values(data), strict=True):
            lines.append((f"{symbol} forecast", short(float(predicted[index]), 3)))
            lines.append((f"{symbol} measured", short(float(measured[index]), 3)))
            if band is not None:
                lines.append(("20 seeds", f"{short(float(band[0, index]), 2)} … {short(float(band[1, index]), 2)}"))
        for ghost in self._drawn:
            for symbol, (_, measured, _) in zip(("E[a²]", "E[δ²]"), self._values(ghost.data), strict=True):
                if index < len(measured):
                    lines.append((f"{symbol}, {ghost.name}", short(float(measured[index]), 3)))
        return lines

    @staticmethod
    def _paint_pane(
        p: QPainter, area: Area, style: Style, pane: Pane, predicted: Floats, measured: Floats, band: Floats | None
    ) -> None:
        count = len(measured)
        xs = area.xs(np.arange(1.0, count + 1.0))
        if band is not None:
            low, high = area.ys(pane.heights(band[0])), area.ys(pane.heights(band[1]))
            finite = np.isfinite(low) & np.isfinite(high)
            p.setPen(Qt.PenStyle.NoPen)
            p.setBrush(faded(style.theme.muted, 0.22))
            outline = np.concatenate([xs[finite], xs[finite][::-1]]), np.concatenate([low[finite], high[finite][::-1]])
            draw_polygon(p, polygon(*outline))
        line = area.ys(pane.heights(predicted))
        p.setBrush(Qt.BrushStyle.NoBrush)
        p.setPen(pen(style.theme.ink, style.px(1.3)))
        known = np.isfinite(line)
        draw_polyline(p, polygon(xs[known], line[known]))
        radius = _radius(area, style)
        p.setPen(pen(style.theme.panel, min(style.px(1), radius / 3)))
        for index, y in enumerate(area.ys(pane.heights(measured)).tolist()):
            if np.isfinite(y):
                p.setBrush(style.theme.layer_colour(index, count))
                p.drawEllipse(QPointF(float(xs[index]), y), radius, radius)


def _radius(area: Area, style: Style) -> float:
    """Return the radius of a dot in pixels."""
    low, high = area.x_range
    return min(style.px(3.6), max(area.rect.width() / (high - low) * 0.4, style.px(1.2)))


def _paint_legend(p: QPainter, area: Area, style: Style, beside: str, data: ForecastData) -> None:
    x, y = area.rect.left() - style.px(30), area.rect.top() - style.px(17)
    room = area.rect.right() - text_width(style, beside) - style.px(12)
    entries = [("measured", "dot")]
    if np.isfinite(data.predicted.activation_mean_square).any():
        entries.insert(0, ("forecast", "line"))
    if data.band is not None:
        entries.append(("20 seeds", "band"))
    for word, kind in entries:
        if x + style.px(20) + text_width(style, word) > room:
            return
        middle = x + style.px(7)
        if kind == "line":
            p.setPen(pen(style.theme.ink, style.px(1.3)))
            p.drawLine(QPointF(x, y), QPointF(x + style.px(14), y))
        elif kind == "dot":
            p.setPen(Qt.PenStyle.NoPen)
            p.setBrush(style.theme.layer_colour(1, 3))
            p.drawEllipse(QPointF(middle, y), style.px(3.6), style.px(3.6))
        else:
            p.fillRect(QRectF(x, y - style.px(5), style.px(14), style.px(10)), faded(style.theme.muted, 0.22))
        write(p, style, QPointF(x + style.px(18), y), word, colour=style.theme.muted)
        x += style.px(28) + text_width(style, word)
