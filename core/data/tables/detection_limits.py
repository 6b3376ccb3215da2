"""Read limits of detection and approximate numbers among numbers: ``<0.5``, ``≥ 100``, ``~5``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import numpy as np
from msgspec import Struct

from core.data.tables.numbers import Numbers, is_number, parse_if_numbers

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.arrays import Integers
    from core.data.tables.dialect import Decimal

_SIGN: Final = re.compile(r"^(?:[<>]=?|[≤≥⩽⩾~≈∼]|ca\.|c\.)\s*(?=[+\-−.,0-9$€£])")
_FIRST_LETTERS: Final = frozenset("<>≤≥⩽⩾~≈∼c")
_MIN_NUMBERS: Final = 11
"""Minimum number of distinct numbers without a sign, unless most have decimals: 0, 1, 2, >2 are categories."""

_PROBES: Final = 16
"""Number of texts that are tried before all others."""

_MIN_DECIMALS: Final = 3


class Limits(Struct, frozen=True):
    """Numbers of which some had a sign.

    Attributes:
        numbers: all numbers, without the signs.
        count: number of cells with a sign.
        example: one of those cells.
    """

    numbers: Numbers
    count: int
    example: str


def parse_limits(texts: Sequence[str], counts: Integers, decimal: Decimal) -> Limits | None:
    """Parse ``texts`` as numbers, of which some have a sign; ``None`` if one is no number, or they may be categories.

    Args:
        texts: distinct texts.
        counts: (N,): number of cells with each text.
        decimal: the decimal separator, if it is ambiguous.
    """
    if not all(is_number(_SIGN.sub("", text)) for text in texts[:: max(len(texts) // _PROBES, 1)]):
        return None
    if not any(text[:1] in _FIRST_LETTERS for text in texts):
        return None
    bare = [_SIGN.sub("", text) if text[:1] in _FIRST_LETTERS else text for text in texts]
    numbers = parse_if_numbers(bare, decimal)
    signed = np.array([text != before for text, before in zip(bare, texts, strict=True)])
    if numbers is None or not signed.any() or signed.sum() > len(texts) / 2:
        return None
    plain = np.unique(numbers.values[~signed])
    decimals = np.count_nonzero(plain != np.round(plain))
    if len(plain) < _MIN_NUMBERS and (decimals < _MIN_DECIMALS or 2 * decimals < len(plain)):
        return None
    first = int(np.flatnonzero(signed)[np.argmax(counts[signed])])
    return Limits(numbers, int(counts[signed].sum()), texts[first])
