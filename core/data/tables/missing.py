"""How tables write a missing value: what always is one, what is one among numbers, and numbers that look like one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from core.arrays import Floats

_EXCEL: Final = ("#N/A", "#NA", "#VALUE!", "#DIV/0!", "#REF!", "#NAME?", "#NULL!", "#NUM!")

MISSING: Final = ("", "NA", "N/A", "n/a", "NaN", "nan", "NULL", "null", "?", "<NA>", "NaT", *_EXCEL)
"""These are missing in every column."""

MISSING_AMONG_NUMBERS: Final = frozenset(
    (
        *MISSING,
        *("-", "--", "---", "–", "—", ".", "..", "…", "*", "#", "x", "X", "n.a.", "N.A.", "na", "n.d.", "nil"),
        *("none", "None", "missing", "Missing", "MISSING", "unknown", "Unknown"),
    )
)
"""These are missing where the other cells are numbers or dates; in a column of texts they may be categories."""

_CODES: Final = tuple(
    sign * float(text)
    for text in ("99", "999", "9999", "99999", "999999", "99.9", "999.9", "9999.9")
    for sign in (1, -1)
)
"""Numbers that stand for a missing value in many measurements."""


def suspected_code(values: Floats) -> tuple[float, int] | None:
    """Return a number that may stand for a missing value, and how often it occurs; ``None`` if there is none.

    It is one of the usual codes (−999, 9999, …) and lies further from all other numbers than they spread.

    Args:
        values: (N,) the numbers of a column, NaN where it is missing.
    """
    present = values[~np.isnan(values)]
    if len(present) < 3:
        return None
    for code in (float(present.min()), float(present.max())):
        others = present[present != code]
        if code not in _CODES or not len(others):
            continue
        low, high = float(others.min()), float(others.max())
        if (low - code if code < low else code - high) > high - low:
            return code, len(present) - len(others)
    return None
