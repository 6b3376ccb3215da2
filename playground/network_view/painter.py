"""Painting of the nodes and edges of a :class:`Picture` with a QPainter, for the window, SVG and PDF alike."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QImage, QPainter, QPainterPath, QPen

from core.arrays import Integers
from playground.network_view.geometry import LABEL_GAP, MAX_LABEL, Column, Layout, corner_radius, dot_ring
from playground.network_view.picture import Picture, Strengths
from playground.session.selection import Selection
from playground.style.resources import application_font
from playground.style.theme import Style, Theme, mixed

LEVEL_FLOORS: Final = (0.0, 0.012, 0.08, 0.2, 0.36, 0.55, 0.78)
"""Lower limits of the strengths that share a pen per sign; few pens are fast."""

LEVEL_SHARES: Final = (0.0, 0.0, 0.05, 0.14, 0.28, 0.45, 0.68, 1.0)
"""Width and opacity of each level; level 0 is exactly 0, level 1 almost 0 (a vanished gradient)."""

LEVELS: Final = len(LEVEL_FLOORS)

THINNEST: Final = 0.7
WIDEST: Final = 3.6
WIDEST_CROWDED: Final = 2.0

CROWDED: Final = 4
"""Number of crowding levels, from few edges to so many that they overlap."""

FADED: Final = 0.3
NEGATIVE_DASHES: Final = (5.0, 3.0)
"""Dash and gap of negative edges in a printed theme, in pixels at scale 1."""


def edge_path(x0: float, y0: float, x1: float, y1: float) -> QPainterPath:
    """Return the S-curve of an edge: a cubic, horizontal at both ends."""
    path = QPainterPath(QPointF(x0, y0))
    middle = (x0 + x1) / 2
    path.cubicTo(middle, y0, middle, y1, x1, y1)
    return path


def crowding(layout: Layout, gap: int) -> int:
    """Return how crowded the edges of a gap are, 0 … CROWDED: crowded edges are drawn thinner and fainter."""
    a, b = layout.columns[gap], layout.columns[gap + 1]
    density = a.shown * b.shown * layout.scale / max(layout.bottom - layout.top, 1.0)
    return round(CROWDED * min(max((density - 0.12) / 0.6, 0.0), 1.0))


def pen_look(level: int, crowd: int = 0) -> tuple[float, float]:
    """Return (width at scale 1, opacity) of edges of a level between −LEVELS and LEVELS."""
    share, crowded = LEVEL_SHARES[abs(level)], crowd / CROWDED
    widest = WIDEST + (WIDEST_CROWDED - WIDEST) * crowded
    width = THINNEST + (widest - THINNEST) * share**1.3
    opacity = (0.28 - 0.22 * crowded) + 0.62 * share ** (0.7 + 1.2 * crowded)
    return (width, opacity) if abs(level) > 1 else (0.8 * width, 0.45 * opacity)


def unsigned_look(level: int, crowd: int = 0) -> tuple[float, float]:
    """Return (width at scale 1, opacity) of edges that show an unsigned quantity; even the faintest are visible."""
    share, crowded = LEVEL_SHARES[abs(level)], crowd / CROWDED
    widest = WIDEST + (WIDEST_CROWDED - WIDEST) * crowded
    width, opacity = 1.2 + (widest - 1.2) * share, (0.75 - 0.45 * crowded) + (0.2 + 0.3 * crowded) * share
    return (width, opacity) if level else (THINNEST, 0.5 * opacity)


def level_colours(theme: Theme, *, signed: bool) -> tuple[QColor, ...]:
    """Return the colour of each level from −LEVELS to LEVELS: that of its sign, or from grey to the error colour."""
    levels = range(-LEVELS, LEVELS + 1)
    if theme.printed and signed:
        return tuple(QColor(theme.ink) for _ in levels)
    if signed:
        return tuple(QColor(theme.positive if n > 0 else theme.negative if n < 0 else theme.faint) for n in levels)
    shares = [LEVEL_SHARES[abs(level)] for level in levels]
    return tuple(mixed(QColor(theme.muted), QColor(theme.error), share) for share in shares)


@lru_cache(maxsize=32)
def pens_of(theme: Theme, scale: float, crowd: int = 0, *, signed: bool = True) -> tuple[QPen, ...]:
    """Return the pens from level −LEVELS to LEVELS."""
    pens = []
    for level, colour in zip(range(-LEVELS, LEVELS + 1), level_colours(theme, signed=signed), strict=True):
        width, opacity = (pen_look if signed else unsigned_look)(level, crowd)
        colour.setAlphaF(opacity)
        pen = QPen(colour, width * scale)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        if theme.printed and signed and level < 0:
            pen.setDashPattern([length / width for length in NEGATIVE_DASHES])
        pens.append(pen)
    return tuple(pens)


def levels_of(strengths: Strengths) -> Integers:
    """Return the level of each edge, −LEVELS … LEVELS; the smallest edges keep their sign."""
    levels: Integers = np.searchsorted(LEVEL_FLOORS, np.abs(strengths)) * np.sign(strengths).astype(np.int64)
    return levels


class EdgePaths:
    """The cached curves of a layout."""

    def __init__(self) -> None:
        self._layout: Layout | None = None
        self._paths: list[list[QPainterPath]] = []

    def of(self, layout: Layout, gap: int) -> list[QPainterPath]:
        """Return the curves of ``gap``, source by source."""
        if layout is not self._layout:
            self._layout = layout
            self._paths = [[] for _ in range(layout.gaps)]
        if not self._paths[gap]:
            x0, ys0, x1, ys1 = layout.gap_ends(gap)
            self._paths[gap] = [edge_path(x0, float(a), x1, float(b)) for a in ys0 for b in ys1]
        return self._paths[gap]


def paint_edges(painter: QPainter, picture: Picture, paths: EdgePaths, *, opacity: float = 1.0) -> None:
    """Paint every edge as a curve."""
    painter.setOpacity(opacity)
    for gap in range(picture.layout.gaps):
        paint_gap(painter, picture, paths, gap)
    painter.setOpacity(1.0)


def paint_gap(painter: QPainter, picture: Picture, paths: EdgePaths, gap: int) -> None:
    """Paint the edges of one layer of weights, the strongest last."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    pens = pens_of(picture.style.theme, picture.layout.scale, crowding(picture.layout, gap), signed=picture.signed)
    curves = paths.of(picture.layout, gap)
    levels = levels_of(picture.strengths[gap]).ravel()
    pen = None
    for edge in np.argsort(np.abs(levels), kind="stable").tolist():
        level = int(levels[edge])
        if level != pen:
            painter.setPen(pens[level + LEVELS])
            pen = level
        painter.drawPath(curves[edge])


def paint_lit_edges(painter: QPainter, picture: Picture, paths: EdgePaths) -> None:
    """Paint the edges of the selection at full strength, and the selected or hovered edge in the accent colour."""
    chosen = picture.selection
    if chosen is not None and chosen.kind in ("neuron", "bias", "feature"):
        column = chosen.layer + 1
        pens = pens_of(picture.style.theme, picture.layout.scale, signed=picture.signed)
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
    for edge, extra in (*((lit, 0.6) for lit in picture.hovered), (picture.selection, 0.0)):
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
    s = picture.layout.scale
    width = max(3.2 - thinner, THINNEST + (WIDEST - THINNEST) * abs(float(values[row, column])) - thinner) * s
    pen = QPen(QColor(picture.style.theme.accent), width)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    painter.setPen(pen)
    painter.drawPath(paths.of(picture.layout, edge.layer)[row * values.shape[1] + column])


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
    for chosen, width in (*((lit, 1.2) for lit in picture.hovered), (picture.selection, 2.0)):
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


def paint_unscaled(painter: QPainter, images: Sequence[tuple[QPointF, QImage]]) -> None:
    """Paint each image pixel by pixel with its corner at the pixel nearest to its point, whatever the painter's scale."""
    ratio = painter.device().devicePixelRatio()
    world = painter.worldTransform()
    painter.save()
    painter.resetTransform()
    for point, image in images:
        at = world.map(point) * ratio
        image.setDevicePixelRatio(ratio)
        painter.drawImage(QPointF(round(at.x()), round(at.y())) / ratio, image)
    painter.restore()


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
    """Paint the name of a node above it, as wide as the distance of columns and within the picture."""
    half = min(layout.spacing / 2, column.x, layout.width - column.x) - 2 * layout.scale
    height = float(painter.fontMetrics().height())
    box = QRectF(column.x - half, y - column.node / 2 - height - layout.scale, 2 * half, height)
    text = painter.fontMetrics().elidedText(label, Qt.TextElideMode.ElideRight, int(2 * half))
    painter.drawText(box, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignVCenter, text)


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


def label_font(style: Style) -> QFont:
    """Return the font of feature and output names."""
    return application_font(max(style.type_px(11.5), 9.0), QFont.Weight.Medium, family=style.family)
