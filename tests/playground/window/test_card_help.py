"""The ⓘ button of a card opens an explanation in the colours of the window, and closes it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QToolButton
from pytestqt.qtbot import QtBot

from playground.style.formula_svg import formula_svg
from playground.style.theme import THEMES
from playground.window.card_help import Explanation
from playground.window.cards import CARDS
from playground.window.main_window import MainWindow
from tests.playground.plots.support import colours, rgb


def test_no_card_lacks_its_explanation() -> None:
    for key, entry in CARDS.items():
        sentences = entry.help.count(". ") + 1
        assert 3 <= sentences <= 6, key
        assert entry.help.endswith("."), key
        assert entry.formula, key


@pytest.mark.parametrize("key", CARDS)
def test_the_formula_of_each_card_can_be_typeset(key: str) -> None:
    svg = formula_svg(CARDS[key].formula, 14.0, "#000000")
    assert svg.startswith(b"<svg")


def test_every_card_has_the_button(open_window: Callable[..., MainWindow]) -> None:
    window = open_window()
    window.workspace.show_arrangement("landscape")  # builds the others
    for key, card in window.cards.items():
        button = card.findChild(QToolButton, f"help-{key}")
        assert button is not None, key
        assert button.accessibleDescription() == CARDS[key].help


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_explanation_has_text_and_formula_in_the_colours_of_the_window(
    open_window: Callable[..., MainWindow], qtbot: QtBot, theme: str
) -> None:
    window = open_window()
    window.appearance.choose_theme(theme)  # type: ignore[arg-type]
    window.workspace.show_arrangement("gradients")
    button = window.findChild(QToolButton, "help-waterfall")
    assert button.accessibleDescription() == CARDS["waterfall"].help
    button.click()
    popup = QApplication.activePopupWidget()
    assert isinstance(popup, Explanation)
    label = popup.findChild(QLabel)
    assert "the gradient flows" in label.text()
    assert "<img" in label.text()
    shown = colours(popup.grab().toImage().convertToFormat(popup.grab().toImage().Format.Format_RGB32))
    assert {rgb(THEMES[theme].panel), rgb(THEMES[theme].ink)} <= shown
    assert popup.screen().availableGeometry().contains(popup.geometry())
    QTest.keyClick(popup, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: QApplication.activePopupWidget() is None)


def test_a_narrow_card_gives_the_room_of_the_button_to_its_title(
    open_window: Callable[..., MainWindow], qtbot: QtBot
) -> None:
    window = open_window()
    card = window.cards["gradient"]
    button = card.findChild(QToolButton, "help-gradient")
    popped = window.workspace.pop_out(card)
    popped.resize(700, 400)
    qtbot.waitUntil(lambda: button.isVisible() and card._title.text() == "Gradient by layer")
    popped.resize(236, 400)
    qtbot.waitUntil(lambda: not button.isVisible())
    assert card._title.text() == "Gradient"
    (more,) = [each for each in card.findChildren(QToolButton) if each.accessibleName().startswith("More for")]
    entry = next(action for action in more.menu().actions() if action.text() == "How to read this")
    entry.trigger()
    popup = QApplication.activePopupWidget()
    assert isinstance(popup, Explanation)
    assert "one layer's gradient" in popup.findChild(QLabel).text().replace("&#x27;", "'")
    popup.close()
