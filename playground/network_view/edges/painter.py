"""Painting of edges as curves with a QPainter, for the window, SVG and PDF alike."""

from __future__ import annotations

from typing import Final

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter, QPen

from playground.network_view.edges.curves import EdgePaths
from playground.network_view.edges.pens import LEVELS, MAX_WIDTH, MIN_WIDTH, crowding, levels_of, pens_of
from playground.network_view.picture import Picture
from playground.session.selection import Selection
from playground.worker.giving_way import give_way

FADED: Final = 0.3


def paint_edges(painter: QPainter, picture: Picture, paths: EdgePaths, *, opacity: float = 1.0) -> None:
    """Paint every edge as a curve."""
    painter.setOpacity(opacity)
    for gap in range(picture.layout.gaps):
        paint_gap(painter, picture, paths, gap)
    painter.setOpacity(1.0)


def paint_gap(painter: QPainter, picture: Picture, paths: EdgePaths, gap: int) -> None:
    """Paint the edges of one layer of weights, the strongest last."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    pens = pens_of(picture.style.theme, picture.layout.edge_scale, crowding(picture.layout, gap), signed=picture.signed)
    curves = paths.of(picture.layout, gap)
    levels = levels_of(picture.strengths[gap]).ravel()
    pen = None
    for edge in np.argsort(np.abs(levels), kind="stable").tolist():
        give_way()
        level = int(levels[edge])
        if level != pen:
            painter.setPen(pens[level + LEVELS])
            pen = level
        painter.drawPath(curves[edge])


def paint_highlighted_edges(painter: QPainter, picture: Picture, paths: EdgePaths) -> None:
    """Paint the edges of the selection at full strength, and the selected or hovered edge in the accent colour."""
    chosen = picture.selection
    if chosen is not None and chosen.kind in ("neuron", "bias", "feature"):
        column = chosen.layer + 1
        pens = pens_of(picture.style.theme, picture.layout.edge_scale, signed=picture.signed)
        for gap, axis in ((column - 1, 1), (column, 0)):
            if not 0 <= gap < picture.layout.gaps:
                continue
            place = picture.layout.columns[gap + axis]
            row = chosen.neuron - place.first
            if not 0 <= row < place.shown:
                continue
            values = picture.strengths[gap]
            levels, curves = levels_of(values), paths.of(picture.layout, gap)
            for other in range(values.shape[1 - axis]):
                a, b = (other, row) if axis else (row, other)
                painter.setPen(pens[int(levels[a, b]) + LEVELS])
                painter.drawPath(curves[a * values.shape[1] + b])
    for edge, extra in (*((highlighted, 0.6) for highlighted in picture.hovered), (picture.selection, 0.0)):
        if edge is not None and edge.kind == "weight":
            _paint_accented(painter, picture, paths, edge, extra)


def _paint_accented(painter: QPainter, picture: Picture, paths: EdgePaths, edge: Selection, thinner: float) -> None:
    if not 0 <= edge.layer < picture.layout.gaps:
        return
    values = picture.strengths[edge.layer]
    row = edge.source - picture.layout.columns[edge.layer].first
    column = edge.neuron - picture.layout.columns[edge.layer + 1].first
    if not (0 <= row < values.shape[0] and 0 <= column < values.shape[1]):
        return
    s = picture.layout.edge_scale
    width = max(3.2 - thinner, MIN_WIDTH + (MAX_WIDTH - MIN_WIDTH) * abs(float(values[row, column])) - thinner) * s
    pen = QPen(QColor(picture.style.theme.accent), width)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    painter.setPen(pen)
    painter.drawPath(paths.of(picture.layout, edge.layer)[row * values.shape[1] + column])
