"""Save and restore each card's view options."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QAbstractButton

from playground.plotting.cards.word_choice import WordMenu
from playground.widgets.live_card import IS_MODE

if TYPE_CHECKING:
    from PySide6.QtCore import QSettings

    from playground.widgets.live_card import LiveCard

_KEY: Final = "views"
_DATA: Final = "view_data"


def store_views(settings: QSettings, cards: Mapping[str, LiveCard]) -> None:
    """Save the options of each card (axes, what edges show, racers)."""
    for key, card in cards.items():
        settings.setValue(f"{_KEY}/{key}", chosen_options(card))
        text = card.view_data()
        if text:
            settings.setValue(f"{_DATA}/{key}", text)
        else:
            settings.remove(f"{_DATA}/{key}")


def recall_views(settings: QSettings, cards: Mapping[str, LiveCard]) -> None:
    """Restore the options of each card; ignore unknown or damaged ones."""
    for key, card in cards.items():
        text = settings.value(f"{_DATA}/{key}")
        if isinstance(text, str) and text:
            card.restore_view_data(text)
        stored = settings.value(f"{_KEY}/{key}")
        if stored is None:
            continue
        # QSettings returns a list of one entry as a string, and an empty one as None.
        choose_options(
            card, {stored} if isinstance(stored, str) else set(stored) if isinstance(stored, list) else set()
        )


def chosen_options(card: LiveCard) -> list[str]:
    """Return the names of the options of ``card`` that are on."""
    on = [button.accessibleName() for button in _buttons(card) if button.isChecked()]
    return on + [f"{_prefix(menu)}{menu.chosen_entry}" for menu in card.findChildren(WordMenu) if menu.chosen_entry]


def choose_options(card: LiveCard, names: Collection[object]) -> None:
    """Turn the options of ``card`` in ``names`` on, and the others off; ignore unknown ones.

    Menus whose entries depend on the data choose theirs once it is offered.
    """
    for button in _buttons(card):
        is_exclusive = button.group() is not None
        if button.isChecked() != (button.accessibleName() in names) and not (is_exclusive and button.isChecked()):
            button.click()
    for menu in card.findChildren(WordMenu):
        for name in names:
            if isinstance(name, str) and name.startswith(_prefix(menu)):
                menu.recall(name.removeprefix(_prefix(menu)))


def follow_options(card: LiveCard, changed: Callable[[], object]) -> None:
    """Call ``changed`` whenever the user changes an option of ``card``."""
    for button in _buttons(card):
        button.clicked.connect(lambda *_: changed())
    for menu in card.findChildren(WordMenu):
        menu.chosen.connect(lambda *_: changed())


def _buttons(card: LiveCard) -> Iterator[QAbstractButton]:
    """Yield every checkable button of ``card`` with a stable name."""
    for button in card.findChildren(QAbstractButton):
        if button.isCheckable() and button.accessibleName() and not button.property(IS_MODE):
            yield button


def _prefix(menu: WordMenu) -> str:
    return f"{menu.accessibleName()}: "
