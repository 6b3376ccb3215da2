"""The number format used throughout the window."""

from __future__ import annotations

import math

import pytest

from playground.style.numbers import percent, power_of_ten, short, signed, thousands


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (-0.0, "0"),
        (-0.44081, "−0.4408"),
        (12.3, "12.30"),
        (123456.0, "1.23e5"),
        (99999.9, "1.00e5"),
        (0.000327, "3.27e−4"),
        (-1.6e-5, "−1.60e−5"),
        (math.inf, "∞"),
        (-math.inf, "−∞"),
        (math.nan, "NaN"),
        (1234.0, "1234"),
    ],
)
def test_short(value: float, text: str) -> None:
    assert short(value) == text


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (1.296e-4, 2, "1.3e−4"),
        (1.296e-4, 3, "1.3e−4"),
        (1.296e-4, 5, "1.296e−4"),
        (2.5e7, 2, "2.5e7"),
        (9.996e-4, 2, "0.0010"),
        (0.1296, 2, "0.13"),
        (1.296e-4, 1, "1e−4"),
    ],
)
def test_two_digits_are_two_with_an_exponent_too(value: float, digits: int, text: str) -> None:
    assert short(value, digits) == text


def test_signs_powers_groups_and_shares() -> None:
    assert [signed(0.5), signed(-0.5), signed(0.0)] == ["+0.5000", "−0.5000", "0"]
    assert [power_of_ten(-4), power_of_ten(12)] == ["10⁻⁴", "10¹²"]
    assert [thousands(1260), thousands(-1234567), thousands(7)] == ["1\u2009260", "−1\u2009234\u2009567", "7"]
    assert [percent(0.984), percent(math.nan), percent(1, 0)] == ["98.4\u2009%", "–", "100\u2009%"]
