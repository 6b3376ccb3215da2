"""Find the marks of the newest snapshot on a background thread."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final, cast

from PySide6.QtCore import QObject, Signal

from core.analysis.neuron_marks import NeuronMarks, neuron_marks
from playground.worker.background import Advance, Background

if TYPE_CHECKING:
    from core.training.snapshot import Snapshot

REST: Final = 4.0
"""Pause between searches during training, relative to the duration of the last search."""

MIN_REST: Final = 0.2
"""Minimum interval in seconds, because marks that change faster are illegible."""


class MarkFinder(QObject):
    """Searches one snapshot after another; the newest one wins.

    Signals:
        found: (snapshot, its marks).
        failed: the exception that a search raised.
    """

    found = Signal(object, object)
    failed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs = Background("marks", self)
        self._jobs.succeeded.connect(self._take)
        self._jobs.failed.connect(self.failed)
        self._submitted: Snapshot | None = None
        self._resting_until = 0.0

    def search(self, snapshot: Snapshot) -> None:
        """Search ``snapshot``, unless it was searched already or, during training, the pause has not elapsed."""
        before = self._submitted
        if snapshot is before:
            return
        edited = before is None or snapshot.generation != before.generation
        if snapshot.playing and not edited and (self._jobs.is_busy or time.perf_counter() < self._resting_until):
            return
        self._submitted = snapshot

        def job(_advance: Advance) -> object:
            started = time.perf_counter()
            marks = neuron_marks(snapshot.network, snapshot.trace)
            return snapshot, marks, time.perf_counter() - started

        self._jobs.submit(job)

    def stop(self) -> None:
        """Cancel the current search."""
        self._jobs.cancel()
        self._submitted = None

    def _take(self, result: object) -> None:
        snapshot, marks, seconds = cast("tuple[Snapshot, NeuronMarks, float]", result)
        self._resting_until = time.perf_counter() + max(REST * seconds, MIN_REST)
        self.found.emit(snapshot, marks)
