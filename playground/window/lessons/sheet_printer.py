"""Print a lesson, or the answers to it, without blocking the window: progress, cancellation, and a message at the end."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QFileDialog, QProgressDialog, QWidget

from core.errors import PlaygroundError
from core.experiment.experiment_file import write_atomically
from core.lessons.headless.lesson_states import LessonStates
from playground.window.lessons.sheet import (
    MAX_CARDS,
    Recorded,
    compose,
    compose_answers,
    record,
    record_answers,
    run_lesson,
)
from playground.worker.background import Advance, Background

if TYPE_CHECKING:
    from core.lessons.blocks import Lesson

RUN: Final = 60
DRAWN: Final = 75
WHOLE: Final = 100
"""Progress in percent after the lesson has run, the pictures are drawn, and the sheet is written."""

DELAY_MS: Final = 300
POLL_MS: Final = 15


class SheetPrinter(QObject):
    """Creates one sheet at a time: runs the lesson and lays out the sheet on a thread, and draws cards between frames.

    Signals:
        printed: the file that was written.
        failed: the sheet could not be created; the signal carries a sentence.
    """

    printed = Signal(object)
    failed = Signal(str)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._lesson: Lesson | None = None
        self._folder: Path | None = None
        self._path, self._answers = Path(), False
        self._run: LessonStates | None = None
        self._pictures: Iterator[Recorded | int] = iter(())
        self._dialog: QProgressDialog | None = None
        self._jobs = Background("classroom sheet", self)
        self._jobs.progressed.connect(self._show_progress)
        self._jobs.succeeded.connect(self._take)
        self._jobs.failed.connect(self._fail)
        self._next = QTimer(self)
        self._next.setSingleShot(True)
        self._next.timeout.connect(self._draw)

    def ask(self, lesson: Lesson, folder: Path | None, *, answers: bool = False) -> None:
        """Ask for a file and print ``lesson``, whose images lie in ``folder``, or the answers to it."""
        start = str(Path.home() / f"{lesson.key}{'-answers' if answers else ''}.pdf")
        title = "Print answers" if answers else "Print classroom sheet"
        name, _ = QFileDialog.getSaveFileName(self._window, title, start, "PDF (*.pdf)")
        if name:
            path = Path(name)
            self.print(lesson, folder, path if path.suffix else path.with_suffix(".pdf"), answers=answers)

    def print(self, lesson: Lesson, folder: Path | None, path: Path, *, answers: bool = False) -> None:
        """Print ``lesson``, or the answers to it, into the file ``path``; a sheet that is being made is cancelled."""
        self.cancel()
        self._lesson, self._folder, self._path, self._answers = lesson, folder, path, answers
        self._dialog = dialog = QProgressDialog(f"Printing “{lesson.front.title}” …", "Cancel", 0, WHOLE, self._window)
        dialog.setObjectName("sheetProgress")
        dialog.setWindowTitle("Classroom sheet")
        dialog.setMinimumDuration(DELAY_MS)
        dialog.setAutoClose(False)
        dialog.setAutoReset(False)
        dialog.canceled.connect(self.cancel)
        dialog.setValue(0)
        self._jobs.submit(lambda advance: run_lesson(lesson, advance))

    def cancel(self) -> None:
        """Stop making the sheet; nothing is written."""
        self._jobs.cancel()
        self._end()

    def stop(self) -> None:
        """Stop for good, because the window closes."""
        self._jobs.stop()
        self._end()

    # -- parts in order ----------------------------------------------------------------------------------------------

    def _take(self, result: object) -> None:
        """Continue with the next part: the lesson has run, or the sheet is complete."""
        if isinstance(result, LessonStates) and self._lesson is not None:
            self._run = result
            answers = self._answers
            self._pictures = (
                record_answers(self._lesson, result) if answers else record(self._lesson, result, patiently=True)
            )
            self._show(RUN)
            self._next.start(0)
        elif isinstance(result, Path):
            self._end()
            self.printed.emit(result)

    def _draw(self) -> None:
        """Draw one picture, or check whether its data are ready, then let the window draw a frame."""
        try:
            recorded = next(self._pictures)
        except PlaygroundError as error:
            self._fail(error)
            return
        if isinstance(recorded, int):
            self._show(min(RUN + (DRAWN - RUN) * recorded // (2 * MAX_CARDS), DRAWN))
            self._next.start(POLL_MS)
            return
        lesson, folder, run, path, answers = self._lesson, self._folder, self._run, self._path, self._answers
        if lesson is None or run is None:
            return

        def job(advance: Advance) -> Path | None:
            if answers:
                content: bytes | None = compose_answers(lesson, folder, run, recorded)
            else:
                content = compose(lesson, folder, run, recorded, advance)
            if content is None:
                return None
            write_atomically(path, content)
            return path

        self._show(DRAWN)
        self._jobs.submit(job)

    def _show_progress(self, done: int, total: int) -> None:
        low, high = (0, RUN) if self._run is None else (DRAWN, WHOLE)
        self._show(low + round((high - low) * done / max(total, 1)))

    def _show(self, percent: int) -> None:
        if self._dialog is not None:
            self._dialog.setValue(min(percent, WHOLE - 1))

    def _fail(self, error: object) -> None:
        self._end()
        self.failed.emit(str(error))

    def _end(self) -> None:
        self._next.stop()
        self._run, self._lesson, self._pictures = None, None, iter(())
        dialog, self._dialog = self._dialog, None
        if dialog is not None:
            dialog.canceled.disconnect(self.cancel)
            dialog.close()
            dialog.deleteLater()
