"""Find columns such as ``12.345`` whose points may be decimal or group thousands, in tables that do not tell."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import numpy as np

from core.data.tables.cells.missing import MISSING

if TYPE_CHECKING:
    from core.arrays import Floats
    from core.data.tables.layout.frame import Frame

_GROUPED: Final = re.compile(r"[+-]?(?:[1-9][0-9]{0,2}(?:\.[0-9]{3})?|0)")
_THOUSAND: Final = 1000.0
_MAX_ERROR: Final = 1e-6


def ambiguous_points(frame: Frame) -> frozenset[int]:
    """Return the columns of plain numbers with three digits after each point; empty if another column has other decimals."""
    fractional = [index for index, values in frame.numbers.items() if (values % 1.0 > 0).any()]
    if all(_may_be_thousands(frame.numbers[index]) and _are_grouped(frame, index) for index in fractional):
        return frozenset(fractional)
    return frozenset()


def _may_be_thousands(values: Floats) -> bool:
    """Return whether ``values`` (N,) are whole numbers of thousandths below 1000, which is faster than to look at texts."""
    present = np.abs(values[~np.isnan(values)])
    scaled = _THOUSAND * present
    return bool(((present < _THOUSAND) & (np.abs(scaled - np.round(scaled)) < _MAX_ERROR)).all())


def _are_grouped(frame: Frame, index: int) -> bool:
    texts = {text.strip() for text in frame.texts(index)}
    return all(_GROUPED.fullmatch(text) or text in MISSING for text in texts)
