"""One path of the ledger: its factors as an equation, and its step in the running sum; hovering highlights it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

from msgspec import Struct
from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QEnterEvent, QFocusEvent, QFont, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from playground.inspector.ledger.factor_chips import CHIP_HEIGHT, LINE_HEIGHT, FactorChips
from playground.inspector.widgets.painted import LEFT, RIGHT, Painted
from playground.session.restrictions import UNKNOWN
from playground.style.consistent_digits import with_digits, written_product
from playground.style.numbers import short
from playground.style.theme import TEXT_LABEL, Style
from playground.widgets.guard import guarded, guarded_or
from playground.widgets.plain_text import plain_tip

MAX_CONSISTENT: Final = 16
TITLE_HEIGHT: Final = 18.0
BAR_HEIGHT: Final = 4.0
MARGIN: Final = 4.0
_INDENT: Final = 8.0
"""Margin before the chips for the multiplication dot at the start of a continued line."""


class ShownPath(Struct, frozen=True):
    """The content of a row.

    Attributes:
        title: neurons along the path, such as ``via z₄``.
        labels: symbol of each factor, such as ``φ′(z₄)``.
        factors: value of each factor.
        value: product of the factors.
        text: the product as displayed.
        before: sum of the paths above.
        after: sum including this path.
        sum_text: that sum as displayed.
        reach: end of the bars' scale, the largest magnitude of all running sums.
        hidden: for each factor whether it is a question mark; then the product is one, too.
    """

    title: str
    labels: tuple[str, ...]
    factors: tuple[float, ...]
    value: float
    text: str
    before: float
    after: float
    sum_text: str
    reach: float
    hidden: tuple[bool, ...] = ()


_NOTHING: Final = ShownPath("", (), (), 0.0, "", 0.0, 0.0, "", 0.0)


class PathRow(Painted):
    """Draws one path.

    Signals:
        entered: it gained the mouse or the keyboard focus.
        left: it lost them.
    """

    entered = Signal()
    left = Signal()

    def __init__(self, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(style, parent)
        self._path = _NOTHING
        self._numbers: list[str] = []
        self._chips = FactorChips()
        self._widest = (
            "",
            "",
        )  # number and product up to now, so that chips do not move back and forth during training
        self._highlighted = self._is_static = False
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        policy = self.sizePolicy()
        policy.setHeightForWidth(True)
        # Not fixed: then the height for the width before would limit that for a narrower one.
        policy.setVerticalPolicy(QSizePolicy.Policy.Preferred)
        self.setSizePolicy(policy)

    @property
    def title(self) -> str:
        """The neurons along the path."""
        return self._path.title

    @property
    def value(self) -> float:
        """The path's contribution to the gradient."""
        return self._path.value

    @property
    def value_text(self) -> str:
        """The product as displayed."""
        return self._path.text

    @property
    def sum_text(self) -> str:
        """The running sum as displayed."""
        return self._path.sum_text

    @property
    def chip_labels(self) -> tuple[str, ...]:
        """The symbols of the factors."""
        return self._path.labels

    @property
    def chip_texts(self) -> list[str]:
        """The factors as displayed on the chips."""
        return self._numbers

    @property
    def equation(self) -> str:
        """The row in one line: ``a₄ 0.62 · φ′(z₆) 0.21 = 0.13``."""
        parts = (f"{label} {text}" for label, text in zip(self._path.labels, self._numbers, strict=True))
        return f"{' · '.join(parts)} = {self._path.text}"

    def make_static(self) -> None:
        """Give each chip the width that its number needs: in a picture, nothing moves."""
        self._is_static = True

    def show_path(self, path: ShownPath) -> None:
        """Show ``path``."""
        if path == self._path:
            return
        labels, self._path = self._path.labels, path
        self._numbers = self._written()
        before, first = self._widest, ("", "") if path.labels != labels else self._widest
        self._widest = max((first[0], *self._numbers), key=len), max(first[1], path.text, key=len)
        self.setAccessibleName(f"{path.title}: {self.equation}; sum so far {path.sum_text}")
        if path.labels != labels or self._widest != before:
            self.updateGeometry()
        self.update()

    def _written(self) -> list[str]:
        path, values = self._path, self._path.factors
        if any(path.hidden):
            return self._masked(with_digits(values, 3))
        # Only a few chips of a very long path fit; its tooltip lists all factors.
        return written_product(values, self.value_text) if len(values) <= MAX_CONSISTENT else with_digits(values, 2)

    def _masked(self, texts: Sequence[str]) -> list[str]:
        """Return ``texts`` with a question mark for each hidden factor."""
        hidden = self._path.hidden or (False,) * len(texts)
        return [UNKNOWN if secret else text for text, secret in zip(texts, hidden, strict=True)]

    @property
    def _is_hidden(self) -> bool:
        """Whether the product contains a hidden factor."""
        return any(self._path.hidden)

    def _arrange(self, width: int) -> None:
        """Lay out the chips for a row of ``width``."""
        px = self.current_style.px
        room = width - 2 * px(MARGIN) - px(_INDENT)
        numbers = self._numbers if self._is_static else self._widest[:1]
        font, style = self.font_of(TEXT_LABEL), self.current_style
        self._chips.arrange(self._path.labels, room, font, style, numbers, self._widest[1])

    @override
    @guarded_or(False)
    def hasHeightForWidth(self) -> bool:
        """Return ``True``, because a narrow row has several lines of chips."""
        return True

    @override
    @guarded_or(0)
    def heightForWidth(self, arg__1: int) -> int:
        """Return the height of title, chips and bar at a width."""
        self._arrange(arg__1)
        height = 2 * MARGIN + TITLE_HEIGHT + self._chips.lines * LINE_HEIGHT + BAR_HEIGHT + 4.0
        return round(self.current_style.px(height))

    @override
    @guarded_or(QSize())
    def sizeHint(self) -> QSize:
        """Return the size at the current width."""
        return QSize(round(self.current_style.px(120)), self.heightForWidth(self.width()))

    @override
    def row_ends(self) -> tuple[int, ...]:
        """Return the end of the title with the first line of chips, then of each further line, the last with the bar."""
        px = self.current_style.px
        first = MARGIN + TITLE_HEIGHT + LINE_HEIGHT
        ends = tuple(round(px(first + LINE_HEIGHT * line)) for line in range(self._chips.lines - 1))
        return (*ends, self.height())

    @override
    @guarded_or(False)
    def event(self, event: QEvent) -> bool:
        """Build the tooltip with all factors only when it is requested."""
        if event.type() == QEvent.Type.ToolTip:
            product = UNKNOWN if self._is_hidden else short(self._path.value)
            texts = self._masked(written_product(self._path.factors, short(self._path.value), 4))
            lines = [f"{label} = {text}" for label, text in zip(self._path.labels, texts, strict=True)]
            bar = "bar: from the sum before to the sum after this path; the mark is 0"
            self.setToolTip(plain_tip("\n".join([*lines, f"product = {product}", bar])))
        return super().event(event)

    @override
    @guarded
    def enterEvent(self, event: QEnterEvent) -> None:
        """Highlight the path."""
        self._highlight(on=True)

    @override
    @guarded
    def leaveEvent(self, event: QEvent) -> None:
        """Stop highlighting it."""
        self._highlight(on=False)

    @override
    @guarded
    def focusInEvent(self, event: QFocusEvent) -> None:
        """Highlight the path."""
        self._highlight(on=True)

    @override
    @guarded
    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Stop highlighting it."""
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
        path, theme, px = self._path, self.current_style.theme, self.current_style.px
        self._arrange(self.width())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._highlighted:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.soft))
            painter.drawRoundedRect(QRectF(self.rect()), px(4), px(4))
        inner = QRectF(self.rect()).adjusted(px(MARGIN), px(MARGIN), -px(MARGIN), -px(MARGIN))
        self._draw_title(painter, QRectF(inner.left(), inner.top(), inner.width(), px(TITLE_HEIGHT)))
        top = inner.top() + px(TITLE_HEIGHT)
        small = self.font_of(TEXT_LABEL)
        chips = QRectF(inner.left() + px(_INDENT), top, inner.width() - px(_INDENT), inner.height())
        self._chips.paint(painter, chips, self._numbers, self.current_style, small, highlighted=self._highlighted)
        last = top + (self._chips.lines - 1) * px(LINE_HEIGHT)
        painter.setFont(self.font_of(TEXT_LABEL, QFont.Weight.Medium))
        painter.setPen(QColor(theme.muted) if self._is_hidden else theme.sign_text(path.value))
        painter.drawText(QRectF(inner.left(), last, inner.width(), px(CHIP_HEIGHT)), RIGHT, f"= {path.text}")
        track = QRectF(inner.left(), last + px(LINE_HEIGHT), inner.width(), px(BAR_HEIGHT))
        self._draw_bar(painter, track)
        painter.end()

    def _draw_title(self, painter: QPainter, area: QRectF) -> None:
        theme, px = self.current_style.theme, self.current_style.px
        small, medium = self.font_of(TEXT_LABEL), self.font_of(weight=QFont.Weight.Medium)
        width_of = QFontMetricsF(medium).horizontalAdvance
        title, brief = self._path.title, self._path.title.replace("hidden ", "H")
        running = self._path.sum_text if self._path.before else ""
        forms = (f"Σ so far {running}", f"Σ {running}") if running else ("",)
        rooms = [area.width() - QFontMetricsF(small).horizontalAdvance(form) - px(8) for form in forms]
        fits = (pair for pair in zip(forms, rooms, strict=True) if width_of(title) <= pair[1])
        form, room = next(fits, (forms[-1], rooms[-1]))
        painter.setFont(small)
        painter.setPen(QColor(theme.muted))
        painter.drawText(area, RIGHT, form)
        painter.setFont(medium)
        painter.setPen(QColor(theme.ink))
        text = title if width_of(title) <= room else brief
        text = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideMiddle, int(room))
        painter.drawText(QRectF(area.left(), area.top(), room, area.height()), LEFT, text)

    def _draw_bar(self, painter: QPainter, track: QRectF) -> None:
        """Draw the path's contribution as a bar from the sum before it to the sum after it; 0 is in the middle."""
        path, theme, px = self._path, self.current_style.theme, self.current_style.px
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.line))
        painter.drawRoundedRect(track, px(2), px(2))
        middle = track.center().x()
        if not self._is_hidden and path.reach > 0 and math.isfinite(path.reach) and math.isfinite(path.after):
            half = track.width() / 2
            ends = sorted((middle + half * path.before / path.reach, middle + half * path.after / path.reach))
            painter.setBrush(QColor(theme.positive if path.value > 0 else theme.negative))
            painter.drawRect(QRectF(ends[0], track.top(), ends[1] - ends[0], track.height()))
        painter.setPen(QPen(QColor(theme.muted), px(1)))
        painter.drawLine(round(middle), round(track.top() - px(2)), round(middle), round(track.bottom() + px(2)))
