"""Switching the workspace moves as little as possible, because Qt polishes whatever gets another parent anew."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from playground.window.main_window import MainWindow
from playground.window.workspace.arrangements import ARRANGEMENTS

Opener = Callable[..., MainWindow]


class Moves(QObject):
    """Records the widgets that get another parent."""

    def __init__(self, widgets: dict[str, QWidget]) -> None:
        super().__init__()
        self.names = {widget: name for name, widget in widgets.items()}
        self.seen: list[str] = []
        for widget in widgets.values():
            widget.installEventFilter(self)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ParentChange and isinstance(watched, QWidget):
            self.seen.append(self.names[watched])
        return False


def test_only_cards_of_several_workspaces_move(open_window: Opener) -> None:
    window = open_window()
    actions = [window.findChild(QAction, f"workspace-{each.key}") for each in ARRANGEMENTS]
    for action in (*actions, actions[0]):
        action.trigger()
    moves = Moves(dict(window.cards))
    for action in (*actions[1:], actions[0]):
        action.trigger()
    several = {key for each in ARRANGEMENTS for other in ARRANGEMENTS if each is not other
               for key in each.contents() & other.contents()}  # fmt: skip
    assert moves.seen
    assert set(moves.seen) <= several
    assert len(moves.seen) <= sum(len(each.contents() & several) for each in ARRANGEMENTS)
