"""Draw the list of what the doctor looked for and did not find, as large as there is room."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Final

from msgspec import Struct
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter

from core.analysis.diagnosis import RULES
from playground.plots.doctor.data import NOTHING
from playground.plotting.canvas.captions import wrapped
from playground.plotting.drawing.pencil import Align, elided, pen, text_height, text_width, write
from playground.style.theme import TEXT_LABEL, TEXT_TITLE, Style

LOOKED_FOR: Final = "None of these was found:"
MORE: Final = "and {count} more"

INDENT: Final = 18.0
BESIDE: Final = 24.0
"""Distance of two columns in pixels at scale 1."""

ENLARGED: Final = (1.35, 1.3, 1.25, 1.2, 1.15, 1.1, 1.05)
"""Sizes of text relative to the usual one, where there is room, so that a few lines do not leave a slide empty."""

MAX_HEADING: Final = 1.25
"""Largest size of the heading relative to the usual one."""

MAX_ROW: Final = 1.9
"""Maximum distance of the rules, as a multiple of the height of a line."""

MAX_LINES: Final = 2
"""Maximum number of lines of a rule; with more of them, names are easier to read."""

MIN_NAMES: Final = 3
"""Minimum number of rules that are worth a list."""


class _Arranged(Struct, frozen=True):
    """A list that fits.

    Attributes:
        factor: size of its text relative to the usual one.
        heading: lines above it.
        rules: the lines of each rule, without those that are left out.
        columns: number of columns.
        left_out: number of rules that are left out.
    """

    factor: float
    heading: list[str]
    rules: list[list[str]]
    columns: int = 1
    left_out: int = 0


def paint_rules(p: QPainter, rect: QRectF, style: Style, without: Collection[str] = ()) -> None:
    """List what was looked for and not found in ``rect``: in sentences, by name, or as much as there is room for.

    Rules with keys in ``without`` found something, so that below it nothing is written where there is no room for the others.
    """
    found = next(_fitting(rect, style, without), None)
    if found is None and without:
        return
    if found is None:
        text = elided(style, NOTHING, rect.width())
        write(p, style, rect.center(), text, colour=style.theme.muted, align=Align.AlignHCenter)
        return
    size, title = TEXT_LABEL * found.factor, _heading_size(found.factor)
    y, high = rect.top(), text_height(style, size=title)
    for words in found.heading:
        write(p, style, QPointF(rect.left(), y + high / 2), words, colour=style.theme.ink, bold=True, size=title)
        y += high
    line = text_height(style, size=size)
    most = max(sum(map(len, rules)) for rules in _columns(found))
    rows = max(len(rules) for rules in _columns(found))
    gap = min((rect.bottom() - y - most * line) / rows, (MAX_ROW - 1.0) * line)
    wide = _width(rect, found.columns, style) + style.px(BESIDE)
    for number, rules in enumerate(_columns(found)):
        _paint_column(p, QPointF(rect.left() + number * wide, y), rules, gap, found, style)


def _paint_column(
    p: QPainter, corner: QPointF, rules: Sequence[list[str]], gap: float, found: _Arranged, style: Style
) -> None:
    size, factor, y = TEXT_LABEL * found.factor, found.factor, corner.y()
    line = text_height(style, size=size)
    for number, lines in enumerate(rules):
        y += gap
        if not found.left_out or number < len(rules) - 1:
            p.setPen(pen(style.theme.faint, style.px(1.2 * factor)))
            p.setBrush(Qt.BrushStyle.NoBrush)
            at = QPointF(corner.x() + style.px(5 * factor), y + line / 2)
            p.drawEllipse(at, style.px(3.5 * factor), style.px(3.5 * factor))
        for words in lines:
            at = QPointF(corner.x() + style.px(INDENT * factor), y + line / 2)
            write(p, style, at, words, colour=style.theme.muted, size=size)
            y += line


def _fitting(rect: QRectF, style: Style, without: Collection[str] = ()) -> Iterator[_Arranged]:
    """Yield every list that fits, the best one first."""
    rules = [rule for key, rule in RULES.items() if key not in without]
    sentences, names = [rule.explanation for rule in rules], [rule.name for rule in rules]
    for texts, max_lines, columns in (
        (sentences, 1, 1),
        (sentences, 1, 2),
        (sentences, MAX_LINES, 1),
        (names, 1, 1),
        (names, 1, 2),
        (names, MAX_LINES, 1),
    ):
        for factor in (1.0,) if without else (*ENLARGED, 1.0):
            yield from _fitted(texts, rect, style, factor, max_lines=max_lines, columns=columns)
    yield from _part_of(names, rect, style)


def _fitted(
    texts: Sequence[str], rect: QRectF, style: Style, factor: float, *, max_lines: int, columns: int = 1
) -> Iterator[_Arranged]:
    """Yield the list of ``texts``, each of at most ``max_lines`` lines, if it fits."""
    room, size = _width(rect, columns, style) - style.px(INDENT * factor), TEXT_LABEL * factor
    if max(text_width(style, word, size=size) for text in texts for word in text.split()) > room:
        return
    heading = _heading(rect, style, factor)
    rules = [wrapped(style, text, room, size=size) for text in texts]
    arranged = _Arranged(factor, heading, rules, columns)
    if max(map(len, rules)) <= max_lines and _height(arranged, style) <= rect.height():
        yield arranged


def _part_of(names: Sequence[str], rect: QRectF, style: Style) -> Iterator[_Arranged]:
    """Yield as many ``names`` as fit, and how many there are in all."""
    room = rect.width() - style.px(INDENT)
    if max(text_width(style, word) for name in names for word in name.split()) > room:
        return
    heading, rules = _heading(rect, style, 1.0), [wrapped(style, name, room) for name in names]
    for count in range(len(names) - 1, MIN_NAMES - 1, -1):
        rest = len(names) - count
        arranged = _Arranged(1.0, heading, [*rules[:count], [MORE.format(count=rest)]], 1, rest)
        if _height(arranged, style) <= rect.height():
            yield arranged


def _heading(rect: QRectF, style: Style, factor: float) -> list[str]:
    return wrapped(style, LOOKED_FOR, rect.width(), size=_heading_size(factor), bold=True)


def _heading_size(factor: float) -> float:
    """Return the size of the heading at scale 1, which is not larger than the title of the picture."""
    return TEXT_TITLE * min(factor, MAX_HEADING)


def _height(found: _Arranged, style: Style) -> float:
    line, title = (text_height(style, size=size) for size in (TEXT_LABEL * found.factor, _heading_size(found.factor)))
    return len(found.heading) * title + max(sum(map(len, rules)) for rules in _columns(found)) * line


def _columns(found: _Arranged) -> list[list[list[str]]]:
    """Return the rules of each column."""
    each = -(-len(found.rules) // found.columns)
    return [found.rules[start : start + each] for start in range(0, len(found.rules), each)]


def _width(rect: QRectF, columns: int, style: Style) -> float:
    return (rect.width() - (columns - 1) * style.px(BESIDE)) / columns
