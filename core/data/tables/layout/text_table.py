"""Parse a text table into a grid: preamble, delimiter, head, records, sample, columns."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Final

import numpy as np
from msgspec import Struct

from core.data.tables.layout import dialect
from core.data.tables.layout.dialect import Delimiter
from core.data.tables.layout.footer import end_of_table
from core.data.tables.layout.frame import Frame, read_frame
from core.data.tables.layout.grid import Form, Grid, shown
from core.data.tables.layout.header import JUDGED_ROWS, Head, looks_like_data, read_head
from core.data.tables.layout.quotes import with_usual_quotes
from core.data.tables.layout.records import Record, Records, equal_records, records, too_many_columns
from core.data.tables.layout.repeated_header import without_repeated_headers
from core.data.tables.layout.ruled_lines import without_frame, without_rules
from core.data.tables.layout.tibble import split_tibble
from core.data.tables.layout.totals import without_totals
from core.data.tables.limits import (
    MAX_CELLS,
    MAX_COLUMNS,
    MAX_LINES,
    MAX_ROWS,
    Progress,
    TooManyRows,
    grouped,
)
from core.errors import TableError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from core.arrays import Integers
    from core.data.settings import TableSource
    from core.data.tables.files.file_kinds import FileKind

SHOWN_ROWS: Final = 8
"""Number of rows in a preview."""

_SAMPLE_LINES: Final = 400
_MIN_HEAD_ROWS: Final = 6
_COMMENT: Final = "#"
_START: Final = 0
_STOP: Final = 1
_WIDTH: Final = 2
_TAB: Final = "\t"
_NOWHERE: Final = "\x1f"
"""A delimiter that does not occur in text, for tables with a single column."""


class TableText(Struct, frozen=True):
    """The text of a table from any kind of file.

    Attributes:
        text: text with line feeds as line ends.
        kind: kind of file.
        encoding: encoding of a text file; empty for other files.
        delimiter: delimiter, if known.
        header: whether the first line contains the names, if known.
        sheets: names of a workbook's sheets.
        sheet: the sheet that was read.
        notes: sentences about how the text was read.
    """

    text: str
    kind: FileKind = "text"
    encoding: str = ""
    delimiter: Delimiter | None = None
    header: bool | None = None
    sheets: tuple[str, ...] = ()
    sheet: str = ""
    notes: tuple[str, ...] = ()


def read_text_table(
    source: TableText, path: Path, choices: TableSource | None, rng: np.random.Generator, progress: Progress
) -> Grid:
    """Parse the table in ``source`` and check its structure.

    Args:
        source: text of the table.
        path: path of the file.
        choices: the user's options; omitted ones are detected.
        rng: draws the sample of rows, if one is requested.
        progress: reports the progress.

    Raises:
        TableError: no rows, rows of different length, too many cells, or an unclosed quote; the message names file and
            line.
        TooManyRows: there are too many rows and no sample was requested.
    """
    name = path.name
    lines = _lines(source.text, name)
    preamble = _preamble(source, lines, None if choices is None else choices.delimiter)
    lines, first, delimiter, character = preamble.cut(name)
    end, n_notes = end_of_table(lines, first, character)
    lines, n_totals = without_totals(lines[:end], first, character)
    chosen_header = source.header if choices is None or choices.header is None else choices.header
    lines, n_headers = (lines, 0) if chosen_header is False else without_repeated_headers(lines, first, character)
    rows = _head_rows(lines, first, character, name)
    commented = _commented_header(preamble, rows) if chosen_header is None else None
    if commented is not None:
        rows, chosen_header = [commented, *rows], True
    head = read_head(rows, chosen_header)
    skipped = head.skipped - (commented is not None)
    told = progress.part(0.0, 0.4)
    body = equal_records(lines, first, skipped, character, len(head.names), told)
    if body is None or not len(body) or len(head.names) > MAX_COLUMNS:
        found = itertools.islice(records(lines, first, character, name, told), skipped, None)
        body = _checked(found, lines, head, character, name, comments=bool(preamble.comments))
    chosen = _sampled(body, None if choices is None else choices.rows, name, rng)
    decimal = dialect.find_decimal(rows[head.skipped :], delimiter)
    decimal = decimal if choices is None or choices.decimal is None else choices.decimal
    width = int(chosen[:, _WIDTH].max())  # less than the number of names if the last columns are unnamed and empty
    _require_room(width * len(chosen), name)
    text = "\n".join(itertools.chain.from_iterable(lines[start:stop] for start, stop in _runs(chosen)))
    frame = read_frame(text.encode(), character, width, len(chosen), decimal, name, progress.part(0.4, 1.0))
    names = head.names[: _named_width(head, frame)]
    return Grid(
        path=path,
        form=Form(source.kind, source.encoding, delimiter, decimal, head.header, source.sheets, source.sheet),
        names=names,
        unnamed=head.unnamed,
        units=head.units,
        lines=tuple((chosen[:, _START] + 1).tolist()),
        first_rows=tuple(
            _cells(lines[start:stop], character, len(names)) for start, stop, _ in chosen[:SHOWN_ROWS].tolist()
        ),
        n_rows_in_file=len(body),
        notes=(*source.notes, *preamble.notes, *head.notes, *_notes_on_skipped(n_headers, n_totals, n_notes)),
        frame=frame,
    )


def _require_room(cells: int, name: str) -> None:
    """Raise :class:`TableError` if there are too many ``cells``."""
    if cells > MAX_CELLS:
        raise TableError(
            f"{name}: the table has {cells // 1_000_000} million cells, the maximum is "
            f"{MAX_CELLS // 1_000_000} million; take a random sample of the rows"
        )


def _lines(text: str, name: str) -> list[str]:
    if not text.strip():
        raise TableError(f"{name}: the file is empty")
    if text.count("\n") > MAX_LINES:
        raise TableError(f"{name}: the file has more than {grouped(MAX_LINES)} lines")
    return text.split("\n")


class _Preamble(Struct, frozen=True):
    """The lines above the table, and the delimiter."""

    lines: list[str]
    first: int
    comments: tuple[int, ...]
    delimiter: Delimiter
    notes: tuple[str, ...] = ()

    def cut(self, name: str) -> tuple[list[str], int, Delimiter, str]:
        """Return the lines with a delimiter character, the index of the first, the delimiter, and that character."""
        lines, first, delimiter = self.lines, self.first, self.delimiter
        if delimiter == "blank":
            return [_TAB.join(dialect.words(line)) for line in lines], first, delimiter, _TAB
        if delimiter == "fixed":
            return _fixed(lines, first, name), first, delimiter, _TAB
        return lines, first, delimiter, _NOWHERE if delimiter == "none" else delimiter


def _preamble(source: TableText, lines: list[str], chosen: Delimiter | None) -> _Preamble:
    """Find the start of the table, below ``sep=;`` and comments, and its delimiter."""
    if source.kind != "text":
        return _Preamble(lines, 0, (), source.delimiter or ",")
    first = next(index for index, line in enumerate(lines) if line.strip())
    named = dialect.separator_line(lines[first])
    first += named is not None
    comments: list[int] = []
    for index in range(first, len(lines)):
        if lines[index].lstrip().startswith(_COMMENT):
            comments.append(index)
        elif lines[index].strip():
            break
    first = comments[-1] + 1 if comments else first
    if chosen in (None, _TAB) and (tibble := split_tibble(lines, first)) is not None:
        return _Preamble(tibble, first, (), _TAB, ("Read as a tibble printed by R.",))
    lines, n_rules = without_rules(lines, first)
    delimiter = chosen or named or dialect.find_delimiter(_sample(lines, first))
    lines = without_frame(lines, first, "|") if delimiter == "|" else lines
    lines, notes = with_usual_quotes(lines, first, delimiter)
    if n_rules:
        notes = (
            *notes,
            f"{n_rules} line{'s' * (n_rules > 1)} that {'rule' if n_rules > 1 else 'rules'} the table skipped.",
        )
    return _Preamble(lines, first, tuple(comments), delimiter, notes)


def _sample(lines: list[str], first: int) -> list[str]:
    """Return the first nonblank lines, without the last one if it may be truncated."""
    sample: list[str] = []
    size = 0
    for line in itertools.islice(lines, first, first + 10 * _SAMPLE_LINES):
        if not line.strip():
            continue
        sample.append(line[: dialect.SAMPLE])
        size += len(line)
        if size > dialect.SAMPLE or len(sample) == _SAMPLE_LINES:
            return sample[:-1] or sample
    return sample or [""]


def _fixed(lines: list[str], first: int, name: str) -> list[str]:
    """Return ``lines`` with tabs between fixed-width columns."""
    columns = dialect.fixed_columns(_sample(lines, first))
    if not columns:
        raise TableError(f"{name}: the table has no fixed-width columns")
    cut = [""] * first
    for index, line in enumerate(lines[first:], first):
        if any(line[start - 1 : start].strip() for start, _ in columns[1:]):
            raise TableError(f"{name}: line {index + 1} does not match the fixed-width columns")
        cut.append(_TAB.join(line[start:stop].strip() for start, stop in columns))
    return cut


def _head_rows(lines: list[str], first: int, character: str, name: str) -> list[list[str]]:
    """Return the first nonblank rows, for detecting the head."""
    sample: list[str] = []
    size = 0
    for index in range(first, len(lines)):
        if lines[index].count(character) > 10 * MAX_COLUMNS:
            raise too_many_columns(name, index)
        if lines[index].strip(f"{character} \t"):
            sample.append(lines[index])
            size += len(lines[index])
        if len(sample) == JUDGED_ROWS or (len(sample) >= _MIN_HEAD_ROWS and size > 4 * dialect.SAMPLE):
            break
    if not sample:
        raise TableError(f"{name}: the file has no rows")
    # If all cells are blank, the strict parser reports the error later.
    return [row for row in dialect.cut(sample, character) if any(cell.strip() for cell in row)] or [[""]]


def _commented_header(preamble: _Preamble, rows: list[list[str]]) -> list[str] | None:
    """Return the column names if they are in the last comment line, as written by NumPy."""
    if not preamble.comments or not looks_like_data(rows[0], rows[1:]):
        return None
    line = preamble.lines[preamble.comments[-1]].lstrip().lstrip(_COMMENT).strip()
    names = dialect.cut([line], preamble.delimiter)[0] if line else []
    return names if len(names) == len(rows[0]) and len(names) > 1 else None


def _checked(
    found: Iterator[Record], lines: list[str], head: Head, character: str, name: str, *, comments: bool
) -> Integers:
    """Return the records of the rows, checked to have as many cells as there are names, not counting trailing empty ones."""
    expected = len(head.names)
    least = max((place + 1 for place in range(expected) if place not in head.unnamed), default=expected)
    rows = Records()
    for record in found:
        if record.width != expected:
            line = lines[record.start]
            if comments and line.lstrip().startswith(_COMMENT):
                continue
            filled = line.rstrip(f"{character} ").count(character) + 1 if record.width > expected else record.width
            if not least <= record.width or filled > expected:
                raise TableError(
                    f"{name}: line {record.start + 1} has {_n_cells(record.width)}, but "
                    + (f"the header has {expected}" if head.header else f"most lines have {expected}")
                )
        rows.append(record)
    checked = rows.as_array()
    if not len(checked):
        raise TableError(f"{name}: the table has a header but no rows")
    return checked


def _runs(rows: Integers) -> list[tuple[int, int]]:
    """Return start and stop of the runs of lines without gaps that contain ``rows``."""
    ends = np.flatnonzero(rows[1:, _START] != rows[:-1, _STOP])
    starts, stops = rows[[0, *(ends + 1)], _START], rows[[*ends, len(rows) - 1], _STOP]
    return list(zip(starts.tolist(), stops.tolist(), strict=True))


def _notes_on_skipped(headers: int, totals: int, below: int) -> tuple[str, ...]:
    skipped = (
        (headers, "that repeats the header", "that repeat the header"),
        (totals, "of totals at the end", "of totals at the end"),
        (below, "of notes below the table", "of notes below the table"),
    )
    return tuple(f"1 line {one} skipped." if n == 1 else f"{n} lines {many} skipped." for n, one, many in skipped if n)


def _n_cells(count: int) -> str:
    return f"{count} cell" if count == 1 else f"{count} cells"


def _sampled(rows: Integers, wanted: int | None, name: str, rng: np.random.Generator) -> Integers:
    """Return all ``rows``, or a random sample of ``wanted`` rows in their original order."""
    if wanted is None:
        if len(rows) > MAX_ROWS:
            raise TooManyRows(name, len(rows))
        return rows
    if wanted >= len(rows):
        return rows
    return rows[np.sort(rng.choice(len(rows), wanted, replace=False))]


def _named_width(head: Head, frame: Frame) -> int:
    """Return the number of columns without the unnamed, empty ones at the end."""
    width = min(len(head.names), frame.width)
    while width > 1 and width - 1 in head.unnamed:
        numbers = frame.numbers.get(width - 1)
        if numbers is None or not np.isnan(numbers).all():
            break
        width -= 1
    return width


def _cells(lines: list[str], character: str, width: int) -> tuple[str, ...]:
    rows = dialect.cut(lines, character)
    return tuple(shown(cell.strip()) for cell in [*rows[0], *[""] * width][:width])
