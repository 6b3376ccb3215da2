"""The parts of the main window, for the menus and the side windows."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from msgspec import Struct
from PySide6.QtWidgets import QMainWindow

from playground.session import Session
from playground.session.controller import Controller
from playground.session.saving.files import Files
from playground.style.appearance import Appearance
from playground.widgets.figure import Figure
from playground.widgets.live_card import LiveCard
from playground.window.workspace.workspace import Workspace


class WindowParts(Struct, frozen=True, kw_only=True):
    """The parts of one main window.

    Attributes:
        window: parent of dialogs and owner of actions.
        session: the session.
        controller: controls training.
        files: new, open, save.
        appearance: theme and scale.
        workspace: the workspace.
        cards: returns every card by key, in menu order.
        exportable: returns the figures that apply, up to date.
    """

    window: QMainWindow
    session: Session
    controller: Controller
    files: Files
    appearance: Appearance
    workspace: Workspace
    cards: Callable[[], Mapping[str, LiveCard]]
    exportable: Callable[[], list[Figure]]
