"""Messages cover no card's sentence, in any workspace and at any size of the window."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, QRect
from pytestqt.qtbot import QtBot

from playground.widgets.card import Card
from playground.window.arrangements import ARRANGEMENTS
from playground.window.main_window import MainWindow


def sentences(window: MainWindow) -> list[QRect]:
    cards = [card for card in window.findChildren(Card) if card.isVisible() and card._sentence.text().strip()]
    labels = [card._sentence for card in cards if card._sentence.isVisible()]
    return [QRect(label.mapTo(window.centralWidget(), QPoint(0, 0)), label.size()) for label in labels]


def test_the_message_that_no_more_runs_can_be_pinned_covers_no_sentence(
    open_window: Callable[..., MainWindow], qtbot: QtBot
) -> None:
    window = open_window()
    window.resize(1280, 800)
    for _ in range(7):
        window.session.pin()
    bar = window.message_bar
    qtbot.waitUntil(lambda: bar.isVisible() and "pinned already" in bar.text)
    qtbot.waitUntil(lambda: not any(bar.geometry().intersects(rect) for rect in sentences(window)))
    assert len(sentences(window)) >= 5
    assert bar.geometry().bottom() > window.centralWidget().height() * 0.8


@pytest.mark.parametrize("size", [(1024, 768), (1440, 900)], ids=lambda size: f"{size[0]}x{size[1]}")
def test_a_message_covers_no_sentence_when_the_window_or_the_workspace_changes(
    open_window: Callable[..., MainWindow], qtbot: QtBot, size: tuple[int, int]
) -> None:
    window = open_window()
    bar = window.message_bar
    bar.show_message("Something that stays " + 20 * "and is long ", "warning", action=("Go back", lambda: None))
    window.resize(*size)
    for arrangement in ARRANGEMENTS:
        window.workspace.show_arrangement(arrangement.key)
        qtbot.waitUntil(lambda: len(sentences(window)) >= 5, timeout=20_000)
        qtbot.waitUntil(lambda: not any(bar.geometry().intersects(rect) for rect in sentences(window)))
        assert window.centralWidget().rect().contains(bar.geometry())
    window.workspace.toggle_enlarged(window.cards["network"])
    qtbot.waitUntil(lambda: len(sentences(window)) == 1)
    qtbot.waitUntil(lambda: not any(bar.geometry().intersects(rect) for rect in sentences(window)))
