"""Draw predictions for single samples: images with predicted classes, accuracy by class, or predicted against true values."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter

from playground.plots.output.data import ShareData, TileData, wrong
from playground.plotting.canvas.canvas import Area
from playground.plotting.drawing.pencil import Align, faded, pen, text_height, text_width, write
from playground.style.numbers import percent
from playground.style.patterns import fill_rect
from playground.style.theme import Style, Theme
from playground.widgets.heat_map import colours_of, rgb_image


def tile_boxes(area: Area, data: TileData, style: Style) -> list[QRectF]:
    """Return the rectangles of the images that fit."""
    line = _line_below(style)
    side, gap = style.px(34), style.px(8)
    columns = max(1, int((area.rect.width() + gap) // (side + gap)))
    rows = max(1, int((area.rect.height() + gap) // (side + line + gap)))
    count = min(columns * rows, len(data.images))
    rows = max(1, math.ceil(count / columns))
    left = area.rect.center().x() - (columns * (side + gap) - gap) / 2
    top = area.rect.center().y() - (rows * (side + line + gap) - gap) / 2
    return [
        QRectF(left + index % columns * (side + gap), top + index // columns * (side + line + gap), side, side)
        for index in range(count)
    ]


def _line_below(style: Style) -> float:
    return text_height(style) + style.px(3)


def paint_tiles(p: QPainter, area: Area, data: TileData, style: Style) -> None:
    """Draw as many images as fit, each with its predicted class; wrong predictions are outlined."""
    line = _line_below(style)
    table = _grey_table(style.theme)
    is_wrong = wrong(data)
    p.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
    for index, tile in enumerate(tile_boxes(area, data, style)):
        p.drawImage(tile, rgb_image(colours_of(2.0 * data.images[index] - 1.0, 1.0, table)))
        predicted, true = data.class_names[data.predicted[index]], data.class_names[data.true[index]]
        at = QPointF(tile.center().x(), tile.bottom() + line / 2 + style.px(1))
        if is_wrong[index]:
            p.setPen(pen(style.theme.error, style.px(2)))
            p.setBrush(Qt.BrushStyle.NoBrush)
            p.drawRect(tile.adjusted(-1.5, -1.5, 1.5, 1.5))
            text = f"{predicted} ≠ {true}"
            write(p, style, at, text, colour=style.theme.error, align=Align.AlignHCenter, bold=True)
        else:
            write(p, style, at, predicted, colour=style.theme.muted, align=Align.AlignHCenter)


def _grey_table(theme: Theme) -> np.ndarray[tuple[int], np.dtype[np.uint32]]:
    """Return 256 colours from the field background to ink."""
    low, high = QColor(theme.field), QColor(theme.ink)
    steps = np.linspace(0.0, 1.0, 256)
    pairs = ((low.red(), high.red()), (low.green(), high.green()), (low.blue(), high.blue()))
    red, green, blue = (np.round(a + (b - a) * steps).astype(np.uint32) for a, b in pairs)
    return np.asarray(0xFF000000 | red << 16 | green << 8 | blue, dtype=np.uint32)


def share_bars(area: Area, data: ShareData, style: Style) -> list[QRectF]:
    """Return the rectangle of the bar of each class at a share of 1."""
    row = min(area.rect.height() / max(len(data.class_names), 1), style.px(30))
    names = min(max(text_width(style, name) for name in data.class_names), area.rect.width() * 0.4)
    left = area.rect.left() + names + style.px(8)
    width = max(area.rect.right() - left - style.px(46), style.px(10))
    return [
        QRectF(left, area.rect.top() + row * (index + 0.5) - style.px(4), width, style.px(8))
        for index in range(len(data.class_names))
    ]


def paint_shares(p: QPainter, area: Area, data: ShareData, style: Style) -> None:
    """Draw one bar per class with the share of its samples that was predicted correctly."""
    count = len(data.class_names)
    for index, (name, bar) in enumerate(zip(data.class_names, share_bars(area, data, style), strict=True)):
        y, share = bar.center().y(), float(data.shares[index])
        at = QPointF(bar.left() - style.px(8), y)
        write(p, style, at, name, colour=style.theme.ink, align=Align.AlignRight)
        p.setPen(Qt.PenStyle.NoPen)
        p.setBrush(QColor(style.theme.line))
        p.drawRoundedRect(bar, style.px(3), style.px(3))
        if math.isfinite(share):
            filled = QRectF(bar.left(), bar.top(), bar.width() * share, bar.height())
            fill_rect(p, filled, style, style.theme.class_colour(index, count), index, style.px(3))
        write(p, style, QPointF(bar.right() + style.px(6), y), percent(share, 0), colour=style.theme.muted)


def paint_predictions(p: QPainter, area: Area, data: ShareData, style: Style) -> None:
    """Draw predicted against true values; they agree on the diagonal."""
    p.setPen(pen(style.theme.muted, style.px(1)))
    p.drawLine(area.rect.bottomLeft(), area.rect.topRight())
    p.setPen(Qt.PenStyle.NoPen)
    p.setBrush(faded(style.theme.ink, 0.5))
    radius = style.px(2.4)
    low, high = area.y_range
    predicted = np.clip(np.nan_to_num(data.predicted), low, high)
    for x, y in zip(area.xs(data.true).tolist(), area.ys(predicted).tolist(), strict=True):
        p.drawEllipse(QRectF(x - radius, y - radius, 2 * radius, 2 * radius))
