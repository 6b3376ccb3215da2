"""The list of the terms of a neuron's weighted sum."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

from msgspec import Struct
from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from typing_extensions import override

from playground.inspector.widgets.painted import LEFT, RIGHT, Painted
from playground.style.theme import TEXT_CONTROL, TEXT_LABEL, Style
from playground.widgets.guard import guarded, guarded_or

LINE_HEIGHT: Final = 22
STACKED_HEIGHT: Final = 38
"""Height of a line whose product is below its name, where the two do not fit side by side."""

BAR_HEIGHT: Final = 3
"""Height of the bar below each line, which compares the terms; negative ones extend to the left of the centre."""


class Line(Struct, frozen=True):
    """One line of the sum.

    Attributes:
        name: name of the input, or of the bias.
        product: the factors, such as ``0.42 × −0.71``.
        value: the term as displayed.
        sign: the term's value, which determines its colour.
        short: a name for narrow lists, such as ``a₁[3]``; empty if there is none.
    """

    name: str
    product: str
    value: str
    sign: float
    short: str = ""


class TermList(Painted):
    """Paints lines of name, product and value in three columns.

    Signals:
        restacked: the lines have become higher or lower, because the products are below the names or beside them again.
    """

    restacked = Signal()

    _lines: tuple[Line, ...] = ()
    _is_stacked = False

    @property
    def lines(self) -> tuple[Line, ...]:
        """The lines shown."""
        return self._lines

    def show_lines(self, lines: tuple[Line, ...]) -> None:
        """Show ``lines``."""
        if lines == self._lines:
            return
        taller = len(lines) != len(self._lines)
        self._lines = lines
        self.setAccessibleName("; ".join(f"{line.name} {line.product} = {line.value}" for line in lines))
        if taller:
            self.updateGeometry()
        self._stack()
        self.update()

    @override
    @guarded_or(QSize())
    def sizeHint(self) -> QSize:
        """Return the height of all lines."""
        return QSize(round(self.current_style.px(120)), round(self._line_height * len(self._lines)))

    @override
    @guarded
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Stack names and products if they no longer fit side by side."""
        super().resizeEvent(event)
        self._stack()

    @override
    def set_style(self, style: Style) -> None:
        """Draw in ``style``."""
        super().set_style(style)
        self._stack()

    @property
    def _line_height(self) -> float:
        return self.current_style.px(STACKED_HEIGHT if self._is_stacked else LINE_HEIGHT)

    def _stack(self) -> None:
        """Decide whether the products are below the names, and adapt the height."""
        plain, small = self.font_of(TEXT_CONTROL), self.font_of(TEXT_LABEL)
        stacked = not self._fits([line.short or line.name for line in self._lines if line.product], plain, small)
        if stacked is not self._is_stacked:
            self._is_stacked = stacked
            self.updateGeometry()
            self.restacked.emit()

    @override
    def row_ends(self) -> tuple[int, ...]:
        height = self._line_height
        return tuple(round(height * count) for count in range(1, len(self._lines) + 1))

    @override
    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the lines."""
        theme, px = self.current_style.theme, self.current_style.px
        painter = QPainter(self)
        small, plain = self.font_of(TEXT_LABEL), self.font_of(TEXT_CONTROL)
        top = 0.0
        text_height = px(LINE_HEIGHT - BAR_HEIGHT)
        height, gap = self._line_height, self._line_height - px(LINE_HEIGHT)
        reach = max((abs(line.sign) for line in self._lines if math.isfinite(line.sign)), default=0.0)
        metrics, is_short = QFontMetrics(plain), self._needs_short_names(plain, small)
        for line in self._lines:
            area = QRectF(0, top, self.width(), text_height)
            bar = QRectF(0, top + height - px(BAR_HEIGHT + 1), self.width(), px(BAR_HEIGHT))
            self._draw_bar(painter, bar, line.sign / reach if reach and math.isfinite(line.sign) else 0.0)
            painter.setFont(plain)
            painter.setPen(theme.sign_text(line.sign))
            painter.drawText(area, RIGHT, line.value)
            area.setRight(area.right() - max(px(56), painter.fontMetrics().horizontalAdvance(line.value) + px(6)))
            painter.setFont(small)
            painter.setPen(QColor(theme.muted))
            if self._is_stacked:
                painter.drawText(QRectF(0, top + gap, self.width(), text_height), LEFT, line.product)
            else:
                painter.drawText(area, RIGHT, line.product)
                area.setRight(area.right() - painter.fontMetrics().horizontalAdvance(line.product) - px(6))
            painter.setFont(plain)
            painter.setPen(QColor(theme.ink))
            shown = line.short if is_short and line.short else line.name
            name = metrics.elidedText(shown, Qt.TextElideMode.ElideRight, max(int(area.width()), 0))
            painter.drawText(area, LEFT, name)
            top += height
        painter.end()

    def _needs_short_names(self, plain: QFont, small: QFont) -> bool:
        """Return whether some name does not fit beside product and value; all of them are short then."""
        return not self._fits([line.name for line in self._lines], plain, small, stacked=self._is_stacked)

    def _fits(self, names: Sequence[str], plain: QFont, small: QFont, *, stacked: bool = False) -> bool:
        """Return whether every one of the ``names`` fits beside the product, unless ``stacked``, and the value."""
        px, metrics, products = self.current_style.px, QFontMetrics(plain), QFontMetrics(small)
        return all(
            metrics.horizontalAdvance(name)
            + (0 if stacked else products.horizontalAdvance(line.product))
            + max(px(56), metrics.horizontalAdvance(line.value) + px(6))
            + px(8)
            <= self.width()
            for name, line in zip(names, self._lines, strict=False)
        )

    def _draw_bar(self, painter: QPainter, track: QRectF, share: float) -> None:
        """Draw a bar of ``share``, −1 to 1, from the middle of ``track``."""
        theme = self.current_style.theme
        painter.fillRect(track, QColor(theme.line))
        middle, half = track.center().x(), track.width() / 2
        bar = QRectF(middle + min(share, 0.0) * half, track.top(), abs(share) * half, track.height())
        painter.fillRect(bar, QColor(theme.positive if share > 0 else theme.negative))
        painter.fillRect(QRectF(middle - 0.5, track.top() - 1, 1, track.height() + 2), QColor(theme.muted))
