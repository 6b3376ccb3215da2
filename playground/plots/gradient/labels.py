"""Numbers above the bars of the gradient plot: two significant digits each, in as many lines as their columns need."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import numpy as np
from msgspec import Struct
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter

from core.arrays import Floats
from playground.plotting.canvas.canvas import Area
from playground.plotting.drawing.pencil import Align, faded, pen, text_height, text_width, write
from playground.style.numbers import MINUS, short
from playground.style.theme import Style

DIGITS: Final = 2
GAP: Final = 4.0
"""Gap between a bar and its number, in pixels at scale 1."""

LEADER: Final = 3.0
"""Gap above which a line joins a number to its bar, in pixels at scale 1."""

LINE_GAP: Final = 2.0
"""Gap between a number and a line, in pixels at scale 1."""

WIDE: Final = 1.5
"""Width of a number relative to its bar above which it begins or ends with the bar instead of being centred on it."""

OVERHANG: Final = 1.25
"""Width of a number relative to its column up to which it does not reach the bars beside it."""

WIDEST: Final = f"0.0e{MINUS}00"
NARROWEST: Final = "0.0"


class BarLabels(Struct, frozen=True):
    """The numbers of all bars, of every second one, or of the outer ones if the columns are too narrow for more.

    Attributes:
        lines: lines of each number, by layer.
        is_outer: whether they are those of the outer bars.
    """

    lines: dict[int, tuple[str, ...]]
    is_outer: bool = False


class Place(Struct, frozen=True):
    """Where a number is drawn.

    Attributes:
        index: the layer.
        lines: lines of the number.
        box: the number's rectangle in pixels.
    """

    index: int
    lines: tuple[str, ...]
    box: QRectF


def bar_label(value: float, digits: int = DIGITS) -> str:
    """Format ``value`` with ``digits`` significant digits: ``0.13``, ``1.3e−4``."""
    return short(value, digits)


def stacked_label(value: float) -> tuple[str, ...]:
    """Format ``value`` with two significant digits over its power of ten: ``1.3`` over ``e−4``."""
    if value == 0.0 or not math.isfinite(value):
        return (bar_label(value),)
    mantissa, exponent = f"{value:.{DIGITS - 1}e}".split("e")
    return (mantissa.replace("-", MINUS), f"e{int(exponent)}".replace("-", MINUS))


def max_lines(cell: float, style: Style) -> int:
    """Return the number of lines of a number in a column ``cell`` pixels wide: 2 if not every number fits in one line.

    Depends on the width alone, so that the axis stays the same while the numbers change.
    """
    return 1 if text_width(style, WIDEST, bold=True) <= cell - 1 else 2


def fitting_labels(values: Floats, cell: float, style: Style) -> BarLabels | None:
    """Return numbers for columns ``cell`` pixels wide: of all in one line, else stacked, else of every second one.

    ``None`` if none of these fit.
    """
    if text_width(style, NARROWEST, bold=True) > cell * OVERHANG:
        return None  # measuring fifty numbers takes time
    every = _labels(values, range(len(values)), cell - 1, style)
    return every or _labels(values, _every_second(values), cell * OVERHANG, style)


def _every_second(values: Floats) -> list[int]:
    """Return the indices of the first, the last, every second and each non-finite bar."""
    last = len(values) - 1
    kept = {0, *range(last, 1, -2), *np.flatnonzero(~np.isfinite(values)).tolist()}
    return sorted(kept)


def _labels(values: Floats, indices: Sequence[int], room: float, style: Style) -> BarLabels | None:
    """Return the numbers at ``indices``, all in one line if they fit ``room``, else stacked; ``None`` if neither fits."""

    def fits(lines: Sequence[str]) -> bool:
        return all(text_width(style, line, bold=True) <= room for line in lines)

    texts = {index: bar_label(float(values[index])) for index in indices}
    if fits(list(texts.values())):
        return BarLabels({index: (text,) for index, text in texts.items()})
    lines = {index: (text,) if fits([text]) else stacked_label(float(values[index])) for index, text in texts.items()}
    return BarLabels(lines) if all(map(fits, lines.values())) else None


def outer_labels(values: Floats) -> BarLabels:
    """Return the numbers of the first, the last and each non-finite bar, which may be wider than their columns."""
    last = len(values) - 1
    kept = [index for index, value in enumerate(values) if index in {0, last} or not math.isfinite(value)]
    return BarLabels({index: (bar_label(float(values[index])),) for index in kept}, is_outer=True)


class Bars(Struct, frozen=True, eq=False):
    """The bars in pixels.

    Attributes:
        values: (layers,), the magnitudes.
        tops: (layers,), the upper ends.
        width: width of a bar.
        lines: heights (layers,) of the lines through or across the bars; NaN where they have gaps.
    """

    values: Floats
    tops: Floats
    width: float
    lines: Sequence[Floats] = ()


def places(labels: BarLabels, bars: Bars, area: Area, style: Style) -> list[Place]:
    """Return where to draw ``labels``, above all bars that they span; those that would overlap others are left out.

    Numbers wider than their columns also avoid the lines, where there is room above them.
    """
    found: list[Place] = []
    values, width = bars.values, bars.width
    line_height = text_height(style)
    centres = area.xs(np.arange(len(values), dtype=np.float64))
    # The outer numbers come first, those of non-finite bars in between only where there is room.
    for index in sorted(labels.lines, key=lambda index: index not in {0, len(values) - 1}):
        lines = labels.lines[index]
        wide = max(text_width(style, line, bold=True) for line in lines)
        left, is_wide = float(centres[index]) - wide / 2, wide > WIDE * width
        if is_wide and index in {0, len(values) - 1}:  # begin or end with the own bar
            left = float(centres[index]) - width / 2 if index == 0 else float(centres[index]) + width / 2 - wide
        left = min(max(left, area.rect.left()), max(area.rect.right() - wide, area.rect.left()))
        spanned = np.isfinite(values) & (centres + width / 2 > left) & (centres - width / 2 < left + wide)
        bottom = float(bars.tops[spanned].min(initial=float(bars.tops[index]))) - style.px(GAP)
        height, highest = line_height * len(lines), area.rect.top() - style.px(6)
        if not math.isfinite(values[index]):
            bottom = area.rect.top() + line_height + height / 2
        elif is_wide:
            xs = np.array([left, *centres[spanned], left + wide])
            parts = [np.interp(xs, centres[: len(line)], line[: len(centres)]) for line in bars.lines]
            above = _above(bottom, height, parts, style)
            bottom = above if above - height >= highest else bottom
        box = QRectF(left, max(bottom - height, highest), wide, height)
        if not any(box.adjusted(-1.0, 0.0, 1.0, 0.0).intersects(each.box) for each in found):
            found.append(Place(index, lines, box))
    return found


def _above(bottom: float, height: float, lines: Sequence[Floats], style: Style) -> float:
    """Return the lower end of a number ``height`` pixels high at or above ``bottom`` that touches none of ``lines``."""
    gap = style.px(LINE_GAP)
    extents = [(float(np.nanmin(line)), float(np.nanmax(line))) for line in lines if np.isfinite(line).any()]
    for top, low in sorted(extents, key=lambda extent: -extent[1]):  # from the lowest up
        if top < bottom + gap and low > bottom - height - gap:
            bottom = top - gap
    return bottom


def paint_labels(p: QPainter, area: Area, bars: Bars, style: Style, cell: float) -> None:
    """Write each value above its bar in a column ``cell`` pixels wide, or as many as fit, joined to their bars."""
    labels = fitting_labels(bars.values, cell, style) or outer_labels(bars.values)
    for place in places(labels, bars, area, style):
        _paint_label(p, place, style, min_width=bars.width + 2.0 if labels.is_outer else 0.0)
        x, top, bottom = area.x(float(place.index)), float(bars.tops[place.index]), place.box.bottom() + style.px(1)
        if math.isfinite(bars.values[place.index]) and top - bottom > style.px(GAP + LEADER):
            p.setPen(pen(style.theme.muted, max(1.0, style.scale)))
            p.drawLine(QLineF(x, bottom, x, top - style.px(1)))


def _paint_label(p: QPainter, place: Place, style: Style, *, min_width: float) -> None:
    """Write a number on a backing at least ``min_width`` pixels wide, which covers lines that would look like minus signs."""
    box = place.box
    more = max(style.px(4), min_width - box.width()) / 2
    p.setPen(Qt.PenStyle.NoPen)
    # The trail's lines pass behind the number.
    p.setBrush(faded(style.theme.panel, 0.92))
    p.drawRoundedRect(box.adjusted(-more, 0.0, more, 0.0), style.px(3), style.px(3))
    height = box.height() / len(place.lines)
    for row, line in enumerate(place.lines):
        at = QPointF(box.center().x(), box.top() + height * (row + 0.5))
        write(p, style, at, line, colour=style.theme.ink, align=Align.AlignHCenter, bold=True)
