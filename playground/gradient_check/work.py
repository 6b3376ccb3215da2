"""One piece of work beside the window, with progress, that can be stopped."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from PySide6.QtCore import QObject, QThread, Signal
from typing_extensions import override

Job: TypeAlias = Callable[[Callable[[int, int], bool]], object]
"""Called with a function that takes (done, all) and says whether to go on; returns the result, ``None`` if stopped."""


class Work(QThread):
    """Runs ``job`` once.

    Signals:
        progressed: (done, all).
        succeeded: what the job returned.
        failed: one sentence.
    """

    progressed = Signal(int, int)
    succeeded = Signal(object)
    failed = Signal(str)

    def __init__(self, job: Job, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._job = job

    @override
    def run(self) -> None:
        """Do the work."""
        try:
            result = self._job(self._advance)
        except Exception as error:  # noqa: BLE001 - whatever it is, the user must see it
            self.failed.emit(f"The check failed ({type(error).__name__}: {error}).")
            return
        if result is not None and not self.isInterruptionRequested():
            self.succeeded.emit(result)

    def stop(self) -> None:
        """Ask the job to end, hear nothing more of it, and wait for it."""
        self.blockSignals(True)
        self.requestInterruption()
        self.wait()
        self.deleteLater()

    def _advance(self, done: int, every: int) -> bool:
        self.progressed.emit(done, every)
        return not self.isInterruptionRequested()
