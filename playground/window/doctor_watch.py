"""Examine the network during training, and report the number of problems to the toolbar."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final, cast

from PySide6.QtCore import QObject, QTimer, Signal

from playground.worker.background import Advance, Background

if TYPE_CHECKING:
    from core.training.snapshot import Snapshot
    from playground.plots.doctor.data import DoctorData
    from playground.session.shared.shared_findings import SharedFindings
    from playground.worker.frame_clock import FrameClock

PERIOD_MS: Final = 1000
"""Minimum interval between two examinations."""

CURRENT_MS: Final = 3000
"""During training, findings of the card that are no older than this are reused."""

MAX_WAITS: Final = 600
"""Number of times to look whether the compiled engine is loaded; where it cannot be compiled, it never is."""

PAUSE_FACTOR: Final = 10.0
"""Pause between examinations as a multiple of the last one's duration, so that they hardly slow down training."""


class DoctorWatch(QObject):
    """Examines the newest snapshot on a thread, about once a second while snapshots arrive and the card does not examine them.

    Nothing is imported or computed before :meth:`begin`; when training is paused, the last snapshot is examined, again if
    trials had to wait for the compiled engine, and the timer stops.

    Args:
        clock: passes on the snapshots.
        findings: takes what was found, also by the card.
        parent: the owner.

    Signals:
        changed: titles of the problems found, worst first.
    """

    changed = Signal(object)

    def __init__(self, clock: FrameClock, findings: SharedFindings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        clock.arrived.connect(self.show_snapshot)
        clock.first_painted.connect(self.begin)
        self._has_begun = False
        self._findings = findings
        findings.changed.connect(self._show)
        self._waiting: Snapshot | None = None
        self._last: Snapshot | None = None
        self._waits = 0
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
        self._waiting = self._last = snapshot
        if self._has_begun and not self._timer.isActive():
            self._timer.start()

    def stop(self) -> None:
        """Stop examining, because the window closes."""
        self._timer.stop()
        self._jobs.stop()

    def _examine(self) -> None:
        snapshot = self._waiting
        if snapshot is None:
            self._examine_again()
            return
        if self._jobs.is_busy or time.perf_counter() < self._due:
            return
        if self._findings.is_current(snapshot, CURRENT_MS / 1000.0):
            self._waiting = snapshot if snapshot.playing else None
            return
        self._waiting = None
        if snapshot.data.missing:  # the problems were those of earlier data
            self._findings.clear()
            return
        self._submit(snapshot)

    def _examine_again(self) -> None:
        """Examine the last snapshot again once the trials that it needs are possible; stop if nothing waits for them."""
        from core.engine.compiled.kernel import is_loaded  # imported late: not needed for the first frame

        if self._jobs.is_busy:
            return
        snapshot, self._waits = self._last, self._waits + 1
        if snapshot is None or not self._findings.awaits_trial or self._waits > MAX_WAITS:
            self._timer.stop()
        elif is_loaded():
            self._submit(snapshot)

    def _submit(self, snapshot: Snapshot) -> None:
        def job(advance: Advance) -> object:
            from playground.plots.doctor.data import doctor_data  # imported late: not needed for the first frame

            started = time.perf_counter()
            data = doctor_data(snapshot, advance)
            return None if data is None else (snapshot, data, time.perf_counter() - started)

        self._jobs.submit(job)

    def _take(self, result: object) -> None:
        snapshot, data, seconds = cast("tuple[Snapshot, DoctorData, float]", result)
        self._due = time.perf_counter() + PAUSE_FACTOR * seconds
        self._findings.take(snapshot, data.findings)

    def _show(self) -> None:
        titles = tuple(finding.title for finding in self._findings.findings if finding.is_problem)
        if titles != self._titles:
            self._titles = titles
            self.changed.emit(titles)
