"""Measure what pinned runs cost: redraws a second with none, one and six pins, in alternation."""

from __future__ import annotations

import statistics
import time

from answering import spin

TURNS = 5
SECONDS = 3.0
VIEWS = ("loss", "gradient", "output", "weights")


def report_ghosts(application, window) -> None:  # type: ignore[no-untyped-def]
    """Print redraws and processor time with one and with six pins, relative to those without."""
    from core.training.pins.pinned_run import MAX_PINS

    session = window.session
    for number in range(MAX_PINS):
        session.edit_training("Learning rate", learning_rate=0.03 + 0.01 * number)
        session.reset()
        session.play()
        spin(application, 1.0)
        session.pin()
        spin(application, 0.3)
    session.play()
    keys = [pin.key for pin in session.pins.all]
    counts = (0, 1, len(keys))
    rates: dict[int, list[float]] = {count: [] for count in counts}
    work: dict[int, list[float]] = {count: [] for count in counts}
    for _turn in range(TURNS):
        for count in counts:
            for index, key in enumerate(keys):
                session.pins.set_hidden(key, hidden=index >= count)
            spin(application, 0.6)  # data of pins are computed and cached
            redraws, worked = _redraws(application, window)
            rates[count].append(redraws)
            work[count].append(worked / redraws)
    for count in counts[1:]:
        rate, cost = (
            statistics.median(with_pins / without for with_pins, without in zip(of[count], of[0], strict=True)) - 1.0
            for of in (rates, work)
        )
        print(
            f"    {count} pinned run{'s' if count > 1 else ''}: {rate:+.0%} redraws a second of {statistics.median(rates[0]):.0f}"
            f" without (to reach: \u221210 %), {cost:+.0%} processor time a redraw ({TURNS} turns)"
        )
    session.pins.clear()


def _redraws(application, window) -> tuple[float, float]:  # type: ignore[no-untyped-def]
    """Return how often ``VIEWS`` showed a newer snapshot and painted it, per second, and the work of the GUI thread."""
    from PySide6.QtCore import QEvent, QObject
    from PySide6.QtWidgets import QGraphicsView

    class Counter(QObject):
        """Counts paint events after a newer snapshot was shown."""

        def __init__(self, view) -> None:  # type: ignore[no-untyped-def]
            super().__init__()
            self.view, self.show, self.is_new, self.count = view, view.show_snapshot, False, 0
            view.show_snapshot = self.show_snapshot
            self.target = max(view.findChildren(QGraphicsView), key=lambda v: v.width() * v.height()).viewport()
            self.target.installEventFilter(self)

        def show_snapshot(self, snapshot) -> None:  # type: ignore[no-untyped-def]
            self.show(snapshot)
            self.is_new = True

        def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
            if event.type() == QEvent.Type.Paint and self.is_new:
                self.is_new, self.count = False, self.count + 1
            return False

        def end(self) -> None:
            self.view.show_snapshot = self.show
            self.target.removeEventFilter(self)

    counters = [Counter(window.cards[key]) for key in VIEWS if window.cards[key].isVisible()]
    started, worked = time.perf_counter(), time.thread_time()
    spin(application, SECONDS)
    elapsed, worked = time.perf_counter() - started, time.thread_time() - worked
    for counter in counters:
        counter.end()
    return sum(counter.count for counter in counters) / elapsed, worked / elapsed
