"""Parse dates in common formats, and convert them to days since 1970 or to parts of a date."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Final

import numpy as np
from msgspec import Struct

from core.data.tables.cells.date_notations import are_seasons, as_usual_dates, with_usual_times
from core.data.tables.cells.month_names import in_english
from core.data.tables.cells.times import cut_times

if TYPE_CHECKING:
    import pandas as pd

    from core.arrays import Floats, Integers
    from core.data.settings import DatePart

_LIKE_A_DATE: Final = re.compile(
    r"\d{1,4}([-/.])\d{1,2}\1\d{1,4}|\d{4}[-/]\d{1,2}|\d{1,2}[-/]\d{4}"
    r"|.*\d.*[A-Za-z]{3}.*|[A-Za-z]{3}.*\d.*"
)

_FORMATS: Final = (
    *("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y-%m"),
    *("%d.%m.%Y", "%d.%m.%y", "%d-%m-%Y", "%d-%m-%y"),
    *("%m/%d/%Y", "%d/%m/%Y", "%m/%d/%y", "%d/%m/%y", "%m-%d-%Y", "%m.%d.%Y"),
    *("%d %b %Y", "%d %B %Y", "%d %b %y", "%d-%b-%Y", "%d-%b-%y", "%b %d, %Y", "%B %d, %Y", "%b %d %Y", "%B %d %Y"),
    *("%d. %B %Y", "%d. %b %Y", "%b %Y", "%B %Y", "%b-%y", "%b-%Y"),
    *(
        "%d%b%Y",
        "%d%b%y",
        "%d/%b/%Y",
        "%d.%b.%Y",
        "%d-%B-%Y",
        "%d %b, %Y",
        "%d %B, %Y",
        "%Y-%b-%d",
        "%Y %b %d",
        "%Y %B %d",
    ),
    *("%Y/%m", "%m/%Y", "%m-%Y", "%Y %b", "%Y %B", "%Y-%b", "%Y%b", "%b%Y", "%b/%Y"),
)
"""Formats in the order of preference: month first with slashes, as in the United States, day first otherwise."""

_ISO: Final = ("%Y-%m-%d", "%Y/%m/%d", "%Y-%m")
_TRIED_FIRST: Final = 30
_DAY_FIRST: Final = re.compile(r"%d.%m")
_MONTH_FIRST: Final = re.compile(r"%m.%d.%[Yy]")


class Dates(Struct, frozen=True):
    """Parsed dates.

    Attributes:
        days: (N,): days since 1970-01-01, with the time of day as a fraction.
        format: their format, such as ``%d.%m.%Y``.
        ambiguous: whether day and month could be swapped.
        in_utc: whether the times had different offsets from UTC, and were converted to it.
    """

    days: Floats
    format: str
    ambiguous: bool
    in_utc: bool = False


def parse_dates(texts: Sequence[str], *, month_first: bool | None = None) -> Dates | None:
    """Parse ``texts`` as dates; return ``None`` unless all are dates in the same format.

    Args:
        texts: the cells.
        month_first: whether numeric months precede days; ``None`` for the usual order of the format.
    """
    if not texts:
        return None
    texts = with_usual_times(texts)
    first = cut_times(texts[:_TRIED_FIRST])
    if first is None:
        return None
    first_dates = _usual(first[0])
    if not all(map(_LIKE_A_DATE.match, first_dates)):
        return None
    formats = [each for each in _formats(month_first) if _days_if_all(first_dates, each) is not None]
    if not formats:
        return None
    cut = cut_times(texts)
    if cut is None:
        return None
    dates_of_all, times = cut
    # Few of the days differ in a column of dates with times.
    places, dates = _different(dates_of_all)
    usual = _usual(dates)
    if are_seasons(usual):
        return None
    found: list[tuple[str, Floats]] = []
    for each in formats:
        is_named = "%b" in each.lower()  # a month with a name is not taken for a day: one such format is enough
        if not (found and is_named) and (days := _days_if_all(usual, each)) is not None:
            found.append((each, days))
    if not found:
        return None
    form, days = found[0]
    swapped = {_MONTH_FIRST.sub(lambda m: f"%d{m[0][2]}%m{m[0][5:]}", each) for each, _ in found}
    return Dates(days[places] + times.shares, form, ambiguous=len(swapped) < len(found), in_utc=times.in_utc)


def _usual(dates: Sequence[str]) -> Sequence[str]:
    """Return ``dates`` in a usual notation, in English."""
    return in_english(as_usual_dates(dates))


def _different(texts: list[str]) -> tuple[Integers, list[str]]:
    """Return (N,) the index of each text among the distinct texts, and these in order of first occurrence."""
    import pandas as pd

    codes, different = pd.factorize(np.array(texts, dtype=np.object_))
    return codes.astype(np.int64), different.tolist()


def _formats(month_first: bool | None) -> tuple[str, ...]:  # noqa: FBT001 - what the user chose, if anything
    if month_first is None:
        return _FORMATS
    unwanted = _DAY_FIRST if month_first else _MONTH_FIRST
    return tuple(each for each in _FORMATS if not unwanted.match(each))


def _days_if_all(texts: Sequence[str], form: str) -> Floats | None:
    """Return the days since 1970 of ``texts``; ``None`` unless all have the format ``form``."""
    if not _shape(form).fullmatch(texts[0]):
        return None
    days = _days(texts, form)
    return None if np.isnan(days).any() else days


@cache
def _shape(form: str) -> re.Pattern[str]:
    """Return a pattern that each date of the format matches, to tell most formats without pandas, which takes 1 ms each."""
    if form in _ISO:  # pandas has a separate parser for these
        return re.compile(r".*\d{4}.*")
    pattern = re.sub("%[Ymdy]", r"\\s*\\d{1,4}", re.sub("%[bB]", ".+", re.escape(form).replace(r"\ ", r"\s+")))
    return re.compile(pattern)


def _days(texts: Sequence[str], form: str) -> Floats:
    import pandas as pd

    return _since_1970(pd.to_datetime(pd.Series(list(texts), dtype=object), format=form, errors="coerce", exact=True))


def _since_1970(stamps: pd.Series) -> Floats:
    import pandas as pd

    days = (stamps - pd.Timestamp("1970-01-01")) / pd.Timedelta(days=1)
    return np.asarray(days.to_numpy(dtype=np.float64, na_value=np.nan), dtype=np.float64)


def part_of(days: Floats, part: DatePart) -> Floats:
    """Return ``part`` of the dates ``days`` (N,) since 1970-01-01; months and days count from 1, Monday is 1.

    NaN stays NaN.
    """
    import pandas as pd

    # Most times are not an exact fraction of a day: 23:00 would be 22:59:59.999 without rounding.
    stamps = pd.Series(pd.to_datetime(days, unit="D")).dt.round("ms")
    match part:
        case "weekday":
            values: pd.Series = stamps.dt.day_of_week + 1
        case "hour":
            values = stamps.dt.hour + stamps.dt.minute / 60
        case _:
            values = getattr(stamps.dt, part)
    return np.asarray(values.to_numpy(dtype=np.float64, na_value=np.nan), dtype=np.float64)


def shown(day: float) -> str:
    """Return the date ``day`` days after 1970-01-01, such as ``2024-03-01``."""
    import pandas as pd

    return str((pd.Timestamp("1970-01-01") + pd.Timedelta(days=day)).date())
