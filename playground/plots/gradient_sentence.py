"""One sentence on how magnitudes differ from the first layer to the last."""

from __future__ import annotations

import math

import numpy as np

from core.arrays import Floats
from core.gradient_flow import first_to_last
from playground.numbers import power_of_ten, thousands


def gradient_sentences(values: Floats, what: str = "gradient") -> tuple[str, ...]:
    """Return what to say of the layers' magnitudes (layers,), longest form first.

    Args:
        values: one magnitude a layer.
        what: what they are magnitudes of.
    """
    if np.isnan(values).any():
        return (f"the {what} is not a number any more", f"{what} is NaN")
    if np.isinf(values).any():
        return (f"the {what} has overflowed", f"{what} overflowed")
    if len(values) < 2:
        return ("",)
    if not values.any():
        return (f"no layer gets any {what}", f"no {what}")
    ratio = first_to_last(values)
    if ratio == 0.0:
        return (f"first layer gets no {what} at all", "first layer gets none")
    if math.isinf(ratio):
        return (f"last layer gets no {what} at all", "last layer gets none")
    if 0.5 <= ratio <= 2.0:
        return ("first and last layer get about the same", "first ≈ last")
    times, word = (1.0 / ratio, "less") if ratio < 1.0 else (ratio, "more")
    many = times_text(times)
    return (
        f"first layer gets {many} × {word} than the last",
        f"first gets {many} × {word} than last",
        f"first: {many} × {word}",
    )


def times_text(ratio: float) -> str:
    """Return a factor with two significant digits: ``3.2``, ``2 500``, ``3·10⁸``."""
    if ratio < 9.95:
        return f"{ratio:.1f}"
    exponent = math.floor(math.log10(ratio) + 1e-12)
    if exponent < 6:
        unit = 10 ** (exponent - 1)
        return thousands(round(ratio / unit) * unit)
    mantissa = round(ratio / 10.0**exponent)
    if mantissa == 10:
        mantissa, exponent = 1, exponent + 1
    return power_of_ten(exponent) if mantissa == 1 else f"{mantissa}·{power_of_ten(exponent)}"
