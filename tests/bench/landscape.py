"""Measure progressive refinement: the time from an edit to the coarse picture of the loss surface in the window."""

from __future__ import annotations

import random
import statistics
import time

from answering import spin

EDITS = 24
GIVE_UP_MS = 3000


def report_coarse(application, window) -> None:  # type: ignore[no-untyped-def]
    """Print the time from a change of plane or weights to the painted coarse surface, paused and training."""
    window.workspace.show_arrangement("landscape")
    session, card = window.session, window.cards["landscape"]
    for playing in (False, True):
        session.play() if playing else session.pause()
        spin(application, 1.5)
        for name, edit in (("plane", _choose_plane), ("weight", _move_weight)):
            clock, processor = [], []
            for number in range(EDITS):
                seconds, worked = _time_to_picture(card, lambda edit=edit, n=number: edit(session, card, n))
                clock.append(seconds)
                processor.append(worked)
                spin(application, 0.4 + 0.03 * random.Random(number).random())
            clock.sort()
            # While it trains, the processor time is mostly that of training.
            work = "" if playing else f", {statistics.median(processor) * 1e3:.0f} ms of processor time"
            print(
                f"    {name} changed to coarse loss surface, {'training' if playing else 'paused'}:"
                f" {clock[len(clock) // 2] * 1e3:.0f} ms (median), {clock[-1] * 1e3:.0f} ms (worst){work} (to reach: 100 ms)"
            )
    window.workspace.show_arrangement("playground")  # the next window opens in the workspace of the last one


def _choose_plane(_session, card, number: int) -> None:  # type: ignore[no-untyped-def]
    card.choose_plane("path" if number % 2 else "random")


def _move_weight(session, _card, number: int) -> None:  # type: ignore[no-untyped-def]
    index = number % len(session.snapshot.network.parameters)
    session.edit_parameter(index, float(session.snapshot.network.parameters[index]) + 0.3, "Weight")


def _time_to_picture(card, edit) -> tuple[float, float]:  # type: ignore[no-untyped-def]
    """Return the time by the clock and of all processors from ``edit`` until a newer surface of ``card`` is painted."""
    from PySide6.QtCore import QEvent, QEventLoop, QObject, QTimer

    before, loop = card.shown(), QEventLoop()

    class Painted(QObject):
        def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
            if event.type() == QEvent.Type.Paint and card.shown() is not before:
                QTimer.singleShot(0, loop.quit)
            return False

    painted, viewport = Painted(), card.canvas.viewport()
    viewport.installEventFilter(painted)
    QTimer.singleShot(GIVE_UP_MS, loop.quit)
    started, worked = time.perf_counter(), time.process_time()
    edit()
    loop.exec()
    viewport.removeEventFilter(painted)
    return time.perf_counter() - started, time.process_time() - worked
