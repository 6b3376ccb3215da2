"""Stable axis ranges: they grow immediately to cover the data, and shrink only when mostly empty."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import numpy as np

from core.arrays import Floats

MAX_DECADES: Final = 18
"""Maximum number of decades on a log axis; smaller values are drawn at its lower end."""

MAX_REACH: Final = 1e300
"""Maximum extent of a linear axis; the width of a larger axis would overflow."""

_STEPS: Final = (1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)


def nice_ceiling(value: float) -> float:
    """Round ``value`` > 0 up to 1, 1.5, 2, 3, 4, 5, 6 or 8 times a power of ten."""
    power = 10.0 ** math.floor(math.log10(value))
    return next((step * power for step in _STEPS if step * power >= value * (1 - 1e-12)), 10.0 * power)


class DecadeRange:
    """The range of a log axis in whole decades."""

    def __init__(self, min_decades: int = 1, max_decades: int = MAX_DECADES) -> None:
        self._min_decades = min_decades
        self._max_decades = max_decades
        self._range: tuple[int, int] | None = None

    def clear(self) -> None:
        """Reset the range, so that the next one fits its data tightly."""
        self._range = None

    def fit(self, values: Floats, kept: Sequence[float] = ()) -> tuple[int, int]:
        """Return the (lowest, highest) exponent of ten that cover the positive finite ``values`` (any shape).

        A limit moves outwards as soon as a value exceeds it, and inwards only when two whole decades are empty. If the
        values span too many decades, ``kept`` stays visible and the smallest of the other values are cut off.
        """
        usable = values[np.isfinite(values) & (values > 0.0)]
        if not usable.size:
            return self._range or (1 - self._min_decades, 1)
        low = math.floor(math.log10(float(usable.min())) + 1e-9)
        high = math.ceil(math.log10(float(usable.max())) - 1e-9)
        if self._range is not None:
            old_low, old_high = self._range
            low = old_low if old_low <= low < old_low + 2 else low
            high = old_high if old_high - 2 < high <= old_high else high
        if high - low > self._max_decades:
            exponents = [math.log10(value) for value in kept if math.isfinite(value) and value > 0.0]
            if exponents:
                bottom, top = math.floor(min(exponents)), math.ceil(max(exponents))
                high = min(high, max(top, bottom + self._max_decades))
                low = max(low, min(bottom, high - self._max_decades))
            else:
                low = max(low, high - self._max_decades)
        padding = max(self._min_decades - (high - low), 0)
        self._range = (low - padding, high)
        return self._range


class SymmetricRange:
    """The extent r of a linear axis −r … r."""

    def __init__(self, min_reach: float = 0.0) -> None:
        self._min_reach = min_reach
        self._reach = 0.0

    def clear(self) -> None:
        """Reset the extent."""
        self._reach = 0.0

    def fit(self, reach: float) -> float:
        """Return a round number of at least ``reach``, which decreases only when less than half of it is used."""
        # If all values are 0, any extent would do; 1 is the most readable.
        wanted = max(reach, self._min_reach, 1e-12) if reach != 0.0 else max(self._min_reach, 1.0)
        if not math.isfinite(wanted):
            return self._reach or max(self._min_reach, 1.0)
        wanted = min(wanted, MAX_REACH)
        if wanted > self._reach or wanted < 0.5 * self._reach:
            self._reach = nice_ceiling(wanted)
        return self._reach


class SpanRange:
    """The range of a linear axis, with round limits."""

    def __init__(self) -> None:
        self._range: tuple[float, float] | None = None

    def clear(self) -> None:
        """Reset the range."""
        self._range = None

    def fit(self, low: float, high: float) -> tuple[float, float]:
        """Return a range that covers ``low`` … ``high`` with a margin; it shrinks when less than 55 % is used."""
        if not (math.isfinite(low) and math.isfinite(high)):
            return self._range or (0.0, 1.0)
        low, high = max(low, -MAX_REACH), min(high, MAX_REACH)
        if self._range is not None:
            old_low, old_high = self._range
            if old_low <= low and high <= old_high and (high - low) >= 0.55 * (old_high - old_low):
                return self._range
        span = max(high - low, 1e-9 * max(abs(low), abs(high)), 1e-12)
        step = nice_ceiling(span) / 10.0
        self._range = (math.floor(low / step - 0.25) * step, math.ceil(high / step + 0.25) * step)
        return self._range
