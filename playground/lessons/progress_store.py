"""Store the progress in all lessons in one file, which several windows may write."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal

from core.errors import PlaygroundError
from core.lessons.progress.record import LessonProgress, load, save

SAVE_MS: Final = 300


class ProgressStore(QObject):
    """Loads the progress on first use, and saves changes after a short delay.

    Signals:
        failed: the progress cannot be read or written; the signal carries a sentence.
    """

    failed = Signal(str)

    def __init__(self, path: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._path = path
        self._known: dict[str, LessonProgress] | None = None
        self._changed: dict[str, LessonProgress] = {}
        self._reported = ""
        self._save_timer = QTimer(self)
        self._save_timer.setSingleShot(True)
        self._save_timer.setInterval(SAVE_MS)
        self._save_timer.timeout.connect(self.save)

    def of(self, key: str) -> LessonProgress:
        """Return the progress in the lesson ``key``."""
        if self._known is None:
            progress, problem = load(self._path)
            self._known = dict(progress.lessons)
            self._report(problem)
        return self._changed.get(key) or self._known.get(key) or LessonProgress()

    def put(self, key: str, progress: LessonProgress) -> None:
        """Set the progress in the lesson ``key``, to be saved soon."""
        if progress != self.of(key):
            self._changed[key] = progress
            self._save_timer.start()

    def save(self) -> None:
        """Save the changed lessons; what another window wrote about other lessons is kept."""
        self._save_timer.stop()
        if not self._changed:
            return
        stored, _ = load(self._path)
        for key, progress in self._changed.items():
            stored = stored.with_lesson(key, progress)
        try:
            save(stored, self._path)
        except PlaygroundError as error:
            self._report(f"Your progress in the lessons cannot be saved: {error}")
            return
        self._known, self._changed = dict(stored.lessons), {}

    def _report(self, problem: str) -> None:
        if problem and problem != self._reported:
            self._reported = problem
            self.failed.emit(problem)
