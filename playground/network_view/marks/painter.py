"""Paint the colours and brackets of clones, the number of distinct neurons above each layer, and the legend of marks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter, QPen

from playground.network_view.layout.fonts import caption_font
from playground.network_view.layout.geometry import Column, corner_radius
from playground.network_view.marks.shown import LegendEntry, MarkKind
from playground.network_view.nodes.mark_tiles import HATCH_SPACING, HATCH_WIDTH, STROKE, cross_out, hatch
from playground.network_view.nodes.tiles import round_corners
from playground.network_view.picture import ColumnMarks, Picture
from playground.style.theme import Style

MAX_BRACKETS: Final = 3
"""Maximum number of brackets side by side; those of further groups overlap in the outermost position."""

REACH: Final = 5.0
"""Distance of a bracket from its nodes, in pixels at scale 1."""

STEP: Final = 3.0
"""Distance between the brackets of two groups."""

SYMBOL: Final = 13.0
"""Side of a legend's symbol in pixels at scale 1."""


def distinct_text(marks: ColumnMarks, *, wide: bool) -> str:
    """Return ``1 of 4 distinct``, or ``1 of 4`` if space is limited; empty if all neurons are distinct."""
    if marks.distinct == marks.count:
        return ""
    return f"{marks.distinct} of {marks.count}{' distinct' if wide else ''}"


def paint_clones(painter: QPainter, picture: Picture) -> None:
    """Outline the clones of each group in its colour, join them by a bracket, and count distinct neurons above."""
    layout, style = picture.layout, picture.style
    font = caption_font(style)
    groups = 0
    for column, marks in zip(layout.columns, picture.marks, strict=True):
        if marks is None or marks.distinct == marks.count:
            continue
        width = max(1.4 * layout.scale, 1.0)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for number, rows in enumerate(marks.clones):
            lines, boxes = _bracket(column, number, rows, layout.scale), _outlines(column, rows, layout.scale)
            radius = corner_radius(column.node, layout.scale)
            # A halo sets the bracket off from the edges behind it.
            for colour, wide in ((QColor(style.theme.panel), 3 * width), (clone_colour(groups, style), width)):
                painter.setPen(QPen(colour, wide))
                painter.drawLines(lines)
            painter.setPen(QPen(clone_colour(groups, style), 2 * width))
            for box in boxes:
                painter.drawRoundedRect(box, radius, radius)
            groups += 1
        painter.setFont(font)
        painter.setPen(QColor(style.theme.ink))
        text = distinct_text(marks, wide=layout.wide)
        height = QFontMetricsF(font).height()
        box = QRectF(column.x - layout.spacing / 2, column.top - height - 3 * layout.scale, layout.spacing, height)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)


def clone_colour(group: int, style: Style) -> QColor:
    """Return the colour of the clones of ``group``, counted over all layers."""
    palette = style.theme.class_palette
    return QColor(palette[group % len(palette)])


def _bracket(column: Column, number: int, rows: Sequence[int], scale: float) -> list[QLineF]:
    x = round(column.left - (REACH + STEP * min(number, MAX_BRACKETS - 1)) * scale) + 0.5  # a crisp line
    ys = column.ys[list(rows)].tolist()
    # Clones in a folded part of the layer are not shown, so a group may have one visible member.
    spine = QLineF(x, ys[0], x, ys[-1]) if len(ys) > 1 else QLineF(x, ys[0] - 3 * scale, x, ys[0] + 3 * scale)
    return [*(QLineF(x, y, column.left, y) for y in ys), spine]


def _outlines(column: Column, rows: Sequence[int], scale: float) -> list[QRectF]:
    side = column.node + 2.5 * scale  # around the node, so that its bias stays visible
    return [QRectF(column.x - side / 2, float(column.ys[row]) - side / 2, side, side) for row in rows]


def legend_width(entries: Sequence[LegendEntry], style: Style) -> float:
    """Return the width of the legend in pixels."""
    metrics = QFontMetricsF(caption_font(style))
    return sum(style.px(SYMBOL + 5) + metrics.horizontalAdvance(each.text) for each in entries) + style.px(12) * max(
        len(entries) - 1, 0
    )


def paint_legend(
    painter: QPainter, entries: Sequence[LegendEntry], style: Style, box: QRectF, ratio: float = 2.0
) -> list[QRectF]:
    """Paint the legend from the left of ``box`` and return the rectangle of each entry.

    Args:
        painter: the painter.
        entries: the marks to explain.
        style: colours and sizes.
        box: the available space.
        ratio: device pixels per unit.
    """
    font = caption_font(style)
    metrics = QFontMetricsF(font)
    painter.setFont(font)
    side, x = style.px(SYMBOL), box.left()
    boxes = []
    for entry in entries:
        symbol = QRectF(x, box.center().y() - side / 2, side, side)
        _paint_symbol(painter, entry.kind, symbol, style, ratio)
        width = metrics.horizontalAdvance(entry.text)
        painter.setPen(QColor(style.theme.muted))
        painter.drawText(
            QRectF(x + side + style.px(5), box.top(), width + style.px(4), box.height()),
            Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter,
            entry.text,
        )
        boxes.append(QRectF(x, box.top(), side + style.px(5) + width, box.height()))
        x += side + style.px(5 + 12) + width
    return boxes


def _paint_symbol(painter: QPainter, kind: MarkKind, box: QRectF, style: Style, ratio: float) -> None:
    """Paint a small node with the mark, using the code that paints the nodes of the picture."""
    theme, scale = style.theme, style.scale
    if kind == "clones":
        painter.setPen(QPen(clone_colour(0, style), max(1.4 * scale, 1.0)))
        left, right = box.left() + 2 * scale, box.right() - 1 * scale
        top, bottom = box.top() + 2 * scale, box.bottom() - 2 * scale
        ends = [QLineF(left, y, right, y) for y in (top, box.center().y(), bottom)]
        painter.drawLines([*ends, QLineF(left, top, left, bottom)])
        return
    side = max(round(box.width() * ratio), 4)
    pixel = side / box.width()
    tile = np.full((1, side, side), QColor(theme.zero).rgb(), dtype=np.uint32)
    own = np.zeros(1, dtype=np.int64)
    panel, ink = QColor(theme.panel).rgb(), QColor(theme.ink).rgb()
    if kind == "dead":
        cross_out(tile, own, STROKE * scale * pixel, ink, panel)
    elif kind == "saturated":
        tile[:] = QColor(theme.positive).rgb()
        hatch(tile, own, HATCH_SPACING * scale * pixel, HATCH_WIDTH * scale * pixel, ink)
    radius = corner_radius(box.width(), scale)
    round_corners(tile, radius * pixel, panel, QColor(theme.line).rgb(), max(pixel * scale, 1.0))
    image = QImage(tile.tobytes(), side, side, 4 * side, QImage.Format.Format_RGB32).copy()
    painter.drawImage(box, image)
    if kind == "dropped":
        pen = QPen(QColor(theme.muted), 1.2 * scale)
        pen.setDashPattern([2.5, 2.0])
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(box, radius, radius)


def entry_at(boxes: Sequence[QRectF], point: QPointF) -> int | None:
    """Return the index of the entry at ``point``, or ``None``."""
    return next((index for index, box in enumerate(boxes) if box.contains(point)), None)
