"""Tick positions and labels."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final, TypeAlias

import numpy as np

from core.arrays import Floats
from playground.style.numbers import MINUS, power_of_ten, short, thousands
from playground.style.theme import Style

Ticks: TypeAlias = tuple[tuple[float, str], ...]
"""Positions in the axis's coordinates (exponents of ten on a log axis) with their labels."""

ROW: Final = 32.0
"""Height of the plot for each label of a left axis in decades, in pixels at scale 1."""


def linear_ticks(low: float, high: float, max_ticks: int) -> Ticks:
    """Return at most ``max_ticks`` ticks at multiples of 1, 2, 2.5, 3 or 5 times a power of ten in [low, high]."""
    span = high - low
    if not (math.isfinite(span) and max_ticks >= 1 and span / max_ticks > 0.0):
        return ()
    power = 10.0 ** math.floor(math.log10(span / max_ticks))
    if power == 0.0:
        return ()  # the power of ten is below the smallest subnormal number
    indices = range(0)
    step = power
    for step in (factor * power for factor in (1.0, 2.0, 2.5, 5.0, 10.0, 20.0, 50.0)):
        indices = _multiples(step, low, high)
        if len(indices) <= max_ticks:
            break
    if not _meets_ends(step, indices, low, high):
        # Multiples of 3 are used only if they meet both ends, as in −6, −3, 0, 3, 6.
        for third in (factor * power for factor in (3.0, 6.0, 30.0)):
            others = _multiples(third, low, high)
            if len(indices) - 1 <= len(others) <= max_ticks and _meets_ends(third, others, low, high):
                step, indices = third, others
                break
    values = [index * step for index in indices]
    return tuple(zip(values, _labels(values, step), strict=True))


def _multiples(step: float, low: float, high: float) -> range:
    """Return the multiples of ``step`` in [low, high]."""
    return range(math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9) + 1)


def _meets_ends(step: float, indices: range, low: float, high: float) -> bool:
    slack = 1e-9 * (high - low)
    return len(indices) > 1 and abs(indices[0] * step - low) < slack and abs(indices[-1] * step - high) < slack


def _labels(values: list[float], step: float) -> list[str]:
    largest = max(map(abs, values), default=0.0)
    if largest >= 1e6 or (largest and largest < 1e-3):
        # Use as many digits as needed to make all labels differ.
        candidates = ([short(value, digits) for value in values] for digits in range(3, 17))
        return next(
            (labels for labels in candidates if len(set(labels)) == len(labels)), [repr(value) for value in values]
        )
    decimals = max(0, -math.floor(math.log10(step) + 1e-9))
    if abs(step * 10**decimals - round(step * 10**decimals)) > 1e-6:
        decimals += 1
    if decimals == 0:
        return [thousands(round(value)) for value in values]
    return ["0" if value == 0 else f"{value:.{decimals}f}".replace("-", MINUS) for value in values]


def decade_ticks(low: int, high: int, max_ticks: int) -> Ticks:
    """Return at most ``max_ticks`` ticks at whole exponents in [low, high], evenly spaced from the top."""
    step = max(1, math.ceil((high - low) / max(max_ticks - 1, 1)))
    exponents = range(high, low - 1, -step)
    plain = all(-3 <= exponent <= 3 for exponent in exponents)
    return tuple((float(e), decade_label(e, plain=plain)) for e in exponents)


def decades_up(low: int, high: int, height: float, style: Style) -> Ticks:
    """Return the ticks at whole exponents in [low, high] for a left axis ``height`` pixels high."""
    return decade_ticks(low, high, max(3, int(height / style.px(ROW))))


def decade_label(exponent: int, *, plain: bool) -> str:
    """Format 10^exponent: ``0.01`` if ``plain``, else ``10⁻²``; 1 is always ``1``."""
    if exponent == 0:
        return "1"
    if not plain:
        return power_of_ten(exponent)
    return f"{10.0**exponent:.{max(0, -exponent)}f}" if exponent < 0 else thousands(10**exponent)


def thinned(count: int, max_count: int) -> list[int]:
    """Return about ``max_count`` of the indices 0 … count − 1, evenly spaced, including the first and the last."""
    if count <= max_count:
        return list(range(count))
    step = next(s for s in (2, 5, 10, 20, 25, 50, 100, 250, 1000, count) if count / s <= max(max_count - 1, 1))
    # Prefer one-based numbers that are multiples of the step: W₁, W₁₀, W₂₀ …; in steps of two, W₁, W₃, W₅ …
    kept = list(range(0, count, 2)) if step == 2 else [0, *range(step - 1, count, step)]
    if count - 1 - kept[-1] > step // 2:
        kept.append(count - 1)
    return kept


def apart(places: Sequence[float], gap: float) -> set[int]:
    """Return the indices of ``places`` that are at least ``gap`` apart: the ends, then those between them."""
    kept: set[int] = set()
    for index in sorted(range(len(places)), key=lambda each: (0 < each < len(places) - 1, each)):
        if all(abs(places[index] - places[other]) >= gap for other in kept):
            kept.add(index)
    return kept


def decimated(x: Floats, y: Floats, max_points: int) -> tuple[Floats, Floats]:
    """Reduce the curve (n,) to at most ``max_points`` points, keeping each bucket's minimum and maximum."""
    if len(x) <= max_points:
        return x, y
    buckets = max(max_points // 2, 1)
    size = -(-len(x) // buckets)
    padding = -len(x) % size
    padded = np.concatenate([y, np.full(padding, y[-1])]).reshape(-1, size)
    known = ~np.isnan(padded)
    start = np.arange(len(padded)) * size
    lowest = start + np.argmin(np.where(known, padded, np.inf), axis=1)
    highest = start + np.argmax(np.where(known, padded, -np.inf), axis=1)
    kept = np.zeros(len(x), dtype=np.bool_)
    kept[np.minimum(lowest, len(x) - 1)] = True
    kept[np.minimum(highest, len(x) - 1)] = True
    return x[kept], y[kept]
