"""The small menu of a card: enlarge, pop out, copy, export."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QMenu, QToolButton

from playground.card import Card
from playground.export import copy_image, copy_table
from playground.resources import icon
from playground.theme import Style

if TYPE_CHECKING:
    from playground.main_window import MainWindow


class CardMenu:
    """Puts a "more" button into a card's title line."""

    def __init__(self, card: Card, window: MainWindow) -> None:
        self._button = QToolButton(card)
        self._button.setProperty("role", "quiet")
        self._button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._button.setAccessibleName(f"More for {card.title}")
        self._button.setToolTip("Enlarge, pop out, copy, export")
        menu = QMenu(self._button)
        menu.addAction("Enlarge").triggered.connect(lambda _=False: window.workspace.toggle_enlarged(card))
        menu.addAction("Pop out").triggered.connect(lambda _=False: window.workspace.pop_out(card))
        if card in window.figures:
            menu.addSeparator()
            menu.addAction("Copy picture").triggered.connect(lambda _=False: copy_image(card, window.appearance.style))
            menu.addAction("Copy data").triggered.connect(lambda _=False: copy_table(card))
            menu.addAction("Export…").triggered.connect(lambda _=False: window.menus.open_export(card))
        self._button.setMenu(menu)
        card.add_header_widget(self._button)

    def set_style(self, style: Style) -> None:
        """Draw the button in ``style``."""
        self._button.setIcon(icon("more", style.theme.muted))
        self._button.setIconSize(QSize(round(style.px(16)), round(style.px(16))))
