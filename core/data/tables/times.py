"""Parse times of day and their offsets from UTC, such as ``18:30:05.5+02:00`` and ``6:30 PM GMT+2``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.arrays import Floats

_TIME: Final = re.compile(
    r"[T ]+(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2}(?:[.,]\d+)?))?(?: ?(?P<half>[AaPp])[Mm])?"
    r"(?: ?(?P<utc>Z|UTC|GMT)?(?P<zone>[+-]\d{2}(?::?\d{2})?|(?<=[CT])[+-]\d)?)?"
)
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
    if (
        time
        and len(date) == start
        and all(
            cut_time(head) == (head[:start], head[start:]) and head.find(":") == colon
            for head in {text[: colon + 1] for text in texts}
        )
    ):
        return [text[:start] for text in texts], [text[start:] for text in texts]
    cut = [cut_time(text) for text in texts]
    return [date for date, _ in cut], [time for _, time in cut]


def shares_of_day(texts: Sequence[str]) -> Times | None:
    """Convert times to fractions of a day; ``None`` if one is invalid.

    Times with the same offset from UTC remain local. If there are several offsets, or times without one, all are converted
    to UTC, in which the latter are taken to be.

    Args:
        texts: times as returned by :func:`cut_time`; empty is midnight.
    """
    if (seconds_of_all := clock_times(texts)) is not None:
        return Times(seconds_of_all / 86_400, in_utc=False)
    times = [_parsed(text) for text in texts]
    known = [time for time in times if time is not None]
    if len(known) < len(times):
        return None
    offsets = {time.offset for time in known}
    in_utc = len(offsets) > 1 and offsets != {None, 0}
    seconds = [time.seconds - 60 * (time.offset or 0) * in_utc for time in known]
    return Times(np.array(seconds, dtype=np.float64) / 86_400, in_utc)


def clock_times(texts: Sequence[str]) -> Floats | None:
    """Return the seconds since midnight of ``texts``, if all have the form `` 18:30:05``, which is the most common one."""
    if not texts or any(len(text) != _CLOCK_LENGTH for text in texts):
        return None
    letters = np.array(texts).view(np.uint32).reshape(-1, _CLOCK_LENGTH).astype(np.int64)
    digits = letters[:, [1, 2, 4, 5, 7, 8]] - ord("0")
    hours, minutes, seconds = digits[:, ::2].T * 10 + digits[:, 1::2].T
    valid = (digits >= 0) & (digits <= 9) & (letters[:, [3, 6]] == ord(":")).all(axis=1, keepdims=True)
    in_range = (hours < 24) & (minutes < 60) & (seconds < 60)
    first = np.isin(letters[:, 0], [ord("T"), ord(" ")])
    if not (valid.all() and in_range.all() and first.all()):
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
