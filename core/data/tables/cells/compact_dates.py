"""Recognise dates written as one number, such as ``20230105`` or, with the time, ``202301051230``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from core.arrays import Floats

_FIRST_YEAR: Final = 1900
_LAST_YEAR: Final = 2100
_MIN_DATES: Final = 3


def days_of_numbers(values: Floats) -> Floats | None:
    """Return (N,) the days since 1970 of dates written as numbers, NaN for missing ones; ``None`` unless all are dates.

    Args:
        values: (N,): year, month and day in 8 digits; hour, minute and second in 2 more digits each.
    """
    known = ~np.isnan(values)
    present = values[known]
    if len(present) < _MIN_DATES or not 1e7 < present[0] < 1e14 or (present != np.floor(present)).any():
        return None
    n_digits = len(str(int(present[0]))) - 8
    if n_digits not in (0, 2, 4, 6):
        return None
    dates, time = np.divmod(present, 10.0**n_digits)
    hour, minute, second = (time * 10.0 ** (6 - n_digits) // unit % 100 for unit in (1e4, 1e2, 1))
    year, month, day = dates // 1e4, dates // 1e2 % 100, dates % 100
    in_range = (year >= _FIRST_YEAR) & (year <= _LAST_YEAR) & (month >= 1) & (month <= 12) & (day >= 1)
    if not (in_range & (hour < 24) & (minute < 60) & (second < 60)).all():
        return None
    months = ((year - 1970) * 12 + month - 1).astype(np.int64).astype("datetime64[M]")
    first, end = (each.astype("datetime64[D]").astype(np.float64) for each in (months, months + 1))
    found = first + day - 1
    if (found >= end).any() or len(np.unique(present)) < _MIN_DATES:
        return None
    days = np.full(len(values), np.nan)
    days[known] = found + (hour * 3600 + minute * 60 + second) / 86_400
    return days
