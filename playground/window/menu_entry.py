"""Menu entries: action, shortcuts and tooltip; the menus themselves are in ``menus``."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu


class Entry(Struct, frozen=True):
    """One entry of a menu.

    Attributes:
        name: objectName of the action.
        text: text in the menu, with & for the mnemonic.
        run: called when it is triggered.
        keys: shortcut in Qt's notation, or a standard key.
        hint: one sentence for the tooltip and the list of shortcuts.
        also: an additional shortcut.
    """

    name: str
    text: str
    run: Callable[[], object]
    keys: str | QKeySequence.StandardKey | None = None
    hint: str = ""
    also: str = ""


def add_entry(window: QMainWindow, menu: QMenu, entry: Entry) -> QAction:
    """Add ``entry`` to ``menu`` and return its action, whose shortcut works in the whole window."""
    action = QAction(entry.text, window)
    action.setObjectName(entry.name)
    if entry.keys is not None:
        first = QKeySequence(entry.keys)
        action.setShortcuts([first, QKeySequence(entry.also)] if entry.also else [first])
    action.setToolTip(entry.hint or entry.text.replace("&", ""))
    action.setStatusTip(entry.hint)
    action.triggered.connect(lambda _=False: entry.run())
    menu.addAction(action)
    window.addAction(action)
    return action


def add_choices(
    window: QMainWindow, menu: QMenu, choices: dict[str, str], current: str, choose: Callable[[str], object]
) -> QActionGroup:
    """Add an exclusive group of checkable entries (key → text) to ``menu``."""
    group = QActionGroup(window)
    for key, text in choices.items():
        action = group.addAction(text)
        action.setObjectName(f"{key}Choice")
        action.setCheckable(True)
        action.setChecked(key == current)
        action.triggered.connect(lambda _=False, chosen=key: choose(chosen))
        menu.addAction(action)
    return group
