"""A place in a workspace, for one card or several with a switch between them in their title lines."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

from PySide6.QtWidgets import QStackedWidget, QWidget

from playground.plotting.word_choice import WordChoice
from playground.style.theme import Style
from playground.widgets.live_card import LiveCard
from playground.window.cards import CardEntry

MAX_WORD: Final = 8
"""Maximum length of a word in a crowded title line."""


class CardPlace(QStackedWidget):
    """Shows one of the widgets that belong here and hides the others.

    Args:
        widgets: the widgets of this place, by key, in the order of the switch.
        entries: the table of cards.
        style: the initial style.
    """

    def __init__(self, widgets: Mapping[str, QWidget], entries: Mapping[str, CardEntry], style: Style) -> None:
        super().__init__()
        self._widgets = widgets
        self._words = {key: entries[key].word for key in widgets if key in entries}
        self._switches: dict[str, WordChoice] = {}
        self._offered = frozenset(widgets)
        self._chosen = next(iter(widgets))
        if len(widgets) > 1:
            tips = [entries[key].tooltip for key in widgets]
            for key, widget in widgets.items():
                if isinstance(widget, LiveCard):
                    words = list(self._words.values())
                    switch = WordChoice(words, "Show", style, tips=tips, short=[_shortened(word) for word in words])
                    switch.choose(self._words[key])
                    switch.chosen.connect(self._choose_word)
                    switch.hide()
                    widget.add_header_widget(switch)
                    self._switches[key] = switch

    def take(self, widget: QWidget) -> None:
        """Put ``widget``, one of those that belong here, back."""
        if self.indexOf(widget) < 0:
            self.addWidget(widget)
        self._show_switches()

    def release(self) -> None:
        """Release all widgets, which move to another workspace."""
        for switch in self._switches.values():
            switch.hide()

    def offer(self, keys: Collection[str]) -> None:
        """Offer only those of the widgets here that are among ``keys``."""
        self._offered = frozenset(keys) & frozenset(self._widgets)
        if self._chosen not in self._offered:
            self._chosen = next((key for key in self._widgets if key in self._offered), self._chosen)
        self._show_switches()

    def choose(self, widget: QWidget) -> None:
        """Show ``widget``, one of those that belong here, if it is offered."""
        key = next(key for key, each in self._widgets.items() if each is widget)
        if key in self._offered:
            self._chosen = key
            self._show_words()

    def set_style(self, style: Style) -> None:
        """Draw the switches in ``style``."""
        for switch in self._switches.values():
            switch.set_style(style)

    def _choose_word(self, word: str) -> None:
        self._chosen = next(key for key, own in self._words.items() if own == word)
        self._show_words()

    def _show_words(self) -> None:
        # Each card's switch shows that card's name.
        for key, switch in self._switches.items():
            switch.choose(self._words[key])
        self._show_chosen()

    def _show_switches(self) -> None:
        """Show the switches of the cards here if there is more than one."""
        for key, switch in self._switches.items():
            switch.offer([self._words[each] for each in self._widgets if each in self._offered])
            switch.setVisible(len(self._offered) > 1)
            widget = self._widgets[key]
            if isinstance(widget, LiveCard):
                widget.fit_title()
        self._show_chosen()

    def _show_chosen(self) -> None:
        index = self.indexOf(self._widgets[self._chosen])
        if index >= 0:
            self.setCurrentIndex(index)


def _shortened(word: str) -> str:
    """Return ``word``, abbreviated if it is long."""
    return word if len(word) <= MAX_WORD else f"{word[: MAX_WORD - 3]}."
