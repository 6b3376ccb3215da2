"""Parse times of day and their offsets from UTC, such as ``18:30:05.5+02:00`` and ``6:30 PM GMT+2``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.arrays import Floats, Integers

_TIME: Final = re.compile(
    r"[T ]+(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2}(?:[.,]\d+)?))?(?: ?(?P<half>[AaPp])[Mm])?"
    r"(?: ?(?P<utc>Z|UTC|GMT)?(?P<zone>[+-]\d{2}(?::?\d{2})?|(?<=[CT])[+-]\d)?)?"
)
_DATE_AND_TIME: Final = re.compile(r"(?m)^(?:((?:[^\n:]*[^\n:T ])?)[T ]*([T ][^\n:T ]{1,2}+:[^\n]*)|([^\n]*))$")
_FRACTION: Final = re.compile(r"(?m)^(?:[.,](\d+))?([^\n]*)$")
_HALF: Final = re.compile("[AaPp][Mm]")
_CLOCK_LENGTH: Final = len(" 00:00:00")
_MAX_OFFSET: Final = 14 * 60
"""The clocks of the Line Islands are 14 hours ahead of UTC."""


class Times(Struct, frozen=True):
    """Times as fractions of a day.

    Attributes:
        shares: (N,): from 0 to 1; below 0 or above 1 if the day in UTC is another one.
        in_utc: whether the times had different offsets, and were converted to UTC.
    """

    shares: Floats
    in_utc: bool


class _Time(NamedTuple):
    """A time: seconds since midnight, and minutes ahead of UTC; ``None`` if its zone is not stated."""

    seconds: float
    offset: int | None


def cut_time(text: str) -> tuple[str, str]:
    """Return the date and the time in ``text``, which starts with a blank or ``T``; empty for none."""
    colon = text.find(":")
    for start in (colon - 2, colon - 3):  # an hour has one or two digits
        if start >= 0 and text[start] in "T ":
            return text[:start].rstrip("T "), text[start:]
    return text, ""


def cut_times(texts: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return the dates and the times in ``texts`` as :func:`cut_time` does, faster if all are cut at the same place."""
    date, time = cut_time(texts[0])
    start, colon = len(texts[0]) - len(time), texts[0].find(":")
    if time and len(date) == start:
        hour = "[^\n:]" if colon == start + 2 else "[^\n:T ][^\n:]"
        line = rf"[^\n:]{{{start - 1}}}[^\n:T ][T ]{hour}:[^\n]*+(?:\n|$)"
        joined = "\n".join(texts)
        if joined.count("\n") == len(texts) - 1 and re.fullmatch(f"(?:{line})++", joined):
            return [text[:start] for text in texts], [text[start:] for text in texts]
    found = _DATE_AND_TIME.findall("\n".join(texts))
    if len(found) != len(texts):  # a cell has several lines
        found = [(*cut_time(text), "") for text in texts]
    return [date or whole for date, _, whole in found], [time for _, time, _ in found]


def shares_of_day(texts: Sequence[str]) -> Times | None:
    """Convert times to fractions of a day; ``None`` if one is invalid.

    Times with the same offset from UTC remain local. If there are several offsets, or times without one, all are converted
    to UTC, in which the latter are taken to be.

    Args:
        texts: times as returned by :func:`cut_time`; empty is midnight.
    """
    parts = _clocks_and_rests(texts)
    if parts is None:
        times = dict.fromkeys(texts)
        places = dict(zip(times, range(len(times)), strict=True))
        found = [_parsed(text) for text in times]
        codes = np.fromiter(map(places.__getitem__, texts), np.int64, len(texts))
        seconds = np.zeros(len(texts))
    else:
        seconds, fractions, codes, rests = parts
        seconds = seconds + fractions
        found = [_parsed(f" 00:00:00{rest}") for rest in rests]
    known = [time for time in found if time is not None]
    if len(known) < len(found):
        return None
    offsets = {time.offset for time in known}
    in_utc = len(offsets) > 1 and offsets != {None, 0}
    added = np.array([time.seconds - 60 * (time.offset or 0) * in_utc for time in known], dtype=np.float64)
    return Times((seconds + added[codes]) / 86_400, in_utc)


def _clocks_and_rests(texts: Sequence[str]) -> tuple[Floats, Floats, Integers, list[str]] | None:
    """Return the parts of times that begin like `` 18:30:05``, fast; ``None`` if one does not, or has AM or PM.

    They are (N,) the seconds since midnight, (N,) their fractions, (N,) the index of what is behind them, and that.
    """
    clocks = clock_times([text[:_CLOCK_LENGTH] for text in texts])
    if clocks is None:
        return None
    joined = "\n".join([text[_CLOCK_LENGTH:] for text in texts])
    found = _FRACTION.findall(joined) if "." in joined or "," in joined else None
    rests = joined.split("\n") if found is None else [rest for _, rest in found]
    if len(rests) != len(texts):
        return None
    different = dict.fromkeys(rests)
    if any(_HALF.search(rest) for rest in different):
        return None
    places = dict(zip(different, range(len(different)), strict=True))
    fractions = np.zeros(len(texts)) if found is None else np.array([float(f"0.{digits}0") for digits, _ in found])
    return clocks, fractions, np.fromiter(map(places.__getitem__, rests), np.int64, len(texts)), list(different)


def clock_times(texts: Sequence[str]) -> Floats | None:
    """Return the seconds since midnight of ``texts``, if all have the form `` 18:30:05``, which is the most common one."""
    if not texts or set(map(len, texts)) != {_CLOCK_LENGTH}:
        return None
    letters = np.array(texts).view(np.uint32).reshape(-1, _CLOCK_LENGTH)
    digits = letters[:, [1, 2, 4, 5, 7, 8]].astype(np.int64) - ord("0")
    hours, minutes, seconds = digits[:, ::2].T * 10 + digits[:, 1::2].T
    colons = (letters[:, 3] == ord(":")) & (letters[:, 6] == ord(":"))
    in_range = (digits.min() >= 0) & (digits.max() <= 9) & (hours < 24) & (minutes < 60) & (seconds < 60)
    begins = (letters[:, 0] == ord("T")) | (letters[:, 0] == ord(" "))
    if not (colons & in_range & begins).all():
        return None
    total: Floats = (hours * 3600 + minutes * 60 + seconds).astype(np.float64)
    return total


def _parsed(text: str) -> _Time | None:
    if not text:
        return _Time(0.0, None)
    time = _TIME.fullmatch(text)
    if time is None:
        return None
    hours, minutes, seconds, half, utc, zone = time.groups()
    hour, minute, second = int(hours), int(minutes), float((seconds or "0").replace(",", "."))
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half in "Pp" else 0)
    if hour >= 24 or minute >= 60 or second >= 60:
        return None
    offset = _offset(zone) if zone else 0 if utc else None
    return (
        None if offset is not None and abs(offset) > _MAX_OFFSET else _Time(hour * 3600 + minute * 60 + second, offset)
    )


def _offset(zone: str) -> int:
    digits = zone[1:].replace(":", "")
    hours, minutes = int(digits[:2]), int(digits[2:] or "0")
    return (60 * hours + minutes) * (-1 if zone[0] == "-" else 1)
