"""Pinned runs in the whole window, with the real training thread."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from pytestqt.qtbot import QtBot

from core.training.snapshot import Snapshot
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


def test_the_present_run_is_pinned_as_it_is(qtbot: QtBot, open_window: Callable[..., MainWindow]) -> None:
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
