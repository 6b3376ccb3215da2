"""Take cells apart into digits, sign and unit, many at once: what is around the digits is parsed only once."""

from __future__ import annotations

import re
from collections.abc import Hashable
from functools import cached_property
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, TypeAlias, TypeVar

import numpy as np
from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.arrays import Booleans, Integers

Decimal: TypeAlias = Literal[".", ","]
"""The decimal separator."""

_CURRENCY: Final = r"(?:[A-Z]{0,2}[$€£¥₹₽₩₺₪฿]|CHF|EUR|USD|GBP|JPY|INR|CNY|SEK|NOK|DKK|PLN|CZK|Fr\.?|kr\.?|Rs\.?|zł)"
_UNIT: Final = r"(?![xX×*] ?[0-9])(?:[^\W\d_]|[%‰°℃℉$€£¥₹₽₩₺₪฿′″'\"])(?:[^\W\d_]|[23%‰°/·*²³⁻¹^.]| (?=[^\W\d_])){0,14}"
_FLAG: Final = r"\([a-zA-Z]{1,3}\)"
_OUT_OF: Final = r"/ ?[1-9][0-9]{0,2}"
"""The maximum of points, as in ``7 / 10``."""

_CELL: Final = re.compile(
    rf"(?P<minus>[+-])?\s*(?P<before>{_CURRENCY})?\s*(?P<inner>[+-])?\s*1\s*(?P<after>{_UNIT}|{_FLAG}|{_OUT_OF}|-)?"
)
"""A cell with 1 in place of its digits."""

_RUN: Final = (
    r"(?:(?<![^\W\d_])[.,])?[0-9](?:[0-9.,' ]*[0-9])?(?:[.,]++(?![-–—]))?(?:[eE][+-]?[0-9]++)?"  # no point of "Rs.5"
)
_RUNS: Final = re.compile(f"({_RUN})")
_LINES: Final = re.compile(
    r"(?m)^(?:([^0-9.,\n]*+(?:(?:[.,](?![0-9])|(?<=[^\W\d_])[.,])[^0-9.,\n]*+)*+)"
    rf"({_RUN})([^\n]*)|[^\n]*)$"
)
"""What is before the first digits of a line, the digits, and what is after them; empty for a line without digits."""

_PLAIN_LETTERS: Final = {"\u00a0": " ", "\u202f": " ", "\u2009": " ", "\u2007": " ", "’": "'", "−": "-"}
_DASH: Final = re.compile(r"(?m)^[–—](?=[0-9.,])")
"""A minus sign that a word processor replaced."""

_POWER: Final = re.compile(r"(?<=[0-9]) ?[×x*·⋅] ?10(?:\^|\*\*)[({]?([+-]?[0-9]{1,3})[)}]?(?![0-9])")
_SUPERSCRIPT: Final = re.compile(r"(?<=10)[⁺⁻]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+")
_PLAIN_SUPERSCRIPTS: Final = str.maketrans("⁺⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "+-0123456789")
_FORTRAN: Final = re.compile(r"(?<=[0-9.])[dD](?=[+-][0-9]{2,3}(?![0-9]))")
_CURRENCY_BEFORE_BRACKET: Final = re.compile(rf"^({_CURRENCY}) ?\(")
_IN_BRACKETS: Final = re.compile(r"(?m)^\(([^()±\n]*[0-9])± ?[0-9.,]+\) ?")
"""``(3.2 ± 0.1)`` in ``(3.2 ± 0.1) mm``."""

_LAST_DIGITS: Final = re.compile(r"(?m)(?<=[.,])([0-9]+)\([0-9]{1,3}\)")
"""``34(5)`` in ``1.234(5)``, where 5 is the uncertainty of the last digit."""

_LIMIT: Final = re.compile(r"(?:[<>]=?|[≤≥⩽⩾~≈∼]|ca\.|c\.)\s*")
_FOOTNOTE: Final = re.compile(r"^(?: ?[*†‡]{1,3}| ?\[[A-Za-z0-9]{1,3}\])$")
_NO_CENTS: Final = re.compile(r"^[.,][-–—]{1,2}(?!\d)")
_ERROR: Final = r" ?[0-9][0-9.,]*(?:[eE][+-]?[0-9]+)?(?![0-9])"
_UNCERTAINTY: Final = re.compile(rf"(?m)±(?:(?<=[0-9.,]±){_ERROR}|(?<=[^0-9.,\s]±){_ERROR}[^\n]*$)")
"""``±0.1`` in ``3.2±0.1 mm`` and ``±0.1 mm`` in ``3.2 mm±0.1 mm``; that it begins with a letter makes it fast."""

_SIGNS_OF_UNCERTAINTY: Final = ("+/-", "+-", " ±")
"""What becomes ``±``."""


_Key = TypeVar("_Key", bound=Hashable)

_Cut: TypeAlias = "tuple[list[str], Integers, list[tuple[str, str] | None]]"
"""The digits of each cell, (N,) the index of what is around them, and that: before and after, ``None`` without digits."""


class Around(NamedTuple):
    """What is around the digits of a cell: whether it is negative, its unit, and whether it is a limit, such as ``<0.5``."""

    negative: bool
    unit: str
    limit: bool = False


class Parts(Struct, frozen=True, eq=False, dict=True):
    """The parts of cells.

    Attributes:
        digits: (N,): the digits with all separators and the exponent; anything if the cell is not a number.
        codes: (N,): index of what is around the digits of each cell.
        around: what is around the digits; ``None`` if such cells are not numbers.
        uncertain: index of the first cell with an uncertainty, such as ``± 0.1``; ``None`` for none.
    """

    digits: Sequence[str]
    codes: Integers
    around: tuple[Around | None, ...]
    uncertain: int | None = None

    @classmethod
    def of(cls, texts: Sequence[str]) -> Parts:
        """Take ``texts`` apart."""
        if not texts:
            return cls((), np.zeros(0, dtype=np.int64), ())
        joined = "\n".join(texts)
        if joined.count("\n") >= len(texts):  # a cell of several lines is not a number
            joined = "\n".join("" if "\n" in text else text for text in texts)
        joined, uncertain = _plain(joined)
        digits, codes, pairs_around = _one_run_each(joined, len(texts)) or _first_runs(joined)
        return cls(digits, codes, tuple(map(_around, pairs_around)), uncertain)

    @cached_property
    def known(self) -> Booleans:
        """(N,): whether each cell is a number with something that may be around it; it may be a limit."""
        return np.array([each is not None for each in self.around], dtype=np.bool_)[self.codes]

    @cached_property
    def negative(self) -> Booleans:
        """(N,): whether each cell is negative."""
        return np.array([each is not None and each.negative for each in self.around], dtype=np.bool_)[self.codes]

    @cached_property
    def limits(self) -> Booleans:
        """(N,): whether each cell is a limit."""
        return np.array([each is not None and each.limit for each in self.around], dtype=np.bool_)[self.codes]

    @cached_property
    def units(self) -> tuple[str, ...]:
        """The unit of what is around the digits; empty for none."""
        return tuple("" if each is None else each.unit for each in self.around)

    def counts_of_units(self, cells: Booleans) -> dict[str, int]:
        """Return the number of ``cells`` (N,) with each unit."""
        counts: dict[str, int] = {}
        for unit, count in zip(
            self.units, np.bincount(self.codes[cells], minlength=len(self.units)).tolist(), strict=True
        ):
            if unit and count:
                counts[unit] = counts.get(unit, 0) + count
        return counts


def _plain(joined: str) -> tuple[str, int | None]:
    """Return lines with numbers in usual letters, and the index of the first with an uncertainty, which is left out."""
    if not joined.isascii():
        for letter, plain in _PLAIN_LETTERS.items():  # a translation takes ten times as long
            joined = joined.replace(letter, plain)
        for letter in {letter for letter in set(joined) if not letter.isascii() and letter.isdecimal()}:
            joined = joined.replace(letter, str(int(letter)))
        if "–" in joined or "—" in joined:
            joined = _DASH.sub("-", joined)
    if "10" in joined and any(sign in joined for sign in "×x*·⋅"):
        if not joined.isascii():
            joined = _SUPERSCRIPT.sub(lambda match: "^" + match[0].translate(_PLAIN_SUPERSCRIPTS), joined)
        joined = _POWER.sub(r"e\1", joined)
    if ("D" in joined or "d" in joined) and _FORTRAN.search(joined):
        joined = _FORTRAN.sub("e", joined)
    for sign in _SIGNS_OF_UNCERTAINTY:
        if sign in joined:
            joined = joined.replace(sign, "±")
    uncertain = None
    for pattern, kept, sign in ((_IN_BRACKETS, r"\1 ", "±"), (_UNCERTAINTY, "", "±"), (_LAST_DIGITS, r"\1", "(")):
        if sign in joined and (match := pattern.search(joined)):
            first = joined.count("\n", 0, match.start())
            uncertain = first if uncertain is None else min(first, uncertain)
            joined = pattern.sub(kept, joined)
    return joined, uncertain


def _one_run_each(joined: str, count: int) -> _Cut | None:
    """Return the digits and what is around them if each of the ``count`` lines has digits once, which is fast."""
    pieces = _RUNS.split(joined)
    if len(pieces) != 2 * count + 1:
        return None
    first, *between, last = pieces[::2]
    codes, different = _coded(between)
    if "\n" in first or "\n" in last or any(piece.count("\n") != 1 for piece in different):
        return None
    ends, starts = zip(*(piece.split("\n") for piece in different), strict=True) if different else ((), ())
    befores = np.concatenate([[len(different)], codes])
    afters = np.concatenate([codes, [len(different)]])
    pairs, places = np.unique(befores * (len(different) + 1) + afters, return_inverse=True)
    found = [divmod(pair, len(different) + 1) for pair in pairs.tolist()]
    return pieces[1::2], places, [((*starts, first)[before], (*ends, last)[after]) for before, after in found]


def _first_runs(joined: str) -> _Cut:
    """Return the first digits of each line, and what is around them."""
    found = _LINES.findall(joined)
    codes, different = _coded([(before, after) if digits else None for before, digits, after in found])
    return [digits for _, digits, _ in found], codes, different


def _coded(keys: list[_Key]) -> tuple[Integers, list[_Key]]:
    """Return (N,) the index of each key among the different ones, and those."""
    different = dict.fromkeys(keys)
    places = dict(zip(different, range(len(different)), strict=True))
    return np.fromiter(map(places.__getitem__, keys), np.int64, len(keys)), list(different)


def _around(pair: tuple[str, str] | None) -> Around | None:
    """Parse what is before and after the digits of a cell; ``None`` if the cell is not a number."""
    if pair is None:
        return None
    before, after = pair
    if after[:1] in (".", ","):
        after, count = _NO_CENTS.subn("", after)
        if not count:
            return None
    after = _FOOTNOTE.sub("", after)
    limit = _LIMIT.match(before)
    text = f"{before[limit.end() if limit else 0 :]}1{after}".strip()
    text = _CURRENCY_BEFORE_BRACKET.sub(r"(\1", text)
    bracketed = text.startswith("(") and text.endswith(")")  # accounting notation of a negative number
    match = _CELL.fullmatch(text[1:-1].strip() if bracketed else text)
    if match is None or (match["minus"] and match["inner"]) or (match["before"] and match["after"]):
        return None
    minus = (match["minus"] or match["inner"] or "+") == "-"
    unit = (match["before"] or match["after"] or "").rstrip(".")
    return Around(minus != bracketed, unit, limit is not None)
