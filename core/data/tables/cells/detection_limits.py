"""Read limits of detection and approximate numbers among numbers: ``<0.5``, ``≥ 100``, ``~5``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from msgspec import Struct

from core.data.tables.cells.numbers import Numbers, are_quantities, numbers_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.arrays import Integers
    from core.data.tables.cells.number_parts import Decimal, Parts


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


def parse_limits(texts: Sequence[str], counts: Integers, parts: Parts, decimal: Decimal) -> Limits | None:
    """Convert ``parts`` to numbers, of which some had a sign; ``None`` if one is not a number, or they may be categories.

    Args:
        texts: distinct texts.
        counts: (N,): number of cells with each text.
        parts: their parts.
        decimal: the decimal separator, if it is ambiguous.
    """
    signed = parts.limits
    if not signed.any() or signed.sum() > len(texts) / 2:
        return None
    numbers = numbers_of(texts, parts, decimal)
    if numbers is None or not are_quantities(numbers.values[~signed]):
        return None
    first = int(np.flatnonzero(signed)[np.argmax(counts[signed])])
    return Limits(numbers, int(counts[signed].sum()), texts[first])
