"""Two cards in one place, with a switch in both title lines."""

from __future__ import annotations

from typing import Final

from PySide6.QtWidgets import QStackedWidget, QWidget

from playground.plotting.plot_card import PlotCard
from playground.plotting.word_choice import WordChoice
from playground.style.theme import Style

_TIPS: Final = {
    "weights": "How each layer's weights are spread, before the curve its initializer draws from.",
    "activations": "φ and its slope φ′, with the pre-activations z of a layer under the curve.",
    "map": "What the network answers, with the data on top.",
    "confusion": "How many test samples of each class were taken for which.",
}


class CardPair(QStackedWidget):
    """Shows one of two cards; words in the title line flip between them."""

    def __init__(
        self, first: tuple[str, PlotCard], second: tuple[str, PlotCard], style: Style, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._words = (first[0], second[0])
        self._cards = (first[1], second[1])
        self._switches: list[WordChoice] = []
        for word, card in (first, second):
            self.addWidget(card)
            switch = WordChoice(self._words, "Show", style, tips=[_TIPS.get(each, "") for each in self._words])
            switch.choose(word)
            switch.chosen.connect(self._show)
            card.add_header_widget(switch)
            self._switches.append(switch)

    def set_switchable(self, on: bool) -> None:  # noqa: FBT001 - follows Qt's setter form
        """Offer the second card, or only the first."""
        for switch in self._switches:
            switch.setVisible(on)
        for card in self._cards:
            card.fit_title()
        if not on:
            self.setCurrentIndex(0)

    def set_style(self, style: Style) -> None:
        """Draw the switches in ``style``."""
        for switch in self._switches:
            switch.set_style(style)

    def _show(self, word: str) -> None:
        self.setCurrentIndex(self._words.index(word))
        # Each card's own switch always names that card, whichever brought it here.
        for own, switch in zip(self._words, self._switches, strict=True):
            switch.choose(own)
