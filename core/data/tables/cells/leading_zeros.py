"""Recognize codes with leading zeros, such as postal codes and telephone numbers, which are not quantities."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Final

import numpy as np

from core.data.tables.cells.missing import MISSING_AMONG_NUMBERS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.arrays import Floats, Integers

_DIGITS: Final = re.compile(r"(?:[0-9]++(?: [0-9]++)*+(?:\n|$))++")
"""Texts of digits, perhaps in groups, one in each line."""

_DIGITS_AND_E: Final = re.compile(r"[0-9]+[eE][0-9]+")

_MIN_SHARE: Final = 0.05
"""Minimum share of cells with a leading zero, unless all cells have the same length."""


def are_codes(texts: Sequence[str], counts: Sequence[int] | Integers) -> bool:
    """Return whether ``texts`` are codes: all of digits, some with a leading zero, and of the same length unless many have.

    Args:
        texts: distinct texts that are not missing.
        counts: (N,): number of cells with each text.
    """
    joined = "\n".join(texts)
    if joined.count("\n") >= len(texts) or not _DIGITS.fullmatch(joined):
        return False
    padded = sum(int(count) for text, count in zip(texts, counts, strict=True) if len(text) > 1 and text[0] == "0")
    return padded > 0 and (len(set(map(len, texts))) == 1 or padded >= _MIN_SHARE * int(sum(counts)))


def are_codes_with_e(texts: Sequence[str]) -> bool:
    """Return whether all ``texts`` are digits with an E among them, such as ``12E34``, and so no numbers of this size."""
    return len(texts) > 1 and all(map(_DIGITS_AND_E.fullmatch, texts))


def may_occur(body: bytes, delimiter: str) -> bool:
    """Return whether a cell in ``body`` may begin with a zero and another digit, at a fraction of the time of parsing it."""
    letters = np.frombuffer(b"\n" + body + b"\n", dtype=np.uint8)
    zeros = np.flatnonzero(letters[1:-1] == ord("0")) + 1
    zeros = zeros[letters[zeros + 1] - np.uint8(ord("0")) < 10]
    return bool(np.isin(letters[zeros - 1], list(f'{delimiter}\n" '.encode())).any())


def may_be_codes(values: Floats) -> bool:
    """Return whether the numbers ``values`` (N,) may be codes: whole, and not negative."""
    known = values[~np.isnan(values)]
    return len(known) > 0 and bool((known >= 0).all() and (known == np.floor(known)).all())


def codes_in(texts: Sequence[str]) -> bool:
    """Return whether the cells ``texts``, of which some may be missing, are codes."""
    stripped = [(text.strip(), count) for text, count in Counter(texts).items()]
    present = [(text, count) for text, count in stripped if text not in MISSING_AMONG_NUMBERS]
    return are_codes([text for text, _ in present], [count for _, count in present])
