"""The queue of commands to the training thread, which allows one command to be put back."""

from __future__ import annotations

import queue
from typing import Final, TypeAlias

from playground.worker.checkpoint import Checkpoint
from playground.worker.commands import Command

Queued: TypeAlias = Command | Checkpoint | None
"""A command, or ``None`` to end the thread."""


class Nothing:
    """Represents an empty queue."""


NOTHING: Final = Nothing()


class CommandQueue:
    """Commands in the order in which they were put."""

    def __init__(self) -> None:
        self._queue: queue.SimpleQueue[Queued] = queue.SimpleQueue()
        self._ahead: Queued | Nothing = NOTHING

    def put(self, command: Queued) -> None:
        """Add ``command`` without blocking; from any thread."""
        self._queue.put(command)

    @property
    def is_empty(self) -> bool:
        """Whether no command is queued, apart from one that was put back."""
        return self._queue.empty()

    def put_back(self, command: Queued | Nothing) -> None:
        """Return ``command`` from the next :meth:`take`; only for the consuming thread."""
        self._ahead = command

    def take(self, timeout: float | None) -> Queued | Nothing:
        """Return the next command, or ``NOTHING`` after ``timeout`` seconds (``None``: wait forever)."""
        if not isinstance(self._ahead, Nothing):
            command, self._ahead = self._ahead, NOTHING
            return command
        try:
            if timeout == 0.0:
                return self._queue.get_nowait()
            return self._queue.get(timeout=timeout)
        except queue.Empty:
            return NOTHING
