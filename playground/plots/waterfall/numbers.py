"""Write the numbers of the waterfall beside their bars, as many as have room."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, TypeAlias

from msgspec import Struct
from PySide6.QtCore import QRectF

from playground.plots.waterfall.free_place import Line, free_place
from playground.plots.waterfall.sentence import decades
from playground.plotting.drawing.pencil import Align, faded, text_height, text_width, write

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter

    from playground.plots.waterfall.bars import Bar
    from playground.plotting.canvas.canvas import Area
    from playground.style.theme import Style

Span: TypeAlias = tuple[float, float, float, float]
"""Left, right, top and bottom of a bar or a number, in pixels."""

GAP: Final = 2.0
"""Gap between two numbers in pixels at scale 1."""

TOUCH: Final = 1.0
"""Number of pixels by which a number and a bar may overlap: they share the level where the bar ends."""


class Number(Struct, frozen=True, eq=False):
    """The number of one bar.

    Attributes:
        text: the number.
        box: its rectangle.
        is_free: whether no line of a pinned run crosses it.
    """

    text: str
    box: QRectF
    is_free: bool


def paint_numbers(
    p: QPainter,
    area: Area,
    style: Style,
    bars: tuple[Sequence[Bar], Sequence[Span]],
    decimals: Sequence[int],
    stairs: Sequence[Line],
) -> None:
    """Write the decades of the ``bars``, which cover the spans, beside their ends.

    The largest changes come first; a number for which other numbers and bars leave no room is left out. All have the first
    number of ``decimals`` with which at least half of them fit, or else the one with which most do.
    """
    found: list[Number] = []
    for count in decimals:
        tried = numbers(area, style, bars, count, stairs)
        found = max(found, tried, key=len)
        if 2 * len(tried) >= len(bars[0]):
            found = tried
            break
    for number in found:
        if not number.is_free:
            p.fillRect(number.box, faded(style.theme.panel, 0.85))
        write(p, style, number.box.center(), number.text, colour=style.theme.ink, align=Align.AlignHCenter)


def numbers(
    area: Area, style: Style, bars: tuple[Sequence[Bar], Sequence[Span]], decimals: int, stairs: Sequence[Line]
) -> list[Number]:
    """Return the numbers with ``decimals`` decimals that have room, off the ``stairs`` of pinned runs where possible."""
    changes, spans = bars
    width = spans[0][1] - spans[0][0] if spans else 0.0
    if text_width(style, "0") > width * 1.1 + style.px(1):
        return []  # measuring a hundred numbers takes time
    height, gap, rect = text_height(style), style.px(GAP), area.rect
    found: dict[int, Span] = {}
    result: list[Number] = []
    for index in sorted(range(len(changes)), key=lambda index: -abs(changes[index].change)):
        bar, (left, right, top, bottom) = changes[index], spans[index]
        text = decades(bar.change, decimals) if math.isfinite(bar.change) else "0"
        wide = text_width(style, text)
        # Below a falling bar, above a rising bar. A wide one begins with its bar, since those to its right end elsewhere.
        falls = bar.change <= 0.0
        y = min(max(bottom if falls else top - height, rect.top()), rect.bottom() - height)
        x = max((left + right - wide) / 2, left)
        span = (x, x + wide, y, y + height)
        near = range(max(index - _reach(wide, width), 0), min(index + _reach(wide, width) + 1, len(spans)))
        if any(other != index and _overlap(span, spans[other], -TOUCH) for other in near) or any(
            other in found and _overlap(span, found[other], gap) for other in near
        ):
            continue
        box = QRectF(x, y, wide, height)
        place = free_place(box, stairs, rect, down=falls) if stairs else box
        found[index] = span if place is None else (x, x + wide, place.top(), place.bottom())
        result.append(Number(text, place or box, place is not None))
    return result


def _reach(wide: float, width: float) -> int:
    """Return how many bars of ``width`` pixels a number ``wide`` pixels wide, or that of another bar, may reach over."""
    return math.ceil(2.0 * wide / width) + 2


def _overlap(one: Span, other: Span, gap: float) -> bool:
    """Return whether two spans overlap or are less than ``gap`` apart side by side; they may share ``TOUCH`` rows."""
    return (
        one[0] < other[1] + gap and other[0] < one[1] + gap and one[2] < other[3] - TOUCH and other[2] < one[3] - TOUCH
    )
