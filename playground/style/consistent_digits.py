"""Format numbers with enough digits that the displayed result follows from the displayed operands."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

from playground.style.numbers import MINUS, short

MAX_DIGITS: Final = 12


def value_of(text: str) -> float:
    """Parse a number formatted by :func:`short`."""
    return float(text.replace(MINUS, "-").replace("∞", "inf"))


def confirms(result: float, text: str) -> bool:
    """Return whether ``result``, rounded to the precision of ``text``, equals the number in ``text``."""
    return _distance(result, text) <= 0.5 * (1.0 + 1e-9)


def follows(result: float, text: str) -> bool:
    """Return whether ``result`` rounds to the number in ``text`` and is not halfway to the next one."""
    return _distance(result, text) < 0.5 * (1.0 - 1e-6)


def _distance(result: float, text: str) -> float:
    """Return the distance of ``result`` from the number in ``text``, in units of its last digit."""
    if not math.isfinite(result):
        return math.inf if math.isfinite(value_of(text)) else 0.0
    mantissa, _, exponent = text.replace(MINUS, "-").partition("e")
    decimals = len(mantissa.partition(".")[2]) - int(exponent or 0)
    distance = abs(result - value_of(text))
    unit = max(10.0**-decimals, math.ulp(0.0))  # subnormal numbers have fewer digits than are written
    # An exact 0 is formatted without decimals.
    return distance / unit if value_of(text) or not distance else math.inf


def written_product(factors: Sequence[float], product: str, min_digits: int = 2) -> list[str]:
    """Format ``factors`` with as few digits as possible, at least ``min_digits``, so that they multiply to ``product``."""
    for agrees in (follows, confirms):
        for digits in range(min_digits, MAX_DIGITS + 1):
            texts = with_digits(factors, digits)
            if agrees(math.prod(map(value_of, texts)), product):
                return texts
    return with_digits(factors, max(min_digits, 4))  # the product overflows


def written_sum(terms: Sequence[float], total: str, min_digits: int = 4) -> list[str]:
    """Format ``terms`` with as few digits as possible, at least ``min_digits``, so that they add up to ``total``."""
    for agrees in (follows, confirms):
        for digits in range(min_digits, MAX_DIGITS + 1):
            texts = with_digits(terms, digits)
            if agrees(sum_of([value_of(text) for text in texts]), total):
                return texts
    return with_digits(terms, min_digits)


def sum_of(values: Sequence[float]) -> float:
    """Return the sum of ``values``; NaN if it is undefined or overflows."""
    try:
        return math.fsum(values)
    except (OverflowError, ValueError):  # fsum raises these for an overflow and for ∞ − ∞
        return math.nan


def with_digits(values: Sequence[float], digits: int) -> list[str]:
    """Format ``values`` with ``digits`` significant digits (``short`` drops one where it adds an exponent)."""
    texts = [short(value, digits) for value in values]
    return [short(value, digits + 1) if "e" in text else text for value, text in zip(values, texts, strict=True)]


def confirmed_digits(terms: Sequence[str], total: float) -> int:
    """Return the number of digits, at most 4, to which the displayed ``terms`` add up to ``total``."""
    result = sum_of([value_of(term) for term in terms])
    return next((digits for digits in (4, 3, 2) if follows(result, short(total, digits))), 2)
