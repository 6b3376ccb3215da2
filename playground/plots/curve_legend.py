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

_REACH: Final = 8.0
"""Maximum distance of the mouse from a mark, in pixels at scale 1."""

Marks = tuple[tuple[float, str], ...]


def height_above(marks: Marks) -> float:
    """Return the height of legend and change above the plot, in pixels at scale 1."""
    return LEGEND_HEIGHT + (MARK_HEIGHT if marks else 0.0)


def paint_legend(p: QPainter, area: Area, lines: Sequence[tuple[str, QPen, str]], marks: Marks, style: Style) -> None:
    """Draw a line sample and name for each curve, right-aligned, and the last change below.

    If the names do not fit, the samples become shorter; then names are elided.
    """
    x, y = area.rect.right(), area.rect.top() - style.px(height_above(marks) - LEGEND_HEIGHT + _MIDDLE)
    gap, between = style.px(4), style.px(8)
    names = [text_width(style, name) for name, _, _ in lines]
    room = area.rect.right() - sum(names) - len(lines) * gap - (len(lines) - 1) * between
    sample = min(style.px(_SAMPLE), max(room / len(lines) - 0.5, style.px(7)))  # names fit in spite of rounding
    for index, (name, stroke, colour) in reversed(list(enumerate(lines))):
        before = sum(names[:index]) + index * (gap + between + sample)
        text = elided(style, name, x - sample - gap - before)
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
