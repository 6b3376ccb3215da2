"""In the Gradients workspace, the pictures move with the hand: depth, weight scale and activation, with real events."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox
from pytestqt.qtbot import QtBot

from core.analysis.delta_split import DeltaSplit, split_deltas
from core.analysis.forecast import change_per_layer
from core.analysis.gradient_flow import weight_gradient_norms
from core.experiment.presets import preset
from playground.network_view import NetworkView
from playground.plots import DropoutTruthPlot, ForecastPlot, GradientPlot, NoisePlot, WaterfallPlot
from playground.plots.forecast.data import band_key, times
from playground.plots.waterfall.bars import bars_of
from playground.session import Session
from playground.style.numbers import short
from playground.widgets.quiet import QuietSlider
from playground.window.cards import CARDS
from playground.window.main_window import MainWindow
from tests.playground.factory import network

Opener = Callable[..., MainWindow]


@pytest.fixture
def window(open_window: Opener) -> MainWindow:
    window = open_window(network(8, 8, activation="sigmoid", initializer="xavier_normal"))
    window.workspace.show_arrangement("gradients")
    return window


def expected(session: Session) -> DeltaSplit:
    snapshot = session.snapshot
    assert snapshot is not None
    return split_deltas(snapshot.network, snapshot.trace, snapshot.gradients)


def drawn(window: MainWindow, qtbot: QtBot) -> DeltaSplit:
    """Return what the waterfall shows, once that belongs to the newest edit; bars, sentence and core agree."""
    session, waterfall, bars = window.session, window.cards["waterfall"], window.cards["gradient"]
    assert isinstance(waterfall, WaterfallPlot)
    assert isinstance(bars, GradientPlot)

    def is_newest() -> bool:
        shown = waterfall.shown()
        is_current = session.snapshot is not None and session.snapshot.generation == session.generation
        return is_current and shown is not None and np.array_equal(shown.split.log_norms, expected(session).log_norms)

    qtbot.waitUntil(is_newest, timeout=20_000)
    snapshot, data = session.snapshot, waterfall.shown()
    assert snapshot is not None
    assert data is not None
    qtbot.waitUntil(
        lambda: np.array_equal(bars.shown().values, weight_gradient_norms(snapshot.network, snapshot.gradients))
    )
    drop = float(data.split.log_norms[0] - data.split.log_norms[-1])
    changes = [bar.change for bar in bars_of(data.split)]
    assert len(changes) == 2 * len(session.experiment.network.hidden)
    assert sum(changes) == pytest.approx(drop, abs=1e-9)
    said = re.search(r"(loses|gains) (\d+\.\d) decades", waterfall.sentence)
    assert said is None or (float(said[2]) == round(abs(drop), 1) and (said[1] == "loses") == (drop < 0.0))
    return data.split


def loss_of(split: DeltaSplit) -> float:
    """Return how many decades the gradient loses from the output to the first layer."""
    return float(split.log_norms[-1] - split.log_norms[0])


def dragged(slider: QuietSlider, *values: int) -> Iterator[int]:
    """Drag the handle of ``slider`` over ``values`` with the mouse, and yield each while the button is held."""
    groove, handle = slider._parts()

    def place(value: int) -> QPoint:
        share = (value - slider.minimum()) / (slider.maximum() - slider.minimum())
        return QPoint(round(groove.x() + handle.width() / 2 + share * slider.travel), slider.height() // 2)

    QTest.mousePress(slider, Qt.MouseButton.LeftButton, pos=place(slider.value()))
    for value in values:
        QTest.mouseMove(slider, place(value))
        assert slider.isSliderDown()
        yield slider.value()
    QTest.mouseRelease(slider, Qt.MouseButton.LeftButton, pos=place(slider.value()))


def choose(window: MainWindow, name: str, label: str) -> None:
    """Choose ``label`` in the combo box with the keyboard."""
    combo = window.findChild(QComboBox, name)
    combo.setFocus()
    QTest.keyClick(combo, Qt.Key.Key_Home)
    for _ in range(combo.count()):
        if combo.currentText() == label:
            return
        QTest.keyClick(combo, Qt.Key.Key_Down)
    raise AssertionError(label)


def test_row07_the_waterfall_follows_depth_and_activation(window: MainWindow, qtbot: QtBot) -> None:
    drops = [loss_of(drawn(window, qtbot))]
    for depth in dragged(window.findChild(QuietSlider, "depthSlider"), 4, 7, 10):
        split = drawn(window, qtbot)
        assert len(split.by_slope) == depth == len(window.session.experiment.network.hidden)
        drops.append(loss_of(split))
    assert drops == sorted(drops), "each sigmoid layer loses more"
    assert drops[-1] > 5.0
    assert window.session.undo_label == "Depth"
    choose(window, "activationCombo", "ReLU")
    choose(window, "initializerCombo", "He normal")
    assert abs(loss_of(drawn(window, qtbot))) < 2.0


def test_row08_the_waterfall_follows_the_weight_scale(window: MainWindow, qtbot: QtBot) -> None:
    slider = window.findChild(QuietSlider, "gainSlider")
    through_weights = [float(drawn(window, qtbot).by_weights.sum())]
    step = (slider.maximum() - slider.value()) // 4
    values = [slider.value() + step * number for number in (1, 2, 3)]
    through_weights += [float(drawn(window, qtbot).by_weights.sum()) for _ in dragged(slider, *values)]
    assert through_weights == sorted(through_weights)
    assert through_weights[-1] > through_weights[0] + 1.0
    window.session.undo()
    assert float(drawn(window, qtbot).by_weights.sum()) == pytest.approx(through_weights[0]), "one drag is one edit"


def test_row07_the_waterfall_moves_while_the_network_trains(open_window: Opener, qtbot: QtBot) -> None:
    window = open_window(preset("vanishing-gradient"), playing=True)
    window.workspace.show_arrangement("gradients")
    waterfall = window.cards["waterfall"]
    assert isinstance(waterfall, WaterfallPlot)
    seen: set[bytes] = set()

    def has_moved() -> bool:
        data = waterfall.shown()
        if data is not None:
            seen.add(data.split.log_norms.tobytes())
        return len(seen) >= 8

    qtbot.waitUntil(has_moved, timeout=30_000)
    for depth in dragged(window.findChild(QuietSlider, "depthSlider"), 6, 3):
        qtbot.waitUntil(lambda depth=depth: len(waterfall.shown().names) == depth + 1, timeout=20_000)
    window.session.pause()
    drawn(window, qtbot)


def test_row12_dead_neurons_revive_when_relu_becomes_leaky_while_it_trains(open_window: Opener, qtbot: QtBot) -> None:
    window = open_window(network(6, activation="relu", initializer="he_normal"))
    session, view = window.session, window.cards["network"]
    assert isinstance(view, NetworkView)
    layer = session.snapshot.network.architecture.layers[0]
    for neuron in (1, 4):
        session.edit_parameter(layer.bias_index(neuron), -1e3, "Bias")
    session.play()
    qtbot.waitUntil(lambda: session.snapshot.step > 100, timeout=20_000)
    before = session.snapshot.network.weights(0)[:, [1, 4]].copy()
    qtbot.waitUntil(lambda: "2 dead" in [entry.text for entry in view._legend.entries])
    assert session.snapshot.network.weights(0)[:, [1, 4]].tobytes() == before.tobytes()
    step = session.snapshot.step
    choose(window, "activationCombo", "Leaky ReLU")
    qtbot.waitUntil(lambda: "2 dead" not in [entry.text for entry in view._legend.entries], timeout=20_000)
    qtbot.waitUntil(lambda: (session.snapshot.network.weights(0)[:, [1, 4]] != before).all(), timeout=20_000)
    assert session.snapshot.step > step, "no reset"
    session.pause()


def test_row09_dragging_dropout_offers_the_card_and_greys_out_neurons(open_window: Opener, qtbot: QtBot) -> None:
    window = open_window(network(8, 6, activation="relu"))
    window.workspace.show_arrangement("gradients")
    session, view, card = window.session, window.cards["network"], window.cards["dropout_truth"]
    assert isinstance(view, NetworkView)
    assert isinstance(card, DropoutTruthPlot)
    assert not CARDS["dropout_truth"].applies_to(session.snapshot)
    for position in dragged(window.findChild(QuietSlider, "dropoutSlider"), 20, 50):
        qtbot.waitUntil(
            lambda rate=position / 100: session.snapshot.network.architecture.dropout_rates[1:] == (rate, rate)
        )
    assert CARDS["dropout_truth"].applies_to(session.snapshot)
    window.workspace.reveal("dropout_truth")
    for scaling, ratio, said in (
        ("inverted", 1.0, "the same as in training"),
        ("none", 2.0, "2.00 × that in training"),
    ):
        combo = window.findChild(QComboBox, "dropoutScalingCombo")
        index = combo.findData(scaling)
        combo.setCurrentIndex(index)
        combo.activated.emit(index)
        qtbot.waitUntil(
            lambda: card.shown() is not None and card.shown().active == session.experiment.training.dropout_scaling
        )
        row = next(row for row in card.shown().rows if row.scaling == scaling)
        assert row.ratio == pytest.approx(ratio, abs=0.02)
        assert said in card.sentence
    session.step("batch")
    qtbot.waitUntil(lambda: session.snapshot.step == 1)
    window.workspace.reveal("network")
    dropped = sum(int(each.sum()) for each in session.snapshot.dropped if each is not None)
    qtbot.waitUntil(lambda: f"{dropped} dropped" in [entry.text for entry in view._legend.entries])


def test_row16_the_forecast_tilts_with_the_weight_scale(open_window: Opener, qtbot: QtBot) -> None:
    window = open_window(network(16, 16, 16, 16, activation="relu", initializer="he_normal"))
    window.workspace.show_arrangement("gradients")
    session, card = window.session, window.cards["forecast"]
    assert isinstance(card, ForecastPlot)
    assert card.isVisible()
    tilts = []

    def is_newest() -> bool:
        data, snapshot = card.shown(), session.snapshot
        is_current = snapshot is not None and snapshot.generation == session.generation
        return is_current and data is not None and data.key == band_key(snapshot)

    slider = window.findChild(QuietSlider, "gainSlider")
    for _ in dragged(slider, slider.value(), slider.value() + 6, slider.value() + 12):
        qtbot.waitUntil(is_newest, timeout=20_000)
        data = card.shown()
        assert data is not None
        tilts.append(change_per_layer(data.predicted.activation_mean_square))
        assert f"E[a²] {times(tilts[-1])}" in card.sentence
    gain = session.experiment.network.hidden[0].gain
    assert gain > 1.1
    assert tilts[0] == pytest.approx(1.0, rel=1e-6), "He keeps the mean square of ReLU layers"
    assert tilts == sorted(tilts)
    assert tilts[-1] == pytest.approx(gain**2, rel=1e-6)
    qtbot.waitUntil(lambda: card.shown().band is not None and is_newest(), timeout=20_000)


def test_row17_the_batch_gradient_of_the_whole_set_is_the_full_one(open_window: Opener, qtbot: QtBot) -> None:
    window = open_window(network(4))
    window.workspace.reveal("noise")
    session, card = window.session, window.cards["noise"]
    assert isinstance(card, NoisePlot)
    slider = window.findChild(QuietSlider, "batchSizeSlider")
    cosines = []
    for position in (slider.maximum(), slider.minimum()):
        for _ in dragged(slider, position):
            pass
        session.step("batch")
        size = session.experiment.training.batch_size or len(session.snapshot.data.x_train)
        qtbot.waitUntil(
            lambda size=size: card.shown() is not None and card.shown().batch.size == size and card.shown().is_last,
            timeout=20_000,
        )
        batch = card.shown().batch
        assert f"last batch of {size}: cosine {short(batch.cosine, 2)}" in card.sentence
        cosines.append(batch.cosine)
    assert cosines[0] == pytest.approx(1.0)
    assert abs(cosines[1]) < 1.0 - 1e-9
