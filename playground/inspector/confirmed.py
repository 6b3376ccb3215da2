"""Numbers that a calculator confirms: written with enough digits for the written result to follow from them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

from playground.style.numbers import MINUS, short

MAX_DIGITS: Final = 12


def value_of(text: str) -> float:
    """Return the number that :func:`short` wrote."""
    return float(text.replace(MINUS, "-").replace("∞", "inf"))


def confirms(result: float, text: str) -> bool:
    """Return whether ``result``, rounded to the last digit of ``text``, is the number written there."""
    if not math.isfinite(result):
        return not math.isfinite(value_of(text))
    mantissa, _, exponent = text.replace(MINUS, "-").partition("e")
    decimals = len(mantissa.partition(".")[2]) - int(exponent or 0)
    # An exact 0 is written without decimals.
    unit = 10.0**-decimals if value_of(text) else 0.0
    return abs(result - value_of(text)) <= 0.5 * unit * (1.0 + 1e-9)


def written_product(factors: Sequence[float], product: str, fewest: int = 2) -> list[str]:
    """Return ``factors`` with the fewest digits, ``fewest`` or more, whose product is the one that is written."""
    texts = with_digits(factors, fewest)
    for digits in range(fewest, MAX_DIGITS + 1):
        texts = with_digits(factors, digits)
        if confirms(math.prod(map(value_of, texts)), product):
            return texts
    return with_digits(factors, max(fewest, 4))  # a product out of the range of floats


def written_sum(terms: Sequence[float], total: str, fewest: int = 4) -> list[str]:
    """Return ``terms`` with the fewest digits, ``fewest`` or more, whose sum is the one that is written."""
    for digits in range(fewest, MAX_DIGITS + 1):
        texts = with_digits(terms, digits)
        if confirms(sum_of([value_of(text) for text in texts]), total):
            return texts
    return with_digits(terms, fewest)


def sum_of(values: Sequence[float]) -> float:
    """Return the sum of ``values``, NaN where it has none or leaves the range of floats."""
    try:
        return math.fsum(values)
    except (OverflowError, ValueError):  # so says fsum of huge terms, and of ∞ − ∞
        return math.nan


def with_digits(values: Sequence[float], digits: int) -> list[str]:
    """Return ``values`` with ``digits`` significant digits; before an exponent ``short`` would leave one out."""
    texts = [short(value, digits) for value in values]
    return [short(value, digits + 1) if "e" in text else text for value, text in zip(values, texts, strict=True)]
