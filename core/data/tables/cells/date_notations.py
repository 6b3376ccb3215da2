"""Rewrite uncommon notations of dates as common ones: quarters, weeks, names of weekdays, ordinals, and unusual times."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Final, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_Replacement: TypeAlias = "str | Callable[[re.Match[str]], str]"

_SAMPLE_SIZE: Final = 30
_MAX_LENGTH: Final = 80

_EXIF: Final = re.compile(r"(?m)^(\d{4}):(\d{2}):(\d{2})(?= )", re.ASCII)
_BEHIND_COLON: Final = re.compile(r"(?m)^(\d{1,2}[-/ ]?[A-Za-z]{3}[-/ ]?\d{2,4}):(?=\d{2}:)", re.ASCII)
_POINTS: Final = re.compile(r"(?m)^([^:\n]*\d{4},?) (\d{1,2})\.(\d{2})(?:\.(\d{2}))?$", re.ASCII)
_TIMES: Final[tuple[tuple[re.Pattern[str], _Replacement], ...]] = (
    (_EXIF, r"\1-\2-\3"),  # 2023:01:05 12:30:00
    (_BEHIND_COLON, r"\1 "),  # 05JAN2023:12:30:00 (SAS), 05/Jan/2023:12:30:00 (web servers)
    (_POINTS, lambda match: f"{match[1]} {match[2]}:{match[3]}:{match[4] or '00'}"),  # 5.1.2023 12.30
)

_WEEKDAYS: Final = (
    *("mon", "tue", "tues", "wed", "thu", "thur", "thurs", "fri", "sat", "sun"),
    *("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
    *("mo", "di", "mi", "do", "fr", "sa", "so"),
    *("montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag", "sonnabend", "sonntag"),
    *("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
    *("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"),
    *("lunedì", "martedì", "mercoledì", "giovedì", "venerdì", "sabato", "domenica"),
    *("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag"),
)
_WEEKDAY: Final = re.compile(rf"(?mi)^(?:{'|'.join(_WEEKDAYS)})(?:\., ?|, ?|\. | )(?=[^\n]*\d)")
_ORDINAL: Final = re.compile(r"(?<![\d.])(\d{1,2})(?:st|nd|rd|th)(?![a-z])", re.ASCII)
_QUARTER: Final = re.compile(
    r"(?m)^(?:[QqTt](?P<quarter>[1-4])[-/ ]?(?P<year>\d{4})|(?P<year_>\d{4})[-/ ]?[QqTt](?P<quarter_>[1-4])"
    r"|(?P<_quarter>[1-4])[Qq][-/ ]?(?P<_year>\d{4}))$",
    re.ASCII,
)
_MONTH: Final = re.compile(r"(?m)^(\d{4})[- ]?M(\d{2})$", re.ASCII)
_WEEK: Final = re.compile(r"(?m)^(\d{4})[- ]?W(\d{2})(?:-?([1-7]))?$", re.ASCII)
_SEASON: Final = re.compile(r"(\d{4})[-/](\d{2})", re.ASCII)
_DATES: Final[tuple[tuple[re.Pattern[str], _Replacement], ...]] = (
    (_WEEKDAY, ""),
    (_ORDINAL, r"\1"),
    (_QUARTER, lambda match: _of_quarter(match)),
    (_MONTH, r"\1-\2"),
    (_WEEK, lambda match: _of_week(match)),
)


def with_usual_times(texts: Sequence[str]) -> Sequence[str]:
    """Return ``texts`` with times rewritten as `` 12:30:00`` if the first texts use another notation."""
    for pattern, usual in _TIMES:
        if all(len(text) <= _MAX_LENGTH and pattern.match(text) for text in texts[:_SAMPLE_SIZE]):
            return _substituted(pattern, usual, texts)
    return texts


def as_usual_dates(dates: Sequence[str]) -> Sequence[str]:
    """Return ``dates`` without weekdays and ordinal suffixes; quarters, months and weeks become their first days."""
    for pattern, usual in _DATES:
        if any(len(date) <= _MAX_LENGTH and pattern.search(date) for date in dates[:_SAMPLE_SIZE]):
            dates = _substituted(pattern, usual, dates)
    return dates


def are_seasons(dates: Sequence[str]) -> bool:
    """Return whether ``dates`` are seasons, such as ``2009/10`` and ``2010/11``, rather than months of a year."""
    matches = map(_SEASON.fullmatch, dates)  # ends with the first that is none
    return len(dates) > 1 and all(match is not None and (int(match[1]) + 1) % 100 == int(match[2]) for match in matches)


def _substituted(pattern: re.Pattern[str], usual: _Replacement, texts: Sequence[str]) -> Sequence[str]:
    """Return ``texts`` with all matches of ``pattern`` replaced, in one call for speed."""
    lines = pattern.sub(usual, "\n".join(texts)).split("\n")
    return lines if len(lines) == len(texts) else texts


def _of_quarter(match: re.Match[str]) -> str:
    year, quarter = (
        match["year"] or match["year_"] or match["_year"],
        match["quarter"] or match["quarter_"] or match["_quarter"],
    )
    return f"{year}-{3 * int(quarter) - 2:02}"


def _of_week(match: re.Match[str]) -> str:
    try:
        return dt.date.fromisocalendar(int(match[1]), int(match[2]), int(match[3] or 1)).isoformat()
    except ValueError:  # a year without a week 53
        return match[0]
