"""Format numbers and layer names for the evidence."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

from core.network.architecture import Layer

_RAISED: Final = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
_LOWERED: Final = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def number(value: float) -> str:
    """Format ``value`` with two significant digits and no trailing zeros: ``0.031``, ``2.5``, ``1 200``, ``3.4·10⁻⁷``."""
    if not math.isfinite(value):
        return "∞" if value == math.inf else "−∞" if value == -math.inf else "NaN"
    if value == 0.0:
        return "0"
    sign, mantissa, power = "−" if value < 0 else "", *f"{abs(value):.1e}".split("e")
    exponent = int(power)
    rounded = float(mantissa) * 10.0**exponent
    if -3 <= exponent < 1:
        return f"{sign}{rounded:.{1 - exponent}f}".rstrip("0").rstrip(".")
    if 1 <= exponent < 6:
        return f"{sign}{rounded:,.0f}".replace(",", "\u2009")
    digits, raised = mantissa.removesuffix(".0"), f"10{str(exponent).translate(_RAISED)}"
    return f"{sign}{raised}" if digits == "1" else f"{sign}{digits}·{raised}"


def share(value: float) -> str:
    """Format ``value`` (0 to 1) as a whole percentage."""
    return f"{100.0 * value:.0f}\u2009%"


def count(value: int) -> str:
    """Format an integer in groups of three digits."""
    return f"{value:,}".replace(",", "\u2009")


def decades(value: float) -> str:
    """Format a change in decades with its sign: ``+0.8 decades``, ``−6.1 decades``, ``0.0 decades``."""
    amount = f"{abs(value):.1f}"
    sign = "" if float(amount) == 0.0 else "−" if value < 0.0 else "+"
    return f"{sign}{amount} decades"


def weights_of(index: int) -> str:
    """Return the name of the weights of layer ``index``: ``W₁``."""
    return f"W{str(index + 1).translate(_LOWERED)}"


def layers_named(layers: Sequence[Layer], indices: Sequence[int]) -> str:
    """Return the names of the layers ``indices``, ascending: ``hidden 1 to 7``, ``hidden 2 and 5``, ``the output``."""
    names = [layers[index].name.lower() for index in indices]
    if indices[-1] == len(layers) - 1:  # the output has no number
        output = f"the {names[-1]}"
        return output if len(names) == 1 else f"{layers_named(layers, indices[:-1])} and {output}"
    if len(names) == 1:
        return names[0]
    numbers = [name.rsplit(" ", 1)[-1] for name in names]
    if len(indices) > 2 and indices[-1] - indices[0] == len(indices) - 1:
        return f"hidden {numbers[0]} to {numbers[-1]}"
    return f"hidden {', '.join(numbers[:-1])} and {numbers[-1]}"


def one_digit(value: float) -> float:
    """Return ``value`` rounded down to one significant digit."""
    if value <= 0.0 or not math.isfinite(value):
        return value
    power = math.floor(math.log10(value))
    digit = math.floor(value / 10.0**power + 1e-9)
    return float(f"{digit}e{power}")
