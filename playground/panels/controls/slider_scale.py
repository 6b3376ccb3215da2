"""Mappings between a slider's integer positions and values: evenly spaced, by round stops, or around one.

Every scale must satisfy ``position_of(value_at(n)) == n``. Otherwise the handle would jump, or an arrow key would have no
effect, when the model's value is shown on the slider.
"""

from __future__ import annotations

import bisect
import math
from collections.abc import Sequence
from typing import Final, Protocol

from msgspec import Struct

_ROUND: Final = (
    1.0, 1.1, 1.2, 1.3, 1.5, 1.6, 1.8, 2.0, 2.2, 2.5, 2.7, 3.0, 3.3, 3.6, 4.0, 4.5, 5.0, 5.5, 6.0, 6.8, 7.5, 8.2, 9.0,
)  # fmt: skip


class SliderScale(Protocol):
    """A mapping between the positions ``first`` … ``last`` of a slider and values."""

    @property
    def first(self) -> int:
        """The lowest position."""
        ...

    @property
    def last(self) -> int:
        """The highest position."""
        ...

    def value_at(self, position: int) -> float:
        """Return the value at ``position``."""
        ...

    def position_of(self, value: float) -> int:
        """Return the position nearest to ``value``, clamped to the range."""
        ...


class Even(Struct, frozen=True):
    """Equal steps: position n has the value n · ``step``."""

    low: float
    high: float
    step: float = 1.0

    @property
    def first(self) -> int:
        """The lowest position."""
        return round(self.low / self.step)

    @property
    def last(self) -> int:
        """The highest position."""
        return round(self.high / self.step)

    def value_at(self, position: int) -> float:
        """Return ``position`` · step, rounded to remove floating-point noise."""
        return float(f"{position * self.step:.12g}")

    def position_of(self, value: float) -> int:
        """Return the position nearest to ``value``."""
        return _clamped(value / self.step, self.first, self.last)


class Stops(Struct, frozen=True):
    """A list of values in increasing order; with ``zero_last``, an additional last position has the value 0 ("all").

    Attributes:
        values: the stops.
        zero_last: whether 0 follows the last stop.
        first: the position of the first stop.
    """

    values: Sequence[float]
    zero_last: bool = False
    first: int = 0

    @property
    def last(self) -> int:
        """The highest position."""
        return self.first + len(self.values) - 1 + self.zero_last

    def value_at(self, position: int) -> float:
        """Return the stop at ``position``."""
        index = position - self.first
        return float(self.values[index]) if index < len(self.values) else 0.0

    def position_of(self, value: float) -> int:
        """Return the position of the nearest stop."""
        if self.zero_last and value == 0:
            return self.last
        right = bisect.bisect_left(self.values, value)
        if right == 0:
            return self.first
        if right == len(self.values):
            return self.first + right - 1
        nearer_right = right < len(self.values) and self.values[right] - value < value - self.values[right - 1]
        return self.first + (right if nearer_right else right - 1)


def counts(highest: int) -> Stops:
    """Return a scale of counts: every number up to 16, where position n has the value n, then growing steps to ``highest``.

    On a slider of 200 pixels each count has more than eight pixels.
    """
    growing = (18, 20, 24, 28, 32, 40, 50, 64)
    return Stops((*range(1, 17), *(n for n in growing if n < highest), highest), first=1)


class AroundOne(Struct, frozen=True):
    """From 0 to ``high`` with 1 in the middle: quadratic below 1, logarithmic above."""

    high: float = 100.0
    half: int = 150

    @property
    def first(self) -> int:
        """The lowest position."""
        return 0

    @property
    def last(self) -> int:
        """The highest position."""
        return 2 * self.half

    def value_at(self, position: int) -> float:
        """Return t² for t = position / half ≤ 1, else high^(t − 1), with three significant digits."""
        t = position / self.half
        return float(f"{t * t if t <= 1.0 else self.high ** (t - 1.0):.3g}")

    def position_of(self, value: float) -> int:
        """Return the position nearest to ``value``."""
        if value <= 0.0:
            return 0
        t = math.sqrt(value) if value <= 1.0 else 1.0 + math.log(value, self.high)
        return _clamped(t * self.half, 0, self.last)


def decades(lowest: int, highest: int) -> tuple[float, ...]:
    """Return round values with nearly equal ratios from 10^``lowest`` to 10^``highest``."""
    powers = range(lowest, highest)
    return (*(float(f"{number}e{power}") for power in powers for number in _ROUND), float(f"1e{highest}"))


def _clamped(position: float, low: int, high: int) -> int:
    return round(min(max(position, low), high))
