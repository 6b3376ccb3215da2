"""The controls in a card's title line are ordered by rank, whatever the order of insertion."""

from __future__ import annotations

from PySide6.QtWidgets import QToolButton
from pytestqt.qtbot import QtBot

from playground.widgets.card import Card


def test_controls_are_ordered_by_rank(qtbot: QtBot) -> None:
    card = Card("Card")
    qtbot.addWidget(card)
    buttons = {}
    for name, rank in (("menu", 2), ("first", 0), ("help", 1), ("second", 0)):
        buttons[name] = QToolButton()
        card.add_header_widget(buttons[name], rank)
    card.resize(400, 200)
    with qtbot.waitExposed(card):
        card.show()
    order = sorted(buttons, key=lambda name: buttons[name].x())
    assert order == ["first", "second", "help", "menu"]
    assert card._title.x() < buttons["first"].x()
