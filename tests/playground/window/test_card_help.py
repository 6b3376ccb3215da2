"""The ⓘ button of a card opens an explanation in the colours of the window, and closes it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QToolButton
from pytestqt.qtbot import QtBot

from playground.style.theme import THEMES
from playground.window.card_help import Explanation
from playground.window.cards import CARDS
from playground.window.main_window import MainWindow
from tests.playground.plots.support import colours, rgb

EXPLAINED = [key for key, entry in CARDS.items() if entry.help]


def test_new_cards_explain_themselves_in_a_few_sentences() -> None:
    assert {"waterfall", "forecast", "gradient_history", "dropout_truth", "noise", "activation"} <= set(EXPLAINED)
    for key in EXPLAINED:
        assert 2 <= CARDS[key].help.count(". ") + 1 <= 6
        assert CARDS[key].formula


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
