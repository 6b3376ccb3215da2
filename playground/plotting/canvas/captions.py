"""The lines around an exported plot: title and note above; a sentence and what is compared below."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from msgspec import Struct
from PySide6.QtCore import QPointF, QSizeF
from PySide6.QtGui import QPainter

from playground.plotting.drawing.pencil import Align, elided, text_height, text_width, write
from playground.style.theme import TEXT_LABEL, TEXT_TITLE, Style

EDGE: Final = 14.0
_LETTERS: Final = frozenset("abcdefghijklmnopqrstuvwxyz")
_NUMBER: Final = re.compile(r"[0-9.\u2009·⁰¹²³⁴⁵⁶⁷⁸⁹]+")
_CARD: Final = re.compile(r": |(?<=\?) ")
_SEPARATORS: Final = re.compile(r"( · |; | instead of )")
MAX_LINES: Final = 4
"""Maximum number of lines of a sentence, or of what is compared; the last one is cut."""


class Captions(Struct, frozen=True):
    """The text around a plot.

    Attributes:
        title: above the plot, at the left.
        note: above the plot, at the right.
        sentences: below it, the longest of them that fits.
        differences: what differs between the runs that are compared, below the sentence.
        is_dense: whether there is less space around the lines, for stacked plots.
    """

    title: str = ""
    note: str = ""
    sentences: tuple[str, ...] = ()
    differences: str = ""
    is_dense: bool = False

    @property
    def has_title(self) -> bool:
        """Whether there is a title line."""
        return bool(self.title or self.note)

    def height_above(self, style: Style) -> float:
        """Return the height of the title line in pixels."""
        return style.px(4 if self.is_dense else 14) + text_height(style, size=TEXT_TITLE) if self.has_title else 0.0

    def height_below(self, style: Style, width: float) -> float:
        """Return the height of the lines below a plot ``width`` pixels wide."""
        lines = len(self._below(style, width))
        return (style.px(2 if self.is_dense else 12) if self.has_title else 0.0) + lines * (
            text_height(style) + style.px(4)
        )

    def _below(self, style: Style, width: float) -> list[tuple[str, str]]:
        """Return the lines below the plot, each with its colour."""
        room = width - 2 * style.px(EDGE)
        lines = [(line, style.theme.ink) for line in longest_fitting(style, self.sentences, room)]
        return lines + [(line, style.theme.muted) for line in wrapped_items(style, self.differences, room)]

    def paint(self, p: QPainter, size: QSizeF, style: Style) -> None:
        """Draw the lines on a picture of ``size``."""
        edge, y = style.px(EDGE), style.px(2 if self.is_dense else 10) + text_height(style, size=TEXT_TITLE) / 2
        if self.has_title:
            title = fitted_title(style, self.title, size.width() - 2 * edge)
            write(p, style, QPointF(edge, y), title, colour=style.theme.ink, bold=True, size=TEXT_TITLE)
            at = QPointF(size.width() - edge, y)
            write(p, style, at, self.note, colour=style.theme.muted, align=Align.AlignRight)
        step = text_height(style) + style.px(4)
        y = size.height() - style.px(2 if self.is_dense else 9) - text_height(style) / 2
        for line, colour in reversed(self._below(style, size.width())):
            write(p, style, QPointF(edge, y), line, colour=colour)
            y -= step


def fitted_title(style: Style, title: str, width: float) -> str:
    """Return ``title`` in at most ``width`` pixels: without the name of the card before the run, then elided."""
    if text_width(style, title, bold=True, size=TEXT_TITLE) > width:
        title = without_card(title)
    return elided(style, title, width, bold=True, size=TEXT_TITLE, in_the_middle=True)


def title_lines(style: Style, title: str, width: float, *, max_lines: int) -> list[str]:
    """Return ``title`` in at most ``max_lines`` lines of ``width`` pixels; without the name of the card, one may be enough."""
    forms = (title, without_card(title))
    fitting = (each for each in forms if text_width(style, each, bold=True, size=TEXT_TITLE) <= width)
    if (whole := next(fitting, "")) or not title:
        return [whole] if whole else []
    lines = wrapped(style, forms[1], width, size=TEXT_TITLE, bold=True, max_lines=max_lines)
    return lines if is_whole(forms[1], lines) else [*lines[:-1], _rest_of(style, forms[1], lines, width)]


def _rest_of(style: Style, title: str, lines: Sequence[str], width: float) -> str:
    """Return the part of ``title`` after all but the last of its ``lines``, elided in the middle."""
    rest = title[len(" ".join(lines[:-1])) :].strip()
    return elided(style, rest, width, bold=True, size=TEXT_TITLE, in_the_middle=True)


def title_of_run(card: str, run: str) -> str:
    """Return the title of a plot that shows the ``run``: the card's title, which may be a question, and the name of the run."""
    return f"{card} {run}" if card.endswith("?") else f"{card}: {run}"


def without_card(title: str) -> str:
    """Return ``title`` without the name of the card before that of the run."""
    parts = _CARD.split(title, maxsplit=1)
    return parts[1] if len(parts) > 1 else title


def has_room_for(style: Style, title: str, width: float) -> bool:
    """Return whether a plot ``width`` pixels wide has room for the whole ``title``."""
    return text_width(style, title, bold=True, size=TEXT_TITLE) <= width - 2 * style.px(EDGE)


def wrapped(
    style: Style, text: str, width: float, *, size: float = TEXT_LABEL, bold: bool = False, max_lines: int = MAX_LINES
) -> list[str]:
    """Return ``text`` in lines of at most ``width`` pixels, broken at spaces, but not at the thin ones within a number.

    A word that is wider than a line, such as a name in Japanese, is broken anywhere.
    """
    lines: list[str] = []
    rest = [word for line in text.splitlines() for word in line.split(" ") if word.strip()]
    while rest:
        if len(lines) == max_lines - 1:
            return [*lines, elided(style, " ".join(rest), width, size=size, bold=bold)]
        fitting = _fitting(style, rest[0], width, size=size, bold=bold)
        if fitting < len(rest[0]):
            lines.append(rest[0][:fitting])
            rest[0] = rest[0][fitting:]
            continue
        count = 1
        while count < len(rest) and text_width(style, " ".join(rest[: count + 1]), bold=bold, size=size) <= width:
            count += 1
        lines.append(" ".join(rest[:count]))
        rest = rest[count:]
    return lines


def longest_fitting(
    style: Style,
    texts: Sequence[str],
    width: float,
    *,
    size: float = TEXT_LABEL,
    bold: bool = False,
    max_lines: int = MAX_LINES,
) -> list[str]:
    """Return the lines of the first of ``texts``, longest first, that needs no more than ``max_lines``; the last one is cut."""
    lines: list[str] = []
    for text in texts:
        lines = wrapped(style, text, width, size=size, bold=bold, max_lines=max_lines)
        if is_whole(text, lines):
            break
    return lines


def is_whole(text: str, lines: Sequence[str]) -> bool:
    """Return whether ``lines`` are all of ``text``, so that nothing was cut off."""
    return not lines or text.endswith("…") or not lines[-1].endswith("…")


def wrapped_items(style: Style, text: str, width: float, max_lines: int = MAX_LINES) -> list[str]:
    """Return a list such as ``a · b; c instead of d`` in lines; items that do not fit are counted: ``a · b · + 2 more``."""
    whole = wrapped(style, text, width, max_lines=max_lines)
    parts = _SEPARATORS.split(text)  # items and, between them, what separates them
    for kept in range(len(parts), 0, -2):
        shown, rest = "".join(parts[:kept]), (len(parts) - kept) // 2
        listed = f"{shown} · + {rest} more" if rest else shown
        lines = wrapped(style, listed, width, max_lines=max_lines)
        if is_whole(listed, lines):
            return lines
    return whole


def _fitting(style: Style, word: str, width: float, *, size: float, bold: bool) -> int:
    """Return the number of letters of ``word`` that fit into ``width``, at least one."""
    count = len(word)
    while count > 1 and text_width(style, word[:count], size=size, bold=bold) > width:
        count -= 1
    return count


def as_title(sentence: str) -> str:
    """Return ``sentence`` with a capital letter, unless it begins with a symbol such as x₁ or φ′."""
    starts = len(sentence) > 1 and {sentence[0], sentence[1]} <= _LETTERS
    return sentence[0].upper() + sentence[1:] if starts else sentence


def same_words(first: str, second: str) -> bool:
    """Return whether two sentences differ in nothing but their numbers."""
    return _NUMBER.sub("#", first) == _NUMBER.sub("#", second)
