"""Times of day and durations as numbers of hours or seconds."""

from __future__ import annotations

import numpy as np
import pytest

from core.data.tables.cells.durations import parse_durations
from core.data.tables.tables import preview_table
from core.experiment import ColumnSettings
from tests.core.data.support import Write, read


@pytest.mark.parametrize(
    ("texts", "values", "unit", "of_day"),
    [
        (["08:30", "9:15", "00:00", "23:59"], [8.5, 9.25, 0, 23 + 59 / 60], "h", True),
        (["8:30 PM", "12:00 am", "12:15pm", "1:00 a.m."], [20.5, 0, 12.25, 1], "h", True),
        (["18:30:36", "06:00:00"], [18.51, 6], "h", True),
        (["00:01:15", "0:00:02.5", "0:59:59"], [75, 2.5, 3599], "s", False),
        (["1:23.456", "0:59,5"], [83.456, 59.5], "s", False),
        (["37:30", "8:00"], [37.5, 8], "h", False),
        (["1 days 12:00:00", "0 days 00:30:00"], [36, 0.5], "h", False),
        (["-01:30:00", "+00:30:00"], [-1.5, 0.5], "h", False),
        (["1h 30m", "45m", "2 h", "1h30min"], [1.5, 0.75, 2, 1.5], "h", False),
        (["1 min 5 s", "30 sec"], [65, 30], "s", False),
        (["PT1H15M", "PT45M30S"], [1.25, 2730 / 3600], "h", False),
    ],
)
def test_common_notations(texts: list[str], values: list[float], unit: str, of_day: bool) -> None:
    found = parse_durations(texts)
    assert found is not None
    assert found.values == pytest.approx(values)
    assert (found.unit, found.of_day) == (unit, of_day)


@pytest.mark.parametrize(
    "text", ["", "12", "3:1", "12:60", "13:00 PM", "0:30 AM", "1:2:3", "1:00:60", "a:30", "PT", "h"]
)
def test_texts_that_are_neither(text: str) -> None:
    assert parse_durations([text]) is None
    assert parse_durations(["08:30", text]) is None


def test_other_texts_are_missing_if_numbers_were_chosen() -> None:
    found = parse_durations(["08:30", "late"], strict=False)
    assert found is not None
    assert found.values[0] == 8.5
    assert np.isnan(found.values[1])


def test_a_column_of_times_is_an_input_in_hours(write: Write) -> None:
    path = write("start,y\n" + "08:30,a\n17:00,b\n-,a\n,b\n9:15 ,a\n12:00,b\n")
    start = preview_table(path).columns[0]
    assert (start.kind, start.summary, start.note) == ("number", "8.5 to 17 h", "times of day, in hours")
    assert (start.missing, start.marks, start.suggested) == (2, ("-",), True)
    raw = read(path)
    assert raw.inputs[:, 0].tolist() == [8.5, 17, 9.25, 12]


def test_durations_are_seconds(write: Write) -> None:
    path = write("lap,y\n" + "".join(f"00:01:{row:02},{row % 7}\n" for row in range(20)))
    lap = preview_table(path).columns[0]
    assert (lap.summary, lap.note) == ("60 to 79 s", "durations, in seconds")


def test_a_user_can_choose_categories_and_numbers(write: Write) -> None:
    path = write("start,y\n" + "08:30,a\n17:00,b\nlate,a\n" * 4)
    assert preview_table(path).columns[0].kind == "text"
    numbers = (ColumnSettings(name="start", kind="number"),)
    assert read(path, columns=numbers).inputs[:, 0].tolist() == [8.5, 17] * 4
    categories = (ColumnSettings(name="start", kind="categories"),)
    assert read(write("start,y\n" + "08:30,a\n17:00,b\n" * 4), columns=categories).input_names == (
        "start=08:30",
        "start=17:00",
    )


def test_scores_are_no_times(write: Write) -> None:
    assert preview_table(write("score,y\n" + "2:1,a\n0:0,b\n3:1,a\n" * 4)).columns[0].kind == "text"
