"""Dates in less common notations: quarters, weeks, weekdays, ordinals, names of time zones, and times in other places."""

from __future__ import annotations

import datetime as dt

import pytest

from core.data.tables.cells.dates import parse_dates
from core.data.tables.tables import preview_table
from tests.core.data.support import Write


def days(*date: int) -> float:
    """Return the days since 1970 of a date with a time."""
    return (dt.datetime(*date, tzinfo=dt.UTC) - dt.datetime(1970, 1, 1, tzinfo=dt.UTC)) / dt.timedelta(days=1)  # type: ignore[arg-type, misc]


@pytest.mark.parametrize(
    ("texts", "date"),
    [
        (["Q2 2023", "2023Q2", "2023-Q2", "2Q2023", "2023-T2", "Q2/2023"], (2023, 4, 1)),
        (["2023M04", "2023-04"], (2023, 4, 1)),
        (["2023-W05", "2023W05", "2023-W05-1"], (2023, 1, 30)),
        (["2023/4", "2023/04"], (2023, 4, 1)),
        (["4/2023", "04/2023"], (2023, 4, 1)),
        (["2023 APR", "2023 Apr"], (2023, 4, 1)),
        (["05apr2023", "5APR2023"], (2023, 4, 5)),
        (["Wednesday 5 April 2023", "5 April 2023"], (2023, 4, 5)),
        (["Mi., 5. April 2023", "5. April 2023"], (2023, 4, 5)),
        (["mercredi 5 avril 2023"], (2023, 4, 5)),
        (["April 5th, 2023", "April 5, 2023"], (2023, 4, 5)),
        (["4/5/2023, 2:30:00 PM", "4/5/2023, 2:30 p.m."], (2023, 4, 5, 14, 30)),
        (["05.04.2023, 14:30 Uhr"], (2023, 4, 5, 14, 30)),
        (["5.4.2023 14.30", "05.04.2023 14.30.00"], (2023, 4, 5, 14, 30)),
        (["Wed, 05 Apr 2023 14:30:00 +0000", "Wed, 5 Apr 2023 14:30:00 GMT"], (2023, 4, 5, 14, 30)),
        (["Wed Apr 05 14:30:00 2023", "Wed Apr 5 14:30:00 2023"], (2023, 4, 5, 14, 30)),
        (["Wed Apr 05 14:30:00 +0000 2023"], (2023, 4, 5, 14, 30)),
        (["Wed Apr 05 2023 14:30:00 GMT+0200 (Central European Summer Time)"], (2023, 4, 5, 14, 30)),
        (["05APR2023:14:30:00"], (2023, 4, 5, 14, 30)),
        (["05/Apr/2023:14:30:00 +0000"], (2023, 4, 5, 14, 30)),
        (["2023:04:05 14:30:00"], (2023, 4, 5, 14, 30)),
        (["2023-04-05 14:30:00 PDT"], (2023, 4, 5, 14, 30)),
    ],
)
def test_each_notation_is_the_same_date(texts: list[str], date: tuple[int, ...]) -> None:
    for group in ([text] for text in texts):
        dates = parse_dates(group)
        assert dates is not None, group
        assert dates.days == pytest.approx([days(*date)], abs=1e-9)
        assert not dates.in_utc


def test_names_of_time_zones_through_summer_and_winter() -> None:
    dates = parse_dates(["2023-03-26 01:59:00 CET", "2023-03-26 03:01:00 CEST"])
    assert dates is not None
    assert dates.in_utc
    assert dates.days == pytest.approx([days(2023, 3, 26, 0, 59), days(2023, 3, 26, 1, 1)], abs=1e-9)


@pytest.mark.parametrize(
    "texts",
    [
        ["2009/10", "2010/11", "2011/12"],
        ["2023Q5"],
        ["2023-W54"],
        ["2021-W53"],
        ["7/10", "3/10"],
        ["Monday", "Tuesday"],
        ["Sun 1"],
        ["4th", "5th"],
        ["2023-04-05 14:30:00 XYZ"],
    ],
)
def test_texts_that_are_no_dates(texts: list[str]) -> None:
    assert parse_dates(texts) is None


def test_a_column_of_quarters_is_a_date(write: Write) -> None:
    rows = "".join(f"Q{row % 4 + 1} {2010 + row // 4},{row * 1.5},{row % 2}\n" for row in range(20))
    column = preview_table(write("quarter,a,y\n" + rows)).columns[0]
    assert (column.kind, column.summary) == ("date", "2010-01-01 to 2014-10-01")
