"""Workspaces: every card is in exactly one place after any operation, and sizes are stored for each workspace."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel, QSplitter, QToolButton
from pytestqt.qtbot import QtBot

from core.experiment import DataSettings, Experiment
from playground.plotting.cards.word_choice import WordChoice
from playground.window.cards import CARDS
from playground.window.main_window import MainWindow
from playground.window.workspace.arrangements import ARRANGEMENTS
from playground.window.workspace.card_place import CardPlace
from playground.window.workspace.view_memory import _buttons, chosen_options
from playground.window.workspace.workspace import PoppedOut

Opener = Callable[..., MainWindow]


def require_one_place_each(window: MainWindow) -> None:
    workspace = window.workspace
    shown = next(each for each in ARRANGEMENTS if each.key == workspace.arrangement)
    for key, card in window.cards.items():
        parent = card.parentWidget()
        if workspace.enlarged is card:
            assert workspace.currentWidget() is parent
        elif isinstance(parent, PoppedOut):
            assert parent.isVisible()
        elif key in shown.contents():
            assert isinstance(parent, CardPlace)
            assert workspace.enlarged is not None or workspace.currentWidget().isAncestorOf(card)
        else:
            assert not card.isVisible()


@pytest.mark.parametrize("seed", range(2))
def test_any_order_of_moves_keeps_each_card_in_one_place(open_window: Opener, qtbot: QtBot, seed: int) -> None:
    window = open_window()
    workspace, draw = window.workspace, random.Random(seed)  # noqa: S311 - moves, not secrets
    cards = list(window.cards.values())

    def close_one() -> None:
        windows = [each for each in workspace.findChildren(PoppedOut) if each.isVisible()]
        if windows:
            draw.choice(windows).close()

    moves = [
        lambda: workspace.toggle_enlarged(draw.choice(cards)),
        lambda: workspace.pop_out(draw.choice(cards)),
        lambda: workspace.show_arrangement(draw.choice(ARRANGEMENTS).key),
        lambda: workspace.offer(draw.choice([set(window.cards), set(window.cards) - {"confusion"}])),
        close_one,
        workspace.restore,
        workspace.reset_layout,
        lambda: window.resize(*draw.choice([(1000, 640), (1440, 900)])),
        window.findChild(QAction, "presentationAction").trigger,
    ]
    for _ in range(40):
        draw.choice(moves)()
        qtbot.wait(1)
        require_one_place_each(window)
    workspace.reset_layout()
    assert not [each for each in workspace.findChildren(PoppedOut) if each.isVisible()]


def test_a_popped_out_card_enlarged_by_its_title_leaves_its_window(open_window: Opener, qtbot: QtBot) -> None:
    window = open_window()
    card = window.cards["loss"]
    popped = window.workspace.pop_out(card)
    title = next(label for label in card.findChildren(QLabel) if label.text() == "Loss")
    QTest.mouseDClick(title, Qt.MouseButton.LeftButton)
    assert window.workspace.enlarged is card
    assert not popped.isVisible()
    window.workspace.reset_layout()
    assert isinstance(card.parentWidget(), CardPlace)


def test_workspaces_are_switched_by_key_and_remember_their_sizes(
    open_window: Opener, qtbot: QtBot, tmp_path: Path
) -> None:
    window = open_window()
    shown = [window.cards[key] for key in ("gradient", "waterfall", "forecast", "inspector")]
    window.findChild(QAction, "workspace-gradients").trigger()
    qtbot.waitUntil(lambda: all(card.isVisible() for card in shown))
    assert not window.cards["network"].isVisible()
    assert window.cards["gradient"].width() > window.cards["inspector"].width()
    splitter = window.findChild(QSplitter, "gradients-plots")
    splitter.setSizes([500, 300])
    sizes = splitter.sizes()
    settings = QSettings(str(tmp_path / "sizes.ini"), QSettings.Format.IniFormat)
    window.workspace.store(settings)
    window.findChild(QAction, "workspace-playground").trigger()
    assert window.cards["network"].isVisible()
    splitter.setSizes([100, 700])
    window.workspace.recall(settings)
    assert window.workspace.arrangement == "gradients"
    assert splitter.sizes() == sizes
    assert {each.key: f"Ctrl+{n}" for n, each in enumerate(ARRANGEMENTS, 1)} == {
        each.key: window.findChild(QAction, f"workspace-{each.key}").shortcut().toString() for each in ARRANGEMENTS
    }


def test_what_is_shown_is_saved_before_the_window_closes(open_window: Opener, qtbot: QtBot) -> None:
    window = open_window()
    settings = window._settings
    qtbot.waitUntil(lambda: window.cards["loss"].isVisible())
    window.workspace.show_arrangement("gradients")
    qtbot.waitUntil(lambda: settings.value("workspace/arrangement") == "gradients")
    window.session.play()
    qtbot.waitUntil(lambda: str(settings.value("training/playing")).lower() == "true")
    window.session.pause()
    qtbot.waitUntil(lambda: str(settings.value("training/playing")).lower() == "false")
    window.workspace.show_arrangement("playground")
    before = {key: chosen_options(card) for key, card in window.cards.items()}
    for button in list(_buttons(window.cards["loss"])):
        if button.isVisible() and not button.isChecked():
            button.click()
    changed = [key for key, card in window.cards.items() if chosen_options(card) != before[key]]
    assert changed == ["loss"]
    qtbot.waitUntil(lambda: settings.value("views/loss") == chosen_options(window.cards["loss"]))


def test_an_enlarged_card_is_saved_and_stays_enlarged(open_window: Opener, qtbot: QtBot) -> None:
    window = open_window()
    loss = window.cards["loss"]
    qtbot.waitUntil(loss.isVisible)
    window.workspace.toggle_enlarged(loss)
    qtbot.waitUntil(lambda: window._settings.value("workspace/enlarged") == "loss")
    assert window.workspace.enlarged is loss


@pytest.mark.parametrize("size", [(1280, 800), (1440, 900)])
def test_the_words_of_the_switches_are_whole(open_window: Opener, size: tuple[int, int]) -> None:
    window = open_window(Experiment(data=DataSettings(dataset="iris")))
    window.resize(*size)
    seen = set()
    for each in ARRANGEMENTS:
        window.workspace.show_arrangement(each.key)
        for card in window.cards.values():
            if card.isVisible():
                buttons = [
                    button for choice in card.findChildren(WordChoice) for button in choice.findChildren(QToolButton)
                ]
                seen |= {button.text().removesuffix(" ▾") for button in buttons if button.isVisible()}
    words = {word for entry in CARDS.values() for word in (entry.word, entry.short_word)}
    assert len(seen & words) > 5
    assert not [text for text in seen if text.endswith(".")]


def test_a_card_that_is_hidden_draws_nothing(open_window: Opener, qtbot: QtBot) -> None:
    window = open_window(playing=True)
    window.workspace.show_arrangement("gradients")
    network, gradient = window.cards["network"], window.cards["gradient"]
    drawn: list[object] = []
    show_network, show_gradient = network.show_snapshot, gradient.show_snapshot
    network.show_snapshot = lambda snapshot: (drawn.append(network), show_network(snapshot))  # type: ignore[method-assign]
    gradient.show_snapshot = lambda snapshot: (drawn.append(gradient), show_gradient(snapshot))  # type: ignore[method-assign]
    qtbot.waitUntil(lambda: drawn.count(gradient) > 3)
    assert network not in drawn


@pytest.mark.parametrize("damage", [("version", "abc"), ("root", 7), ("arrangement", "nowhere")])
def test_damaged_sizes_are_ignored(open_window: Opener, tmp_path: Path, damage: tuple[str, object]) -> None:
    window = open_window()
    settings = QSettings(str(tmp_path / "sizes.ini"), QSettings.Format.IniFormat)
    window.workspace.store(settings)
    settings.setValue(f"workspace/{damage[0]}", damage[1])
    window.workspace.recall(settings)
    assert window.workspace.arrangement == "playground"


@pytest.mark.parametrize(("dataset", "offered"), [("circle", False), ("iris", True)])
def test_the_confusion_matrix_is_offered_where_there_are_classes(
    open_window: Opener, qtbot: QtBot, dataset: str, offered: bool
) -> None:
    window = open_window(Experiment(data=DataSettings(dataset=dataset)))
    window.resize(1440, 900)
    qtbot.waitUntil(lambda: (window.cards["confusion"] in window.exportable()) is offered)
    buttons = window.cards["output"].findChildren(QAbstractButton)
    assert [each.isVisible() for each in buttons if each.accessibleName() == "Show: confusion"] == [offered]


def test_edited_racers_are_there_after_a_restart(open_window: Opener) -> None:
    window = open_window()
    race: Any = window.cards["race"]
    race.choose_objective("bowl")
    edited = (replace(race.racers[0], label="", learning_rate=0.25), *race.racers[1:])
    race.set_racers(edited)
    window.close()
    again: Any = open_window().cards["race"]
    again.choose_objective("bowl")
    assert again.racers == edited
