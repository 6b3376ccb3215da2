"""Draw the three dropout scalings: inputs of the next layer, and the scaled pass against the exact mean."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter
from typing_extensions import override

from core.analysis.dropout_truth import Means
from core.arrays import Floats
from playground.plots.dropout_truth.data import TOLERANCE, DropoutData, ScalingRow
from playground.plotting.canvas.canvas import Area, Canvas
from playground.plotting.canvas.ranges import nice_ceiling
from playground.plotting.canvas.ticks import linear_ticks
from playground.plotting.drawing.outline import draw_polyline
from playground.plotting.drawing.pencil import (
    Align,
    dashed_pen,
    faded,
    pen,
    polygon,
    read_out,
    text_height,
    text_width,
    write,
)
from playground.plotting.pictures.picture import Picture
from playground.plotting.pins.ghosts import Ghost, paint_ghost_curve
from playground.style.numbers import power_of_ten, short, thousands
from playground.style.patterns import fill_polygon, fill_rect
from playground.style.theme import Style

HISTOGRAM: Final = 0.68
"""Minimum share of the width for the histograms, beside the scatter plots."""

GAP: Final = 24.0
"""Distance between histograms and scatter plots, in pixels at scale 1."""

MIN_WIDTH: Final = 190.0
"""Minimum width for scatter plots, in pixels at scale 1."""

POINTS: Final = 300

LOW_ROW: Final = 8.0
"""Height of a histogram at scale 1 below which only its name and its verdict are drawn."""


class DropoutPicture(Picture[DropoutData]):
    """Draws :class:`DropoutData` on a canvas.

    The horizontal axis runs from 0 to 1 over both columns, the vertical axis over the rows.
    """

    def __init__(self, canvas: Canvas) -> None:
        super().__init__(canvas)
        self._ends = (0.0, 1.0)
        self._add_layer(self._paint, 1)

    @override
    def _arrange(self, data: DropoutData, style: Style, before: DropoutData | None) -> None:
        self._canvas.arrange(style, left=8, bottom=36, top=22, right=8)
        self._canvas.set_ranges((0.0, 1.0), (0.0, float(max(len(data.rows), 1))))
        self._canvas.left.show_ticks((), style)
        if not data.rows:
            self._canvas.bottom.show_ticks((), style)
            return
        area = self._canvas.area()
        share = self._share(data, area, style)
        span = self._span(area, share, style)
        max_ticks = max(2, int(span / style.px(52)))
        low, high = self._ends = _shared_ends(self._all(data))
        edge = 0.001 * (high - low)
        ticks = tuple(
            ((at - low) / (high - low) * span / area.rect.width(), text)
            for at, text in linear_ticks(low + edge, high - edge, max_ticks)
        )
        self._canvas.bottom.show_ticks(ticks, style)

    @staticmethod
    def _share(data: DropoutData, area: Area, style: Style) -> float:
        """Return the share of the width for the histograms: all that the scatter plots, which are square, leave."""
        width = area.rect.width()
        if width < style.px(MIN_WIDTH) or all(row.exact is None for row in data.rows):
            return 1.0
        side = area.rect.height() / len(data.rows) - style.px(8)
        return max(HISTOGRAM, 1.0 - (side + style.px(GAP)) / width)

    @staticmethod
    def _span(area: Area, share: float, style: Style) -> float:
        """Return the width of the histograms in pixels."""
        return max(area.rect.width() * share - style.px(8), 1.0)

    # -- painting ----------------------------------------------------------------------------------------------------

    def _paint(self, p: QPainter, area: Area, data: DropoutData, style: Style) -> None:
        if not data.rows:
            return
        share = self._share(data, area, style)
        height = area.rect.height() / len(data.rows)
        tallest = max((float(np.max([row.training, row.mean, row.test])) for row in data.rows), default=0.0)
        width = area.rect.width() * share
        end = _scatter_end(data)
        for number, row in enumerate(data.rows):
            cell = QRectF(area.rect.left(), area.rect.top() + number * height, self._span(area, share, style), height)
            self._paint_histogram(p, cell, row, data, style, tallest)
            for ghost in self._drawn:
                self._paint_ghost(p, area, cell, ghost, number, data, style, tallest)
            if share < 1.0 and row.exact is not None:
                column = QRectF(area.rect.left() + width, cell.top(), area.rect.width() - width, height)
                self._paint_scatter(p, column, row.exact, style, end)
        self._paint_names(p, area, data, style, share)
        mouse = self._hover
        if mouse is not None and area.rect.contains(mouse):
            row = data.rows[min(int((mouse.y() - area.rect.top()) / height), len(data.rows) - 1)]
            fraction = (mouse.x() - area.rect.left()) / self._span(area, share, style)
            low, high = self._ends
            inside = (low + fraction * (high - low) - data.ends[0]) / (data.ends[1] - data.ends[0])
            read_out(p, style, mouse, area.rect, _lines(row, data, inside))

    def _edges(self, cell: QRectF, ends: tuple[float, float], bins: int) -> Floats:
        """Return the edges of the bins in pixels, (bins + 1,)."""
        low, high = self._ends
        return cell.left() + (np.linspace(*ends, bins + 1) - low) / (high - low) * cell.width()

    def _paint_ghost(
        self,
        p: QPainter,
        area: Area,
        cell: QRectF,
        ghost: Ghost[DropoutData],
        number: int,
        data: DropoutData,
        style: Style,
        tallest: float,
    ) -> None:
        """Draw the mean over masks of a pinned run, to the same scale: equal areas are equal shares."""
        other = ghost.data
        if number >= len(other.rows) or tallest <= 0.0:
            return
        top, base = cell.top() + text_height(style) + style.px(3), cell.bottom() - style.px(5)
        shares = other.rows[number].mean * (data.ends[1] - data.ends[0]) / (other.ends[1] - other.ends[0])
        if base - top < style.px(LOW_ROW):
            return
        heights = base - np.minimum(shares / tallest, 1.0) * (base - top)
        edges = np.repeat(self._edges(cell, other.ends, len(shares)), 2)
        paint_ghost_curve(p, area, edges, np.concatenate([[base], np.repeat(heights, 2), [base]]), ghost, style)

    def _paint_histogram(
        self, p: QPainter, cell: QRectF, row: ScalingRow, data: DropoutData, style: Style, tallest: float
    ) -> None:
        top, base = cell.top() + text_height(style) + style.px(3), cell.bottom() - style.px(5)
        self._paint_row_names(p, cell, row, data, style)
        if base - top < style.px(LOW_ROW):
            return
        p.setPen(pen(style.theme.line, max(1.0, style.scale)))
        p.drawLine(QPointF(cell.left(), base), QPointF(cell.right(), base))
        scale = (base - top) / tallest if tallest > 0.0 else 0.0
        colour = style.theme.layer_colour(data.layer, data.layers)
        edges = self._edges(cell, data.ends, len(row.training))

        def outline(shares: Floats) -> tuple[Floats, Floats]:
            return np.repeat(edges, 2), np.concatenate([[base], np.repeat(base - shares * scale, 2), [base]])

        fill_polygon(p, polygon(*outline(row.training)), style, faded(colour, 0.5), data.layer)
        p.setBrush(Qt.BrushStyle.NoBrush)
        p.setPen(pen(style.theme.ink, style.px(1.3)))
        draw_polyline(p, polygon(*outline(row.mean)))
        p.setPen(dashed_pen(style.theme.muted, style.px(1.6), style.px(4), style.px(3)))
        draw_polyline(p, polygon(*outline(row.test)))

    @staticmethod
    def _paint_row_names(p: QPainter, cell: QRectF, row: ScalingRow, data: DropoutData, style: Style) -> None:
        right = np.isfinite(row.ratio) and abs(row.ratio - 1.0) <= TOLERANCE
        y = cell.top() + text_height(style) / 2 + style.px(1)
        name = f"{row.label} · in use" if row.scaling == data.active else row.label
        write(p, style, QPointF(cell.left(), y), name, colour=style.theme.ink, bold=row.scaling == data.active)
        room = cell.width() - style.px(8) - text_width(style, name, bold=True)
        ratio = f"× {short(row.ratio, 3)}"
        verdict = next((t for t in (f"test = {ratio[2:]} × training", ratio) if text_width(style, t) < room), "")
        at = QPointF(cell.right(), y)
        write(p, style, at, verdict, colour=style.theme.muted if right else style.theme.ink, align=Align.AlignRight)

    @staticmethod
    def _paint_scatter(p: QPainter, column: QRectF, means: Means, style: Style, end: float) -> None:
        side = min(column.width() - style.px(8), column.height() - style.px(8))
        if side < style.px(16):
            return
        box = QRectF(column.right() - side, column.center().y() - side / 2, side, side)
        p.setPen(pen(style.theme.line, max(1.0, style.scale)))
        p.setBrush(Qt.BrushStyle.NoBrush)
        p.drawRect(box)
        p.setPen(dashed_pen(style.theme.muted, style.px(1), style.px(3), style.px(3)))
        p.drawLine(box.bottomLeft(), box.topRight())
        exact, scaled = means.ensemble.ravel()[:POINTS], means.scaled.ravel()[:POINTS]
        finite = np.isfinite(exact) & np.isfinite(scaled)
        xs = box.center().x() + np.clip(exact[finite] / end, -1.0, 1.0) * side / 2
        ys = box.center().y() - np.clip(scaled[finite] / end, -1.0, 1.0) * side / 2
        p.setPen(Qt.PenStyle.NoPen)
        p.setBrush(faded(style.theme.ink, 0.7))
        radius = style.px(1.8)
        for x, y in zip(xs.tolist(), ys.tolist(), strict=True):
            p.drawEllipse(QPointF(x, y), radius, radius)

    @staticmethod
    def _paint_names(p: QPainter, area: Area, data: DropoutData, style: Style, share: float) -> None:
        """Draw the titles of both columns and the legend of the histograms."""
        y = area.rect.top() - style.px(11)
        x = area.rect.left()
        room = area.rect.right() - (text_width(style, "scaled pass") + style.px(12) if share < 1.0 else 0.0)
        long, short_words = ("one mask", "mean over masks", "test"), ("mask", "mean", "test")
        taken = sum(style.px(28) + text_width(style, word) for word in long)
        words = long if area.rect.left() + taken <= room else short_words
        entries = tuple(zip(words, ("fill", "line", "dash"), strict=True))
        for word, kind in entries:
            if x + style.px(20) + text_width(style, word) > room:
                break
            if kind == "fill":
                colour = faded(style.theme.layer_colour(data.layer, data.layers), 0.5)
                fill_rect(p, QRectF(x, y - style.px(5), style.px(14), style.px(10)), style, colour, data.layer)
            elif kind == "line":
                p.setPen(pen(style.theme.ink, style.px(1.3)))
                p.drawLine(QPointF(x, y), QPointF(x + style.px(14), y))
            else:
                p.setPen(dashed_pen(style.theme.muted, style.px(1.6), style.px(4), style.px(3)))
                p.drawLine(QPointF(x, y), QPointF(x + style.px(14), y))
            write(p, style, QPointF(x + style.px(18), y), word, colour=style.theme.muted)
            x += style.px(28) + text_width(style, word)
        below = area.rect.bottom() + style.px(5) + text_height(style) * 1.5 + style.px(1)
        masks = f"2{power_of_ten(data.masks)[2:]} masks" if share < 1.0 else ""
        pairs = (
            ("input z of the next layer", f"against mean over {masks}"),
            ("z of the next layer", f"against {masks}"),
            ("z", masks),
        )
        free = area.rect.width() - style.px(10)
        left, right = next(
            (each for each in pairs if share == 1.0 or sum(text_width(style, text) for text in each) <= free), pairs[-1]
        )
        write(p, style, QPointF(area.rect.left(), below), left, colour=style.theme.muted)
        if share < 1.0:
            for text, at in (("scaled pass", y), (right, below)):
                end = QPointF(area.rect.right(), at)
                write(p, style, end, text, colour=style.theme.muted, align=Align.AlignRight)


def _shared_ends(every: Sequence[DropoutData]) -> tuple[float, float]:
    """Return the range of z over all runs that drop."""
    ends = [each.ends for each in every if each.rows]
    return min(low for low, _ in ends), max(high for _, high in ends)


def _scatter_end(data: DropoutData) -> float:
    """Return a round bound on the magnitude of all output pre-activations."""
    largest = 0.0
    for row in data.rows:
        if row.exact is not None:
            both = np.concatenate([row.exact.ensemble.ravel(), row.exact.scaled.ravel()])
            largest = max(largest, float(np.max(np.abs(both[np.isfinite(both)]), initial=0.0)))
    return nice_ceiling(min(max(largest, 1e-12), 1e300))


def _lines(row: ScalingRow, data: DropoutData, fraction: float) -> list[tuple[str, str]]:
    """Return the values of ``row`` at ``fraction`` of its histogram's width."""
    lines = [(row.label, f"p = {short(data.rate, 3)}"), ("test ÷ mean in training", short(row.ratio, 4))]
    if 0.0 <= fraction <= 1.0:
        index = min(int(fraction * len(row.training)), len(row.training) - 1)
        low, high = data.ends
        lines.append(("z", short(low + fraction * (high - low), 3)))
        for name, shares in (("one mask", row.training), ("mean over masks", row.mean), ("test", row.test)):
            lines.append((name, f"{short(100.0 * float(shares[index]), 3)} %"))
    if row.exact is not None:
        error = "0" if row.exact.is_exact else short(row.exact.error, 2)
        lines.append((f"error against {thousands(2**data.masks)} masks", error))
    return lines
