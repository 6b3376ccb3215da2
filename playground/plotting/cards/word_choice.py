"""Small text controls for a card's title line: a choice, a toggle, a button and a menu."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QMenu, QToolButton, QWidget

from playground.style.theme import TEXT_LABEL, Style
from playground.widgets.card import FULL, MENUS
from playground.widgets.later import later
from playground.widgets.plain_text import PlainLabel


def _style_sheet(style: Style, *, chosen: bool = False) -> str:
    """Return the style of words, or of one that shows which of several is ``chosen``."""
    theme, colour = style.theme, style.theme.ink if chosen else style.theme.muted
    return (
        f"QToolButton {{ border: none; border-bottom: 1px solid transparent;"
        f" background: transparent; padding: 1px; color: {colour};"
        f" font-weight: {600 if chosen else 400};"
        f" font-size: {round(style.px(TEXT_LABEL))}px; }}"
        f"QToolButton:checked {{ color: {theme.ink}; font-weight: 600; }}"
        f"QToolButton:hover {{ color: {theme.accent}; }}"
        f"QToolButton:focus {{ border-bottom: 1px solid {theme.accent}; }}"
        "QToolButton::menu-indicator { image: none; width: 0px; }"
        f"QLabel {{ color: {theme.muted}; font-size: {round(style.px(TEXT_LABEL))}px; }}"
    )


class WordChoice(QWidget):
    """Words separated by dots, ``log · linear``, one of which is selected.

    Signals:
        chosen: the word that was clicked.
    """

    chosen = Signal(str)

    def __init__(
        self,
        words: Sequence[str],
        name: str,
        style: Style,
        parent: QWidget | None = None,
        *,
        tips: Sequence[str] = (),
        short: Sequence[str] = (),
    ) -> None:
        """Create the choice.

        Args:
            words: the options; the first is selected.
            name: accessible name.
            style: the initial style.
            parent: the parent widget.
            tips: tooltips of the words.
            short: shorter forms of the words for narrow cards.
        """
        super().__init__(parent)
        self.setAccessibleName(name)
        self._short = dict(zip(words, short or words, strict=True))
        self._group = QButtonGroup(self)
        self._buttons: dict[str, QToolButton] = {}
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(1)
        self._dots: dict[str, PlainLabel] = {}
        for index, word in enumerate(words):
            if index:
                self._dots[word] = PlainLabel("·")
                layout.addWidget(self._dots[word])
            button = _word_button(word, f"{name}: {word}")
            button.setToolTip(tips[index] if index < len(tips) else "")
            self._group.addButton(button)
            self._buttons[word] = button
            layout.addWidget(button)
            button.clicked.connect(lambda _checked=False, word=word: self._emit(word))
        self._buttons[words[0]].setChecked(True)
        self._offered = frozenset(words)
        self._form = FULL
        self._menu: WordMenu | None = None
        self.set_style(style)

    def choose(self, word: str) -> None:
        """Select ``word`` without emitting a signal."""
        with QSignalBlocker(self):
            self._buttons[word].setChecked(True)
        self._show_menu()

    def offer(self, words: Collection[str]) -> None:
        """Show only those of the words that are among ``words``."""
        self._offered = frozenset(words)
        self._show_words()

    def set_compact(self, form: int) -> None:
        """Switch to the short words, to a menu in their place, or back to the words in full."""
        if form == self._form:
            return
        self._form = form
        for word, button in self._buttons.items():
            button.setText(word if form == FULL else self._short[word])
        self._show_words()

    def _show_words(self) -> None:
        """Show the words on offer, or the menu."""
        is_menu, first = self._form == MENUS, True
        for word, button in self._buttons.items():
            on = word in self._offered and not is_menu
            button.setVisible(on)
            if word in self._dots:
                self._dots[word].setVisible(on and not first)
            first = first and not on
        self._show_menu()

    def _show_menu(self) -> None:
        if self._menu is None and self._form == MENUS:
            self._menu = WordMenu(self.accessibleName(), self._style, stands_for_words=True)
            self._menu.chosen.connect(self._pick)
            layout = self.layout()
            if layout is not None:
                layout.addWidget(self._menu)
        if self._menu is not None:
            offered = [word for word in self._buttons if word in self._offered]
            chosen = next((index for index, word in enumerate(offered) if self._buttons[word].isChecked()), -1)
            self._menu.offer(offered, chosen, lambda index: self._short[offered[index]])
            self._menu.setVisible(self._form == MENUS)
            self._menu.ensurePolished()  # its weight counts for the width of the title line

    def _emit(self, word: str) -> None:
        self._show_menu()
        self.chosen.emit(word)

    def _pick(self, index: int) -> None:
        """Select the word at ``index`` among those on offer, as a click on it does."""
        self._buttons[[word for word in self._buttons if word in self._offered][index]].click()

    def set_style(self, style: Style) -> None:
        """Use colours and sizes of ``style``."""
        self._style = style
        self.setStyleSheet(_style_sheet(style))
        if self._menu is not None:
            self._menu.set_style(style)


class WordToggle(QToolButton):
    """A word that toggles an option; narrow cards show its ``short`` form."""

    def __init__(self, word: str, name: str, style: Style, parent: QWidget | None = None, *, short: str = "") -> None:
        super().__init__(parent)
        self._words = (word, short or word)
        self.setText(word)
        self.setCheckable(True)
        self.setAccessibleName(name)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.set_style(style)

    def set_style(self, style: Style) -> None:
        """Use colours and sizes of ``style``."""
        self.setStyleSheet(_style_sheet(style))

    def set_compact(self, form: int) -> None:
        """Switch to the short word, or back to the ``FULL`` one."""
        self.setText(self._words[form != FULL])


class WordButton(QToolButton):
    """A word that does something when it is clicked."""

    def __init__(self, word: str, name: str, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setText(word)
        self.setAccessibleName(name)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.set_style(style)

    def set_style(self, style: Style) -> None:
        """Use colours and sizes of ``style``."""
        self.setStyleSheet(_style_sheet(style))


class WordMenu(QToolButton):
    """A word that opens a menu of options; in place of a row of words it is set off as the selected one of them is.

    Signals:
        chosen: index of the selected entry.
    """

    chosen = Signal(int)

    def __init__(
        self, name: str, style: Style, parent: QWidget | None = None, *, stands_for_words: bool = False
    ) -> None:
        super().__init__(parent)
        self._stands_for_words = stands_for_words
        self.setAccessibleName(name)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._menu = QMenu(self)
        self._entries: tuple[str, ...] = ()
        self._index = -1
        self._awaited = ""
        self._labels: Callable[[int], str] | None = None
        self.setMenu(self._menu)
        self.set_style(style)

    @property
    def index(self) -> int:
        """The selected entry; −1 if none."""
        return self._index

    @property
    def chosen_entry(self) -> str:
        """The selected entry, or the one that :meth:`recall` still waits for; empty if none."""
        return self._awaited or (self._entries[self._index] if 0 <= self._index < len(self._entries) else "")

    def recall(self, entry: str) -> None:
        """Choose ``entry`` as a click on it does; if it is not offered yet, do so if it is among the next entries."""
        self._awaited = ""
        if entry not in self._entries:
            self._awaited = entry
        elif self._entries.index(entry) != self._index:
            self._pick(self._entries.index(entry))

    def relabel(self) -> None:
        """Update the button's label."""
        if 0 <= self._index < len(self._entries):
            text = self._labels(self._index) if self._labels else self._entries[self._index]
            self.setText(f"{text} ▾")

    def offer(self, entries: Sequence[str], index: int, labels: Callable[[int], str] | None = None) -> None:
        """Set the ``entries`` and select ``index`` without emitting a signal; ``labels`` gives the button's text."""
        self._labels = labels
        is_awaited = self._awaited in entries
        if tuple(entries) != self._entries:
            self._entries = tuple(entries)
            self._menu.clear()
            group = QActionGroup(self._menu)
            for number, entry in enumerate(entries):
                action = self._menu.addAction(entry)
                action.setCheckable(True)
                group.addAction(action)
                action.triggered.connect(lambda _checked=False, number=number: self._pick(number))
            self._index = -1
            if not is_awaited:
                self._awaited = ""
        if index != self._index:
            self._show(index)
        if is_awaited:
            # The card is still drawing what made it offer these entries.
            later(0, self, self._choose_awaited)

    def _choose_awaited(self) -> None:
        if self._awaited:
            self.recall(self._awaited)

    def _pick(self, index: int) -> None:
        self._awaited = ""
        self._show(index)
        self.chosen.emit(index)

    def _show(self, index: int) -> None:
        self._index = index
        if 0 <= index < len(self._entries):
            self._menu.actions()[index].setChecked(True)
            self.relabel()

    def set_style(self, style: Style) -> None:
        """Use colours and sizes of ``style``."""
        self.setStyleSheet(_style_sheet(style, chosen=self._stands_for_words))


def _word_button(word: str, name: str) -> QToolButton:
    button = QToolButton()
    button.setText(word)
    button.setCheckable(True)
    button.setAccessibleName(name)
    button.setCursor(Qt.CursorShape.PointingHandCursor)
    return button
