"""Convert one sheet of a workbook (.xlsx, .xls, .ods) to a text table, with python-calamine."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
import zipfile
import zlib
from collections import Counter
from typing import IO, Any, Final
from xml.parsers import expat

from core.data.tables.layout.text_table import TableText
from core.data.tables.limits import MAX_CELLS, MAX_COLUMNS, Progress, grouped
from core.errors import TableError

MAX_UNPACKED: Final = 1_000_000_000
"""Maximum unpacked size of a workbook in bytes, as protection against zip bombs."""

_ZIP_ERRORS: Final = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError)
"""Exceptions that zipfile raises for a damaged archive."""

_MAX_HEADER_ROWS: Final = 12
"""Number of rows in which merged cells may be names of groups of columns."""

_TOLD_EVERY: Final = 2048
_PIECE: Final = 4_000_000
_CELL: Final = re.compile(rb"""r\s*=\s*["']([A-Za-z]{1,20})(\d{1,20})""")
"""The position of a cell, anywhere among the attributes; also testing what precedes the name would take twice the time."""

_REPEATED: Final = re.compile(rb'<table:table-cell(?=[^>]*office:value)[^>]*number-columns-repeated="(\d{1,20})"')
_REPEATED_ROWS: Final = re.compile(
    rb'number-rows-repeated="(\d{1,20})"[^>]*>(?:(?!</table:table-row).)*?office:value', re.DOTALL
)


def read_workbook(content: bytes, name: str, sheet: str | None, progress: Progress) -> TableText:
    """Convert the ``sheet`` of a workbook (``None``: the first visible one with two rows) to comma-separated text.

    Each row of the sheet becomes one line, so that line numbers equal row numbers.

    Raises:
        TableError: the file is damaged or password-protected, the sheet does not exist, or it has too many cells.
    """
    import python_calamine as calamine

    _reject_zip_bombs(content, name)
    try:
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        names = tuple(book.sheet_names)
        chosen, rows = "", []
        hidden = {each.name for each in book.sheets_metadata if each.visible != calamine.SheetVisibleEnum.Visible}
        for chosen in _sheets(tuple(sorted(names, key=hidden.__contains__)), sheet, name):
            found = book.get_sheet_by_name(chosen)
            rows = found.to_python(skip_empty_area=False)
            if len(rows) > 1:
                _fill_merged_cells(rows, found.merged_cell_ranges)
                break
    except calamine.PasswordError:
        raise TableError(f"{name}: the workbook is protected with a password") from None
    except (calamine.CalamineError, OSError, ValueError, IndexError) as error:
        raise TableError(f"{name}: the workbook cannot be read ({error})") from None
    if not rows:
        raise TableError(f"{name}: the sheet “{chosen}” is empty")
    left = min((next((place for place, cell in enumerate(row) if cell != ""), len(row)) for row in rows), default=0)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    for number, row in enumerate(rows):
        if number % _TOLD_EVERY == 0:
            progress.reach(number / len(rows))
        writer.writerow([_text(cell) for cell in row[left:]])
    return TableText(text.getvalue(), "workbook", delimiter=",", sheets=names, sheet=chosen)


def _fill_merged_cells(rows: list[list[Any]], ranges: list[tuple[tuple[int, int], tuple[int, int]]] | None) -> None:
    """Repeat the value of merged cells: those in one column, for a group of rows, and several in a row above the table.

    A single one in a row is a title.
    """
    left_over = sum(map(len, rows))  # a damaged file may merge the same cells again and again
    in_row = Counter(top for (top, left), (bottom, right) in ranges or () if top == bottom and left < right)
    for (top, left), (bottom, right) in ranges or ():
        left_over -= min(bottom, len(rows)) - top
        if left_over < 0:
            return
        if top >= len(rows) or left >= len(rows[top]):
            continue
        if left == right:
            for row in rows[top + 1 : bottom + 1]:
                row[left] = rows[top][left]
        elif top == bottom < _MAX_HEADER_ROWS and in_row[top] > 1:
            right = min(right, len(rows[top]) - 1)
            left_over -= right - left
            rows[top][left : right + 1] = [rows[top][left]] * (right + 1 - left)


def _sheets(names: tuple[str, ...], sheet: str | None, name: str) -> tuple[str, ...]:
    """Return the sheets to try; the first one is repeated at the end, so that its error is reported if all fail."""
    if not names:
        raise TableError(f"{name}: the workbook has no sheet")
    if sheet is None:
        return (*names, names[0])
    if sheet not in names:
        raise TableError(f'{name}: there is no sheet "{sheet}"; the sheets are {", ".join(names[:12])}')
    return (sheet,)


def _text(cell: object) -> str:
    match cell:
        case bool():
            return "true" if cell else "false"
        case float():
            return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
        case dt.datetime():
            return cell.date().isoformat() if cell.time() == dt.time() else cell.isoformat(sep=" ", timespec="seconds")
        case dt.date() | dt.time():
            return cell.isoformat()
        case dt.timedelta():
            return _duration(cell)
        case _:
            return " ".join(str(cell).split("\n")).replace("\r", "")


def _duration(time: dt.timedelta) -> str:
    """Return ``time`` such as ``36:30:00.5``, as spreadsheets show it."""
    seconds, rest = divmod(round(abs(time) / dt.timedelta(milliseconds=1)), 1000)
    sign, fraction = "-" if time < dt.timedelta() else "", f".{rest:03}" if rest else ""
    return f"{sign}{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}{fraction}"


def _reject_zip_bombs(content: bytes, name: str) -> None:
    """Raise TableError if reading the workbook would take too much memory, because calamine allocates all cells."""
    if not zipfile.is_zipfile(io.BytesIO(content)):
        return
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            if sum(part.file_size for part in parts) > MAX_UNPACKED:
                raise TableError(f"{name}: the workbook unpacks to more than {MAX_UNPACKED // 1_000_000} MB")
            for part in parts:
                if part.filename.startswith("xl/worksheets/") or part.filename == "content.xml":
                    with archive.open(part) as file:
                        _reject_too_wide(file.read, name)
                if part.filename == "content.xml":
                    with archive.open(part) as file:
                        _require_well_formed(file, name)
    except (*_ZIP_ERRORS, OSError, ValueError) as error:
        if isinstance(error, TableError):
            raise
        raise TableError(f"{name}: the workbook cannot be read ({str(error) or 'unexpected end of file'})") from None


def _reject_too_wide(read: object, name: str) -> None:
    columns, last_row, kept = 0, 0, b""
    while piece := read(_PIECE):  # type: ignore[operator]
        kept = kept[-200:] + piece
        cells = set(_CELL.findall(kept))
        columns = max([columns, *(_column(letters) for letters in {letters for letters, _ in cells})])
        last_row = max([last_row, *(int(row) for _, row in cells)])
        columns = max([columns, *(int(count) for count in _REPEATED.findall(kept))])
        last_row = max([last_row, *(int(count) for count in _REPEATED_ROWS.findall(kept))])
    if columns > MAX_COLUMNS or columns * last_row > MAX_CELLS:
        raise TableError(
            f"{name}: the sheet extends to column {grouped(columns)} of row {grouped(last_row)}, which is too large; "
            "delete stray cells far from the table"
        )


def _require_well_formed(file: IO[bytes], name: str) -> None:
    """Raise TableError for damaged XML: calamine 0.9 never returns if an element of an .ods file is not closed."""
    parser = expat.ParserCreate()
    try:
        parser.ParseFile(file)
    except (expat.ExpatError, LookupError) as error:  # LookupError: an unknown encoding
        raise TableError(f"{name}: the workbook cannot be read ({error})") from None


def _column(letters: bytes) -> int:
    """Convert the letters of a column to its number: A is 1, Z is 26, AA is 27."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number
