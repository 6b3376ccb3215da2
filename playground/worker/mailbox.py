"""Between the worker and the window: a mailbox where the latest wins, and a gate that lets the window go first."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Final, Generic, TypeVar

T = TypeVar("T")

_LONGEST_CLOSED: Final = 0.03
"""Seconds after which the worker goes on even if nobody opened the gate, so that a lost event cannot stop training."""


class Mailbox(Generic[T]):
    """Holds at most one item; a new one replaces one that was not taken."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._item: T | None = None
        self._alarm: Callable[[], None] | None = None

    def put(self, item: T) -> None:
        """Leave ``item``, replacing what lies there, and raise the alarm if one is set."""
        with self._changed:
            self._item = item
            self._changed.notify()
            alarm, self._alarm = self._alarm, None
        if alarm is not None:
            alarm()

    def alarm_at_next(self, alarm: Callable[[], None]) -> bool:
        """Have ``alarm`` called once, by whoever leaves the next item; return False if one lies here already."""
        with self._changed:
            if self._item is None:
                self._alarm = alarm
            return self._item is None

    def wait(self, wanted: Callable[[T], bool], seconds: float) -> None:
        """Block until an item satisfies ``wanted``, for ``seconds`` at most; it stays in the mailbox."""
        with self._changed:
            self._changed.wait_for(lambda: self._item is not None and wanted(self._item), seconds)

    def take(self) -> T | None:
        """Return the item and leave the box empty; ``None`` when it is."""
        with self._changed:
            item, self._item = self._item, None
            return item


class Gate:
    """Closed while the window draws a frame, so that a worker in Python does not hold the GIL meanwhile.

    Measured: without it a NumPy worker pulls a 60 Hz window down to 20 frames a second.
    """

    def __init__(self) -> None:
        self._open = threading.Event()
        self._open.set()

    def close(self) -> None:
        """Ask the worker to wait (window's thread)."""
        self._open.clear()

    def open(self) -> None:
        """Let the worker go on (window's thread)."""
        self._open.set()

    @property
    def is_open(self) -> bool:
        """Whether the worker may go on."""
        return self._open.is_set()

    def wait(self) -> None:
        """Return once the gate is open, at once when it is (worker's thread)."""
        if not self._open.is_set():
            self._open.wait(_LONGEST_CLOSED)
