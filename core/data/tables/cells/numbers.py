"""Parse numbers with signs, grouped thousands, decimal point or comma, units, currencies and percent signs."""

from __future__ import annotations

import itertools
import math
import re
from typing import TYPE_CHECKING, Final

import numpy as np
from msgspec import Struct

from core.data.tables.cells.annotations import Annotations, annotations_among, is_unit
from core.data.tables.cells.number_parts import Parts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from core.arrays import Booleans, Floats, Integers
    from core.data.tables.cells.number_parts import Decimal

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

_PROBES: Final = 16
"""Number of texts that are tried before all others."""

_CHUNK: Final = 4096
"""Number of texts that are taken apart at once if the others may not be needed."""

_FORMS: Final = str.maketrans("23456789", "1" * 8)
"""Numbers with the same separators at the same places have the same form."""

_GROUPED_BY_SPACE: Final = re.compile(r"\d{1,3}(?:[ ']\d{3})+(?:[.,]\d*)?")
_GROUPED: Final = {
    ".": re.compile(r"(?:\d{1,3}|\d{1,2}(?:,\d{2})+)(?:,\d{3})+(?:\.\d*)?"),  # in India 12,34,567
    ",": re.compile(r"\d{1,3}(?:\.\d{3})+(?:,\d*)?"),
}
"""Numbers with grouped thousands, by their decimal separator."""

_MIN_NUMBERS: Final = 11
"""Minimum number of distinct numbers, unless most have decimals: 1, 1-, 2, 2- and 0, 1, 2, >2 are categories."""

_MIN_DECIMALS: Final = 3


class Numbers(Struct, frozen=True):
    """Parsed numbers.

    Attributes:
        values: (N,); NaN if a text is not a number, or has a different unit from most.
        unit: unit of the numbers, such as ``%``, ``$`` or ``kg``; empty for none.
        remark: how unusual cells were read, as a short phrase; empty for none.
    """

    values: Floats
    unit: str
    remark: str = ""


def parse_numbers(texts: Sequence[str], decimal: Decimal, parts: Parts | None = None) -> Numbers:
    """Parse ``texts`` as numbers.

    The meaning of points and commas is inferred from all texts together (``1.299,00`` and ``12,5``); if it is ambiguous,
    ``decimal`` is the decimal separator and the other one groups thousands. ``parts`` are those of the texts, if known.
    """
    parts = Parts.of(texts) if parts is None else parts
    return _numbers(texts, parts, parts.known & ~parts.limits, decimal, chosen=True)


def parse_if_numbers(texts: Sequence[str], decimal: Decimal) -> Numbers | None:
    """Parse ``texts`` like :func:`parse_numbers`; return ``None`` if one is not a number, or they may be categories."""
    if not begin_as_numbers(texts):
        return None
    parts = Parts.of(texts)
    return numbers_of(texts, parts, decimal) if parts.known.all() and not parts.limits.any() else None


def begin_as_numbers(texts: Sequence[str]) -> bool:
    """Return whether a few of ``texts`` are numbers or limits, as far as can be told from each alone."""
    return len(texts) > 0 and bool(Parts.of(texts[:: max(len(texts) // _PROBES, 1)]).known.all())


def numbers_of(texts: Sequence[str], parts: Parts, decimal: Decimal) -> Numbers | None:
    """Convert ``parts`` of ``texts`` to numbers, limits without their sign; ``None`` if one is not a number."""
    numbers = _numbers(texts, parts, parts.known, decimal, chosen=False)
    return None if np.isnan(numbers.values).any() else numbers


def may_be_numbers(texts: Sequence[str], counts: Integers, share: float) -> bool:
    """Return whether at least ``share`` of the cells may be numbers, as far as can be told from each text alone.

    It stops where the first texts rule it out, so that it is fast for names and categories.

    Args:
        texts: distinct texts.
        counts: (N,): number of cells with each text.
        share: from 0 to 1.
    """
    total = left = int(counts.sum())
    for start in range(0, len(texts), _CHUNK):
        parts = Parts.of(texts[start : start + _CHUNK])
        left -= int(counts[start : start + _CHUNK][~parts.known | parts.limits].sum())
        if left < share * total:
            return False
    return True


def is_number(text: str) -> bool:
    """Return whether ``text`` is a number, with or without a unit, grouped thousands and a sign."""
    return not math.isnan(parse_numbers([text], ".").values[0])


def are_quantities(numbers: Floats) -> bool:
    """Return whether ``numbers`` (N,) are many or have decimals, so that they are not categories."""
    plain = np.unique(numbers)
    decimals = np.count_nonzero(plain != np.round(plain))
    return len(plain) >= _MIN_NUMBERS or bool(decimals >= _MIN_DECIMALS and 2 * decimals >= len(plain))


def _numbers(texts: Sequence[str], parts: Parts, usable: Booleans, decimal: Decimal, *, chosen: bool) -> Numbers:
    """Convert the ``usable`` (N,) of ``parts``; if not ``chosen``, annotations of what may be categories are not accepted."""
    values = np.full(len(texts), math.nan)
    digits = (
        parts.digits
        if usable.all()
        else [each for each, is_usable in zip(parts.digits, usable, strict=True) if is_usable]
    )
    values[usable] = _values(digits, decimal)
    values[usable & parts.negative] *= -1.0
    known = ~np.isnan(values)
    units = parts.counts_of_units(known)
    annotations = annotations_among(units, int(np.count_nonzero(known)))
    if annotations is not None and (chosen or annotations.kind == "sign" or are_quantities(values[known])):
        return _annotated(texts, parts, values, annotations)
    if len(units) > 1 and units.keys() <= _FACTORS.keys():
        return _scaled(parts, values, units)
    unit = max(units, key=units.__getitem__, default="")
    if 2 * units.get(unit, 0) < len(texts) or not is_unit(unit):
        unit = ""  # a typo such as "1o" is not a unit
    has_another = np.array([each not in ("", unit) for each in parts.units], dtype=np.bool_)
    values[has_another[parts.codes]] = math.nan
    return Numbers(values, unit, _on_uncertainty(texts, parts))


def _annotated(texts: Sequence[str], parts: Parts, values: Floats, annotations: Annotations) -> Numbers:
    """Return ``values`` with the signs in their ``annotations``."""
    is_negative = np.array([unit in annotations.negative for unit in parts.units], dtype=np.bool_)[parts.codes]
    values[is_negative] *= -1.0
    is_annotated = np.array([unit != "" for unit in parts.units], dtype=np.bool_)[parts.codes]
    match annotations.kind:
        case "flag":
            remark = f"cells such as “{texts[int(np.argmax(is_annotated))]}” are read without the flag"
        case _:
            remark = f"cells such as “{texts[int(np.argmax(is_negative))]}” are negative"
    return Numbers(values, "", remark)


def _scaled(parts: Parts, values: Floats, units: Mapping[str, int]) -> Numbers:
    """Return ``values`` times the factors that their ``units`` are."""
    values = values * np.array([_FACTORS.get(unit, 1.0) for unit in parts.units])[parts.codes]
    remark = " and ".join(f"{unit} is × {_FACTORS[unit]:.0e}".replace("e+0", "e") for unit in sorted(units))
    return Numbers(values, "", remark)


def _on_uncertainty(texts: Sequence[str], parts: Parts) -> str:
    return (
        "" if parts.uncertain is None else f"cells such as “{texts[parts.uncertain]}” are read without the uncertainty"
    )


def _values(digits: Sequence[str], decimal: Decimal) -> Floats:
    """Return (N,) the numbers with ``digits``; NaN if the separators are at wrong places."""
    if not digits:
        return np.zeros(0)
    joined = "\n".join(digits)
    if decimal == "." and not any(separator in joined for separator in ", '"):
        try:
            return np.array(list(map(float, digits)), dtype=np.float64)
        except ValueError:  # 1.234.567
            pass
    # Numbers with the same separators at the same places have the same form; a leading zero matters.
    by_cell = f"\n{joined}".replace("\n0", "\nz").translate(_FORMS)[1:].split("\n")
    forms = {form: index for index, form in enumerate(dict.fromkeys(by_cell))}
    codes = np.fromiter(map(forms.__getitem__, by_cell), np.int64, len(by_cell))
    heads = [re.split("[eE]", form.replace("z", "0"))[0] for form in forms]
    sign = _decimal_sign(heads, np.bincount(codes, minlength=len(heads)).tolist()) or decimal
    grouping = "," if sign == "." else "."
    blank = np.array([" " in head or "'" in head for head in heads], dtype=np.bool_)
    valid = np.array([_is_valid(head, sign, grouping) for head in heads], dtype=np.bool_)
    values = np.full(len(digits), math.nan)
    for kind, dropped, point in ((valid & ~blank, (grouping,), sign), (valid & blank, (" ", "'"), ",")):
        chosen = kind[codes]
        text = joined if chosen.all() else "\n".join(itertools.compress(digits, chosen.tolist()))
        for separator in dropped:
            text = text.replace(separator, "")
        if chosen.any():
            values[chosen] = list(map(float, text.replace(point, ".").split("\n")))
    return values


def _decimal_sign(forms: Sequence[str], counts: Sequence[int]) -> Decimal | None:
    """Return the decimal separator according to most cells; ``None`` if it is ambiguous.

    Args:
        forms: digits of cells, whatever the digits are, except for a leading zero.
        counts: number of cells with each form.
    """
    point = comma = 0
    for form, count in zip(forms, counts, strict=True):
        points, commas = form.count("."), form.count(",")
        if points + commas == 0 or " " in form or "'" in form:
            continue
        if points and commas:
            shows_point = form.rindex(".") > form.rindex(",")
        elif points + commas > 1:
            shows_point = commas > 0  # a separator that occurs twice groups thousands
        else:
            head, _, tail = form.replace(",", ".").partition(".")
            if len(tail) == 3 and 1 <= len(head) <= 3 and head[0] != "0":
                continue
            shows_point = points > 0
        point, comma = point + count * shows_point, comma + count * (not shows_point)
    if point == comma:
        return None
    return "." if point > comma else ","


def _is_valid(form: str, decimal: Decimal, grouping: str) -> bool:
    """Return whether the separators of a number are at the right places."""
    if " " in form or "'" in form:  # a point or comma is a decimal separator, even before three digits
        return _GROUPED_BY_SPACE.fullmatch(form) is not None
    if grouping in form:
        return _GROUPED[decimal].fullmatch(form) is not None
    return form.count(decimal) <= 1
