"""The controls in a card's title line are ordered by rank, and the text below the content keeps its margins."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QToolButton
from pytestqt.qtbot import QtBot

from playground.widgets.card import FULL, MENUS, SHORT, Card
from playground.widgets.plain_text import PlainLabel


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


@pytest.mark.parametrize("form", [FULL, SHORT, MENUS])
def test_the_text_below_the_content_has_the_same_margin_at_both_sides(qtbot: QtBot, form: int) -> None:
    card = Card("Title")
    qtbot.addWidget(card)
    card.add_foot_widget(PlainLabel("2 dead"))
    card.set_sentence("A sentence")
    card.resize(300, 200)
    card.show()
    card.set_header_form(form)
    card.layout().activate()
    area = card.sentence_area()
    texts = [each.geometry() for each in (card._sentence, *card.findChildren(PlainLabel)) if each.y() >= area.y()]
    left, right = min(each.left() for each in texts), max(each.right() for each in texts)
    assert left == card.width() - 1 - right >= 12
