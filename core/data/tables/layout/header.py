"""Detect the head of a table: title lines, the header with the column names in one or two lines, and a line of units."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from typing import TYPE_CHECKING, Final, NamedTuple

from msgspec import Struct, field

from core.data.tables.cells.missing import MISSING, MISSING_AMONG_NUMBERS
from core.data.tables.cells.numbers import is_number, parse_numbers
from core.data.tables.layout.grouped_header import joined_header
from core.data.tables.limits import MAX_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Iterable

JUDGED_ROWS: Final = 200
"""Number of rows below the first one used to detect a header."""

_MAX_TITLES: Final = 10
_MIN_NAMES: Final = 4
"""Minimum number of names below lines of two cells, such as ``Last updated,2024``, for these to be titles."""

_MAX_UNIT: Final = 14
_YEARS: Final = (1000.0, 2999.0)
_DATE_OR_TIME: Final = re.compile(r"\d{1,4}([-/.])\d{1,2}\1\d{1,4}|\d{1,2}:\d{2}|[A-Za-z]\w*[:=][+-]?\d")
"""A date, a time, or a value with a label, such as ``T=21.5``."""

_DIGITS: Final = re.compile(r"\d+(?:[.,]\d+)*")
_DATE_FORMAT: Final = re.compile(r"\[?[dtjmyahs]{1,4}([-./: ][dtjmyahs]{1,4}){1,5}\]?", re.IGNORECASE)
_ANSWER_KINDS: Final = frozenset({"Response", "Open-Ended Response", "Other (please specify)"})
"""What SurveyMonkey writes below the questions."""

_LOGGERS: Final = frozenset({"TOA5", "TOACI1"})
"""How tables of Campbell data loggers begin."""

_NO_UNITS: Final = frozenset({"TS", "RN"})
"""What they write in the line of units for a time stamp and a record number."""

_MIN_ROWS_OF_NUMBERS: Final = 10
_MADE_UP_NAME: Final = "column {}"
_NUMBER: Final = re.compile(r"[+-]?(\d+([.,]\d*)?|[.,]\d+)([eE][+-]?\d+)?")


class Head(Struct, frozen=True):
    """The lines above the first row of data.

    Attributes:
        names: distinct names of the columns.
        unnamed: indices of the columns without a name in the file.
        units: unit of each column from a line of units; empty for none.
        skipped: number of rows in the head: titles, header and units.
        header: whether there is a header line with names.
        notes: sentences about adjustments made while reading.
    """

    names: tuple[str, ...]
    unnamed: frozenset[int]
    units: tuple[str, ...]
    skipped: int
    header: bool
    notes: tuple[str, ...] = field(default=())


def read_head(rows: list[list[str]], header: bool | None) -> Head:  # noqa: FBT001 - what the user chose, if anything
    """Return the head of the table that starts with ``rows``.

    Args:
        rows: the first nonblank rows.
        header: whether there is a header line with names; ``None`` to detect it.
    """
    rows = [[cell.strip() for cell in row] for row in rows[: JUDGED_ROWS + _MAX_TITLES]]
    titles = _titles(rows)
    body = rows[titles:]
    settings = _lines_of_settings(body) if header is None else None
    if settings is not None:
        body = settings.rows
        titles += settings.titles
    notes = [f"{_lines(titles, 'title line')} above the header skipped." if titles else ""]
    joined = None if header is False else joined_header(body)
    named = (joined is not None or not looks_like_data(body[0], body[1:])) if header is None else header
    if not named:
        width = max(Counter(map(len, body)).items(), key=lambda item: item[1])[0]
        names = tuple(f"x{number}" for number in range(1, width + 1))
        notes.append("The first line looks like data, so the columns are named x1, x2, …" if header is None else "")
        return Head(names, frozenset(), ("",) * width, titles, header=False, notes=_nonempty(notes))
    cells, lines = (body[0], 1) if joined is None else joined
    below = body[lines:]
    if joined is not None:
        example = next((name for name in cells if not any(name in row for row in body[:lines])), cells[0])
        notes.append(f"Two lines of names were joined, as in “{example}”.")
    if below and all(len(row) == len(cells) + 1 for row in below) and all(row[-1] for row in below):
        cells = ["", *cells]  # R writes no name above the column of row names
    explained = _explanations(below) if settings is None else settings.explanations
    below = below[explained:]
    logged = bool(titles) and rows[0][0] in _LOGGERS and len(below) > 1  # below the units, how values were obtained
    units = _logged_units(below[0]) if logged and len(below[0]) == len(cells) else _units(cells, below)
    names, unnamed, renamed = _distinct(cells)
    if units:
        notes.append("The line below the header was read as units.")
    if explained:
        notes.append(f"{_lines(explained, 'line')} of explanations below the header skipped.")
    skipped = titles + lines + explained + bool(units) + logged
    return Head(names, unnamed, units or ("",) * len(names), skipped, header=True, notes=_nonempty([*notes, *renamed]))


def _logged_units(cells: list[str]) -> tuple[str, ...]:
    return tuple("" if cell in _NO_UNITS else cell for cell in cells)


def _lines(count: int, noun: str) -> str:
    return f"1 {noun}" if count == 1 else f"{count} {noun}s"


def _explanations(below: list[list[str]]) -> int:
    """Return the number of lines below the header that online surveys add: the questions and an import key, or answer kinds."""
    for index, row in enumerate(below[:3]):
        if any(cell.startswith('{"ImportId"') for cell in row):  # Qualtrics
            return index + 1
    kinds = {cell for cell in below[0] if cell} if below else set()
    return int(bool(kinds) and not below[0][0] and kinds <= _ANSWER_KINDS)


class _Settings(NamedTuple):
    """Lines of a name and a value, such as ``Unit,Volt``, around the header: their numbers, and the rows from the header on."""

    titles: int
    explanations: int
    rows: list[list[str]]


def _lines_of_settings(rows: list[list[str]]) -> _Settings | None:
    """Find lines of settings above numbers in a table of two columns; the header is the first or the last of them.

    ``None`` unless there are several, above at least ten rows.
    """
    if any(len(row) != 2 for row in rows):
        return None
    above = next((index for index in range(len(rows) - 1, -1, -1) if not _is_number_cell(rows[index][1])), -1) + 1
    if above < 3 or len(rows) - above < max(_MIN_ROWS_OF_NUMBERS, above):
        return None
    texts = sum(1 for row in rows[:above] if _number(row[1]) is None)
    if 2 * texts < above or len({row[0] for row in rows[:above]}) < above:
        return None
    last = rows[above - 1]
    if all(last) and _number(last[1]) is None and all(_is_number_cell(row[0]) for row in rows[above:]):
        return _Settings(above - 1, 0, rows[above - 1 :])
    return _Settings(0, above - 1, rows)


def _is_number_cell(cell: str) -> bool:
    return (cell in MISSING_AMONG_NUMBERS and cell != "") or _number(cell) is not None


def _nonempty(notes: list[str]) -> tuple[str, ...]:
    return tuple(note for note in notes if note)


def _titles(rows: list[list[str]]) -> int:
    """Return the number of title rows at the top: a single text, or a text and its value, above rows of more cells."""
    if rows[0][0] in _LOGGERS and len(rows) > 1:
        return 1
    rows = [_without_repetitions(row) if index < _MAX_TITLES else row for index, row in enumerate(rows)]
    filled = [sum(map(bool, row)) for row in rows]
    above = next((index for index, cells in enumerate(filled[:_MAX_TITLES]) if cells > 2), 0)
    for index in range(above + 1):
        if joined_header(rows[index:]) is not None:
            return index
    count = next((index for index, cells in enumerate(filled) if cells > 1), 0)
    pairs = next((index for index, cells in enumerate(filled) if cells > 2), 0)
    if count < pairs <= _MAX_TITLES and filled[pairs] >= _MIN_NAMES and _is_header_below(rows, pairs):
        return pairs
    if _is_title_of_fewer_cells(rows):
        return 1
    if not 0 < count <= _MAX_TITLES:
        return 0
    alone = all(row[0] and _number(row[0]) is None for row in rows[:count])
    # A row with only the first name is a header if the first cells below are filled: "a,," above "1,2,3".
    return count if alone and (_is_header_below(rows, count) or all(len(row) == 1 for row in rows[:count])) else 0


def _is_title_of_fewer_cells(rows: list[list[str]]) -> bool:
    """Return whether the first row is a title that contains a delimiter, and the second one a header of more cells."""
    if len(rows) < 4 or not 1 < len(rows[0]) < len(rows[1]) or not all(rows[1]) or _number(rows[0][0]) is not None:
        return False
    names, below = rows[1], [row for row in rows[2:] if len(row) == len(rows[1])]
    if any(is_number(name) or name in MISSING_AMONG_NUMBERS for name in names) or not below:
        return False
    return any(_is_number_column(below, column) for column in range(min(len(names), MAX_COLUMNS)))


def _without_repetitions(row: list[str]) -> list[str]:
    """Return ``row`` with a single text if it is repeated in all cells, as a title in merged cells is."""
    return [row[0], *[""] * (len(row) - 1)] if len(row) > 2 and len(set(row)) == 1 else row


def _is_header_below(rows: list[list[str]], titles: int) -> bool:
    """Return whether the first rows are titles, all of texts, and the row below them is a header."""
    alone = all(row[0] and _number(row[0]) is None for row in rows[:titles])
    return alone and len(rows) > titles + 1 and not looks_like_data(rows[titles], rows[titles + 1 :])


def looks_like_data(names: list[str], below: list[list[str]]) -> bool:
    """Return whether the first row is data: numbers that cannot be names, or texts that recur below.

    Increasing integers (years, pixels) can be names; a single integer only if it is a year or 0. A date, a time or a number
    with a unit is data if all cells below it are written in the same way.
    """
    if _is_written_as_below(names, below):
        return True
    numbers = [number for number in map(_number, names) if number is not None]
    texts = [(column, name) for column, name in enumerate(names) if name and _number(name) is None]
    again = sum(1 for column, name in texts if any(len(row) > column and row[column] == name for row in below))
    recur = len(texts) > 1 and 2 * again > len(texts)
    if numbers and not recur:
        whole = all(number.is_integer() for number in numbers)
        rising = all(low < high for low, high in itertools.pairwise(numbers))
        low, high = _YEARS
        single = len(numbers) == 1 and len(names) > 1 and not (low <= numbers[0] <= high or numbers[0] == 0)
        return not (whole and rising) or (single and _is_number_column(below, names.index(_text_of(names))))
    return recur


def _is_written_as_below(names: list[str], below: list[list[str]]) -> bool:
    """Return whether one of ``names`` is a date, a time or a number with a unit, as all cells below it are.

    Increasing numbers with units (``10%``, ``50%``, ``90%``) can be names.
    """
    dates = [column for column, name in enumerate(names) if _DATE_OR_TIME.match(name)]
    others = [column for column, name in enumerate(names) if _number(name) is None and is_number(name)]
    values = parse_numbers([names[column] for column in others], ".").values
    if len(values) > 1 and (values[1:] > values[:-1]).all():
        others = []
    return any(
        _has_form(names[column], (row[column] for row in below if len(row) > column)) for column in dates + others
    )


def _has_form(name: str, cells: Iterable[str]) -> bool:
    """Return whether there are several ``cells``, and all differ from ``name`` in their digits only."""
    given = [cell for cell in cells if cell not in MISSING_AMONG_NUMBERS]
    return len(given) > 1 and {_DIGITS.sub("0", cell) for cell in given} == {_DIGITS.sub("0", name)}


def _text_of(names: list[str]) -> str:
    """Return the single name that is a number."""
    return next(name for name in names if _number(name) is not None)


def _is_number_column(rows: list[list[str]], column: int) -> bool:
    cells = [row[column] for row in rows if len(row) > column and row[column] not in MISSING_AMONG_NUMBERS]
    return len(cells) > 0 and all(_number(cell) is not None or is_number(cell) for cell in cells)


def _number(text: str) -> float | None:
    return float(text.replace(",", ".")) if _NUMBER.fullmatch(text) else None


def _units(names: list[str], below: list[list[str]]) -> tuple[str, ...]:
    """Return the units in the first row below the header; empty if that row is data.

    It contains units if there is no number in any numeric column, a short text in most of them, and no other text that
    recurs below.
    """
    if len(below) < 3 or len(below[0]) != len(names):
        return ()
    row, rest = below[0], below[1:]
    if any(_number(cell) is not None for cell in row):
        return ()
    numeric = [column for column in range(min(len(names), MAX_COLUMNS)) if _is_number_column(rest, column)]
    units = [row[column] for column in numeric]
    if not units or any(_number(unit) is not None or len(unit) > _MAX_UNIT for unit in units):
        return ()
    given = [unit for unit in units if unit and unit not in MISSING and unit not in MISSING_AMONG_NUMBERS]
    if 2 * len(given) <= len(units) or 2 * sum(map(is_number, given)) >= len(given):  # "5 km/h" is a number
        return ()
    others = [column for column in range(len(names)) if column not in set(numeric) and row[column]]
    if any(any(len(each) > column and each[column] == row[column] for each in rest) for column in others):
        return ()
    if not all(_may_be_unit_of_text(row[column]) for column in others):
        return ()
    return tuple("" if unit in MISSING_AMONG_NUMBERS else unit.strip("[]() ") for unit in row)


def _may_be_unit_of_text(unit: str) -> bool:
    """Return whether ``unit`` may be below the name of a column of texts or dates: nothing, a few letters, ``dd.mm.yyyy``."""
    return unit in MISSING_AMONG_NUMBERS or len(unit) <= 3 or _DATE_FORMAT.fullmatch(unit) is not None


def _distinct(cells: list[str]) -> tuple[tuple[str, ...], frozenset[int], list[str]]:
    """Return a distinct name for each column, the indices of unnamed columns, and a note for each renamed one."""
    unnamed = frozenset(column for column, text in enumerate(cells) if not text)
    given = [text or _MADE_UP_NAME.format(column + 1) for column, text in enumerate(cells)]
    taken = set(given)
    seen: set[str] = set()
    names: list[str] = []
    twice: dict[str, list[str]] = {}
    for text in given:
        name, number = text, 2
        while name in seen or (name != text and name in taken):
            name, number = f"{text} ({number})", number + 1
        if name != text:
            twice.setdefault(text, []).append(f"“{name}”")
        seen.add(name)
        names.append(name)
    notes = [
        f"{len(others) + 1} columns are named “{text}”; they were renamed to {', '.join(others[:5])}."
        for text, others in itertools.islice(twice.items(), 5)
    ]
    return tuple(names), unnamed, notes
