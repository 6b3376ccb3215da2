"""The legend of the landscape, above the plot, where it covers neither a path nor a minimum."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter

from playground.plots.landscape.data import LandscapeData
from playground.plotting.canvas.canvas import Area
from playground.plotting.drawing.pencil import pen, text_height, text_width, write
from playground.style.theme import Style

MARK: Final = 14.0
GAP: Final = 10.0
ROW: Final = 18.0
"""Height of the row of the legend above the name of the vertical axis, in pixels at scale 1."""

EDGE: Final = 4.0
MARKED: Final = ("start", "now")
"""The entries with a mark."""


def entries_of(data: LandscapeData, room: float, style: Style, *, still: bool) -> list[str]:
    """Return the entries of the legend, without the last ones where ``room`` pixels are too few for all."""
    entries = [*MARKED, "pale: off the plane"] if len(data.path) else ["now"]
    if still and data.contours:
        entries.append("numbers: loss")
    while len(entries) > 2 and legend_width(entries, style) > room:
        entries.pop()
    return entries


def legend_width(entries: list[str], style: Style) -> float:
    """Return the width of the legend in pixels, with a gap before it."""
    marks = sum(text in MARKED for text in entries) * style.px(MARK)
    return marks + sum(text_width(style, text) + style.px(GAP) for text in entries)


def paint_legend(p: QPainter, area: Area, entries: list[str], style: Style, *, has_row: bool) -> None:
    """Draw the legend above the right end of the plot: beside the name of the axis, or above it in a separate row."""
    gap = style.px(GAP)
    x = area.rect.right() - legend_width(entries, style) + gap
    y = area.rect.top() - text_height(style) - style.px(ROW) * has_row
    for text in entries:
        if text in MARKED:
            p.setPen(pen(style.theme.accent, style.px(2)))
            p.setBrush(QColor(style.theme.accent) if text == "now" else Qt.BrushStyle.NoBrush)
            p.drawEllipse(QPointF(x + style.px(5), y), style.px(4), style.px(4))
            x += style.px(MARK)
        write(p, style, QPointF(x, y), text, colour=style.theme.muted)
        x += text_width(style, text) + gap
