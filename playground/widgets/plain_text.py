"""Show text from files as plain text, never as HTML."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget


class PlainLabel(QLabel):
    """A label that shows plain text only; QLabel guesses whether text is HTML."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText(text)


def plain_tip(text: str) -> str:
    """Return a tooltip that shows ``text`` literally, including any markup."""
    if "<" not in text:
        return text
    import html  # imported late: loads a table of all entities, which the first frame does not need

    return f"<p>{html.escape(text).replace(chr(10), '<br>')}</p>"
