"""Painting of the names beside and above the nodes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
from msgspec import Struct
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter

from core.arrays import Floats
from playground.network_view.layout.figure import EDGE
from playground.network_view.layout.fonts import label_font
from playground.network_view.layout.geometry import LABEL_GAP, MAX_LABEL, Column, Layout
from playground.network_view.picture import Picture
from playground.plotting.drawing.pencil import pen
from playground.plotting.drawing.short_names import distinct_names

LINE: Final = 0.92
"""Distance of names beside close nodes, as a share of the height of their font; letters do not touch."""


def paint_labels(painter: QPainter, picture: Picture) -> None:
    """Paint the names of features and outputs beside their nodes."""
    shape, layout, style = picture.shape, picture.layout, picture.style
    painter.setPen(QColor(style.theme.ink))
    painter.setFont(label_font(style))
    limit, gap = min(MAX_LABEL * layout.scale, layout.label_limit), LABEL_GAP * layout.scale
    metrics = painter.fontMetrics()
    for column, labels, right in (
        (layout.columns[0], shape.feature_labels, False),
        (layout.columns[-1], shape.output_labels, True),
    ):
        if column.image:
            continue
        listed = labels[column.first : column.first + column.shown]
        ends = _ends_above(layout, column, max(map(metrics.horizontalAdvance, listed), default=0))
        room = ends.right - ends.left if layout.names_above else limit
        names = distinct_names(listed, _fitting(metrics, room))
        places = heights_of_names(layout, column, metrics.height())
        if places is not column.ys:
            _paint_leaders(painter, picture, column, places, gap if right else -gap)
        for text, y in zip(names, places.tolist(), strict=False):
            if layout.names_above:
                height = float(metrics.height())
                box = QRectF(ends.left, y - column.node / 2 - height - layout.scale, room, height)
                side = ends.side if metrics.horizontalAdvance(text) > 2 * ends.half else Qt.AlignmentFlag.AlignHCenter
                if side == Qt.AlignmentFlag.AlignHCenter:
                    box = QRectF(column.x - ends.half, box.top(), 2 * ends.half, height)
            else:
                left = column.right + gap if right else column.left - gap - limit
                box = QRectF(left, y - 10 * layout.scale, limit, 20 * layout.scale)
                side = Qt.AlignmentFlag.AlignLeft if right else Qt.AlignmentFlag.AlignRight
            painter.drawText(box, side | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextDontClip, text)


def heights_of_names(layout: Layout, column: Column, text_height: float) -> Floats:
    """Return the heights of the names of ``column``: those of the nodes, unless names beside them would overlap."""
    return column.ys if layout.names_above else spread(column.ys, LINE * text_height)


def spread(ys: Floats, distance: float) -> Floats:
    """Return heights for the names of nodes at ``ys`` that are at least ``distance`` apart, around the same middle.

    ``ys`` itself if its nodes are far enough apart.
    """
    if len(ys) < 2 or float(np.diff(ys).min()) >= distance:
        return ys
    steps = np.arange(len(ys)) - (len(ys) - 1) / 2.0
    return np.asarray(float(ys.mean()) + steps * distance, dtype=np.float64)


def _paint_leaders(painter: QPainter, picture: Picture, column: Column, places: Floats, gap: float) -> None:
    """Join the nodes of ``column`` with their names, which are ``gap`` pixels to the right of it and spread over ``places``."""
    ink = painter.pen()
    painter.setPen(pen(picture.style.theme.muted, picture.layout.scale))
    start = column.right if gap > 0.0 else column.left
    for y, place in zip(column.ys.tolist(), places.tolist(), strict=True):
        painter.drawLine(QPointF(start + 0.15 * gap, y), QPointF(start + 0.85 * gap, place))
    painter.setPen(ink)


class _Ends(Struct, frozen=True):
    """Where the names above the nodes of a column may be: wide ones from ``left`` to ``right``, others ``half`` around it."""

    left: float
    right: float
    half: float
    side: Qt.AlignmentFlag


def _fitting(metrics: QFontMetrics, room: float) -> Callable[[str], bool]:
    return lambda text: metrics.horizontalAdvance(text) <= room


def _ends_above(layout: Layout, column: Column, widest: float) -> _Ends:
    """Return the room for names above a column: around its middle, or, for wide names, up to the margin and the gap."""
    s = layout.scale
    reach, edge = layout.spacing / 2 - 2 * s, EDGE * s
    half = min(reach, column.x - edge, layout.width - edge - column.x)
    left, right = column.x - half, column.x + half
    if widest <= 2 * half:
        return _Ends(left, right, half, Qt.AlignmentFlag.AlignHCenter)
    if column.index == 0:
        return _Ends(min(edge, left), column.x + reach, half, Qt.AlignmentFlag.AlignLeft)
    return _Ends(column.x - reach, max(layout.width - edge, right), half, Qt.AlignmentFlag.AlignRight)


def paint_numbers(painter: QPainter, picture: Picture) -> None:
    """Paint the name of each neuron, such as z₄, beside the upper right corner of its node, if neurons are numbered."""
    shape, layout, style = picture.shape, picture.layout, picture.style
    if not shape.numbered:
        return
    painter.setPen(QColor(style.theme.muted))
    painter.setFont(label_font(style))
    height, gap = float(painter.fontMetrics().height()), 4.0 * layout.scale
    for column in layout.columns[1:]:
        if column.node < height:
            continue
        for row, y in enumerate(column.ys.tolist()):
            name = shape.called.of_neuron(column.index, column.first + row)
            box = QRectF(column.right + gap, y - column.node / 2 - gap, MAX_LABEL * layout.scale, height)
            painter.drawText(box, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop, name)
