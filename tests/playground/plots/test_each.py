"""Tests of individual plot cards on real snapshots."""

from __future__ import annotations

import math
import re

import numpy as np
import pytest
from msgspec.structs import replace
from PySide6.QtWidgets import QLabel, QToolButton
from pytestqt.qtbot import QtBot

from core.analysis.gradient_flow import weight_gradient_norms
from core.experiment import HiddenLayer
from core.training.snapshot import Snapshot
from playground.plots import ActivationPlot, ConfusionPlot, GradientPlot, LossPlot
from playground.plots.weight_histogram.densities import WeightBinner
from playground.plotting.cards.word_choice import WordChoice, WordMenu
from playground.session import Session
from playground.session.selection import Selection
from playground.style.theme import LIGHT, Style
from playground.widgets.card import FULL, MENUS, SHORT
from tests.playground.factory import snapshot_of
from tests.playground.plots.support import colours, experiment, make, picture, rgb

pytestmark = pytest.mark.usefixtures("fonts")


def test_titles_and_sentences_get_shorter_with_the_card(qtbot: QtBot, snapshots: dict[str, Snapshot]) -> None:
    card = make(qtbot, GradientPlot, size=(400, 300))
    snapshot = snapshots["default"]
    gradients = replace(snapshot.gradients, flat=snapshot.gradients.flat.copy())
    gradients.flat[snapshot.network.architecture.layers[0].weights] *= 1e-6
    card.show_snapshot(replace(snapshot, gradients=gradients))
    assert (card._title.text(), "than ∂L/∂W₃" in card._sentence.text()) == ("Gradient by layer", True)
    card.resize(205, 300)
    assert card._title.text() == "Gradient"
    assert "than ∂L/∂W₃" not in card._sentence.text()
    assert card.figure_title == "Gradient by layer"


def test_gradient_plot_shows_the_norms_at_the_current_weights(qtbot: QtBot, snapshots: dict[str, Snapshot]) -> None:
    card = make(qtbot, GradientPlot)
    for name in ("default", "fifty layers"):
        snapshot = snapshots[name]
        card.show_snapshot(snapshot)
        expected = weight_gradient_norms(snapshot.network, snapshot.gradients)
        assert [row[1] for row in card.figure_table().rows] == expected.tolist()


def test_gradient_bars_have_the_colours_of_their_layers(qtbot: QtBot, snapshots: dict[str, Snapshot]) -> None:
    card = make(qtbot, GradientPlot)
    card.show_snapshot(snapshots["default"])
    count = len(snapshots["default"].network.architecture.layers)
    assert {rgb(LIGHT.layer_colour(index, count)) for index in range(count)} <= colours(picture(card))


def test_gradient_trail_is_bounded_and_cleared_by_a_reset(
    qtbot: QtBot, snapshots: dict[str, Snapshot], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("playground.plots.gradient.card.TRAIL_SECONDS", 0.0)
    card = make(qtbot, GradientPlot)
    snapshot = snapshots["default"]
    for step in range(1, 40):
        gradients = replace(snapshot.gradients, flat=snapshot.gradients.flat * 0.9**step)
        card.show_snapshot(replace(snapshot, gradients=gradients, step=step))
    past = len(card.figure_table().columns) - 2
    assert 4 <= past <= 20
    card.show_snapshot(replace(snapshot, step=0))
    assert card.figure_table().columns == ("layer", "∂L/∂W", "forecast")


def test_gradient_menu_changes_the_quantity(qtbot: QtBot, snapshots: dict[str, Snapshot]) -> None:
    card = make(qtbot, GradientPlot, size=(320, 300))
    snapshot = snapshots["default"]
    card.show_snapshot(snapshot)
    menu = card.findChild(WordMenu)
    menu.menu().actions()[2].trigger()
    layer = snapshot.network.architecture.layers[0]
    change = np.linalg.norm(snapshot.last_update[layer.weights])
    expected = change / np.linalg.norm(snapshot.network.parameters[layer.weights])
    assert card.figure_table().rows[0][1] == pytest.approx(expected)
    card.resize(240, 300)
    assert "ΔW" in menu.text()


def test_weight_densities_integrate_to_one_and_keep_their_bins() -> None:
    snapshot = snapshot_of(experiment(HiddenLayer(units=40), HiddenLayer(units=40)), steps=2)
    binner = WeightBinner()
    data = binner.bin(snapshot.network)
    width = data.centres[1] - data.centres[0]
    for ridge in data.ridges:
        assert ridge.density.sum() * width == pytest.approx(1.0, abs=0.02)
        assert ridge.start is not None
        assert ridge.start.sum() * width == pytest.approx(1.0, abs=0.06)
        assert ridge.growth == pytest.approx(1.0, abs=0.3)
    moved = replace(snapshot.network, parameters=snapshot.network.parameters * 0.8)
    np.testing.assert_array_equal(binner.bin(moved).centres, data.centres)


def test_weights_outside_the_axis_and_non_finite_weights_are_counted() -> None:
    snapshot = snapshot_of(experiment(HiddenLayer(units=512)))
    flat = snapshot.network.parameters.copy()
    flat[0], flat[1], flat[2] = 1e6, math.inf, math.nan
    ridge = WeightBinner().bin(replace(snapshot.network, parameters=flat)).ridges[0]
    assert (ridge.outside, ridge.broken, ridge.count) == (1, 2, 1024)
    assert math.isnan(ridge.growth)


def test_equal_weights_are_a_spike_at_their_value() -> None:
    snapshot = snapshot_of(experiment(HiddenLayer(units=4, initializer="constant")))
    data = WeightBinner().bin(snapshot.network)
    ridge = data.ridges[0]
    assert ridge.spike == 0.5
    assert ridge.start is None
    assert data.centres[ridge.density.argmax()] == pytest.approx(0.5, abs=0.05)


def test_activation_card_follows_the_selection_and_its_menu(qtbot: QtBot, snapshots: dict[str, Snapshot]) -> None:
    session = Session()
    card = ActivationPlot(session, Style(LIGHT))
    qtbot.addWidget(card)
    card.show_snapshot(snapshots["default"])
    assert card.layer == 0
    session.select(Selection("neuron", 1, 0))
    assert card.layer == 1
    menu = card.findChild(WordMenu)
    assert menu is not None
    assert menu.text().startswith("Hidden 2")
    menu.menu().actions()[2].trigger()
    assert card.layer == 2
    session.select(Selection("feature", -1, 0))
    assert card.layer == 2
    card.show_snapshot(snapshots["one layer"])
    assert card.layer == 0


def test_activation_card_reports_shares_and_clones(qtbot: QtBot) -> None:
    layer = HiddenLayer(units=4, activation="relu", initializer="constant")
    snapshot = snapshot_of(experiment(layer))
    card = make(qtbot, ActivationPlot, size=(500, 300))
    card.show_snapshot(snapshot)
    share = round(100 * np.mean(snapshot.trace.pre_activations[0] <= 0.0))
    assert card._sentence.text() == f"φ′ = 0 for {share}\u2009% of z; 0 of 4 neurons dead; 1 of 4 neurons distinct"


def test_confusion_counts_the_test_set(qtbot: QtBot, snapshots: dict[str, Snapshot]) -> None:
    card = make(qtbot, ConfusionPlot)
    snapshot = snapshots["iris"]
    card.show_snapshot(snapshot)
    rows = card.figure_table().rows
    counts = np.array([row[1:] for row in rows])
    assert counts.sum() == len(snapshot.data.x_test)
    assert np.trace(counts) / counts.sum() == pytest.approx(snapshot.scores.test_accuracy)
    np.testing.assert_array_equal(counts.sum(axis=1), np.bincount(snapshot.data.labels_test.astype(int)))


def test_confusion_is_for_more_than_two_classes(qtbot: QtBot, snapshots: dict[str, Snapshot]) -> None:
    assert ConfusionPlot.applies(snapshots["iris"])
    assert ConfusionPlot.applies(snapshots["digits"])
    assert not ConfusionPlot.applies(snapshots["default"])
    assert not ConfusionPlot.applies(snapshots["sine"])
    card = make(qtbot, ConfusionPlot)
    card.show_snapshot(snapshots["iris"])
    card.show_snapshot(snapshots["default"])
    assert colours(picture(card)) == {rgb(LIGHT.panel)}
    assert card.figure_table().rows == []


def test_all_options_of_a_compact_choice_stay_visible(qtbot: QtBot) -> None:
    choice = WordChoice(("log", "linear"), "Loss axis", Style(LIGHT), short=("log", "lin"))
    qtbot.addWidget(choice)
    choice.show()
    wide = choice.sizeHint().width()
    choice.set_compact(SHORT)
    log, linear = choice.findChildren(QToolButton)
    assert choice.sizeHint().width() < wide
    assert (log.isVisible(), linear.isVisible()) == (True, True)
    assert (log.text(), linear.text()) == ("log", "lin")
    with qtbot.waitSignal(choice.chosen) as chosen:
        linear.click()
    assert chosen.args == ["linear"]
    choice.set_compact(FULL)
    assert linear.text() == "linear"


def test_a_choice_without_room_for_its_words_is_a_menu(qtbot: QtBot) -> None:
    choice = WordChoice(("map", "confusion", "table"), "Show", Style(LIGHT), short=("map", "confu.", "table"))
    qtbot.addWidget(choice)
    choice.show()
    choice.set_compact(SHORT)
    wide = choice.sizeHint().width()
    choice.set_compact(MENUS)
    (menu,) = choice.findChildren(WordMenu)
    assert choice.sizeHint().width() < wide / 2
    assert (menu.isVisible(), menu.text(), menu.accessibleName()) == (True, "map ▾", "Show")
    assert not any(button.isVisible() for button in choice.findChildren(QToolButton) if button is not menu)
    choice.offer(("map", "table"))
    assert [action.text() for action in menu.menu().actions()] == ["map", "table"]
    with qtbot.waitSignal(choice.chosen) as chosen:
        menu.menu().actions()[1].trigger()
    assert chosen.args == ["table"]
    assert menu.text() == "table ▾"
    choice.choose("map")
    assert menu.text() == "map ▾"
    choice.set_compact(FULL)
    shown = [button.text() for button in choice.findChildren(QToolButton) if button.isVisible()]
    assert shown == ["map", "table"]


@pytest.mark.parametrize(
    ("size", "scale", "expected"),
    [
        ((260, 300), 1.0, 1.0),
        ((520, 430), 1.0, 1.0),
        ((1040, 480), 1.0, 1.1),
        ((1100, 780), 1.0, 1.3),
        ((2500, 1400), 1.0, 1.3),
        ((1100, 780), 1.4, 1.2),
    ],
)
def test_the_font_of_the_plot_grows_with_the_card(
    qtbot: QtBot, size: tuple[int, int], scale: float, expected: float, snapshots: dict[str, Snapshot]
) -> None:
    card = make(qtbot, GradientPlot, style=Style(LIGHT, scale), size=size)
    card.show_snapshot(snapshots["default"])
    assert card._style.scale == pytest.approx(scale * expected)
    assert card.minimumSizeHint().width() == round(168 * scale)
    ticks = card.canvas.area().rect.left()
    assert ticks == pytest.approx(42 * scale * expected, abs=1.0)
    card.resize(260, 300)
    assert card._style.scale == scale
    assert card.canvas.area().rect.left() == pytest.approx(42 * scale, abs=1.0)


@pytest.mark.parametrize(("width", "title"), [(400, "Gradient by layer"), (200, "Gradient"), (168, "Gradient")])
def test_the_title_fills_the_space_left_by_the_menu(qtbot: QtBot, width: int, title: str) -> None:
    card = make(qtbot, GradientPlot, size=(700, 300))
    card.resize(width, 300)
    assert card._title.text() == title


def test_a_title_is_complete_or_shows_more_than_a_letter(qtbot: QtBot) -> None:
    card = make(qtbot, LossPlot, size=(168, 300))
    assert card._title.text() == "Loss"
    card.set_title("Loss landscape around the minimum")
    assert card._title.text() == "" or len(card._title.text()) >= 5


def test_the_title_lines_of_narrow_plot_cards_are_not_clipped(qtbot: QtBot) -> None:
    card = LossPlot(Session(), Style(LIGHT))
    qtbot.addWidget(card)
    card.resize(card.minimumSizeHint())
    card.show()
    for label in card.findChildren(QLabel):
        if label.isVisible() and label.property("role") == "title":
            assert label.width() >= label.sizeHint().width()
    for button in card.findChildren(QToolButton):
        if button.isVisible():
            assert button.width() >= button.sizeHint().width()


def test_the_count_of_a_mistake_is_separate_from_a_numeric_class_name(
    qtbot: QtBot, snapshots: dict[str, Snapshot]
) -> None:
    card = make(qtbot, ConfusionPlot, size=(500, 400))
    card.show_snapshot(snapshots["digits"])
    assert re.fullmatch(r"test set: (\d+ mistakes, at most|\d+ of \d+ of class \d predicted as \d).*", card.sentence)
    card.show_snapshot(snapshots["iris"])
    assert re.fullmatch(r"test set: (all|\d+ of) \d+ [a-z]+ predicted as [a-z]+(, .*)?", card.sentence)
