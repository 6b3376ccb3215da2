"""Share what the doctor finds, so that its card and the button in the toolbar show the same."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:
    from core.analysis.diagnosis import Finding, Steady
    from core.training.snapshot import Snapshot


class SharedFindings(QObject):
    """Keeps the findings of the last examination, by whichever view, that persist.

    It examines nothing itself.

    Signals:
        changed: there was an examination, or the findings were cleared.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._steady: Steady | None = None
        self._examined: Snapshot | None = None
        self._taken = 0.0
        self._findings: tuple[Finding, ...] = ()

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The findings to show, worst first."""
        return self._findings

    @property
    def awaits_trial(self) -> bool:
        """Whether trials are still to come for what was found."""
        return any(finding.awaits_trial for finding in self._findings)

    def is_known(self, generation: int) -> bool:
        """Return whether the findings belong to the experiment of ``generation``."""
        return self._examined is not None and self._examined.generation == generation

    def is_current(self, snapshot: Snapshot, seconds: float) -> bool:
        """Return whether an examination of ``snapshot``, or of one up to ``seconds`` ago in the same training, is known."""
        if snapshot is self._examined:
            return True
        is_recent = time.perf_counter() - self._taken < seconds
        return snapshot.playing and is_recent and self.is_known(snapshot.generation)

    def take(self, snapshot: Snapshot, found: Sequence[Finding]) -> tuple[Finding, ...]:
        """Take what was ``found`` in ``snapshot``, and return what to show of it.

        During training, findings come and go only if that persists. Those of an earlier experiment are not kept.
        """
        from core.analysis.diagnosis import Steady  # imported late: not needed for the first frame

        if self._examined is not None and snapshot.generation < self._examined.generation:
            return tuple(found)
        self._steady = self._steady or Steady()
        at_once = not snapshot.playing or not self.is_known(snapshot.generation)
        self._examined, self._taken = snapshot, time.perf_counter()
        self._findings = self._steady.take(found, at_once=at_once)
        self.changed.emit()
        return self._findings

    def clear(self) -> None:
        """Forget the findings, because there are no data to find anything in."""
        self._steady = self._examined = None
        if self._findings:
            self._findings = ()
            self.changed.emit()
