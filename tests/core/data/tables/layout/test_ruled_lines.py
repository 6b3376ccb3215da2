"""Tables of Markdown and of data bases' programs, which are ruled with dashes; titles and labels in the first line."""

from __future__ import annotations

import pytest

from core.data.tables.layout.ruled_lines import without_frame, without_rules
from core.data.tables.tables import preview_table
from core.errors import TableError
from tests.core.data.support import Write, read

NUMBERS = [(row, row * 2.5, "pq"[row % 2]) for row in range(9)]


def rows(form: str) -> str:
    return "".join(form.format(*each) for each in NUMBERS)


@pytest.mark.parametrize(
    "text",
    [
        "| a | b | y |\n|---|:-:|--:|\n" + rows("| {} | {} | {} |\n"),
        "a | b | y\n---|---|---\n" + rows("{} | {} | {}\n"),
        " a | b    | y \n---+------+---\n" + rows(" {} | {:4} | {}\n") + "(9 rows)\n",
        "+---+------+---+\n| a | b    | y |\n+---+------+---+\n"
        + rows("| {} | {:4} | {} |\n")
        + "+---+------+---+\n9 rows in set (0.00 sec)\n",
        "a   b     y\n--- ----- ---\n" + rows("{:<3} {:<5} {}\n") + "\n(9 rows affected)\n",
        "a\tb\ty\n---\t---\t---\n" + rows("{}\t{}\t{}\n"),
    ],
)
def test_ruled_lines_are_skipped(write: Write, text: str) -> None:
    path = write(text)
    raw = read(path)
    assert (raw.input_names, raw.class_names) == (("a", "b"), ("p", "q"))
    assert raw.inputs[:, 1].tolist() == [each for _, each, _ in NUMBERS]
    preview = preview_table(path)
    assert any("the table skipped" in note for note in preview.notes)
    assert [column.name for column in preview.columns] == ["a", "b", "y"]


def test_lines_with_values_are_kept() -> None:
    lines = ["a,b", "-,-", "-1,2", "--,x", "- ,", "", ":,:"]
    assert without_rules(lines, 0) == (lines, 0)


@pytest.mark.parametrize("lines", [["a|b|", "1|2|"], ["|a|b", "r1|1|2"], ["|a|", "|1"], ["|"], ["a", "1"]])
def test_bars_at_one_end_are_no_frame(lines: list[str]) -> None:
    assert without_frame(lines, 0, "|") == lines


def test_text_around_a_framed_table_is_kept() -> None:
    assert without_frame(["Results", " |a|b| ", "|1|2|", "n = 1"], 0, "|") == ["Results", "a|b", "1|2", "n = 1"]


@pytest.mark.parametrize("text", ["#", "# only a comment\n", "---\n", "a|b\n---|---\n", "(5 rows)\n"])
def test_files_without_rows_are_rejected(write: Write, text: str) -> None:
    with pytest.raises(TableError, match=r"no rows|empty"):
        read(write(text))


def test_a_title_with_a_comma_is_no_header(write: Write) -> None:
    path = write("Table 1. Sales by region, 2023\nregion,size,y\n" + rows("r{},{},{}\n"))
    preview = preview_table(path)
    assert [column.name for column in preview.columns] == ["region", "size", "y"]
    assert preview.notes == ("1 title line above the header skipped.",)


def test_a_header_without_a_name_of_the_rows_is_no_title(write: Write) -> None:
    path = write("size,y\n" + rows("r{},{},{}\n"))
    assert [column.name for column in preview_table(path).columns] == ["column 1", "size", "y"]


def test_values_with_labels_are_no_header(write: Write) -> None:
    preview = preview_table(write(rows("T:{},H={},{}\n")))
    assert (preview.n_rows, preview.form.header) == (9, False)
