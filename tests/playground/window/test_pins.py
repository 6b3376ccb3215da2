"""Pinned runs in the whole window, with the real training thread."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import cast

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QObject, QSettings, Qt
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QLineEdit, QWidget, QWidgetItem
from pytestqt.qtbot import QtBot

from core.experiment.experiment_file import save
from core.training.pins.pin_file import StoredPin, encode
from core.training.pins.pinned_run import StoredRun, pinned
from core.training.run_history import RunHistory
from core.training.snapshot import Snapshot
from core.training.state_file import save_state
from core.training.training_run import new_trainer
from playground.network_view import NetworkView
from playground.panels.pins.chip import PinChip
from playground.session.saving.last_state import LastState
from playground.session.selection import Selection
from playground.window.main_window import MainWindow
from tests.playground.factory import network

TANH, RELU = network(4, 2, activation="tanh"), network(4, 2, activation="relu")


def trained(qtbot: QtBot, window: MainWindow, steps: int) -> Snapshot:
    for _ in range(steps):
        window.session.step("batch")
    return shown(qtbot, window, lambda snapshot: snapshot.step >= steps)


def shown(qtbot: QtBot, window: MainWindow, condition: Callable[[Snapshot], bool]) -> Snapshot:
    session = window.session

    def arrived() -> bool:
        latest = session.snapshot
        return latest is not None and latest.generation == session.generation and condition(latest)

    qtbot.waitUntil(arrived, timeout=20_000)
    assert session.snapshot is not None
    return session.snapshot


def pin(qtbot: QtBot, window: MainWindow) -> int:
    with qtbot.waitSignal(window.session.pins.changed):
        window.session.pin()
    return window.session.pins.all[-1].key


def test_the_current_run_is_pinned_unchanged(qtbot: QtBot, open_window: Callable[..., MainWindow]) -> None:
    window = open_window(TANH)
    before = trained(qtbot, window, 12)
    pin(qtbot, window)
    (kept,) = window.session.pins.all
    np.testing.assert_array_equal(kept.run.snapshot.network.parameters, before.network.parameters)
    np.testing.assert_array_equal(kept.run.snapshot.curve.step, before.curve.step)
    trained(qtbot, window, 13)
    assert kept.run.snapshot.step == 12


def test_a_pin_is_reopened_and_undo_returns_to_the_run_before(
    qtbot: QtBot, open_window: Callable[..., MainWindow]
) -> None:
    window = open_window(TANH)
    session = window.session
    pinned = trained(qtbot, window, 12)
    key = pin(qtbot, window)
    session.edit_all_layers("Activation", activation="relu")
    session.reset()
    living = trained(qtbot, window, 5)
    session.reopen(key)
    again = shown(qtbot, window, lambda snapshot: snapshot.experiment == TANH)
    np.testing.assert_array_equal(again.network.parameters, pinned.network.parameters)
    np.testing.assert_array_equal(again.curve.train, pinned.curve.train)
    assert again.step == 12
    session.undo()
    back = shown(qtbot, window, lambda snapshot: snapshot.experiment == RELU)
    np.testing.assert_array_equal(back.network.parameters, living.network.parameters)
    np.testing.assert_array_equal(back.curve.train, living.curve.train)
    session.redo()
    forth = shown(qtbot, window, lambda snapshot: snapshot.experiment == TANH)
    np.testing.assert_array_equal(forth.network.parameters, pinned.network.parameters)
    np.testing.assert_array_equal(forth.curve.train, pinned.curve.train)


def test_a_pin_of_the_same_settings_is_reopened_and_undone(
    qtbot: QtBot, open_window: Callable[..., MainWindow]
) -> None:
    window = open_window(TANH)
    session = window.session
    pinned = trained(qtbot, window, 4)
    key = pin(qtbot, window)
    living = trained(qtbot, window, 9)
    session.reopen(key)
    again = shown(qtbot, window, lambda snapshot: snapshot.step == 4)
    np.testing.assert_array_equal(again.network.parameters, pinned.network.parameters)
    session.undo()
    back = shown(qtbot, window, lambda snapshot: snapshot.step != 4)
    np.testing.assert_array_equal(back.network.parameters, living.network.parameters)
    np.testing.assert_array_equal(back.curve.train, living.curve.train)


def test_pins_are_saved_with_the_session(qtbot: QtBot, open_window: Callable[..., MainWindow]) -> None:
    window = open_window(TANH)
    trained(qtbot, window, 6)
    pin(qtbot, window)
    window.session.pins.rename(window.session.pins.all[0].key, "six steps")
    window.session.mark_saved(window._last_state.experiment)
    window.close()
    again = open_window(TANH, resume=True)
    qtbot.waitUntil(lambda: len(again.session.pins.all) == 1, timeout=20_000)
    (kept,) = again.session.pins.all
    assert again.session.pins.name(kept) == "six steps"
    assert kept.run.snapshot.step == 6
    np.testing.assert_array_equal(
        kept.run.snapshot.network.parameters, window.session.pins.all[0].run.snapshot.network.parameters
    )


def test_the_strip_appears_with_the_first_pin(qtbot: QtBot, open_window: Callable[..., MainWindow]) -> None:
    window = open_window(TANH)
    assert window.menus.pinning.strip is None
    trained(qtbot, window, 2)
    qtbot.keyClick(window, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: window.menus.pinning.strip is not None)
    strip = window.menus.pinning.strip
    assert strip is not None
    qtbot.waitUntil(strip.isVisible)
    qtbot.waitUntil(lambda: strip.geometry().top() >= window.toolbar.geometry().bottom())
    qtbot.waitUntil(lambda: strip.geometry().bottom() <= window.workspace.geometry().top())


def test_network_and_output_show_the_pin_while_the_key_is_held(
    qtbot: QtBot, open_window: Callable[..., MainWindow]
) -> None:
    window = open_window(RELU)
    session, clock = window.session, window.controller.clock
    pinned = trained(qtbot, window, 20)
    pin(qtbot, window)
    session.edit(network(5, 3, 3), "Other shape")
    living = shown(qtbot, window, lambda snapshot: len(snapshot.network.architecture.layers) == 4)
    session.select(Selection("neuron", 2, 2))
    view = window.cards["network"]
    assert isinstance(view, NetworkView)

    def drawn() -> Snapshot | None:
        return view.canvas.builder.snapshot

    qtbot.waitUntil(lambda: drawn() is living)
    qtbot.keyPress(window, Qt.Key.Key_F)
    qtbot.waitUntil(lambda: drawn() is not living)
    snapshot = drawn()
    assert snapshot is not None
    np.testing.assert_array_equal(snapshot.network.parameters, pinned.network.parameters)
    assert view.canvas.builder.experiment == RELU
    assert view._badge is not None
    assert view._badge.text().startswith("Pinned: ")
    view.canvas.grab()
    assert window.menus.pinning.is_flipped
    qtbot.keyRelease(window, Qt.Key.Key_F)
    qtbot.waitUntil(lambda: drawn() is clock.latest)
    assert view.canvas.builder.experiment == session.experiment
    assert not view._badge.isVisible()
    assert session.selection == Selection("neuron", 2, 2)


def test_what_is_no_object_may_pass_the_filter(
    open_window: Callable[..., MainWindow], caught: list[BaseException]
) -> None:
    pinning = open_window().menus.pinning
    widget = QWidget()
    # PySide knows the item of a layout by its address, and passes it when a widget has got that address.
    assert not pinning.eventFilter(cast(QObject, QWidgetItem(widget)), QFocusEvent(QEvent.Type.FocusIn))
    assert caught == []


@pytest.fixture
def caught(monkeypatch: pytest.MonkeyPatch) -> list[BaseException]:
    """The exceptions that a guard has kept from Qt."""
    found: list[BaseException] = []
    monkeypatch.setattr(sys, "excepthook", lambda _kind, error, _trace: found.append(error))
    return found


def test_without_a_pin_the_key_explains_what_to_do(qtbot: QtBot, open_window: Callable[..., MainWindow]) -> None:
    window = open_window(TANH)
    with qtbot.waitSignal(window.session.message) as blocker:
        qtbot.keyClick(window, Qt.Key.Key_F)
    assert "Ctrl+D" in blocker.args[0]
    assert not window.menus.pinning.is_flipped


def test_the_first_pin_explains_how_to_compare(qtbot: QtBot, open_window: Callable[..., MainWindow]) -> None:
    window = open_window(TANH)
    with qtbot.waitSignal(window.session.message) as told:
        window.session.pin()
    assert "rewind (R)" in told.args[0]
    with qtbot.assertNotEmitted(window.session.message):
        pin(qtbot, window)


def test_pins_of_a_crashed_session_are_recovered(
    qtbot: QtBot, open_window: Callable[..., MainWindow], settings: QSettings, tmp_path: Path
) -> None:
    trainer = new_trainer(TANH, engine="numpy")
    trainer.run(7)
    stored = StoredPin(StoredRun.of(pinned(trainer, RunHistory(), (0, 1))), "before the crash", 2, hidden=False)
    last = LastState(settings, tmp_path)
    save(TANH, last.experiment)
    save_state(trainer, last.training)
    last.pins.write_bytes(encode([stored]))
    last.set_aside()
    assert not last.pins.exists()
    window = open_window(RELU)
    assert window.session.pins.all == ()
    assert window.files.recover()
    qtbot.waitUntil(lambda: len(window.session.pins.all) == 1, timeout=20_000)
    (kept,) = window.session.pins.all
    assert (window.session.pins.name(kept), kept.colour, kept.run.snapshot.step) == ("before the crash", 2, 7)


def test_f2_renames_a_focused_chip_and_does_not_list_the_lessons(
    open_window: Callable[..., MainWindow], qtbot: QtBot
) -> None:
    window = open_window()
    window.session.pin()
    qtbot.waitUntil(lambda: window.menus.pinning.strip is not None and bool(window.findChildren(PinChip)))
    (chip,) = window.findChildren(PinChip)
    qtbot.waitUntil(chip.isVisible)
    chip.setFocus()
    qtbot.keyClick(chip, Qt.Key.Key_F2)
    assert window.findChild(QLineEdit, "pinName").isVisible()
    assert window.lessons.page is None
    assert window.lessons._panel is None
