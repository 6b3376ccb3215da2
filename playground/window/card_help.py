"""The ⓘ button of a card: how to read it, in a few sentences with its formula."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QSize
from PySide6.QtWidgets import QToolButton, QWhatsThis

from playground.style.resources import icon

if TYPE_CHECKING:
    from playground.style.theme import Style
    from playground.widgets.live_card import LiveCard
    from playground.window.cards import CardEntry


class CardHelp:
    """Adds an ⓘ button to a card's title line that explains the card.

    Args:
        card: the card.
        entry: its entry in the table of cards.
        style: the initial style.
    """

    def __init__(self, card: LiveCard, entry: CardEntry, style: Style) -> None:
        self._entry = entry
        self._style = style
        self._button = QToolButton(card)
        self._button.setProperty("role", "tool")
        self._button.setObjectName(f"help-{entry.key}")
        self._button.setAccessibleName(f"About {card.title}")
        self._button.setAccessibleDescription(entry.help)
        self._button.setToolTip("What this shows and how to read it")
        self._button.clicked.connect(self._explain)
        card.add_header_widget(self._button)

    @property
    def text(self) -> str:
        """The explanation as rich text, with the formula as a picture."""
        from playground.panels.formula_tip import formula_html  # imported late: not needed for the first frame

        formula = f"<p>{formula_html(self._entry.formula, self._style)}</p>" if self._entry.formula else ""
        return f"<p>{html.escape(self._entry.help)}</p>{formula}"

    def set_style(self, style: Style) -> None:
        """Draw the button in ``style``."""
        self._style = style
        side = round(style.px(14))
        self._button.setIcon(icon("info", style.theme.muted, sizes=(side,)))
        self._button.setIconSize(QSize(side, side))

    def _explain(self) -> None:
        below = self._button.mapToGlobal(QPoint(0, self._button.height()))
        QWhatsThis.showText(below, self.text, self._button)
