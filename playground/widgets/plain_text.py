"""Text that a file can reach is shown as it is written, never read as HTML."""

from __future__ import annotations

import html

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget


class PlainLabel(QLabel):
    """A label that shows plain text only; Qt's own guesses from the text whether it is HTML."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText(text)


def plain_tip(text: str) -> str:
    """Return ``text`` as a tooltip that shows it as it is written, whatever markup it holds."""
    return f"<p>{html.escape(text)}</p>" if "<" in text else text
