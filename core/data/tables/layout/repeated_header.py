"""Find lines that repeat the header within a table, as in listings with a header on each page."""

from __future__ import annotations

from typing import Final

from core.data.tables.cells.missing import MISSING_AMONG_NUMBERS
from core.data.tables.cells.numbers import is_number
from core.data.tables.layout import dialect

_JUDGED: Final = 50


def without_repeated_headers(lines: list[str], first: int, character: str) -> tuple[list[str], int]:
    """Return ``lines`` in which those that repeat the header are blank, and the number of these.

    A line that recurs is a header only if it has a text above a column of numbers, because rows may recur, too.

    Args:
        lines: all lines.
        first: index of the first line of the table.
        character: the delimiter.
    """
    header = next((index for index in range(first, len(lines)) if lines[index].strip(f"{character} \t")), None)
    if header is None:
        return lines, 0
    text = lines[header]
    count = lines.count(text) - 1
    if count < 1 or text.count('"') % 2 or not _is_header(lines, header, character):
        return lines, 0
    kept = [line if line != text or index <= header else "" for index, line in enumerate(lines)]
    return kept, count


def _is_header(lines: list[str], header: int, character: str) -> bool:
    """Return whether the line at index ``header`` has a text above a column in which all other cells are numbers."""
    text = lines[header]
    below = [line for line in lines[header + 1 : header + 4 * _JUDGED] if line != text and line.strip()][:_JUDGED]
    names, *rows = [[cell.strip() for cell in row] for row in dialect.cut([text, *below], character)] or [[]]
    rows = [row for row in rows if len(row) == len(names)]
    return any(_is_text(name) and _are_numbers([row[column] for row in rows]) for column, name in enumerate(names))


def _is_text(cell: str) -> bool:
    return cell not in MISSING_AMONG_NUMBERS and not is_number(cell)


def _are_numbers(cells: list[str]) -> bool:
    given = [cell for cell in cells if cell not in MISSING_AMONG_NUMBERS]
    return len(given) > 0 and all(map(is_number, given))
