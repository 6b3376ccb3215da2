"""Jobs beside the window: one thread for each owner, with progress, cancelling, and results on the owner's thread."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from typing import Final, Literal, TypeAlias

from PySide6.QtCore import QObject, QTimer, Signal

Advance: TypeAlias = Callable[[int, int], bool]
"""Called by a job with (done, all) now and then; returns whether to go on."""

Job: TypeAlias = Callable[[Advance], object]
"""Returns the result, or ``None`` where there is nothing to tell, as after it was told to stop."""

Kind: TypeAlias = Literal["progressed", "succeeded", "failed"]

POLL_MS: Final = 15
"""How often the owner's thread looks for results while a job runs; nothing ticks otherwise."""


class _Worker:
    """The thread and what it shares with its owner; no Qt object, since the owner may be deleted while it runs."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.lock = threading.Lock()
        self.waiting: list[Job] = []
        self.told: deque[tuple[int, Kind, tuple[object, ...]]] = deque()
        self.generation = 0
        self.thread: threading.Thread | None = None

    def begin(self) -> None:
        """Start the thread, if none runs; under the lock."""
        if self.thread is None:
            self.thread = threading.Thread(target=self._run, name=self.name, daemon=True)
            self.thread.start()

    def cancel(self) -> None:
        """Drop what waits and tell the present job to stop."""
        with self.lock:
            self.generation += 1
            self.waiting.clear()

    def _run(self) -> None:
        while True:
            with self.lock:
                if not self.waiting:
                    self.thread = None
                    return
                job, generation = self.waiting.pop(0), self.generation
            self._do(job, generation)

    def _do(self, job: Job, generation: int) -> None:
        def advance(done: int, every: int) -> bool:
            self.told.append((generation, "progressed", (done, every)))
            return self.generation == generation

        try:
            result = job(advance)
        except Exception as error:  # noqa: BLE001 - whatever it is, the owner must hear of it
            self.told.append((generation, "failed", (error,)))
            return
        if result is not None:
            self.told.append((generation, "succeeded", (result,)))


class Background(QObject):
    """Runs jobs one after another on a thread that ends when there is nothing to do.

    The thread never touches a Qt object: signals emitted from another thread crash the program when their object is
    deleted at that moment. A timer fetches what it has to tell.

    Signals:
        progressed: (done, all) of the present job.
        succeeded: what a job returned.
        failed: the exception that a job raised.
    """

    progressed = Signal(int, int)
    succeeded = Signal(object)
    failed = Signal(object)

    def __init__(self, name: str, parent: QObject | None = None, *, keep: Literal["newest", "all"] = "newest") -> None:
        """Prepare; no thread runs before the first job.

        Args:
            name: of the thread.
            parent: the owner, in whose thread the signals are emitted.
            keep: ``"newest"`` drops jobs that still wait when another is submitted; ``"all"`` does each.
        """
        super().__init__(parent)
        self._keep = keep
        self._stopped = False
        self._worker = _Worker(name)
        self._timer = QTimer(self)
        self._timer.setInterval(POLL_MS)
        self._timer.timeout.connect(self._deliver)

    @property
    def is_busy(self) -> bool:
        """Whether a job runs or waits."""
        return self._worker.thread is not None

    def submit(self, job: Job) -> None:
        """Run ``job`` when those before it are done; after :meth:`stop`, ignore it."""
        if self._stopped:
            return
        with self._worker.lock:
            if self._keep == "newest":
                self._worker.waiting.clear()
            self._worker.waiting.append(job)
            self._worker.begin()
        self._timer.start()

    def cancel(self) -> None:
        """Drop the jobs that wait, tell the present one to stop, and hear nothing more of any of them."""
        self._worker.cancel()

    def wait(self) -> None:
        """Block until nothing runs or waits; never for a user, whose window would not answer meanwhile."""
        thread = self._worker.thread
        if thread is not None:
            thread.join()

    def stop(self) -> None:
        """Cancel everything for good; returns at once, as a job may take seconds before it looks whether to go on."""
        self._stopped = True
        self.cancel()
        self._timer.stop()

    def _deliver(self) -> None:
        """Emit what the thread has told, but for jobs that were cancelled meanwhile."""
        busy = self.is_busy  # before the last results are taken, so that none is left behind
        while self._worker.told:
            generation, kind, values = self._worker.told.popleft()
            if generation == self._worker.generation:
                signals = {"progressed": self.progressed, "succeeded": self.succeeded, "failed": self.failed}
                signals[kind].emit(*values)
        if not busy and not self.is_busy:
            self._timer.stop()
