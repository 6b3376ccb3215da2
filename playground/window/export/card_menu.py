"""The small menu of a card: enlarge, pop out, copy, export."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSize
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from playground.style.resources import icon
from playground.style.theme import TITLE_ICON, Style
from playground.widgets.live_card import LiveCard

if TYPE_CHECKING:
    from playground.window.export.card_export import CardExport
    from playground.window.workspace.workspace import Workspace

MENU_RANK: Final = 2
"""Position in the title line: at the right end."""


class CardMenu:
    """Adds a "more" button to a card's title line.

    Args:
        card: the card.
        workspace: the workspace that can enlarge it.
        card_export: copy and export a card.
        explain: shows the card's explanation below a widget; ``None`` if it has none.
    """

    def __init__(
        self,
        card: LiveCard,
        workspace: Workspace,
        card_export: CardExport,
        explain: Callable[[QWidget], object] | None = None,
    ) -> None:
        self._button = QToolButton(card)
        self._button.setProperty("role", "tool")
        self._button.setProperty("slim", True)
        self._button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._button.setAccessibleName(f"More for {card.title}")
        self._button.setToolTip("Enlarge, pop out, explain, copy, export.")
        menu = QMenu(self._button)
        menu.addAction("Enlarge / Restore").triggered.connect(lambda _=False: workspace.toggle_enlarged(card))
        menu.addAction("Pop out").triggered.connect(lambda _=False: workspace.pop_out(card))
        if explain is not None:
            menu.addAction("How to read this").triggered.connect(lambda _=False: explain(self._button))
        if card.menu_actions():
            menu.addSeparator()
            menu.addActions(card.menu_actions())
        if card.has_figures:
            menu.addSeparator()
            offers: tuple[tuple[str, Callable[[LiveCard], object]], ...] = (
                ("Copy picture\tCtrl+C", card_export.copy_picture),
                ("Copy data\tCtrl+Shift+C", card_export.copy_data),
                ("Export…", card_export.export),
                ("Export animation…", card_export.animate),
            )
            for text, run in offers:
                menu.addAction(text).triggered.connect(lambda _=False, run=run: run(card))
            # Asked for anew each time: PySide can invalidate Python objects of actions that live on in the menu, as
            # QMenu.clear() of another menu with the same actions does.
            menu.aboutToShow.connect(lambda: self._offer(menu.actions()[-len(offers) :], on=card.figure is not None))
        self._button.setMenu(menu)
        card.add_header_widget(self._button, MENU_RANK)
        card.title_parts.append(self)

    def set_style(self, style: Style) -> None:
        """Draw the button in ``style``."""
        side = round(style.px(TITLE_ICON))
        self._button.setIcon(icon("more", style.theme.muted, sizes=(side,)))
        self._button.setIconSize(QSize(side, side))

    @staticmethod
    def _offer(entries: Sequence[QAction], *, on: bool) -> None:
        for entry in entries:
            entry.setEnabled(on)
