"""Read lessons and load the modules of the panel in the background, so that the window does not freeze."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from core.errors import PlaygroundError
from playground.worker.background import Advance, Background

if TYPE_CHECKING:
    from core.lessons.blocks import Lesson


class LessonReader(QObject):
    """Reads one lesson at a time; a newer request replaces a waiting one."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs = Background("lesson reader", self)
        self._jobs.succeeded.connect(lambda action: action())
        self._jobs.failed.connect(_raise)

    def read(self, path: Path, then: Callable[[Lesson], object], failed: Callable[[PlaygroundError], object]) -> None:
        """Read the lesson in ``path``, then call ``then`` with it or ``failed`` with the error."""

        def job(_advance: Advance) -> Callable[[], object]:
            _load_modules()
            from core.lessons.file_format.reading import read_lesson
            from playground.window.lessons.names import check_names

            try:
                lesson = read_lesson(path)
                check_names(lesson, str(path))
            except PlaygroundError as error:
                return partial(failed, error)
            return partial(then, lesson)

        self._jobs.submit(job)

    def when_loaded(self, action: Callable[[], object]) -> None:
        """Call ``action`` once the modules are loaded."""

        def job(_advance: Advance) -> Callable[[], object]:
            _load_modules()
            return action

        self._jobs.submit(job)

    def stop(self) -> None:
        """Stop for good, because the window closes."""
        self._jobs.stop()


def _load_modules() -> None:
    """Import what an open lesson needs; the first time takes half a second."""
    import playground.lessons.challenge_run
    import playground.lessons.pages.panel
    import playground.lessons.progress_store
    import playground.lessons.ring
    import playground.lessons.run  # noqa: F401


def _raise(error: Exception) -> None:
    raise error
