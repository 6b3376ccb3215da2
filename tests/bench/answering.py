"""Measure a running window: how long events wait, how often each card is redrawn, and what a frame costs."""

from __future__ import annotations

import threading
import time

SECONDS = 8.0


def spin(application, seconds):  # type: ignore[no-untyped-def]
    """Run the event loop like the application does."""
    from PySide6.QtCore import QEventLoop, QTimer

    loop = QEventLoop()
    QTimer.singleShot(int(seconds * 1000), loop.quit)
    loop.exec()


class FrameTimes:
    """The processor time of each frame, from the first view drawn to the end of painting.

    On a busy machine it says more than the clock on the wall.
    """

    def __init__(self, clock) -> None:  # type: ignore[no-untyped-def]
        self.times: list[float] = []
        self._gate = gate = clock._gate
        close, open_ = gate.close, gate.open
        began = [0.0]

        def begin() -> None:
            began[0] = time.thread_time()
            close()

        def end() -> None:
            open_()
            if began[0]:
                self.times.append(time.thread_time() - began[0])
                began[0] = 0.0

        gate.close, gate.open = begin, end

    def end(self) -> None:
        """Stop measuring."""
        del self._gate.close, self._gate.open


def report_running(application, window, cards=(), redraws=25) -> None:  # type: ignore[no-untyped-def]
    """Print latency, frames and the redraws of ``cards``, and the share of the time that the GUI thread works."""
    from PySide6.QtCore import QCoreApplication, QEvent, QObject
    from PySide6.QtWidgets import QAbstractScrollArea

    kind = QEvent.Type(QEvent.registerEventType())
    delays: list[float] = []
    paints: dict[str, int] = {}

    class Answerer(QObject):
        """Receives events posted by another thread, and records their latency."""

        sent: dict[int, float] = {}

        def event(self, event: QEvent) -> bool:
            if event.type() == kind:
                delays.append(time.perf_counter() - self.sent.pop(min(self.sent)))
                return True
            return super().event(event)

    class Counter(QObject):
        """Counts paint events of a view."""

        def __init__(self, name: str) -> None:
            super().__init__()
            self.name = name
            paints[name] = 0

        def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
            if event.type() == QEvent.Type.Paint:
                paints[self.name] += 1
            return False

    answerer = Answerer()
    counters = []
    for view in cards or [window.cards[key] for key in ("network", "loss", "gradient", "output")]:
        counter = Counter(view.objectName())
        canvas = getattr(view, "canvas", None)
        area = max(view.findChildren(QAbstractScrollArea), key=lambda v: v.width() * v.height(), default=view)
        shown = canvas if canvas is not None else area
        target = shown.viewport() if isinstance(shown, QAbstractScrollArea) else shown
        target.installEventFilter(counter)
        counters.append((target, counter))
    frames = FrameTimes(window.controller.clock)
    stop = threading.Event()

    def post() -> None:
        number = 0
        while not stop.wait(0.007):
            number += 1
            answerer.sent[number] = time.perf_counter()
            QCoreApplication.postEvent(answerer, QEvent(kind))

    poster = threading.Thread(target=post)
    started, worked = time.perf_counter(), time.thread_time()
    poster.start()
    spin(application, SECONDS)
    stop.set()
    poster.join()
    elapsed, worked = time.perf_counter() - started, time.thread_time() - worked
    frames.end()
    delays.sort()
    p99 = delays[int(0.99 * len(delays))]
    print(
        f"    an event is answered within {p99 * 1e3:.1f} ms (p99; to reach 25), {delays[-1] * 1e3:.1f} ms (worst; 60)"
    )
    rates = ", ".join(f"{name} {count / elapsed:.0f}" for name, count in paints.items())
    print(f"    redraws a second: {rates} (to reach {redraws})")
    times = sorted(frames.times)
    print(
        f"    {len(times) / elapsed:.0f} frames a second; processor time of a frame {times[len(times) // 2] * 1e3:.1f} ms"
        f" (median), {times[int(0.99 * len(times))] * 1e3:.1f} ms (p99), of all {worked / elapsed:.0%} of a processor"
    )
    for target, counter in counters:
        target.removeEventFilter(counter)
