"""A doctor card whose network was never examined tries its cures on a thread when it is exported."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtGui import QDrag, QGuiApplication
from pytestqt.qtbot import QtBot

from core.training.many_runs import cure_trials
from playground.plots.doctor import data
from playground.window.doctor_watch import DoctorWatch
from playground.window.main_window import MainWindow
from tests.playground.factory import network, run_pinned_often

ILL = network(8, 8, 8, 8, 8, 8, activation="sigmoid")


@pytest.fixture
def threads(monkeypatch: pytest.MonkeyPatch) -> list[threading.Thread]:
    """The threads on which cures are tried."""
    found: list[threading.Thread] = []
    real = cure_trials.try_cure

    def noted(*arguments: Any, **options: Any) -> Any:
        found.append(threading.current_thread())
        return real(*arguments, **options)

    monkeypatch.setattr(cure_trials, "try_cure", noted)
    monkeypatch.setattr(data, "_TRIALS", cure_trials.CureTrials())
    return found


@pytest.fixture
def window(open_window: Callable[..., MainWindow], monkeypatch: pytest.MonkeyPatch) -> MainWindow:
    """A window whose network nobody examines, and with a pinned run."""
    monkeypatch.setattr(DoctorWatch, "begin", lambda _watch: None)
    window = open_window(ILL)
    assert window.session.pins.add(run_pinned_often(network(8, 8, 8, 8, activation="sigmoid"), 5, 20)) is not None
    return window


def test_a_copied_card(window: MainWindow, qtbot: QtBot, threads: list[threading.Thread]) -> None:
    said: list[str] = []
    window.session.message.connect(lambda text, _kind: said.append(text))
    window.menus.card_export.copy_picture(window.cards["doctor"])
    qtbot.waitUntil(lambda: bool(said), timeout=60_000)
    assert said[0].startswith("Copied")
    assert threads
    assert threading.main_thread() not in threads


def test_a_dragged_card(window: MainWindow, threads: list[threading.Thread]) -> None:
    beats: list[int] = []
    timer = QTimer()
    timer.timeout.connect(lambda: beats.append(len(threads)))
    timer.start(0)
    drag = window.menus.card_export.drags.drag_of(window.cards["doctor"])
    timer.stop()
    assert drag is not None
    assert beats  # the window goes on meanwhile
    assert threads
    assert threading.main_thread() not in threads


def test_a_card_released_before_it_is_computed_is_not_dragged(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[QDrag] = []
    monkeypatch.setattr(QDrag, "exec", lambda drag, _actions: begun.append(drag))
    said: list[str] = []
    window.session.message.connect(lambda text, _kind: said.append(text))
    card = window.cards["doctor"]
    window.menus.card_export.drags.start(card)
    assert not QGuiApplication.mouseButtons().value
    assert said == [f"{card.title}: computing …", f"{card.title} is being computed; drag it again in a moment."]
    assert begun == []


def test_closing_the_window_ends_a_drag_that_waits(window: MainWindow) -> None:
    drags = window.menus.card_export.drags
    QTimer.singleShot(0, drags.stop)
    assert drags.drag_of(window.cards["doctor"]) is None
