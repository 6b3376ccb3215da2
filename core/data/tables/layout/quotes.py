"""Turn unusual quotes, ``'setosa'``, ``b'setosa'``, Excel's ``="01234"`` and those after a backslash, into usual ones."""

from __future__ import annotations

import csv
import re
from typing import TYPE_CHECKING, Final

from core.data.tables.layout import dialect

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.data.tables.layout.dialect import Delimiter

_SAMPLE_LINES: Final = 400
_MIN_CELLS: Final = 2
_ESCAPED: Final = re.compile(r"\\(.)|''")
_ESCAPED_QUOTE: Final = re.compile(r'((?<!\\)(?:\\\\)*)\\"')
_SINGLE: Final = r"b?'((?:[^'\\]|''|\\.)*)'"
_SINGLE_IN_DOUBLE: Final = r"""\"b?'([^'"]*)'\""""
_FORMULA: Final = r'="([^"]*)"'
_QUOTED_FORMULA: Final = r'"=""([^"]*)"""'


def with_usual_quotes(lines: list[str], first: int, delimiter: Delimiter) -> tuple[list[str], tuple[str, ...]]:
    """Return ``lines`` with double quotes around cells in unusual ones, and notes about them.

    Args:
        lines: all lines.
        first: index of the first line of the table.
        delimiter: what separates the cells.
    """
    if delimiter in ("none", "fixed"):
        return lines, ()
    sample = [line for line in lines[first : first + _SAMPLE_LINES] if line.strip()]
    notes = []
    if any('="' in line for line in sample):
        changed = _replaced(_formula(delimiter), lines, first, sample, delimiter)
        notes += ['The signs ="…" around cells were left out.'] if changed is not None else []
        lines = changed or lines
    if any("'" in line for line in sample):
        changed = _replaced(_single(delimiter), lines, first, sample, delimiter)
        notes += ["The single quotes around cells were left out."] if changed is not None else []
        lines = changed or lines
    if any('\\"' in line for line in sample) and not _is_well_formed(sample, delimiter):
        changed = _replaced(_escaped, lines, first, sample, delimiter)
        notes += ['Quotes within cells, written as \\", were read as such.'] if changed is not None else []
        lines = changed or lines
    return lines, tuple(notes)


def _is_well_formed(lines: list[str], delimiter: Delimiter) -> bool:
    """Return whether quotes within cells are doubled, as they should be."""
    if delimiter == "blank":
        return True
    try:
        for _ in csv.reader(lines, delimiter=delimiter, skipinitialspace=True, strict=True):
            pass
    except csv.Error:
        return False
    return True


def _escaped(line: str) -> tuple[str, int]:
    """Return ``line`` with quotes within cells doubled instead of escaped by a backslash, and their number."""
    if '\\"' not in line:
        return line, 0
    return _ESCAPED_QUOTE.subn(r'\1""', line)


def _replaced(
    replace: Callable[[str], tuple[str, int]], lines: list[str], first: int, sample: list[str], delimiter: Delimiter
) -> list[str] | None:
    """Return the lines with each from ``first`` on replaced; ``None`` if that does not suit the ``sample``."""
    replaced = [replace(line) for line in sample]
    if sum(count for _, count in replaced) < _MIN_CELLS:
        return None
    before, after = (
        {len(row) for row in dialect.cut(each, delimiter)} for each in (sample, [row for row, _ in replaced])
    )
    if len(after) > 1 and after != before:
        return None
    return [*lines[:first], *(replace(line)[0] for line in lines[first:])]


def _cell(pattern: str, delimiter: Delimiter) -> re.Pattern[str]:
    """Return a pattern of a whole cell, with what is before it as its first group."""
    if delimiter == "blank":
        return re.compile(rf"(?<!\S)(){pattern}(?!\S)")
    end = re.escape(delimiter)
    return re.compile(rf"((?:^|{end}) *){pattern}(?= *(?:{end}|$))")


def _formula(delimiter: Delimiter) -> Callable[[str], tuple[str, int]]:
    plain, quoted = (_cell(pattern, delimiter) for pattern in (_FORMULA, _QUOTED_FORMULA))

    def replace(line: str) -> tuple[str, int]:
        if '="' not in line:
            return line, 0
        line, n_quoted = quoted.subn(r'\1"\2"', line)
        line, n_plain = plain.subn(r'\1"\2"', line)
        return line, n_quoted + n_plain

    return replace


def _single(delimiter: Delimiter) -> Callable[[str], tuple[str, int]]:
    alone, in_double = (_cell(pattern, delimiter) for pattern in (_SINGLE, _SINGLE_IN_DOUBLE))

    def replace(line: str) -> tuple[str, int]:
        if "'" not in line:
            return line, 0
        if '"' in line and '"' in alone.sub("", line):  # a single quote in double quotes is an apostrophe
            return in_double.subn(r'\1"\2"', line)
        return alone.subn(lambda match: f'{match[1]}"{_plain(match[2])}"', line)

    return replace


def _plain(text: str) -> str:
    return _ESCAPED.sub(lambda match: match[1] or "'", text).replace('"', '""')
