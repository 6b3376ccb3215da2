"""Switching the workspace moves as few widgets as possible, because Qt polishes each widget that gets a new parent."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPoint, QRect
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QSplitter, QWidget
from pytestqt.qtbot import QtBot
from typing_extensions import override

from playground.window.main_window import MainWindow
from playground.window.workspace.arrangements import ARRANGEMENTS
from playground.window.workspace.left_column import LeftColumn

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


def lies_at_its_place(window: MainWindow) -> bool:
    place, column = window.workspace.controls_place, window.findChild(LeftColumn)
    at = place.mapTo(window.workspace, QPoint())
    return place.isVisible() and column.isVisible() and column.geometry() == QRect(at, place.size())


def test_the_controls_lie_at_their_place_in_every_workspace(open_window: Opener, qtbot: QtBot) -> None:
    window = open_window()
    column = window.findChild(LeftColumn)
    moves = Moves({"controls": column})
    for size in ((1440, 900), (1000, 640), (1280, 800)):
        window.resize(*size)
        for each in ARRANGEMENTS:
            window.workspace.show_arrangement(each.key)
            qtbot.waitUntil(lambda: lies_at_its_place(window))
    splitter = window.findChild(QSplitter, "landscape-root")
    splitter.setSizes([400, 700, 200])
    qtbot.waitUntil(lambda: column.width() == 400 and lies_at_its_place(window))
    window.workspace.toggle_enlarged(window.cards["landscape"])
    assert not column.isVisible()
    window.workspace.restore()
    assert lies_at_its_place(window)
    assert not moves.seen


def test_the_window_is_painted_once_after_a_switch(open_window: Opener, qtbot: QtBot) -> None:
    window = open_window()
    for each in (*ARRANGEMENTS, ARRANGEMENTS[0]):
        window.workspace.show_arrangement(each.key)
        qtbot.wait(50)
    paints: list[object] = []

    class Paints(QObject):
        """Counts what is painted of the page."""

        @override
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            if event.type() == QEvent.Type.Paint:
                paints.append(watched)
            return False

    counter = Paints()
    window.workspace.controls_place.installEventFilter(counter)
    window.workspace.show_arrangement("gradients")
    assert window.workspace.updatesEnabled(), "a picture of the window at this moment would be empty"
    qtbot.waitUntil(lambda: bool(paints))
    qtbot.wait(50)
    assert len(paints) == 1
