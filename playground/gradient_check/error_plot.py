"""A stacked histogram of the relative errors, with one colour per layer."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter
from typing_extensions import override

from core.analysis.gradient_check import TOLERANCE, GradientCheck
from core.arrays import Floats, Integers
from core.network.architecture import Architecture
from playground.gradient_check.error_statistics import MAX_EXPONENT, MIN_EXPONENT, bin_edges, error_counts
from playground.gradient_check.words import times_ten
from playground.plotting.canvas.canvas import Area, Canvas
from playground.plotting.canvas.ranges import nice_ceiling
from playground.plotting.canvas.ticks import linear_ticks
from playground.plotting.cards.plot_card import PlotCard
from playground.plotting.drawing.layer_names import weight_name
from playground.plotting.drawing.pencil import Align, dashed_pen, pen, read_out, text_width, write
from playground.plotting.pictures.picture import Picture
from playground.style.numbers import power_of_ten, thousands
from playground.style.theme import Style
from playground.widgets.figure import FigureText, Table

if TYPE_CHECKING:
    from playground.session import Session

LIMIT: Final = float(np.log10(TOLERANCE))
MAX_NAMES: Final = 12


class ErrorPicture(Picture[Integers]):
    """Draws the counts (layers, bins)."""

    def __init__(self, canvas: Canvas) -> None:
        super().__init__(canvas)
        self._add_layer(self._paint, 1)

    @override
    def _arrange(self, counts: Integers, style: Style, _before: Integers | None) -> None:
        self._canvas.arrange(style, left=44, bottom=34, top=18, right=10)
        area = self._canvas.area()
        highest = float(counts.sum(axis=0).max(initial=0))
        top = nice_ceiling(max(highest, 1.0))
        self._canvas.set_ranges((MIN_EXPONENT, MAX_EXPONENT), (0.0, top))
        # Counts of parameters are integers.
        most = max(2, min(int(area.rect.height() / style.px(30)), int(top)))
        places = [value for value, _ in linear_ticks(0.0, top, most) if value == round(value)]
        ticks = tuple((value, thousands(round(value))) for value in places)
        self._canvas.left.show_ticks(ticks, style, hairlines=True)
        step = 2 if area.rect.width() > style.px(300) else 4
        exponents = range(int(MIN_EXPONENT), int(MAX_EXPONENT) + 1, step)
        below = "≤ " if step == 2 else ""
        names = [(below if e == int(MIN_EXPONENT) else "") + ("1" if e == 0 else power_of_ten(e)) for e in exponents]
        ticks = tuple(zip(map(float, exponents), names, strict=True))
        self._canvas.bottom.show_ticks(ticks, style, name="relative error")

    def _paint(self, p: QPainter, area: Area, counts: Integers, style: Style) -> None:
        if not counts.size:
            return
        edges = area.xs(bin_edges())
        gap = style.px(0.5)
        p.setPen(Qt.PenStyle.NoPen)
        below = np.zeros(counts.shape[1])
        for layer, row in enumerate(counts):
            p.setBrush(style.theme.layer_colour(layer, len(counts)))
            heights = area.ys(below), area.ys(below + row)
            for place in np.flatnonzero(row).tolist():
                left, right = float(edges[place]) + gap, float(edges[place + 1]) - gap
                low, high = float(heights[0][place]), float(heights[1][place])
                p.drawRect(QRectF(left, high, right - left, low - high))
            below += row
        self._paint_limit(p, area, style)
        self._paint_names(p, area, len(counts), style)
        if self._hover is not None and area.rect.contains(self._hover):
            self._paint_read_out(p, area, counts, style, self._hover)

    def _paint_limit(self, p: QPainter, area: Area, style: Style) -> None:
        x = area.x(LIMIT)
        p.setPen(dashed_pen(style.theme.muted, style.px(1.2), style.px(4), style.px(3)))
        p.drawLine(QPointF(x, area.rect.top()), QPointF(x, area.rect.bottom()))
        y = area.rect.top() - style.px(9)
        write(p, style, QPointF(x - style.px(5), y), "agree", colour=style.theme.muted, align=Align.AlignRight)
        write(p, style, QPointF(x + style.px(5), y), "do not", colour=style.theme.muted)

    def _paint_names(self, p: QPainter, area: Area, count: int, style: Style) -> None:
        """Draw the legend; of many layers, only the first and the last."""
        row = style.px(14)
        room = int((area.rect.height() - style.px(4)) // row)
        named = range(count) if count <= min(MAX_NAMES, room) else (0, count - 1)[: max(room, 0)]
        for place, layer in enumerate(named):
            y = area.rect.top() + style.px(8) + row * place
            x = area.rect.right() - style.px(4)
            name = weight_name(layer)
            write(p, style, QPointF(x, y), name, colour=style.theme.ink, align=Align.AlignRight)
            side = style.px(8)
            x -= text_width(style, name) + style.px(6) + side
            p.setPen(Qt.PenStyle.NoPen)
            p.setBrush(style.theme.layer_colour(layer, count))
            p.drawRect(QRectF(x, y - side / 2, side, side))

    def _paint_read_out(self, p: QPainter, area: Area, counts: Integers, style: Style, mouse: QPointF) -> None:
        edges = bin_edges()
        place = int(np.clip(np.searchsorted(edges, area.value_at(mouse)[0], side="right") - 1, 0, len(edges) - 2))
        column = counts[:, place]
        if not column.any():
            return
        lines = [("layer", "parameters")]
        lines += [(weight_name(layer), thousands(int(column[layer]))) for layer in np.flatnonzero(column)[:8].tolist()]
        p.setPen(pen(style.theme.faint))
        read_out(p, style, mouse, area.rect, lines)


class ErrorPlot(PlotCard[Integers]):
    """The card with the histogram of relative errors."""

    figure_key = "gradient-check"

    def __init__(self, session: Session, style: Style) -> None:
        super().__init__("Relative error by layer", "errorPlot", session, style, short="Relative error")
        self._counts: Integers = np.zeros((0, 0), dtype=np.int64)
        self._verdict = ""
        self.redraw()

    def show_check(self, check: GradientCheck, architecture: Architecture, sentence: str) -> None:
        """Show ``check``; ``sentence`` is its verdict, for exported pictures."""
        self._counts = error_counts(check, architecture)
        self._verdict = sentence
        kinks = int(check.kinked.sum())
        self.note(f"without {thousands(kinks)} at a kink" if kinks else f"{thousands(len(check.indices))} parameters")
        judged = check.relative[~check.kinked]
        self.say(_middle(judged) if len(judged) else "")
        self.redraw()

    @override
    def make_picture(self, canvas: Canvas) -> ErrorPicture:
        return ErrorPicture(canvas)

    @override
    def shown(self) -> Integers:
        return self._counts

    @override
    def figure_text(self) -> FigureText:
        """Return the title with the verdict."""
        return FigureText(self.figure_title, self._note_text, self._verdict)

    @override
    def table_of(self, data: Integers | None) -> Table:
        layers = 0 if data is None else len(data)
        columns = ("log10 of relative error, from", "to", *(weight_name(i) for i in range(layers)))
        rows = [(a, b) for a, b in pairwise(bin_edges().tolist())]
        counts = data.T if data is not None and data.size else np.zeros((len(rows), 0), dtype=np.int64)
        return Table(columns, [(*row, *column.tolist()) for row, column in zip(rows, counts, strict=True)])


def _middle(errors: Floats) -> str:
    """Return a sentence on the median of ``errors``."""
    median = float(np.median(errors))
    return f"Half of them agree to {times_ten(median)} or better." if median else "Half of them agree exactly."
