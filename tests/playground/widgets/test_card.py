"""The controls in a card's title line are ordered by rank, and the text below the content keeps its margins."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QToolButton
from pytestqt.qtbot import QtBot
from typing_extensions import override

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


class Words(PlainLabel):
    """A control with a wide and a narrow form."""

    wide = 160

    def set_compact(self, form: int) -> None:
        """Use the form ``form``."""
        self.wide = 60 if form == MENUS else 160
        self.updateGeometry()

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(20, 20)

    @override
    def sizeHint(self) -> QSize:
        return QSize(self.wide, 20)


@pytest.fixture
def switched(qtbot: QtBot) -> tuple[Card, Words, QToolButton]:
    """A card with a switch and a button in its title line."""
    card, switch, button = Card("A long title"), Words(), QToolButton()
    qtbot.addWidget(card)
    card.add_header_widget(button)
    card.add_header_widget(switch, is_switch=True)
    card.show()
    return card, switch, button


def test_where_the_title_does_not_fit_the_switch_stands_in_its_place(
    switched: tuple[Card, Words, QToolButton],
) -> None:
    card, switch, button = switched
    others = button.sizeHint().width() + 40
    for width, first in ((600, False), (160 + others, True), (600, False), (60 + others, True)):
        card.resize(width, 200)
        card.settle_layout()
        assert (card._title.text() == "") is first
        assert (switch.x() < button.x()) is first, width
        assert card.header_widgets().index(switch) == (0 if first else 3)
    assert switch.width() == 60, "a menu in the narrowest"


def test_a_title_that_says_more_than_the_switch_stays_beside_its_menu(
    switched: tuple[Card, Words, QToolButton],
) -> None:
    card, switch, button = switched
    card.title_is_name = False
    card.resize(160 + button.sizeHint().width() + 40, 200)
    assert (card._title.text(), switch.width()) == ("A long title", 60)


def test_a_title_is_not_elided_beside_a_switch_that_says_the_same(switched: tuple[Card, Words, QToolButton]) -> None:
    card, switch, button = switched
    for width in range(60 + button.sizeHint().width() + 24, 400, 3):
        card.resize(width, 200)
        assert card._title.text() in {"", "A long title"}, width
    switch.hide()
    card.set_title("An even longer title")
    card.resize(card._title.fontMetrics().horizontalAdvance("An even longer") + button.sizeHint().width() + 24, 200)
    assert card._title.text().endswith("…"), "nothing else names the card"


def test_a_switch_that_is_not_shown_leaves_the_title_the_place_of_what_is_hidden_last(
    switched: tuple[Card, Words, QToolButton],
) -> None:
    card, switch, button = switched
    title = card._title.sizeHint().width()
    switch.hide()
    about = Words()
    card.add_header_widget(about, 1, last=True)
    card.resize(title + button.sizeHint().width() + 40, 200)
    assert card._title.text() == "A long title"
    assert about.isHidden()


def test_the_title_is_whole_beside_a_control_added_to_a_visible_card(qtbot: QtBot) -> None:
    card = Card("A long title")
    qtbot.addWidget(card)
    wide = PlainLabel("wide")
    wide.setFixedWidth(120)
    card.add_header_widget(wide)
    card.resize(280, 200)
    with qtbot.waitExposed(card):
        card.show()
    late = PlainLabel("late")
    late.setFixedWidth(90)
    card.add_header_widget(late)
    card.fit_title()
    qtbot.waitUntil(late.isVisible)
    card.layout().activate()
    assert card._title.isHidden() or card._title.width() >= card._title.sizeHint().width()
