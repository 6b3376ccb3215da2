"""Convert times of day and durations, such as ``8:30 PM``, ``00:01:15`` and ``1 h 15 min``, to hours or seconds."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from msgspec import Struct

from core.data.tables.cells.forms import forms_of
from core.data.tables.cells.times import of_24_hours

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.arrays import Floats
    from core.data.tables.cells.forms import Form

_CLOCK: Final = re.compile(
    r"(?P<sign>[+-])?(?:(?P<days>[0-9]{1,6}) days?,? )?"
    r"(?P<first>[0-9]{1,4}):(?P<second>[0-9]{2})(?::(?P<third>[0-9]{2}))?(?P<fraction>[.,][0-9]+)?"
    r"(?: ?(?P<half>[AaPp])\.?[Mm]\.?)?"
)
_WORDS: Final = re.compile(
    r"(?:PT)?(?:(?P<hours>[0-9]{1,6}) ?(?:h|hours?|hrs?\.?|std\.?)(?![a-z]))?,? ?"
    r"(?:(?P<minutes>[0-9]{1,6}) ?(?:m|min|mins|minutes?)(?![a-z])\.?)?,? ?"
    r"(?:(?P<seconds>[0-9]{1,6}(?:[.,][0-9]+)?) ?(?:s|sec|secs|seconds?)(?![a-z])\.?)?",
    re.IGNORECASE,
)
_HOUR: Final = 3600.0
_SAMPLE_SIZE: Final = 30


class Durations(Struct, frozen=True):
    """Times of day, or durations.

    Attributes:
        values: (N,), in ``unit``; NaN if a text is neither.
        unit: ``h``, or ``s`` if all are below one hour.
        of_day: whether all are times of day.
    """

    values: Floats
    unit: str
    of_day: bool


def parse_durations(texts: Sequence[str], *, strict: bool = True) -> Durations | None:
    """Parse ``texts`` as times of day or durations; two numbers without decimals are hours and minutes, as in spreadsheets.

    Args:
        texts: the cells.
        strict: whether to return ``None`` if one of them is neither; it is NaN otherwise.
    """
    if not any(_seconds_of(form) is not None for form in forms_of(texts[:_SAMPLE_SIZE])):
        return None
    seconds = np.full(len(texts), math.nan)
    of_day = True
    for form in forms_of(texts):
        found = _seconds_of(form)
        if strict and (found is None or np.isnan(found.values).any()):
            return None
        if found is not None:
            seconds[form.rows] = found.values
            of_day = of_day and found.of_day
    short = float(np.nanmax(np.abs(seconds))) < _HOUR
    values = seconds if short else seconds / _HOUR
    return Durations(values, "s" if short else "h", of_day and not short)


class _Seconds(NamedTuple):
    """Seconds (n,), NaN where invalid, and whether all valid ones may be times of day."""

    values: Floats
    of_day: bool


def _seconds_of(form: Form) -> _Seconds | None:
    """Return the seconds of texts of a form; ``None`` if none is a time or a duration."""
    clock = _CLOCK.fullmatch(form.text)
    seconds = _in_words(form) if clock is None else _of_clock(form, clock)
    return None if seconds is None or np.isnan(seconds.values).all() else seconds


def _of_clock(form: Form, clock: re.Match[str]) -> _Seconds | None:
    names = ("days", "first", "second", "third", "fraction")
    days, first, second, third, fraction = (form.number(clock.span(name)) for name in names)
    in_range = (second < 60) & (third < 60)
    sign = -1.0 if clock["sign"] == "-" else 1.0
    if clock["third"] is None and clock["fraction"]:  # 1:23.456 is a lap time
        if clock["half"] or clock["days"]:
            return None
        return _Seconds(np.where(in_range, sign * (60 * first + (second + fraction)), math.nan), of_day=False)
    if clock["half"]:
        first = of_24_hours(first, clock["half"])
    total = _HOUR * (24 * days + first) + 60 * second + (third + fraction)
    of_day = not clock["sign"] and not clock["days"] and bool((total[in_range] <= 24 * _HOUR).all())
    return _Seconds(np.where(in_range & (first >= 0), sign * total, math.nan), of_day)


def _in_words(form: Form) -> _Seconds | None:
    words = _WORDS.fullmatch(form.text)
    if words is None or not any(words.groups()):
        return None
    hours, minutes, seconds = (form.number(words.span(name)) for name in ("hours", "minutes", "seconds"))
    return _Seconds(_HOUR * hours + 60 * minutes + seconds, of_day=False)
