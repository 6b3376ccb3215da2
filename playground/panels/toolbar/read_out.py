"""A toolbar readout of fixed width: a small name above a large value."""

from __future__ import annotations

from typing import Final

from PySide6.QtGui import QFont, QFontMetricsF
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from playground.style.resources import application_font
from playground.style.theme import TEXT_READOUT, Style
from playground.widgets.plain_text import PlainLabel
from playground.widgets.still_line import StillLine

WIDEST_DIFFERENCE: Final = "  Δ +0.00e−00"


class ReadOut(QWidget):
    """A readout of one number.

    Args:
        name: label above the value.
        widest: the longest expected text, which determines the fixed width.
    """

    def __init__(self, name: str, widest: str, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self._widest = widest
        label = PlainLabel(name)
        label.setProperty("role", "muted")
        self._value = PlainLabel("–")
        self._value.setProperty("role", "readout")
        self._value.setAccessibleName(name)
        self._difference = PlainLabel()
        self._difference.setProperty("role", "difference")
        self._difference.setAccessibleName(f"{name}, difference from the pinned run")
        self._difference.hide()
        self._has_difference = False
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(label)
        row.addWidget(StillLine(self._difference), 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addStretch(1)
        layout.addLayout(row)
        layout.addWidget(StillLine(self._value))
        layout.addStretch(1)
        self.set_style(style)

    @property
    def name(self) -> str:
        """The label above the value."""
        return self._name

    @property
    def text(self) -> str:
        """The displayed value."""
        return self._value.text()

    def show_text(self, text: str) -> None:
        """Show ``text``; unchanged text is not redrawn."""
        if text != self._value.text():
            self._value.setText(text)

    @property
    def difference(self) -> str:
        """The difference shown, or nothing."""
        return self._difference.text()

    def show_difference(self, text: str | None) -> None:
        """Show the difference from the compared run beside the name; ``None`` if there is none to compare with."""
        if (text is not None) != self._has_difference:
            self._has_difference = text is not None
            self._difference.setVisible(self._has_difference)
            self.set_style(self._style)
        shown = text or ""
        if shown != self._difference.text():
            self._difference.setText(shown)

    def set_style(self, style: Style) -> None:
        """Set the width that the longest text needs in ``style``."""
        large = application_font(style.px(TEXT_READOUT), weight=QFont.Weight.DemiBold, family=style.family)
        small = application_font(style.px(11), family=style.family)
        self._style = style
        widths = (
            QFontMetricsF(large).horizontalAdvance(self._widest),
            QFontMetricsF(small).horizontalAdvance(self._name)
            + (QFontMetricsF(small).horizontalAdvance(WIDEST_DIFFERENCE) if self._has_difference else 0.0),
        )
        self.setFixedWidth(round(max(widths) + style.px(12)))
