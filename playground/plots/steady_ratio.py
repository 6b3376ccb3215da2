"""A fluctuating ratio or number, stated so that its sentence seldom changes."""

from __future__ import annotations

import math
from typing import Final

SLACK: Final = 1.05
"""The stated ratio is never off by more than this factor."""

ALIKE: Final = 2.0
"""Up to this factor two magnitudes are about the same, …"""

STILL_ALIKE: Final = 2.2
"""… and up to this one if they were before."""


class SteadyRatio:
    """Keeps the last ratio while it is accurate to 5 %, or while both sides stay about the same."""

    def __init__(self) -> None:
        self._stated = math.nan

    def clear(self) -> None:
        """Forget the last ratio, because the next one is of something else."""
        self._stated = math.nan

    def stated(self, ratio: float) -> float:
        """Return the ratio to state for ``ratio``; 1 for two sides that stay about the same."""
        before = self._stated
        if not before / SLACK <= ratio <= before * SLACK:
            alike = 1.0 / ALIKE <= before <= ALIKE and 1.0 / STILL_ALIKE <= ratio <= STILL_ALIKE
            self._stated = 1.0 if alike else ratio
        return self._stated

    def held(self, value: float) -> float:
        """Return the number to state for ``value``: the last one while it is accurate to 5 %."""
        low, high = sorted((self._stated / SLACK, self._stated * SLACK))
        if not low <= value <= high:
            self._stated = value
        return self._stated
