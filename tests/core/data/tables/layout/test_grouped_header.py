"""Headers of two lines, of which the first one names groups of columns."""

from __future__ import annotations

import pytest

from core.data.tables.layout.grouped_header import joined_header
from core.data.tables.tables import preview_table
from tests.core.data.support import Write, read
from tests.core.data.tables.workbooks import Cell, xlsx

ROWS = "".join(f"a,{row},{row + 3},{row * 0.5},{row * 1.5}\nb,{row},{row + 9},{row * 0.25},{row}\n" for row in range(8))
NAMES = ["species", "Size min", "Size max", "Weight min", "Weight max"]
NOTE = "Two lines of names were joined, as in “Size min”."


@pytest.mark.parametrize(
    "head",
    [
        ",Size,,Weight,\nspecies,min,max,min,max\n",
        "species,Size,,Weight,\n,min,max,min,max\n",
        "species,Size,Size,Weight,Weight\nspecies,min,max,min,max\n",
        ",Size,Size,Weight,Weight\nspecies,min,max,min,max\n",
        ",Size,Size,Weight,Weight\n,min,max,min,max\nspecies,,,,\n",  # pandas
        "Measurements of 2023,,,,\n,,,,\n,Size,,Weight,\nspecies,min,max,min,max\n",
        "# measured in May\n,Size,,Weight,\nspecies,min,max,min,max\n",
    ],
)
def test_groups_are_joined_with_the_names_below(write: Write, head: str) -> None:
    preview = preview_table(write(head + ROWS))
    assert [column.name for column in preview.columns] == NAMES
    assert preview.n_rows == 16
    assert NOTE in preview.notes
    assert [column.kind for column in preview.columns] == ["text"] + ["number"] * 4


def test_the_first_two_columns_may_be_a_group(write: Write) -> None:
    rows = "".join(f"{row},{row + 3},{row * 0.5},{row * 1.5},{'ab'[row % 2]}\n" for row in range(9))
    path = write("Size,,Weight,,\nmin,max,min,max,kind\n" + rows)
    assert [column.name for column in preview_table(path).columns] == [
        *("Size min", "Size max", "Weight min", "Weight max", "kind")
    ]
    assert read(path, target="kind").input_names == ("Size min", "Size max", "Weight min", "Weight max")


def test_units_below_two_lines_of_names(write: Write) -> None:
    rows = "".join(f"{row},{row + 3},{row * 0.5},{row * 1.5}\n" for row in range(9))
    preview = preview_table(write("Size,,Weight,\nmin,max,min,max\ncm,cm,kg,kg\n" + rows))
    assert [column.name for column in preview.columns] == NAMES[1:]
    assert preview.columns[0].summary == "0 to 8 cm"


def test_merged_cells_in_a_workbook(write: Write) -> None:
    rows: list[list[Cell]] = [
        ["Trial of 2023", None, None, None, None],
        ["species", "Size", None, "Weight", None],
        [None, "min", "max", "min", "max"],
        *[["ab"[row % 2], row, row + 3, row * 0.5, row * 1.5] for row in range(8)],
    ]
    merged = ("A1:E1", "A2:A3", "B2:C2", "D2:E2")
    preview = preview_table(write(xlsx({"One": rows}, merged=merged)))
    assert [column.name for column in preview.columns] == NAMES


def test_cells_over_several_columns_of_a_web_page(write: Write) -> None:
    head = "<tr><th colspan=5>Trial of 2023</tr><tr><th rowspan=2>species<th colspan=2>Size<th colspan=2>Weight</tr>"
    names = "<tr><th>min<th>max<th>min<th>max</tr>"
    rows = "".join(f"<tr><td>{line.replace(',', '<td>')}</tr>" for line in ROWS.splitlines())
    preview = preview_table(write(f"<html><table>{head}{names}{rows}</table>"))
    assert [column.name for column in preview.columns] == NAMES
    assert preview.notes == ("1 title line above the header skipped.", NOTE)


@pytest.mark.parametrize(
    ("head", "first"),
    [
        ("Report of 2023,,,\na,b,c,y\n", "a"),  # a title
        ("Source,Eurostat,,\na,b,c,y\n", "a"),  # a title with its value
        ("a,b,c,y\ncm,kg,cm,kg\n", "a"),  # units
    ],
)
def test_titles_and_units_are_no_groups(write: Write, head: str, first: str) -> None:
    rows = "".join(f"{row},{row + 3},{row * 0.5},{row * 1.5}\n" for row in range(9))
    assert preview_table(write(head + rows)).columns[0].name == first


@pytest.mark.parametrize("head", ["size,weight\nr0,NA,NA\n", "size,weight\nr0,-,NA\n"])
def test_a_first_row_of_missing_values_is_no_header(write: Write, head: str) -> None:
    rows = "".join(f"r{row},{row + 3},{row * 0.5}\n" for row in range(1, 9))
    preview = preview_table(write(head + rows))
    assert [column.name for column in preview.columns] == ["column 1", "size", "weight"]
    assert preview.n_rows == 9


def test_rows_of_texts_are_no_header() -> None:
    assert joined_header([["a", "", "b", ""], ["u", "v", "u", "v"], ["u", "v", "u", "v"], ["w", "v", "u", "x"]]) is None


def test_a_second_line_is_data_if_the_user_says_that_there_is_no_header(write: Write) -> None:
    from core.experiment import TableSource

    path = write(",Size,,Weight,\nspecies,min,max,min,max\n" + ROWS)
    preview = preview_table(path, TableSource(csv=str(path), target="x1", header=False))
    assert preview.n_rows == 18


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("2023-01-01,21.5,a\n2023-01-02,20.5,b\n2023-01-03,22.5,a\n", ("x1", "x2", "x3")),
        ("00:00:10,hot,a\n00:00:20,cold,b\n00:00:30,mild,a\n", ("x1", "x2", "x3")),
        ("$12.00,red\n$13.50,blue\n$9.00,green\n", ("x1", "x2")),
        ("day,10%,50%,90%\na,3%,5%,7%\nb,2%,5%,9%\n", ("day", "10%", "50%", "90%")),
        ("day,2023-01-01,2023-01-02\na,3,5\nb,2,5\n", ("day", "2023-01-01", "2023-01-02")),
        ("100 m,200 m,y\n12.5,25.2,a\n12.9,26.1,b\n", ("100 m", "200 m", "y")),
    ],
)
def test_a_first_line_written_as_those_below_is_data(write: Write, text: str, names: tuple[str, ...]) -> None:
    assert tuple(column.name for column in preview_table(write(text)).columns) == names
