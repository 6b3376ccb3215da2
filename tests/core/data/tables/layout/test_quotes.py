"""Cells in single quotes, byte strings of Python, and texts protected as formulas of Excel."""

from __future__ import annotations

import pytest

from core.data.tables.tables import preview_table
from tests.core.data.support import Write, read

SINGLE = "The single quotes around cells were left out."


def table(names: tuple[str, str], separator: str = ",", quoted: str = "'{}'") -> str:
    rows = [separator.join((f"{row * 1.5}", quoted.format(names[row % 2]))) for row in range(12)]
    return "\n".join([separator.join(("x", "y")), *rows, ""])


@pytest.mark.parametrize("separator", [",", ", ", ";", "\t", "|", " "])
@pytest.mark.parametrize("quoted", ["'{}'", "b'{}'", "\"'{}'\""])
def test_single_quotes_are_left_out(write: Write, separator: str, quoted: str) -> None:
    path = write(table(("setosa", "virginica"), separator, quoted))
    assert read(path).class_names == ("setosa", "virginica")
    assert preview_table(path).notes == (SINGLE,)


@pytest.mark.parametrize("separator", [",", ";", " "])
def test_delimiters_in_single_quotes(write: Write, separator: str) -> None:
    path = write(table((f"red{separator}green", f"blue{separator}5"), separator))
    assert read(path).class_names == (f"blue{separator}5", f"red{separator}green")
    assert preview_table(path).rows[0] == ("0.0", f"red{separator}green")


def test_names_and_numbers_in_single_quotes(write: Write) -> None:
    path = write("'sepal length','y'\n" + "'1.5',a\n'2.5',b\n" * 5)
    raw = read(path)
    assert raw.input_names == ("sepal length",)
    assert raw.inputs[:2, 0].tolist() == [1.5, 2.5]


def test_only_names_with_blanks_in_single_quotes(write: Write) -> None:
    path = write("x,y\n" + "1,'Iris virginica'\n2,setosa\n" * 5)
    assert read(path).class_names == ("Iris virginica", "setosa")


@pytest.mark.parametrize("inner", ["it''s", r"it\'s"])
def test_apostrophes_in_single_quotes(write: Write, inner: str) -> None:
    assert read(write(table((inner, 'a "b"')))).class_names == ('a "b"', "it's")


@pytest.mark.parametrize("names", [("it's", "we're"), ("'tis", "'twas"), ("dogs'", "cats'"), ("rock 'n' roll", "5'")])
def test_apostrophes_are_kept(write: Write, names: tuple[str, str]) -> None:
    path = write(table(names, quoted="{}"))
    assert read(path).class_names == tuple(sorted(names))
    assert preview_table(path).notes == ()


def test_apostrophes_in_double_quotes_are_kept(write: Write) -> None:
    path = write(table(("a, 'b', c", "d, 'e'"), quoted='"{}"'))
    assert read(path).class_names == ("a, 'b', c", "d, 'e'")


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("quoted", ['="{}"', '"=""{}"""'])
def test_texts_protected_as_formulas(write: Write, separator: str, quoted: str) -> None:
    path = write(table(("01234", "10001"), separator, quoted))
    assert read(path).class_names == ("01234", "10001")
    assert preview_table(path).notes == ('The signs ="…" around cells were left out.',)


def test_escaped_quotes_are_read(write: Write) -> None:
    path = write(table(('say \\"hi\\"', 'a, \\"b\\"'), quoted='"{}"'))
    assert read(path).class_names == ('a, "b"', 'say "hi"')
    assert preview_table(path).notes == ('Quotes within cells, written as \\", were read as such.',)


def test_backslashes_at_the_end_of_cells_are_kept(write: Write) -> None:
    path = write(table(("C:\\a\\", "C:\\b\\"), quoted='"{}"'))
    assert read(path).class_names == ("C:\\a\\", "C:\\b\\")
    assert preview_table(path).notes == ()
