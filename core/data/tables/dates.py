"""Parse dates in common formats, and convert them to days since 1970 or to parts of a date."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import numpy as np
from msgspec import Struct

if TYPE_CHECKING:
    import pandas as pd

    from core.arrays import Floats
    from core.data.settings import DatePart

_TIME: Final = re.compile(
    r"[T ]+(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2}(?:[.,]\d+)?))?(?: ?(?P<half>[AaPp])[Mm])?"
    r"(?: ?(?:Z|UTC|[+-]\d{2}:?\d{2}))?$"
)
_LIKE_A_DATE: Final = re.compile(r"\d{1,4}([-/.])\d{1,2}\1\d{1,4}|\d{4}-\d{1,2}|.*\d.*[A-Za-z]{3}.*|[A-Za-z]{3}.*\d.*")

_FORMATS: Final = (
    *("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y-%m"),
    *("%d.%m.%Y", "%d.%m.%y", "%d-%m-%Y", "%d-%m-%y"),
    *("%m/%d/%Y", "%d/%m/%Y", "%m/%d/%y", "%d/%m/%y", "%m-%d-%Y", "%m.%d.%Y"),
    *("%d %b %Y", "%d %B %Y", "%d-%b-%Y", "%d-%b-%y", "%b %d, %Y", "%B %d, %Y", "%b %d %Y", "%B %d %Y"),
    *("%d. %B %Y", "%d. %b %Y", "%b %Y", "%B %Y", "%b-%y", "%b-%Y"),
)
"""Formats in the order of preference: month first with slashes, as in the United States, day first otherwise."""

_TRIED_FIRST: Final = 30
_DAY_FIRST: Final = re.compile(r"%d.%m")
_MONTH_FIRST: Final = re.compile(r"%m.%d.%[Yy]")


class Dates(Struct, frozen=True):
    """Parsed dates.

    Attributes:
        days: (N,): days since 1970-01-01, with the time of day as a fraction.
        format: their format, such as ``%d.%m.%Y``.
        ambiguous: whether day and month could be swapped.
    """

    days: Floats
    format: str
    ambiguous: bool


def parse_dates(texts: Sequence[str], *, month_first: bool | None = None) -> Dates | None:
    """Parse ``texts`` as dates; return ``None`` unless all are dates in the same format.

    Args:
        texts: the cells.
        month_first: whether numeric months precede days; ``None`` for the usual order of the format.
    """
    if not texts or not all(_LIKE_A_DATE.match(text) for text in texts[:_TRIED_FIRST]):
        return None
    matches = [_TIME.search(text) for text in texts]
    dates = [text if each is None else text[: each.start()] for text, each in zip(texts, matches, strict=True)]
    hours = np.array([0.0 if each is None else _share_of_day(each) for each in matches])
    if (hours >= 1.0).any():
        return None
    fitting = [each for each in _formats(month_first) if _fits(dates, each)]
    if not fitting:
        return None
    days = _days(dates, fitting[0])
    swapped = {_MONTH_FIRST.sub(lambda m: f"%d{m[0][2]}%m{m[0][5:]}", each) for each in fitting}
    return Dates(days + hours, fitting[0], ambiguous=len(swapped) < len(fitting))


def _formats(month_first: bool | None) -> tuple[str, ...]:  # noqa: FBT001 - what the user chose, if anything
    if month_first is None:
        return _FORMATS
    unwanted = _DAY_FIRST if month_first else _MONTH_FIRST
    return tuple(each for each in _FORMATS if not unwanted.match(each))


def _fits(texts: Sequence[str], form: str) -> bool:
    return not np.isnan(_days(texts[:_TRIED_FIRST], form)).any() and not np.isnan(_days(texts, form)).any()


def _days(texts: Sequence[str], form: str) -> Floats:
    import pandas as pd

    return _since_1970(pd.to_datetime(pd.Series(list(texts), dtype=object), format=form, errors="coerce", exact=True))


def _since_1970(stamps: pd.Series) -> Floats:
    import pandas as pd

    days = (stamps - pd.Timestamp("1970-01-01")) / pd.Timedelta(days=1)
    return np.asarray(days.to_numpy(dtype=np.float64, na_value=np.nan), dtype=np.float64)


def _share_of_day(time: re.Match[str]) -> float:
    """Return a time as a fraction of a day; 1 or more if it is invalid."""
    hour, minute = int(time["hour"]), int(time["minute"])
    second = float((time["second"] or "0").replace(",", "."))
    if time["half"]:
        if not 1 <= hour <= 12:
            return 1.0
        hour = hour % 12 + (12 if time["half"] in "Pp" else 0)
    return (hour * 3600 + minute * 60 + second) / 86_400 if hour < 24 and minute < 60 and second < 60 else 1.0


def part_of(days: Floats, part: DatePart) -> Floats:
    """Return ``part`` of the dates ``days`` (N,) since 1970-01-01; months and days count from 1, Monday is 1.

    NaN stays NaN.
    """
    import pandas as pd

    stamps = pd.Series(pd.to_datetime(days, unit="D"))
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
