"""Break lines of Python that are too long for a picture at tokens, with a hanging indentation."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from playground.code_view.tokens import Kind, Token, tokens

MIN_COLUMNS: Final = 12
HANGING: Final = 4
"""Number of columns by which continued statements are indented further."""

MAX_INDENT: Final = 1 / 3
"""Largest indentation of a continuation, as a fraction of the columns."""

MIN_FILLED: Final = 0.45
"""Smallest part of a row that must be filled for a break at a better place."""

_AFTER: Final = frozenset("([{=+-*/,:")
_BEFORE: Final = frozenset(".)]}")


class Span(NamedTuple):
    """A part of a row in one colour.

    Attributes:
        column: where it begins.
        text: its characters.
        kind: what it is; ``None`` for plain code.
    """

    column: int
    text: str
    kind: Kind | None


Row = tuple[Span, ...]


def columns_of(text: str) -> int:
    """Return how many columns of a monospaced font ``text`` needs; most Chinese and Japanese characters need two."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def rows_of(lines: Sequence[str], columns: int) -> list[list[Row]]:
    """Return the rows of each line, none wider than ``columns``.

    Only blanks at breaks are left out; a line without a break may be wider if it has a single wide character.
    """
    columns = max(columns, MIN_COLUMNS)
    found, inside = [], False
    for line in lines:
        is_text = inside or line.lstrip().startswith('"""')
        parts, inside = tokens(line, in_docstring=inside)
        found.append(list(_rows(line, parts, columns, is_text=is_text)))
    return found


def _rows(line: str, parts: Sequence[Token], columns: int, *, is_text: bool) -> Iterator[Row]:
    kinds: list[Kind | None] = [None] * len(line)
    for part in parts:
        kinds[part.start : part.start + part.length] = [part.kind] * part.length
    own = len(line) - len(line.lstrip(" "))
    deeper = 0 if is_text else 2 if line[own : own + 1] == "#" else HANGING
    hanging = min(own + deeper, int(columns * MAX_INDENT))
    start, indent = own, min(own, int(columns * MAX_INDENT)) if columns_of(line) > columns else own
    while True:
        stop = _break(line, kinds, start, columns - indent)
        yield tuple(_spans(line, kinds, start, stop, indent))
        start = stop + len(line[stop:]) - len(line[stop:].lstrip(" "))
        indent = hanging
        if start >= len(line):
            return


def _break(line: str, kinds: Sequence[Kind | None], start: int, room: int) -> int:
    """Return where the row that begins at ``start`` ends: at the best place in its second half, else at its end."""
    limit, used = start, 0
    while limit < len(line) and used + columns_of(line[limit]) <= room:
        used += columns_of(line[limit])
        limit += 1
    if not line[limit:].strip():
        return len(line)
    limit = max(limit, start + 1)
    first = start + max(int(MIN_FILLED * (limit - start)), 1)
    ranked = [(_rank(line, kinds, place), -place) for place in range(first, limit + 1)]
    return -min(ranked)[1]


def _rank(line: str, kinds: Sequence[Kind | None], place: int) -> int:
    """Return how bad a break before the character at ``place`` is: between arguments, words, tokens, or inside one."""
    before, after = line[place - 1], line[place]
    is_prose = kinds[place - 1] in ("comment", "heading")
    in_string = kinds[place - 1] == kinds[place] == "string" or (before == " " and kinds[place - 1] == "string")
    if after == " " or (before == " " and not in_string):
        if is_prose:
            return 1
        end = line[:place].rstrip(" ")
        return 3 if in_string else 0 if end.endswith(",") else 1
    if in_string or is_prose or (kinds[place] is not None and kinds[place] == kinds[place - 1]):
        return 4
    if (before.isalnum() or before == "_") and (after.isalnum() or after == "_"):
        return 4
    return 2 if before in _AFTER or after in _BEFORE else 3


def _spans(line: str, kinds: Sequence[Kind | None], start: int, stop: int, indent: int) -> Iterator[Span]:
    """Yield the parts of one row without blanks at their ends."""
    while start < stop:
        end = start
        while end < stop and kinds[end] == kinds[start]:
            end += 1
        text = line[start:end]
        bare = text.lstrip(" ")
        if bare.strip():
            yield Span(indent + columns_of(text) - columns_of(bare), bare.rstrip(), kinds[start])
        indent += columns_of(text)
        start = end
