"""Convert times of day and durations, such as ``8:30 PM``, ``00:01:15`` and ``1 h 15 min``, to hours or seconds."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Final

import numpy as np
from msgspec import Struct

from core.data.tables.cells.times import clock_times

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.arrays import Floats

_CLOCK: Final = re.compile(
    r"(?P<sign>[+-])?(?:(?P<days>[0-9]{1,6}) days?,? )?"
    r"(?P<first>[0-9]{1,4}):(?P<second>[0-5][0-9])(?::(?P<third>[0-5][0-9]))?(?P<fraction>[.,][0-9]+)?"
    r"(?: ?(?P<half>[AaPp])\.?[Mm]\.?)?"
)
_WORDS: Final = re.compile(
    r"(?:PT)?(?:(?P<hours>[0-9]{1,6}) ?(?:h|hours?|hrs?\.?|std\.?)(?![a-z]))?,? ?"
    r"(?:(?P<minutes>[0-9]{1,6}) ?(?:m|min|mins|minutes?)(?![a-z])\.?)?,? ?"
    r"(?:(?P<seconds>[0-9]{1,6}(?:[.,][0-9]+)?) ?(?:s|sec|secs|seconds?)(?![a-z])\.?)?",
    re.IGNORECASE,
)
_HOUR: Final = 3600.0
_TRIED_FIRST: Final = 30


class Durations(Struct, frozen=True):
    """Times of day, or durations.

    Attributes:
        values: (N,): in ``unit``; NaN if a text is neither.
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
    if not any(map(_seconds_or_none, texts[:_TRIED_FIRST])):
        return None
    clock = clock_times([f" {text}" for text in texts])  # fast
    seconds = np.full(len(texts), math.nan) if clock is None else clock
    of_day = True
    for index, text in enumerate(texts if clock is None else ()):
        found = _seconds_or_none(text)
        if found is None:
            if strict:
                return None
            continue
        seconds[index], may_be_of_day = found
        of_day = of_day and may_be_of_day
    short = float(np.nanmax(np.abs(seconds))) < _HOUR
    values = seconds if short else seconds / _HOUR
    return Durations(values, "s" if short else "h", of_day and not short)


def _seconds_or_none(text: str) -> tuple[float, bool] | None:
    """Return the seconds, and whether ``text`` may be a time of day; ``None`` if it is neither time nor duration."""
    clock = _CLOCK.fullmatch(text)
    if clock is None:
        return _in_words(text)
    sign, days, first, second, third, fraction, half = clock.groups()
    if third is None and fraction is not None:  # 1:23.456 is a lap time
        minutes, seconds = int(first), float(second + fraction.replace(",", "."))
        return None if half or days else (_signed(sign, 60 * minutes + seconds), False)
    hours, minutes = int(first), int(second)
    seconds = float((third or "0") + (fraction or "").replace(",", "."))
    if half:
        if not 1 <= hours <= 12:
            return None
        hours = hours % 12 + (12 if half in "Pp" else 0)
    total = _HOUR * (24 * int(days or 0) + hours) + 60 * minutes + seconds
    return _signed(sign, total), not sign and not days and total <= 24 * _HOUR


def _signed(sign: str | None, seconds: float) -> float:
    return -seconds if sign == "-" else seconds


def _in_words(text: str) -> tuple[float, bool] | None:
    match = _WORDS.fullmatch(text)
    if match is None or not any(match.groups()):
        return None
    hours, minutes, seconds = (float((part or "0").replace(",", ".")) for part in match.groups())
    return _HOUR * hours + 60 * minutes + seconds, False
