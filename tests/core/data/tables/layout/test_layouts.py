"""Layouts of tables: separators, headers, titles, comments, units, and trailing rows."""

from __future__ import annotations

import pytest

from core.data.tables.tables import preview_table
from core.errors import TableError
from tests.core.data.support import Write, read

ROWS = [["5.1", "3.5", "red", "0"], ["4.9", "3", "blue", "1"], ["4.7", "3.25", "red", "1"], ["5", "3.5", "red", "0"]]
EXPECTED = [[5.1, 3.5, 0, 1], [4.9, 3, 1, 0], [4.7, 3.25, 0, 1], [5, 3.5, 0, 1]]
NAMES = "a{0}b{0}colour{0}y\n"


def table(separator: str, head: str | None = None) -> str:
    head = NAMES.format(separator) if head is None else head
    return head + "".join(separator.join(row) + "\n" for row in ROWS)


@pytest.mark.parametrize(
    "content",
    [
        table("|"),
        table(" "),
        table("   "),
        table(" \t "),
        "\n".join(f"{a:<8}{b:>6}  {c:<6}{d:>3}" for a, b, c, d in [["a", "b", "colour", "y"], *ROWS]),
        "\n".join(f"  {a:>6} {b:>6} {c:>8} {d:>3}" for a, b, c, d in [["a", "b", "colour", "y"], *ROWS]),
        "sep=;\n" + table(";"),
        '"sep=|"\r\n' + table("|").replace("\n", "\r\n"),
        "# exported by me, today; with | all signs\n# at 12:00\n" + table(","),
        "\n# with a blank line\n\n" + table(","),
        "# a,b,colour,y\n" + table(",", head=""),
        "Fruit of the year\n\n" + table(","),
        "Fruit of the year,,,\n,,,\n" + table(",") + ",,,\n,,,\n",
        "Fruit\nof the year\n" + table("\t"),
        table(",", head="a,b,colour,y,,,\n").replace("0\n", "0,,,\n").replace("1\n", "1,,,\n"),
        table(",", head="a,b,colour,y,,\n"),
        table(",").replace("0\n", "0,\n").replace("1\n", "1,\n"),
        table(",", head=" a , b,colour,y\nm,cm,,\n"),
        table(";", head="a;b;colour;y\n[m];[cm];-;-\n").replace(".", ","),
        "Fruit;;;\n;;;\n" + table(";", head="a;b;colour;y\n[mm];%;;\n").replace(".", ",") + "k. A.;1;red;0\n",
        "Source,A. Smith,,\nUpdated,2024-06-28,,\n\n" + table(","),
        table(",") + "\nSource: the fruit of the year\n",
        table(";") + ";;;\n* estimated;;;\n** see there;;;\n;;;\n",
    ],
    ids=[
        *("bars", "blanks", "runs of blanks", "blanks and tabs", "fixed width", "fixed width to the right"),
        *("sep", "quoted sep", "comments", "comment and blank line", "commented header"),
        *(
            "title",
            "title of a sheet",
            "two titles",
            "nameless columns",
            "nameless columns in the header",
            "delimiter at the end",
        ),
        *("units", "units in brackets, decimal commas", "title, units and a missing number"),
        *("title with values", "note below", "notes below, of a sheet"),
    ],
)
def test_one_table_in_many_layouts(write: Write, content: str) -> None:
    raw = read(write(content))
    assert raw.input_names == ("a", "b", "colour=blue", "colour=red")
    assert raw.inputs.tolist() == EXPECTED
    assert raw.target.tolist() == [0, 1, 1, 0]


def test_units_above_grouped_thousands(write: Write) -> None:
    content = "Ort;Fläche;Einwohner;Anteil;Typ\n;km²;Anzahl;-;\nA;1.234,5;1.234.567;12,5 %;x\nB;234,5;-;2 %;y\nC;4,5;9;3 %;x\n"
    found = preview_table(write(content))
    assert [column.summary for column in found.columns[1:4]] == [
        "4.5 to 1234.5 km²",
        "9 to 1.23457e06 Anzahl",
        "2 to 12.5 %",
    ]


def test_units_beside_the_format_of_a_date(write: Write) -> None:
    rows = "01.02.2024;1 234,5;x\n15.02.2024;-;y\n01.03.2024;9;x\n"
    found = preview_table(write("Datum;Umsatz;Typ\nTT.MM.JJJJ;T€;\n" + rows))
    assert [column.summary for column in found.columns] == ["2024-02-01 to 2024-03-01", "9 to 1234.5 T€", "x, y"]


def test_an_empty_line_inside_a_cell_is_not_the_end_of_the_table(write: Write) -> None:
    content = 'a,b,y\n1,2,p\n3,4,"q\n\nand more"\n'
    assert preview_table(write(content)).n_rows == 2


def test_many_empty_lines_below_a_table_do_not_take_long(write: Write) -> None:
    found = preview_table(write(table(",") + "\n" * 200_000 + "Source: A. Smith\n"))
    assert found.n_rows == 4


def test_lines_below_a_table_are_mentioned(write: Write) -> None:
    found = preview_table(write(table(",") + "\nSource: A. Smith, 2024\n* estimated\n"))
    assert found.notes == ("2 lines of notes below the table skipped.",)


def test_texts_that_recur_are_data_beside_increasing_numbers(write: Write) -> None:
    content = "39,State,77516,Bachelor,<=50K\n50,Private,83311,School,<=50K\n" + "28,State,9,Bachelor,>50K\n" * 3
    assert preview_table(write(content)).columns[0].name == "x1"


def test_a_table_without_a_header_gets_names(write: Write) -> None:
    path = write(table(",", head=""))
    preview = preview_table(path)
    assert [column.name for column in preview.columns] == ["x1", "x2", "x3", "x4"]
    assert preview.notes == ("The first line looks like data, so the columns are named x1, x2, …",)
    assert not preview.form.header
    assert read(path, target="x4").inputs.tolist() == EXPECTED
    assert read(path, target="x4", header=False).inputs.tolist() == EXPECTED
    assert read(path, target="0", header=True).inputs.shape == (3, 4)


@pytest.mark.parametrize(
    ("content", "header"),
    [
        ("p,x,s,n\ne,x,s,y\ne,b,s,w\np,x,y,w\n", False),
        ("country,2019,2020\nA,1,2\nB,3,5\n", True),
        ("country,2019\nA,1\nB,3\n", True),
        ("Ann,7\nBob,8\nCyd,9\n", False),
        ("0,1,2\n5,6,7\n8,9,9\n", True),
        ("5,0,0\n6,1,2\n7,9,9\n", False),
        ("a,b\nc,d\ne,f\n", True),
    ],
)
def test_a_header_is_detected(write: Write, content: str, header: bool) -> None:
    assert preview_table(write(content)).form.header is header


def test_duplicate_names_are_renamed(write: Write) -> None:
    preview = preview_table(write(" a ,a,b,a (2),y\n1,2,3,4,0\n4,5,6,7,1\n7,8,9,9,1\n"))
    assert [column.name for column in preview.columns] == ["a", "a (3)", "b", "a (2)", "y"]
    assert preview.notes == ("2 columns are named “a”; they were renamed to “a (3)”.",)


def test_units_are_shown_with_the_range(write: Write) -> None:
    preview = preview_table(write("time,voltage,y\ns,[mV],\n0.5,5,on\n0.25,6,off\n1,8,on\n"))
    assert [column.summary for column in preview.columns] == ["0.25 to 1 s", "5 to 8 mV", "off, on"]
    assert preview.notes == ("The line below the header was read as units.",)


@pytest.mark.parametrize("content", ["a,b,y\nx,p,0\n1,p,1\n2,q,1\n", "a,b,y\nhuge,x,q\nu,v,w\nu,v,q\n"])
def test_a_row_of_data_is_not_taken_for_units(write: Write, content: str) -> None:
    assert preview_table(write(content)).n_rows == 3


def test_row_names_as_written_by_r(write: Write) -> None:
    preview = preview_table(write('"a" "y"\n"1" 5.5 0\n"2" 4.5 1\n"3" 4.25 1\n'))
    assert [column.name for column in preview.columns] == ["column 1", "a", "y"]
    assert preview.suggested_inputs == ("a",)


def test_tabs_take_precedence_over_commas_in_texts(write: Write) -> None:
    raw = read(write("a\tb\ty\n1\tx, y\t0\n2\tz, y\t1\n3\tx, y\t1\n"))
    assert raw.input_names == ("a", "b=x, y", "b=z, y")


def test_a_single_column_of_decimal_commas_is_not_split(write: Write) -> None:
    preview = preview_table(write("Temperatur\n-9999,0\n12,5\n13,25\n"))
    assert [(column.name, column.summary) for column in preview.columns] == [("Temperatur", "-9999 to 13.25")]


def test_delimiter_and_decimal_separator_can_be_chosen(write: Write) -> None:
    path = write("a;y\n1,234;0\n5,678;1\n9,012;1\n")
    assert read(path, decimal=".").inputs[:, 0].tolist() == [1234, 5678, 9012]
    assert read(path, decimal=",").inputs[:, 0].tolist() == [1.234, 5.678, 9.012]
    assert [column.name for column in preview_table(path).columns] == ["a", "y"]
    commas = read(path, delimiter=",", header=False, target="x2")
    assert commas.input_names[0].startswith("x1")


def test_long_texts_are_truncated_in_a_preview(write: Write) -> None:
    preview = preview_table(
        write("t,a,y\n" + "".join(f"{chr(97 + row) * 20_000},{row},{row % 2}\n" for row in range(9)))
    )
    assert max(len(cell) for row in preview.rows for cell in row) <= 80
    assert max(len(column.summary) for column in preview.columns) < 300
    assert preview.suggested_inputs == ("a",)
    assert preview.columns[0].note == "free text"


def test_an_empty_comment_names_no_columns(write: Write) -> None:
    preview = preview_table(write("#\n#\n1,1\n2,3\n"))
    assert [column.name for column in preview.columns] == ["x1", "x2"]
    assert preview.n_rows == 2


def test_empty_cells_in_quotes_are_blank_lines(write: Write) -> None:
    head = '"Account:";"12 / A";\n"";\n"Balance:";"1.234,56 EUR";\n"";\n"day";"kind";"text";"amount";\n'
    rows = "".join(f'"{row + 1:02}.03.2023";"{"ab"[row % 2]}";"x{row % 3}";"{row * 7 - 20},50";\n' for row in range(12))
    preview = preview_table(write(head + rows))
    assert [(column.name, column.kind) for column in preview.columns[::3]] == [("day", "date"), ("amount", "number")]
    assert preview.columns[3].summary == "-20.5 to 57.5"
    assert preview.notes == ("2 title lines above the header skipped.",)
    assert preview.table.lines[0] == 6


def test_notes_below_a_table_without_an_empty_line(write: Write) -> None:
    rows = "".join(f"31.12.{year};{year * 40_000}\n" for year in range(2010, 2022))
    preview = preview_table(write("day;people\n" + rows + "__________\nSee the notes on quality.\n(C) Office, 2023\n"))
    assert preview.n_rows == 12
    assert preview.notes == ("3 lines of notes below the table skipped.",)


def test_a_truncated_last_line_is_no_note(write: Write) -> None:
    for last in ("31.12.20", "Rom"):
        with pytest.raises(TableError, match="line 14 has 1 cell"):
            preview_table(write("day;people\n" + "".join(f"a{row};{row}\n" for row in range(12)) + last + "\n"))


def test_the_number_of_rows_below_a_printed_table(write: Write) -> None:
    rows = "".join(f"{row:<3} {row * 0.5:4.1f} {'xy'[row % 2]}\n" for row in range(30))
    preview = preview_table(write("       a c\n" + rows + "\n[30 rows x 2 columns]\n"))
    assert preview.n_rows == 30
    assert [column.kind for column in preview.columns] == ["number", "number", "text"]


def test_a_table_of_a_campbell_data_logger(write: Write) -> None:
    head = '"TOA5","CR1000","CR1000","12345","CR1000.Std.27","CPU:x.CR1","1234","Table1"\n"TIMESTAMP","RECORD","BattV","RH"\n'
    head += '"TS","RN","Volts","%"\n"","","Smp","Avg"\n'
    rows = "".join(
        f'"2023-07-01 00:{row:02}:00",{row},12.{row},{row * 2 if row % 5 else chr(34) * 2}\n' for row in range(30)
    )
    preview = preview_table(write(head + rows.replace('""', '"NAN"')))
    assert [column.name for column in preview.columns] == ["TIMESTAMP", "RECORD", "BattV", "RH"]
    assert [column.kind for column in preview.columns] == ["date", "number", "number", "number"]
    assert (preview.columns[2].summary.split()[-1], preview.columns[3].missing) == ("Volts", 6)
    assert preview.columns[1].note == "identifier, not useful as input"
    assert "RECORD" not in preview.suggested_inputs
    assert preview.n_rows == 30


@pytest.mark.parametrize(
    ("lines", "names", "line"),
    [
        (
            "Title,Prices 2015=100\nCode,D7BT\nUnit,Index\nRelease date,17-07-2024\nNotes,\n",
            ["Title", "Prices 2015=100"],
            6,
        ),
        ("Model,DSO-X\nChannel,CH1\nInterval,2.0E-06\nsecond,Volt\n", ["second", "Volt"], 5),
    ],
)
def test_settings_above_numbers(write: Write, lines: str, names: list[str], line: int) -> None:
    first = "2019 {:02}" if names[0] == "Title" else "{}"
    rows = "".join(f"{first.format(row + 1)},{row * 1.5}\n" for row in range(12))
    preview = preview_table(write(lines + rows))
    assert [column.name for column in preview.columns] == names
    assert preview.columns[1].kind == "number"
    assert preview.n_rows == 12
    assert preview.table.lines[0] == line


def test_a_long_word_below_a_table_does_not_take_long(write: Write) -> None:
    with pytest.raises(TableError, match="line 6 has 1 cell"):
        preview_table(write("a,y\n1,0\n2,1\n3,0\n4,1\n" + 130_000 * "a" + "\n" + 130_000 * "a" + "\n"))
