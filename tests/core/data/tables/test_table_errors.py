"""Every error in a table is reported in one sentence that names the file and the location."""

from __future__ import annotations

import io
import os
import zipfile
from pathlib import Path

import pytest

from core.data.tables.tables import preview_table, read_table
from core.errors import TableError
from core.experiment import ColumnSettings, TableSource
from tests.core.data.support import Write, read


def zipped(*names: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return content.getvalue()


NUMBERS_AND_A_TYPO = "a,y\n" + "".join(f"{row * 1.5},{row % 2}\n" for row in range(30)) + "1o,1\n"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "t.csv: the file is empty"),
        (" \n\n", "t.csv: the file is empty"),
        ("a,y\n", "t.csv: the table has a header but no rows"),
        ("a,y\n1,0\n", "t.csv: the table has only one row, but 2 are required"),
        (
            "a\n1\n2\n",
            "t.csv: only one column was found; the cells of a row must be separated by comma, semicolon, tab, | or spaces",
        ),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "t.csv: this is a binary file, not a text table"),
        (b"a,y\n1,2\n" * 9000 + b"\0", "t.csv: this is a binary file, not a text table"),
        (zipped("readme.txt", "a.csv"), "t.csv: this is an archive of several files, not a table; unpack it first"),
        (b"PK\x03\x04\x14\x00", "t.csv: the workbook cannot be read (Cannot detect file format)"),
        (b"\xff\xfea\x00,", "t.csv: the file starts like UTF-16 text but is not valid UTF-16"),
        ("a,b,y\n1,2,3\n\n4,5\n", "t.csv: line 4 has 2 cells, but the header has 3"),
        ("a,y\n1,2\n4,5,6\n", "t.csv: line 3 has 3 cells, but the header has 2"),
        (
            "5.1,3.5,1.4,0.2,setosa\n4,5,6,7,virginica\n",
            't.csv: there is no column "y" for the target; the first line looks like data, so the columns are x1, x2, x3, x4, x5',
        ),
        ("a,y\n1,2\n3," + "q" * 200_000 + "\n", "t.csv: line 3: a cell has more than 131 072 characters"),
        ('a,y\n"1",2\n3,' + "q" * 200_000 + "\n", "t.csv: line 3: a cell has more than 131 072 characters"),
        ('a,y\n"1",2\n3,"' + "q" * 200_000, "t.csv: line 3: a quote is opened in this row and not closed"),
        ("," * 300_000 + "\n1,2\n", "t.csv: line 1 has more than 20 000 columns"),
        ('"a"' + "," * 300_000 + "\n1,2\n", "t.csv: line 1 has more than 20 000 columns"),
        ("a,y\n1," + "," * 20_000 + "\n", "t.csv: line 2 has more than 20 000 columns"),
        ("#\n# only comments\n", "t.csv: the file has no rows"),
        ('a,b,y\n1,2,0\n1,"x,0\n2,z,1\n', "t.csv: line 3: a quote is opened in this row and not closed"),
        ('a,y\n1,"' + "x\n" * 100_000, "t.csv: line 2: a quote is opened in this row and not closed"),
        (
            'a,b,y\n1,"x"q,0\n2,z,1\n',
            "t.csv: line 2: text after a closing quote (a quote inside a quoted cell must be doubled)",
        ),
        ("a,Y\n1,2\n3,4\n", 't.csv: there is no column "y" for the target; did you mean "Y"?'),
        ("a,b\n1,2\n3,4\n", 't.csv: there is no column "y" for the target; the columns are a, b'),
        ("a,y\n1,2\n3,2\n", 't.csv: column "y" has only one class (2), but 2 are required'),
        ("a,y\n1,x\n3,x\n", 't.csv: column "y" has only one class (x), but 2 are required'),
        ("a,y\n1,\n3,\n", 't.csv: column "y" has no value in any row'),
        (
            "a,b,y\n,2,1\n4,,2\n,1,3\n7,8,9\n",
            't.csv: 1 of 4 rows have a value in every used column, but 2 are required; most values are missing in column "a"',
        ),
        ("a,y\n7,1\n7,2\n", 't.csv: there is no input column besides the target "y"'),
        ("a,y\n1,0\n1e101,1\n", 't.csv: column "a", line 3: 1e+101 is too large (limit 1e100)'),
        ("b=x,b,y\n1,x,0\n2,x,1\n3,z,1\n", 't.csv: two inputs would be named "b=x"; rename one of the columns'),
        (
            NUMBERS_AND_A_TYPO,
            't.csv: column "a", line 32: "1o" is not a number, unlike nearly all cells of this column',
        ),
        (
            "a,y\n" + "".join(f"{row},c{row}\n" for row in range(60)),
            't.csv: column "y" has 60 distinct values, but at most 50 can be classes',
        ),
        (
            "a,y\n" + "1,2\n" * 100_001,
            't.csv: the table has 100 001 rows, but at most 100 000 can be used; take a random sample ("rows": 100000)',
        ),
    ],
)
def test_the_error_of_an_unusable_table(write: Write, content: str | bytes, message: str) -> None:
    with pytest.raises(TableError) as caught:
        read(write(content))
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ({"inputs": ("a", "hight")}, 't.csv: there is no column "hight" for the inputs; did you mean "height"?'),
        ({"inputs": ("a", "y")}, 't.csv: the target "y" cannot be an input too'),
        ({"inputs": ("a", "a")}, 't.csv: column "a" is in the list of inputs twice'),
        ({"inputs": ()}, 't.csv: there is no input column besides the target "y"'),
        ({"inputs": ("blank",)}, 't.csv: column "blank" has no value in any row'),
        (
            {"target": "name", "task": "regression"},
            't.csv: column "name" contains text ("Ann" in line 2), but the target of a regression must be a number',
        ),
    ],
)
def test_the_error_of_an_impossible_choice(write: Write, source: dict[str, object], message: str) -> None:
    path = write("a,height,blank,name,y\n1,5,,Ann,0\n2,6,,Bob,1\n3,7,,Ann,1\n")
    with pytest.raises(TableError) as caught:
        read(path, **source)
    assert str(caught.value) == message


def test_too_many_inputs_after_encoding(write: Write) -> None:
    header = ",".join(f"c{number}" for number in range(21))
    rows = "".join(",".join(f"t{(row + number) % 49}" for number in range(21)) + f",{row % 2}\n" for row in range(98))
    with pytest.raises(TableError, match=r"the table has 1029 inputs after encoding, the maximum is 1000"):
        read(write(f"{header},y\n{rows}"), inputs=tuple(header.split(",")))
    raw = read(write(f"{header},y\n{rows} "))
    assert raw.inputs.shape == (98, 980), "without a choice, the columns that fit are taken"


def test_too_many_categories_for_an_input(write: Write) -> None:
    path = write("a,b,y\n" + "".join(f"{row},t{row % 51},{row % 2}\n" for row in range(120)))
    message = 'column "b" has 51 distinct texts, but at most 50 can become inputs: leave the column out'
    with pytest.raises(TableError, match=message):
        read(path, inputs=("b",))
    assert read(path).input_names == ("a",), "by default it is left out"


def test_paths_that_are_not_files(tmp_path: Path) -> None:
    with pytest.raises(TableError, match=r"nowhere\.csv: there is no such file"):
        read(tmp_path / "nowhere.csv")
    with pytest.raises(TableError, match="this is a folder, not a table"):
        read(tmp_path)
    with pytest.raises(TableError, match="there is no such file"):
        preview_table(tmp_path / "t.csv" / "deeper")


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (PermissionError(13, "Permission denied"), "there is no permission to read this file"),
        (OSError(5, "Input/output error"), r"the file cannot be read \(Input/output error\)"),
    ],
)
def test_a_file_that_cannot_be_opened(
    write: Write, monkeypatch: pytest.MonkeyPatch, error: OSError, message: str
) -> None:
    path = write("a,y\n1,0\n2,1\n")

    def refuse(_: Path) -> bytes:
        raise error

    monkeypatch.setattr("core.data.tables.files.file_kinds.open_regular", refuse)
    with pytest.raises(TableError, match=message):
        read(path)


def test_a_file_that_is_too_large_is_not_read(write: Write) -> None:
    path = write("a,y\n1,0\n2,1\n")
    with path.open("r+b") as file:
        file.truncate(200_000_001)
    with pytest.raises(TableError, match=r"t\.csv: the file has 200 MB, the maximum is 200 MB; save a part"):
        read(path)


@pytest.mark.parametrize("name", ["a\0b.csv", "~nobody-of-that-name/t.csv"])
def test_an_impossible_file_name_is_reported(name: str) -> None:
    with pytest.raises(TableError, match="there is no such file"):
        read_table(TableSource(csv=name, target="y"))


def test_a_loop_of_symbolic_links(tmp_path: Path) -> None:
    (tmp_path / "a.csv").symlink_to(tmp_path / "b.csv")
    (tmp_path / "b.csv").symlink_to(tmp_path / "a.csv")
    with pytest.raises(TableError, match="the symbolic links form a loop"):
        read(tmp_path / "a.csv")


def test_a_pipe_is_rejected_immediately(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    with pytest.raises(TableError, match="this is a pipe or device, not a file"):
        read(tmp_path / "pipe.csv")


@pytest.mark.parametrize(
    ("choice", "message"),
    [
        ({"encoding": "utf-8"}, r"t\.csv: line 2 is not Unicode \(UTF-8\) text"),
        ({"columns": (ColumnSettings(name="gone"),)}, r't\.csv: there is no column "gone", whose kind was chosen'),
        ({"delimiter": "fixed"}, r"t\.csv: the table has no fixed-width columns"),
    ],
)
def test_the_error_of_a_format_that_does_not_fit(write: Write, choice: dict[str, object], message: str) -> None:
    path = write("a,y\né,1\nf,2\n".encode("latin-1"))
    with pytest.raises(TableError, match=message):
        read(path, **choice)
