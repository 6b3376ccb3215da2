"""Background jobs: one thread per owner, with progress, cancellation, and results on the owner's thread."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Final, Literal, TypeAlias

from PySide6.QtCore import QObject, QTimer, Signal

from playground.worker.freed_memory import return_freed_later
from playground.worker.giving_way import JobCancelledError, cancellable
from playground.worker.priority import lower_priority

Advance: TypeAlias = Callable[[int, int], bool]
"""Called periodically by a job with (done, total); returns whether to continue."""

Job: TypeAlias = Callable[[Advance], object]
"""Returns the result, or ``None`` if there is none, such as after cancellation."""

Kind: TypeAlias = Literal["progressed", "succeeded", "failed"]

POLL_MS: Final = 15
"""Polling interval of the owner's thread while a job runs; otherwise no timer runs."""

URGENT_POLL_MS: Final = 3
"""The same while a job runs for whose result the user waits."""


def patient(advance: Advance, wait: Callable[[], None]) -> Advance:
    """Return ``advance`` with a call of ``wait`` first."""

    def advance_later(done: int, total: int) -> bool:
        wait()
        return advance(done, total)

    return advance_later


class JobThread(threading.Thread):
    """A thread for work that the program does not wait for, except briefly when it ends: see :func:`wait_for_jobs`."""

    def __init__(self, target: Callable[[], object], name: str) -> None:
        super().__init__(target=target, name=name, daemon=True)


def wait_for_jobs(seconds: float) -> bool:
    """Block until no :class:`JobThread` is running, for at most ``seconds``; return whether all have ended.

    Otherwise the caller must end the process without finalizing Python and Qt: a thread that is using Qt would then crash.
    """
    ends = time.monotonic() + seconds
    threads = [thread for thread in threading.enumerate() if isinstance(thread, JobThread)]
    for thread in threads:
        thread.join(max(ends - time.monotonic(), 0.0))
    return not any(thread.is_alive() for thread in threads)


class _Worker:
    """The thread and the state it shares with its owner; not a Qt object, because the owner may be deleted first."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.lock = threading.Lock()
        self.waiting: list[Job] = []
        self.events: deque[tuple[int, Kind, tuple[object, ...]]] = deque()
        self.generation = 0
        self.thread: threading.Thread | None = None

    def begin(self) -> None:
        """Start the thread if it is not running; the caller must hold the lock."""
        if self.thread is None:
            self.thread = JobThread(self._run, self.name)
            self.thread.start()

    def cancel(self) -> None:
        """Drop the waiting jobs and cancel the current one."""
        with self.lock:
            self.generation += 1
            self.waiting.clear()

    def _run(self) -> None:
        lower_priority()
        while True:
            with self.lock:
                if not self.waiting:
                    self.thread = None
                    break
                job, generation = self.waiting.pop(0), self.generation
            self._do(job, generation)
            del job  # with what it has gathered
        return_freed_later()

    def _do(self, job: Job, generation: int) -> None:
        def advance(done: int, total: int) -> bool:
            self.events.append((generation, "progressed", (done, total)))
            return self.generation == generation

        try:
            with cancellable(lambda: self.generation == generation):
                result = job(advance)
        except JobCancelledError:
            return
        except Exception as error:  # noqa: BLE001 - reported to the owner
            self.events.append((generation, "failed", (error,)))
            return
        if result is not None:
            self.events.append((generation, "succeeded", (result,)))


class Background(QObject):
    """Runs jobs in sequence on a thread that ends when there is nothing to do.

    The thread never touches a Qt object: emitting a signal from another thread crashes if the object is deleted at that
    moment. Instead, a timer polls for its results.

    Signals:
        progressed: (done, total) of the current job.
        succeeded: the result of a job.
        failed: the exception raised by a job.
    """

    progressed = Signal(int, int)
    succeeded = Signal(object)
    failed = Signal(object)

    def __init__(self, name: str, parent: QObject | None = None, *, keep: Literal["newest", "all"] = "newest") -> None:
        """Create it; no thread runs before the first job.

        Args:
            name: name of the thread.
            parent: the owner, on whose thread the signals are emitted.
            keep: ``"newest"`` drops waiting jobs when another is submitted; ``"all"`` runs all.
        """
        super().__init__(parent)
        self._keep = keep
        self._stopped = False
        self._worker = _Worker(name)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.deliver)

    @property
    def is_busy(self) -> bool:
        """Whether a job is running or waiting."""
        return self._worker.thread is not None

    @property
    def is_idle(self) -> bool:
        """Whether no job is running or waiting, and all results were emitted."""
        return not self.is_busy and not self._worker.events

    def submit(self, job: Job, *, urgent: bool = False) -> None:
        """Run ``job`` after the previous ones, and look often for the result if ``urgent``; ignored after :meth:`stop`."""
        if self._stopped:
            return
        with self._worker.lock:
            if self._keep == "newest":
                self._worker.waiting.clear()
            self._worker.waiting.append(job)
            self._worker.begin()
        self._timer.start(URGENT_POLL_MS if urgent else POLL_MS)

    def cancel(self) -> None:
        """Drop the waiting jobs, cancel the current one, and discard their results."""
        self._worker.cancel()

    def wait(self) -> None:
        """Block until no job is running or waiting; not for use in the GUI thread of a running app."""
        thread = self._worker.thread
        if thread is not None:
            thread.join()

    def stop(self) -> None:
        """Cancel everything permanently; do not wait, because a job may take seconds to notice."""
        self._stopped = True
        self.cancel()
        self._timer.stop()

    def deliver(self) -> None:
        """Emit the thread's results, except those of cancelled jobs; the timer does so regularly."""
        busy = self.is_busy  # checked before the last results are taken, so that none is missed
        while self._worker.events:
            generation, kind, values = self._worker.events.popleft()
            if generation == self._worker.generation:
                signals = {"progressed": self.progressed, "succeeded": self.succeeded, "failed": self.failed}
                signals[kind].emit(*values)
        # A job that a slot submitted may have ended since the last event was taken.
        if not busy and not self.is_busy and not self._worker.events:
            self._timer.stop()
