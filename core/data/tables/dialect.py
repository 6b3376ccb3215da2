"""How a text table is written: what separates its cells, and which sign stands before the decimals."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from typing import Final, Literal, NamedTuple, TypeAlias

Delimiter: TypeAlias = Literal[",", ";", "\t", "|", "blank", "fixed", "none"]
"""A character, runs of blanks, columns of fixed width, or nothing (one column only)."""

Decimal: TypeAlias = Literal[".", ","]

SAMPLE: Final = 65_536
"""Characters from which delimiter and decimal sign are judged."""

_JUDGED_ROWS: Final = 50
_MAX_TITLES: Final = 10
_CHARACTERS: Final[tuple[Delimiter, ...]] = ("\t", ";", "|", ",")
"""In this order where several cut every row into as many cells: commas occur in text and numbers, tabs nowhere."""

_SEPARATOR_LINE: Final = re.compile(r'"?sep=(.)"?[;,\t|]*')
_COMMA: Final = re.compile(r"[+-]?\d+,\d+")
_POINT: Final = re.compile(r"[+-]?\d*\.\d+")
_GROUPED: Final = re.compile(r"[+-]?[1-9]\d{0,2},\d{3}")
_WORD: Final = re.compile(r'"(?:[^"]|"")*"|\S+')
_TWO_BLANKS: Final = re.compile(r"\S {2,}\S")
_MIN_FIXED_LINES: Final = 4


class _Fit(NamedTuple):
    """How well a delimiter fits: higher is better."""

    tier: int
    delimiter: Delimiter
    width: int


def separator_line(line: str) -> Delimiter | None:
    """Return the delimiter that Excel's first line ``sep=;`` names, if ``line`` is one."""
    match = _SEPARATOR_LINE.fullmatch(line.strip("\ufeff \r") or "")
    character = match[1] if match else ""
    return next((each for each in _CHARACTERS if each == character), None)


def find_delimiter(lines: list[str]) -> Delimiter:
    """Return what separates the cells in ``lines``, the beginning of a table without blank and comment lines."""
    judged = lines[: _JUDGED_ROWS + _MAX_TITLES]
    if _is_decimal_column(judged):
        return "none"
    fits = [fit for each in _CHARACTERS if (fit := _fit(each, cut(judged, each))).width > 1]
    blank = _fit("blank", cut(judged, "blank"))
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
    """Tier 3: every row has as many cells; 2: but for titles, or for R's header, above; 1: most have; 0: fewer."""
    widths = [len(row) for row in rows] or [1]
    width, count = max(Counter(widths).items(), key=lambda item: (item[1], item[0]))
    if width == 1 and max(widths) > 1:
        width, count = max(Counter(each for each in widths if each > 1).items(), key=lambda item: (item[1], item[0]))
    titles = next((place for place, each in enumerate(widths) if each > 1), 0)
    if count == len(widths):
        return _Fit(3, delimiter, width)
    if count == len(widths) - 1 > 1 and widths[0] == width - 1 > 1:
        return _Fit(2, delimiter, width)
    if 0 < titles <= _MAX_TITLES and count == len(widths) - titles:
        return _Fit(2, delimiter, width)
    return _Fit(1 if 5 * count >= 3 * len(widths) else 0, delimiter, width)


def _is_decimal_column(lines: list[str]) -> bool:
    """Return whether there is one column only, of numbers with decimal commas, below its name."""
    return len(lines) > 1 and "," not in lines[0] and all(_COMMA.fullmatch(line.strip()) for line in lines[1:])


def _cells_hold_runs(lines: list[str]) -> bool:
    """Return whether most lines hold runs of blanks between their tabs, as tables of fixed width with one tab do."""
    return 2 * sum(1 for line in lines if _TWO_BLANKS.search(line)) > len(lines)


def cut(lines: list[str], delimiter: str) -> list[list[str]]:
    """Return the cells of ``lines``, as far as they can be told without strictness."""
    if delimiter == "blank":
        return [words(line) for line in lines]
    if delimiter in ("none", "fixed"):
        return [[line] for line in lines]
    try:
        return list(csv.reader(io.StringIO("\n".join(lines)), delimiter=delimiter, skipinitialspace=True))
    except csv.Error:
        # An unclosed quote may swallow the sample; the strict reading that follows names the place.
        return [lines[0].split(delimiter)]


def words(line: str) -> list[str]:
    """Return the cells of ``line`` that runs of blanks separate; quotes hold a cell with blanks together."""
    if '"' not in line:
        return line.split()
    found: list[str] = _WORD.findall(line)
    return [word[1:-1].replace('""', '"') if len(word) > 1 and word[0] == word[-1] == '"' else word for word in found]


def fixed_columns(lines: list[str]) -> list[tuple[int, int]]:
    """Return (start, stop) of the columns that are apart in every line; empty if there are not at least two.

    The last one has no end: it may be wider further down.
    """
    if len(lines) < _MIN_FIXED_LINES or any("\t" in line for line in lines):
        return []
    used = bytearray(max(map(len, lines)))
    for line in lines:
        for place, character in enumerate(line):
            if character != " ":
                used[place] = 1
    starts = [place for place, on in enumerate(used) if on and (place == 0 or not used[place - 1])]
    if len(starts) < 2:
        return []
    return [(start, stop) for start, stop in zip(starts, [*starts[1:], len(used) + 1_000_000], strict=True)]


def find_decimal(rows: list[list[str]], delimiter: Delimiter) -> Decimal:
    """Return ``,`` where cells of ``rows`` such as ``1,5`` outnumber cells such as ``1.5``.

    Between commas only quoted cells can hold one, and each column tells by itself. In a table with tabs, ``1,234`` alone
    tells nothing and is taken as a thousand (English tables have commas in cells).
    """
    if delimiter == ",":
        return "."
    cells = [cell.strip() for row in rows for cell in row]
    tabbed = delimiter == "\t"
    commas = sum(1 for cell in cells if _COMMA.fullmatch(cell) and not (tabbed and _GROUPED.fullmatch(cell)))
    points = sum(1 for cell in cells if _POINT.fullmatch(cell) and not _GROUPED.fullmatch(cell.replace(".", ",")))
    return "," if commas > points else "."
