"""Weights and neurons whose numbers a lesson hides: drawn in a neutral colour, with a question mark."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen

from playground.network_view.edges.curves import curve_at
from playground.network_view.layout.geometry import corner_radius
from playground.session.restrictions import UNKNOWN
from playground.style.resources import application_font

if TYPE_CHECKING:
    from playground.network_view.layout.geometry import Column, Layout
    from playground.network_view.picture import Picture, Strengths
    from playground.session.restrictions import Restrictions
    from playground.session.selection import Selection
    from playground.style.theme import Style

ALONG: Final = 0.32
"""Place of a question mark along its edge; in the middle those of several edges would overlap."""

RADIUS: Final = 8.0
TYPE: Final = 11.0


def without_hidden(
    strengths: tuple[Strengths, ...], restrictions: Restrictions, layout: Layout
) -> tuple[Strengths, ...]:
    """Return ``strengths`` with 0, the faintest grey, for each hidden weight."""
    result = list(strengths)
    for each in restrictions.hidden:
        place = _place(each, layout)
        if place is not None:
            result[each.layer] = result[each.layer].copy()
            result[each.layer][place] = 0.0
    return tuple(result)


def paint_hidden(painter: QPainter, picture: Picture) -> None:
    """Paint question marks on the hidden weights, and over the hidden neurons."""
    layout, style = picture.layout, picture.style
    for each in _sorted(picture.hidden):
        if each.kind == "weight":
            place = _place(each, layout)
            if place is not None:
                _paint_mark(painter, _point(layout, each.layer, *place), style)
        elif 0 <= each.layer + 1 < len(layout.columns):
            _paint_neuron(painter, layout, layout.columns[each.layer + 1], each.neuron, style)


def _sorted(hidden: Collection[Selection]) -> list[Selection]:
    return sorted(hidden, key=lambda each: (each.kind, each.layer, each.source, each.neuron))


def _place(weight: Selection, layout: Layout) -> tuple[int, int] | None:
    """Return the row and column of a weight among the shown ones of its gap; ``None`` if it is not shown."""
    if weight.kind != "weight" or not 0 <= weight.layer < layout.gaps:
        return None
    before, after = layout.columns[weight.layer], layout.columns[weight.layer + 1]
    row, column = weight.source - before.first, weight.neuron - after.first
    return (row, column) if 0 <= row < before.shown and 0 <= column < after.shown else None


def _point(layout: Layout, gap: int, row: int, column: int) -> QPointF:
    """Return a point on the S-curve of an edge."""
    x0, ys0, x1, ys1 = layout.gap_ends(gap)
    y0, y1 = float(ys0[row]), float(ys1[column])
    along, across = curve_at(ALONG)
    return QPointF(x0 + along * (x1 - x0), y0 + across * (y1 - y0))


def _paint_mark(painter: QPainter, at: QPointF, style: Style) -> None:
    theme, radius = style.theme, style.px(RADIUS)
    painter.setPen(QPen(QColor(theme.muted), style.px(1)))
    painter.setBrush(QColor(theme.panel))
    painter.drawEllipse(at, radius, radius)
    _write(painter, QRectF(at.x() - radius, at.y() - radius, 2 * radius, 2 * radius), TYPE, style)


def _paint_neuron(painter: QPainter, layout: Layout, column: Column, neuron: int, style: Style) -> None:
    y = None if column.image else column.y_of(neuron)
    if y is None:
        return
    box = QRectF(column.left, y - column.node / 2, column.node, column.node)
    radius = corner_radius(column.node, layout.scale)
    painter.setPen(QPen(QColor(style.theme.muted), style.px(1)))
    painter.setBrush(QColor(style.theme.zero))
    painter.drawRoundedRect(box, radius, radius)
    _write(painter, box, max(0.45 * column.node / style.scale, TYPE), style)


def _write(painter: QPainter, box: QRectF, size: float, style: Style) -> None:
    painter.setFont(application_font(style.px(size), QFont.Weight.DemiBold, family=style.family))
    painter.setPen(QColor(style.theme.muted))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, UNKNOWN)
