"""Parse times of day and their offsets from UTC, such as ``18:30:05.5+02:00`` and ``6:30 PM GMT+2``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from msgspec import Struct

from core.data.tables.cells.forms import forms_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.arrays import Floats
    from core.data.tables.cells.forms import Form

_ZONES: Final = {
    **dict.fromkeys(("Z", "UTC", "GMT", "WET"), 0),
    **dict.fromkeys(("CET", "MEZ", "BST", "WEST"), 60),
    **dict.fromkeys(("CEST", "MESZ", "EET"), 120),
    **dict.fromkeys(("EEST", "MSK"), 180),
    **dict.fromkeys(("JST", "KST"), 540),
    **{f"{letter}ST": -60 * hours for letter, hours in zip("ECMP", range(5, 9), strict=True)},
    **{f"{letter}DT": -60 * (hours - 1) for letter, hours in zip("ECMP", range(5, 9), strict=True)},
}
"""Minutes ahead of UTC."""

_TIME: Final = re.compile(
    r"[T ]+(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2}(?:[.,]\d+)?))?(?: ?(?P<half>[AaPp])\.? ?[Mm]\.?)?(?: Uhr)?"
    rf"(?: ?(?P<utc>{'|'.join(_ZONES)})?(?P<zone>[+-]\d{{2}}(?::?\d{{2}})?|(?<=[CT])[+-]\d)?)?"
    r"(?: ?\([A-Za-z .]+\))?(?P<year> \d{4})?",
    re.ASCII,
)
_YEAR_LENGTH: Final = len(" 2023")
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


class _TimesOfForm(NamedTuple):
    """(n,) seconds since midnight, (n,) minutes ahead of UTC or ``None`` if not stated, and where a year behind them starts."""

    seconds: Floats
    offsets: Floats | None
    year: int | None = None


def cut_time(text: str) -> tuple[str, str]:
    """Return the date and the time in ``text``, which starts with a blank or ``T``; empty for none."""
    colon = text.find(":")
    for start in (colon - 2, colon - 3):  # an hour has one or two digits
        if start >= 0 and text[start] in "T ":
            return text[:start].rstrip("T ,"), text[start:]
    return text, ""


def cut_times(texts: Sequence[str]) -> tuple[list[str], Times] | None:
    """Return the dates in ``texts``, and their times as fractions of a day; ``None`` if a time is invalid.

    Times with the same offset from UTC remain local. If there are several offsets, or times without one, all are converted
    to UTC, in which the latter are taken to be. Without a time it is midnight.
    """
    seconds, added = np.zeros(len(texts)), np.zeros(len(texts))
    stops, years = np.zeros(len(texts), dtype=np.int64), np.zeros(len(texts), dtype=np.int64)
    offsets: set[float | None] = set()
    have_years = False
    for form in forms_of(texts):
        date, time = cut_time(form.text)
        parsed = _times_of(form, len(form.text) - len(time))
        if parsed is None:
            return None
        stops[form.rows] = len(date)
        years[form.rows] = len(form.text) if parsed.year is None else parsed.year
        have_years = have_years or parsed.year is not None
        seconds[form.rows] = parsed.seconds
        offsets |= {None} if parsed.offsets is None else set(np.unique(parsed.offsets).tolist())
        added[form.rows] = 0.0 if parsed.offsets is None else -60.0 * parsed.offsets
    in_utc = len(offsets) > 1 and offsets != {None, 0.0}
    shares = (seconds + added * in_utc) / 86_400
    first = int(stops[0])
    if have_years:
        cuts = zip(texts, stops.tolist(), years.tolist(), strict=True)
        dates = [text[:stop] + text[year : year + _YEAR_LENGTH] for text, stop, year in cuts]
    elif (stops == first).all():  # fast
        dates = [text[:first] for text in texts]
    else:
        dates = [text[:stop] for text, stop in zip(texts, stops.tolist(), strict=True)]
    return dates, Times(shares, in_utc)


def _times_of(form: Form, start: int) -> _TimesOfForm | None:
    """Parse the times that begin at ``start``; ``None`` if one is invalid."""
    if start == len(form.text):
        return _TimesOfForm(np.zeros(len(form.rows)), None)
    time = _TIME.fullmatch(form.text, start)
    if time is None:
        return None
    hours, minutes, seconds = (form.number(time.span(name)) for name in ("hour", "minute", "second"))
    if time["half"]:
        hours = of_24_hours(hours, time["half"])
    if not ((hours >= 0) & (hours < 24) & (minutes < 60) & (seconds < 60)).all():
        return None
    offsets = _offsets(form, time)
    if offsets is not None and np.abs(offsets).max() > _MAX_OFFSET:
        return None
    year = time.start("year") if time["year"] else None  # Wed Mar 01 12:30:00 2023
    return _TimesOfForm(hours * 3600 + minutes * 60 + seconds, offsets, year)


def of_24_hours(hours: Floats, half: str) -> Floats:
    """Return (n,) the hours of a clock with 24 hours, given those of one with 12 in the ``half`` (a or p); -1 if invalid."""
    return np.where((hours >= 1) & (hours <= 12), hours % 12 + (12 if half in "Pp" else 0), -1.0)


def _offsets(form: Form, time: re.Match[str]) -> Floats | None:
    """Return (n,) the minutes ahead of UTC; ``None`` if they are not stated."""
    if not time["zone"]:
        return np.full(len(form.rows), float(_ZONES[time["utc"]])) if time["utc"] else None
    start, stop = time.span("zone")
    hours_stop = min(start + 3, stop)
    offsets = 60 * form.number((start + 1, hours_stop)) + form.number((hours_stop, stop))
    return -offsets if time["zone"][0] == "-" else offsets
