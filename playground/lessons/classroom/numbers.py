"""A dot plot of the numbers that a class predicted, with their median, quartiles and the measured number."""

from __future__ import annotations

import math
from collections import Counter
from typing import Final

import numpy as np
from msgspec import Struct
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter
from typing_extensions import override

from core.arrays import Floats
from core.lessons.classroom.statistics import Spread
from playground.plotting.canvas.canvas import Area, Canvas
from playground.plotting.canvas.pin_legend import pin_colour
from playground.plotting.canvas.ranges import SpanRange
from playground.plotting.canvas.ticks import decade_ticks, linear_ticks
from playground.plotting.drawing.pencil import Align, faded, pen, read_out, text_width, write
from playground.plotting.pictures.picture import Picture
from playground.style.numbers import short
from playground.style.theme import Style

DOT: Final = 4.5
LOG_RATIO: Final = 100.0
"""Positive numbers that span at least this factor are drawn on a logarithmic axis."""


class ClassNumbers(Struct, frozen=True, eq=False):
    """Data of the picture.

    Attributes:
        values: the predicted numbers.
        names: the learners' names, in the same order; empty where they are not shown.
        spread: their quartiles; ``None`` without numbers.
        truth: the measured number; ``None`` if it is not known.
        unit: the unit of the numbers.
    """

    values: tuple[float, ...]
    names: tuple[str, ...]
    spread: Spread | None
    truth: float | None
    unit: str

    @property
    def all_numbers(self) -> list[float]:
        """All numbers that the axis must show."""
        known = self.truth is not None and math.isfinite(self.truth)
        return [*self.values, *([self.truth] if known and self.truth is not None else [])]

    @property
    def log(self) -> bool:
        """Whether the axis is logarithmic."""
        values = self.all_numbers
        return bool(values) and min(values) > 0.0 and max(values) / min(values) >= LOG_RATIO

    def position(self, value: float) -> float:
        """Return ``value`` in the coordinate of the axis."""
        return math.log10(value) if self.log else value


class ClassNumbersPicture(Picture[ClassNumbers]):
    """Draws :class:`ClassNumbers` on a canvas."""

    def __init__(self, canvas: Canvas) -> None:
        super().__init__(canvas)
        self._add_layer(self._paint, 1)

    @override
    def _arrange(self, data: ClassNumbers, style: Style, before: ClassNumbers | None) -> None:
        self._canvas.arrange(style, left=16, bottom=38, right=16, top=44)
        area = self._canvas.area()
        low, high = self._axis_range(data)
        self._canvas.set_ranges((low, high), (0.0, 1.0))
        across = max(2, int(area.rect.width() / style.px(60)))
        decades = decade_ticks(math.ceil(low), math.floor(high), across)[::-1] if data.log else ()
        self._canvas.bottom.show_ticks(
            decades or linear_ticks(low, high, across), style, name=data.unit, hairlines=True
        )

    @staticmethod
    def _axis_range(data: ClassNumbers) -> tuple[float, float]:
        positions = [data.position(value) for value in data.all_numbers]
        if not positions:
            return 0.0, 1.0
        if data.log:
            return math.floor(min(positions) - 0.1), math.ceil(max(positions) + 0.1)
        return SpanRange().fit(min(positions), max(positions))

    def _dots(self, area: Area, data: ClassNumbers, style: Style) -> tuple[Floats, Floats, float]:
        """Return the centres (n,), (n,) of the dots and their radius; equal numbers are stacked."""
        if not data.values:
            return np.zeros(0), np.zeros(0), 0.0
        columns = [round(area.x(data.position(value)) / style.px(2 * DOT + 1)) for value in data.values]
        tallest = max(Counter(columns).values())
        radius = min(style.px(DOT), area.rect.height() / (2.0 * tallest + 1.0))
        xs, ys, height = [], [], Counter[int]()
        for value, column in zip(data.values, columns, strict=True):
            xs.append(area.x(data.position(value)) if tallest == 1 else column * style.px(2 * DOT + 1))
            ys.append(area.rect.bottom() - radius * (2 * height[column] + 1.5))
            height[column] += 1
        return np.array(xs), np.array(ys), radius

    def _paint(self, p: QPainter, area: Area, data: ClassNumbers, style: Style) -> None:
        colour = pin_colour(style, 0)
        top, bottom = area.rect.top(), area.rect.bottom()
        if data.spread is not None:
            left, right = (area.x(data.position(end)) for end in (data.spread.low, data.spread.high))
            p.setPen(Qt.PenStyle.NoPen)
            p.setBrush(faded(colour, 0.14))
            p.drawRect(QRectF(left, top, max(right - left, style.px(1)), bottom - top))
        xs, ys, radius = self._dots(area, data, style)
        p.setPen(pen(style.theme.panel, style.px(0.8)))
        p.setBrush(faded(style.theme.muted, 0.75))
        for x, y in zip(xs.tolist(), ys.tolist(), strict=True):
            p.drawEllipse(QPointF(x, y), radius, radius)
        lines = [] if data.spread is None else [("median", data.spread.median, colour, 16.0)]
        if data.truth is not None and math.isfinite(data.truth):
            lines.append(("measured", data.truth, QColor(style.theme.ink), 32.0))
        for name, value, shade, above in lines:
            self._draw_marker(p, area, style, f"{name} {short(value, 3)}", data.position(value), shade, above)
        mouse = self._hover
        if mouse is not None and len(xs):
            gaps = np.hypot(xs - mouse.x(), ys - mouse.y())
            nearest = int(np.argmin(gaps))
            if gaps[nearest] <= radius + style.px(4):
                name = data.names[nearest] or f"learner {nearest + 1}"
                read_out(p, style, mouse, area.rect, [(name, f"{short(data.values[nearest], 4)} {data.unit}".strip())])

    @staticmethod
    def _draw_marker(p: QPainter, area: Area, style: Style, text: str, at: float, colour: QColor, above: float) -> None:
        """Draw a vertical line with ``text`` above the plot, which stays within the canvas."""
        x, y = area.x(at), area.rect.top() - style.px(above - 4)
        p.setPen(pen(colour, style.px(2)))
        p.drawLine(QPointF(x, y + style.px(7)), QPointF(x, area.rect.bottom()))
        half = text_width(style, text, bold=True) / 2
        x = min(max(x, area.rect.left() + half), area.rect.right() - half)
        write(p, style, QPointF(x, y), text, colour=colour, align=Align.AlignHCenter, bold=True)
