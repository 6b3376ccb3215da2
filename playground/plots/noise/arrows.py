"""Draw the full and the batch gradient as arrows from one point in the upper right corner, which the variance leaves free."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from msgspec import Struct
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF

from playground.plots.noise.places import Drawn, first_free
from playground.plotting.drawing.outline import draw_polygon
from playground.plotting.drawing.pencil import pen, text_height, text_width

if TYPE_CHECKING:
    from playground.plots.noise.data import NoiseData
    from playground.plotting.canvas.canvas import Area
    from playground.style.theme import Style

MAX_LENGTH: Final = 1.8
"""Maximum drawn length of the batch gradient relative to the full gradient."""

GAP: Final = 3.0
"""Gap between an arrow and its name in pixels at scale 1."""

PARTS: Final = 8
"""Number of boxes that approximate an arrow, so that names do not overlap it."""


class Arrow(Struct, frozen=True, eq=False):
    """One of the two arrows.

    Attributes:
        name: its name.
        tail: its start, common to both, in pixels.
        tip: its end, in pixels.
    """

    name: str
    tail: QPointF
    tip: QPointF

    def boxes(self) -> list[QRectF]:
        """Return boxes along the arrow that cover it."""
        places = (self.tail + (self.tip - self.tail) * (part / PARTS) for part in range(PARTS + 1))
        return [QRectF(place.x() - 2.0, place.y() - 2.0, 4.0, 4.0) for place in places]


def arrows_of(area: Area, data: NoiseData, style: Style) -> tuple[Arrow, ...]:
    """Return the full and the batch gradient at their true angle and relative length; none if they are not drawn.

    The variance decreases from left to right, so the upper right corner is free.
    """
    batch, unit = data.batch, _unit(area, data, style)
    if unit == 0.0:
        return ()
    angle, length = math.acos(batch.cosine), min(batch.ratio, MAX_LENGTH)
    high = max(unit * MAX_LENGTH * 0.75, unit * length * math.sin(angle) + text_height(style) + style.px(GAP))
    tail = QPointF(area.rect.right() - unit * MAX_LENGTH - style.px(8), area.rect.top() + high)
    offset = QPointF(math.cos(angle), -math.sin(angle)) * (unit * length)
    return Arrow("full", tail, tail + QPointF(unit, 0.0)), Arrow("batch", tail, tail + offset)


def _unit(area: Area, data: NoiseData, style: Style) -> float:
    """Return the length of the full gradient in pixels; 0 if the arrows are not drawn."""
    batch = data.batch
    # An obtuse angle needs room on both sides.
    share = 0.16 if batch.cosine > 0.0 else 0.11
    unit = min(style.px(46), area.rect.width() * share, area.rect.height() * 0.24)
    return unit if unit >= style.px(14) and math.isfinite(batch.cosine) and math.isfinite(batch.ratio) else 0.0


def named(arrows: Sequence[Arrow], area: Area, style: Style, drawn: Sequence[Drawn]) -> dict[str, QRectF]:
    """Return the boxes of the arrows' names: near the tips, without overlap with the arrows or what is ``drawn``.

    If there is no such position, a name is below or above its tip.
    """
    found: dict[str, QRectF] = {}
    for arrow in arrows:
        taken = tuple(box for each in arrows for box in each.boxes())
        places = list(_places(arrow, area, style))
        free = first_free(places, (*drawn, Drawn((), 0.0, (*taken, *found.values()))))
        found[arrow.name] = free or places[0]
    return found


def _places(arrow: Arrow, area: Area, style: Style) -> Iterator[QRectF]:
    """Yield the possible boxes for the name of ``arrow`` within the plot, the preferred one first."""
    wide, high, gap, rect = text_width(style, arrow.name), text_height(style), style.px(GAP), area.rect
    left = max(min(arrow.tip.x() - wide / 2, rect.right() - wide), rect.left())
    above, below = arrow.tip.y() - high - gap / 3, arrow.tip.y() + gap
    beside = arrow.tip.y() - high / 2
    tops = (below, above) if arrow.name == "full" else (above, below)
    yield from (QRectF(left, top, wide, high) for top in tops)
    for x in (arrow.tip.x() + gap, arrow.tip.x() - wide - gap, arrow.tail.x() - wide - gap):
        for top in (beside, above, below):
            if rect.left() <= x <= rect.right() - wide:
                yield QRectF(x, top, wide, high)


def paint_arrow(p: QPainter, arrow: Arrow, stroke: QPen, style: Style) -> None:
    """Draw ``arrow``."""
    offset = arrow.tip - arrow.tail
    length = math.hypot(offset.x(), offset.y())
    if length < 1.0:
        return
    unit, head = offset / length, min(style.px(7), length)
    across = QPointF(-unit.y(), unit.x())
    neck = arrow.tip - unit * head
    p.setPen(stroke)
    p.drawLine(arrow.tail, neck)
    p.setPen(Qt.PenStyle.NoPen)
    p.setBrush(stroke.color())
    draw_polygon(p, QPolygonF([arrow.tip, neck + across * (head / 2), neck - across * (head / 2)]))


def strokes(style: Style) -> dict[str, QPen]:
    """Return the pens of the arrows by their names."""
    return {
        "full": pen(style.theme.ink, style.px(1.8)),
        "batch": pen(style.theme.muted, style.px(1.8)),
    }
