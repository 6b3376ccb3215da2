"""Export files in the background, so that the window stays responsive while large pictures are painted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from core.errors import PlaygroundError
from core.experiment.experiment_file import write_atomically
from playground.export.export import ClipboardContent, prepare, prepare_combined, prepare_copy
from playground.export.formats import Content, Format
from playground.export.hidden_view import Look
from playground.export.readiness import Readiness
from playground.widgets.figure import Figure
from playground.worker.background import Advance, Background
from playground.worker.giving_way import Pace, giving_way
from playground.worker.mailbox import Gate


class ExportQueue(QObject):
    """Exports files one after another; only the part that needs the GUI thread runs on it, the rest on a worker thread.

    Between two files, the GUI thread rests for the window's frames, and the worker thread waits while one is drawn.

    Args:
        parent: the owner.
        gate: closed while the window draws a frame; ``None`` without a window.

    Signals:
        progressed: (files written, total).
        finished: the files written.
        copied: the content for the clipboard, built by :meth:`copy`.
        failed: an error message; files written before it are kept.
    """

    progressed = Signal(int, int)
    finished = Signal(object)
    copied = Signal(object)
    failed = Signal(str)

    def __init__(self, parent: QObject | None = None, gate: Gate | None = None) -> None:
        super().__init__(parent)
        self._gate, self._pace = gate, Pace(gate)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._next)
        self._waiting: list[tuple[Figure, Path]] = []
        self._written: list[Path] = []
        self._look: Look | None = None
        self._look_now: Callable[[], Look]
        self._busy = False
        self._readiness = Readiness(self)
        self._jobs = Background("export", self, keep="all")
        self._jobs.succeeded.connect(self._note)
        self._jobs.failed.connect(self._fail)

    @property
    def is_busy(self) -> bool:
        """Whether an export is running."""
        return self._busy

    def start(self, files: Sequence[tuple[Figure, Path]], look: Look | Callable[[], Look]) -> None:
        """Export each figure to its path.

        Args:
            files: figures and paths.
            look: the look, or what returns it with the caption and the origin of the present moment: a figure that follows
                the training is recorded at a later moment than the ones before it.
        """
        self._look_now = look if callable(look) else lambda: look
        self._waiting, self._written, self._look, self._busy = list(files), [], self._look_now(), True
        self._readiness.when_ready([figure for figure, _ in files], self._next)

    def start_combined(self, figures: Sequence[Figure], path: Path, look: Look) -> None:
        """Write all ``figures`` into the one file ``path``."""
        self._waiting, self._written, self._look, self._busy = [], [], look, True
        self._readiness.when_ready(figures, lambda: self._combine(figures, path, look))

    def _combine(self, figures: Sequence[Figure], path: Path, look: Look) -> None:
        try:
            content = prepare_combined(figures, path, look)
        except PlaygroundError as error:
            self._fail(error)
            return
        self._readiness.release()
        self._jobs.submit(self._writing(content, path), urgent=True)

    def copy(self, figure: Figure, kind: Format, look: Look) -> None:
        """Build the content for the clipboard."""
        self._waiting, self._written, self._busy = [], [], True
        self._readiness.when_ready([figure], lambda: self._copy(figure, kind, look))

    def _copy(self, figure: Figure, kind: Format, look: Look) -> None:
        try:
            made = prepare_copy(figure, kind, look)
        except PlaygroundError as error:
            self._fail(error)
            return
        self._readiness.release()

        def job(_advance: Advance) -> ClipboardContent:
            with giving_way(self._gate):
                return made()

        self._jobs.submit(job, urgent=True)

    def cancel(self) -> None:
        """Cancel the export; an incomplete file is not written."""
        self._waiting.clear()
        self._busy = False
        self._timer.stop()
        self._readiness.release()
        self._jobs.cancel()

    def _next(self) -> None:
        if not self._waiting or self._look is None:
            self._busy = False
            self._readiness.release()
            self.finished.emit(self._written)
            return
        figure, path = self._waiting.pop(0)
        try:
            with self._pace.part():
                look = self._look if not self._written or self._readiness.stays(figure) else self._look_now()
                content = prepare(figure, path, look)
        except PlaygroundError as error:
            self._fail(error)
            return
        self._jobs.submit(self._writing(content, path), urgent=True)

    def _note(self, made: Path | ClipboardContent) -> None:
        if isinstance(made, ClipboardContent):
            self._busy = False
            self.copied.emit(made)
            return
        self._written.append(made)
        self.progressed.emit(len(self._written), len(self._written) + len(self._waiting))
        self._timer.start(self._pace.rest_ms if self._waiting else 0)

    def _fail(self, error: Exception) -> None:
        self._waiting.clear()
        self._busy = False
        self._readiness.release()
        if not isinstance(error, PlaygroundError):
            self.failed.emit(f"The picture could not be written ({type(error).__name__}: {error}).")
            raise error
        count = len(self._written)
        kept = f" {count} {'file was' if count == 1 else 'files were'} saved before it." if count else ""
        self.failed.emit(f"{error}{'.' if kept else ''}{kept}")

    def _writing(self, content: Content, path: Path) -> Callable[[Advance], Path | None]:
        """Return a job that writes ``content`` to ``path``, unless it is cancelled."""

        def job(advance: Advance) -> Path | None:
            with giving_way(self._gate):
                made = content()
            if not advance(0, 1):  # cancelled in the meantime
                return None
            write_atomically(path, made)
            return path

        return job
