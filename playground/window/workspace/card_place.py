"""A place in a workspace, for one card or several with a switch between them in their title lines."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence

from PySide6.QtWidgets import QStackedWidget, QWidget

from playground.plotting.cards.plot_card import PlotCard
from playground.plotting.cards.word_choice import WordChoice
from playground.style.theme import Style
from playground.widgets.live_card import LiveCard
from playground.window.card_entry import CardEntry


class CardPlace(QStackedWidget):
    """Shows one of the widgets that belong here and hides the others.

    Args:
        keys: the keys of its widgets, in the order of the switch.
        widgets: those that are already built, by key.
        entries: the table of cards.
        style: the initial style.
        complete: called when a missing widget is to be shown; it must call :meth:`add`.
    """

    def __init__(
        self,
        keys: Sequence[str],
        widgets: Mapping[str, QWidget],
        entries: Mapping[str, CardEntry],
        style: Style,
        complete: Callable[[], None],
    ) -> None:
        super().__init__()
        self._keys, self._entries, self._style, self._complete = tuple(keys), entries, style, complete
        self._widgets: dict[str, QWidget] = {}
        self._words = {key: entries[key].word for key in keys if key in entries}
        self._switches: dict[str, WordChoice] = {}
        self._offered = frozenset(keys)
        self._shows_switches = False
        self._chosen = keys[0]
        self._awaited = ""  # what is to be shown once it is built
        for key in keys:
            if key in widgets:
                self.add(key, widgets[key])

    @property
    def chosen(self) -> str:
        """The key of the widget shown."""
        return self._chosen

    def show_one_of(self, keys: Collection[str]) -> None:
        """Show the first of the widgets here that is among ``keys`` and offered, unless the one shown is."""
        if self._chosen not in keys:
            self._chosen = next((key for key in self._keys if key in keys and key in self._offered), self._chosen)
            self._show_words()

    def show_first(self) -> None:
        """Show the first of the widgets here."""
        self._awaited = ""
        self.recall(self._keys[:1])

    def recall(self, keys: Collection[str]) -> None:
        """Show that of the widgets here which is among ``keys``, or do so once it is built."""
        key = next((key for key in self._keys if key in keys), self._chosen)
        if key not in self._widgets:
            self._awaited = key
        elif key in self._offered:
            self._chosen = key
            if self._shows_switches:
                self._show_words()

    def add(self, key: str, widget: QWidget) -> None:
        """Let ``widget`` belong here under ``key``, and give it a switch; :meth:`take` puts it here."""
        self._widgets[key] = widget
        if key == self._awaited:
            self._chosen, self._awaited = key, ""
        if len(self._keys) == 1 or not isinstance(widget, LiveCard):
            return
        words = list(self._words.values())
        tips = [self._entries[each].tooltip for each in self._keys]
        short = [self._entries[each].short_word or self._entries[each].word for each in self._words]
        switch = WordChoice(words, "Show", self._style, tips=tips, short=short)
        switch.choose(self._words[key])
        switch.chosen.connect(self._choose_word)
        switch.hide()
        self._shows_switches = False
        if isinstance(widget, PlotCard):
            widget.add_control(switch, switch, is_switch=True)
        else:
            widget.add_header_widget(switch, is_switch=True)
        self._switches[key] = switch

    def take(self, widget: QWidget) -> None:
        """Put ``widget``, one of those that belong here, back."""
        self.put(widget)
        self._show_switches()

    def put(self, widget: QWidget) -> None:
        """Put ``widget`` back without showing the switches; :meth:`offer` shows those of all cards at once."""
        if self.indexOf(widget) < 0:
            self.addWidget(widget)

    def release(self) -> None:
        """Release all widgets, which move to another workspace."""
        self._shows_switches = False
        for switch in self._switches.values():
            switch.hide()

    def offer(self, keys: Collection[str]) -> None:
        """Offer only those of the widgets here that are among ``keys``."""
        offered = frozenset(keys) & frozenset(self._keys)
        if offered == self._offered and self._shows_switches:
            return
        self._offered = offered
        if self._chosen not in self._offered:
            self._chosen = next((key for key in self._keys if key in self._offered), self._chosen)
        self._show_switches()

    def choose(self, widget: QWidget) -> None:
        """Show ``widget``, one of those that belong here, if it is offered."""
        key = next(key for key, each in self._widgets.items() if each is widget)
        if key in self._offered:
            self._chosen, self._awaited = key, ""
            self._show_words()

    def set_style(self, style: Style) -> None:
        """Draw the switches in ``style``."""
        self._style = style
        for switch in self._switches.values():
            switch.set_style(style)

    def _choose_word(self, word: str) -> None:
        self._chosen, self._awaited = next(key for key, own in self._words.items() if own == word), ""
        self._show_words()

    def _show_words(self) -> None:
        # Each card's switch shows that card's name.
        for key, switch in self._switches.items():
            switch.choose(self._words[key])
        self._show_chosen()

    def _show_switches(self) -> None:
        """Show the switches of the cards here if there is more than one."""
        self._shows_switches = True
        for key, switch in self._switches.items():
            switch.offer([self._words[each] for each in self._keys if each in self._offered])
            switch.setVisible(len(self._offered) > 1)
            widget = self._widgets[key]
            if isinstance(widget, LiveCard):
                widget.fit_title()
        self._show_chosen()

    def _show_chosen(self) -> None:
        if self._chosen not in self._widgets:
            self._complete()
        widget = self._widgets.get(self._chosen)
        index = -1 if widget is None else self.indexOf(widget)
        if index >= 0:
            self.setCurrentIndex(index)
