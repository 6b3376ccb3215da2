"""Examine the network during training, and report the number of problems to the toolbar."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final, cast

from PySide6.QtCore import QObject, QTimer, Signal

from playground.worker.background import Advance, Background

if TYPE_CHECKING:
    from core.analysis.diagnosis import Finding, Steady
    from core.training.snapshot import Snapshot
    from playground.plots.doctor.data import DoctorData
    from playground.worker.frame_clock import FrameClock

PERIOD_MS: Final = 1000
"""Minimum interval between two examinations."""

PAUSE_FACTOR: Final = 10.0
"""Pause between examinations as a multiple of the last one's duration, so that they hardly slow down training."""


class DoctorWatch(QObject):
    """Examines the newest snapshot on a thread, about once a second while snapshots arrive.

    Nothing is imported or computed before :meth:`begin`; when training is paused, the last snapshot is examined and the
    timer stops.

    Args:
        clock: passes on the snapshots.
        parent: the owner.

    Signals:
        changed: titles of the problems found, worst first.
    """

    changed = Signal(object)

    def __init__(self, clock: FrameClock, parent: QObject | None = None) -> None:
        super().__init__(parent)
        clock.arrived.connect(self.show_snapshot)
        clock.first_painted.connect(self.begin)
        self._has_begun = False
        self._steady: Steady | None = None
        self._waiting: Snapshot | None = None
        self._generation = -1
        self._due = 0.0
        self._titles: tuple[str, ...] = ()
        self._jobs = Background("doctor", self)
        self._jobs.succeeded.connect(self._take)
        self._timer = QTimer(self)
        self._timer.setInterval(PERIOD_MS)
        self._timer.timeout.connect(self._examine)

    def begin(self) -> None:
        """Start examining, after the first frame has been painted."""
        self._has_begun = True
        if self._waiting is not None:
            self._timer.start()

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Examine ``snapshot`` soon, unless a newer one arrives first."""
        self._waiting = snapshot
        if self._has_begun and not self._timer.isActive():
            self._timer.start()

    def stop(self) -> None:
        """Stop examining, because the window closes."""
        self._timer.stop()
        self._jobs.stop()

    def _examine(self) -> None:
        snapshot = self._waiting
        if snapshot is None:
            self._timer.stop()
            return
        if self._jobs.is_busy or time.perf_counter() < self._due:
            return
        self._waiting = None
        at_once = not snapshot.playing or snapshot.generation != self._generation
        self._generation = snapshot.generation
        if snapshot.data.missing:  # the problems were those of earlier data
            self._show(())
            return

        def job(advance: Advance) -> object:
            from playground.plots.doctor.data import doctor_data  # imported late: not needed for the first frame

            started = time.perf_counter()
            data = doctor_data(snapshot, advance, at_once=at_once)
            return None if data is None else (data, time.perf_counter() - started)

        self._jobs.submit(job)

    def _take(self, result: object) -> None:
        from core.analysis.diagnosis import Steady

        data, seconds = cast("tuple[DoctorData, float]", result)
        self._due = time.perf_counter() + PAUSE_FACTOR * seconds
        self._steady = self._steady or Steady()
        shown: tuple[Finding, ...] = self._steady.take(data.findings, at_once=data.at_once)
        self._show(tuple(finding.title for finding in shown if finding.is_problem))

    def _show(self, titles: tuple[str, ...]) -> None:
        if titles != self._titles:
            self._titles = titles
            self.changed.emit(titles)
