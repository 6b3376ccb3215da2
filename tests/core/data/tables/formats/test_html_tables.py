"""Tables of web pages, compared with the rows that they were made of."""

from __future__ import annotations

import pytest

from core.data.tables.formats.html_table import read_html
from core.data.tables.limits import Progress, silent
from core.data.tables.tables import preview_table
from core.errors import TableError
from tests.core.data.support import Write, read

PAGE = """<html><head><meta charset="windows-1250"><script>if (a<b) "<table><tr><td>no"</script></head><body>
<table><tr><td>menu</td></tr></table>
<TABLE border=1>
<tr><th>size</th><th>płeć</th><th>y</th></tr>
<!-- <tr><td>9</td><td>old</td><td>9</td></tr> -->
<tr><td>1,5</td><td><b>a&amp;b</b></td><td>1</td></tr>
<tr><td>2,5<td rowspan="2">kobieta
<td>0</tr><tr><td>3,25</td><td>1</td></tr>
</TABLE></body></html>"""


def cells(page: str) -> list[str]:
    return read_html(page.encode(), "t.xls", Progress(silent)).text.splitlines()


def test_the_largest_table_of_a_page_is_read(write: Write) -> None:
    path = write(PAGE.encode("cp1250"))
    raw = read(path)
    assert raw.input_names == ("size", "płeć=a&b", "płeć=kobieta")
    assert raw.inputs.tolist() == [[1.5, 1, 0], [2.5, 0, 1], [3.25, 0, 1]]
    assert preview_table(path).form.kind == "html"


def test_cells_that_span_rows_and_columns_are_repeated() -> None:
    page = "<table><tr><th colspan=2>a<th>b</tr><tr><td rowspan=2 colspan=2>1<td>2</tr><tr><td>3</tr></table>"
    assert cells(page) == ["a,a,b", "1,1,2", "1,1,3"]


def test_a_nested_table_is_a_separate_table() -> None:
    inner = "<table><tr><td>a</td><td>b</td></tr><tr><td>1</td><td>2</td></tr><tr><td>3</td><td>4</td></tr></table>"
    assert cells(f"<table><tr><td>{inner}</td></tr><tr><td>x</td></tr></table>") == ["a,b", "1,2", "3,4"]


@pytest.mark.parametrize(
    "page", ["<table>", "<html><p>text", "<table><tr><td>1", "<td>1<td>2</table></table><tr>", "<table><!-- <tr><td>"]
)
def test_a_page_without_a_table_is_rejected(page: str) -> None:
    with pytest.raises(TableError, match=r"t\.xls: this is a web page \(HTML\) without a table"):
        cells(page)


def test_spans_cannot_fill_the_memory() -> None:
    with pytest.raises(TableError, match="too many cells"):
        cells("<table><tr>" + "<td rowspan=1000 colspan=1000>1" * 50)


@pytest.mark.parametrize("piece", ["<!--", "<td <td", "<table", "</td>", "</", "<td colspan="])
def test_damaged_pages_take_no_time(piece: str) -> None:
    with pytest.raises(TableError):
        cells("<table>" + piece * 100_000)


def test_years_in_the_second_row_of_a_header_are_names(write: Write) -> None:
    head = "<tr><th rowspan=2>City<th colspan=2>Population</tr><tr><th>2010<th>2020</tr>"
    rows = "".join(f"<tr><td>C{row % 2}<td>{row}1,000<sup>[{row}]</sup><td>{row}2,000</tr>" for row in range(1, 9))
    preview = preview_table(write(f"<html><table>{head}{rows}</table>"))
    assert [column.name for column in preview.columns] == ["City", "Population 2010", "Population 2020"]
    assert [column.summary for column in preview.columns[1:]] == ["11000 to 81000", "12000 to 82000"]
    assert preview.table.lines[0] == 3
    assert preview.notes == ("Two lines of names were joined, as in “Population 2010”.",)
