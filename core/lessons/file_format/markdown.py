"""The Markdown of lessons: its parser, and the live numbers, links, images and formulas in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, Final, Literal

from msgspec import Struct

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

LIVE_NUMBER: Final = re.compile(r"\{\{([^{}\n]*)\}\}")
"""A live number in the text, such as ``{{gradient_ratio(1, last)}}``; group 1 is the measurement."""


@cache
def parser() -> MarkdownIt:
    """Return the parser of all lessons: CommonMark with tables and formulas between dollar signs, without HTML."""
    from markdown_it import MarkdownIt  # imported late: only lessons need it
    from mdit_py_plugins.dollarmath import dollarmath_plugin

    plain = MarkdownIt("commonmark", {"html": False}).enable("table")
    return plain.use(dollarmath_plugin, allow_labels=False, allow_digits=False, double_inline=True)


class Reference(Struct, frozen=True):
    """A link or an image.

    Attributes:
        kind: whether it is a link or an image.
        target: the address.
        line: line in the parsed text, from 0.
    """

    kind: Literal["link", "image"]
    target: str
    line: int


def references(tokens: list[Token]) -> Iterator[Reference]:
    """Yield the links and images in ``tokens``."""
    for token in tokens:
        line = token.map[0] if token.map else 0
        for child in token.children or ():
            if child.type in ("softbreak", "hardbreak"):
                line += 1
            elif child.type == "link_open":
                yield Reference("link", str(child.attrGet("href") or ""), line)
            elif child.type == "image":
                yield Reference("image", str(child.attrGet("src") or ""), line)


def formulas(text: str) -> Iterator[str]:
    """Yield the LaTeX of each formula in the Markdown ``text``."""
    for token in parser().parse(text):
        for each in (token, *(token.children or ())):
            if each.type.startswith("math_"):
                yield each.content
