"""A readout: a label with a large number below it, optionally editable."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

from msgspec import Struct
from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from playground.inspector.widgets.painted import LEFT, Painted
from playground.style.numbers import MINUS, percent, short, signed
from playground.style.theme import TEXT_LABEL, TEXT_READOUT, Style
from playground.widgets.guard import guarded, guarded_or
from playground.widgets.inline_edit import InlineEdit
from playground.widgets.plain_text import plain_tip

_EDIT_KEYS = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F2)


DELTA: Final = "Δ "
TALL: Final = 55
"""Height at scale 1 with a line for the difference from a pinned run."""


class Pinned(Struct, frozen=True):
    """The value of a pinned run.

    Attributes:
        name: name of the pin.
        value: its value; NaN if it has none.
        is_share: whether it is a share, whose difference is in percentage points.
    """

    name: str
    value: float
    is_share: bool = False

    def difference(self, value: float) -> str:
        """Return by how much ``value`` is larger; empty if that is not finite."""
        larger = value - self.value
        if not math.isfinite(larger):
            return ""
        if self.is_share:
            return f"{DELTA}{'+' if larger > 0 else ''}{100.0 * larger:.0f} pp".replace("-", MINUS)
        return f"{DELTA}{signed(larger, 2)}"

    @property
    def text(self) -> str:
        """The value as displayed."""
        return percent(self.value, 0) if self.is_share else short(self.value)


class ReadOut(Painted):
    """Shows one number; if it is editable, a click or Enter opens a text field.

    Signals:
        edited: the new value.
    """

    HEIGHT = 42

    edited = Signal(float)

    def __init__(self, style: Style, *, editable: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(style, parent)
        self._label, self._short, self._text, self._sign, self._difference = "", "", "", 0.0, ""
        self._is_tall = False
        self._row: tuple[ReadOut, ...] = (self,)
        self._widest = ""
        self._exact = 0.0
        self._editable = editable
        self._hovered = False
        self._field: InlineEdit | None = None
        if editable:
            self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            self.setCursor(Qt.CursorShape.PointingHandCursor)

    @override
    @guarded_or(QSize())
    def sizeHint(self) -> QSize:
        """Return a fixed height, larger beside a pinned run."""
        height = TALL if self._is_tall else self.HEIGHT
        return QSize(super().sizeHint().width(), round(self.current_style.px(height)))

    @override
    def row_ends(self) -> tuple[int, ...]:
        """Return the lower ends of the label, the number and the difference."""
        px = self.current_style.px
        return (round(px(16)), round(px(41)), self.height()) if self._is_tall else (round(px(16)), self.height())

    @property
    def text(self) -> str:
        """The number as displayed."""
        return self._text

    @property
    def label(self) -> str:
        """The label above the number."""
        return self._label

    @property
    def difference(self) -> str:
        """The difference from the pinned run, or nothing."""
        return self._difference

    def show_value(
        self,
        label: str,
        text: str,
        exact: float,
        *,
        sign: float = 0.0,
        tip: str = "",
        pinned: Pinned | None = None,
        short: str = "",
    ) -> None:
        """Show ``text`` in the colour of ``sign``, below ``label`` or, where that does not fit, its ``short`` form.

        An edit starts from the ``exact`` value. The difference from the value of a ``pinned`` run is written below it.
        """
        self._exact, self._short = exact, short or label
        difference = "" if pinned is None else pinned.difference(exact)
        if pinned is not None and difference:
            tip = f"{tip}\n{pinned.name}: {pinned.text} ({difference})".lstrip()
        if (label, text, sign, difference) != (self._label, self._text, self._sign, self._difference):
            self._label, self._text, self._sign, self._difference = label, text, sign, difference
            self.setAccessibleName(f"{label} {text} {difference}".rstrip())
            # The size must not change with every number during training.
            self._widest = self._wider(self._widest, text)
            self._update_row()
        if (pinned is not None) is not self._is_tall:
            self._is_tall = pinned is not None
            self.updateGeometry()
        tip = plain_tip(tip)
        if tip != self.toolTip():
            self.setToolTip(tip)

    def make_static(self) -> None:
        """Disable editing, for a picture."""
        self._editable = False

    def set_locked(self, *, on: bool) -> None:
        """Disable editing while a lesson has locked the number, or enable it again."""
        if on is self._editable:
            self._editable = not on
            self.close_edit()
            self.setCursor(Qt.CursorShape.ArrowCursor if on else Qt.CursorShape.PointingHandCursor)
            self.update()

    def begin_edit(self) -> None:
        """Open the text field with the exact value."""
        if self._field is not None:
            return
        self._field = InlineEdit(self)
        self._field.setObjectName("inspectorValueEdit")
        self._field.setAccessibleName(f"New value of {self._label}")
        self._field.setText(repr(self._exact))
        top = round(self.current_style.px(14))
        self._field.setGeometry(0, top, self.width(), round(self.current_style.px(self.HEIGHT)) - top)
        self._field.selectAll()
        self._field.returnPressed.connect(self._finish)
        self._field.closed.connect(self._forget_field)
        self._field.show()
        self._field.setFocus(Qt.FocusReason.OtherFocusReason)

    def close_edit(self) -> None:
        """Close the text field without a change."""
        if self._field is not None:
            self._field.close_field()

    def _finish(self) -> None:
        if self._field is None:
            return
        value = number_of(self._field.text())
        if value is None:
            self._field.setStyleSheet(f"color: {self.current_style.theme.error}")
            self._field.setToolTip("Type a number, such as −0.5 or 1e-3.")
            return
        self._field.close_field()
        self.edited.emit(value)

    def _forget_field(self) -> None:
        field, self._field = self._field, None
        if field is not None:
            field.deleteLater()

    @override
    @guarded
    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Start editing."""
        if self._editable and event.button() == Qt.MouseButton.LeftButton:
            self.begin_edit()
        else:
            super().mousePressEvent(event)

    @override
    @guarded
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Start editing with the keyboard."""
        if self._editable and self._field is None and event.key() in _EDIT_KEYS:
            self.begin_edit()
        else:
            super().keyPressEvent(event)

    @override
    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw label and number, with an underline in the accent colour if it is editable."""
        theme, px = self.current_style.theme, self.current_style.px
        painter = QPainter(self)
        painter.setFont(self.font_of(TEXT_LABEL))
        painter.setPen(QColor(theme.muted))
        metrics = painter.fontMetrics()
        label = self._label if metrics.horizontalAdvance(self._label) < self.width() else self._short
        label = metrics.elidedText(label, Qt.TextElideMode.ElideRight, self.width())
        painter.drawText(QRectF(0, 0, self.width(), px(16)), LEFT, label)
        font = min((each.number_font() for each in self._row), key=QFont.pixelSize)
        painter.setFont(font)
        text = self.fitting_text(font)
        wide = painter.fontMetrics().horizontalAdvance(text)
        painter.setPen(theme.sign_text(self._sign))
        painter.drawText(QRectF(0, px(16), self.width(), px(23)), LEFT, text)
        if self._difference:
            painter.setFont(self.font_of(TEXT_LABEL))
            painter.setPen(QColor(theme.muted))
            painter.drawText(QRectF(0, px(41), self.width(), px(14)), LEFT, self.fitting_difference())
        if self._editable:
            focused = self.hasFocus()
            painter.setPen(
                QPen(
                    QColor(theme.accent),
                    px(2 if focused else 1),
                    Qt.PenStyle.SolidLine if focused else Qt.PenStyle.DotLine,
                )
            )
            painter.drawLine(0, round(px(40)), min(wide, self.width()), round(px(40)))
        painter.end()

    @override
    @guarded
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Choose the size of type for the new width."""
        super().resizeEvent(event)
        self.join_row(self._row)

    def join_row(self, row: tuple[ReadOut, ...]) -> None:
        """Use a type size at which the numbers of the whole ``row`` fit, including the widest from now on."""
        self._row, self._widest = row, ""
        self._update_row()

    def number_font(self) -> QFont:
        """Return the font in which the number is not cut, but not smaller than labels."""
        plain = self.font_of(TEXT_READOUT, QFont.Weight.DemiBold)
        if self.isHidden():
            return plain
        return self._fitted(plain, self._wider(self._widest, self._text), self.font_of(TEXT_LABEL).pixelSize())

    def fitting_text(self, font: QFont) -> str:
        """Return the number as displayed or, where that would be cut in ``font``, with fewer digits, then without its plus."""
        forms = [self._text, *_shorter(self._text, (3, 2, 1))]
        return self._first_fitting([*forms, forms[-1].removeprefix("+")], font)

    def fitting_difference(self) -> str:
        """Return the difference as text or, where that would be cut, with fewer digits, then without the Δ."""
        number = self._difference.removeprefix(DELTA)
        forms = [number, *_shorter(number, (2, 1))]
        return self._first_fitting([*(DELTA + each for each in forms), forms[-1]], self.font_of(TEXT_LABEL))

    def _first_fitting(self, forms: Sequence[str], font: QFont) -> str:
        metrics = QFontMetrics(font)
        return next((each for each in forms if metrics.horizontalAdvance(each) <= self.width()), forms[-1])

    def _wider(self, first: str, second: str) -> str:
        metrics = QFontMetrics(self.font_of(TEXT_READOUT, QFont.Weight.DemiBold))
        return max(first, second, key=metrics.horizontalAdvance)

    def _fitted(self, font: QFont, text: str, min_size: int) -> QFont:
        """Return ``font``, smaller where ``text`` would be cut, but at least ``min_size`` pixels high."""
        wide = QFontMetrics(font).horizontalAdvance(text)
        if wide <= self.width():
            return font
        font = QFont(font)
        font.setPixelSize(max(min_size, int(font.pixelSize() * self.width() / wide)))
        return font

    def _update_row(self) -> None:
        for each in self._row:
            each.update()


def share_type_size(*row: ReadOut) -> None:
    """Write the numbers of ``row`` in one size from now on; that of earlier numbers is forgotten."""
    for each in row:
        each.join_row(row)


def _shorter(text: str, digits: Sequence[int]) -> list[str]:
    """Return the number ``text`` with each of ``digits``; nothing if it is none."""
    value, plus = number_of(text), "+" if text.startswith("+") else ""
    return [] if value is None else [f"{plus}{short(value, each)}" for each in digits]


def number_of(text: str) -> float | None:
    """Parse a finite number with either minus sign and a decimal point or comma; return ``None`` if it is not a number."""
    try:
        value = float(text.strip().replace(MINUS, "-").replace(",", "."))
    except ValueError:
        return None
    return value if math.isfinite(value) else None
