"""Find the records of a text table with a strict parser that reports errors with their line."""

from __future__ import annotations

import csv
from array import array
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from core.data.tables.limits import MAX_CELL, MAX_COLUMNS, Progress, grouped
from core.errors import TableError

if TYPE_CHECKING:
    from core.arrays import Integers

_TOLD_EVERY: Final = 8192


class Record(NamedTuple):
    """The position and width of a row in a text table.

    Attributes:
        start: index of its first line.
        stop: index after its last line; quoted cells may contain line ends.
        width: number of cells.
    """

    start: int
    stop: int
    width: int


class Records:
    """A list of records stored in arrays of numbers, because as many objects would slow down the garbage collector."""

    def __init__(self) -> None:
        self._numbers = array("q")

    def append(self, record: Record) -> None:
        """Add ``record``."""
        self._numbers.extend(record)

    def as_array(self) -> Integers:
        """Return (N, 3): start, stop and width of each record."""
        return np.array(self._numbers, dtype=np.int64).reshape(-1, 3)


def equal_records(
    lines: list[str], first: int, skipped: int, delimiter: str, width: int, progress: Progress
) -> Integers | None:
    """Return (N, 3): the records, if each is one line of ``width`` cells, of which at most one is in quotes; else ``None``.

    This takes a fraction of the time of :func:`records`.

    Args:
        lines: all lines.
        first: index of the first line.
        skipped: number of records at the start that are left out.
        delimiter: the delimiter character.
        width: number of cells.
        progress: reports the progress.
    """
    starts: list[Integers] = []
    for start in range(first, len(lines), _TOLD_EVERY):
        progress.reach(start / len(lines))
        part = lines[start : start + _TOLD_EVERY]
        filled = np.flatnonzero(np.array([not is_blank(line, delimiter) for line in part], dtype=np.bool_))
        kept = filled[skipped:]
        skipped -= len(filled) - len(kept)
        count = _width_of_line if any('"' in line for line in part) else _width_of_plain_line
        widths = np.array([count(line, delimiter) for line in part])
        if (widths[filled] == 0).any() or (widths[kept] != width).any() or max(map(len, part)) > MAX_CELL:
            return None
        starts.append(kept + start)
    found = np.concatenate(starts)
    return np.column_stack((found, found + 1, np.full(len(found), width)))


def records(lines: list[str], first: int, delimiter: str, name: str, progress: Progress) -> Iterator[Record]:
    """Yield the records of ``lines`` from index ``first`` on, except blank ones.

    Raises:
        TableError: an unclosed quote, text after a closing quote, too many columns, or a cell that is too long.
    """
    quoted = any('"' in line for line in lines[first:])
    found = _quoted(lines, first, delimiter, name) if quoted else _plain(lines, first, delimiter, name)
    for count, record in enumerate(found):
        if count % _TOLD_EVERY == 0:
            progress.reach(record.start / len(lines))
        if record.stop - record.start > 1 or not is_blank(lines[record.start], delimiter):
            yield record


def is_blank(line: str, delimiter: str) -> bool:
    """Return whether all cells of ``line`` are empty, with or without quotes."""
    return not line.strip(f'{delimiter}" \t') and '"""' not in line


def _plain(lines: list[str], first: int, delimiter: str, name: str) -> Iterator[Record]:
    """Yield the records of a table without quotes, one per line."""
    for index in range(first, len(lines)):
        line = lines[index]
        width = line.count(delimiter) + 1
        if width > MAX_COLUMNS:
            raise too_many_columns(name, index)
        if len(line) > MAX_CELL:
            _reject_long_cell(line.split(delimiter), index, name)
        yield Record(index, index + 1, width)


class _Lines:
    """Iterates over lines for the CSV parser, which may take several for a record."""

    def __init__(self, lines: list[str], first: int, delimiter: str, name: str) -> None:
        self._lines = lines
        self._delimiter = delimiter
        self._name = name
        self.index = first

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        if self.index == len(self._lines):
            raise StopIteration
        line = self._lines[self.index]
        # Check before splitting, because millions of cells would take gigabytes.
        if line.count(self._delimiter) > 10 * MAX_COLUMNS:
            raise too_many_columns(self._name, self.index)
        self.index += 1
        return line + "\n"


def _quoted(lines: list[str], first: int, delimiter: str, name: str) -> Iterator[Record]:
    """Yield the records of a table in which quoted cells may contain delimiters and line ends."""
    source = _Lines(lines, first, delimiter, name)
    reader = csv.reader(source, delimiter=delimiter, strict=True, skipinitialspace=True)
    start = first
    try:
        while start < len(lines):
            width = _width_of_line(lines[start], delimiter)
            if width:
                source.index += 1
            else:
                width = max(len(next(reader)), 1)
            if width > MAX_COLUMNS:
                raise too_many_columns(name, start)
            yield Record(start, source.index, width)
            start = source.index
    except csv.Error as error:
        raise TableError(f"{name}: {_problem(str(error), lines, start, source.index)}") from None


def _width_of_plain_line(line: str, delimiter: str) -> int:
    return line.count(delimiter) + 1


def _width_of_line(line: str, delimiter: str) -> int:
    """Return the number of cells if ``line`` is a record in which at most one cell is in quotes; otherwise 0.

    This takes half of the CSV parser's time.
    """
    if len(line) > MAX_CELL or "\r" in line:
        return 0
    before, opening, rest = line.partition('"')
    if not opening:
        return line.count(delimiter) + 1
    _, closing, after = rest.partition('"')
    whole = before[-1:] in ("", delimiter) and after[:1] in ("", delimiter)
    return before.count(delimiter) + after.count(delimiter) + 1 if closing and whole and '"' not in after else 0


def _problem(reason: str, lines: list[str], start: int, stop: int) -> str:
    """Return a description of the error in the record that starts at line ``start`` and was read up to ``stop``."""
    if "expected after" in reason:
        return f"line {stop}: text after a closing quote (a quote inside a quoted cell must be doubled)"
    one_line = stop - start <= 1
    if "field larger" in reason and one_line and lines[start].count('"') % 2 == 0:
        return _long_cell(start)
    return f"line {start + 1}: a quote is opened in this row and not closed"


def _reject_long_cell(cells: list[str], index: int, name: str) -> None:
    if max(map(len, cells)) > MAX_CELL:
        raise TableError(f"{name}: {_long_cell(index)}")


def _long_cell(index: int) -> str:
    return f"line {index + 1}: a cell has more than {grouped(MAX_CELL)} characters"


def too_many_columns(name: str, index: int) -> TableError:
    """Return the error for line ``index`` (from 0) with too many cells."""
    return TableError(f"{name}: line {index + 1} has more than {grouped(MAX_COLUMNS)} columns")
