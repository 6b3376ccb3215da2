"""How many steps a second training takes at present."""

from __future__ import annotations

import time
from typing import Final

_SPAN_SECONDS: Final = 0.5


class StepRate:
    """Steps a second over the last half second."""

    def __init__(self) -> None:
        self.restart()

    def restart(self) -> None:
        """Forget what was counted."""
        self._since, self._steps, self._shown = time.perf_counter(), 0, 0.0

    def count(self, steps: int) -> None:
        """Count ``steps`` that have just been taken."""
        self._steps += steps
        elapsed = time.perf_counter() - self._since
        if elapsed >= _SPAN_SECONDS:
            self._shown = self._steps / elapsed
            self._since, self._steps = time.perf_counter(), 0

    def per_second(self) -> float:
        """Return the rate over the last full span, 0 before one has passed."""
        return self._shown
