"""The card that a command such as Ctrl+C applies to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication, QWidget

from playground.widgets.live_card import LiveCard

if TYPE_CHECKING:
    from playground.window.workspace.workspace import Workspace

FALLBACK = "network"
"""Key of the card to which commands apply if no other one has the focus or is enlarged."""


def current_card(workspace: Workspace) -> LiveCard | None:
    """Return the card with the focus, or that of the popped-out window in front, or the enlarged card, or the network."""
    focused = _card_around(QApplication.focusWidget())
    if focused is not None:
        return focused
    front = QApplication.activeWindow()
    if front is not None and front is not workspace.window():
        popped = front.findChild(LiveCard)
        if popped is not None:
            return popped
    if isinstance(workspace.enlarged, LiveCard):
        return workspace.enlarged
    card = workspace.card(FALLBACK)
    return card if isinstance(card, LiveCard) else None


def _card_around(widget: QWidget | None) -> LiveCard | None:
    """Return the card that contains ``widget`` if it can have a figure."""
    while widget is not None and not isinstance(widget, LiveCard):
        widget = widget.parentWidget()
    return widget if widget is not None and widget.has_figures else None
