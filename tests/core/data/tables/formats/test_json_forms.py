"""JSON in the forms that programs write it: rows without names, records in records, NaN, GeoJSON."""

from __future__ import annotations

import json

import pytest

from core.data.tables.tables import preview_table
from core.errors import TableError
from tests.core.data.support import Write, read

ROWS = [[row, row * 2.5, "pq"[row % 2]] for row in range(9)]
NAMES = ["a", "b", "y"]
RECORDS = [dict(zip(NAMES, row, strict=True)) for row in ROWS]


@pytest.mark.parametrize("indent", [None, 1])
@pytest.mark.parametrize(
    "value",
    [
        [NAMES, *ROWS],
        {str(row): record for row, record in enumerate(RECORDS)},  # pandas, orient="index"
        {"type": "FeatureCollection", "features": [{"type": "Feature", "properties": each} for each in RECORDS]},
    ],
)
def test_forms_of_rows(write: Write, value: object, indent: int | None) -> None:
    raw = read(write(json.dumps(value, indent=indent)))
    assert (raw.input_names, raw.class_names) == (("a", "b"), ("p", "q"))
    assert raw.inputs.tolist() == [[a, b] for a, b, _ in ROWS]


def test_rows_without_names(write: Write) -> None:
    preview = preview_table(write(json.dumps(ROWS)))
    assert [column.name for column in preview.columns] == ["x1", "x2", "x3"]
    assert preview.n_rows == 9


def test_columns_are_not_taken_for_rows(write: Write) -> None:
    columns = {name: {str(row): each[place] for row, each in enumerate(ROWS)} for place, name in enumerate(NAMES)}
    assert read(write(json.dumps(columns))).input_names == ("a", "b")
    numbered = {str(place): {str(row): each[place] for row, each in enumerate(ROWS)} for place in range(3)}
    assert preview_table(write(json.dumps(numbered))).n_rows == 9


def test_records_in_records_become_columns(write: Write) -> None:
    nested = [{"size": {"a": a, "more": {"b": b}}, "y": y} for a, b, y in ROWS]
    assert read(write(json.dumps(nested))).input_names == ("size.a", "size.more.b")


def test_lists_are_no_cells(write: Write) -> None:
    for value in ([{"a": {"b": [1, 2]}}], [[1, [2, 3]]]):
        with pytest.raises(TableError, match=r"record 1, .*: a list or record cannot be a cell"):
            read(write(json.dumps(value)))


def test_nan_is_missing(write: Write) -> None:
    records = [*RECORDS, {"a": float("nan"), "b": float("inf"), "y": "p"}]
    columns = preview_table(write(json.dumps(records))).columns
    assert [column.missing for column in columns] == [1, 1, 0]


def test_nan_in_a_damaged_file_is_invalid(write: Write) -> None:
    with pytest.raises(TableError, match="invalid JSON"):
        read(write('[{"a": NaN, "b": }]'))


def test_columns_of_lists_are_left_out(write: Write) -> None:
    records = [{**record, "tags": ["u"], "more": {"points": [[1, 2]]}} for record in RECORDS]
    preview = preview_table(write(json.dumps(records)))
    assert [column.name for column in preview.columns] == NAMES
    assert preview.notes == (
        "Column “tags” contains lists or records and was left out.",
        "Column “more.points” contains lists or records and was left out.",
    )


def test_half_a_character_is_replaced(write: Write) -> None:
    content = b'[{"a": "b\\ud800", "y": 1}, {"a": NaN, "y": 2}, {"a": "x", "y": 3}]'
    assert preview_table(write(content)).columns[0].summary == "b?, x"
