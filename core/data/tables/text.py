"""The text of a user's table: bytes, encoding, delimiter, decimal sign, header and line numbers, checked strictly."""

from __future__ import annotations

import csv
import io
import itertools
import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from core.errors import TableError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MAX_BYTES: Final = 200_000_000
MAX_ROWS: Final = 100_000
SHOWN_ROWS: Final = 8
"""Rows that a preview shows."""

_SAMPLE: Final = 65_536
"""Characters from which delimiter and decimal sign are judged."""

_DELIMITERS: Final = (",", ";", "\t")
_CONTROL_BYTES: Final = re.compile(rb"[\x00-\x08\x0e-\x1f]")
_COMMA: Final = re.compile(r"[+-]?\d+,\d+")
_POINT: Final = re.compile(r"[+-]?\d*\.\d+")
_GROUPED: Final = re.compile(r"[+-]?[1-9]\d{0,2},\d{3}")
_MADE_UP_NAME: Final = "column {}"


@dataclass(frozen=True)
class TableText:
    """A table that is known to be whole: every row has as many cells as the header.

    Attributes:
        name: the file's name, for messages.
        text: the decoded text with line feeds as line ends.
        delimiter: ``,`` or ``;`` or tab.
        decimal: ``.`` or ``,``.
        header: the columns' names; a column without one is called by its number, such as ``column 1``.
        unnamed: the columns that had no name.
        lines: (N,) the line of the file in which each row starts, counted from 1.
        first_rows: the first rows as they stand in the file.
    """

    name: str
    text: str
    delimiter: str
    decimal: str
    header: tuple[str, ...]
    unnamed: frozenset[int]
    lines: tuple[int, ...]
    first_rows: tuple[tuple[str, ...], ...]


def read_text(path: Path) -> TableText:
    """Return the table in ``path`` with its structure checked.

    Raises:
        TableError: no such file, not a text table, too large, no header, duplicate names, uneven rows, open quote.
    """
    name = path.name
    text = _decode(_read_bytes(path), name)
    if not text.strip():
        raise TableError(f"{name}: the file is empty")
    sample = text[:_SAMPLE]
    delimiter = _delimiter(sample, name)
    records = _records(text, delimiter, name)
    header_line, cells = next(records)
    header, unnamed = _header(cells, header_line, name)
    lines: list[int] = []
    first_rows: list[tuple[str, ...]] = []
    for line, row in records:
        if len(row) != len(header):
            raise TableError(f"{name}: line {line} has {len(row)} cells, but the header has {len(header)}")
        if len(lines) == MAX_ROWS:
            raise TableError(f"{name}: the table has more than {MAX_ROWS:,} rows".replace(",", " "))
        lines.append(line)
        if len(first_rows) < SHOWN_ROWS:
            first_rows.append(tuple(row))
    if not lines:
        raise TableError(f"{name}: the table has a header but no rows")
    decimal = _decimal(sample, delimiter)
    return TableText(name, text, delimiter, decimal, header, unnamed, tuple(lines), tuple(first_rows))


def _read_bytes(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise TableError(f"{path}: this is a folder, not a table")
        if not path.exists():
            raise TableError(f"{path}: there is no such file")
        if not path.is_file():
            raise TableError(f"{path}: this is not an ordinary file")
        if (size := path.stat().st_size) > MAX_BYTES:
            raise TableError(
                f"{path.name}: the file has {size / 1e6:.0f} MB, at most {MAX_BYTES // 1_000_000} MB are read"
            )
        return path.read_bytes()
    except PermissionError:
        raise TableError(f"{path}: there is no permission to read this file") from None
    except OSError as error:
        raise TableError(f"{path}: the file cannot be read ({error.strerror or error})") from None


def _decode(data: bytes, name: str) -> str:
    """Return ``data`` as text: UTF-8 (with or without a byte-order mark), UTF-16 with one, else Western European."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    elif data.startswith(b"PK\x03\x04"):
        raise TableError(f"{name}: this is a workbook or an archive, not a text table: save it as CSV first")
    elif _CONTROL_BYTES.search(data, 0, _SAMPLE) or b"\0" in data:
        raise TableError(f"{name}: this is a binary file, not a text table")
    else:
        encodings = ["utf-8-sig", "cp1252", "latin-1"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return text.replace("\r\n", "\n").replace("\r", "\n")
    raise TableError(f"{name}: the file starts as UTF-16 text but does not go on so")


def _delimiter(sample: str, name: str) -> str:
    """Return the delimiter that cuts the first rows into the most columns, the same number in each."""
    best, best_score = "", (False, 1)
    for delimiter in _DELIMITERS:
        widths = [len(row) for row in _lenient_rows(sample, delimiter)[:50]] or [1]
        score = (len(set(widths)) == 1 and widths[0] > 1, widths[0])
        if score > best_score:
            best, best_score = delimiter, score
    if not best:
        raise TableError(
            f"{name}: only one column was found: the cells of a row are separated by comma, semicolon or tab"
        )
    return best


def _lenient_rows(sample: str, delimiter: str) -> list[list[str]]:
    """Return the rows of the file's beginning; the last one is left out where it may be cut off."""
    try:
        rows = [
            row for row in csv.reader(io.StringIO(sample), delimiter=delimiter, skipinitialspace=True) if _filled(row)
        ]
    except csv.Error:
        # An unclosed quote may swallow the sample; the strict reading that follows names the place.
        rows = [sample.split("\n", 1)[0].split(delimiter)]
    return rows[:-1] if len(sample) == _SAMPLE and len(rows) > 1 else rows


def _filled(row: list[str]) -> bool:
    return len(row) > 1 or bool(row and row[0].strip())


def _records(text: str, delimiter: str, name: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the line in which each row starts, and its cells; blank lines are passed over."""
    reader = csv.reader(io.StringIO(text), delimiter=delimiter, strict=True, skipinitialspace=True)
    line = 1
    try:
        for row in reader:
            if _filled(row):
                yield line, row
            line = reader.line_num + 1
    except csv.Error as error:
        reason = str(error)
        if "expected after" in reason:
            problem = (
                f"line {reader.line_num}: text follows a closing quote (a quote inside a quoted cell is written twice)"
            )
        else:
            problem = f"line {line}: a quote opens in this row and does not close"
        raise TableError(f"{name}: {problem}") from None


def _header(cells: list[str], line: int, name: str) -> tuple[tuple[str, ...], frozenset[int]]:
    """Return the columns' names and the positions of those that had none."""
    names = [cell.strip() for cell in cells]
    if _looks_like_data(names):
        shown = ", ".join(names[:4]) + (", …" if len(names) > 4 else "")
        raise TableError(f"{name}: line {line} must hold the names of the columns, but it looks like data ({shown})")
    unnamed = frozenset(position for position, text in enumerate(names) if not text)
    filled = tuple(text or _MADE_UP_NAME.format(position + 1) for position, text in enumerate(names))
    twice = [text for text, count in Counter(filled).items() if count > 1]
    if twice:
        raise TableError(f'{name}: two columns are called "{twice[0]}": every column needs a name of its own')
    return filled, unnamed


def _looks_like_data(names: list[str]) -> bool:
    """Return whether a header is a row of data: numbers, unless they are whole and rising (years, pixel numbers)."""
    numbers = [number for number in map(_number, names) if number is not None]
    if not numbers:
        return False
    whole = all(number.is_integer() for number in numbers)
    rising = all(low < high for low, high in itertools.pairwise(numbers))
    return not (whole and rising)


def _number(text: str) -> float | None:
    if not re.fullmatch(r"[+-]?(\d+([.,]\d*)?|[.,]\d+)([eE][+-]?\d+)?", text):
        return None
    return float(text.replace(",", "."))


def _decimal(sample: str, delimiter: str) -> str:
    """Return ``,`` where cells such as ``1,5`` outnumber cells such as ``1.5``; never in a comma-separated file.

    In a table with tabs, ``1,234`` alone tells nothing and is taken as a thousand (English tables have commas in cells).
    """
    if delimiter == ",":
        return "."
    cells = [cell.strip() for row in _lenient_rows(sample, delimiter)[1:] for cell in row]
    commas = sum(1 for cell in cells if _COMMA.fullmatch(cell) and not (delimiter == "\t" and _GROUPED.fullmatch(cell)))
    points = sum(1 for cell in cells if _POINT.fullmatch(cell) and not _GROUPED.fullmatch(cell.replace(".", ",")))
    return "," if commas > points else "."
