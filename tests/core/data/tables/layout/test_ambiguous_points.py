"""Numbers such as 12.345 between semicolons, whose points may be decimal or group thousands."""

from __future__ import annotations

import pytest

from core.data.tables.tables import preview_table
from core.experiment import TableSource
from tests.core.data.support import Write

REMARK = "points are read as decimal; if they group thousands, choose a comma for decimals"


def table(*columns: list[str], delimiter: str = ";") -> str:
    names = [*(f"c{index}" for index in range(len(columns))), "y"]
    rows = zip(*columns, [str(row % 2) for row in range(len(columns[0]))], strict=True)
    return "\n".join(delimiter.join(row) for row in [names, *rows]) + "\n"


GROUPED = [f"{row + 12}.{row + 345}" for row in range(12)]


def test_the_preview_says_how_the_points_are_read(write: Write) -> None:
    path = write(table(GROUPED, [*GROUPED[:-3], "NA", "", "950"]))
    columns = preview_table(path).columns
    assert [column.note for column in columns] == [REMARK, REMARK, ""]
    assert columns[0].summary == "12.345 to 23.356"
    columns = preview_table(path, TableSource(csv=str(path), target="y", decimal=",")).columns
    assert [column.note for column in columns] == ["", "", ""]
    assert columns[0].summary == "12345 to 23356"


@pytest.mark.parametrize(
    "other",
    [
        [f"{row}.5" for row in range(12)],
        [f"{row}.{row + 345}" for row in range(12)],  # 0.345
        [f"0{row % 10}.{row + 345}" for row in range(12)],
        [f"1{row + 100}1.345" for row in range(12)],
        [f"{row + 12}.340" for row in range(11)] + ["1.34"],
    ],
)
def test_another_column_tells(write: Write, other: list[str]) -> None:
    assert not any(REMARK in column.note for column in preview_table(write(table(GROUPED, other))).columns)


@pytest.mark.parametrize("delimiter", [",", "|"])
def test_points_are_decimal_with_other_delimiters(write: Write, delimiter: str) -> None:
    assert preview_table(write(table(GROUPED, delimiter=delimiter))).columns[0].note == ""


def test_decimal_commas_in_another_column_make_them_thousands(write: Write) -> None:
    columns = preview_table(write(table(GROUPED, [f"{row},5" for row in range(12)]))).columns
    assert (columns[0].summary, columns[0].note) == ("12345 to 23356", "")
