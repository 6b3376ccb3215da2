"""Two cards in one place, with a switch in both title lines."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QStackedWidget, QToolButton, QWidget

from playground.card import Card


class CardPair(QStackedWidget):
    """Shows one of two cards; small words in the title line flip between them."""

    def __init__(self, first: tuple[str, Card], second: tuple[str, Card], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = (first[0], second[0])
        self._switches: list[QWidget] = []
        for index, (_, card) in enumerate((first, second)):
            self.addWidget(card)
            switch = self._switch(index)
            card.add_header_widget(switch)
            self._switches.append(switch)

    def set_switchable(self, on: bool) -> None:  # noqa: FBT001 - follows Qt's setter form
        """Offer the second card, or only the first."""
        for switch in self._switches:
            switch.setVisible(on)
        if not on:
            self.setCurrentIndex(0)

    def _switch(self, own: int) -> QWidget:
        row = QWidget()
        layout = QHBoxLayout(row)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        group = QButtonGroup(row)
        for index, word in enumerate(self._words):
            button = QToolButton()
            button.setText(word)
            button.setProperty("role", "switch")
            button.setCheckable(True)
            button.setChecked(index == own)
            button.setCursor(Qt.CursorShape.PointingHandCursor)
            button.setAccessibleName(f"Show {word}")
            button.clicked.connect(lambda _=False, target=index: self._show(target))
            group.addButton(button)
            layout.addWidget(button)
        return row

    def _show(self, index: int) -> None:
        self.setCurrentIndex(index)
        # Each card's switch always names that card, whichever button brought it here.
        for own, switch in enumerate(self._switches):
            for position, button in enumerate(switch.findChildren(QToolButton)):
                button.setChecked(position == own)
