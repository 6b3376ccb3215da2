"""A latest-wins mailbox from the worker to the window, and a gate that gives the window priority."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Final, Generic, TypeVar

T = TypeVar("T")

_LONGEST_CLOSED: Final = 0.03
"""Timeout in seconds of waiting for the gate, so that a lost event cannot stop training."""


class Mailbox(Generic[T]):
    """Holds at most one item; a new item replaces one that was not taken."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._item: T | None = None
        self._alarm: Callable[[], None] | None = None
        self._when_urgent: Callable[[], None] | None = None

    def put(self, item: T, *, urgent: bool = False) -> None:
        """Put ``item``, replacing any previous one, and call the alarm if one is set, or if the item is ``urgent``."""
        with self._changed:
            self._item = item
            self._changed.notify()
            alarm, self._alarm = self._alarm, None
        if urgent:
            alarm = self._when_urgent or alarm
        if alarm is not None:
            alarm()

    def call_when_urgent(self, alarm: Callable[[], None]) -> None:
        """Call ``alarm`` with each urgent item, on the sender's thread."""
        self._when_urgent = alarm

    def alarm_at_next(self, alarm: Callable[[], None]) -> bool:
        """Call ``alarm`` once with the next item, on the sender's thread; return False if there is already an item."""
        with self._changed:
            if self._item is None:
                self._alarm = alarm
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
    """

    def __init__(self) -> None:
        self._open = threading.Event()
        self._open.set()

    def close(self) -> None:
        """Make the worker wait (GUI thread)."""
        self._open.clear()

    def open(self) -> None:
        """Let the worker continue (GUI thread)."""
        self._open.set()

    @property
    def is_open(self) -> bool:
        """Whether the worker may run."""
        return self._open.is_set()

    def wait(self) -> None:
        """Block until the gate is open (worker thread)."""
        if not self._open.is_set():
            self._open.wait(_LONGEST_CLOSED)
