"""Find notes below a table, such as its source, which are separated from it by an empty line."""

from __future__ import annotations

import re
from typing import Final

from core.data.tables.layout import dialect

_MAX_NOTES: Final = 20
_MIN_WIDTH: Final = 3
"""Minimum number of columns: in narrower tables, a line with one cell may be a row."""

_MAX_DELIMITERS: Final = 100
_QUOTE: Final = '"'
_NO_NUMBER: Final = re.compile(r"[^\d\"]")
_MAX_JUDGED: Final = 200
"""Number of characters of a note that are searched, because a long run of letters would take quadratic time."""

_SOURCE: Final = re.compile(r"\"?[^\W\d_]{4,}: ")
"""The beginning of ``Source: …`` and the like."""

_SENTENCE: Final = re.compile(r"[^\W\d_]{2,}:?,? +\S")


def end_of_table(lines: list[str], first: int, character: str) -> tuple[int, int]:
    """Return the index of the first line below the table, and the number of notes there; ``len(lines)`` and 0 for none.

    Notes are lines with text in the first cell only, below an empty line, at the end of a table of three or more columns;
    of two columns if one begins like ``Source: …``.
    Without an empty line, or below two columns, they have no delimiter at all, and one is a sentence.

    Args:
        lines: all lines.
        first: index of the table's first line.
        character: the delimiter.
    """
    blank = f"{character} \t"
    notes, widest, gap = 0, 0, 0
    bare, sentence, source = True, False, False
    for index in range(len(lines) - 1, first, -1):
        line = lines[index].rstrip(blank)
        if not line:
            gap = index if notes else 0
            continue
        if not _is_note(line, character):
            width = _width(line, character)
            if bare and sentence and notes and width > 1:
                return index + 1, notes
            least = 2 if source else _MIN_WIDTH
            return (gap, notes) if gap and width >= least and widest < width else (len(lines), 0)
        notes, widest, gap = notes + 1, max(widest, _width(line, character)), 0
        bare = bare and character not in lines[index] and _NO_NUMBER.match(line) is not None
        source = source or _SOURCE.match(line[:_MAX_JUDGED]) is not None
        sentence = sentence or _SENTENCE.search(line[:_MAX_JUDGED]) is not None
        # An odd number of quotes: this may be the end of a cell that contains line ends.
        if notes > _MAX_NOTES or line.count(_QUOTE) % 2:
            break
    return len(lines), 0


def _is_note(line: str, character: str) -> bool:
    """Return whether ``line`` has one cell, or is a sentence in which a blank follows each delimiter."""
    if line.startswith(character) or line.count(character) > _MAX_DELIMITERS:
        return False
    return _width(line, character) == 1 or line.count(character) == line.count(f"{character} ")


def _width(line: str, character: str) -> int:
    """Return the number of cells; of a line with many, their number without regard to quotes, which takes no memory."""
    if line.count(character) > _MAX_DELIMITERS:
        return line.count(character) + 1
    return len(dialect.cut([line], character)[0])
