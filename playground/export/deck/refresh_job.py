"""Refresh a deck slide by slide, so that the window stays responsive and training continues."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject, QTimer, Signal

from core.errors import PlaygroundError
from playground.export.deck.plan import SlidePlan, SlideUpdate
from playground.export.deck.refresh import (
    Drawing,
    drawn,
    plans_in,
    prepare_refresh,
    summary,
    write_refreshed,
)
from playground.export.readiness import Readiness
from playground.worker.background import Advance, Background
from playground.worker.giving_way import giving_way
from playground.worker.mailbox import Gate

if TYPE_CHECKING:
    from core.training.origins.shown_runs import ShownRuns
    from playground.widgets.figure import Figure


class RefreshJob(QObject):
    """Draws the figures of a deck again, one after another, and writes the deck on a thread.

    Args:
        drawing: draws figures of stored runs.
        parent: the owner.
        gate: closed while the window draws a frame, for which the thread waits; ``None`` without a window.

    Signals:
        progressed: (slides done, total).
        finished: a sentence on what was refreshed, and what was left as it is.
        failed: a message; the deck is as it was.
    """

    progressed = Signal(int, int)
    finished = Signal(str)
    failed = Signal(str)

    def __init__(self, drawing: Drawing, parent: QObject | None = None, gate: Gate | None = None) -> None:
        super().__init__(parent)
        self._drawing, self._gate = drawing, gate
        self._readiness = Readiness(self)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._step)
        self._jobs = Background("refresh", self)
        self._jobs.succeeded.connect(self._finish)
        self._jobs.failed.connect(lambda error: self._end(str(error)))
        self._steps: Generator[Figure, None, SlideUpdate] | None = None
        self._busy = False

    @property
    def is_busy(self) -> bool:
        """Whether a deck is being refreshed."""
        return self._busy

    def start(self, path: Path, present: ShownRuns | None, *, keep_copy: bool) -> None:
        """Refresh the deck at ``path``.

        Args:
            path: the deck.
            present: the runs to show on all slides; ``None`` shows those of each slide.
            keep_copy: whether a copy of the deck as it is now is kept beside it.
        """
        self._path, self._present, self._keep_copy, self._busy = path, present, keep_copy, True
        self._updates: list[SlideUpdate] = []
        self._left: list[str] = []
        try:
            self._content, self._plans = plans_in(path, replaces=present is not None)
        except PlaygroundError as error:
            self._end(str(error))
            return
        self._total = len(self._plans)
        self._timer.start(0)

    def cancel(self) -> None:
        """Stop; the deck is unchanged."""
        self._busy = False
        self._timer.stop()
        self._readiness.release()
        self._steps = None
        self._jobs.cancel()

    def _step(self) -> None:
        """Draw the next figure, once it is computed."""
        if self._steps is None:
            if not self._plans:
                self._write()
                return
            self._plan: SlidePlan = self._plans.pop(0)
            self._steps = drawn(self._plan, self._drawing, self._present)
        try:
            figure = next(self._steps)
        except StopIteration as end:
            self._updates.append(cast("SlideUpdate", end.value))
        except PlaygroundError as error:
            self._left.append(f"slide {self._plan.number} ({error})")
        else:
            self._readiness.when_ready([figure], lambda: self._timer.start(0))
            return
        self._steps = None
        self._readiness.release()
        self.progressed.emit(self._total - len(self._plans), self._total)
        self._timer.start(0)

    def _write(self) -> None:
        path, before, keep_copy, left = self._path, self._content, self._keep_copy, self._left
        build = prepare_refresh(before, path, self._updates)

        def job(advance: Advance) -> str | None:
            with giving_way(self._gate):
                after = build()
            if not advance(0, 1):  # cancelled in the meantime
                return None
            said = summary(path, after.refreshed, [*left, *after.left])
            copy = write_refreshed(path, before, after.content, keep_copy=keep_copy)
            return said if copy is None else f"{said} It was copied to {copy.name} before."

        self._jobs.submit(job)

    def _finish(self, sentence: str) -> None:
        self._busy = False
        self.finished.emit(sentence)

    def _end(self, sentence: str) -> None:
        self._busy = False
        self._readiness.release()
        self.failed.emit(sentence)
