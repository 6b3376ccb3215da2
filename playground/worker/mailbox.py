"""A latest-wins mailbox from the worker to the window, and a gate that gives the window priority."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final, Generic, TypeVar

T = TypeVar("T")

_MAX_CLOSED: Final = 0.03
"""Timeout in seconds of waiting for the gate, so that a lost event cannot stop training."""


_MAX_HURRY: Final = 0.03
"""Maximum time in seconds that training waits for one short job."""

BURST_SECONDS: Final = 0.012
"""Approximate duration of a burst of training steps, the maximum delay of a command.

After each burst the worker needs the GIL, for which it waits half a millisecond while the window draws. With bursts of 4 ms,
training beside the window had lost a sixth of its speed to that.
"""

QUICK_BURST_SECONDS: Final = 0.004
"""The same while commands keep coming, and while a snapshot is due."""

TIGHT_BURST_SECONDS: Final = 0.002
"""The same while processors are scarce, so that the worker soon waits for a frame to be drawn."""

_RECENT_SECONDS: Final = 0.5
"""Time after its last frame for which a window counts as one that draws, also where frames are late."""


class Mailbox(Generic[T]):
    """Holds at most one item; a new item replaces one that was not taken."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._item: T | None = None
        self._callback: Callable[[], None] | None = None
        self._when_urgent: Callable[[], None] | None = None

    def put(self, item: T, *, urgent: bool = False) -> None:
        """Put ``item``, replacing any previous one, and call the registered callback, or the one for ``urgent`` items."""
        with self._changed:
            self._item = item
            self._changed.notify()
            callback, self._callback = self._callback, None
        if urgent:
            callback = self._when_urgent or callback
        if callback is not None:
            callback()

    def call_when_urgent(self, callback: Callable[[], None]) -> None:
        """Call ``callback`` with each urgent item, on the sender's thread."""
        self._when_urgent = callback

    def notify_next(self, callback: Callable[[], None]) -> bool:
        """Call ``callback`` once with the next item, on the sender's thread; return False if there is already an item."""
        with self._changed:
            if self._item is None:
                self._callback = callback
            return self._item is None

    def wait(self, wanted: Callable[[T], bool], seconds: float) -> None:
        """Block until an item satisfies ``wanted``, for ``seconds`` at most; it stays in the mailbox."""
        with self._changed:
            self._changed.wait_for(lambda: self._item is not None and wanted(self._item), seconds)

    def take(self) -> T | None:
        """Remove and return the item; ``None`` if empty."""
        with self._changed:
            item, self._item = self._item, None
            return item


class Gate:
    """Closed while the window draws a frame, so that a Python worker does not compete for the GIL.

    Measured: without it, a NumPy worker slows a 60 Hz window down to 20 frames per second.

    Attributes:
        is_tight: whether processors are so scarce that compiled code, which does not need the GIL, should wait as well. Set
            by the GUI thread.

    Args:
        clock: returns the time in seconds.
    """

    def __init__(self, clock: Callable[[], float] = time.perf_counter) -> None:
        self.is_tight = False
        self._clock = clock
        self._open = threading.Event()
        self._open.set()
        self._calm = threading.Event()
        self._calm.set()
        self._hurried_until = 0.0
        self._closed_at = -math.inf

    def close(self) -> None:
        """Make the worker wait (GUI thread)."""
        self._closed_at = self._clock()
        self._open.clear()

    def open(self) -> None:
        """Let the worker continue (GUI thread)."""
        self._open.set()

    @property
    def burst_seconds(self) -> float:
        """How long the worker may run before it checks the gate again."""
        return TIGHT_BURST_SECONDS if self.is_tight else BURST_SECONDS

    @property
    def is_open(self) -> bool:
        """Whether the worker may run."""
        return self._open.is_set()

    @property
    def has_drawn(self) -> bool:
        """Whether the window has begun a frame just now; while nothing changes, it draws none."""
        return self._clock() - self._closed_at < _RECENT_SECONDS

    @contextmanager
    def hurry(self) -> Iterator[None]:
        """Make training wait for the short job in this context, whose result the user waits for (any thread)."""
        self._hurried_until = time.perf_counter() + _MAX_HURRY
        self._calm.clear()
        try:
            yield
        finally:
            self._calm.set()

    def wait_before_burst(self) -> None:
        """Block compiled training while a short job runs, and while processors are scarce until the gate is open."""
        if not self._calm.is_set():
            self._calm.wait(max(0.0, self._hurried_until - time.perf_counter()))
        if self.is_tight:
            self.wait()

    def wait(self) -> None:
        """Block until the gate is open (worker thread)."""
        if not self._open.is_set():
            self._open.wait(_MAX_CLOSED)
