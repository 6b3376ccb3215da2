"""The order in which the Tab key reaches the cards: as they are read, each with its title line first."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QWidget

from playground.widgets.card import Card
from playground.widgets.descendants import descendants
from playground.window.workspace.arrangements import ARRANGEMENTS, CONTROLS
from playground.window.workspace.left_column import LeftColumn

if TYPE_CHECKING:
    from playground.window.workspace.workspace import Workspace

LAST = "inspector"
"""Key of the card whose controls are built anew with each selection; Qt puts these at the end of the order."""


class TabOrder(QObject):
    """Orders the cards of a workspace when they are all built, and when others are shown.

    Qt's order is that in which widgets were built, which for cards is the order of their table.
    """

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self._workspace = workspace
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._order)
        workspace.completed.connect(self._begin)

    def _begin(self) -> None:
        self._workspace.rearranged.connect(self._timer.start)
        self._timer.start()

    def _order(self) -> None:
        workspace = self._workspace
        shown = next(each for each in ARRANGEMENTS if each.key == workspace.arrangement)
        keys = sorted((key for key in shown.in_order() if key != CONTROLS), key=lambda key: key == LAST)
        cards = [card for card in map(workspace.card, keys) if card is not None and card.window() is workspace.window()]
        # Parts that are windows of their own, such as the list of a combo box, are not in this window's order.
        stops = [stop for card in cards for stop in _stops_of(card) if stop.window() is workspace.window()]
        column = workspace.findChild(LeftColumn)
        before = [] if column is None else _stops(column)[-1:]
        for first, second in pairwise((*before, *stops)):
            QWidget.setTabOrder(first, second)


def _stops_of(card: Card) -> Iterator[QWidget]:
    """Return what the Tab key reaches in ``card``: first its title line, from left to right."""
    stops = _stops(card)  # once, because it examines every widget
    above = [stop for each in card.header_widgets() for stop in stops if stop is each or each.isAncestorOf(stop)]
    yield from above
    yield from (stop for stop in stops if stop not in above)


def _stops(part: QWidget) -> list[QWidget]:
    """Return ``part`` and what is in it if the Tab key reaches it, in the order in which it was built."""
    # PySide takes what ``nextInFocusChain`` returns for children of the widget.
    return [each for each in (part, *descendants(part)) if each.focusPolicy() & Qt.FocusPolicy.TabFocus]
