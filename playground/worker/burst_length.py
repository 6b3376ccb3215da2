"""How many steps a burst of training takes, and when it makes room for a snapshot."""

from __future__ import annotations

import math
import time
from typing import Final

from playground.worker.mailbox import BURST_SECONDS, QUICK_BURST_SECONDS, Gate

ATTENTION_SECONDS: Final = 0.5
"""After a command, bursts are short for this long, because further ones may follow, such as while a slider is dragged."""

_GROWTH: Final = 4
_FORGETTING: Final = 1.05

_CATCHING_UP: Final = 0.0175
"""Maximum time in seconds by which a snapshot after a late one comes sooner."""


def next_due(due: float, began: float, period: float) -> float:
    """Return when the next snapshot is due: a ``period`` after the last one, which was due at ``due`` and began at ``began``.

    Snapshots that are each a few milliseconds late, as on a busy machine, still keep their rate.
    """
    return began + period - min(max(began - due, 0.0), _CATCHING_UP)


class BurstLength:
    """The number of steps of the next burst, so that it takes about as long as it may.

    It follows the quickest of the last bursts. The time that a burst waits for the GIL must not shorten the next one:
    short bursts wait more often. While processors are scarce it follows the last burst, so that training gives way.
    """

    def __init__(self, gate: Gate) -> None:
        self._gate = gate
        self._attentive_until = 0.0
        self.restart()

    def restart(self) -> None:
        """Start with one step, because a step may now cost more."""
        self._last, self._step_seconds = 1, math.inf

    def expect_commands(self) -> None:
        """Keep bursts short for a while, because further commands of the user may follow."""
        self._attentive_until = time.perf_counter() + ATTENTION_SECONDS

    def steps(self, seconds: float) -> int:
        """Return how many steps to take if the burst should end within ``seconds``; it is never very short."""
        longest = QUICK_BURST_SECONDS if time.perf_counter() < self._attentive_until else BURST_SECONDS
        seconds = min(max(seconds, QUICK_BURST_SECONDS), longest, self._gate.burst_seconds)
        return max(1, int(min(seconds / self._step_seconds, _GROWTH * self._last)))

    def took(self, steps: int, seconds: float) -> None:
        """Record that ``steps`` steps took ``seconds``; a burst without steps is ignored."""
        if not steps:
            return
        of_step = max(seconds, 1e-6) / steps
        known = math.inf if self._gate.is_tight else _FORGETTING * self._step_seconds
        self._last, self._step_seconds = steps, min(of_step, known)
