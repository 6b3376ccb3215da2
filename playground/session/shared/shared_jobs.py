"""Coordinate the background jobs of the views of one window."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from typing import TypeVar, cast

from PySide6.QtCore import QObject, Signal

from playground.worker.mailbox import Gate

T = TypeVar("T")


class SharedJobs(QObject):
    """Lets jobs wait for the window, and one view compute what several views show.

    It computes nothing itself.

    Signals:
        delivered: (key, result): the view that computes ``key`` has a new result.
        released: the key that no view computes any longer.

    Attributes:
        gate: closed while the window draws a frame.
        awaited: number of cards for whose figure the user waits; changed on the GUI thread only.
    """

    delivered = Signal(object, object)
    released = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.gate = Gate()
        self.awaited = 0
        self._owners: dict[Hashable, QObject] = {}
        self._results: dict[Hashable, object] = {}
        self._last: tuple[Hashable, object, object] | None = None
        self._computing = threading.Lock()

    def wait(self) -> None:
        """Block a job while the window draws a frame, so that they do not compete for the GIL (any thread but the GUI's)."""
        if threading.current_thread() is not threading.main_thread():
            self.gate.wait()

    def wait_unless_alone(self) -> None:
        """Like :meth:`wait`, but return at once if the user is waiting for one figure only.

        A single job shares the GIL with the window for some tenths of a second, and the window keeps its frame rate; waiting
        would make the job take twice as long. Several jobs would take turns holding the GIL, and the window would stutter.
        """
        if self.awaited != 1:
            self.wait()

    def claim(self, key: Hashable, owner: QObject) -> bool:
        """Return whether ``owner`` should compute ``key``, because no other view does; it then gives up any other key."""
        if self._owners.get(key, owner) is not owner:
            return False
        if key not in self._owners:
            self.release(owner)
            self._owners[key] = owner
        return True

    def release(self, owner: QObject) -> None:
        """Let other views compute what ``owner`` does, because it is hidden or shows something else now."""
        for key in [key for key, each in self._owners.items() if each is owner]:
            del self._owners[key]
            self._results.pop(key, None)
            self.released.emit(key)

    def deliver(self, owner: QObject, result: object) -> None:
        """Pass the ``result`` of ``owner`` on to views with the same key; ignored if it has claimed no key."""
        for key in [key for key, each in self._owners.items() if each is owner]:
            self._results[key] = result
            self.delivered.emit(key, result)

    def newest(self, key: Hashable) -> object:
        """Return the last result for ``key``, or ``None``."""
        return self._results.get(key)

    def once(self, key: Hashable, source: object, compute: Callable[[], T | None]) -> T | None:
        """Return the result of ``compute`` for ``key`` and ``source``; the last result is reused if both are the same.

        Figures of the same moment, also on different threads, then compute only once what they have in common. The GUI
        thread never waits for another one, which may be waiting for it.
        """
        if threading.current_thread() is threading.main_thread():
            return self._once(key, source, compute)
        with self._computing:
            return self._once(key, source, compute)

    def _once(self, key: Hashable, source: object, compute: Callable[[], T | None]) -> T | None:
        last = self._last
        if last is not None and last[0] == key and last[1] is source:
            return cast("T", last[2])
        result = compute()
        if result is not None:
            self._last = (key, source, result)
        return result
