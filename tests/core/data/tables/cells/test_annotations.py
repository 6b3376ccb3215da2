"""Annotations after numbers: flags of statistical offices, uncertainties, credit and debit, and minus signs."""

from __future__ import annotations

import pytest

from core.data.tables.tables import preview_table
from core.experiment import ColumnSettings, TableSource
from tests.core.data.support import Write, read


def table(cells: list[str]) -> str:
    return "x;y\n" + "".join(f"{cell};{'ab'[row % 2]}\n" for row, cell in enumerate(cells * 2))


@pytest.mark.parametrize(
    ("cells", "numbers", "note"),
    [
        (["12.3 p", "4.5", "6.25", "7.75", ":", ": c"], [12.3, 4.5, 6.25, 7.75], "“12.3 p” are read without the flag"),
        (["12,3 e", "4,5 bp", "6,25 (r)"], None, ""),
        (["12,3 e", "4,5 bp", "6,25 e"], [12.3, 4.5, 6.25], "“12,3 e” are read without the flag"),
        (["1.5 (p)", "2.5", "3.5", "4.5 (e)"], [1.5, 2.5, 3.5, 4.5], "“1.5 (p)” are read without the flag"),
        (["3.2 ± 0.1", "4.75±0.05", "5"], [3.2, 4.75, 5], "“3.2 ± 0.1” are read without the uncertainty"),
        (["3.2 +/- 0.1 mm", "4 mm ± 1 mm"], [3.2, 4], "“3.2 +/- 0.1 mm” are read without the uncertainty"),
        (["1,234.00 CR", "12.50 DR", "7.25 CR"], [1234, -12.5, 7.25], "“12.50 DR” are negative"),
        (["1,234.00 CR", "12.50", "7.25"], [-1234, 12.5, 7.25], "“1,234.00 CR” are negative"),
        (["$1,234.00-", "$12.50", "$7.25"], None, ""),
        (["1,234.25-", "12.50", "7.25", "8.75-"], [-1234.25, 12.5, 7.25, -8.75], "“1,234.25-” are negative"),
    ],
)
def test_annotated_numbers_are_read_and_the_preview_says_so(
    write: Write, cells: list[str], numbers: list[float] | None, note: str
) -> None:
    path = write(table(cells))
    column = preview_table(path).columns[0]
    if numbers is None:
        assert column.kind == "text"
    else:
        assert (column.kind, column.note) == ("number", f"cells such as {note}")
        assert read(path).inputs[: len(numbers), 0].tolist() == numbers


@pytest.mark.parametrize(
    "cells",
    [
        ["1", "2", "3 b"],
        ["1-", "1", "2-", "2"],
        ["5 s", "7 d", "3.5", "4.5", "6.5"],
        ["20.5 c", "68.5 f", "21.25", "70.75"],
        ["1.5 bn", "2.5", "3.5", "4.5"],
        ["1.25 Cr", "250.5", "120.25", "4.75"],
        ["3.5 ns", "2.5 s", "4.5", "6.5"],
    ],
)
def test_ambiguous_annotations_stay_text(write: Write, cells: list[str]) -> None:
    assert preview_table(write(table(cells))).columns[0].kind == "text"


def test_a_user_can_choose_numbers_with_few_flags(write: Write) -> None:
    path = write(table(["1", "2", "3 b"]))
    column = ColumnSettings(name="x", kind="number")
    assert read(path, columns=(column,)).inputs[:3, 0].tolist() == [1, 2, 3]
    preview = preview_table(path, TableSource(csv=str(path), target="y", columns=(column,)))
    assert preview.columns[0].note == "cells such as “3 b” are read without the flag"
