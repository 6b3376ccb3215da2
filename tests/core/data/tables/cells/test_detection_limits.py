"""Limits of detection and approximate numbers among numbers."""

from __future__ import annotations

import pytest

from core.data.tables.tables import preview_table
from core.experiment import ColumnSettings
from tests.core.data.support import Write, read


def table(cells: list[str]) -> str:
    return "lead;y\n" + "".join(f"{cell};{'ab'[row % 2]}\n" for row, cell in enumerate(cells * 2))


def test_limits_among_numbers_are_read_without_the_sign(write: Write) -> None:
    cells = ["<0.5", "0.75", "1.25", "> 100", "12.5", "≤ 0.1", "~5", "7.25"]
    path = write(table(cells))
    lead = preview_table(path).columns[0]
    assert (lead.kind, lead.summary) == ("number", "0.1 to 100")
    assert lead.note == "8 cells such as “<0.5” are read without the sign"
    assert read(path).inputs[:8, 0].tolist() == [0.5, 0.75, 1.25, 100, 12.5, 0.1, 5, 7.25]


def test_limits_with_units_and_decimal_commas(write: Write) -> None:
    lead = preview_table(write(table(["<0,5 µg/l", "0,75 µg/l", "1,25 µg/l", "12,5 µg/l", "-"]))).columns[0]
    assert (lead.summary, lead.marks) == ("0.5 to 12.5 µg/l", ("-",))
    assert lead.note == "2 cells such as “<0,5 µg/l” are read without the sign"


def test_one_limit_among_whole_numbers(write: Write) -> None:
    path = write("n;y\n" + "".join(f"{row};{'ab'[row % 2]}\n" for row in range(30)) + ">100;a\n")
    column = preview_table(path).columns[0]
    assert (column.kind, column.note) == ("number", "the cell “>100” is read without the sign")


@pytest.mark.parametrize(
    "cells",
    [
        ["<18", ">18"],
        ["<=50K", ">50K"],
        ["0", "1", "2", ">2"],
        ["<1", "1", "2", "3", "4", ">4"],
        ["<18", "18-25", "26-40", ">40"],
        ["<0", "0<=X<200", ">=200", "no checking"],
    ],
)
def test_ranges_are_categories(write: Write, cells: list[str]) -> None:
    assert preview_table(write(table(cells * 4))).columns[0].kind == "text"


def test_a_user_can_choose_categories_or_missing_values(write: Write) -> None:
    cells = ["<0.5", "0.75", "1.25", "12.5"]
    path = write(table(cells))
    categories = read(path, columns=(ColumnSettings(name="lead", kind="categories"),))
    assert categories.input_names == ("lead=0.75", "lead=1.25", "lead=12.5", "lead=<0.5")
    missing = read(path, columns=(ColumnSettings(name="lead", missing=("<0.5",)),))
    assert missing.inputs[:, 0].tolist() == [0.75, 1.25, 12.5] * 2
