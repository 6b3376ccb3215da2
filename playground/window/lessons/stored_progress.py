"""Use the stored progress to decide how a lesson opens, and remove or restore answers when it starts over."""

from __future__ import annotations

import zlib
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace
from PySide6.QtCore import QObject

if TYPE_CHECKING:
    from core.lessons.blocks import Lesson
    from core.lessons.progress.record import LessonProgress
    from playground.lessons.cards.notice import Notice
    from playground.lessons.progress_store import ProgressStore
    from playground.session import Session


class Opening(Struct, frozen=True):
    """How a lesson opens.

    Attributes:
        name: the name under which its progress and experiment are kept.
        start_over: whether it starts with its own experiment instead of the one that was left.
        notice: shown above the first step that is shown.
    """

    name: str
    start_over: bool
    notice: Notice | None


class StoredProgress(QObject):
    """The progress in all lessons; modules are imported on first use.

    Args:
        file: the file with the progress.
        session: shows messages if the file cannot be read or written.
    """

    def __init__(self, file: Path, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._file, self._session = file, session
        self._store: ProgressStore | None = None
        self._removed: tuple[str, LessonProgress] | None = None

    @property
    def store(self) -> ProgressStore:
        """The store of the progress; built on first use."""
        if self._store is None:
            from playground.lessons.progress_store import ProgressStore

            self._store = ProgressStore(self._file, self)
            self._store.failed.connect(lambda sentence: self._session.message.emit(sentence, "warning"))
        return self._store

    def save(self) -> None:
        """Write what has changed."""
        if self._store is not None:
            self._store.save()

    def opening(self, path: Path, lesson: Lesson, *, start_over: bool | None) -> Opening:
        """Return how ``lesson``, read from ``path``, opens.

        Args:
            path: its file.
            lesson: the lesson.
            start_over: whether it starts with its own experiment; ``None`` means only if it was finished before.
        """
        from core.lessons.progress.outcome import starts_over
        from playground.lessons.cards.notice import STARTED_OVER, notice_of

        name = stored_name(path, lesson)
        progress = self.store.of(name)
        if self._removed is not None and self._removed[0] == name and start_over:
            return Opening(name, True, STARTED_OVER)
        self._removed = None
        if start_over is None and starts_over(lesson, progress):
            self.store.put(name, replace(progress, step=1))
            start_over = True
        return Opening(name, bool(start_over), notice_of(lesson, progress))

    def remove_answers(self, path: Path, lesson: Lesson) -> LessonProgress:
        """Remove the answers and ticks of ``lesson``; return the rest: the best result of a challenge."""
        from core.lessons.progress.record import LessonProgress

        name = stored_name(path, lesson)
        progress = self.store.of(name)
        self._removed = (name, progress)
        left = LessonProgress(best=progress.best)
        self.store.put(name, left)
        return left

    def restore_answers(self) -> LessonProgress | None:
        """Restore what :meth:`remove_answers` removed last, if anything, and return it with the first step as the current one."""
        if self._removed is None:
            return None
        name, progress = self._removed
        self._removed = None
        back = replace(progress, step=1, best=self.store.of(name).best)
        self.store.put(name, back)
        return back


def stored_name(path: Path, lesson: Lesson) -> str:
    """Return the name under which a lesson's progress and experiment are kept: its key, unless it is the user's own."""
    from core.lessons.catalogue import lesson_files

    if lesson_files().get(lesson.key) == path:
        return lesson.key
    return f"{lesson.key[:60]}-{zlib.crc32(str(path.resolve()).encode()):08x}"
