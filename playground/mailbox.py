"""Between the worker and the window: a mailbox where the latest wins, and a gate that lets the window go first."""

from __future__ import annotations

import threading
from typing import Final, Generic, TypeVar

T = TypeVar("T")

_LONGEST_CLOSED: Final = 0.03
"""Seconds after which the worker goes on even if nobody opened the gate, so that a lost event cannot stop training."""


class Mailbox(Generic[T]):
    """Holds at most one item; a new one replaces one that was not taken."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._item: T | None = None

    def put(self, item: T) -> None:
        """Leave ``item``, replacing what lies there."""
        with self._lock:
            self._item = item

    def take(self) -> T | None:
        """Return the item and leave the box empty; ``None`` when it is."""
        with self._lock:
            item, self._item = self._item, None
            return item


class Gate:
    """Closed while the window draws a frame, so that a worker in Python does not take the interpreter from it.

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

    def wait(self) -> None:
        """Return once the gate is open, at once when it is (worker's thread)."""
        if not self._open.is_set():
            self._open.wait(_LONGEST_CLOSED)
