"""The card that each place shows is remembered for every workspace, in its wide and in its narrow form."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pytestqt.qtbot import QtBot

from playground.plotting.cards.word_choice import WordChoice
from playground.window.main_window import MIN_SIZE, MainWindow

Opener = Callable[..., MainWindow]


def click_word(window: MainWindow, word: str) -> None:
    """Click the word of the switch that is shown, in whichever form it has."""
    for choice in window.workspace.currentWidget().findChildren(WordChoice):
        if choice.accessibleName() == "Show" and choice.isVisible() and word in choice._buttons:
            choice._buttons[word].click()
            return
    pytest.fail(f"no switch offers {word}")


def shown(window: MainWindow, key: str) -> frozenset[str]:
    window.workspace.show_arrangement(key)
    return window.workspace._page.visible_keys()


@pytest.mark.parametrize("is_narrow", [False, True], ids=["wide", "narrow"])
def test_each_place_shows_the_same_card_after_a_restart(open_window: Opener, qtbot: QtBot, is_narrow: bool) -> None:
    first = open_window()
    first.resize(*((MIN_SIZE.width(), MIN_SIZE.height()) if is_narrow else (1440, 900)))
    qtbot.wait(50)
    words = {
        "playground": ("table", "code"),
        "gradients": ("history", "ranges", "noise"),
        "landscape": ("race", "loss"),
    }
    wanted = {}
    for key, chosen in words.items():
        first.workspace.show_arrangement(key)
        qtbot.wait(50)
        for word in chosen:
            click_word(first, word)
        wanted[key] = shown(first, key)
    first.close()

    second = open_window()
    second.resize(*((MIN_SIZE.width(), MIN_SIZE.height()) if is_narrow else (1440, 900)))
    qtbot.wait(50)
    assert {key: shown(second, key) for key in words} == wanted
    for key in words:
        second.workspace.show_arrangement(key)
        assert all(second.cards[each].isVisible() for each in wanted[key] & second.cards.keys())


def test_the_default_layout_shows_the_first_card_of_each_place(open_window: Opener, qtbot: QtBot) -> None:
    window = open_window()
    window.resize(1440, 900)
    first = {key: shown(window, key) for key in ("landscape", "gradients")}
    qtbot.wait(50)
    click_word(window, "noise")
    assert shown(window, "gradients") != first["gradients"]
    window.workspace.reset_layout()
    assert {key: shown(window, key) for key in first} == first
