"""Jobs beside the window: one thread for each owner, with progress, cancelling, and results on the owner's thread."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Literal, TypeAlias

from PySide6.QtCore import QObject, Signal, SignalInstance

Advance: TypeAlias = Callable[[int, int], bool]
"""Called by a job with (done, all) now and then; returns whether to go on."""

Job: TypeAlias = Callable[[Advance], object]
"""Returns the result, or ``None`` where there is nothing to tell, as after it was told to stop."""


class Background(QObject):
    """Runs jobs one after another on a thread that ends when there is nothing to do.

    A plain daemon thread rather than a QThread, which would abort the program if its owner went while it runs.

    Signals:
        progressed: (done, all) of the present job.
        succeeded: what a job returned.
        failed: the exception that a job raised.
    """

    progressed = Signal(int, int)
    succeeded = Signal(object)
    failed = Signal(object)
    _told = Signal(int, object, object)

    def __init__(self, name: str, parent: QObject | None = None, *, keep: Literal["newest", "all"] = "newest") -> None:
        """Prepare; no thread runs before the first job.

        Args:
            name: of the thread.
            parent: the owner, in whose thread the signals arrive.
            keep: ``"newest"`` drops jobs that still wait when another is submitted; ``"all"`` does each.
        """
        super().__init__(parent)
        self._name = name
        self._keep = keep
        self._lock = threading.Lock()
        self._waiting: list[Job] = []
        self._thread: threading.Thread | None = None
        self._generation = 0
        self._stopped = False
        self._told.connect(self._relay)

    @property
    def is_busy(self) -> bool:
        """Whether a job runs or waits."""
        return self._thread is not None

    def submit(self, job: Job) -> None:
        """Run ``job`` when those before it are done; after :meth:`stop`, ignore it."""
        with self._lock:
            if self._stopped:
                return
            if self._keep == "newest":
                self._waiting.clear()
            self._waiting.append(job)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name=self._name, daemon=True)
                self._thread.start()

    def cancel(self) -> None:
        """Drop the jobs that wait, tell the present one to stop, and hear nothing more of any of them."""
        with self._lock:
            self._generation += 1
            self._waiting.clear()

    def wait(self) -> None:
        """Block until nothing runs or waits."""
        thread = self._thread
        if thread is not None:
            thread.join()

    def stop(self) -> None:
        """Cancel everything for good, and wait until nothing runs."""
        with self._lock:
            self._stopped = True
        self.cancel()
        self.wait()

    def _run(self) -> None:
        while True:
            with self._lock:
                if not self._waiting:
                    self._thread = None
                    return
                job, generation = self._waiting.pop(0), self._generation
            try:
                self._do(job, generation)
            except RuntimeError:  # the owner was deleted meanwhile
                with self._lock:
                    self._waiting.clear()

    def _do(self, job: Job, generation: int) -> None:
        def advance(done: int, every: int) -> bool:
            self._told.emit(generation, self.progressed, (done, every))
            return self._generation == generation

        try:
            result = job(advance)
        except Exception as error:  # noqa: BLE001 - whatever it is, the owner must hear of it
            self._told.emit(generation, self.failed, (error,))
            return
        if result is not None:
            self._told.emit(generation, self.succeeded, (result,))

    def _relay(self, generation: int, signal: SignalInstance, values: tuple[object, ...]) -> None:
        """Emit ``signal`` on the owner's thread, unless the job was cancelled on the way."""
        if generation == self._generation:
            signal.emit(*values)
