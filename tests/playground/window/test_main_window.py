"""The whole window with its real training thread: public names, live changes, undo, cards, files, shutdown."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPointF, QSettings, Qt, QUrl
from PySide6.QtGui import QAction, QDropEvent
from PySide6.QtWidgets import QComboBox, QSlider, QWidget
from pytestqt.qtbot import QtBot

from core.experiment import DataSettings, Experiment, HiddenLayer, NetworkSettings
from core.experiment.experiment_file import load, save
from playground.session.saving.last_state import LastState
from playground.window.main_window import MainWindow

Opener = Callable[..., MainWindow]


NAMES: dict[type, tuple[str, ...]] = {
    QAction: ("playAction", "stepAction", "resetAction"),
    QSlider: ("learningRateSlider", "depthSlider", "gainSlider", "dropoutSlider", "noiseSlider", "batchSizeSlider"),
    QComboBox: ("activationCombo", "initializerCombo", "optimizerCombo", "datasetCombo"),
    QWidget: ("networkView", "lossPlot", "gradientPlot", "weightHistogramPlot", "inspectorPanel"),
}
"""The names of the contract by class."""


def test_names_are_those_of_the_contract_and_every_control_has_an_accessible_one(open_window: Opener) -> None:
    window = open_window()
    found = [name for kind, names in NAMES.items() for name in names if window.findChild(kind, name) is not None]
    assert found == [name for names in NAMES.values() for name in names]
    controls = [*window.findChildren(QSlider), *window.findChildren(QComboBox)]
    assert len(controls) > 15
    assert [control.objectName() for control in controls if not control.accessibleName()] == []


def test_the_window_trains_and_the_loss_falls(qtbot: QtBot, open_window: Opener) -> None:
    window = open_window(playing=True)
    qtbot.waitUntil(lambda: window.session.snapshot.step > 500, timeout=20_000)
    curve = window.session.snapshot.curve
    assert curve.train[-1] < curve.train[0]
    window.findChild(QAction, "playAction").trigger()
    qtbot.waitUntil(lambda: not window.session.snapshot.playing)
    assert not window.session.playing


def drag(window: MainWindow, name: str) -> None:
    slider = window.findChild(QSlider, name)
    for share in (0.2, 0.3, 0.4):
        slider.setValue(int(slider.minimum() + share * (slider.maximum() - slider.minimum())))


def test_sliders_dragged_while_it_trains_do_not_stop_it(qtbot: QtBot, open_window: Opener) -> None:
    window = open_window(playing=True)
    for name in ("learningRateSlider", "dropoutSlider", "noiseSlider", "batchSizeSlider", "gainSlider", "depthSlider"):
        before = window.session.snapshot.step
        drag(window, name)
        generation = window.session.generation
        qtbot.waitUntil(lambda generation=generation: window.session.snapshot.generation == generation, timeout=10_000)
        assert window.session.snapshot.step >= before
    assert window.session.playing
    step = window.session.snapshot.step
    assert step > 0
    qtbot.waitUntil(lambda: window.session.snapshot.step > step, timeout=10_000)


def test_a_slider_that_does_not_change_the_shape_keeps_every_weight(qtbot: QtBot, open_window: Opener) -> None:
    window = open_window(playing=True)
    qtbot.waitUntil(lambda: window.session.snapshot.step > 50, timeout=10_000)
    window.session.pause()
    qtbot.waitUntil(lambda: not window.session.snapshot.playing, timeout=10_000)
    trained, step = window.session.snapshot.network.parameters.copy(), window.session.snapshot.step
    for name in ("learningRateSlider", "dropoutSlider", "noiseSlider", "batchSizeSlider"):
        experiment = window.session.experiment
        drag(window, name)
        assert window.session.experiment != experiment
        qtbot.waitUntil(lambda: window.session.snapshot.generation == window.session.generation, timeout=10_000)
        assert (window.session.snapshot.network.parameters == trained).all(), name
        assert window.session.snapshot.step == step, name


def test_another_depth_keeps_the_weights_of_the_remaining_layers(qtbot: QtBot, open_window: Opener) -> None:
    window = open_window(playing=True)
    qtbot.waitUntil(lambda: window.session.snapshot.step > 50, timeout=10_000)
    window.session.pause()
    qtbot.waitUntil(lambda: not window.session.snapshot.playing, timeout=10_000)
    trained = window.session.snapshot.network.weights(0).copy()
    window.findChild(QSlider, "depthSlider").setValue(4)
    qtbot.waitUntil(lambda: window.session.snapshot.generation == window.session.generation, timeout=10_000)
    assert (window.session.snapshot.network.weights(0) == trained).all()


def test_vanishing_gradient_by_depth_and_sigmoid(qtbot: QtBot, open_window: Opener) -> None:
    window = open_window()
    window.findChild(QSlider, "depthSlider").setValue(10)
    combo = window.findChild(QComboBox, "activationCombo")
    index = next(i for i in range(combo.count()) if combo.itemData(i) == "sigmoid")
    combo.setCurrentIndex(index)
    combo.activated.emit(index)
    qtbot.waitUntil(
        lambda: {layer.activation for layer in window.session.snapshot.experiment.network.hidden} == {"sigmoid"}
    )
    network, flat = window.session.snapshot.network, window.session.snapshot.gradients.flat
    first, last = network.architecture.layers[0], network.architecture.layers[-1]
    assert len(network.architecture.layers) == 11
    assert abs(flat[first.weights]).max() < 1e-4 * abs(flat[last.weights]).max()


def test_undo_and_redo(qtbot: QtBot, open_window: Opener) -> None:
    window = open_window()
    before = window.session.experiment
    window.session.edit_training("Learning rate", learning_rate=0.5)
    window.session.set_depth(5)
    undo, redo = window.findChild(QAction, "undoAction"), window.findChild(QAction, "redoAction")
    assert "depth" in undo.text()
    undo.trigger()
    undo.trigger()
    assert window.session.experiment == before
    assert not undo.isEnabled()
    redo.trigger()
    redo.trigger()
    assert len(window.session.experiment.network.hidden) == 5
    qtbot.waitUntil(lambda: len(window.session.snapshot.network.architecture.layers) == 6)


def test_weight_edited_by_hand_can_be_undone(qtbot: QtBot, open_window: Opener) -> None:
    window = open_window()
    old = float(window.session.snapshot.network.parameters[3])
    window.session.edit_parameter(3, 2.5, "Weight")
    qtbot.waitUntil(lambda: window.session.snapshot.network.parameters[3] == 2.5)
    window.session.undo()
    qtbot.waitUntil(lambda: window.session.snapshot.network.parameters[3] == old)


def test_reset_restores_the_initial_weights(qtbot: QtBot, open_window: Opener) -> None:
    window = open_window()
    start = window.session.snapshot.network.parameters.copy()
    window.session.step("epoch")
    qtbot.waitUntil(lambda: window.session.snapshot.epoch == 1.0)
    assert (window.session.snapshot.network.parameters != start).any()
    window.findChild(QAction, "resetAction").trigger()
    qtbot.waitUntil(lambda: window.session.snapshot.step == 0)
    assert (window.session.snapshot.network.parameters == start).all()


def test_cards_are_enlarged_popped_out_and_restored(qtbot: QtBot, open_window: Opener) -> None:
    window = open_window()
    for card in window.cards.values():
        place = card.parentWidget()
        window.workspace.toggle_enlarged(card)
        assert window.workspace.enlarged is card
        qtbot.keyClick(window, Qt.Key.Key_Escape)
        assert window.workspace.enlarged is None
        assert card.parentWidget() is place
        popped = window.workspace.pop_out(card)
        assert card.window() is popped
        popped.close()
        assert card.parentWidget() is place
    qtbot.wait(10)


def test_file_is_saved_opened_and_remembered(qtbot: QtBot, open_window: Opener, tmp_path: Path) -> None:
    window = open_window()
    window.session.edit_training("Learning rate", learning_rate=0.5)
    assert window.isWindowModified()
    path = tmp_path / "mine.json"
    assert window.files.save_to(path)
    assert not window.isWindowModified()
    assert load(path).training.learning_rate == 0.5
    other = tmp_path / "other.json"
    save(Experiment(data=DataSettings(dataset="xor")), other)
    drop(window, other)
    assert window.session.experiment.data.dataset == "xor"
    assert window.session.file == other
    assert window.files.recent() == [other.resolve(), path.resolve()]
    qtbot.waitUntil(lambda: window.session.snapshot.experiment.data.dataset == "xor")


MALFORMED = {
    "{": "JSON",
    '{"format": 7}': "$.format",
    '{"network": {"hidden": [{}, {"dropout": 1.5}]}}': "$.network.hidden[1].dropout: expected a number < 1, got 1.5",
    '{"colour": 1}': "colour",
}


def test_a_malformed_file_is_reported_and_the_experiment_kept(open_window: Opener, tmp_path: Path) -> None:
    window = open_window()
    before = window.session.experiment
    for number, (content, place) in enumerate(MALFORMED.items()):
        path = tmp_path / f"bad{number}.json"
        path.write_text(content)
        drop(window, path)
        assert window.session.experiment == before
        assert place in window.message_bar.text
        assert path.name in window.message_bar.text
        assert window.message_bar.isVisible()


def test_a_missing_table_restores_the_experiment(qtbot: QtBot, open_window: Opener, tmp_path: Path) -> None:
    window = open_window()
    before = window.session.experiment
    path = tmp_path / "gone.json"
    path.write_text('{"data": {"dataset": {"csv": "gone.csv", "target": "y"}}}')
    drop(window, path)
    qtbot.waitUntil(lambda: "gone.csv" in window.message_bar.text)
    assert window.session.experiment == before
    assert window.session.file is None
    qtbot.waitUntil(lambda: window.session.snapshot.generation == window.session.generation)


def test_divergence_is_reported_and_rewound(qtbot: QtBot, open_window: Opener) -> None:
    hidden = (HiddenLayer(units=8, activation="relu", initializer="he_normal", gain=900.0),) * 6
    window = open_window(
        Experiment(data=DataSettings(dataset="plane"), network=NetworkSettings(hidden=hidden)), playing=True
    )
    qtbot.waitUntil(lambda: "diverged" in window.message_bar.text, timeout=20_000)
    assert not window.session.playing
    window.session.reset()
    qtbot.waitUntil(lambda: window.session.snapshot.step == 0 and window.session.snapshot.divergence is None)


def test_an_error_in_the_worker_is_shown_and_the_window_continues(
    qtbot: QtBot, open_window: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_window()

    def broken(*_: object) -> None:
        raise ZeroDivisionError("made to fail")

    with monkeypatch.context() as patch:
        patch.setattr("core.training.trainer.Trainer.run", broken)
        window.session.play()
        qtbot.waitUntil(lambda: "made to fail" in window.message_bar.text)
        assert not window.session.playing
    step = window.session.snapshot.step
    window.session.play()
    qtbot.waitUntil(lambda: window.session.snapshot.step > step)


def test_hidden_cards_have_their_data_when_exported(open_window: Opener) -> None:
    window = open_window()
    assert not window.cards["activation"].isVisible()
    window.exportable()
    assert len(window.cards["activation"].figure_table().rows) > 10


def test_theme_and_presentation_change_every_view(open_window: Opener) -> None:
    window = open_window()
    window.appearance.choose_theme("dark")
    dark = window.grab().toImage().pixelColor(4, window.height() // 2)
    window.appearance.choose_theme("light")
    light = window.grab().toImage().pixelColor(4, window.height() // 2)
    assert light.lightness() > dark.lightness() + 100
    window.appearance.set_presentation(True)
    assert window.appearance.style.scale == 1.4
    window.grab()


def test_closing_while_it_trains_ends_the_thread_and_remembers(
    qtbot: QtBot, open_window: Opener, tmp_path: Path
) -> None:
    window = open_window(playing=True)
    window.session.edit_training("Learning rate", learning_rate=0.25)
    qtbot.waitUntil(lambda: window.session.snapshot.step > 10)
    window.close()
    settings = QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)
    remembered = LastState(settings, tmp_path).restore()
    assert remembered is not None
    assert remembered[0].training.learning_rate == 0.25


def test_the_window_disappears_before_its_training_state_is_saved(
    open_window: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_window()
    seen: list[bool] = []
    monkeypatch.setattr(window.controller, "save_state", lambda _path: seen.append(window.isVisible()))
    window.close()
    assert seen == [False], "that of a large network takes seconds"


def test_the_next_start_resumes_with_the_weights(qtbot: QtBot, open_window: Opener) -> None:
    window = open_window()
    window.session.step("epoch")
    qtbot.waitUntil(lambda: window.session.snapshot.epoch == 1.0)
    weights, curve = window.session.snapshot.network.parameters.copy(), window.session.snapshot.curve
    window.close()
    again = open_window(resume=True)
    assert again.session.snapshot.epoch == 1.0
    assert (again.session.snapshot.network.parameters == weights).all()
    assert again.session.snapshot.curve.step[0] == 0.0, "the curve of the run is restored as well"
    np.testing.assert_array_equal(again.session.snapshot.curve.train, curve.train)
    other = Experiment(network=NetworkSettings(hidden=(HiddenLayer(units=7),)))
    again.close()
    assert open_window(other, resume=True).session.snapshot.step == 0


def drop(window: MainWindow, path: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    window.dropEvent(
        QDropEvent(
            QPointF(10, 10), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        )
    )
