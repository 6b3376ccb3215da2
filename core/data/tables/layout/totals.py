"""Find rows of totals at the end of a table, which are not samples."""

from __future__ import annotations

import re
from typing import Final

import numpy as np

from core.data.tables.cells.numbers import is_number, parse_numbers
from core.data.tables.layout import dialect
from core.data.tables.limits import MAX_COLUMNS, MAX_MAGNITUDE

_MAX_TOTALS: Final = 3
_MIN_ROWS: Final = 3
_LABEL: Final = re.compile(
    r"(?:grand |sub)?totals?|sums?|overall|average|mean|(?:gesamt)?summe|gesamt|insgesamt|durchschnitt|mittelwert|"
    r"total g[eé]n[eé]ral|ensemble|somme|moyenne|suma|media|totale|somma|razem|celkem|összesen|итого|всего|合计|总计|合計",
    re.IGNORECASE,
)


def without_totals(lines: list[str], first: int, character: str) -> tuple[list[str], int]:
    """Return ``lines`` without the rows of totals at the end, and their number.

    The first cell of such a row says so, and a number in it is the sum or the mean of the column above.

    Args:
        lines: all lines.
        first: index of the first line of the table.
        character: the delimiter.
    """
    count = 0
    for _ in range(_MAX_TOTALS):
        last = next(
            (index for index in range(len(lines) - 1, first, -1) if lines[index].strip(f"{character} \t")), first
        )
        if last == first or not _is_total(lines, first, last, character):
            break
        lines, count = lines[:last], count + 1
    return lines, count


def _is_total(lines: list[str], first: int, last: int, character: str) -> bool:
    total = [cell.strip() for cell in dialect.cut([lines[last]], character)[0]]
    if not _is_labelled(total) or not any(map(is_number, total)):
        return False
    if any(line.count(character) > MAX_COLUMNS for line in lines[first:last]):
        return False  # millions of cells would take gigabytes
    cut = dialect.cut(lines[first:last], character)
    rows = [row for row in cut if len(row) == len(total) and not _is_labelled(row)]
    return any(_is_sum(total[column], [row[column].strip() for row in rows]) for column in range(len(total)))


def _is_labelled(row: list[str]) -> bool:
    """Return whether the first cell that is not empty says that ``row`` is a total."""
    label = next((cell.strip() for cell in row if cell.strip()), "")
    return _LABEL.fullmatch(label.rstrip(": ")) is not None


def _is_sum(total: str, cells: list[str]) -> bool:
    """Return whether ``total`` is the sum or the mean of the numbers in ``cells``, up to rounding."""
    for decimal in (".", ","):
        *values, found = parse_numbers([*cells, total], decimal).values
        known = np.array(values)[~np.isnan(values)]
        usable = len(known) >= _MIN_ROWS and not np.isnan(found)
        if usable and max(np.abs(known).max(), abs(found)) <= MAX_MAGNITUDE:
            tolerance = 0.005 * abs(found) + 1e-9
            if abs(known.sum() - found) <= tolerance or abs(known.mean() - found) <= tolerance:
                return True
    return False
