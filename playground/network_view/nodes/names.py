"""Painting of the names beside and above the nodes."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter

from playground.network_view.layout.figure import EDGE
from playground.network_view.layout.fonts import label_font
from playground.network_view.layout.geometry import LABEL_GAP, MAX_LABEL, Column, Layout
from playground.network_view.picture import Picture


def paint_labels(painter: QPainter, picture: Picture) -> None:
    """Paint the names of features and outputs beside their nodes."""
    shape, layout, style = picture.shape, picture.layout, picture.style
    painter.setPen(QColor(style.theme.ink))
    painter.setFont(label_font(style))
    limit, gap = min(MAX_LABEL * layout.scale, layout.label_limit), LABEL_GAP * layout.scale
    for column, labels, right in (
        (layout.columns[0], shape.feature_labels, False),
        (layout.columns[-1], shape.output_labels, True),
    ):
        if column.image:
            continue
        for row, y in enumerate(column.ys.tolist()):
            place = column.first + row
            if place >= len(labels) or not labels[place]:
                continue
            if layout.names_above:
                _paint_label_above(painter, layout, column, y, labels[place])
                continue
            left = column.right + gap if right else column.left - gap - limit
            box = QRectF(left, y - 10 * layout.scale, limit, 20 * layout.scale)
            side = Qt.AlignmentFlag.AlignLeft if right else Qt.AlignmentFlag.AlignRight
            text = painter.fontMetrics().elidedText(labels[place], Qt.TextElideMode.ElideRight, int(limit))
            painter.drawText(box, side | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextDontClip, text)


def _paint_label_above(painter: QPainter, layout: Layout, column: Column, y: float, label: str) -> None:
    """Paint the name of a node above it: centred, or, where it is too wide, from the margin to the middle of the gap."""
    s, metrics = layout.scale, painter.fontMetrics()
    height, reach, edge = float(metrics.height()), layout.spacing / 2 - 2 * s, EDGE * s
    half = min(reach, column.x - edge, layout.width - edge - column.x)
    left, right, side = column.x - half, column.x + half, Qt.AlignmentFlag.AlignHCenter
    if metrics.horizontalAdvance(label) > 2 * half:
        if column.index == 0:
            left, right, side = min(edge, left), column.x + reach, Qt.AlignmentFlag.AlignLeft
        else:
            left, right, side = column.x - reach, max(layout.width - edge, right), Qt.AlignmentFlag.AlignRight
    box = QRectF(left, y - column.node / 2 - height - s, right - left, height)
    text = metrics.elidedText(label, Qt.TextElideMode.ElideRight, int(box.width()))
    painter.drawText(box, side | Qt.AlignmentFlag.AlignVCenter, text)


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
