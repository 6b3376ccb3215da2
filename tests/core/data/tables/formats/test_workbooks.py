"""Workbooks: sheets, dates, merged cells, stray cells far away, and damaged files."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Callable

import pytest

from core.data.tables.formats.workbook import _text
from core.data.tables.tables import preview_table
from core.errors import TableError
from core.experiment import TableSource
from tests.core.data.support import Write, read
from tests.core.data.tables.workbooks import ods, xlsx

ROWS = [["size", "colour", "ripe", "y"], [1.5, "red", True, 0.0], [2.0, "blue", False, 1.0], [-3e2, "red", True, 1.0]]
EXPECTED = [[1.5, 0, 1, 1], [2, 1, 0, 0], [-300, 0, 1, 1]]
REPEATED = b'<table:table-cell office:value-type="float" office:value="1" table:number-columns-repeated="200"/>'


def test_a_sheet_is_chosen_by_its_name(write: Write) -> None:
    path = write(xlsx({"Notes": [["nothing", "here"]], "Marks": ROWS}))
    form = preview_table(path).form
    assert (form.sheets, form.sheet) == (("Notes", "Marks"), "Marks"), "a sheet with one row is not a table"
    assert read(path, sheet="Marks").inputs.tolist() == EXPECTED
    with pytest.raises(TableError, match=r't\.csv: there is no sheet "Gone"; the sheets are Notes, Marks'):
        read(path, sheet="Gone")


def test_dates_of_a_workbook_are_dates(write: Write) -> None:
    path = write(xlsx({"A": [["day", "y"], [45352, 45353.5], [45383, 45353.25], [45384, 45353.0]]}, dates=True))
    day, y = preview_table(path).columns
    assert (day.kind, day.summary) == ("date", "2024-03-01 to 2024-04-02")
    assert y.summary == "2024-03-02 to 2024-03-02"


def test_line_numbers_are_rows_of_the_sheet(write: Write) -> None:
    raw = read(
        write(xlsx({"A": [[None], ["a", "y"], [1, 2.5], [None, 3.5], ["two\nlines", 1.5], [5, 5.25]]})), inputs=("a",)
    )
    assert raw.table is not None
    assert [row.line for row in raw.table.dropped] == [4]


@pytest.mark.parametrize("make", [xlsx, ods])
def test_a_workbook_with_one_damaged_byte_is_read_or_rejected(write: Write, make: Callable[..., bytes]) -> None:
    content = make({"A": ROWS})
    refused = 0
    for place in range(0, len(content), 3):
        broken = bytearray(content)
        broken[place] ^= 0xFF
        try:
            preview_table(write(bytes(broken)))
        except TableError as error:
            refused += 1
            assert str(error).startswith("t.csv: ")  # noqa: PT017 - some damaged bytes do not matter
    assert refused > len(content) // 10


def test_a_stray_cell_far_away_does_not_take_all_memory(write: Write) -> None:
    with zipfile.ZipFile(io.BytesIO(xlsx({"A": [["a", "y"], [1, 2]]}))) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    stray = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    parts[sheet] = parts[sheet].replace(b"</sheetData>", stray)
    again = io.BytesIO()
    with zipfile.ZipFile(again, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    with pytest.raises(TableError, match="the sheet extends to column 16 384 of row 1 048 576"):
        preview_table(write(again.getvalue()))


def test_merged_cells_of_a_group_of_rows_have_its_value(write: Write) -> None:
    rows = [["Report", None, None], ["group", "a", "y"], ["g", 1, 2.5], [None, 3, 4.5], ["h", 5, 5.5], [None, 6, 7.5]]
    raw = read(write(xlsx({"A": rows}, merged=("A1:C1", "A3:A4", "A5:A6"))))
    assert raw.inputs.tolist() == [[1, 0, 1], [1, 0, 3], [0, 1, 5], [0, 1, 6]]


def test_cells_merged_again_and_again_do_not_take_long(write: Write) -> None:
    rows = [["a", "y"], *([n, n + 0.5] for n in range(2000))]
    content = xlsx({"A": rows}, merged=("A2:A2001",) * 20_000)
    assert preview_table(write(content)).columns[0].summary == "0"


@pytest.mark.parametrize(
    "cell",
    [
        b'<c r="ZZZZZ1"><v>1</v></c>',
        b'<c r="B1" r="ZZZZZ1"><v>1</v></c>',
        b'<c t="n" r="XFD1048576"><v>1</v></c>',
        b"<c r = 'XFD1048576'><v>1</v></c>",
    ],
)
def test_a_cell_far_away_is_found_however_it_is_written(write: Write, cell: bytes) -> None:
    content = repacked(xlsx({"Marks": ROWS}), "xl/worksheets/sheet1.xml", b"</row>", cell + b"</row>")
    with pytest.raises(TableError, match="delete stray cells"):
        read(write(content))


@pytest.mark.parametrize(
    "rows",
    [
        b"<table:table-row>" + REPEATED.replace(b"200", b"90000") + b"</table:table-row>",
        b'<table:table-row table:number-rows-repeated="999999"><table:table-cell/>' + REPEATED + b"</table:table-row>",
    ],
    ids=["columns", "rows"],
)
def test_a_value_that_is_repeated_too_often_is_found_wherever_it_stands(write: Write, rows: bytes) -> None:
    content = repacked(ods({"Marks": ROWS}), "content.xml", b"</table:table>", rows + b"</table:table>")
    with pytest.raises(TableError, match="delete stray cells"):
        read(write(content))


def repacked(content: bytes, name: str, old: bytes, new: bytes) -> bytes:
    """Return the archive ``content`` with ``old`` replaced by ``new`` in the file ``name``, once."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {each: archive.read(each) for each in archive.namelist()}
    parts[name] = parts[name].replace(old, new, 1)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for each, body in parts.items():
            archive.writestr(each, body)
    return packed.getvalue()


def test_an_ods_file_with_an_element_that_is_not_closed_is_rejected(write: Write) -> None:
    content = repacked(ods({"Marks": ROWS}), "content.xml", b"</table:table>", b"</table:tabl>")
    with pytest.raises(TableError, match=r"the workbook cannot be read \(mismatched tag"):
        read(write(content))


def test_durations_in_a_workbook_are_durations() -> None:
    lengths = {36.5: "36:30:00", -0.25: "-0:15:00", 1.5 / 3600: "0:00:01.500"}
    assert {hours: _text(dt.timedelta(hours=hours)) for hours in lengths} == lengths


def test_a_hidden_sheet_is_not_the_first(write: Write) -> None:
    content = xlsx({"Old": [["x", "y"], [1, 2], [3, 4]], "Marks": ROWS})
    path = write(repacked(content, "xl/workbook.xml", b'name="Old"', b'name="Old" state="hidden"'))
    form = preview_table(path).form
    assert (form.sheets, form.sheet) == (("Old", "Marks"), "Marks")
    assert preview_table(path, TableSource(csv=str(path), target="y", sheet="Old")).n_rows == 2


def test_a_table_next_to_empty_columns_is_read(write: Write) -> None:
    rows = [[None] * 4, [None, None, "x", "y"], *([None, None, n + 0.5, n % 2] for n in range(20)), [None] * 4]
    preview = preview_table(write(xlsx({"A": [*rows, [None, None, "Source: the office", None]]})))
    assert [column.name for column in preview.columns] == ["x", "y"]
    assert (preview.n_rows, preview.table.lines[0]) == (20, 3)
    assert preview.columns[0].kind == "number"


def test_an_unknown_encoding_in_an_ods_file_is_described(write: Write) -> None:
    content = repacked(ods({"Marks": ROWS}), "content.xml", b'encoding="UTF-8"', b'encoding="UTF-88"')
    with pytest.raises(TableError, match=r"the workbook cannot be read \(unknown encoding"):
        preview_table(write(content))
