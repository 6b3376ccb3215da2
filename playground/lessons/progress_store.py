"""Keeps the progress in all lessons in one file; several windows may write to it."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal

from core.errors import PlaygroundError
from core.lessons.progress.record import LessonProgress, load, save

SAVE_MS: Final = 300


class ProgressStore(QObject):
    """Reads the progress on first use, and writes changes after a short delay.

    Signals:
        failed: a sentence; the progress cannot be read or written.
    """

    failed = Signal(str)

    def __init__(self, path: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._path = path
        self._known: dict[str, LessonProgress] | None = None
        self._changed: dict[str, LessonProgress] = {}
        self._told = ""
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(SAVE_MS)
        self._later.timeout.connect(self.save)

    def of(self, key: str) -> LessonProgress:
        """Return the progress in the lesson ``key``."""
        if self._known is None:
            progress, problem = load(self._path)
            self._known = dict(progress.lessons)
            self._tell(problem)
        return self._changed.get(key) or self._known.get(key) or LessonProgress()

    def put(self, key: str, progress: LessonProgress) -> None:
        """Keep ``progress`` in the lesson ``key``."""
        if progress != self.of(key):
            self._changed[key] = progress
            self._later.start()

    def save(self) -> None:
        """Write what changed; what another window wrote about other lessons stays."""
        self._later.stop()
        if not self._changed:
            return
        stored, _ = load(self._path)
        for key, progress in self._changed.items():
            stored = stored.with_lesson(key, progress)
        try:
            save(stored, self._path)
        except PlaygroundError as error:
            self._tell(f"Your progress in the lessons cannot be saved: {error}")
            return
        self._known, self._changed = dict(stored.lessons), {}

    def _tell(self, problem: str) -> None:
        if problem and problem != self._told:
            self._told = problem
            self.failed.emit(problem)
