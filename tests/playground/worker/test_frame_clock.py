"""The frame clock: newest snapshot, visible views, a time budget per frame, and the gate."""

from __future__ import annotations

import time

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot
from typing_extensions import override

from core.training.snapshot import Snapshot
from playground.window.card_entry import LIVELY
from playground.worker.frame_clock import BUDGET_SECONDS, EDIT_SECONDS, SCARCE_SECONDS, FrameClock
from playground.worker.mailbox import BURST_SECONDS, TIGHT_BURST_SECONDS
from tests.playground.worker.clock_window import View, Window


class BusyView(View):
    """A view that computes for a whole frame after an edit."""

    @override
    def show_snapshot(self, snapshot: Snapshot) -> None:
        super().show_snapshot(snapshot)
        started = time.thread_time()
        while time.thread_time() - started <= EDIT_SECONDS:
            pass


def test_a_snapshot_is_shown_once_by_every_visible_view(window: Window, qtbot: QtBot) -> None:
    seen, hidden = View(), View()
    hidden.visible = False
    window.clock.add(seen, 60.0)
    window.clock.add(hidden, 60.0)
    snapshot = window.post()
    for _ in range(3):
        window.clock.tick()
        qtbot.wait(20)
    assert seen.shown == [snapshot]
    assert hidden.shown == []
    assert window.arrived == [snapshot]
    assert window.clock.latest is snapshot


def test_a_view_that_becomes_visible_gets_the_latest(window: Window, qtbot: QtBot) -> None:
    view = View()
    view.visible = False
    window.clock.add(view, 60.0)
    snapshot = window.post()
    window.clock.tick()
    view.visible = True
    window.clock.tick()
    assert view.shown == [snapshot]


def test_snapshots_of_an_older_experiment_are_dropped(window: Window) -> None:
    view = View()
    window.clock.add(view, 60.0)
    window.generation = 4
    window.post(generation=3)
    window.clock.tick()
    assert (view.shown, window.arrived, window.clock.latest) == ([], [], None)
    newest = window.post(generation=4)
    window.clock.tick()
    assert view.shown == [newest]


def test_the_running_clock_draws_what_arrives(window: Window, qtbot: QtBot) -> None:
    view = View()
    window.clock.add(view, 60.0)
    window.clock.start()
    snapshot = window.post()
    qtbot.waitUntil(lambda: view.shown == [snapshot], timeout=5000)
    window.clock.stop()


def test_the_effect_of_an_edit_does_not_wait_for_the_timer(window: Window) -> None:
    view = View()
    window.clock.add(view, 60.0)
    window.clock.start()
    window.post()
    QCoreApplication.sendPostedEvents(window.clock)  # no timer fires in it
    assert view.shown == []
    snapshot = window.post(generation=1, urgent=True)
    QCoreApplication.sendPostedEvents(window.clock)
    assert view.shown == [snapshot]


def test_a_second_edit_waits_until_the_frame_of_the_first_is_painted(window: Window, qtbot: QtBot) -> None:
    view = View()
    window.clock.add(view, 60.0)
    window.clock.start()
    first = window.post(generation=1, urgent=True)
    window.clock.tick()
    second = window.post(generation=2, urgent=True)
    assert view.shown == [first]
    QCoreApplication.sendPostedEvents(window.clock)
    qtbot.waitUntil(lambda: view.shown == [first, second], timeout=5000)


def test_slow_views_share_no_frame_after_an_edit_of_a_large_network(window: Window, qtbot: QtBot) -> None:
    views = [BusyView() for _ in range(4)]
    for view in views:
        window.clock.add(view, 60.0)
    first = window.post()
    window.clock.start()
    window.clock.end_frame()
    qtbot.waitUntil(lambda: window.clock.is_resting, timeout=20_000)
    assert all(view.shown == [first] for view in views), "the first frame of the window shows everything"
    edited = window.post(generation=1, urgent=True)
    QCoreApplication.sendPostedEvents(window.clock)
    counts = [view.shown.count(edited) for view in views]
    assert sum(counts) == 1
    qtbot.waitUntil(lambda: all(view.shown[-1] is edited for view in views), timeout=5000)


def test_all_views_take_turns_when_a_frame_cannot_hold_them(window: Window, qtbot: QtBot) -> None:
    views = [View(seconds=0.006) for _ in range(5)]
    for view in views:
        window.clock.add(view, 60.0)
    window.clock.start()
    for _ in range(40):
        window.post()
        qtbot.wait(10)
    window.clock.stop()
    counts = [len(view.shown) for view in views]
    assert min(counts) >= 1
    assert max(counts) <= 3 * min(counts) + 3


def test_while_processors_are_scarce_the_worker_waits_and_calm_views_are_drawn_half_as_often(
    window: Window, qtbot: QtBot
) -> None:
    waiting, calm = View(seconds=0.03), View()
    window.clock.add(waiting, 60.0)
    window.clock.add(calm, 4.0)
    for rate in (20.0, LIVELY):  # a plot of the slowest kind that must reach 20 redraws a second keeps its period
        window.clock.add(View(), rate)
    assert not window.gate.is_tight
    assert window.gate.burst_seconds == BURST_SECONDS
    for _ in range(2):  # frames last 30 ms, of which the processor computes next to nothing
        window.post()
        window.clock.tick()
        qtbot.waitUntil(lambda: window.gate.is_open, timeout=5000)
    assert window.gate.is_tight
    assert window.gate.burst_seconds == TIGHT_BURST_SECONDS
    periods = [window.clock._period(slot) for slot in window.clock._slots]
    assert periods == [1 / 60, 2 / 4, SCARCE_SECONDS, 1 / LIVELY]
    window.clock._notice_scarcity(-1.0)  # as after many frames that take no longer than they compute
    assert not window.gate.is_tight
    assert window.clock._period(window.clock._slots[1]) == 1 / 4


class Painted(QWidget):
    """A view that notes when it is given a snapshot and when it is painted."""

    def __init__(self, name: str, noted: list[str], parent: QWidget) -> None:
        super().__init__(parent)
        self._name, self._noted = name, noted

    def show_snapshot(self, _snapshot: Snapshot) -> None:
        self._noted.append(f"{self._name} drawn")
        time.sleep(BUDGET_SECONDS)  # so that no frame has time for two
        self.update()

    @override
    def paintEvent(self, _event: QPaintEvent) -> None:
        if f"{self._name} drawn" in self._noted:
            self._noted.append(f"{self._name} painted")


class Page(QWidget):
    """The background of the views, which ends a frame when it is painted, like the window."""

    def __init__(self, clock: FrameClock) -> None:
        super().__init__()
        self._clock = clock

    @override
    def paintEvent(self, _event: QPaintEvent) -> None:
        self._clock.end_frame()


def test_each_frame_is_painted_before_the_next_is_drawn(window: Window, qtbot: QtBot) -> None:
    page = Page(window.clock)
    qtbot.addWidget(page)
    page.resize(300, 100)
    noted: list[str] = []
    views = [Painted(name, noted, page) for name in "abc"]
    for index, view in enumerate(views):
        view.setGeometry(100 * index, 0, 100, 100)
        window.clock.add(view, 60.0)
        window.clock._slots[-1].cost = BUDGET_SECONDS
    with qtbot.waitExposed(page):
        page.show()
    window.post()
    window.clock.start()  # the first snapshot is drawn in every view at once
    qtbot.waitUntil(lambda: "c painted" in noted, timeout=5000)
    qtbot.waitUntil(lambda: window.gate.is_open, timeout=5000)
    noted.clear()
    page.update()
    window.post()
    window.clock.tick()
    window.clock.tick()  # before the first frame is painted
    assert noted == ["a drawn"]
    qtbot.waitUntil(lambda: "c painted" in noted, timeout=5000)
    # The background may be painted more than once, and the views with it.
    assert list(dict.fromkeys(noted)) == ["a drawn", "a painted", "b drawn", "b painted", "c drawn", "c painted"]


def test_redraw_all_shows_the_same_snapshot_again(window: Window, qtbot: QtBot) -> None:
    view = View()
    window.clock.add(view, 1.0)
    snapshot = window.post()
    window.clock.tick()
    qtbot.wait(5)
    window.clock.redraw_all()
    window.clock.tick()
    assert view.shown == [snapshot, snapshot]


def test_the_gate_is_closed_while_a_frame_is_drawn_and_opens_after_painting(window: Window, qtbot: QtBot) -> None:
    closed: list[bool] = []

    class Looking(View):
        def show_snapshot(self, snapshot: Snapshot) -> None:
            closed.append(not window.gate._open.is_set())
            super().show_snapshot(snapshot)

    window.clock.add(Looking(), 60.0)
    window.post()
    window.clock.tick()
    assert closed == [True]
    assert not window.gate._open.is_set()
    qtbot.waitUntil(window.gate._open.is_set, timeout=5000)


def test_the_first_frame_is_ready_before_the_window_is_painted(window: Window, qtbot: QtBot) -> None:
    view = View()
    window.clock.add(view, 60.0)
    snapshot = window.post()
    window.clock.start()
    assert view.shown == [snapshot]
    assert not window.gate._open.is_set()
    with qtbot.waitSignal(window.clock.first_painted, timeout=5000):
        window.clock.end_frame()
    assert window.gate._open.is_set()


def test_the_second_frame_waits_for_the_first_paint_of_the_window(window: Window, qtbot: QtBot) -> None:
    view = View()
    window.clock.add(view, 60.0)
    first = window.post()
    window.clock.start()
    second = window.post()
    window.clock.tick()
    assert view.shown == [first]
    window.clock.end_frame()
    qtbot.waitUntil(lambda: view.shown == [first, second], timeout=5000)


def test_a_window_that_is_never_painted_does_not_stop_the_clock(window: Window, qtbot: QtBot) -> None:
    view = View()
    window.clock.add(view, 60.0)
    first = window.post()
    window.clock.start()
    second = window.post()
    qtbot.waitUntil(lambda: view.shown == [first, second], timeout=5000)
    qtbot.waitUntil(lambda: window.gate.is_open, timeout=5000)


def test_the_first_frame_is_announced_once(window: Window, qtbot: QtBot) -> None:
    frames: list[None] = []
    window.clock.first_painted.connect(lambda: frames.append(None))
    window.clock.add(View(), 60.0)
    window.clock.end_frame()
    qtbot.wait(20)
    assert frames == []
    for _ in range(3):
        window.post()
        window.clock.redraw_all()
        window.clock.tick()
        qtbot.wait(20)
    assert frames == [None]


def test_stopping_leaves_the_gate_open(window: Window) -> None:
    window.clock.add(View(), 60.0)
    window.post()
    window.clock.tick()
    window.clock.stop()
    assert window.gate._open.is_set()
