"""Times of day with offsets from UTC, compared with the standard library's datetime."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.data.tables.cells.dates import parse_dates
from core.data.tables.cells.times import cut_time, cut_times
from core.data.tables.tables import preview_table
from core.experiment import ColumnSettings
from tests.core.data.support import Write, read

EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


def days(text: str) -> float:
    """Return the days since 1970 of an ISO time, which is in UTC unless it has an offset."""
    time = dt.datetime.fromisoformat(text)
    return ((time if time.tzinfo else time.replace(tzinfo=dt.UTC)) - EPOCH) / dt.timedelta(days=1)


def test_times_with_different_offsets_become_utc() -> None:
    texts = [
        "2024-05-01T12:00:00+02:00",
        "2024-01-01T00:30:00+01:00",
        "2023-12-31T23:30:00-09:30",
        "2024-02-29T12:00:00Z",
    ]
    dates = parse_dates(texts)
    assert dates is not None
    assert dates.in_utc
    assert dates.days == pytest.approx([days(text) for text in texts], abs=1e-9)


def test_times_without_an_offset_among_others_are_in_utc() -> None:
    texts = ["2024-05-01 12:00+02:00", "2024-05-01 12:00", "2024-05-02"]
    dates = parse_dates(texts)
    assert dates is not None
    assert dates.in_utc
    assert dates.days == pytest.approx([days(text) for text in texts], abs=1e-9)


@pytest.mark.parametrize("zone", ["+02:00", "+0200", "+02", " -05:30", "Z", " UTC", " GMT+2", " UTC-11", "-14:00"])
def test_times_with_one_offset_remain_local(zone: str) -> None:
    dates = parse_dates([f"2024-05-01T12:00:00{zone}", f"2024-05-02T06:00:00{zone}"])
    assert dates is not None
    assert not dates.in_utc
    assert dates.days.tolist() == [days("2024-05-01T12:00"), days("2024-05-02T06:00")]


def test_times_of_a_form_through_summer_and_winter() -> None:
    dates = parse_dates(["2024/03/30 11:59:30 PM GMT+1", "2024/03/31 3:00:00 AM GMT+2"])
    assert dates is not None
    assert dates.days == pytest.approx([days("2024-03-30T22:59:30"), days("2024-03-31T01:00:00")], abs=1e-9)


@pytest.mark.parametrize("zone", ["+25:00", "-14:01", "+2", "+2:00", "X", "GMT+", "+02:0"])
def test_what_is_no_offset_is_no_time(zone: str) -> None:
    assert parse_dates([f"2024-05-01T12:00:00{zone}"]) is None


def test_the_preview_says_that_times_are_in_utc(write: Write) -> None:
    path = write("t,y\n2024-05-01T01:00:00+02:00,0\n2024-12-01T01:00:00+01:00,1\n2024-12-02T01:00:00+01:00,1\n")
    column = preview_table(path).columns[0]
    assert column.summary == "2024-04-30 to 2024-12-02"
    assert column.note.startswith("date, in UTC because of different time zones")
    hours = read(path, inputs=("t",), columns=(ColumnSettings(name="t", parts=("hour", "day")),))
    assert hours.inputs.tolist() == [[23, 30], [0, 1], [0, 2]]


@pytest.mark.parametrize(
    "texts",
    [
        ["2024-01-01 12:30:00", "2024-01-02 13:30:00"],
        ["2024-01-01 9:30", "2024-01-02 8:30"],
        ["2024-01-01T09:30", "2024-01-02 08:30", "2024-01-02T08:30:10"],
        ["2024-01-01 09:30", "2024-01-02  8:30", "2024-1-2 08:30", "2024-01-02"],
        ["2024-01-01", "2024-01-02"],
        ["Größe\n09:30", "12:30 2024-01-01"],
    ],
)
def test_all_dates_are_cut_like_each(texts: list[str]) -> None:
    found = cut_times(texts)
    assert found is not None
    assert found[0] == [cut_time(text)[0] for text in texts]


_DATES = st.sampled_from(["2020-01-05", "5 Oct 2020", "1/2/03", "5. März 2020", ""])
_ENDS = st.sampled_from(
    ["", ".5", ",25", ".123456", "Z", " UTC", " GMT+2", "+02:00", "-0530", ".5Z", " PM", "am", " x"]
)
_CLOCKS = st.sampled_from([" 18:30:05", "T00:00:00", " 09:59:59", " 9:30", " 12:30", "T24:00:00", " 10:60:00"])


@given(st.lists(st.tuples(_DATES, _CLOCKS, _ENDS), min_size=1, max_size=5))
def test_times_are_read_together_as_one_by_one(parts: list[tuple[str, str, str]]) -> None:
    texts = ["".join(each) for each in parts]
    alone = [cut_times([text]) for text in texts]
    together = cut_times(texts)
    if together is None:
        assert None in alone
        return
    dates, times = together
    assert dates == [one[0][0] for one in alone if one]
    if not times.in_utc:
        assert times.shares.tolist() == pytest.approx([one[1].shares[0] for one in alone if one], abs=1e-15)


@given(st.lists(st.times(), min_size=1, max_size=20), st.sampled_from(["%I:%M:%S.%f %p", "%H:%M:%S.%f", "%I:%M %p"]))
def test_times_are_those_of_the_standard_library(times: list[dt.time], form: str) -> None:
    texts = [f"2024-05-01 {time.strftime(form)}" for time in times]
    expected = [days(dt.datetime.strptime(f"{text} +0000", f"%Y-%m-%d {form} %z").isoformat()) for text in texts]
    dates = parse_dates(texts)
    assert dates is not None
    assert dates.days == pytest.approx(expected, abs=1e-11)
