"""Draw the counts of pinned runs in the cells of a confusion matrix."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter

from playground.plotting.drawing.pencil import Align, text_height, text_width, write
from playground.style.numbers import thousands
from playground.style.theme import TEXT_LABEL, Style

if TYPE_CHECKING:
    from core.arrays import Integers
    from playground.plotting.canvas.canvas import Area
    from playground.plotting.pins.ghosts import Data, Ghost

LARGE_SIZES: Final = (20.0, 17.0, 14.0)
"""Font sizes of the counts of pinned runs in large cells, of which they take no more than a fifth of the height."""

LINE: Final = 3.0
"""Height of the dashed line below a count in pixels at scale 1."""

GAP: Final = 4.0


def cell_of(area: Area, count: int, row: int, column: int) -> QRectF:
    """Return the rectangle of a cell of a matrix with ``count`` rows."""
    width, height = area.rect.width() / count, area.rect.height() / count
    return QRectF(area.rect.left() + column * width, area.rect.top() + row * height, width, height)


def type_size(area: Area, counts: list[Integers], style: Style) -> float:
    """Return the font size in which the ``counts`` (K, K) of pinned runs fit into the cells; 0 for none."""
    if not counts:
        return 0.0
    cell = cell_of(area, len(counts[0]), 0, 0).adjusted(1, 1, -1, -1)
    longest = max((thousands(int(each.max())) for each in counts), key=len)
    for size in (*LARGE_SIZES, TEXT_LABEL):
        width = len(counts) * (text_width(style, longest, size=size) + style.px(GAP))
        height = strip_height(size, style)
        room = cell.height() / 5 if size in LARGE_SIZES else cell.height() - text_height(style)
        if width <= cell.width() and height <= room:
            return size
    return 0.0


def strip_height(size: float, style: Style) -> float:
    """Return the height of the part of a cell that belongs to the counts of pinned runs, in type of ``size``."""
    return text_height(style, size=size) + style.px(LINE) if size else 0.0


def paint_counts(
    p: QPainter, area: Area, counts: Integers, ghost: Ghost[Data], place: tuple[int, int], size: float, style: Style
) -> None:
    """Write the ``counts`` (K, K) of a pinned run at the lower edge of the cells, each above a dashed line of its pen.

    Args:
        p: the painter.
        area: the plot.
        counts: counts of the pinned run.
        ghost: the pinned run.
        place: its position among the pinned runs, and their number.
        size: font size in pixels at scale 1.
        style: colours and sizes.
    """
    (index, number), strip = place, strip_height(size, style)
    for row in range(len(counts)):
        for column in range(len(counts)):
            cell = cell_of(area, len(counts), row, column).adjusted(1, 1, -1, -1)
            left, width = cell.left() + index * cell.width() / number, cell.width() / number
            box = QRectF(left, cell.bottom() - strip, width, strip)
            p.fillRect(box, QColor(style.theme.panel))  # on the shade of the cell, text would be hard to read
            own = int(counts[row, column])
            colour = style.theme.ink if own else style.theme.muted
            middle = box.top() + (strip - style.px(LINE)) / 2
            at = QPointF(box.center().x(), middle)
            write(p, style, at, thousands(own), colour=colour, align=Align.AlignHCenter, size=size)
            p.setPen(ghost.pen(style))
            y = box.bottom() - style.px(LINE / 2)
            p.drawLine(QPointF(box.left() + style.px(2), y), QPointF(box.right() - style.px(2), y))


def paint_changes(p: QPainter, area: Area, counts: Integers, now: Integers, ghost: Ghost[Data], style: Style) -> None:
    """Frame the cells whose count differs from ``now`` (K, K), where there is no room for numbers."""
    p.setPen(ghost.pen(style))
    p.setBrush(Qt.BrushStyle.NoBrush)
    for row, column in zip(*(counts != now).nonzero(), strict=True):
        p.drawRect(cell_of(area, len(counts), int(row), int(column)).adjusted(1.5, 1.5, -1.5, -1.5))
