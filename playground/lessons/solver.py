"""“Do it for me”: apply the solution of a goal and train for exactly as long as it says, in view of the learner."""

from __future__ import annotations

import math
import time
from typing import Final

from PySide6.QtCore import QObject, Signal

from core.errors import PlaygroundError
from core.lessons.blocks import Solution
from core.lessons.changes import apply_change
from core.training.snapshot import Snapshot
from playground.session import Session

CHUNKS: Final = 40
"""Number of chunks in which the steps are requested, so that progress is visible and training can be cancelled."""

MAX_CHUNK: Final = 4_000
MAX_SECONDS: Final = 0.6
"""Chunks are halved if one takes longer than this, but not below :data:`MIN_CHUNK`: drawing would dominate."""

MIN_CHUNK: Final = 20


class Solver(QObject):
    """Applies a solution as one undoable edit, then trains.

    It stops if the user edits or plays in the meantime, or if training diverges.

    Signals:
        progressed: the completed fraction of the steps.
        ended: training has finished or was stopped.
    """

    progressed = Signal(float)
    ended = Signal()

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._solution: Solution | None = None
        self._generation = 0
        self._first: int | None = None
        self._total = self._requested_step = 0
        self._chunk, self._requested_at = MIN_CHUNK, 0.0

    @property
    def is_running(self) -> bool:
        """Whether it is training."""
        return self._solution is not None

    def start(self, solution: Solution) -> None:
        """Apply ``solution`` and train; if the change does not fit the settings, show a message instead."""
        self.stop()
        session = self._session
        try:
            experiment = apply_change(session.experiment, solution)
        except PlaygroundError as error:
            session.message.emit(str(error), "error")
            return
        session.pause()
        if not session.edit(experiment, "Do it for me", rewinds=solution.restart):
            return
        self._solution, self._generation, self._first = solution, session.generation, None
        self._chunk, self._requested_at = MIN_CHUNK, 0.0

    def stop(self) -> None:
        """Stop training."""
        if self._solution is not None:
            self._solution = None
            self.ended.emit()

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Request more steps when those requested so far are taken."""
        solution = self._solution
        if solution is None or snapshot.generation < self._generation:
            return
        session = self._session
        if session.generation != self._generation or session.playing or snapshot.divergence is not None:
            self.stop()
            return
        if self._first is None:
            if solution.restart and snapshot.step > 0:
                return  # not rewound yet
            self._first = self._requested_step = snapshot.step
            self._total = solution.steps or solution.epochs * steps_per_epoch(snapshot)
            self._chunk = min(max(self._total // CHUNKS, MIN_CHUNK), MAX_CHUNK)
        taken = snapshot.step - self._first
        if snapshot.step < self._requested_step:
            return
        if taken >= self._total:
            self.progressed.emit(1.0)
            self.stop()
            return
        self.progressed.emit(taken / self._total)
        self._request(self._total - taken)

    def _request(self, left: int) -> None:
        now = time.perf_counter()
        if self._requested_at and now - self._requested_at > MAX_SECONDS:
            self._chunk = max(MIN_CHUNK, self._chunk // 2)
        self._requested_at = now
        count = min(self._chunk, left)
        self._requested_step += count
        self._session.step("batch", count)


def steps_per_epoch(snapshot: Snapshot) -> int:
    """Return the number of updates in an epoch, ⌈N / batch size⌉."""
    samples = len(snapshot.data.x_train)
    batch = snapshot.experiment.training.batch_size or samples
    return max(1, math.ceil(samples / max(batch, 1)))
