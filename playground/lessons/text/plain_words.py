"""Convert the Markdown of a lesson to plain text, for accessible names and for labels without markup."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from core.lessons.file_format.markdown import LIVE_NUMBER, parser
from playground.style.formula_words import formula_in_words

if TYPE_CHECKING:
    from markdown_it.token import Token


def has_markup(markdown: str) -> bool:
    """Return whether one line of Markdown contains anything but plain text."""
    return bool(LIVE_NUMBER.search(markdown)) or any(each.type != "text" for each in _inline_tokens(markdown))


def plain_words(markdown: str, number: Callable[[str], str] = lambda _source: "…") -> str:
    """Convert one line of Markdown to plain text: formulas are spelled out, emphasis and link addresses are dropped.

    Args:
        markdown: the line.
        number: returns the current text of a live number.
    """
    words = "".join(_token_text(each) for each in _inline_tokens(markdown))
    return LIVE_NUMBER.sub(lambda found: number(found[1].strip()), words)


def plain_text(tokens: Sequence[Token], number: Callable[[str], str]) -> str:
    """Convert parsed Markdown to plain text, one line per paragraph; see :func:`plain_words`."""
    lines = []
    for token in tokens:
        if token.type == "inline":
            lines.append("".join(_token_text(each) for each in token.children or ()))
        elif token.type.startswith("math"):
            lines.append(formula_in_words(token.content.strip()))
    return LIVE_NUMBER.sub(lambda found: number(found[1].strip()), "\n".join(lines))


def has_formulas(tokens: Sequence[Token]) -> bool:
    """Return whether parsed Markdown contains a formula."""
    return any(each.type.startswith("math") for token in tokens for each in (token, *(token.children or ())))


def _inline_tokens(markdown: str) -> list[Token]:
    return list(parser().parseInline(markdown)[0].children or ())


def _token_text(token: Token) -> str:
    if token.type.startswith("math"):
        return formula_in_words(token.content)
    return " " if token.type in ("softbreak", "hardbreak") else token.content
