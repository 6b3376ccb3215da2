"""Painting of the nodes with a QPainter, for the window, SVG and PDF alike."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPen

from playground.network_view.layout.geometry import Column, corner_radius, dot_ring
from playground.network_view.picture import Picture
from playground.network_view.pixels import paint_unscaled
from playground.session.selection import Selection


def paint_nodes(painter: QPainter, picture: Picture) -> None:
    """Paint the nodes with their pictures and bias dots, marking the selected, hovered and dropped ones."""
    _paint_columns(painter, picture)
    for column, strip in zip(picture.layout.columns, picture.strips, strict=True):
        if strip is None:
            continue
        side = strip.image.width()
        if column.image:
            painter.drawImage(
                QRectF(column.left, column.top, column.node, column.node),
                strip.image,
                QRectF(0, strip.first * side, side, side),
            )
            continue
        half = column.node / 2
        if strip.whole is not None:
            _paint_dropped(painter, picture, column)
            continue
        source = QRectF(0, 0, side, side)
        target = QRectF(column.left, 0, column.node, column.node)
        for row, y in enumerate(column.ys.tolist()):
            source.moveTop((strip.first + row) * side)
            target.moveTop(y - half)
            if picture.dots_painted:
                painter.drawImage(target, strip.image, source)
            else:
                # Qt's SVG writer ignores the source rectangle.
                painter.drawImage(target, strip.image.copy(source.toRect()))
        if not picture.dots_painted:
            _paint_dots(painter, picture, column)
        _paint_dropped(painter, picture, column)
    for chosen, width in (*((highlighted, 1.2) for highlighted in picture.hovered), (picture.selection, 2.0)):
        if chosen is not None and chosen.kind == "weight":
            ends = (
                Selection("neuron", chosen.layer, chosen.neuron),
                Selection("neuron", chosen.layer - 1, chosen.source),
            )
            for end in ends:
                _paint_marked(painter, picture, end, 1.2)
        else:
            _paint_marked(painter, picture, chosen, width)


def _paint_columns(painter: QPainter, picture: Picture) -> None:
    """Paint the columns whose nodes are one picture each, pixel by pixel: scaling them would take four times as long."""
    pairs = zip(picture.layout.columns, picture.strips, strict=True)
    wholes = [(column, strip.whole) for column, strip in pairs if strip is not None and strip.whole is not None]
    if not wholes:
        return
    tops = [QPointF(column.left, float(column.ys[0]) - column.node / 2) for column, _ in wholes]
    paint_unscaled(painter, [(top, image) for top, (_, image) in zip(tops, wholes, strict=True)])


def _paint_dropped(painter: QPainter, picture: Picture, column: Column) -> None:
    """Outline the dropped neurons of ``column``."""
    dropped = picture.dropped[column.index]
    if dropped is not None:
        for row in np.flatnonzero(dropped).tolist():
            _paint_outline(painter, picture, column, row, picture.style.theme.muted, dashed=True)


def _paint_marked(painter: QPainter, picture: Picture, chosen: Selection | None, width: float) -> None:
    if chosen is None or not 0 <= chosen.layer + 1 < len(picture.layout.columns):
        return
    column = picture.layout.columns[chosen.layer + 1]
    if column.image:
        _paint_pixel(painter, picture, column, chosen.neuron)
        return
    if column.y_of(chosen.neuron) is None:
        return
    row = chosen.neuron - column.first
    _paint_outline(painter, picture, column, row, picture.style.theme.accent, width=width)
    if chosen.kind == "bias":
        dot = picture.layout.bias_dot(column.index, chosen.neuron)
        if dot is not None:
            painter.setPen(QPen(QColor(picture.style.theme.accent), 2 * picture.layout.scale))
            painter.drawEllipse(QPointF(dot[0], dot[1]), dot[2] * 1.5, dot[2] * 1.5)


def _paint_pixel(painter: QPainter, picture: Picture, column: Column, number: int) -> None:
    """Outline one pixel of the features' image."""
    box = column.pixel_box(number)
    painter.setPen(QPen(QColor(picture.style.theme.accent), 1.5 * picture.layout.scale))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(QRectF(*box))


def _paint_outline(
    painter: QPainter,
    picture: Picture,
    column: Column,
    row: int,
    colour: str,
    *,
    width: float = 1.2,
    dashed: bool = False,
) -> None:
    s = picture.layout.scale
    pen = QPen(QColor(colour), width * s)
    if dashed:
        pen.setDashPattern([2.5, 2.0])
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    away = 0.0 if dashed else 1.5 * s + width * s / 2
    y = float(column.ys[row])
    box = QRectF(column.left, y - column.node / 2, column.node, column.node).adjusted(-away, -away, away, away)
    radius = corner_radius(column.node, s) + away
    painter.drawRoundedRect(box, radius, radius)


def _paint_dots(painter: QPainter, picture: Picture, column: Column) -> None:
    """Paint the bias of each node as a small dot in the colour of its sign."""
    theme = picture.style.theme
    signs = picture.bias_signs[column.index]
    if not len(signs):
        return
    positive = theme.panel if theme.printed else theme.positive
    brushes = {-1: QBrush(QColor(theme.negative)), 0: QBrush(QColor(theme.faint)), 1: QBrush(QColor(positive))}
    ring = theme.ink if theme.printed else theme.panel
    painter.setPen(QPen(QColor(ring), dot_ring(column.node, picture.layout.scale)))
    for row, sign in enumerate(signs.tolist()):
        dot = picture.layout.bias_dot(column.index, column.first + row)
        if dot is None:
            continue
        painter.setBrush(brushes[sign])
        painter.drawEllipse(QPointF(dot[0], dot[1]), dot[2], dot[2])
