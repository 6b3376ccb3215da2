"""Convert lengths and weights in two units, such as ``5'11"``, ``5 ft 11 in`` and ``7 lb 4 oz``, to the smaller one."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from msgspec import Struct

from core.data.tables.cells.forms import forms_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.arrays import Floats
    from core.data.tables.cells.forms import Form


class _Pair(NamedTuple):
    """Two units, how they are written, and how many of the smaller one are one of the larger one."""

    names: str
    unit: str
    factor: int
    pattern: re.Pattern[str]


_LARGE: Final = r"(?P<large>[0-9]{1,3}) ?"
_SMALL: Final = r"(?P<small>[0-9]{1,2}(?:[.,][0-9]+)?) ?"
_PAIRS: Final = (
    _Pair("feet and inches", "in", 12, re.compile(rf"{_LARGE}['’′] ?(?:{_SMALL}(?:[\"”″]|''|′′)?)?")),
    _Pair(
        "feet and inches",
        "in",
        12,
        re.compile(rf"(?i){_LARGE}(?:ft\.?|feet|foot),? ?(?:{_SMALL}(?:in\.?|inch(?:es)?))?"),
    ),
    _Pair(
        "pounds and ounces", "oz", 16, re.compile(rf"(?i){_LARGE}(?:lbs?\.?|pounds?),? ?(?:{_SMALL}(?:oz\.?|ounces?))?")
    ),
    _Pair(
        "stones and pounds", "lb", 14, re.compile(rf"(?i){_LARGE}(?:st\.?|stones?),? ?(?:{_SMALL}(?:lbs?\.?|pounds?))?")
    ),
)
_SAMPLE_SIZE: Final = 30


class MixedUnits(Struct, frozen=True):
    """Numbers (N,) in ``unit``, and the names of both units."""

    values: Floats
    unit: str
    names: str


def parse_mixed_units(texts: Sequence[str]) -> MixedUnits | None:
    """Parse ``texts``; return ``None`` unless all have the larger of two units, and one also has the smaller one."""
    for pair in _PAIRS:
        if not texts or any(_values(pair, form) is None for form in forms_of(texts[:_SAMPLE_SIZE])):
            continue
        values = np.full(len(texts), math.nan)
        has_both = False
        for form in forms_of(texts):
            found = _values(pair, form)
            if found is None:
                return None
            values[form.rows], both = found
            has_both = has_both or both
        return MixedUnits(values, pair.unit, pair.names) if has_both else None
    return None


def _values(pair: _Pair, form: Form) -> tuple[Floats, bool] | None:
    """Return (n,) texts of a form in the smaller unit, and whether they have both; ``None`` if one is something else."""
    match = pair.pattern.fullmatch(form.text)
    if match is None:
        return None
    small = form.number(match.span("small"))
    if (small >= pair.factor).any():
        return None
    return pair.factor * form.number(match.span("large")) + small, match["small"] is not None
