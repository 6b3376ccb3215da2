"""Draw log₁₀‖δ‖ from the output back to the first hidden layer as floating bars, two per layer: W, then φ′."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final, TypeAlias

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter
from typing_extensions import override

from core.arrays import Floats
from playground.plots.waterfall.bars import Bar, WaterfallData, bars_of
from playground.plots.waterfall.free_place import Line
from playground.plots.waterfall.numbers import paint_numbers
from playground.plots.waterfall.sentence import bar_decimals
from playground.plotting.canvas.canvas import Area, Canvas
from playground.plotting.canvas.ranges import DecadeRange
from playground.plotting.canvas.ticks import decades_up, thinned
from playground.plotting.drawing.layer_names import delta_name
from playground.plotting.drawing.outline import draw_polyline
from playground.plotting.drawing.pencil import faded, pen, polygon, read_out, text_width, write
from playground.plotting.pictures.layered_picture import LayeredPicture, column_box
from playground.plotting.pins.ghosts import Ghost, finite_runs, paint_ghost_curve
from playground.style.numbers import power_of_ten, short
from playground.style.patterns import fill_rect
from playground.style.theme import Style

MIN_DECADES: Final = 2
MAX_DECADES: Final = 60
LEGEND_HEIGHT: Final = 24.0
"""Height of the legend above the plot, in pixels at scale 1."""

LEGEND_ROW: Final = 15.0
"""Height of each further row of the legend."""

SIDE: Final = 9.0
"""Side of a square in the legend, in pixels at scale 1."""

WIDER: Final = 1.6
"""Width of a hatched square relative to it."""

NUMBER_ROOM: Final = 14.0
DENSE: Final = (0, 7)
"""Hatches of what φ′ loses and gains in a printed theme."""

SPARSE: Final = (5, 1)
"""Hatches of what the weights lose and gain."""


Levels: TypeAlias = list[list[float]]
"""The pixel rows of the start and the end of each bar."""


class WaterfallPicture(LayeredPicture[WaterfallData]):
    """Draws :class:`WaterfallData` on a canvas."""

    def __init__(self, canvas: Canvas) -> None:
        super().__init__(canvas)
        self._decades = DecadeRange(MIN_DECADES, MAX_DECADES)
        self._add_layer(self._paint, 1)
        self._add_ghost_layer(_paint_ghost, 1.5)
        self._add_layer(self._paint_front, 2)

    @override
    def _arrange(self, data: WaterfallData, style: Style, before: WaterfallData | None) -> None:
        every = self._all(data)
        count = max(len(each.names) for each in every)
        still = self._canvas.still  # on screen, the title names the axis
        self._place(style, 0)
        if still:
            self._place(style, _legend_places(style, self._canvas.area().rect.width())[-1][1])
        area = self._canvas.area()
        ends = [each.split.log_norms for each in every]
        ends += [np.array([bar.end for bar in bars_of(each.split)]) for each in every]
        low, high = self._decades.fit(_powers(np.concatenate(ends)))
        # Leave space for the numbers beyond the ends of the bars.
        room = style.px(NUMBER_ROOM) / max(area.rect.height(), 1.0) * (high - low)
        self._canvas.set_ranges((-0.6, count - 0.4), (low - room, high + room))
        name = "‖δ‖" if still else ""
        self._canvas.left.show_ticks(decades_up(low, high, area.rect.height(), style), style, name=name, hairlines=True)
        names = max(2, int(area.rect.width() / style.px(24)))
        ticks = tuple((float(i), delta_name(i)) for i in thinned(count, names))
        self._canvas.bottom.show_ticks(ticks, style, name="layer" if still else "")

    def _place(self, style: Style, more: int) -> None:
        """Set the margins for a legend with ``more`` rows than one."""
        bottom = 36 if self._canvas.still else 20
        self._canvas.arrange(style, left=42, bottom=bottom, top=LEGEND_HEIGHT + LEGEND_ROW * more)

    @override
    def _layer_count(self, data: WaterfallData) -> int:
        return len(data.names)

    @override
    def _layer_box(self, area: Area, data: WaterfallData, layer: int) -> QRectF:
        return column_box(area, float(layer))

    # -- painting ----------------------------------------------------------------------------------------------------

    def _paint(self, p: QPainter, area: Area, data: WaterfallData, style: Style) -> None:
        bars = bars_of(data.split)
        width = _bar_width(area, style)
        self._paint_output(p, area, data, style, width)
        levels = _levels(area, bars)
        lefts = [_left(area, bar, width) for bar in bars]
        self._paint_bars(p, style, bars, lefts, levels, width)
        self._paint_connectors(p, style, bars, lefts, levels, width)
        _paint_legend(p, area, style)

    def _paint_front(self, p: QPainter, area: Area, data: WaterfallData, style: Style) -> None:
        """Write the numbers beside the bars, and what the mouse points at."""
        width = _bar_width(area, style)
        stairs = [_stairs(area, ghost.data, width) for ghost in self._drawn]
        bars = bars_of(data.split)
        lefts = [_left(area, bar, width) for bar in bars]
        ends = zip(lefts, _levels(area, bars), strict=True)
        spans = [(left, left + width, min(level), max(level)) for left, level in ends]
        # Wider numbers would leave no place that the lines of pinned runs do not cross.
        decimals = bar_decimals(data.split)[-1:] if stairs else bar_decimals(data.split)
        paint_numbers(p, area, style, (bars, spans), decimals, stairs)
        if self._hover is not None and area.rect.contains(self._hover):
            index = round(area.value_at(self._hover)[0])
            if 0 <= index < len(data.names):
                lines = _lines(data, index)
                for ghost in self._drawn:
                    norms = ghost.data.split.log_norms
                    if index < len(norms):
                        lines.append((f"‖{delta_name(index)}‖, {ghost.name}", _size(float(norms[index]))))
                read_out(p, style, QPointF(area.x(float(index)), self._hover.y()), area.rect, lines)

    @staticmethod
    def _paint_output(p: QPainter, area: Area, data: WaterfallData, style: Style, width: float) -> None:
        """Draw the starting level, ‖δ‖ of the output."""
        start = float(data.split.log_norms[-1])
        if not np.isfinite(start):
            return
        x, y = area.x(float(len(data.names) - 1)), _y(area, start)
        p.setPen(pen(style.theme.ink, style.px(2)))
        p.drawLine(QPointF(x - width, y), QPointF(x + width, y))

    @staticmethod
    def _paint_bars(
        p: QPainter, style: Style, bars: Sequence[Bar], lefts: Sequence[float], levels: Levels, width: float
    ) -> None:
        """Draw all bars of a kind at once, because each call from Python costs more than its pixels."""
        alike: dict[tuple[bool, bool], list[QRectF]] = {}
        thinnest = style.px(1)
        for bar, left, (start, end) in zip(bars, lefts, levels, strict=True):
            rect = QRectF(left, min(start, end), width, max(abs(end - start), thinnest))
            alike.setdefault((bar.is_slope, bar.end > bar.start), []).append(rect)
        p.setRenderHint(QPainter.RenderHint.Antialiasing, width > style.px(6))
        for (is_slope, gains), rects in alike.items():
            colour = QColor(style.theme.positive if gains else style.theme.negative)
            if style.theme.printed and width >= style.px(4):
                for rect in rects:
                    fill_rect(p, rect, style, colour, _hatch(is_slope=is_slope, gains=gains))
            elif is_slope or width < style.px(4):
                p.setPen(Qt.PenStyle.NoPen)
                p.setBrush(colour if is_slope else faded(colour, 0.45))
                p.drawRects(rects)
            else:
                line = style.px(1.4)
                p.setPen(pen(colour, line))
                p.setBrush(faded(colour, 0.22))
                inside = (rect.adjusted(line / 2, line / 2, -line / 2, -line / 2) for rect in rects)
                p.drawRects([each if each.height() > 0.0 else rect for each, rect in zip(inside, rects, strict=True)])

    @staticmethod
    def _paint_connectors(
        p: QPainter, style: Style, bars: Sequence[Bar], lefts: Sequence[float], levels: Levels, width: float
    ) -> None:
        """Join the end of each bar to the start of the next."""
        ways = zip(bars, levels, pairwise(lefts), strict=False)
        lines = [QLineF(after + width, y, left, y) for bar, (_, y), (left, after) in ways if math.isfinite(bar.end)]
        p.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        p.setPen(pen(style.theme.muted, max(1.0, style.scale)))
        p.drawLines(lines)


def _size(log: float) -> str:
    """Return 10^``log`` as text."""
    return "NaN" if np.isnan(log) else "0" if np.isneginf(log) else _ten_to_the(log)


def _bar_width(area: Area, style: Style) -> float:
    low, high = area.x_range
    return min(area.rect.width() / (high - low) * 0.42, style.px(60))


def _paint_ghost(p: QPainter, area: Area, ghost: Ghost[WaterfallData], style: Style) -> None:
    """Draw the way of a pinned run as a staircase through the ends of its bars."""
    xs, ys = _stairs(area, ghost.data, _bar_width(area, style))
    p.setBrush(Qt.BrushStyle.NoBrush)
    halo = pen(faded(style.theme.panel, 0.8), style.px(3))
    for part in finite_runs(xs, ys):
        p.setPen(halo)
        draw_polyline(p, polygon(xs[part], ys[part]))
    paint_ghost_curve(p, area, xs, ys, ghost, style)


def _stairs(area: Area, data: WaterfallData, width: float) -> Line:
    """Return the corners of the staircase through the ends of the bars, in pixels."""
    split, last = data.split, area.x(float(len(data.names) - 1))
    start = _y(area, float(split.log_norms[-1])) if np.isfinite(split.log_norms[-1]) else np.nan
    xs, ys = [last + width, last - width], [start, start]
    for bar in bars_of(split):
        left = _left(area, bar, width)
        xs += [left + width, left]
        ys += [_y(area, bar.end)] * 2
    return np.array(xs), np.array(ys)


def _lines(data: WaterfallData, index: int) -> list[tuple[str, str]]:
    split = data.split
    lines = [(data.names[index], ""), (f"‖{delta_name(index)}‖", _size(float(split.log_norms[index])))]
    if index < len(split.by_weights):
        following = delta_name(index + 1)
        lines += [
            ("through W", f"{_signed(split.by_weights, index)} decades"),
            ("through φ′", f"{_signed(split.by_slope, index)} decades"),
            (f"from ‖{following}‖", f"{_signed(split.by_weights + split.by_slope, index)} decades"),
        ]
    return lines


def _signed(values: Floats, index: int) -> str:
    value = float(values[index])
    return f"{value:+.2f}".replace("-", "−") if np.isfinite(value) else short(value)


def _ten_to_the(exponent: float) -> str:
    """Format 10^``exponent``, even if it is outside the range of float64."""
    whole = int(np.floor(exponent))
    if -300 < whole < 300:
        return short(10.0**exponent, 3)
    return f"{10.0 ** (exponent - whole):.1f}·{power_of_ten(whole)}"


def _powers(logs: Floats) -> Floats:
    """Return 10^``logs`` of the finite ``logs``, clipped to the range of float64."""
    finite = logs[np.isfinite(logs)]
    return np.asarray(10.0 ** np.clip(finite, -300.0, 300.0))


def _levels(area: Area, bars: Sequence[Bar]) -> Levels:
    """Return the pixel rows of the start and the end of each bar, clipped to the axis."""
    logs = np.array([(bar.start, bar.end) for bar in bars]).reshape(-1, 2)
    levels: Levels = area.ys(np.clip(logs, *area.y_range)).tolist()
    return levels


def _left(area: Area, bar: Bar, width: float) -> float:
    """Return the left edge of ``bar``: W is right of φ′, since the gradient flows from right to left."""
    x = area.x(float(bar.layer))
    return x - width if bar.is_slope else x


def _y(area: Area, log: float) -> float:
    """Return the pixel row of ``log``, clipped to the axis."""
    low, high = area.y_range
    return area.y(min(max(log, low), high))


def _hatch(*, is_slope: bool, gains: bool) -> int:
    """Return the hatch of a bar: its direction shows the sign, its density the cause."""
    return (DENSE if is_slope else SPARSE)[gains]


def _legend(style: Style) -> Iterator[tuple[str, QColor, bool]]:
    if style.theme.printed:
        return
    yield "φ′", QColor(style.theme.muted), True
    yield "W", QColor(style.theme.muted), False
    yield "lost", QColor(style.theme.negative), True
    yield "gained", QColor(style.theme.positive), True


def _hatch_legend() -> Iterator[tuple[str, int]]:
    for is_slope, cause in ((True, "φ′"), (False, "W")):
        for gains, sign in ((False, "lost"), (True, "gained")):
            yield f"{cause} {sign}", _hatch(is_slope=is_slope, gains=gains)


def _legend_places(style: Style, width: float, between: float = 10.0) -> list[tuple[float, int]]:
    """Return where each entry of a legend ``width`` pixels wide begins, and in which row, ``between`` pixels apart."""
    side, gap = style.px(SIDE), style.px(4)
    boxes = [(word, side) for word, *_ in _legend(style)] or [(word, WIDER * side) for word, _ in _hatch_legend()]
    places: list[tuple[float, int]] = []
    x, row = 0.0, 0
    for word, box in boxes:
        whole = box + gap + text_width(style, word)
        if x > 0.0 and x + whole > width:
            x, row = 0.0, row + 1
        places.append((x, row))
        x += whole + style.px(between)
    return places


def _row_places(area: Area, style: Style) -> list[QPointF]:
    """Return where the entries of a legend in one row begin: if necessary over the axis, and closer together."""
    last = text_width(style, [word for word, *_ in _legend(style)][-1]) if not style.theme.printed else 0.0
    gaps = (10.0, 6.0, 3.0)
    rows = [[x for x, _ in _legend_places(style, math.inf, gap)] for gap in gaps]
    starts = [area.rect.right() - (xs[-1] + style.px(SIDE + 4) + last) for xs in rows]
    fitting = next((index for index, start in enumerate(starts) if start >= style.px(2)), len(gaps) - 1)
    start, xs = max(starts[fitting], style.px(2)), rows[fitting]
    return [QPointF(min(start, area.rect.left()) + x, area.rect.top() - style.px(13)) for x in xs]


def _paint_legend(p: QPainter, area: Area, style: Style) -> None:
    side = style.px(SIDE)
    starts = _row_places(area, style)
    if area.still:
        places = _legend_places(style, area.rect.width())
        first = area.rect.top() - style.px(13 + LEGEND_ROW * places[-1][1])
        starts = [QPointF(area.rect.left() + x, first + style.px(LEGEND_ROW * row)) for x, row in places]
    for at, (word, colour, is_filled) in zip(starts, _legend(style), strict=False):
        p.setPen(Qt.PenStyle.NoPen if is_filled else pen(colour, style.px(1.4)))
        p.setBrush(colour if is_filled else faded(colour, 0.22))
        p.drawRect(QRectF(at.x(), at.y() - side / 2, side, side))
        write(p, style, at + QPointF(side + style.px(4), 0.0), word, colour=style.theme.muted)
    for at, (word, number) in zip(starts, _hatch_legend(), strict=True) if style.theme.printed else ():
        fill_rect(p, QRectF(at.x(), at.y() - side / 2, WIDER * side, side), style, style.theme.ink, number)
        write(p, style, at + QPointF(WIDER * side + style.px(4), 0.0), word, colour=style.theme.muted)
