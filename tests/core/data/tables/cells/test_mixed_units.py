"""Lengths and weights in two units, as numbers in the smaller one."""

from __future__ import annotations

import pytest

from core.data.tables.cells.mixed_units import parse_mixed_units
from core.data.tables.tables import preview_table
from tests.core.data.support import Write


@pytest.mark.parametrize(
    ("texts", "values", "unit"),
    [
        (["5'11\"", "6'0\"", "6'"], [71, 72, 72], "in"),
        (["5'11", "6' 2"], [71, 74], "in"),
        (["5’ 10.5”", "4′ 3″"], [70.5, 51], "in"),
        (["5'11''", "12'1''"], [71, 145], "in"),
        (["5 ft 11 in", "5ft 3in.", "6 feet"], [71, 63, 72], "in"),
        (["7 lb 4 oz", "10 lbs 15.5 oz", "8 lb"], [116, 175.5, 128], "oz"),
        (["11 st 4 lb", "9st 13lbs"], [158, 139], "lb"),
    ],
)
def test_common_notations(texts: list[str], values: list[float], unit: str) -> None:
    found = parse_mixed_units(texts)
    assert found is not None
    assert (found.values.tolist(), found.unit) == (values, unit)


@pytest.mark.parametrize("text", ["5'12\"", "5", '72"', "5'x", "", "5 lb 16 oz", "47°11'", "1st 2", "-", "5,3'2"])
def test_other_texts(text: str) -> None:
    assert parse_mixed_units([text]) is None
    assert parse_mixed_units(["5'11\"", text]) is None


def test_a_single_unit_is_left_to_numbers() -> None:
    assert parse_mixed_units(["5'", "6'"]) is None
    assert parse_mixed_units([]) is None


def test_heights_are_numbers(write: Write) -> None:
    rows = "".join(f"{4 + row % 3}'{row}\",{row % 2}\n" for row in range(12))
    column = preview_table(write("height,y\n" + rows)).columns[0]
    assert (column.kind, column.summary) == ("number", "48 to 83 in")
    assert column.note == "feet and inches, in inches"
