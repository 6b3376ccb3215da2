"""The factors of a path as chips with symbol and number, wrapped into lines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from playground.inspector.widgets.painted import CENTRE
from playground.style.theme import Style

CHIP_HEIGHT: Final = 32.0
LINE_HEIGHT: Final = 36.0
MAX_LINES: Final = 3
"""Maximum number of lines; factors that do not fit are omitted in the last one, but are listed in the tooltip."""

MORE: Final = "…"
_GAP: Final = 9.0
_PAD: Final = 4.0
_WIDEST_NUMBER: Final = "−0.0000"
"""Chips are wide enough for this number; longer numbers use a smaller font, so that nothing moves when they change."""

_MIN_CHIP_WIDTH: Final = 46.0
"""Minimum width of a chip, so that chips that cannot fit are not measured."""

_MIN_FONT_SIZE: Final = 7

_MEAN: Final = "mean of "
"""What the label of a mean begins with; the rest is left out of a narrow chip."""


def fitting(widths: Sequence[float], space: float, gap: float, dots: float) -> list[int | None]:
    """Return the indices of the chips that fit: all, or the first ones, ``None`` for the ellipsis, and the last."""
    if sum(widths) + gap * (len(widths) - 1) <= space:
        return list(range(len(widths)))
    left = space - widths[-1] - dots - gap
    kept: list[int | None] = []
    for index, width in enumerate(widths[:-1]):
        left -= width + gap
        if left < 0:
            break
        kept.append(index)
    return [*kept, None, len(widths) - 1]


def lines_of(widths: Sequence[float], space: float, end: float, gap: float, dots: float) -> list[list[int | None]]:
    """Return the chips of each line, at most ``MAX_LINES``; the last line leaves space for ``end``.

    Args:
        widths: widths of the chips.
        space: width of a line.
        end: width of the text after the last chip.
        gap: gap between two chips.
        dots: width of the ellipsis for omitted chips.
    """
    lines: list[list[int | None]] = [[]]
    taken = 0.0
    for index, width in enumerate(widths):
        last = index == len(widths) - 1
        needed = width + (gap + end if last else 0.0)
        if lines[-1] and taken + gap + needed > space:
            if len(lines) == MAX_LINES:
                return _shortened(lines, widths, space - end - gap, gap, dots)
            lines.append([])
            taken = 0.0
        taken += width + (gap if lines[-1] else 0.0)
        lines[-1].append(index)
    return lines


def _shortened(
    lines: list[list[int | None]], widths: Sequence[float], space: float, gap: float, dots: float
) -> list[list[int | None]]:
    first = lines[-1][0] or 0
    kept = fitting(widths[first:], space, gap, dots)
    return [*lines[:-1], [None if index is None else index + first for index in kept]]


class FactorChips:
    """Lays out the chips for a width, and paints them."""

    def __init__(self) -> None:
        self._labels: tuple[str, ...] = ()
        self._key: tuple[object, ...] = ()
        self._widths: list[float] = []
        self._lines: list[list[int | None]] = [[]]

    @property
    def lines(self) -> int:
        """Number of lines."""
        return len(self._lines)

    def arrange(
        self,
        labels: tuple[str, ...],
        width: float,
        font: QFont,
        style: Style,
        numbers: Sequence[str] = (),
        product: str = "",
    ) -> None:
        """Lay out chips for ``labels`` in lines of ``width``, in ``font``.

        They are wide enough for usual numbers and ``numbers``, and leave room for a usual product and ``product``, which is
        below them where not even one chip fits beside it.
        """
        key = (labels, width, font, style.scale, tuple(numbers), product)
        if key == self._key:
            return
        self._key, self._labels = key, labels
        px, metrics = style.px, QFontMetricsF(font)
        number = max(map(metrics.horizontalAdvance, (_WIDEST_NUMBER, *numbers)))
        # A deep network has a hundred factors, most of which are omitted.
        measured = int(MAX_LINES * (width / px(_MIN_CHIP_WIDTH) + 1))
        pads = 2 * px(_PAD)
        self._widths = [
            # A chip is at most as wide as a line, such as that of a feature with a long name; its label is elided.
            max(min(metrics.horizontalAdvance(label), width - pads), number) + pads
            if place < measured or place == len(labels) - 1
            else number + pads
            for place, label in enumerate(labels)
        ]
        end = max(metrics.horizontalAdvance(f"= {each}") for each in (_WIDEST_NUMBER, product)) + px(_PAD)
        dots = metrics.horizontalAdvance(MORE)
        widest = width - end - dots - 3 * px(_GAP)
        if self._widths:  # beside the product; its label is elided
            self._widths[-1] = max(min(self._widths[-1], widest), number + pads)
        self._lines = lines_of(self._widths, width, end, px(_GAP), dots)
        last = [dots if index is None else self._widths[index] for index in self._lines[-1]]
        if sum(last) + px(_GAP) * len(last) + end > width:  # not even one chip fits beside the product
            self._lines = [*lines_of(self._widths, width, 0.0, px(_GAP), dots), []]

    def paint(
        self, painter: QPainter, area: QRectF, texts: Sequence[str], style: Style, font: QFont, *, highlighted: bool
    ) -> float:
        """Paint the chips with ``texts`` from the top of ``area``, and return where the last line ends."""
        px, gap = style.px, style.px(_GAP)
        x = area.left()
        factors = self._factor_font(font, texts, px(_PAD))
        for number, line in enumerate(self._lines):
            top = area.top() + number * px(LINE_HEIGHT)
            x = area.left()
            for place, index in enumerate(line):
                if place or number:
                    painter.setFont(font)
                    painter.setPen(QColor(style.theme.muted))
                    # The multiplication dot of a continued line is in the margin.
                    at = x if place else x - gap
                    painter.drawText(QRectF(at, top, gap, px(CHIP_HEIGHT)), CENTRE, "·")
                    x += gap if place else 0.0
                width = self._paint_one(
                    painter, QRectF(x, top, 0.0, px(CHIP_HEIGHT)), index, texts, style, (font, factors), highlighted
                )
                x += width
        return x

    def _factor_font(self, font: QFont, texts: Sequence[str], pad: float) -> QFont:
        """Return ``font``, reduced so that each of the factors fits into its chip; a row has one size of type."""
        shown = [index for line in self._lines for index in line if index is not None]
        fonts = (_fitted(font, texts[index], self._widths[index] - pad) for index in shown)
        return min(fonts, key=QFont.pixelSize, default=font)

    def _paint_one(
        self,
        painter: QPainter,
        at: QRectF,
        index: int | None,
        texts: Sequence[str],
        style: Style,
        fonts: tuple[QFont, QFont],
        highlighted: bool,  # noqa: FBT001
    ) -> float:
        theme, px = style.theme, style.px
        font, factors = fonts
        painter.setFont(font)
        if index is None:
            at.setWidth(QFontMetricsF(font).horizontalAdvance(MORE))
            painter.setPen(QColor(theme.muted))
            painter.drawText(at, CENTRE, MORE)
            return at.width()
        at.setWidth(self._widths[index])
        painter.setPen(QPen(QColor(theme.line), 1))
        painter.setBrush(QColor(theme.panel if highlighted else theme.field))
        painter.drawRoundedRect(at.adjusted(0.5, 0.5, -0.5, -0.5), px(5), px(5))
        upper = QRectF(at.left(), at.top() + px(1), at.width(), px(15))
        painter.setPen(QColor(theme.muted))
        label, room = self._labels[index], int(at.width() - px(_PAD)) + 1
        if label.startswith(_MEAN) and painter.fontMetrics().horizontalAdvance(label) > room:
            label = "mean"
        label = painter.fontMetrics().elidedText(label, Qt.TextElideMode.ElideRight, room)
        painter.drawText(upper, CENTRE, label)
        lower = QRectF(at.left(), at.top() + px(15), at.width(), px(15))
        painter.setPen(QColor(theme.ink))
        painter.setFont(factors)
        painter.drawText(lower, CENTRE, texts[index])
        return at.width()


def _fitted(font: QFont, text: str, width: float) -> QFont:
    """Return ``font``, reduced if ``text`` is wider than ``width``."""
    needed = QFontMetricsF(font).horizontalAdvance(text)
    if needed <= width:
        return font
    smaller = QFont(font)
    smaller.setPixelSize(max(_MIN_FONT_SIZE, int(font.pixelSize() * width / needed)))
    return smaller
