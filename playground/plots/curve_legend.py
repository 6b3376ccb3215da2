"""A legend above a plot of curves, and marks of setting changes in it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainter, QPen

from playground.plotting.canvas import Area
from playground.plotting.pencil import Align, dashed_pen, elided, text_width, write
from playground.style.theme import Style

LEGEND_HEIGHT: Final = 24.0
"""Height of the legend above the plot, in pixels at scale 1."""

MARK_HEIGHT: Final = 14.0
"""Height of the line below the legend with the last change."""

_MIDDLE: Final = 13.0
_SAMPLE: Final = 16.0
_BETWEEN: Final = 8.0
_LEAST: Final = 5.0
"""Usual length of a line sample and of the gap after a name, and the smallest one of both."""

_BESIDE: Final = 3.0
"""How far the legend reaches over the left side of the plot, up to the name of the axis."""

_REACH: Final = 8.0
"""Maximum distance of the mouse from a mark, in pixels at scale 1."""

Marks = tuple[tuple[float, str], ...]


def height_above(marks: Marks) -> float:
    """Return the height of legend and change above the plot, in pixels at scale 1."""
    return LEGEND_HEIGHT + (MARK_HEIGHT if marks else 0.0)


def paint_legend(p: QPainter, area: Area, lines: Sequence[tuple[str, QPen, str]], marks: Marks, style: Style) -> None:
    """Draw a line sample and name for each curve, right-aligned, and the last change below.

    Where there is little room beside the name of the vertical axis, samples and gaps become shorter; then names are elided.
    """
    x, y = area.rect.right(), area.rect.top() - style.px(height_above(marks) - LEGEND_HEIGHT + _MIDDLE)
    start, gap = area.rect.left() - style.px(_BESIDE), style.px(4)
    names = [text_width(style, name) for name, _, _ in lines]
    gaps, samples = style.px(len(lines) - 1), style.px(len(lines))
    spare = (
        x - start - sum(names) - len(lines) * (gap + 0.5) - _LEAST * (gaps + samples)
    )  # names fit in spite of rounding
    share = min(max(spare / (_BETWEEN * gaps + _SAMPLE * samples - _LEAST * (gaps + samples)), 0.0), 1.0)
    between, sample = (style.px(_LEAST + share * (most - _LEAST)) for most in (_BETWEEN, _SAMPLE))
    for index, (name, stroke, colour) in reversed(list(enumerate(lines))):
        before = sum(names[:index]) + index * (gap + between + sample)
        text = elided(style, name, x - sample - gap - before - start)
        write(p, style, QPointF(x, y), text, colour=colour, align=Align.AlignRight)
        x -= text_width(style, text) + gap
        p.setPen(stroke)
        p.drawLine(QPointF(x - sample, y), QPointF(x, y))
        x -= sample + between
    if marks:
        position, text = marks[-1]
        text = elided(style, text, area.rect.width())
        half = text_width(style, text) / 2
        middle = min(max(area.x(position), area.rect.left() + half), area.rect.right() - half)
        at = QPointF(middle, area.rect.top() - style.px(_MIDDLE - 2))
        write(p, style, at, text, colour=style.theme.muted, align=Align.AlignHCenter)


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
