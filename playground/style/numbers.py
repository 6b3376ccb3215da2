"""Number formats: four significant digits, a typographic minus sign, thin spaces, superscript exponents."""

from __future__ import annotations

import math
from typing import Final

MINUS: Final = "−"
THIN_SPACE: Final = "\u2009"

_SUPERSCRIPTS: Final = str.maketrans("0123456789-−", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁻")


def short(value: float, digits: int = 4) -> str:
    """Format ``value`` with ``digits`` significant digits: ``−0.4408``, ``12.30``, ``3.27e−4``, ``∞``, ``NaN``.

    Magnitudes below 0.001 or of at least 100 000 have an exponent and one digit fewer, but not a single one of two.
    """
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "∞" if value > 0 else f"{MINUS}∞"
    if value == 0:
        return "0"
    # Round first: 0.00099999 becomes 0.001, 99999.9 becomes 1e5.
    mantissa, exponent = f"{abs(value):.{max(digits, 1) - 1}e}".split("e")
    power = int(exponent)
    if -3 <= power < 5:
        text = f"{abs(value):.{max(digits - 1 - power, 0)}f}"
    else:
        mantissa, exponent = f"{abs(value):.{max(digits - 2, min(digits - 1, 1), 0)}e}".split("e")
        text = f"{mantissa}e{int(exponent)}".replace("-", MINUS)
    return f"{MINUS}{text}" if value < 0 else text


def signed(value: float, digits: int = 4) -> str:
    """Format ``value`` like :func:`short`, with a plus sign if positive."""
    return f"+{short(value, digits)}" if value > 0 else short(value, digits)


def power_of_ten(exponent: int) -> str:
    """Format 10 with a superscript ``exponent``: ``10⁻⁴``."""
    return "10" + str(exponent).translate(_SUPERSCRIPTS)


def thousands(count: int) -> str:
    """Format a whole number with thin spaces between groups of three digits: ``1 260``."""
    return f"{count:,}".replace(",", THIN_SPACE).replace("-", MINUS)


def percent(share: float, decimals: int = 1) -> str:
    """Format ``share`` (0 to 1) as a percentage: ``98.4 %``; ``–`` for NaN."""
    if not math.isfinite(share):
        return "–"
    return f"{share * 100:.{decimals}f}{THIN_SPACE}%".replace("-", MINUS)
