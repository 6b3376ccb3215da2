"""Measure the training speed in steps per second."""

from __future__ import annotations

import time
from typing import Final

_SPAN_SECONDS: Final = 0.5


class StepRate:
    """Steps per second over the last half second."""

    def __init__(self) -> None:
        self.restart()

    def restart(self) -> None:
        """Reset the counter."""
        self._since, self._steps, self._shown = time.perf_counter(), 0, 0.0

    def count(self, steps: int) -> None:
        """Count ``steps`` steps just taken."""
        self._steps += steps
        elapsed = time.perf_counter() - self._since
        if elapsed >= _SPAN_SECONDS:
            self._shown = self._steps / elapsed
            self._since, self._steps = time.perf_counter(), 0

    def per_second(self) -> float:
        """Return the rate over the last full interval; 0 before the first one."""
        return self._shown
