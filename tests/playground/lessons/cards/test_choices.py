"""Choices are typeset like the text, and their accessible names are plain text."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QRadioButton
from pytestqt.qtbot import QtBot

from playground.lessons.cards.choices import Choices
from playground.lessons.text.plain_words import plain_words
from playground.lessons.text.texts import Texts
from playground.lessons.text.view import TextView
from playground.plotting.drawing.formula_store import FormulaStore
from playground.style.theme import LIGHT, Style
from playground.widgets.plain_text import PlainLabel

ANSWERS = ("$p$", "it makes *all* steps smaller", r"$\frac{\partial L}{\partial w}$, as before", "a * b < c")


@pytest.fixture
def choices(qtbot: QtBot, fonts: None) -> Choices:
    store = FormulaStore()
    texts = Texts(None, store, Style(LIGHT))
    made = Choices(ANSWERS, "askChoice", texts, Style(LIGHT))
    store.setParent(made)
    texts.setParent(made)
    qtbot.addWidget(made)
    made.resize(260, 300)
    made.show()
    store.wait()
    return made


def test_formulas_and_emphasis_are_typeset(choices: Choices, qtbot: QtBot) -> None:
    views = choices.findChildren(TextView)
    assert len(views) == len(ANSWERS)
    qtbot.waitUntil(lambda: "\ufffc" in views[0].toPlainText() and "\ufffc" in views[2].toPlainText())
    assert views[1].toPlainText() == "it makes all steps smaller"
    assert views[3].toPlainText() == "a * b < c"
    assert not any("$" in view.toPlainText() for view in views)


def test_plain_answers_are_labels(qtbot: QtBot, fonts: None) -> None:
    store = FormulaStore()
    texts = Texts(None, store, Style(LIGHT))
    made = Choices(("yes", "no"), "askChoice", texts, Style(LIGHT))
    store.setParent(made)
    texts.setParent(made)
    qtbot.addWidget(made)
    assert not made.findChildren(TextView)
    assert [label.text() for label in made.findChildren(PlainLabel) if label.text()] == ["yes", "no"]


def test_accessible_names_of_choices_are_plain_text(choices: Choices) -> None:
    names = [button.accessibleName() for button in choices.findChildren(QRadioButton)]
    assert names == ["p", "it makes all steps smaller", "partial L over partial w, as before", "a * b < c"]


def test_a_click_on_a_formula_chooses_its_answer_and_only_buttons_have_the_focus(
    choices: Choices, qtbot: QtBot
) -> None:
    view = choices.findChildren(TextView)[2]
    with qtbot.waitSignal(choices.chosen) as caught:
        qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton)
    assert caught.args == [2]
    assert choices.choice == 2
    assert view.focusPolicy() == Qt.FocusPolicy.NoFocus
    choices.lock()
    qtbot.mouseClick(choices.findChildren(TextView)[0].viewport(), Qt.MouseButton.LeftButton)
    assert choices.choice == 2


def test_accessible_names_contain_the_values_of_live_numbers() -> None:
    assert (
        plain_words("the loss is {{test_loss}} for $z$", lambda source: f"<{source}>")
        == "the loss is <test_loss> for z"
    )
