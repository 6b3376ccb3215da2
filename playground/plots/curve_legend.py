"""A legend above a plot of curves, and marks of setting changes in it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainter, QPen

from playground.plotting.canvas.canvas import Area
from playground.plotting.drawing.pencil import Align, dashed_pen, elided, text_width, write
from playground.style.theme import Style

LEGEND_HEIGHT: Final = 24.0
"""Height of the legend above the plot, in pixels at scale 1."""

MARK_HEIGHT: Final = 14.0
"""Height of the line below the legend with the last change."""

ROW: Final = 15.0
"""Height of each further row of the legend."""

_MIDDLE: Final = 13.0
_SAMPLE: Final = 16.0
"""Usual length of a line sample."""

_BETWEEN: Final = 8.0
"""Usual length of the gap after a name."""

_MIN: Final = 5.0
"""Minimum length of either."""

_BESIDE: Final = 3.0
"""How far the legend reaches over the left side of the plot, up to the name of the axis."""

_REACH: Final = 8.0
"""Maximum distance of the mouse from a mark, in pixels at scale 1."""

Marks = tuple[tuple[float, str], ...]


def height_above(marks: Marks) -> float:
    """Return the height of legend and change above the plot, in pixels at scale 1."""
    return LEGEND_HEIGHT + (MARK_HEIGHT if marks else 0.0)


def legend_rows(names: Sequence[str], width: float, style: Style) -> int:
    """Return in how many rows a legend of ``names`` above a plot of ``width`` pixels is whole."""
    return len(_rows([text_width(style, name) for name in names], width + style.px(_BESIDE), style))


def paint_legend(
    p: QPainter,
    area: Area,
    lines: Sequence[tuple[str, QPen, str]],
    marks: Marks,
    style: Style,
    *,
    rows: int = 1,
    above: float = LEGEND_HEIGHT,
) -> None:
    """Draw a line sample and name for each curve, right-aligned, and the last change below.

    Where there is little room beside the name of the vertical axis, samples and gaps become shorter; then names are elided.
    In several ``rows``, which the plot leaves free above it, they are wrapped before; ``above`` is the height of the last row.
    """
    width = area.rect.width() + style.px(_BESIDE)
    names = [text_width(style, name) for name, _, _ in lines]
    wrapped = _rows(names, width, style) if rows > 1 else [range(len(lines))]
    y = area.rect.top() - style.px(above - LEGEND_HEIGHT + _MIDDLE)
    for up, row in enumerate(reversed(wrapped)):
        _paint_row(p, area, [lines[index] for index in row], y - up * style.px(ROW), style)
    if marks:
        position, text = marks[-1]
        text = elided(style, text, area.rect.width())
        half = text_width(style, text) / 2
        middle = min(max(area.x(position), area.rect.left() + half), area.rect.right() - half)
        at = QPointF(middle, area.rect.top() - style.px(_MIDDLE - 2))
        write(p, style, at, text, colour=style.theme.muted, align=Align.AlignHCenter)


def _rows(names: Sequence[float], width: float, style: Style) -> list[range]:
    """Return the entries of each row of ``width`` pixels for names that are ``names`` pixels wide."""
    entries = [name + style.px(4 + _MIN) + 0.5 for name in names]  # names fit in spite of rounding
    if min(entries, default=0.0) > width:
        return [range(len(names))]  # no name would be whole
    starts, used = [0], 0.0
    for index, entry in enumerate(entries):
        between = style.px(_MIN) if index > starts[-1] else 0.0
        if between and used + between + entry > width:
            starts.append(index)
            used, between = 0.0, 0.0
        used += between + entry
    return [range(start, end) for start, end in zip(starts, [*starts[1:], len(names)], strict=True)]


def _paint_row(p: QPainter, area: Area, lines: Sequence[tuple[str, QPen, str]], y: float, style: Style) -> None:
    """Draw a line sample and name for each curve at ``y``, right-aligned."""
    x, start, gap = area.rect.right(), area.rect.left() - style.px(_BESIDE), style.px(4)
    names = [text_width(style, name) for name, _, _ in lines]
    gaps, samples = style.px(len(lines) - 1), style.px(len(lines))
    spare = (
        x - start - sum(names) - len(lines) * (gap + 0.5) - _MIN * (gaps + samples)
    )  # names fit in spite of rounding
    share = min(max(spare / (_BETWEEN * gaps + _SAMPLE * samples - _MIN * (gaps + samples)), 0.0), 1.0)
    between, sample = (style.px(_MIN + share * (most - _MIN)) for most in (_BETWEEN, _SAMPLE))
    for index, (name, stroke, colour) in reversed(list(enumerate(lines))):
        before = sum(names[:index]) + index * (gap + between + sample)
        text = elided(style, name, x - sample - gap - before - start)
        write(p, style, QPointF(x, y), text, colour=colour, align=Align.AlignRight)
        x -= text_width(style, text) + gap
        p.setPen(stroke)
        p.drawLine(QPointF(x - sample, y), QPointF(x, y))
        x -= sample + between


def paint_marks(p: QPainter, area: Area, marks: Marks, style: Style) -> None:
    """Draw a vertical line at each mark; the last line extends up to its text."""
    p.setPen(dashed_pen(style.theme.muted, max(1.0, style.scale), style.px(3), style.px(3)))
    for index, (position, _) in enumerate(marks):
        x = area.x(position)
        above = style.px(5) if index == len(marks) - 1 else 0.0
        p.drawLine(QPointF(x, area.rect.top() - above), QPointF(x, area.rect.bottom()))


def mark_near(mouse: QPointF, area: Area, marks: Marks, style: Style) -> str | None:
    """Return the text of the mark under the mouse, or ``None``."""
    near = [(abs(area.x(position) - mouse.x()), text) for position, text in marks]
    distance, text = min(near, default=(1e9, ""))
    return text if distance <= style.px(_REACH) else None
