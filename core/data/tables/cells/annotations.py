"""Tell annotations from units: flags of statistical offices, credit and debit, and a minus sign after the number."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Mapping

FLAGS: Final = (
    *("b", "c", "d", "e", "f", "i", "n", "p", "r", "s", "u", "z"),
    *("bc", "bd", "be", "bp", "bu", "de", "dp", "du", "ep", "bde", "bdp", "bdu", "bep"),
)
"""Flags of Eurostat, such as ``b`` for a break in the series, ``e`` for estimated, and ``p`` for provisional."""

_COMMON_FLAGS: Final = frozenset("bepru")
"""One of these is among different flags; others may be units: s and d, c and f."""

_IN_BRACKETS: Final = re.compile(r"\([a-zA-Z]{1,3}\)")
_MINUS: Final = "-"
_CREDIT_AND_DEBIT: Final = (("CR", "DR"), ("Cr", "Dr"), ("cr", "dr"))


class Annotations(Struct, frozen=True):
    """Annotations after numbers.

    Attributes:
        negative: those of negative numbers.
        kind: what they are.
    """

    negative: frozenset[str]
    kind: str


def annotations_among(units: Mapping[str, int], total: int) -> Annotations | None:
    """Return what ``units`` are if all are annotations; ``None`` if they are units.

    Args:
        units: number of cells with each unit.
        total: number of cells.
    """
    if not units:
        return None
    bare = total - sum(units.values())
    for credit, debit in _CREDIT_AND_DEBIT:
        if units.keys() == {credit, debit}:
            return Annotations(frozenset((debit,)), "sign")
        # Beside bare numbers, "Cr" may be ten million (crore).
        if bare and len(units) == 1 and (debit in units or "CR" in units):
            return Annotations(frozenset(units), "sign")
    if bare and units.keys() == {_MINUS}:
        return Annotations(frozenset((_MINUS,)), "minus")
    are_flags = units.keys() <= set(FLAGS) or all(map(_IN_BRACKETS.fullmatch, units))
    if are_flags and (_COMMON_FLAGS & set("".join(units)) if len(units) > 1 else 2 * bare >= total):
        return Annotations(frozenset(), "flag")
    return None


def is_unit(text: str) -> bool:
    """Return whether ``text`` after a number may be a unit, and not only an annotation."""
    return text != _MINUS and not text.startswith("(")
