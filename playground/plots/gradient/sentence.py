"""Sentences that compare the magnitudes of the first and the last layer."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from msgspec import Struct

from core.analysis.gradient_flow import first_to_last
from core.analysis.gradient_stop import GradientStop
from core.arrays import Floats
from playground.plots.steady_ratio import ALIKE, SteadyRatio
from playground.plotting.drawing.layer_names import weight_name
from playground.style.numbers import power_of_ten, thousands


class Stop(Struct, frozen=True):
    """The reason why no gradient passes a layer, in words and in a shorter form."""

    long: str
    short: str


def stop_in_words(stop: GradientStop, names: Sequence[str]) -> Stop:
    """Describe ``stop``; ``names`` are the names of the layers (``Hidden 3``)."""
    name, weights = names[stop.layer].lower(), weight_name(stop.layer)
    match stop.reason:
        case "dead" if stop.until > stop.layer:
            text = f"{name} to {names[stop.until].lower()} are dead"
            return Stop(text, text)
        case "dead":
            return Stop(f"all of {name} is dead", f"{name} is dead")
        case "zero weights":
            return Stop(f"all weights {weights} are 0", f"{weights} is 0")
        case "blocked":
            return Stop(f"φ′ = 0 wherever a gradient reaches {name}", f"φ′ = 0 in {name}")
        case "underflow":
            return Stop(f"it underflows to 0 in {name}", f"underflows in {name}")
        case "no error":
            return Stop("the loss has slope 0 for every sample", "no error left")


def gradient_sentences(
    values: Floats,
    what: str = "gradient",
    symbol: str = "∂L/∂W{}",
    stop: Stop | None = None,
    steady: SteadyRatio | None = None,
) -> tuple[str, ...]:
    """Return sentences that summarize the magnitudes of the layers, longest first.

    Args:
        values: (layers,), one magnitude per layer.
        what: noun for the magnitude.
        symbol: format string of one layer's magnitude; ``{}`` is the layer's number.
        stop: why the gradient stops, if it does.
        steady: keeps the ratio of the first layer's magnitude to the last one's steady.
    """
    if np.isnan(values).any():
        return (f"the {what} overflowed", f"{what} is NaN")
    if np.isinf(values).any():
        return (f"the {what} has overflowed", f"{what} overflowed")
    if len(values) < 2:
        return ("only one layer, so nothing to compare", "only one layer")
    if not values.any():
        # The output's bias, which is not part of ∂L/∂W, may still get one.
        nothing = "no weight" if symbol.startswith("∂L/∂W") else "no layer"
        return _with_reason(f"{nothing} gets any {what}", f"no {what}", stop)
    ratio = first_to_last(values)
    if math.isnan(ratio):  # only layers in between get any
        return _with_reason(f"first and last layer get no {what}", f"{weight_name(0)} and last get none", stop)
    if ratio == 0.0:
        return _with_reason(f"first layer gets no {what}", f"{weight_name(0)} gets none", stop)
    if math.isinf(ratio):
        return (f"last layer gets no {what} at all", "last layer gets none")
    if steady is not None:
        ratio = steady.stated(ratio)
    if 1.0 / ALIKE <= ratio <= ALIKE:
        return ("first and last layer get about the same", "first ≈ last")
    times, size, amount = (1.0 / ratio, "smaller", "less") if ratio < 1.0 else (ratio, "larger", "more")
    many, first, last = times_text(times), weight_name(0), weight_name(len(values) - 1)
    return (
        f"{symbol.format(first[1:])} is {many} × {size} than {symbol.format(last[1:])}",
        f"{first} gets {many} × {amount} than {last}",
        f"{first}: {many} × {amount}",
    )


def ratio_text(values: Floats) -> str:
    """Return how the first layer's magnitude compares with the last one's: ``2 500 × smaller``; empty if it does not."""
    if len(values) < 2 or not np.isfinite(values).all() or not values.any():
        return ""
    ratio = first_to_last(values)
    if ratio == 0.0:
        return "none"
    if not math.isfinite(ratio):
        return ""
    if 1.0 / ALIKE <= ratio <= ALIKE:
        return "about the same"
    return f"{times_text(1.0 / ratio)} × smaller" if ratio < 1.0 else f"{times_text(ratio)} × larger"


def _with_reason(long: str, brief: str, stop: Stop | None) -> tuple[str, ...]:
    if stop is None:
        return (long, brief)
    return (f"{long}: {stop.long}", f"{brief}: {stop.short}", stop.short)


def times_text(ratio: float) -> str:
    """Format a factor with two significant digits: ``3.2``, ``2 500``, ``3.2·10⁸``."""
    if math.isinf(ratio):
        return f"over {power_of_ten(308)}"
    # Round first, so that 9.96 becomes 10 and not 10.0.
    mantissa, power = f"{ratio:.1e}".split("e")
    exponent = int(power)
    if exponent == 0:
        return mantissa
    if exponent < 7:
        return thousands(round(float(mantissa) * 10**exponent))
    digits = mantissa.removesuffix(".0")
    return power_of_ten(exponent) if digits == "1" else f"{digits}·{power_of_ten(exponent)}"
