"""Parquet files, with and without pyarrow."""

from __future__ import annotations

import io
import sys

import pytest

from core.data.tables.tables import preview_table
from core.errors import TableError
from tests.core.data.support import Write, read

ROWS = [["size", "colour", "ripe", "y"], [1.5, "red", True, 0.0], [2.0, "blue", False, 1.0], [-3e2, "red", True, 1.0]]
EXPECTED = [[1.5, 0, 1, 1], [2, 1, 0, 0], [-300, 0, 1, 1]]


def test_parquet_with_pyarrow(write: Write) -> None:
    pd = pytest.importorskip("pandas")
    pytest.importorskip("pyarrow")
    content = io.BytesIO()
    pd.DataFrame([dict(zip(ROWS[0], row, strict=True)) for row in ROWS[1:]]).to_parquet(content)
    assert read(write(content.getvalue())).inputs.tolist() == EXPECTED


def test_a_named_index_of_parquet_is_a_column(write: Write) -> None:
    pd = pytest.importorskip("pandas")
    pytest.importorskip("pyarrow")
    frame = pd.DataFrame({"a": [1.0, 0.0, 2.5], "b": [True, False, True], "y": [3.5, 4.5, 5.5]}, index=[5, 9, 7])
    for index, names in ((frame.index, ["a", "b", "y"]), (pd.Index(["u", "v", "u"], name="c"), ["a", "b", "y", "c"])):
        content = io.BytesIO()
        frame.set_index(index).to_parquet(content)
        assert [column.name for column in preview_table(write(content.getvalue())).columns] == names


def test_parquet_without_pyarrow_names_the_package_to_install(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(TableError, match=r"Parquet files require the package pyarrow; .*nn-playground\[parquet\]"):
        read(write(b"PAR1" + bytes(20)))


def test_columns_of_lists_in_parquet_are_left_out(write: Write) -> None:
    pd = pytest.importorskip("pandas")
    pytest.importorskip("pyarrow")
    content = io.BytesIO()
    pd.DataFrame({"a": [1, 2, 3], "b": [[1], [2], []], "y": [0.5, 1.5, 2.5]}).to_parquet(content)
    preview = preview_table(write(content.getvalue()))
    assert [column.name for column in preview.columns] == ["a", "y"]
    assert preview.notes == ("Column “b” contains lists or records and was left out.",)
