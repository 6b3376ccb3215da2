"""The window of a card that was popped out of the workspace."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget
from typing_extensions import override

from playground.style.theme import GRID
from playground.widgets.card import Card
from playground.widgets.guard import guarded


class PoppedOut(QWidget):
    """A popped-out window for one card; closing it returns the card to the workspace.

    Signals:
        closed: it is about to close.
    """

    closed = Signal()

    def __init__(self, card: Card, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setWindowTitle(card.title)
        self.setProperty("role", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(GRID, GRID, GRID, GRID)
        layout.addWidget(card)
        self.resize(900, 640)
        # The main window's shortcuts also work here.
        self.addActions(parent.window().actions())

    @override
    @guarded
    def closeEvent(self, event: QCloseEvent) -> None:
        """Release the card before closing."""
        self.closed.emit()
        super().closeEvent(event)
