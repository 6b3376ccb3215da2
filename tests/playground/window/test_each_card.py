"""Every entry of the table of cards has a sentence, an explanation, a window and exports."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolButton
from pytestqt.qtbot import QtBot

from playground.commandline.picture_names import everything
from playground.network_view.edges.values import flat_values
from playground.session.selection import Selection
from playground.style.numbers import short
from playground.widgets.card import Card
from playground.window.cards import CARDS
from playground.window.main_window import MainWindow
from tests.playground.factory import every_card_applies

WAITS = {"", "Computing", "computing"}


@dataclass(frozen=True)
class Opened:
    """A window in which every card applies."""

    window: MainWindow

    def sentence(self, card: Card) -> str:
        return card._sentence.text().strip()


@pytest.fixture
def opened(open_window: Callable[..., MainWindow], qtbot: QtBot) -> Opened:
    window = open_window(every_card_applies(), playing=True)
    qtbot.waitUntil(lambda: window.session.snapshot.step > 100, timeout=30_000)
    window.session.pause()
    qtbot.waitUntil(lambda: not window.session.snapshot.playing)
    window.workspace.show_arrangement("landscape")  # builds the cards of all workspaces
    return Opened(window)


def test_each_card_in_its_own_window_has_sentence_explanation_and_figure(opened: Opened, qtbot: QtBot) -> None:
    opened.window.session.select(Selection("weight", 1, 2, 1))
    for key, card in opened.window.cards.items():
        popped = opened.window.workspace.pop_out(card)
        popped.resize(760, 560)
        qtbot.waitUntil(lambda card=card: opened.sentence(card).partition(" ")[0] not in WAITS, timeout=60_000)
        assert card._sentence.isVisible(), key
        assert card.findChild(QToolButton, f"help-{key}").isVisible(), key
        figures = card.figures if card.has_figures else ()
        assert figures or key == "samples", key
        for figure in figures:
            assert figure.figure_table().columns, key
            assert not figure.build_figure(opened.window.appearance.style).sceneRect().isEmpty(), key
        popped.close()


def test_a_double_click_on_its_title_enlarges_each_card_and_escape_restores_it(opened: Opened, qtbot: QtBot) -> None:
    workspace = opened.window.workspace
    for key, card in opened.window.cards.items():
        workspace.bring_forward(key)
        qtbot.waitUntil(card.isVisible)
        assert card._title.isVisible(), key
        QTest.mouseDClick(card._title, Qt.MouseButton.LeftButton)
        assert workspace.enlarged is card, key
        QTest.keyClick(opened.window, Qt.Key.Key_Escape)
        qtbot.waitUntil(lambda: workspace.enlarged is None)


def test_sentences_follow_edges_width_and_selection(opened: Opened, qtbot: QtBot) -> None:
    require_the_sentence_of_the_edges(opened, qtbot)
    require_that_a_narrow_network_drops_the_legend(opened, qtbot)
    require_that_the_inspector_says_what_is_selected(opened, qtbot)


def require_the_sentence_of_the_edges(opened: Opened, qtbot: QtBot) -> None:
    view = opened.window.cards["network"]
    popped = opened.window.workspace.pop_out(view)
    popped.resize(1200, 700)
    snapshot = opened.window.session.snapshot
    for shows, noun in (
        ("gradient", "Largest gradient"),
        ("update", "Largest change in the last step"),
        ("weight", "Largest weight"),
    ):
        view.show_edges(shows)  # type: ignore[attr-defined]
        values = flat_values(snapshot, shows)  # type: ignore[arg-type]
        weights = values[snapshot.network.architecture.is_weight]
        start = f"{noun}: {short(float(weights[abs(weights).argmax()]), 3)}, from "
        # A card that becomes visible receives the newest snapshot with the next frame.
        qtbot.waitUntil(lambda start=start: opened.sentence(view).startswith(start))
    popped.close()


def require_that_a_narrow_network_drops_the_legend(opened: Opened, qtbot: QtBot) -> None:
    view = opened.window.cards["network"]
    popped = opened.window.workspace.pop_out(view)
    popped.resize(1200, 700)
    qtbot.waitUntil(lambda: opened.sentence(view).endswith("double-click edits."))
    whole = opened.sentence(view)
    popped.resize(420, 500)
    qtbot.waitUntil(lambda: "Colour" not in opened.sentence(view))
    assert whole.startswith(opened.sentence(view))
    assert opened.sentence(view).startswith("Largest weight: ")
    assert view._sentence.fontMetrics().horizontalAdvance(opened.sentence(view)) <= view._sentence.width()
    popped.close()


def require_that_the_inspector_says_what_is_selected(opened: Opened, qtbot: QtBot) -> None:
    inspector, session = opened.window.cards["inspector"], opened.window.session
    popped = opened.window.workspace.pop_out(inspector)
    popped.resize(760, 560)
    snapshot = session.snapshot
    count = snapshot.network.architecture.trainable_count
    qtbot.waitUntil(lambda: opened.sentence(inspector) == f"{count} parameters, cross-entropy minimized by Adam")
    session.select(Selection("feature", -1, 2))
    column = snapshot.data.x_train[:, 2]
    low, high = short(float(column.min()), 3), short(float(column.max()), 3)
    qtbot.waitUntil(lambda: opened.sentence(inspector).startswith(f"values from {low} to {high}, mean "))
    session.select(Selection("weight", 1, 2, 1))
    gradient = snapshot.gradients.flat[snapshot.network.architecture.layers[1].weight_index(1, 2)]
    qtbot.waitUntil(lambda: f" = {short(float(gradient), 3)}, a sum over " in opened.sentence(inspector))
    popped.resize(250, 560)
    qtbot.waitUntil(lambda: opened.sentence(inspector).endswith(f" = {short(float(gradient), 3)}"))
    popped.close()


def test_render_writes_all_pictures_by_default() -> None:
    names = {name for keys in everything().figures.values() for name in keys}
    new = "waterfall forecast gradient_history dropout_truth noise ledger neuron landscape landscape_3d sharpness race minima"
    assert {*new.split(), "network", "loss", "gradient", "weights", "activation", "output"} <= names
    assert set(everything().figures) == set(CARDS)
