"""Dates written as one number, dates in other languages, and factors such as K and M."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from core.data.tables.cells.compact_dates import days_of_numbers
from core.data.tables.cells.dates import parse_dates
from core.data.tables.tables import preview_table
from core.experiment import ColumnSettings
from tests.core.data.support import Write, read

EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


def days(*parts: int) -> float:
    return (dt.datetime(*parts, tzinfo=dt.UTC) - EPOCH) / dt.timedelta(days=1)  # type: ignore[arg-type]


def test_dates_with_and_without_times() -> None:
    found = days_of_numbers(np.array([19700101.0, 20240229, np.nan, 21001231]))
    assert found is not None
    assert found[[0, 1, 3]].tolist() == [0, days(2024, 2, 29), days(2100, 12, 31)]
    assert np.isnan(found[2])
    hours = days_of_numbers(np.array([2024022923.0, 2024030100, 2024030101]))
    assert hours is not None
    assert hours[0] == pytest.approx(days(2024, 2, 29, 23))
    seconds = days_of_numbers(np.array([20240229233015.0, 20240301000000, 20240301000001]))
    assert seconds is not None
    assert seconds[0] == pytest.approx(days(2024, 2, 29, 23, 30, 15), abs=1e-9)


@pytest.mark.parametrize(
    "other", [20230229.0, 20231301, 20230100, 18991231, 21010101, 20230105.5, 2023010, 12345678, 1e300, -1]
)
def test_other_numbers_are_no_dates(other: float) -> None:
    assert days_of_numbers(np.array([20230105.0, 20230106, 20230107, other])) is None
    assert days_of_numbers(np.array([other, 20230105.0, 20230106, 20230107])) is None


def test_a_column_of_such_dates_can_be_numbers_too(write: Write) -> None:
    path = write("day,x,y\n" + "".join(f"202301{row + 1:02},{row},{row % 2}\n" for row in range(20)))
    day = preview_table(path).columns[0]
    assert (day.kind, day.summary, day.suggested) == ("date", "2023-01-01 to 2023-01-20", False)
    assert day.note.endswith("; written as a number")
    parts = (ColumnSettings(name="day", kind="date", parts=("day",)),)
    assert read(path, columns=parts, inputs=("day",)).inputs[:3, 0].tolist() == [1, 2, 3]
    numbers = (ColumnSettings(name="day", kind="number"),)
    assert read(path, columns=numbers, inputs=("day",)).inputs[0, 0] == 20230101


@pytest.mark.parametrize(
    "texts",
    [
        ["1. März 2023", "24. Dezember 2023"],
        ["1 mars 2023", "24 déc. 2023"],
        ["1er mars 2023", "24 décembre 2023"],
        ["1 de marzo de 2023", "24 de diciembre de 2023"],
        ["1 marzo 2023", "24 dicembre 2023"],
        ["1 de março de 2023", "24 de dezembro de 2023"],
        ["1 maart 2023", "24 december 2023"],
        ["01 Mar 23", "24 Dec 23"],
        ["2023年3月1日", "2023年12月24日"],
        ["2023. 3. 1.", "2023. 12. 24."],
        ["2023년 3월 1일", "2023년 12월 24일"],
    ],
)
def test_dates_in_other_languages(texts: list[str]) -> None:
    found = parse_dates(texts)
    assert found is not None
    assert found.days.tolist() == [days(2023, 3, 1), days(2023, 12, 24)]


@pytest.mark.parametrize(
    "texts", [["Mai", "Juni"], ["3 de", "4 er"], ["set 1 of 3", "set 2 of 3"], ["März 1", "April 2"]]
)
def test_words_that_are_names_of_months_are_no_dates(texts: list[str]) -> None:
    assert parse_dates(texts) is None


def test_factors_of_thousands_and_millions(write: Write) -> None:
    path = write("volume,y\n" + "1.5M,0\n250K,1\n12,0\n2M,1\n" * 3)
    volume = preview_table(path).columns[0]
    assert (volume.kind, volume.note) == ("number", "K is × 1e3 and M is × 1e6")
    assert read(path).inputs[:4, 0].tolist() == [1.5e6, 250e3, 12, 2e6]


def test_one_factor_is_a_unit(write: Write) -> None:
    column = preview_table(write("volume,y\n" + "1.5M,0\n2.5M,1\n" * 3)).columns[0]
    assert (column.summary, column.note) == ("1.5 to 2.5 M", "")
