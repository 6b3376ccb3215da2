"""Draw each racer's numbered dot in its colour."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QPainter, QPen

from playground.plotting.drawing.pencil import Align, faded, pen, write
from playground.style.contrast import contrast
from playground.style.theme import Style

CASING: Final = 0.85
"""Opacity of the casing of paths, in the colour of cards; racers have colours as light as some ground."""


def racer_colour(index: int, style: Style) -> QColor:
    """Return the colour of racer ``index``."""
    palette = style.theme.class_palette
    return QColor(style.theme.ink if style.theme.printed else palette[index % len(palette)])


def casing(opacity: float, style: Style) -> QPen:
    """Return the pen of the casing of a line with ``opacity``, which sets it off from ground of a similar colour."""
    return pen(faded(style.theme.panel, CASING * opacity), style.px(4))


def racer_dot(p: QPainter, at: QPointF, index: int, style: Style) -> None:
    """Draw the dot of racer ``index`` with its number, so that racers do not differ by colour alone."""
    colour = racer_colour(index, style)
    p.setPen(pen(style.theme.panel, style.px(1.2)))
    p.setBrush(colour)
    p.drawEllipse(at, style.px(6.5), style.px(6.5))
    ink = max(QColor("#000000"), QColor("#FFFFFF"), key=lambda each: contrast(each, colour))
    write(p, style, at, str(index + 1), colour=ink, align=Align.AlignHCenter, bold=True)


def racer_dots(p: QPainter, ends: Sequence[tuple[int, QPointF]], style: Style) -> None:
    """Draw a dot at each of ``ends``, pairs of index and point, shifted to the left if it would cover another."""
    taken: list[QPointF] = []
    for index, end in ends:
        at = QPointF(end)
        while any(math.hypot(at.x() - each.x(), at.y() - each.y()) < style.px(9) for each in taken):
            at -= QPointF(style.px(12), 0.0)
        taken.append(at)
        racer_dot(p, at, index, style)
