"""The frame clock rests while nothing changes, and wakes when something does."""

from __future__ import annotations

import threading

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from core.training.snapshot import Snapshot
from tests.playground.worker.clock_window import View, Window


class Plot(QLabel):
    """A view that is a widget, like all views of the window."""

    def __init__(self) -> None:
        super().__init__()
        self.shown: list[Snapshot] = []

    def show_snapshot(self, snapshot: Snapshot) -> None:
        self.shown.append(snapshot)


@pytest.fixture
def resting(window: Window, qtbot: QtBot) -> tuple[Window, Plot]:
    """An idle clock with a hidden plot and a visible view."""
    plot, view = Plot(), View()
    qtbot.addWidget(plot)
    window.clock.add(plot, 60.0)
    window.clock.add(view, 5.0)
    window.post()
    window.clock.start()
    qtbot.waitUntil(lambda: window.clock.is_resting)
    assert len(view.shown) == 1
    return window, plot


def test_nothing_ticks_when_nothing_moves(resting: tuple[Window, Plot], qtbot: QtBot) -> None:
    window, _ = resting
    qtbot.wait(100)
    assert window.clock.is_resting


def test_a_snapshot_from_another_thread_wakes_the_clock(resting: tuple[Window, Plot], qtbot: QtBot) -> None:
    window, _ = resting
    thread = threading.Thread(target=window.post)
    thread.start()
    qtbot.waitUntil(lambda: len(window.arrived) == 2)
    thread.join()
    assert not window.clock.is_resting
    qtbot.waitUntil(lambda: window.clock.is_resting)


def test_a_view_that_becomes_visible_wakes_the_clock(resting: tuple[Window, Plot], qtbot: QtBot) -> None:
    window, plot = resting
    assert not plot.shown
    plot.show()
    qtbot.waitUntil(lambda: plot.shown == [window.clock.latest])


def test_drawing_everything_again_wakes_the_clock(resting: tuple[Window, Plot], qtbot: QtBot) -> None:
    window, _ = resting
    again = View()
    window.clock.add(again, 60.0)
    window.clock.redraw_all()
    qtbot.waitUntil(lambda: again.shown == [window.clock.latest])


def test_a_stopped_clock_neither_idles_nor_wakes(resting: tuple[Window, Plot], qtbot: QtBot) -> None:
    window, _ = resting
    window.clock.stop()
    window.post()
    qtbot.wait(100)
    assert not window.clock.is_resting
    assert len(window.arrived) == 1
