"""Stepping by phases in the real window: keys and buttons, the numbers read back, and the weights before and after."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QPushButton, QToolButton
from pytestqt.qtbot import QtBot

from core.arrays import Floats
from core.data.sample import Sample
from core.experiment.presets import preset
from core.training.phases import PhaseStep, phase_step, take_portion
from core.training.training_run import new_trainer
from playground.network_view import NetworkView
from playground.network_view.phases.words import PhaseWords, highlighted_by
from playground.session.selection import Selection
from playground.window.main_window import MainWindow

Opener = Callable[..., MainWindow]


@pytest.fixture
def window(open_window: Opener, qtbot: QtBot) -> MainWindow:
    window = open_window(preset("chain-rule"))
    qtbot.waitUntil(lambda: window.session.snapshot is not None)
    return window


def network_of(window: MainWindow) -> NetworkView:
    view = window.cards["network"]
    assert isinstance(view, NetworkView)
    return view


def parameters(window: MainWindow) -> Floats:
    snapshot = window.session.snapshot
    assert snapshot is not None
    return snapshot.network.parameters


def press(window: MainWindow, qtbot: QtBot, phase: str | None, *, back: bool = False) -> None:
    modifier = Qt.KeyboardModifier.ShiftModifier if back else Qt.KeyboardModifier.NoModifier
    QTest.keyClick(window, Qt.Key.Key_N, modifier)
    qtbot.waitUntil(lambda: window.session.phase == phase)


def at_step(window: MainWindow, qtbot: QtBot, number: int) -> None:
    qtbot.waitUntil(lambda: window.session.snapshot is not None and window.session.snapshot.step == number)


def test_row03_the_keyboard_walks_through_a_step_and_back(window: MainWindow, qtbot: QtBot) -> None:
    session, bar = window.session, network_of(window).phases
    twin = new_trainer(preset("chain-rule"), engine="numpy")
    start = parameters(window)
    assert start.tobytes() == twin.parameters.tobytes()
    assert not bar.isVisible()
    for phase in ("forward", "loss", "backward"):
        press(window, qtbot, phase)
        expected = phase_step(twin, "sample")
        assert isinstance(expected, PhaseStep)
        words = PhaseWords(expected, None)
        assert bar.sentence == f"Step 1. {words.sentence(phase)}"
        assert bar.controls.buttons[phase].isChecked()
        assert network_of(window).canvas._shown_hover() == highlighted_by(expected, phase, words.index)
        assert parameters(window).tobytes() == start.tobytes()
    assert session.sample == Sample(int(expected.batch[0]))
    press(window, qtbot, "update")
    at_step(window, qtbot, 1)
    take_portion(twin, "sample")
    assert parameters(window).tobytes() == twin.parameters.tobytes() == expected.after.tobytes()
    press(window, qtbot, "forward")
    assert bar.sentence.startswith("Step 2. ")
    press(window, qtbot, "update", back=True)
    press(window, qtbot, "backward", back=True)
    at_step(window, qtbot, 0)
    assert parameters(window).tobytes() == start.tobytes()
    press(window, qtbot, "loss", back=True)
    press(window, qtbot, "forward", back=True)
    assert not session.can_go_back
    assert not bar.findChild(QToolButton, "phaseBackButton").isEnabled()


def test_row03_the_chosen_row_learns_and_its_loss_falls(window: MainWindow, qtbot: QtBot) -> None:
    session, bar = window.session, network_of(window).phases
    data = session.snapshot.data  # type: ignore[union-attr]
    row = int(np.flatnonzero((data.positions_train == [2.0, 4.0, 8.0]).all(axis=1))[0])
    session.select_sample(Sample(row))
    press(window, qtbot, "forward")
    combo = bar.findChild(QComboBox, "phasePortionCombo")
    combo.setCurrentIndex(combo.findData("row"))
    session.select_sample(Sample(row))
    combo.activated.emit(combo.currentIndex())
    qtbot.waitUntil(lambda: session.phase_step is not None and session.phase_step.batch.tolist() == [row])
    assert "play 2, study 4, sleep 8 give ŷ = " in bar.sentence
    step = session.phase_step
    assert step is not None
    session.select(Selection("weight", 2, 0, 0))
    for phase in ("loss", "backward", "update"):
        qtbot.mouseClick(bar.findChild(QPushButton, f"{phase}PhaseButton"), Qt.MouseButton.LeftButton)
        assert session.phase == phase
    at_step(window, qtbot, 1)
    X, Y = data.x_train[row : row + 1], data.y_train[row : row + 1]
    network = session.snapshot.network  # type: ignore[union-attr]
    assert float(network.loss(network.forward(X), Y)[0]) == step.loss_after < step.loss
    assert "w₈₀ goes from " in bar.sentence


def test_a_step_on_a_selected_test_sample_says_which_one_it_takes_instead(window: MainWindow, qtbot: QtBot) -> None:
    session = window.session
    said: list[tuple[str, str]] = []
    session.message.connect(lambda text, kind: said.append((text, kind)))
    session.portion = "row"
    session.select_sample(Sample(0, is_test=True))
    press(window, qtbot, "forward")
    assert [kind for _, kind in said] == ["info"]
    assert "the step takes the next training sample" in said[0][0]
    step = session.phase_step
    assert step is not None
    assert session.sample == Sample(int(step.batch[0]))
    session.leave_phases()
    press(window, qtbot, "forward")  # on that training sample
    assert len(said) == 1


def test_the_buttons_move_in_both_directions(window: MainWindow, qtbot: QtBot) -> None:
    session, bar = window.session, network_of(window).phases
    start = parameters(window)
    press(window, qtbot, "forward")
    qtbot.mouseClick(bar.controls.buttons["update"], Qt.MouseButton.LeftButton)
    at_step(window, qtbot, 1)
    assert parameters(window).tobytes() != start.tobytes()
    qtbot.mouseClick(bar.controls.buttons["loss"], Qt.MouseButton.LeftButton)
    at_step(window, qtbot, 0)
    assert session.phase == "loss"
    assert parameters(window).tobytes() == start.tobytes()
    qtbot.mouseClick(bar.controls.back, Qt.MouseButton.LeftButton)
    assert session.phase == "forward"
    qtbot.mouseClick(bar.controls.close_button, Qt.MouseButton.LeftButton)
    assert session.phase is None
    assert not bar.isVisible()
    assert network_of(window).canvas._shown_hover() == ()


def test_the_walk_pauses_training_and_ends_when_training_moves(window: MainWindow, qtbot: QtBot) -> None:
    session, bar = window.session, network_of(window).phases
    session.play()
    qtbot.waitUntil(lambda: session.snapshot is not None and session.snapshot.step > 5)
    press(window, qtbot, "forward")
    assert not session.playing
    stands = session.phase_step.before  # type: ignore[union-attr]
    qtbot.waitUntil(lambda: session.snapshot is not None and session.snapshot.step == stands.step)
    assert parameters(window).tobytes() == stands.parameters.tobytes()
    session.step("batch")
    assert session.phase is None
    assert not bar.isVisible()
    press(window, qtbot, "forward")
    session.edit_training("Learning rate", learning_rate=0.01)
    assert session.phase is None
    press(window, qtbot, "forward")
    session.play()
    assert session.phase is None
    session.pause()


def test_saving_a_checkpoint_does_not_end_the_walk(window: MainWindow, qtbot: QtBot) -> None:
    press(window, qtbot, "forward")
    window._autosave.write()
    press(window, qtbot, "loss")
    assert network_of(window).phases.isVisible()


def test_a_batch_can_be_walked_through(window: MainWindow, qtbot: QtBot) -> None:
    session, bar = window.session, network_of(window).phases
    session.edit_training("Batch size", batch_size=5)
    press(window, qtbot, "forward")
    combo = bar.findChild(QComboBox, "phasePortionCombo")
    combo.setCurrentIndex(combo.findData("batch"))
    combo.activated.emit(combo.currentIndex())
    qtbot.waitUntil(lambda: session.phase_step is not None and len(session.phase_step.batch) == 5)
    assert bar.sentence.startswith("Step 1. Forward: 5 samples pass through 3 layers")


def test_row06_neurons_of_any_network_can_be_numbered(open_window: Opener, qtbot: QtBot) -> None:
    window = open_window()
    action = window.findChild(QAction, "numberedAction")
    assert not action.isChecked()
    action.trigger()
    assert action.isChecked()
    assert window.session.undo_label == "Names"
    qtbot.waitUntil(lambda: window.session.snapshot.network.architecture.numbered)  # type: ignore[union-attr]
    window.session.select(Selection("weight", 1, 0, 0))
    qtbot.waitUntil(lambda: window.cards["inspector"].title == "Weight w₄₀ from z₁ to z₅")
    window.session.undo()
    assert not action.isChecked()
    qtbot.waitUntil(lambda: window.cards["inspector"].title == "Weight from hidden 1 · 1 to hidden 2 · 1")
