"""Draw the training loss (solid) and test loss (dashed) over time on a log or linear axis."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np
import pyqtgraph as pg
from msgspec import Struct
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QTransform
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from core.arrays import Floats
from core.experiment.epoch_text import epoch_text
from playground.plots.curve_legend import ROW, height_above, legend_rows, mark_near, paint_legend, paint_marks
from playground.plotting.canvas.canvas import Area, Canvas
from playground.plotting.canvas.ranges import DecadeRange, SpanRange
from playground.plotting.canvas.ticks import decade_ticks, decimated, linear_ticks
from playground.plotting.drawing.pencil import dashed_pen, pen, read_out
from playground.plotting.pictures.picture import Picture
from playground.plotting.pins.ghosts import Ghost, paint_ghost_curve, paint_ghost_dots
from playground.style.numbers import short
from playground.style.theme import Style
from playground.widgets.guard import guarded, guarded_or

if TYPE_CHECKING:
    from PySide6.QtWidgets import QStyleOptionGraphicsItem

MAX_POINTS: Final = 1000
LINE: Final = 1.6
DASH: Final = 4.0
GAP: Final = 3.0
DOT: Final = 1.5
AXIS_STEPS: Final = 32
"""Number of steps, of 1.6 to 3 %, in which the horizontal axis doubles while pinned runs are drawn."""

PENALTY: Final = "+ penalty"
"""Name of the curve of loss and penalty, where there is room."""

GHOST_TEST: Final = 0.5
"""Opacity of the test loss of a pinned run."""


class LossData(Struct, frozen=True):
    """Data of the loss plot.

    Attributes:
        x: (n,), positions of the points in units of the axis.
        train: (n,), mean training loss.
        test: (n,), mean test loss; NaN without a test set.
        x_name: name of the axis, such as ``epoch``.
        log: whether the loss axis is logarithmic.
        penalty: (n,), L1 and L2 penalty on top of the training loss; ``None`` without regularization.
        marks: positions of setting changes in the units of ``x``, with descriptions.
    """

    x: Floats
    train: Floats
    test: Floats
    x_name: str
    log: bool
    penalty: Floats | None = None
    marks: tuple[tuple[float, str], ...] = ()


class Curve(pg.PlotCurveItem):  # type: ignore[misc]
    """A curve about 1.6 pixels wide, drawn as several hairlines for speed.

    Qt draws pens wider than one pixel a hundred times slower on noisy data.

    Attributes:
        offsets: offsets at which to draw the curve again, in screen pixels.
        bounds: the plot's range; the curve stays within it.
    """

    offsets: tuple[tuple[float, float], ...] = ()
    bounds = QRectF()

    @override
    @guarded_or(QRectF())
    def boundingRect(self) -> QRectF:
        """Return ``bounds``; the curve stays within them, so its extremes need not be computed."""
        return self.bounds

    @override
    @guarded
    def paint(self, p: QPainter, opt: QStyleOptionGraphicsItem, widget: QWidget | None) -> None:
        """Draw the curve, and again at each offset."""
        super().paint(p, opt, widget)
        transform = p.worldTransform()
        for across, down in self.offsets:
            p.setWorldTransform(transform * QTransform.fromTranslate(across, down))
            super().paint(p, opt, widget)


class LossPicture(Picture[LossData]):
    """Draws :class:`LossData` on a canvas."""

    def __init__(self, canvas: Canvas) -> None:
        super().__init__(canvas)
        self._decades = DecadeRange()
        self._span = SpanRange()
        self._rows, self._above = 1, 0.0  # of the legend, and the height of its last row, in pixels at scale 1
        self._test = Curve(skipFiniteCheck=True, antialias=True)
        self._train = Curve(skipFiniteCheck=True, antialias=True)
        self._total = Curve(skipFiniteCheck=True, antialias=True)
        self._pens: tuple[Style, float] | None = None
        for curve in (self._total, self._test, self._train):
            canvas.view.addItem(curve, ignoreBounds=True)
        self._add_layer(self._paint_marks, -5)
        self._add_ghost_layer(self._paint_ghost, -4)
        self._add_layer(self._paint_above, 5)

    @override
    def _arrange(self, data: LossData, style: Style, before: LossData | None) -> None:
        if before is not None and _restarted(before, data):
            self._decades.clear()
            self._span.clear()
        # The legend is above the plot, so that no curve crosses it.
        every = self._all(data)
        # Plots side by side are as high, also if the setting changed in one of the runs only.
        self._above = max(height_above(each.marks) for each in (every if self._canvas.still else (data,)))
        self._place(style, rows=1)
        if self._canvas.still:  # on screen, a card is too low for a legend of several rows
            names = max((_names(each) for each in every), key=len)
            self._place(style, rows=legend_rows(names, self._canvas.area().rect.width(), style))
        area = self._canvas.area()
        max_ticks = max(3, int(area.rect.height() / style.px(34)))
        total = _total(data)
        both = np.concatenate([total, *(values for each in every for values in (each.train, each.test))])
        if data.log:
            ends = tuple(float(each.train[at]) for each in every if len(each.train) for at in (0, -1))
            low, high = self._decades.fit(both, ends)
            y_range, ticks = (float(low), float(high)), decade_ticks(low, high, max_ticks)
        else:
            known = both[np.isfinite(both)]
            y_range = self._span.fit(min(0.0, float(known.min(initial=0.0))), float(known.max(initial=1e-9)))
            y_range = (max(y_range[0], 0.0), y_range[1])
            ticks = linear_ticks(*y_range, max_ticks)
        last = max((float(each.x[-1]) for each in every if len(each.x)), default=1.0)
        if self._ghosts and last > 0.0 and not self._canvas.still:
            # Pinned curves are drawn anew whenever the axis changes, so it grows in small steps.
            step = 2.0 ** math.floor(math.log2(last)) / AXIS_STEPS
            last = math.ceil(last / step) * step
        x_range = (0.0, last or 1.0)
        max_across = max(2, int(area.rect.width() / style.px(58)))
        self._canvas.set_ranges(x_range, y_range)
        # On screen the card's title and control replace the names of the axes.
        still = self._canvas.still
        self._canvas.left.show_ticks(ticks, style, name="loss" if still else "", hairlines=True)
        name = data.x_name if still else ""
        self._canvas.bottom.show_ticks(linear_ticks(*x_range, max_across + 1), style, name=name)
        self._set_pens(style)
        bounds = QRectF(x_range[0], y_range[0], x_range[1] - x_range[0], y_range[1] - y_range[0])
        for curve, values in ((self._train, data.train), (self._test, data.test), (self._total, total)):
            curve.bounds = bounds
            self._set_curve(curve, values, y_range)

    def _place(self, style: Style, *, rows: int) -> None:
        """Set the margins for a legend of ``rows`` rows."""
        self._rows = rows
        self._canvas.arrange(style, left=40, bottom=40, right=6, top=self._above + ROW * (rows - 1))

    def _set_pens(self, style: Style) -> None:
        ratio = self._canvas.devicePixelRatioF()
        if self._pens == (style, ratio):
            return
        self._pens = (style, ratio)
        fast = not self._canvas.still and style.scale < 1.5
        # The pens are cosmetic, in device pixels: they must not scale with the axes.
        width = 1.0 if fast else style.px(LINE) * ratio
        doubled = ((0.5, 0.4),) if ratio < 1.5 else ((0.8, 0.6), (1.6, 1.2))
        # Dashed lines are slow to draw; on low-resolution screens one pass is heavy enough.
        self._train.offsets = doubled if fast else ()
        self._test.offsets = self._total.offsets = doubled[:1] if fast and ratio >= 1.5 else ()
        dash, gap = style.px(DASH) * ratio, style.px(GAP) * ratio
        for curve, stroke in (
            (self._train, pen(style.theme.ink, width)),
            (self._test, dashed_pen(style.theme.muted, width, dash, gap)),
            (self._total, dashed_pen(style.theme.ink, width, style.px(DOT) * ratio, gap)),
        ):
            stroke.setCosmetic(True)
            curve.setPen(stroke)

    def _set_curve(self, curve: Curve, values: Floats, y_range: tuple[float, float]) -> None:
        data = self._data
        if data is None or not len(values) or np.isnan(values).all():
            curve.setData([], [])
            return
        # More than two points per pixel column would not be visible.
        max_points = (
            MAX_POINTS if self._canvas.still else min(MAX_POINTS, 2 * int(self._canvas.area().rect.width()) + 2)
        )
        x, y = decimated(data.x, values, max_points)
        if data.log:
            # Values ≤ 0 are drawn at the bottom of a log axis.
            y = np.log10(np.maximum(y, 10.0 ** y_range[0]))
        y = np.clip(y, *y_range)
        curve.setData(x, y, connect="finite" if np.isnan(y).any() else "all", skipFiniteCheck=True)

    # -- legend and readout -----------------------------------------------------------------------------------------

    def _paint_marks(self, p: QPainter, area: Area, data: LossData, style: Style) -> None:
        paint_marks(p, area, data.marks, style)

    @staticmethod
    def _paint_ghost(p: QPainter, area: Area, ghost: Ghost[LossData], style: Style) -> None:
        """Draw the training loss of a pinned run, and its test loss paler."""
        data = ghost.data
        if not len(data.x):
            return
        max_points = MAX_POINTS if area.still else min(MAX_POINTS, int(area.rect.width()) + 2)
        for values, opacity in ((data.test, GHOST_TEST), (data.train, 1.0)):
            x, y = decimated(data.x, values, max_points)
            if data.log:
                y = np.log10(np.maximum(y, 10.0 ** area.y_range[0]))
            ys = area.ys(np.clip(y, *area.y_range))
            paint_ghost_curve(p, area, area.xs(x), ys, ghost, style, opacity=opacity)
            if len(x) == 1:
                paint_ghost_dots(p, area.xs(x), ys, ghost, style, style.px(3))

    def _paint_above(self, p: QPainter, area: Area, data: LossData, style: Style) -> None:
        line = style.px(LINE)
        strokes = {
            "train": (pen(style.theme.ink, line), style.theme.ink),
            "test": (dashed_pen(style.theme.muted, line, style.px(DASH), style.px(GAP)), style.theme.muted),
            PENALTY: (dashed_pen(style.theme.ink, line, style.px(DOT), style.px(GAP)), style.theme.ink),
        }
        names = _names(data)
        is_whole = self._canvas.still or legend_rows(names, area.rect.width(), style) == 1
        # Loss and penalty together are the total; on screen, the legend has one row.
        lines = [("total" if name == PENALTY and not is_whole else name, *strokes[name]) for name in names]
        paint_legend(p, area, lines, data.marks, style, rows=self._rows, above=self._above)
        if len(data.x) == 1:
            # A single point has no line yet.
            self._paint_dot(p, area, style, area.x(float(data.x[0])), float(data.test[0]), style.theme.muted)
            self._paint_dot(p, area, style, area.x(float(data.x[0])), float(data.train[0]), style.theme.ink)
        if self._hover is not None and area.rect.contains(self._hover) and len(data.x):
            self._paint_read_out(p, area, data, style, self._hover)

    def _paint_read_out(self, p: QPainter, area: Area, data: LossData, style: Style, mouse: QPointF) -> None:
        index = int(np.abs(data.x - area.value_at(mouse)[0]).argmin())
        x = area.x(float(data.x[index]))
        p.setPen(pen(style.theme.faint, 1.0))
        p.drawLine(QPointF(x, area.rect.top()), QPointF(x, area.rect.bottom()))
        lines = [(data.x_name, epoch_text(float(data.x[index])))]
        for name, values, colour in (("train", data.train, style.theme.ink), ("test", data.test, style.theme.muted)):
            value = float(values[index])
            if np.isnan(value) and name == "test":
                continue
            lines.append((name, short(value)))
            self._paint_dot(p, area, style, x, value, colour)
        if data.penalty is not None:
            lines.append(("penalty", short(float(data.penalty[index]))))
        for ghost in self._drawn:
            other = ghost.data
            if len(other.x):
                at = int(np.abs(other.x - area.value_at(mouse)[0]).argmin())
                lines.append((f"train, {ghost.name}", short(float(other.train[at]))))
        near = mark_near(mouse, area, data.marks, style)
        if near is not None:
            lines.append((near, ""))
        read_out(p, style, QPointF(x, mouse.y()), area.rect, lines)

    def _paint_dot(self, p: QPainter, area: Area, style: Style, x: float, value: float, colour: str) -> None:
        if not math.isfinite(value):
            return
        if self._data is not None and self._data.log:
            value = float(np.log10(max(value, 10.0 ** area.y_range[0])))
        r = style.px(3)
        p.setPen(Qt.PenStyle.NoPen)
        p.setBrush(pen(colour).color())
        y = min(max(area.y(value), area.rect.top()), area.rect.bottom())
        p.drawEllipse(QRectF(x - r, y - r, 2 * r, 2 * r))


def _names(data: LossData) -> list[str]:
    """Return the names of the curves."""
    has = (True, not bool(np.isnan(data.test).all()), data.penalty is not None)
    return [name for name, is_drawn in zip(("train", "test", PENALTY), has, strict=True) if is_drawn]


def _total(data: LossData) -> Floats:
    """Return the minimized total, loss + penalty, (n,); empty without a penalty."""
    return data.train + data.penalty if data.penalty is not None else np.zeros(0)


def _restarted(before: LossData, now: LossData) -> bool:
    if not len(now.x) or not len(before.x):
        return True
    return before.x_name == now.x_name and bool(now.x[-1] < before.x[-1])
