"""Each kind of file is recognized by its content."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import numpy as np
import pytest

from core.data.tables.files.file_kinds import looks_like_table
from core.data.tables.tables import preview_table
from core.errors import TableError
from tests.core.data.support import Write, read
from tests.core.data.tables.workbooks import ods, xlsx

ROWS = [["size", "colour", "ripe", "y"], [1.5, "red", True, 0.0], [2.0, "blue", False, 1.0], [-3e2, "red", True, 1.0]]
EXPECTED = [[1.5, 0, 1, 1], [2, 1, 0, 0], [-300, 0, 1, 1]]


@pytest.mark.parametrize(
    "content",
    [
        xlsx({"Marks": ROWS, "Other": [["a"], [1]]}),
        ods({"Marks": ROWS, "Other": [["a"], [1]]}),
        json.dumps([dict(zip(ROWS[0], row, strict=True)) for row in ROWS[1:]]).encode(),
        xlsx({"Marks": [["Fruit of the year"], [], *ROWS]}),
    ],
    ids=["xlsx", "ods", "json", "xlsx with a title"],
)
def test_one_table_in_files_of_many_kinds(write: Write, content: bytes) -> None:
    raw = read(write(content))  # the name always ends in .csv
    assert raw.input_names == ("size", "colour=blue", "colour=red", "ripe")
    assert raw.inputs.tolist() == EXPECTED
    assert raw.target.tolist() == [0, 1, 1]


def _without_end_of_table() -> bytes:
    """Return a workbook in which calamine would look for the end of a table forever."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(ods({"A": ROWS}))) as whole, zipfile.ZipFile(made, "w") as broken:
        for name in whole.namelist():
            broken.writestr(name, whole.read(name).replace(b"</table:table>", b"</table:tab>"))
    return made.getvalue()


UNENDED = _without_end_of_table()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (xlsx({"A": ROWS})[:300], r"t\.csv: the workbook cannot be read \("),
        (xlsx({"A": []}), "t.csv: the sheet “A” is empty"),
        (UNENDED, r"t\.csv: the workbook cannot be read \(mismatched tag"),
        (b"[{", r"t\.csv: invalid JSON \("),
        (b"[]", r"t\.csv: the file is empty"),
        (b'{"format": 1}', r"t\.csv: expected a list of records"),
        (b'{"a": 1}\n{"a": ', r"t\.csv: invalid JSON"),
        (
            b"\n<HTML><table><tr><td>a</td></tr></table>",
            r"t\.csv: this is a web page \(HTML\) without a table",
        ),
        (b'[{"a": 1}, 2]', r't\.csv: record 2 is not of the form \{"column": value, …\}'),
        (b'[{"a": 1}, {"a": [1]}]', r't\.csv: record 2, "a": a list or record cannot be a cell'),
        (b"[{" * 100_000, r"t\.csv: invalid JSON"),
        (b"PAR1\0\0\0\0PAR1", r"t\.csv: (the Parquet file cannot be read|Parquet files require the package pyarrow)"),
    ],
)
def test_an_error_in_a_file_is_described(write: Write, content: bytes, message: str) -> None:
    with pytest.raises(TableError, match=message):
        read(write(content))


def test_records_may_lack_keys(write: Write) -> None:
    raw = read(write(b'[{"a": 1, "y": 1.5}, {"y": 2.5}, {"a": 3, "y": 4.25, "b": null}, {"a": 4, "y": 7}]'))
    assert raw.inputs.tolist() == [[1], [3], [4]]
    assert raw.table is not None
    assert [row.columns for row in raw.table.dropped] == [("a",)]


@pytest.mark.parametrize(
    "content",
    [
        b'{"a": 1, "y": 2.5}\n{"a": 3, "y": 4.5}\n{"y": 5.5, "a": 5}\n',
        b'{"columns": ["a", "y"], "index": [0, 1, 2], "data": [[1, 2.5], [3, 4.5], [5, 5.5]]}',
        b'{"a": {"0": 1, "1": 3, "2": 5}, "y": {"0": 2.5, "1": 4.5, "2": 5.5}}',
        b'{"a": [1, 3, 5], "y": [2.5, 4.5, 5.5]}',
        b'\xef\xbb\xbf{"source": "here", "data": [{"a": 1, "y": 2.5}, {"a": 3, "y": 4.5}, {"a": 5, "y": 5.5}]}',
    ],
    ids=["lines", "split", "columns with an index", "columns", "under a key"],
)
def test_json_as_other_programs_write_it(write: Write, content: bytes) -> None:
    raw = read(write(content))
    assert (raw.inputs.tolist(), raw.target.tolist()) == ([[1], [3], [5]], [2.5, 4.5, 5.5])


@pytest.mark.parametrize(
    ("name", "content", "answer"),
    [
        ("a.csv", b"", True),
        ("a.XLSX", b"", True),
        ("a.csv.gz", b"", True),
        ("iris.arff", b"", True),
        ("a.json", b'{"format": 1}', False),
        ("a.json", b' [{"a": 1}]', True),
        ("a.json", b'{"a": 1}\n{"a": 2}', True),
        ("a.png", b"", False),
        ("a", b"PAR1", True),
        ("a", b"a,b", False),
    ],
)
def test_what_looks_like_a_table(tmp_path: Path, name: str, content: bytes, answer: bool) -> None:
    (tmp_path / name).write_bytes(content)
    assert looks_like_table(tmp_path / name) is answer


def test_a_long_table_is_sampled(write: Write) -> None:
    path = write("a,y\n" + "".join(f"{row},{row % 2}\n" for row in range(100_500)))
    preview = preview_table(path)
    assert (preview.n_rows, preview.n_rows_in_file) == (100_000, 100_500)
    raw = read(path, rows=500)
    values = raw.inputs[:, 0]
    assert raw.samples == 500
    assert (np.diff(values) > 0).all(), "rows keep their order, without duplicates"
    assert values.mean() == pytest.approx(50_250, abs=5 * 29_000 / 500**0.5), "from the whole table"
    assert read(path, rows=500).inputs.tolist() == raw.inputs.tolist(), "the same each time"
