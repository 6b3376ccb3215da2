"""The line of a dialog that says what happens, was written, or failed."""

from __future__ import annotations

from PySide6.QtCore import Qt

from playground.style.theme import Style
from playground.widgets.plain_text import PlainLabel


class MessageLine(PlainLabel):
    """Shows one sentence, whose text can be selected; errors have their colour.

    Args:
        name: the ``objectName``.
        style: style of the window.
    """

    def __init__(self, name: str, style: Style) -> None:
        super().__init__(" ")  # keeps the line's height
        self._theme = style.theme
        self.setObjectName(name)
        self.setWordWrap(True)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)

    def say(self, text: str, *, failed: bool = False) -> None:
        """Show ``text``; ``failed`` if it is an error."""
        self.setStyleSheet(f"color: {self._theme.error if failed else self._theme.muted}")
        self.setText(text)
