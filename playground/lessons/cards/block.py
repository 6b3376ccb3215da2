"""The frame around a goal, a question or a prediction in a lesson's text."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from playground.lessons.text.view import TextView
from playground.style.resources import icon_pixmap
from playground.style.theme import Style
from playground.widgets.plain_text import PlainLabel

_PADDING: Final = 10
_ICON: Final = 14


class BlockCard(QFrame):
    """A frame with a small heading, an icon beside it, and rows below.

    Attributes:
        rows: layout of the rows.
    """

    def __init__(self, heading: str, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "block")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(heading)
        self._style = style
        self._heading = PlainLabel(heading)
        self._heading.setProperty("role", "title")
        self._icon = PlainLabel()
        self._icon_name = ""
        self._head = QHBoxLayout()
        self._head.addWidget(self._icon)
        self._head.addWidget(self._heading, 1)
        self.rows = QVBoxLayout(self)
        self.rows.addLayout(self._head)
        self._icon.hide()
        self._arrange()

    @property
    def heading(self) -> str:
        """The heading."""
        return self._heading.text()

    def set_heading(self, heading: str, icon: str = "") -> None:
        """Show ``heading`` with the icon called ``icon``."""
        self._heading.setText(heading)
        self.setAccessibleName(heading)
        self._icon_name = icon
        self._draw_icon()

    def set_style(self, style: Style) -> None:
        """Draw in ``style``."""
        self._style = style
        self._arrange()

    def _arrange(self) -> None:
        padding = round(self._style.px(_PADDING))
        self.rows.setContentsMargins(padding, padding, padding, padding)
        self.rows.setSpacing(round(self._style.px(6)))
        self._head.setSpacing(round(self._style.px(6)))
        self._draw_icon()

    def _draw_icon(self) -> None:
        self._icon.setVisible(bool(self._icon_name))
        if self._icon_name:
            side = self._style.px(_ICON)
            self._icon.setPixmap(icon_pixmap(self._icon_name, self._style.theme.accent, side, self.devicePixelRatioF()))


def show_text(view: TextView, *, on: bool) -> None:
    """Show or hide ``view``; update its live numbers before showing it."""
    if on:
        view.show_numbers()
    view.setVisible(on)
