"""One path of the ledger: its neurons, its factors as chips, and its product with a bar; hovering highlights it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QEnterEvent, QFocusEvent, QFont, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from core.analysis.chain_rule import Factor
from playground.inspector.consistent_digits import with_digits, written_product
from playground.inspector.painted import CENTRE, LEFT, RIGHT, Painted, sign_ink
from playground.style.numbers import short
from playground.style.theme import TEXT_LABEL, Style
from playground.widgets.guard import guarded, guarded_or

BAR_WIDTH = 32
CHIP_HEIGHT = 22
NARROWEST = 26
"""Minimum width of a chip in pixels."""

MORE = "…"
MAX_CONSISTENT = 16
"""Number of factors up to which the chips are formatted to multiply to the displayed product."""


class PathRow(Painted):
    """Draws one path.

    Signals:
        entered: it gained the mouse or the keyboard focus.
        left: it lost them.
    """

    HEIGHT = 50

    entered = Signal()
    left = Signal()

    def __init__(self, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(style, parent)
        self._title, self._value, self._text, self._share = "", 0.0, "", 0.0
        self._factors: tuple[Factor, ...] = ()
        self._chips: list[str] = []
        self._highlighted = False
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    @property
    def title(self) -> str:
        """The neurons along the path."""
        return self._title

    @property
    def value(self) -> float:
        """The path's contribution to the gradient."""
        return self._value

    @property
    def value_text(self) -> str:
        """The product as displayed."""
        return self._text

    def show_path(self, title: str, factors: tuple[Factor, ...], value: float, text: str, share: float) -> None:
        """Show a path with ``value`` displayed as ``text``; ``share`` is its magnitude relative to the largest path."""
        shown = (title, factors, value, text, share)
        if shown == (self._title, self._factors, self._value, self._text, self._share):
            return
        self._title, self._factors, self._value, self._text, self._share = shown
        self._chips = self._written()
        self.setAccessibleName(f"{title} {self.value_text}")
        self.update()

    @property
    def chip_texts(self) -> list[str]:
        """The factors as displayed on the chips."""
        return self._chips

    def _written(self) -> list[str]:
        values = [factor.value for factor in self._factors]
        # Only a few chips of a very long path fit; its tooltip lists all factors.
        return written_product(values, self.value_text) if len(values) <= MAX_CONSISTENT else with_digits(values, 2)

    @override
    @guarded_or(False)
    def event(self, event: QEvent) -> bool:
        """Build the tooltip with all factors only when it is requested."""
        if event.type() == QEvent.Type.ToolTip:
            texts = written_product([factor.value for factor in self._factors], short(self._value), 4)
            lines = [f"{factor.name} = {text}" for factor, text in zip(self._factors, texts, strict=True)]
            self.setToolTip("\n".join([*lines, f"product = {short(self._value)}"]))
        return super().event(event)

    @override
    @guarded
    def enterEvent(self, event: QEnterEvent) -> None:
        """Highlight the path."""
        self._highlight(on=True)

    @override
    @guarded
    def leaveEvent(self, event: QEvent) -> None:
        """Stop highlighting the path."""
        self._highlight(on=False)

    @override
    @guarded
    def focusInEvent(self, event: QFocusEvent) -> None:
        """Highlight the path."""
        self._highlight(on=True)

    @override
    @guarded
    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Stop highlighting the path."""
        self._highlight(on=False)

    def _highlight(self, *, on: bool) -> None:
        if on != self._highlighted:
            self._highlighted = on
            self.update()
            (self.entered if on else self.left).emit()

    @override
    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the row."""
        theme, px = self.current_style.theme, self.current_style.px
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._highlighted:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.soft))
            painter.drawRoundedRect(QRectF(self.rect()), px(4), px(4))
        inner = QRectF(self.rect()).adjusted(px(4), px(3), -px(4), -px(3))
        top = QRectF(inner.left(), inner.top(), inner.width(), px(18))
        painter.setFont(self.font_of(weight=QFont.Weight.Medium))
        number = self.value_text
        painter.setPen(sign_ink(self._value, theme))
        painter.drawText(top, RIGHT, number)
        painter.setPen(QColor(theme.ink))
        top.setRight(top.right() - painter.fontMetrics().horizontalAdvance(number) - px(8))
        title = painter.fontMetrics().elidedText(self._title, Qt.TextElideMode.ElideMiddle, int(top.width()))
        painter.drawText(top, LEFT, title)
        bottom = QRectF(inner.left(), inner.top() + px(22), inner.width(), px(CHIP_HEIGHT))
        self._draw_bar(painter, bottom)
        bottom.setRight(bottom.right() - px(BAR_WIDTH + 8))
        self._draw_chips(painter, bottom)
        painter.end()

    def _draw_bar(self, painter: QPainter, area: QRectF) -> None:
        theme, px = self.current_style.theme, self.current_style.px
        bar = QRectF(area.right() - px(BAR_WIDTH), area.center().y() - px(2), px(BAR_WIDTH), px(4))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.line))
        painter.drawRoundedRect(bar, px(2), px(2))
        width = bar.width() * self._share
        if not width > 0:
            return
        painter.setBrush(QColor(theme.positive if self._value > 0 else theme.negative))
        # Negative bars grow from the left and positive ones from the right, so the sign is visible without colour.
        left = bar.left() if self._value < 0 else bar.right() - width
        painter.drawRoundedRect(QRectF(left, bar.top(), width, bar.height()), px(2), px(2))

    def _draw_chips(self, painter: QPainter, area: QRectF) -> None:
        theme, px = self.current_style.theme, self.current_style.px
        painter.setFont(self.font_of(TEXT_LABEL))
        metrics = painter.fontMetrics()
        gap, pad = px(9), px(5)
        texts = self._chips
        if not texts:
            return
        # A deep network has a hundred factors; do not measure those that cannot fit.
        measured = min(len(texts) - 1, int(area.width() / px(NARROWEST)) + 1)
        widths = [metrics.horizontalAdvance(text) + 2 * pad for text in (*texts[:measured], texts[-1])]
        shown = fitting(widths, area.width(), gap, metrics.horizontalAdvance(MORE))
        x = area.left()
        for position, index in enumerate(shown):
            if position:
                painter.setPen(QColor(theme.muted))
                painter.drawText(QRectF(x, area.top(), gap, area.height()), CENTRE, "·")
                x += gap
            if index is None:
                width = float(metrics.horizontalAdvance(MORE))
                painter.setPen(QColor(theme.muted))
                painter.drawText(QRectF(x, area.top(), width, area.height()), CENTRE, MORE)
            else:
                width = widths[index]
                text = texts[index] if index < measured else texts[-1]
                chip = QRectF(x + 0.5, area.top() + 0.5, width - 1, area.height() - 1)
                painter.setPen(QPen(QColor(theme.line), 1))
                painter.setBrush(QColor(theme.panel if self._highlighted else theme.field))
                painter.drawRoundedRect(chip, px(5), px(5))
                painter.setPen(QColor(theme.ink))
                painter.drawText(chip, CENTRE, text)
            x += width


def fitting(widths: list[float], space: float, gap: float, dots: float) -> list[int | None]:
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
