"""The sketches of a class with their median, quartiles and the measured curve."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from msgspec import Struct
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter
from typing_extensions import override

from core.arrays import Floats
from core.lessons.classroom.statistics import SketchBand
from core.lessons.sketches.axes import SketchAxes
from playground.lessons.sketching.axes import height_range_with, show_axes
from playground.lessons.sketching.sentences import position_text
from playground.plotting.canvas.canvas import Area, Canvas
from playground.plotting.canvas.pin_legend import pin_colour
from playground.plotting.canvas.ticks import decimated
from playground.plotting.drawing.outline import draw_polygon, draw_polyline
from playground.plotting.drawing.pencil import faded, pen, polygon, read_out, text_width, write
from playground.plotting.pictures.picture import Picture
from playground.plotting.pins.ghosts import finite_runs
from playground.style.numbers import short
from playground.style.theme import Style

LINE: Final = 2.0
MAX_POINTS: Final = 240
NEAR: Final = 12.0
"""Maximum distance between the mouse and the sketch that it points at, in pixels."""


class ClassCurves(Struct, frozen=True, eq=False):
    """Data of the picture.

    Attributes:
        axes: the axes on which the class sketched.
        band: the sketches, their median and quartiles.
        names: the learners' names, in the order of the sketches; empty where they are not shown.
        truth: x and y of the measured curve, in the units of the measurement; ``None`` if it is not known.
    """

    axes: SketchAxes
    band: SketchBand
    names: tuple[str, ...]
    truth: tuple[Floats, Floats] | None

    def truth_heights(self) -> tuple[Floats, Floats]:
        """Return the measured curve in the coordinates of the axes, NaN where they cannot show it."""
        if self.truth is None:
            return np.zeros(0), np.zeros(0)
        heights = np.array([self.axes.height(value) for value in self.truth[1].tolist()])
        return self.truth[0], np.where(np.isfinite(heights), heights, np.nan)


class ClassCurvesPicture(Picture[ClassCurves]):
    """Draws :class:`ClassCurves` on a canvas."""

    def __init__(self, canvas: Canvas) -> None:
        super().__init__(canvas)
        self._add_layer(self._paint, 1)

    @override
    def _arrange(self, data: ClassCurves, style: Style, before: ClassCurves | None) -> None:
        axes, canvas = data.axes, self._canvas
        canvas.arrange(style, left=48, bottom=38, right=10, top=44)
        heights = height_range_with(axes, data.truth_heights())
        show_axes(canvas, axes, data.band.x.tolist(), heights, style, spacing=(56, 30))

    def _paint(self, p: QPainter, area: Area, data: ClassCurves, style: Style) -> None:
        band, colour = data.band, pin_colour(style, 0)
        xs = area.xs(band.x)
        p.save()
        p.setClipRect(area.rect.adjusted(-style.px(3), -style.px(3), style.px(3), style.px(3)))
        known = np.isfinite(band.low)
        if known.sum() > 1:
            edge = np.concatenate([area.ys(band.high[known]), area.ys(band.low[known])[::-1]])
            p.setPen(Qt.PenStyle.NoPen)
            p.setBrush(faded(colour, 0.2))
            draw_polygon(p, polygon(np.concatenate([xs[known], xs[known][::-1]]), edge))
        pointed = self._sketch_under_mouse(area, data, style)
        for index, row in enumerate(band.curves):
            shade = faded(style.theme.muted, 0.9 if index == pointed else 0.4)
            self._curve(p, xs, area.ys(row), shade, style.px(1.6 if index == pointed else 0.8), data, style)
        self._curve(p, xs, area.ys(band.median), colour, style.px(LINE), data, style)
        tx, heights = data.truth_heights()
        if len(tx):
            tx, heights = decimated(tx, heights, MAX_POINTS)
            self._curve(p, area.xs(tx), area.ys(heights), QColor(style.theme.ink), style.px(LINE), data, style)
        p.restore()
        self._paint_legend(p, area, data, style)
        if pointed is not None and self._hover is not None:
            self._paint_read_out(p, area, data, style, pointed, self._hover)

    @staticmethod
    def _curve(
        p: QPainter, xs: Floats, ys: Floats, colour: QColor, width: float, data: ClassCurves, style: Style
    ) -> None:
        p.setBrush(Qt.BrushStyle.NoBrush)
        p.setPen(pen(colour, width))
        for run in finite_runs(xs, ys):
            draw_polyline(p, polygon(xs[run], ys[run]))
        if data.axes.by_layer:
            p.setPen(Qt.PenStyle.NoPen)
            p.setBrush(colour)
            for x, y in zip(xs.tolist(), ys.tolist(), strict=True):
                if math.isfinite(y):
                    p.drawEllipse(QPointF(x, y), 0.6 * width + style.px(1), 0.6 * width + style.px(1))

    def _sketch_under_mouse(self, area: Area, data: ClassCurves, style: Style) -> int | None:
        """Return the index of the sketch under the mouse."""
        mouse = self._hover
        if mouse is None or not area.rect.contains(mouse) or not len(data.band.curves):
            return None
        column = int(np.argmin(np.abs(area.xs(data.band.x) - mouse.x())))
        gaps = np.abs(area.ys(data.band.curves[:, column]) - mouse.y())
        gaps = np.where(np.isfinite(gaps), gaps, np.inf)
        nearest = int(np.argmin(gaps))
        return nearest if gaps[nearest] <= style.px(NEAR) else None

    def _paint_legend(self, p: QPainter, area: Area, data: ClassCurves, style: Style) -> None:
        """Draw the legend above the plot."""
        colour, muted = pin_colour(style, 0), QColor(style.theme.muted)
        entries = [("each learner", faded(muted, 0.5), 0.8), ("median", colour, LINE)]
        x, y = area.rect.left(), area.rect.top() - style.px(32)
        if data.truth is not None:
            entries.insert(0, ("measured", QColor(style.theme.ink), LINE))
        for name, shade, width in entries:
            p.setPen(pen(shade, style.px(width)))
            p.drawLine(QPointF(x, y), QPointF(x + style.px(18), y))
            x = self._name(p, QPointF(x + style.px(23), y), name, style)
        p.setPen(Qt.PenStyle.NoPen)
        p.setBrush(faded(colour, 0.2))
        p.drawRect(QRectF(x, y - style.px(5), style.px(18), style.px(10)))
        self._name(p, QPointF(x + style.px(23), y), "middle half", style)

    @staticmethod
    def _name(p: QPainter, at: QPointF, name: str, style: Style) -> float:
        write(p, style, at, name, colour=style.theme.ink)
        return at.x() + text_width(style, name) + style.px(14)

    @staticmethod
    def _paint_read_out(p: QPainter, area: Area, data: ClassCurves, style: Style, pointed: int, mouse: QPointF) -> None:
        column = int(np.argmin(np.abs(area.xs(data.band.x) - mouse.x())))
        value = (lambda height: 10.0**height) if data.axes.log else float
        lines = [(data.names[pointed] or f"learner {pointed + 1}", short(value(data.band.curves[pointed, column]), 2))]
        lines.append(("median", short(value(data.band.median[column]), 2)))
        lines.append((data.axes.x_title, position_text(float(data.band.x[column]))))
        read_out(p, style, mouse, area.rect, lines)
