"""Detect that the GUI thread is busy for too long, by its processor time rather than by the clock.

On a busy machine, every event takes several times as long as it should; its processor time stays about the same.
"""

from __future__ import annotations

import faulthandler
import threading
import time
from pathlib import Path
from typing import Final

MAX_BUSY: Final = 1.0
"""Maximum processor time of the GUI thread in seconds without a response of the window."""

MAX_CLOCK: Final = 10.0
"""Maximum time in seconds without a response, not counting the time for which other processes occupied the processor."""

SAMPLE_SECONDS: Final = 0.1

PAUSED_SUFFIX: Final = ".paused"
"""Suffix of the file beside the stack traces in which another process writes for how many seconds the machine has paused.

A virtual machine may pause for half a minute, after which the clock has advanced, but no thread has run.
"""

NOTICE_SECONDS: Final = 0.3
"""Time within which the other process notices that the machine has paused."""


class Hangs:
    """Measures how long the thread that creates it does not call :meth:`pulse`.

    A sampling thread writes the stack of a hang while it lasts. It holds the GIL meanwhile, because reading the frames of
    running threads, as :func:`faulthandler.dump_traceback_later` does, can crash.

    Args:
        stacks: file for the stack trace.
    """

    def __init__(self, stacks: Path) -> None:
        self._clock = time.pthread_getcpuclockid(threading.get_ident())
        self._schedule = Path(f"/proc/self/task/{threading.get_native_id()}/schedstat")
        self._stacks = stacks.open("w+", encoding="utf-8")
        self._paused = stacks.with_suffix(PAUSED_SUFFIX)
        self._alive_at: tuple[float, float] | None = None
        self._written_for: tuple[float, float] | None = None
        self.busy = 0.0
        """Processor time between the last two calls of :meth:`pulse`."""
        self._closed = threading.Event()
        self._sampling = threading.Thread(target=self._sample, name="hangs", daemon=True)
        self._sampling.start()

    def pulse(self) -> tuple[str, str]:
        """Return how long the thread hung since the last call, and its stack meanwhile; two empty texts if it did not."""
        before, now = self._alive_at, self._now()
        self._alive_at = now
        self.busy = 0.0 if before is None else now[0] - before[0]
        if before is None or not _is_hang(before, now):
            return "", ""
        time.sleep(NOTICE_SECONDS)
        self._alive_at = self._now()
        now = now[0], self._alive_at[1] - NOTICE_SECONDS
        if not _is_hang(before, now):
            return "", ""
        busy, clock = (later - earlier for later, earlier in zip(now, before, strict=True))
        stack = ""
        if self._written_for == before:
            self._stacks.seek(0)
            stack = self._stacks.read()
        return f"{busy:.1f} s of processor time, {clock:.1f} s of clock", stack

    def rest(self) -> None:
        """Suspend until the next pulse."""
        self._alive_at = None

    def close(self) -> None:
        """End the sampling thread."""
        self._closed.set()
        self._sampling.join()
        self._stacks.close()

    def _now(self) -> tuple[float, float]:
        """Return the processor time of the GUI thread, and the clock without the time for which it could not run."""
        try:
            waited = int(self._schedule.read_text(encoding="ascii").split()[1]) / 1e9
        except (OSError, IndexError):
            waited = 0.0
        if self._paused.exists():
            waited += float(self._paused.read_text(encoding="ascii") or 0.0)
        return time.clock_gettime(self._clock), time.monotonic() - waited

    def _sample(self) -> None:
        while not self._closed.wait(SAMPLE_SECONDS):
            before = self._alive_at
            if before is not None and before != self._written_for and _is_hang(before, self._now(), 0.95):
                self._stacks.seek(0)
                self._stacks.truncate()
                faulthandler.dump_traceback(self._stacks)
                self._written_for = before


def _is_hang(before: tuple[float, float], now: tuple[float, float], share: float = 1.0) -> bool:
    return now[0] - before[0] > MAX_BUSY * share or now[1] - before[1] > MAX_CLOCK * share
