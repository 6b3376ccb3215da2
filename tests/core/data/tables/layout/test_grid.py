"""The distinct texts of a column are sorted as Python sorts them, for any lengths and letters."""

from __future__ import annotations

import pytest

from core.data.tables.table import open_table
from core.data.tables.tables import preview_table
from tests.core.data.support import Write


@pytest.mark.parametrize("longest", ["", "z" * 64, "z" * 65])
def test_texts_are_sorted_by_code_points(write: Write, longest: str) -> None:
    texts = ["b", "a", "é", "B", "a b", "日本", "\U0001f600", "\uffee", "ab", "a", longest, "Z"]
    path = write("x,y\n" + "".join(f'"{text}",{row}\n' for row, text in enumerate(texts)))
    column = open_table(path).columns[0]
    assert list(column.categories) == sorted(set(texts) - {""})
    read = [column.categories[int(code)] for code in column.values[~column.missing]]
    assert read == [text for text in texts if text]


def test_texts_with_blanks_around_them_are_stripped(write: Write) -> None:
    texts = ["b ", "b", "a\t", "c", "a"]
    path = write("x,y\n" + "".join(f'"{text}",{row}\n' for row, text in enumerate(texts)))
    column = open_table(path).columns[0]
    assert column.categories == ("a", "b", "c")
    assert column.values.tolist() == [1, 1, 0, 2, 0]


def test_categories_of_several_lines_take_one_in_the_preview(write: Write) -> None:
    path = write("x,y\n" + '"a\nb",1\nc,2\n' * 3)
    summary = preview_table(path).columns[0].summary
    assert "\n" not in summary
    assert summary.startswith("a")
