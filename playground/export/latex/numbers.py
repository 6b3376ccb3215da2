"""Numbers and ranges that TeX can compute with."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

FLAT: Final = 1e-2
"""Relative range of values below which an axis is widened: TeX cannot compute the range of nearly equal values."""

ROOM: Final = 0.05
MIN_LOG_VALUE: Final = 1e-280
GAP: Final = "nan"


def finite(value: float) -> bool:
    """Return whether ``value`` can be drawn."""
    return math.isfinite(value) and abs(value) < 1e290


def plain(value: float) -> str:
    """Return ``value`` as TeX reads it."""
    return f"{value:.7g}"


def gap(value: float, *, log: bool) -> str:
    """Return ``value`` for pgfplots: what is not finite, or not positive on a logarithmic axis, is a gap."""
    return plain(value) if finite(value) and (value > MIN_LOG_VALUE or not log) else GAP


def axis_range(values: Sequence[float], *, log: bool) -> tuple[float, float]:
    """Return the ends of an axis for ``values``: powers of ten on a logarithmic axis, otherwise a little beyond them."""
    known = [value for value in values if finite(value) and (value > MIN_LOG_VALUE or not log)]
    if log:
        exponents = [math.log10(value) for value in known] or [0.0]
        low, high = math.floor(min(exponents)), math.ceil(max(exponents))
        return 10.0**low, 10.0 ** max(high, low + 1)
    least, most = min(known, default=0.0), max(known, default=1.0)
    largest = max(abs(least), abs(most))
    room = ROOM * (most - least) if most - least > FLAT * largest else FLAT * largest
    return (least - room, most + room) if room > MIN_LOG_VALUE else (least - FLAT, most + FLAT)
