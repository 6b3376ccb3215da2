"""Detect the delimiter and the decimal separator of a text table."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from core.data.tables.cells.number_parts import Decimal

Delimiter: TypeAlias = Literal[",", ";", "\t", "|", "blank", "fixed", "none"]
"""A character, whitespace, columns of fixed width, or no delimiter (a single column)."""

SAMPLE: Final = 65_536
"""Number of characters used for detection."""

_JUDGED_ROWS: Final = 50
_MAX_TITLES: Final = 10
_CHARACTERS: Final[tuple[Delimiter, ...]] = ("\t", ";", "|", ",")
"""Order of preference if several fit equally well: commas also occur in text and numbers, tabs hardly ever."""

_SEPARATOR_LINE: Final = re.compile(r'"?sep=(.)"?[;,\t|]*')
_COMMA: Final = re.compile(r"[+-]?\d+,\d+")
_POINT: Final = re.compile(r"[+-]?\d*\.\d+")
_GROUPED: Final = re.compile(r"[+-]?[1-9]\d{0,2},\d{3}")
_WORD: Final = re.compile(r'"(?:[^"]|"")*"(?!\S)|\S+')
_TWO_BLANKS: Final = re.compile(r"\S {2,}\S")
_MIN_FIXED_LINES: Final = 4


class _Fit(NamedTuple):
    """How well a delimiter fits; higher is better."""

    tier: int
    delimiter: Delimiter
    width: int


def separator_line(line: str) -> Delimiter | None:
    """Return the delimiter in ``line`` if it is Excel's directive ``sep=;``, otherwise ``None``."""
    match = _SEPARATOR_LINE.fullmatch(line.strip("\ufeff \r") or "")
    character = match[1] if match else ""
    return next((each for each in _CHARACTERS if each == character), None)


def find_delimiter(lines: list[str]) -> Delimiter:
    """Detect the delimiter in ``lines``, the first lines of a table without blank and comment lines."""
    judged = lines[: _JUDGED_ROWS + _MAX_TITLES]
    if _is_decimal_column(judged):
        return "none"
    fits = [fit for each in _CHARACTERS if (fit := _fit(each, cut(judged, each))).width > 1]
    blank_rows = cut(judged, "blank")
    blank = _fit("blank", blank_rows)
    if any(word.startswith('"') and word.count('"') % 2 for row in blank_rows for word in row):
        blank = blank._replace(tier=0)  # a quoted cell with a blank and another delimiter behind it
    if blank.width > 1 and blank.tier >= 2:
        fits.append(blank)
    if not fits:
        return "fixed" if fixed_columns(judged) else "none"
    best = max(fits, key=lambda fit: (fit.tier, fit.width if fit.tier == 0 else 0))
    if best.delimiter == "\t" and blank.tier == 3 and _cells_hold_runs(judged):
        return "blank"
    if best.tier <= 1 and fixed_columns(judged):
        return "fixed"
    return best.delimiter


def _fit(delimiter: Delimiter, rows: list[list[str]]) -> _Fit:
    """Tier 3: all rows have the same width; 2: all except titles or R's header; 1: most rows; 0: fewer."""
    widths = [len(row) for row in rows] or [1]
    width, count = max(Counter(widths).items(), key=lambda item: (item[1], item[0]))
    if width == 1 and max(widths) > 1:
        width, count = max(Counter(each for each in widths if each > 1).items(), key=lambda item: (item[1], item[0]))
    titles = next((index for index, each in enumerate(widths) if each > 1), 0)
    if count == len(widths):
        return _Fit(3, delimiter, width)
    if count == len(widths) - 1 > 1 and widths[0] == width - 1 > 1:
        return _Fit(2, delimiter, width)
    if 0 < titles <= min(_MAX_TITLES, count) and count == len(widths) - titles:
        return _Fit(2, delimiter, width)
    return _Fit(1 if 5 * count >= 3 * len(widths) else 0, delimiter, width)


def _is_decimal_column(lines: list[str]) -> bool:
    """Return whether the table is a single column of numbers with decimal commas, below a name."""
    return len(lines) > 1 and "," not in lines[0] and all(_COMMA.fullmatch(line.strip()) for line in lines[1:])


def _cells_hold_runs(lines: list[str]) -> bool:
    """Return whether most lines contain runs of blanks between tabs, like fixed-width tables with one tab."""
    return 2 * sum(1 for line in lines if _TWO_BLANKS.search(line)) > len(lines)


def cut(lines: list[str], delimiter: str) -> list[list[str]]:
    """Split ``lines`` into cells leniently, without reporting errors."""
    if delimiter == "blank":
        return [words(line) for line in lines]
    if delimiter in ("none", "fixed"):
        return [[line] for line in lines]
    try:
        return list(csv.reader(io.StringIO("\n".join(lines)), delimiter=delimiter, skipinitialspace=True))
    except csv.Error:
        # An unclosed quote may consume the whole sample; the strict parser reports its position later.
        return [lines[0].split(delimiter)]


def words(line: str) -> list[str]:
    """Split ``line`` at whitespace, except inside quotes."""
    if '"' not in line:
        return line.split()
    found: list[str] = _WORD.findall(line)
    return [word[1:-1].replace('""', '"') if len(word) > 1 and word[0] == word[-1] == '"' else word for word in found]


def fixed_columns(lines: list[str]) -> list[tuple[int, int]]:
    """Return (start, stop) of the columns separated by blanks in every line; empty if there are fewer than two.

    The last column is unbounded, because it may be wider further down.
    """
    if len(lines) < _MIN_FIXED_LINES or any("\t" in line for line in lines):
        return []
    used = bytearray(max(map(len, lines)))
    for line in lines:
        for position, character in enumerate(line):
            if character != " ":
                used[position] = 1
    starts = [position for position, on in enumerate(used) if on and (position == 0 or not used[position - 1])]
    if len(starts) < 2 or 2 * sum(1 for line in lines if line[starts[1] :].strip()) <= len(lines):
        return []  # a line of text below a table is not its second column
    bounds = list(zip(starts, [*starts[1:], len(used)], strict=True))
    if lines[0][starts[-1] :].strip():
        # Words may happen to be aligned in a column; below a header, a column has a name.
        starts = [start for start, stop in bounds if start == starts[0] or lines[0][start:stop].strip()]
    return [(start, stop) for start, stop in zip(starts, [*starts[1:], len(used) + 1_000_000], strict=True)]


def find_decimal(rows: list[list[str]], delimiter: Delimiter) -> Decimal:
    """Return ``,`` if cells such as ``1,5`` outnumber cells such as ``1.5`` in ``rows``.

    If the delimiter is a comma, only quoted cells can contain one, and each column is judged separately. With other
    delimiters, ``1,234`` alone is ambiguous: it is a thousand between tabs, and has a decimal comma otherwise.
    """
    if delimiter == ",":
        return "."
    cells = [cell.strip() for row in rows for cell in row]
    tabbed = delimiter == "\t"
    commas = sum(1 for cell in cells if _COMMA.fullmatch(cell) and not (tabbed and _GROUPED.fullmatch(cell)))
    points = sum(1 for cell in cells if _POINT.fullmatch(cell) and not _GROUPED.fullmatch(cell.replace(".", ",")))
    return "," if commas > points else "."
