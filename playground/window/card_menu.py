"""The small menu of a card: enlarge, pop out, copy, export."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QMenu, QToolButton

from playground.style.resources import icon
from playground.style.theme import DARK, Style
from playground.widgets.figure import Figure
from playground.widgets.live_card import LiveCard

if TYPE_CHECKING:
    from playground.export.export import ThemeName
    from playground.window.workspace import Workspace


class CardMenu:
    """Puts a "more" button into a card's title line.

    Args:
        card: whose title line.
        workspace: where it can be enlarged.
        export: opens the export dialog with a card ticked.
    """

    def __init__(self, card: LiveCard, workspace: Workspace, export: Callable[[LiveCard], object]) -> None:
        self._theme: ThemeName = "light"
        self._button = QToolButton(card)
        self._button.setProperty("role", "tool")
        self._button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._button.setAccessibleName(f"More for {card.title}")
        self._button.setToolTip("Enlarge, pop out, copy, export")
        menu = QMenu(self._button)
        menu.addAction("Enlarge / Restore").triggered.connect(lambda _=False: workspace.toggle_enlarged(card))
        menu.addAction("Pop out").triggered.connect(lambda _=False: workspace.pop_out(card))
        if card.menu_actions():
            menu.addSeparator()
            menu.addActions(card.menu_actions())
        figure = card.figure
        if figure is not None:
            menu.addSeparator()
            menu.addAction("Copy picture").triggered.connect(lambda _=False: self._copy_picture(figure))
            menu.addAction("Copy data").triggered.connect(lambda _=False: self._copy_data(figure))
            menu.addAction("Export…").triggered.connect(lambda _=False: export(card))
        self._button.setMenu(menu)
        card.add_header_widget(self._button)

    def set_style(self, style: Style) -> None:
        """Draw the button in ``style``."""
        self._theme = "dark" if style.theme is DARK else "light"
        side = round(style.px(16))
        self._button.setIcon(icon("more", style.theme.muted, sizes=(side,)))
        self._button.setIconSize(QSize(side, side))

    def _copy_picture(self, figure: Figure) -> None:
        from playground.export.export import copy_figure  # not needed for the first frame

        copy_figure(figure, theme=self._theme)

    def _copy_data(self, figure: Figure) -> None:
        from playground.export.export import copy_figure

        copy_figure(figure, "csv")
