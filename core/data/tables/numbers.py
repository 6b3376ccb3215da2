"""Parse numbers with signs, grouped thousands, decimal point or comma, units, currencies and percent signs."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from msgspec import Struct

if TYPE_CHECKING:
    from core.arrays import Floats, Integers
    from core.data.tables.dialect import Decimal

_CURRENCY: Final = r"(?:[A-Z]{0,2}[$€£¥₹₽₩₺₪฿]|CHF|EUR|USD|GBP|JPY|INR|CNY|SEK|NOK|DKK|PLN|CZK|Fr\.?|kr\.?|Rs\.?|zł)"
_UNIT: Final = r"(?:[^\W\d_]|[%‰°℃℉$€£¥₹₽₩₺₪฿′″'\"])(?:[^\W\d_]|[23%‰°/·*²³⁻¹^.]| (?=[^\W\d_])){0,14}"
_CELL: Final = re.compile(
    rf"(?P<minus>[+-])?\s*(?P<before>{_CURRENCY})?\s*(?P<inner>[+-])?\s*"
    rf"(?P<number>[0-9][0-9.,' ]*|[.,][0-9]+)(?P<power>[eE][+-]?[0-9]+)?\s*(?P<after>{_UNIT})?"
)
_SPACES: Final = str.maketrans({"\u00a0": " ", "\u202f": " ", "\u2009": " ", "\u2007": " ", "’": "'", "−": "-"})
_GROUPED_BY_SPACE: Final = re.compile(r"\d{1,3}(?:[ ']\d{3})+(?:[.,]\d*)?")
_FOOTNOTE: Final = re.compile(r"(?<=\d)(?: ?[*†‡]{1,3}| ?\[[A-Za-z0-9]{1,3}\])$")
_NO_CENTS: Final = re.compile(r"(?<=\d)[.,][-–—]{1,2}(?!\d)")
_DASHES: Final = ("-", "–", "—")
_FACTORS: Final = {
    "k": 1e3,
    "K": 1e3,
    "M": 1e6,
    "B": 1e9,
    "T": 1e12,
    "Tsd": 1e3,
    "Mio": 1e6,
    "Mrd": 1e9,
    "mn": 1e6,
    "bn": 1e9,
}
"""Factors that are written like units, if a column has several of them: ``1.2M`` and ``345K``."""

_PREFIX: Final = re.compile(rf"\(?\s*[+-]?\s*{_CURRENCY}?\s*[+-]?\s*")
"""What may be before the first digit, point or comma."""

_DECIMALS: Final = "!"
"""Placeholder for a decimal separator that is known not to group thousands."""

_PLAIN: Final = re.compile(r"(?:[0-9]++(?:\.[0-9]*+)?+(?:\n|$))++")
_PROBES: Final = 16
"""Number of texts that are tried before all others."""

_FIRST: Final = re.compile(r"[^0-9.,]*")
_ONE_RUN: Final = re.compile(r"([^0-9.,]*)([0-9][0-9.,]*)([^0-9]*)")
"""A single run of digits; what is before and after it has the same meaning whatever the digits are."""

_GROUPED: Final = {
    ".": re.compile(r"(?:\d{1,3}|\d{1,2}(?:,\d{2})+)(?:,\d{3})+(?:\.\d*)?"),  # in India 12,34,567
    ",": re.compile(r"\d{1,3}(?:\.\d{3})+(?:,\d*)?"),
}
"""Numbers with grouped thousands, by their decimal separator."""


class Numbers(Struct, frozen=True):
    """Parsed numbers.

    Attributes:
        values: (N,); NaN if a text is not a number, or has a different unit from most.
        unit: unit of the numbers, such as ``%``, ``$`` or ``kg``; empty for none.
        remark: which units were read as factors, as a short phrase; empty for none.
    """

    values: Floats
    unit: str
    remark: str = ""


class _Parts(NamedTuple):
    """The parts of a cell: its digits with all separators, its sign and exponent, and its unit."""

    digits: str
    sign: str
    power: str
    unit: str


def parse_numbers(texts: Sequence[str], decimal: Decimal) -> Numbers:
    """Parse ``texts`` as numbers.

    The meaning of points and commas is inferred from all texts together (``1.299,00`` and ``12,5``); if it is ambiguous,
    ``decimal`` is the decimal separator and the other one groups thousands.
    """
    return _numbers(list(_all_taken_apart(texts)), decimal)


def parse_if_numbers(texts: Sequence[str], decimal: Decimal) -> Numbers | None:
    """Parse ``texts`` like :func:`parse_numbers`, but stop and return ``None`` at the first one that is not a number."""
    if None in _all_taken_apart(texts[:: max(len(texts) // _PROBES, 1)]):
        return None
    if decimal == "." and (numbers := _of_same_form(texts)) is not None:
        return numbers
    parts: list[_Parts | None] = []
    for part in _all_taken_apart(texts):
        if part is None:
            return None
        parts.append(part)
    numbers = _numbers(parts, decimal)
    return None if np.isnan(numbers.values).any() else numbers


def _of_same_form(texts: Sequence[str]) -> Numbers | None:
    """Parse ``texts`` if they are digits, perhaps with a decimal point, and have the same sign and unit, which is fast."""
    first = _ONE_RUN.fullmatch(texts[0]) if texts else None
    if first is None or first[3].startswith(_DASHES):
        return None
    before, _, after = first.groups()
    start, stop = len(before), -len(after) or None
    if not all(text.startswith(before) and text.endswith(after) for text in texts):
        return None
    digits = [text[start:stop] for text in texts]
    part = _taken_apart(f"{before}1{after}")
    joined = "\n".join(digits)
    if part is None or part.power or joined.count("\n") >= len(texts) or not _PLAIN.fullmatch(joined):
        return None
    values = np.array([float(each) for each in digits])
    return Numbers(-values if part.sign else values, part.unit)


def may_be_numbers(texts: Sequence[str], counts: Integers, share: float) -> bool:
    """Return whether at least ``share`` of the cells may be numbers, as far as can be told from each text alone.

    It stops at the first texts that rule it out, so that it is fast for names and categories.

    Args:
        texts: distinct texts.
        counts: (N,): number of cells with each text.
        share: from 0 to 1.
    """
    total = left = int(counts.sum())
    for part, count in zip(_all_taken_apart(texts), counts.tolist(), strict=True):
        if part is None:
            left -= count
            if left < share * total:
                return False
    return True


def is_number(text: str) -> bool:
    """Return whether ``text`` is a number, with or without a unit, grouped thousands and a sign."""
    return not math.isnan(parse_numbers([text], ".").values[0])


def _numbers(parts: list[_Parts | None], decimal: Decimal) -> Numbers:
    units = Counter(part.unit for part in parts if part is not None and part.unit)
    unit, count = units.most_common(1)[0] if units else ("", 0)
    factors = (
        {unit: _FACTORS[unit] for unit in sorted(units)} if len(units) > 1 and units.keys() <= _FACTORS.keys() else {}
    )
    if 2 * count < len(parts):
        unit = ""  # a typo such as "1o" is not a unit
    sign = _decimal_sign([part.digits for part in parts if part is not None]) or decimal
    if factors:
        scaled = [math.nan if part is None else _value(part, sign) * factors.get(part.unit, 1.0) for part in parts]
        remark = " and ".join(f"{name} is × {factor:.0e}".replace("e+0", "e") for name, factor in factors.items())
        return Numbers(np.array(scaled, dtype=np.float64), "", remark)
    values = [math.nan if part is None or part.unit not in ("", unit) else _value(part, sign) for part in parts]
    return Numbers(np.array(values, dtype=np.float64), unit)


def _all_taken_apart(texts: Iterable[str]) -> Iterator[_Parts | None]:
    """Yield the parts of each text, ``None`` if it is not a number.

    What is before and after the digits is looked up, because most cells of a column have the same signs and units.
    """
    known: dict[tuple[str, str], _Parts | None] = {}
    prefixes: dict[str, bool] = {}
    for text in texts:
        match = _ONE_RUN.fullmatch(text)
        if match is None or match[3].startswith(_DASHES):  # "12.-" has no cents
            before = _FIRST.match(text)[0]  # type: ignore[index]  # it matches every text
            if before not in prefixes:
                prefixes[before] = _PREFIX.fullmatch(before.translate(_SPACES)) is not None
            yield _taken_apart(text) if prefixes[before] else None
            continue
        before, digits, after = match.groups()
        around = before, after
        if around not in known:
            known[around] = _taken_apart(f"{before}1{after}")
        parts = known[around]
        if parts is None:
            yield None
        else:
            _, sign, power, unit = parts
            yield _Parts(digits, sign, power, unit)


def _taken_apart(text: str) -> _Parts | None:
    text = _FOOTNOTE.sub("", _NO_CENTS.sub("", text).strip().translate(_SPACES))
    bracketed = text.startswith("(") and text.endswith(")")  # accounting notation of a negative number
    match = _CELL.fullmatch(text[1:-1].strip() if bracketed else text)
    if match is None or (match["minus"] and match["inner"]) or (match["before"] and match["after"]):
        return None
    digits = match["number"].rstrip(" ")
    if " " in digits or "'" in digits:
        if not _GROUPED_BY_SPACE.fullmatch(digits):
            return None
        # If blanks group thousands, a point or comma is a decimal separator, even before three digits.
        digits = re.sub(r"[.,]", _DECIMALS, digits.replace(" ", "").replace("'", ""))
    return _Parts(digits, _sign(match, bracketed=bracketed), match["power"] or "", _unit(match))


def _sign(match: re.Match[str], *, bracketed: bool) -> str:
    minus = (match["minus"] or match["inner"] or "+") == "-"
    return "-" if minus != bracketed else ""


def _unit(match: re.Match[str]) -> str:
    return (match["before"] or match["after"] or "").rstrip(".")


def _decimal_sign(texts: list[str]) -> Decimal | None:
    """Return the decimal separator according to most ``texts``; ``None`` if it is ambiguous."""
    point = comma = 0
    for text in texts:
        points, commas = text.count("."), text.count(",")
        if points and commas:
            shows_point = text.rindex(".") > text.rindex(",")
        elif points + commas == 0:
            continue
        elif points + commas > 1:
            shows_point = commas > 0  # a separator that occurs twice groups thousands
        else:
            head, _, tail = text.replace(",", ".").partition(".")
            if len(tail) == 3 and 1 <= len(head) <= 3 and head[0] != "0":
                continue
            shows_point = points > 0
        point, comma = point + shows_point, comma + (not shows_point)
    if point == comma:
        return None
    return "." if point > comma else ","


def _value(part: _Parts, decimal: Decimal) -> float:
    digits = part.digits
    grouping = "," if decimal == "." else "."
    if grouping in digits:
        if not _GROUPED[decimal].fullmatch(digits):
            return math.nan
        digits = digits.replace(grouping, "")
    if decimal == ",":
        digits = digits.replace(",", ".")
    digits = digits.replace(_DECIMALS, ".")
    try:
        return float(f"{part.sign}{digits}{part.power}" if part.sign or part.power else digits)
    except ValueError:  # more than one decimal separator
        return math.nan
