"""The U-shaped curve of the error of a central difference over its step size."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from msgspec import Struct
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter
from typing_extensions import override

from core.analysis.gradient_check import EpsilonSweep
from core.arrays import Floats
from playground.gradient_check.error_statistics import truncation
from playground.gradient_check.words import sweep_sentences, times_ten
from playground.plotting.canvas.canvas import Area, Canvas
from playground.plotting.canvas.ticks import decade_ticks
from playground.plotting.cards.plot_card import PlotCard
from playground.plotting.drawing.outline import draw_polyline
from playground.plotting.drawing.pencil import Align, dashed_pen, pen, polygon, read_out, text_width, write
from playground.plotting.pictures.picture import Picture
from playground.style.numbers import power_of_ten, short
from playground.style.theme import Style
from playground.widgets.figure import Table

if TYPE_CHECKING:
    from playground.session import Session

FLOOR: Final = -18
CEILING: Final = 2
LINE: Final = 1.6


class SweepData(Struct, frozen=True):
    """The data of the plot: the ``sweep`` of one parameter, or ``None`` for empty axes."""

    sweep: EpsilonSweep | None


class SweepPicture(Picture[SweepData]):
    """Draws the :class:`EpsilonSweep` of one parameter."""

    def __init__(self, canvas: Canvas) -> None:
        super().__init__(canvas)
        self._truncation: float | None = None
        self._add_layer(self._paint, 1)

    @override
    def _arrange(self, data: SweepData, style: Style, before: SweepData | None) -> None:
        sweep = data.sweep
        self._truncation = truncation(sweep) if sweep is not None else None
        self._canvas.arrange(style, left=46, bottom=34, top=10, right=12)
        area = self._canvas.area()
        low, high = _decades(sweep)
        # Leave space for the label below the lowest point.
        low -= int(np.ceil(style.px(26) / max(area.rect.height() - style.px(26), 1.0) * (high - low)))
        x_low, x_high = -12, 0
        if sweep is not None:
            x_low, x_high = (round(float(np.log10(sweep.epsilons[i]))) for i in (0, -1))
        self._canvas.set_ranges((float(x_low), float(x_high)), (float(low), float(high)))
        most = max(3, int(area.rect.height() / style.px(30)))
        self._canvas.left.show_ticks(_powers(low, high, most), style, hairlines=True)
        most = max(3, int(area.rect.width() / style.px(54)))
        self._canvas.bottom.show_ticks(_powers(x_low, x_high, most), style, name="step ε")

    # -- painting ----------------------------------------------------------------------------------------------------

    def _paint(self, p: QPainter, area: Area, data: SweepData, style: Style) -> None:
        sweep = data.sweep
        if sweep is None:
            return
        x = np.log10(sweep.epsilons)
        self._paint_bounds(p, area, style, sweep, x)
        error = sweep.relative[:, 0]
        with np.errstate(divide="ignore"):
            y = np.clip(np.where(np.isfinite(error), np.log10(error), area.y_range[1]), *area.y_range)
        xs, ys = area.xs(x), area.ys(y)
        p.setBrush(Qt.BrushStyle.NoBrush)
        p.setPen(pen(style.theme.ink, style.px(LINE)))
        draw_polyline(p, polygon(xs, ys))
        radius = style.px(2.6)
        for place, kinked in enumerate(sweep.kinked[:, 0].tolist()):
            # Hollow points: there is a kink between θ − h and θ + h.
            p.setPen(pen(style.theme.ink, style.px(1.2)))
            p.setBrush(QColor(style.theme.panel if kinked else style.theme.ink))
            p.drawEllipse(QPointF(xs[place], ys[place]), radius, radius)
        if np.isfinite(error).any():
            self._paint_best(p, area, style, sweep, (float(np.log10(sweep.best)), ys))
        if self._hover is not None and area.rect.contains(self._hover):
            self._paint_read_out(p, area, style, sweep, self._hover)

    def _paint_bounds(self, p: QPainter, area: Area, style: Style, sweep: EpsilonSweep, x: Floats) -> None:
        """Draw the rounding error (dotted) and the truncation error (dashed) as labelled straight lines."""
        with np.errstate(divide="ignore", invalid="ignore"):
            rounding = np.log10(sweep.rounding[:, 0])
        if np.isfinite(rounding).all():
            self._paint_line(p, area, style, (x, rounding), ("rounding ∝ 1/ε", 1.5))
        if self._truncation is not None:
            self._paint_line(p, area, style, (x, np.log10(self._truncation) + 2.0 * x), ("truncation ∝ ε²", 5.0))

    @staticmethod
    def _paint_line(
        p: QPainter, area: Area, style: Style, line: tuple[Floats, Floats], look: tuple[str, float]
    ) -> None:
        x, y = line
        low, high = area.y_range
        # Clip the straight lines to the plot.
        slope = float((y[-1] - y[0]) / (x[-1] - x[0]))
        at = np.clip(np.array([low, high]), min(y[0], y[-1]), max(y[0], y[-1]))
        if not at[1] > at[0]:
            return
        ends = x[0] + (at - y[0]) / slope
        xs, ys = area.xs(np.clip(ends, *area.x_range)), area.ys(at)
        text, dash = look
        p.setPen(dashed_pen(style.theme.muted, style.px(1.3), style.px(dash), style.px(3)))
        p.drawLine(QLineF(xs[0], ys[0], xs[1], ys[1]))
        # Place the labels inside the U, where there is no curve.
        share = 0.62
        place = QPointF(xs[0] + share * (xs[1] - xs[0]), ys[0] + share * (ys[1] - ys[0]))
        width, falls = text_width(style, text), slope < 0
        left = place.x() + style.px(10) if falls else place.x() - style.px(10) - width
        if left < area.rect.left() + 2 or left + width > area.rect.right() - 2:
            left = place.x() - style.px(10) - width if falls else place.x() + style.px(10)
        p.setPen(Qt.PenStyle.NoPen)
        p.setBrush(QColor(style.theme.panel))
        p.drawRect(QRectF(left - style.px(2), place.y() - style.px(8), width + style.px(4), style.px(16)))
        write(p, style, QPointF(left, place.y()), text, colour=style.theme.muted)

    @staticmethod
    def _paint_best(p: QPainter, area: Area, style: Style, sweep: EpsilonSweep, best: tuple[float, Floats]) -> None:
        place = int(np.argmin(np.abs(np.log10(sweep.epsilons) - best[0])))
        x, y = area.x(best[0]), float(best[1][place])
        p.setPen(pen(style.theme.ink, style.px(1.6)))
        p.setBrush(Qt.BrushStyle.NoBrush)
        p.drawEllipse(QPointF(x, y), style.px(6.5), style.px(6.5))
        text = f"best ε ≈ {times_ten(sweep.best)}"
        width = text_width(style, text, bold=True)
        middle = min(max(x, area.rect.left() + width / 2), area.rect.right() - width / 2)
        down = y + style.px(17)
        height = down if down < area.rect.bottom() - style.px(6) else y - style.px(17)
        write(p, style, QPointF(middle, height), text, colour=style.theme.ink, align=Align.AlignHCenter, bold=True)

    @staticmethod
    def _paint_read_out(p: QPainter, area: Area, style: Style, sweep: EpsilonSweep, mouse: QPointF) -> None:
        place = int(np.abs(np.log10(sweep.epsilons) - area.value_at(mouse)[0]).argmin())
        lines = [
            ("ε", times_ten(float(sweep.epsilons[place]))),
            ("difference", short(float(sweep.numeric[place, 0]), 6)),
            ("backprop", short(float(sweep.analytic[0]), 6)),
            ("relative error", times_ten(float(sweep.relative[place, 0]))),
        ]
        if sweep.kinked[place, 0]:
            lines.append(("kink", "between the points"))
        read_out(p, style, mouse, area.rect, lines)


class SweepPlot(PlotCard[SweepData]):
    """The card with the error curve of one parameter."""

    figure_key = "step-size"

    def __init__(self, session: Session, style: Style) -> None:
        super().__init__("Relative error over step size ε", "sweepPlot", session, style, short="Error over ε")
        self._sweep: EpsilonSweep | None = None
        self.redraw()

    def show_sweep(self, sweep: EpsilonSweep, name: str) -> None:
        """Show ``sweep`` of the parameter ``name``."""
        self._sweep = sweep
        self.note(name)
        self.redraw()
        self.say(*sweep_sentences(sweep))

    def clear(self) -> None:
        """Show empty axes."""
        self._sweep = None
        self.note("")
        self.redraw()
        self.say("")

    @override
    def make_picture(self, canvas: Canvas) -> SweepPicture:
        return SweepPicture(canvas)

    @override
    def shown(self) -> SweepData:
        return SweepData(self._sweep)

    @override
    def table_of(self, data: SweepData | None) -> Table:
        columns = ("epsilon", "central difference", "backpropagation", "relative error", "rounding expected", "kink")
        sweep = None if data is None else data.sweep
        if sweep is None:
            return Table(columns, [])
        rows = zip(
            sweep.epsilons.tolist(),
            sweep.numeric[:, 0].tolist(),
            [float(sweep.analytic[0])] * len(sweep.epsilons),
            sweep.relative[:, 0].tolist(),
            sweep.rounding[:, 0].tolist(),
            sweep.kinked[:, 0].astype(int).tolist(),
            strict=True,
        )
        return Table(columns, list(rows))


def _decades(sweep: EpsilonSweep | None) -> tuple[int, int]:
    """Return the lowest and highest exponent of the errors of ``sweep``."""
    if sweep is None:
        return -12, 0
    error = sweep.relative[:, 0]
    known = np.log10(error[np.isfinite(error) & (error > 0)])
    if not known.size:
        return -12, 0
    low = max(FLOOR, int(np.floor(known.min())))
    return low, max(min(CEILING, int(np.ceil(known.max()))), low + 3)


def _powers(low: int, high: int, max_ticks: int) -> tuple[tuple[float, str], ...]:
    """Return ticks at integer exponents, labelled as powers of ten."""
    places = sorted(place for place, _ in decade_ticks(low, high, max_ticks))
    return tuple((place, "1" if place == 0 else power_of_ten(int(place))) for place in places)
