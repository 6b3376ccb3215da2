"""The README's recipe works when followed with real events."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QPushButton, QSlider
from pytestqt.qtbot import QtBot

from core.analysis.gradient_flow import weight_gradient_norms
from playground.session.playback.speed import WATCHABLE_SPEED, read, written
from playground.window.main_window import MainWindow

Opener = Callable[..., MainWindow]


def choose(window: MainWindow, combo_name: str, label: str) -> None:
    combo = window.findChild(QComboBox, combo_name)
    index = combo.findText(label)
    assert index >= 0, label
    combo.setCurrentIndex(index)
    combo.activated.emit(index)


def ratio(window: MainWindow) -> float:
    snapshot = window.session.snapshot
    norms = weight_gradient_norms(snapshot.network, snapshot.gradients)
    return float(norms[0] / norms[-1])


def drag_to(slider: QSlider, arrows: int) -> None:
    slider.setFocus()
    for _ in range(arrows):
        QTest.keyClick(slider, Qt.Key.Key_Right)


def test_a_gradient_vanishes_in_thirty_seconds(open_window: Opener, qtbot: QtBot) -> None:
    window = open_window()
    session = window.session
    assert not session.playing
    again = window.findChild(QPushButton, "startAgainButton")
    assert not again.isVisible()
    QTest.keyClick(window, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: session.snapshot.epoch >= 30, timeout=30_000)
    drag_to(window.findChild(QSlider, "depthSlider"), 10 - len(session.experiment.network.hidden))
    drag_to(window.findChild(QSlider, "widthSlider"), 8 - max(h.units for h in session.experiment.network.hidden))
    choose(window, "activationCombo", "Sigmoid")
    assert [layer.units for layer in session.experiment.network.hidden] == [8] * 10
    assert again.isVisible()
    QTest.mouseClick(again, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(
        lambda: (
            session.snapshot.generation == session.generation and session.snapshot.epoch < 30 and ratio(window) < 1e-4
        ),
        timeout=30_000,
    )
    assert not again.isVisible()
    losses = session.snapshot.scores.train_loss
    assert losses == pytest.approx(0.5, abs=0.05)


def test_a_preset_does_not_play_by_itself(open_window: Opener, qtbot: QtBot) -> None:
    window = open_window(playing=True)
    assert window.session.playing
    window.findChild(QAction, "preset-xor").trigger()
    assert not window.session.playing


def test_maximum_speed_is_one_key_away_and_back(open_window: Opener, qtbot: QtBot) -> None:
    window = open_window()
    window.session.set_speed(30)
    QTest.keyClick(window, Qt.Key.Key_M)
    assert window.session.speed is None
    QTest.keyClick(window, Qt.Key.Key_M)
    assert window.session.speed == 30


def test_the_first_start_is_paused_and_the_next_is_restored(open_window: Opener, qtbot: QtBot) -> None:
    first = open_window()
    first.start_as_left(resume=True)
    assert not first.session.playing
    assert first.session.speed == WATCHABLE_SPEED
    first.session.set_speed(120)
    first.session.play()
    first.session.mark_saved(first.files._last_state.training)
    first.close()
    second = open_window()
    second.start_as_left(resume=True)
    assert second.session.playing
    assert second.session.speed == 120
    second.start_as_left(resume=False)


@pytest.mark.parametrize(
    ("text", "speed"), [("max", None), ("120.0", 120), ("abc", 500), ("nan", 500), ("-3", 500), ("1e300", 500)]
)
def test_speeds_round_trip_and_invalid_ones_fall_back(text: str, speed: float | None) -> None:
    assert read(text) == speed
    assert read(written(speed)) == speed


def test_an_untrained_network_has_nothing_to_start_again(open_window: Opener, qtbot: QtBot) -> None:
    window = open_window()
    again = window.findChild(QPushButton, "startAgainButton")
    choose(window, "activationCombo", "ReLU")
    assert again.isHidden()
    window.session.step("batch")
    qtbot.waitUntil(lambda: window.session.snapshot.step == 1)
    choose(window, "activationCombo", "Sigmoid")
    assert not again.isHidden()


def test_the_speed_is_remembered_at_once_in_case_of_a_crash(open_window: Opener, settings: QSettings) -> None:
    open_window().session.set_speed(30)
    assert read(settings.value("training/speed")) == 30
    open_window().session.set_speed(None)
    assert read(settings.value("training/speed")) is None
