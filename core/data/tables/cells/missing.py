"""Notations of missing values: always missing, missing among numbers, and numeric codes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from core.data.tables.cells.annotations import FLAGS

if TYPE_CHECKING:
    from core.arrays import Floats

_SPREADSHEETS: Final = (
    *("#N/A", "#NA", "#VALUE!", "#DIV/0!", "#REF!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!", "#CALC!", "#FIELD!"),
    *(
        "#BLOCKED!",
        "#CONNECT!",
        "#BUSY!",
        "#UNKNOWN!",
        "#GETTING_DATA",
        "#ERROR!",
        "#WERT!",
        "#NV",
        "#BEZUG!",
        "#ZAHL!",
    ),
    *(f"Err:{number}" for number in range(501, 541)),  # LibreOffice
)

_PROGRAMS: Final = ("<undefined>", "<missing>", "1.#QNAN", "1.#IND", "-1.#IND", "-nan(ind)", "-nan", "NAN")
"""As written by Matlab, SPSS, and C programs on Windows and Unix."""

MISSING: Final = ("", "NA", "N/A", "n/a", "NaN", "nan", "NULL", "null", "?", "<NA>", "NaT", *_PROGRAMS, *_SPREADSHEETS)
"""Texts that are missing values in every column."""

MISSING_AMONG_NUMBERS: Final = frozenset(
    (
        *MISSING,
        *("-", "--", "---", "–", "—", ".", "..", "…", ":", "*", "#", "x", "X", "n.a.", "N.A.", "na", "n.d.", "nil"),
        *("k.A.", "k. A.", "n/d", "N/D", "(blank)", "(null)", "none", "None", "missing", "Missing", "MISSING"),
        *("unknown", "Unknown", "(NA)", "n/v", "s.o.", "n.v.", "no data", "No data", "No Data", "#N", "(s)", "///"),
        *(
            "ND",
            "nd",
            "N.D.",
            "BDL",
            "bdl",
            "BLQ",
            "LOD",
            "<LOD",
            "< LOD",
            "<LOQ",
            "< LOQ",
            "Undetermined",
            "undetermined",
        ),
        *("OVRFLW", "OVERFLOW", "Overflow", "OVER", "Over", "OVLD", "Overload", "OL", "Error", "ERROR", "error", "Err"),
        *(f".{letter}" for letter in "abcdefghijklmnopqrstuvwxyz"),  # Stata
        *(f"{sign}{' ' * width}-" for sign in "$€£¥" for width in range(9)),  # zero in Excel's accounting formats
        *(f"-{' ' * width}{sign}" for sign in "$€£¥" for width in range(1, 9)),
        *(f":{blank}{flag}" for flag in FLAGS for blank in ("", " ")),  # Eurostat
    )
)
"""Texts that are missing values among numbers or dates; in a column of text they may be categories."""

_CODES: Final = tuple(
    sign * float(text)
    for text in ("99", "999", "9999", "99999", "999999", "99.9", "999.9", "9999.9")
    for sign in (1, -1)
)
"""Numbers commonly used as codes for missing values."""


def suspected_code(values: Floats) -> tuple[float, int] | None:
    """Return a number that may be a code for missing values, and its number of occurrences; ``None`` if there is none.

    It must be a common code (−999, 9999, …), and farther from all other numbers than their range.

    Args:
        values: (N,): numbers of a column, NaN for missing ones.
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
