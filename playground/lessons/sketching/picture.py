"""Paint an empty plot with axes, the sketched curve on it, and later the measured one."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter

from core.arrays import Floats
from core.lessons.sketches.axes import SketchAxes
from playground.lessons.sketching.axes import height_range_with, show_axes
from playground.lessons.sketching.grid import SketchGrid
from playground.plotting.canvas.canvas import Area, Canvas
from playground.plotting.canvas.pin_legend import pin_colour
from playground.plotting.canvas.ticks import decimated
from playground.plotting.drawing.outline import draw_polygon, draw_polyline
from playground.plotting.drawing.pencil import Align, dashed_pen, faded, pen, polygon, text_height, text_width, write
from playground.plotting.pins.ghosts import finite_runs
from playground.style.theme import Style

LINE: Final = 2.0
DOT: Final = 3.0
MAX_POINTS: Final = 240
"""Maximum number of points drawn of the measured curve; wide lines through noise are slow to draw."""
HINT: Final = ("Draw what you expect", "with mouse or arrow keys")
CURVE_MARGIN: Final = 0.04
"""Space beyond the measured curve, as a share of the height of the axes."""


class SketchPicture:
    """Draws a :class:`SketchGrid` on a canvas.

    Attributes:
        handle: index of the position that the keyboard moves, or ``None``.
        truth: the measured curve in the coordinates of the axes, or ``None``.
    """

    def __init__(self, canvas: Canvas, axes: SketchAxes, grid: SketchGrid, style: Style, *, hint: bool = True) -> None:
        """Draw on ``canvas``; ``hint`` is whether an empty plot says how to draw."""
        self._hint = hint
        self._canvas, self._axes, self._grid, self._style = canvas, axes, grid, style
        self.handle: int | None = None
        self.truth: tuple[Floats, Floats] | None = None
        canvas.add_layer(self._paint, 1)
        canvas.resized.connect(self.arrange)

    def set_style(self, style: Style) -> None:
        """Use another style."""
        self._style = style
        self.arrange()

    def set_truth(self, x: Floats, y: Floats) -> None:
        """Draw the measured curve (n,), (n,) over the sketch; the axis grows where it lies outside."""
        heights = np.array([self._axes.height(value) for value in y.tolist()])
        self.truth = (np.asarray(x, dtype=np.float64), np.where(np.isfinite(heights), heights, np.nan))
        self.arrange()

    def arrange(self) -> None:
        """Set margins, ranges and ticks."""
        style, axes, canvas = self._style, self._axes, self._canvas
        canvas.arrange(style, left=44, bottom=38, right=10, top=26 if self.truth is None else 40)
        heights = axes.height_range if self.truth is None else height_range_with(axes, self.truth, CURVE_MARGIN)
        show_axes(canvas, axes, self._grid.xs.tolist(), heights, style, spacing=(44, 25))
        canvas.repaint_soon()

    # -- painting ----------------------------------------------------------------------------------------------------

    def _paint(self, p: QPainter, area: Area) -> None:
        style = self._style
        p.save()
        p.setClipRect(area.rect.adjusted(-style.px(4), -style.px(4), style.px(4), style.px(4)))
        known = np.isfinite(self._grid.heights)
        xs, ys = area.xs(self._grid.xs[known]), area.ys(self._grid.heights[known])
        if self.truth is None:
            colour = QColor(style.theme.accent)
            self._paint_curve(p, xs, ys, colour)
            if self.handle is not None:
                self._paint_handle(p, area, colour)
        else:
            self._paint_revealed(p, area, xs, ys)
        p.restore()
        if self.truth is not None:
            self._paint_names(p, area)
        elif not len(xs) and self._hint:
            self._paint_hint(p, area)

    def _paint_curve(self, p: QPainter, xs: Floats, ys: Floats, colour: QColor, *, dashed: bool = False) -> None:
        style = self._style
        p.setBrush(Qt.BrushStyle.NoBrush)
        p.setPen(
            dashed_pen(colour, style.px(LINE), style.px(5), style.px(3)) if dashed else pen(colour, style.px(LINE))
        )
        draw_polyline(p, polygon(xs, ys))
        if self._axes.by_layer or len(xs) == 1:
            p.setPen(Qt.PenStyle.NoPen)
            p.setBrush(colour)
            for x, y in zip(xs.tolist(), ys.tolist(), strict=True):
                p.drawEllipse(QPointF(x, y), style.px(DOT), style.px(DOT))

    def _paint_handle(self, p: QPainter, area: Area, colour: QColor) -> None:
        assert self.handle is not None  # noqa: S101 - checked by the caller
        style, height = self._style, self._grid.heights[self.handle]
        x = area.x(float(self._grid.xs[self.handle]))
        p.setPen(pen(faded(colour, 0.4), style.px(1)))
        p.drawLine(QPointF(x, area.rect.top()), QPointF(x, area.rect.bottom()))
        if math.isfinite(height):
            p.setPen(pen(colour, style.px(2)))
            p.setBrush(QColor(style.theme.panel))
            p.drawEllipse(QPointF(x, area.y(float(height))), style.px(5), style.px(5))

    def _paint_revealed(self, p: QPainter, area: Area, xs: Floats, ys: Floats) -> None:
        assert self.truth is not None  # noqa: S101 - checked by the caller
        style = self._style
        tx, ty = decimated(*self.truth, MAX_POINTS) if len(self.truth[0]) else self.truth
        px, py = area.xs(tx), area.ys(ty)
        usable = np.isfinite(py)
        if len(xs) > 1 and usable.sum() > 1:
            low, high = max(xs[0], px[usable][0]), min(xs[-1], px[usable][-1])
            if high > low:
                at = np.linspace(low, high, 200)
                top, bottom = np.interp(at, xs, ys), np.interp(at, px[usable], py[usable])
                p.setPen(Qt.PenStyle.NoPen)
                p.setBrush(faded(pin_colour(style, 0), 0.16))
                draw_polygon(p, polygon(np.concatenate([at, at[::-1]]), np.concatenate([top, bottom[::-1]])))
        for run in finite_runs(px, py):
            self._paint_curve(p, px[run], py[run], QColor(style.theme.ink))
        self._paint_curve(p, xs, ys, pin_colour(style, 0), dashed=True)

    def _paint_names(self, p: QPainter, area: Area) -> None:
        """Write a legend above the name of the axis, at the right."""
        style = self._style
        y, x = area.rect.top() - style.px(30), area.rect.right()
        names = (("measured", QColor(style.theme.ink), False), ("your sketch", pin_colour(style, 0), True))
        for name, colour, is_dashed in names if np.isfinite(self._grid.heights).any() else names[:1]:
            write(p, style, QPointF(x, y), name, colour=colour, align=Align.AlignRight)
            x -= text_width(style, name) + style.px(6)
            line = pen(colour, style.px(LINE))
            p.setPen(dashed_pen(colour, style.px(LINE), style.px(5), style.px(3)) if is_dashed else line)
            p.drawLine(QPointF(x - style.px(20), y), QPointF(x, y))
            x -= style.px(32)

    def _paint_hint(self, p: QPainter, area: Area) -> None:
        style, row = self._style, text_height(self._style) + self._style.px(3)
        centre = area.rect.center()
        width = max(text_width(style, line, bold=True) for line in HINT) + style.px(16)
        p.setPen(Qt.PenStyle.NoPen)
        p.setBrush(faded(style.theme.panel, 0.85))
        p.drawRect(QRectF(centre.x() - width / 2, centre.y() - row, width, 2 * row))
        for index, line in enumerate(HINT):
            at = QPointF(centre.x(), centre.y() + (index - 0.5) * row)
            colour = style.theme.muted if index else style.theme.accent
            write(p, style, at, line, colour=colour, align=Align.AlignHCenter, bold=index == 0)
