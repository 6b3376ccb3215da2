"""Divide a line of Python into comments, strings, numbers and words, for colouring."""

from __future__ import annotations

import builtins
import keyword
import re
from collections.abc import Iterator
from typing import Final, Literal, NamedTuple, TypeAlias

from PySide6.QtGui import QColor

from playground.style.contrast import readable
from playground.style.theme import Theme

Kind: TypeAlias = Literal["comment", "string", "number", "keyword", "builtin", "name", "heading"]

MAX_SHOWN: Final = 200
"""Maximum length of a line; longer ones hold packed samples and are truncated."""

KEPT: Final = 60
"""Number of characters shown of a truncated line."""

_TOKEN: Final = re.compile(
    r"(?P<comment>\#.*)"
    r"|(?P<string>\"\"\".*?(?:\"\"\"|$)|\"(?:[^\"\\]|\\.)*\"?|'(?:[^'\\]|\\.)*'?)"
    r"|(?P<number>(?<![\w.])\d+(?:\.\d*)?(?:e[+-]?\d+)?)"
    r"|(?P<word>[^\W\d]\w*)"
)
_BUILTINS: Final = frozenset(name for name in dir(builtins) if name.islower())


class Token(NamedTuple):
    """A coloured part of a line.

    Attributes:
        start: index of its first character.
        length: number of characters.
        kind: what it is.
    """

    start: int
    length: int
    kind: Kind


def tokens(line: str, *, in_docstring: bool) -> tuple[list[Token], bool]:
    """Return the coloured parts of ``line``, and whether a docstring continues on the next line."""
    if in_docstring:
        end = line.find('"""')
        if end < 0:
            return [Token(0, len(line), "comment")], True
        found, inside = tokens(line[end + 3 :], in_docstring=False)
        return [Token(0, end + 3, "comment"), *(each._replace(start=each.start + end + 3) for each in found)], inside
    return list(_tokens(line)), line.count('"""') % 2 == 1


def _tokens(line: str) -> Iterator[Token]:
    before = ""
    for match in _TOKEN.finditer(line):
        kind, text = match.lastgroup, match.group()
        if kind == "comment":
            yield Token(match.start(), len(text), "heading" if line.startswith("# -- ") else "comment")
        elif kind == "string":
            yield Token(match.start(), len(text), "comment" if text.startswith('"""') else "string")
        elif kind == "number":
            yield Token(match.start(), len(text), "number")
        elif keyword.iskeyword(text):
            yield Token(match.start(), len(text), "keyword")
        elif before in ("def", "class"):
            yield Token(match.start(), len(text), "name")
        elif text in _BUILTINS and line[match.start() - 1 : match.start()] != ".":
            yield Token(match.start(), len(text), "builtin")
        before = text


def colour_of(kind: Kind, theme: Theme) -> QColor:
    """Return the colour of ``kind``, which is never one of the sign colours."""
    first = theme.layer_anchors[:3]
    violet, indigo, blue = (QColor(readable(each, theme.ink, theme.grounds)) for each in first)
    colours = {
        "comment": QColor(theme.muted),
        "heading": QColor(theme.ink),
        "string": blue,
        "number": blue,
        "keyword": QColor(theme.accent),
        "builtin": indigo,
        "name": violet,
    }
    return colours[kind]


def is_bold(kind: Kind) -> bool:
    """Return whether ``kind`` is set in bold type."""
    return kind in ("heading", "name")


def shown_line(line: str) -> str:
    """Return ``line`` as displayed: packed samples are truncated, with a note that copies and files contain them all."""
    if len(line) <= MAX_SHOWN:
        return line
    closing = '"' if line.rstrip().endswith('"') else ""
    thousands = f"{len(line):,}".replace(",", "\u2009")
    return f"{line[:KEPT]}…{closing}  # {thousands} characters: complete when copied or saved"
