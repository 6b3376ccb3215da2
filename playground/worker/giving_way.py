"""Let long work give way to the window, so that it keeps its frame rate while training continues."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from playground.worker.mailbox import Gate

MAX_WAITING: Final = 3.0
"""Maximum time that a thread waits for frames, relative to the processor time of its own work."""

REST: Final = 10.0
"""Rest of the GUI thread between two parts of a long job, relative to the processor time of the part."""

TIGHT_REST: Final = 2.0 * REST
"""The same while processors are scarce, when frames are late already."""

_current = threading.local()


class JobCancelledError(Exception):
    """Raised to end work whose result is no longer needed."""


def give_way() -> None:
    """Wait while the window draws a frame, if this thread runs inside :func:`giving_way`; otherwise return at once.

    Work that holds the GIL calls it every few milliseconds.

    Raises:
        JobCancelledError: this thread runs inside :func:`cancellable`, and its work is no longer wanted.
    """
    is_wanted: Callable[[], bool] | None = getattr(_current, "is_wanted", None)
    if is_wanted is not None and not is_wanted():
        raise JobCancelledError
    wait: Callable[[], None] | None = getattr(_current, "wait", None)
    if wait is not None:
        wait()


@contextmanager
def giving_way(gate: Gate | None) -> Iterator[None]:
    """Let the work of this thread in the context wait for frames; ``None`` for a job without a window."""
    before = getattr(_current, "wait", None)
    _current.wait = None if gate is None else FrameWaiting(gate).wait
    try:
        yield
    finally:
        _current.wait = before


@contextmanager
def cancellable(is_wanted: Callable[[], bool]) -> Iterator[None]:
    """Let :func:`give_way` end the work of this thread in the context once ``is_wanted`` returns False."""
    before = getattr(_current, "is_wanted", None)
    _current.is_wanted = is_wanted
    try:
        yield
    finally:
        _current.is_wanted = before


class FrameWaiting:
    """Waits for frames of the window, but at most ``MAX_WAITING`` times as long as the thread works.

    Otherwise a window that draws without a pause would stop the work. The limit refers to the thread's processor time,
    because other programs also keep the thread waiting.

    Args:
        gate: closed while the window draws.
        processor: returns the processor time of the thread in seconds.
        clock: returns the time in seconds.
    """

    def __init__(
        self,
        gate: Gate,
        processor: Callable[[], float] = time.thread_time,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        self._gate, self._processor, self._clock = gate, processor, clock
        self._began, self._waited = processor(), 0.0

    def wait(self) -> None:
        """Block while the gate is closed, unless this thread has waited for long enough."""
        if self._gate.is_open or self._waited >= MAX_WAITING * (self._processor() - self._began):
            return
        before = self._clock()
        self._gate.wait()
        self._waited += self._clock() - before


class Pace:
    """How long the GUI thread rests between the parts of a long job, such as the pictures of an export.

    A part of 10 ms costs a frame; ten times as long a rest leaves the others. While the window draws nothing, such as while
    training is paused, there is no rest.

    Args:
        gate: the gate of the window; ``None`` without a window.
        processor: returns the processor time of the GUI thread in seconds.
        clock: returns the time in seconds.
    """

    def __init__(
        self,
        gate: Gate | None,
        processor: Callable[[], float] = time.thread_time,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        self._gate, self._processor, self._clock = gate, processor, clock
        self._until = 0.0

    @contextmanager
    def part(self) -> Iterator[None]:
        """Measure a part of the job, which runs in the context on the GUI thread."""
        began = self._processor()
        try:
            yield
        finally:
            scarce = self._gate is not None and self._gate.is_tight
            self._until = self._clock() + (TIGHT_REST if scarce else REST) * (self._processor() - began)

    @property
    def rest_ms(self) -> int:
        """How long to rest from now on, in milliseconds."""
        if self._gate is None or not self._gate.has_drawn:
            return 0
        return math.ceil(max(0.0, self._until - self._clock()) * 1e3)
