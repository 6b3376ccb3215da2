"""What the main window is made of, as the menus and the windows beside it need it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from PySide6.QtWidgets import QMainWindow

from playground.session import Session
from playground.session.controller import Controller
from playground.session.files import Files
from playground.style.appearance import Appearance
from playground.widgets.figure import Figure
from playground.widgets.live_card import LiveCard
from playground.window.workspace import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowParts:
    """The parts of one main window.

    Attributes:
        window: the parent of dialogs and the owner of actions.
        session: what the user made.
        controller: what trains it.
        files: new, open, save.
        appearance: colours and scale.
        workspace: where the cards lie.
        cards: every card by key, in the order of the menu.
        exportable: makes the figures that have something to show, up to date.
    """

    window: QMainWindow
    session: Session
    controller: Controller
    files: Files
    appearance: Appearance
    workspace: Workspace
    cards: Mapping[str, LiveCard]
    exportable: Callable[[], list[Figure]]
