"""The page of a weight or neuron whose numbers a lesson hides."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from playground.inspector.pages.page import Page

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from playground.style.theme import Style

HINT: Final = "It is drawn with a question mark, and cannot be edited, until the lesson ends."


class ConcealedPage(Page):
    """Says that the lesson hides the numbers."""

    def __init__(self, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(style, parent)
        self.reason = self.add_label("", "title")
        self.add_label(HINT, "muted")
        self.column.addStretch(1)

    def show_reason(self, reason: str) -> None:
        """Show ``reason``."""
        self.reason.setText(reason)
