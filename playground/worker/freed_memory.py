"""Return freed memory to the system, which glibc would keep for the program."""

from __future__ import annotations

import ctypes
import os
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from playground.startup import keeps_freed_memory

GROWTH: Final = 48 * 2**20
"""Bytes by which the memory must have grown since the last time."""

WAIT_SECONDS: Final = 2.0
"""Time after work has ended, because more may follow."""

INTERVAL_SECONDS: Final = 10.0
"""Minimum time between two returns."""


class FreedMemory:
    """Returns freed memory on a thread of its own, some time after work that needed much of it.

    :data:`playground.startup.TRIM_THRESHOLD` at the end of an arena stays, so that threads keep reusing what they free.
    """

    def __init__(self, trim: Callable[[], object], used: Callable[[], int]) -> None:
        """Create it.

        Args:
            trim: returns all freed memory.
            used: returns the private resident memory in bytes.
        """
        self._trim, self._used = trim, used
        self._lock = threading.Lock()
        self._is_pending = False
        self._last = -INTERVAL_SECONDS
        self._least = 0

    def return_later(self) -> None:
        """Return freed memory in a while, if there may be much; may be called from any thread, at any rate."""
        with self._lock:
            if self._is_pending:
                return
            if not self._is_worthwhile():
                return
            self._is_pending = True
        now = time.monotonic()
        timer = threading.Timer(max(WAIT_SECONDS, self._last + INTERVAL_SECONDS - now), self.return_now)
        timer.daemon, timer.name = True, "freed memory"
        timer.start()

    def return_now(self) -> None:
        """Return freed memory, if there may be much."""
        if self._is_worthwhile():
            self._trim()
            self._least = self._used()
        with self._lock:
            self._last, self._is_pending = time.monotonic(), False

    def _is_worthwhile(self) -> bool:
        used = self._used()
        self._least = min(self._least, used)
        return used - self._least >= GROWTH


def _private_bytes() -> int:
    """Return the resident memory that is not shared with files; 0 if unknown."""
    try:
        resident, shared = Path("/proc/self/statm").read_bytes().split()[1:3]
    except OSError:
        return 0
    return (int(resident) - int(shared)) * os.sysconf("SC_PAGE_SIZE")


def _trim() -> None:
    # ctypes releases the GIL meanwhile.
    ctypes.CDLL(None).malloc_trim(ctypes.c_size_t(0))


_FREED: Final = FreedMemory(_trim, _private_bytes)


def return_freed_later() -> None:
    """Return freed memory to the system in a while, where the program keeps it; may be called from any thread."""
    if keeps_freed_memory():
        _FREED.return_later()
