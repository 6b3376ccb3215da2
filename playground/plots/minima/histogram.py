"""Draw the final losses of many restarts as stacked blocks, and the list of distinct minima."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter

from core.arrays import Floats, Integers
from playground.plots.landscape.data import distinct
from playground.plots.minima.network import NetworkMinima
from playground.plotting.canvas.canvas import Area, Canvas
from playground.plotting.canvas.ticks import linear_ticks
from playground.plotting.drawing.outline import draw_polyline
from playground.plotting.drawing.pencil import Align, pen, polygon, read_out, text_width, write
from playground.plotting.pins.ghosts import Ghost
from playground.style.numbers import short, thousands
from playground.style.patterns import fill_rect
from playground.style.theme import Style

MIN_BINS: Final = 8
MAX_BINS: Final = 24
BIN: Final = 13.0
"""Width of a bin from which there can be more of them, in pixels at scale 1; narrower blocks would be hard to click."""

ROW: Final = 26.0
BAR: Final = 5.0
MIN_LIST_WIDTH: Final = 30.0
MAX_SIDE: Final = 36.0
GAP_SHARE: Final = 0.15
"""Gap between blocks relative to their height, where they are low."""

MAX_COLOURS: Final = 6
"""Number of the lowest minima with a colour of their own; the others are grey."""


def arrange_histogram(canvas: Canvas, every: Sequence[NetworkMinima], style: Style) -> None:
    """Set ranges and ticks for ``every`` run."""
    ranges = [each.range() for each in every]
    low, high = min(low for low, _ in ranges), max(high for _, high in ranges)
    canvas.set_ranges((low, high), (0.0, 1.0))
    area = canvas.area()
    levels = [level for level, _ in linear_ticks(low, high, max(2, int(area.rect.width() / style.px(60))))]
    texts = distinct([10.0**level for level in levels])
    canvas.bottom.show_ticks(tuple(zip(levels, texts, strict=True)), style, name="final loss")
    canvas.left.show_ticks((), style, name="each block: a restart" if canvas.still else "")


def bin_count(area: Area, style: Style) -> int:
    """Return the number of bins for the width of the plot."""
    return min(max(int(area.rect.width() / style.px(BIN)), MIN_BINS), MAX_BINS)


def bins_of(area: Area, data: NetworkMinima, style: Style) -> Integers:
    """Return the bin of each restart; −1 where the loss is not finite, (n,)."""
    low, high = area.x_range
    levels = data.levels
    known = np.isfinite(levels)
    shares = np.where(known, (np.where(known, levels, low) - low) / (high - low), 0.0)
    count = bin_count(area, style)
    return np.where(known, np.clip((shares * count).astype(np.int64), 0, count - 1), -1)


def counts_of(area: Area, data: NetworkMinima, style: Style) -> Floats:
    """Return the number of restarts in each of the bins, (b,)."""
    bins = bins_of(area, data, style)
    return np.bincount(bins[bins >= 0], minlength=bin_count(area, style)).astype(np.float64)


def scaled_counts(area: Area, data: NetworkMinima, other: NetworkMinima, style: Style) -> Floats:
    """Return the counts of ``other`` as if it had as many restarts as ``data``, (b,)."""
    return counts_of(area, other, style) * (len(data.restarts) / max(len(other.restarts), 1))


def block_height(area: Area, data: NetworkMinima, others: Sequence[NetworkMinima], style: Style) -> float:
    """Return the height of a block, such that the tallest column of all runs fits, in pixels."""
    columns = [counts_of(area, data, style), *(scaled_counts(area, data, other, style) for other in others)]
    tallest = max(1.0, *(float(each.max()) for each in columns))
    return min(area.rect.width() / bin_count(area, style), area.rect.height() / tallest, style.px(MAX_SIDE))


def blocks(
    area: Area, data: NetworkMinima, style: Style, others: Sequence[NetworkMinima] = ()
) -> list[tuple[QRectF, int]]:
    """Return the block and the index of each restart with a finite loss; ``others`` share the axes.

    Blocks are as wide as their bin, because squares of a tall column would be too small to see.
    """
    bins, of, count = bins_of(area, data, style), data.minimum_of, bin_count(area, style)
    bin_width, height = area.rect.width() / count, block_height(area, data, others, style)
    width = min(bin_width, style.px(MAX_SIDE))
    heights = np.zeros(count, dtype=np.int64)
    result = []
    # Group restarts that ended in the same minimum.
    for index in sorted(of, key=lambda each: (of[each], each)):
        column = int(bins[index])
        left = area.rect.left() + (column + 0.5) * bin_width - width / 2
        top = area.rect.bottom() - (int(heights[column]) + 1) * height
        heights[column] += 1
        result.append((QRectF(left, top, width, height), index))
    return result


def rows(canvas: Canvas, area: Area, data: NetworkMinima, style: Style) -> list[tuple[QRectF, int]]:
    """Return the rectangle and the index of each minimum in the list, as far as they fit."""
    left = area.rect.right() + style.px(10)
    width = canvas.width() - left - style.px(6)
    if width < style.px(MIN_LIST_WIDTH):
        return []
    bottom = canvas.height() - canvas.captions.height_below(style, canvas.width())
    count = max(0, int((bottom - area.rect.top() - style.px(16)) / style.px(ROW)))
    if count < len(data.minima):
        count = max(0, count - 1)  # the last row counts those left out
    return [
        (QRectF(left, area.rect.top() + style.px(ROW * index), width, style.px(ROW)), index)
        for index in range(min(len(data.minima), count))
    ]


def paint_outline(
    p: QPainter, area: Area, ghost: Ghost[NetworkMinima], data: NetworkMinima, height: float, style: Style
) -> None:
    """Draw the histogram of a pinned run as a dashed outline, as shares of the restarts of ``data``."""
    counts = scaled_counts(area, data, ghost.data, style)
    edges = np.linspace(area.rect.left(), area.rect.right(), len(counts) + 1)
    tops = area.rect.bottom() - counts * height
    xs = np.repeat(edges, 2)
    ys = np.concatenate([[area.rect.bottom()], np.repeat(tops, 2), [area.rect.bottom()]])
    p.setBrush(Qt.BrushStyle.NoBrush)
    p.setPen(ghost.pen(style))
    draw_polyline(p, polygon(xs, ys))


def minimum_at(
    canvas: Canvas, data: NetworkMinima, style: Style, position: QPointF, others: Sequence[NetworkMinima] = ()
) -> int | None:
    """Return the index of the minimum whose row or block is at ``position``, or ``None``."""
    area = canvas.area()
    for rect, index in rows(canvas, area, data, style):
        if rect.contains(position):
            return index
    for rect, restart in blocks(area, data, style, others):
        if rect.contains(position):
            return data.minimum_of[restart]
    return None


def paint_histogram(
    p: QPainter,
    canvas: Canvas,
    area: Area,
    data: NetworkMinima,
    style: Style,
    mouse: QPointF | None,
    others: Sequence[NetworkMinima] = (),
) -> None:
    """Draw blocks and list, and outline the minimum under the mouse."""
    hovered = None if mouse is None else minimum_at(canvas, data, style, mouse, others)
    of = data.minimum_of
    p.setPen(pen(style.theme.line, 1.0))
    p.drawLine(area.rect.bottomLeft(), area.rect.bottomRight())
    for rect, restart in blocks(area, data, style, others):
        index = of[restart]
        if style.theme.printed:
            inset = min(1.0, GAP_SHARE * rect.height())
            _fill(p, rect.adjusted(inset, inset, -inset, -inset), index, style)
            continue
        edge = min(style.px(1.2), GAP_SHARE * rect.height())
        p.setPen(pen(style.theme.ink if index == hovered else style.theme.panel, edge))
        p.setBrush(minimum_colour(index, style))
        p.drawRect(rect)
    texts = distinct([minimum.loss for minimum in data.minima])
    listed = rows(canvas, area, data, style)
    if listed and len(listed) < len(data.minima):
        below = QPointF(listed[-1][0].left() + style.px(5), listed[-1][0].bottom() + style.px(10))
        rest = f"+ {len(data.minima) - len(listed)}"
        fits = text_width(style, f"{rest} more") <= listed[-1][0].width() - style.px(5)
        write(p, style, below, f"{rest} more" if fits else rest, colour=style.theme.muted)
    for rect, index in listed:
        minimum = data.minima[index]
        if index == hovered:
            p.setPen(Qt.PenStyle.NoPen)
            p.setBrush(QColor(style.theme.soft))
            p.drawRoundedRect(rect, style.px(4), style.px(4))
        y, inset = rect.top() + rect.height() * 0.38, style.px(5)
        members = f"{len(minimum.members)} ×"
        room = rect.width() - 2 * inset - text_width(style, f" {members}")
        name = f"loss {texts[index]}"
        name = name if text_width(style, name) <= room else _narrow(style, minimum.loss, texts[index], room)
        write(p, style, QPointF(rect.left() + inset, y), name, colour=style.theme.ink)
        share = len(minimum.members) / max(len(data.restarts), 1)
        count = QPointF(rect.right() - inset, y)
        if text_width(style, name) <= room:  # otherwise only the bar shows how many there are
            write(p, style, count, members, colour=style.theme.muted, align=Align.AlignRight)
        bar = QRectF(
            rect.left() + inset, rect.bottom() - style.px(BAR + 4), (rect.width() - 2 * inset) * share, style.px(BAR)
        )
        _fill(p, bar, index, style, style.px(2))
    if mouse is not None and hovered is not None:
        _paint_read_out(p, area, data, hovered, style, mouse)


def _paint_read_out(p: QPainter, area: Area, data: NetworkMinima, hovered: int, style: Style, mouse: QPointF) -> None:
    """Say what the minimum under the mouse is."""
    minimum = data.minima[hovered]
    lowest = data.restarts[minimum.members[0]]
    lines = [
        ("final loss", short(minimum.loss, 4)),
        ("restarts", f"{thousands(len(minimum.members))} of {thousands(len(data.restarts))}"),
        ("‖gradient‖", short(lowest.slope, 2)),
        ("seed", str(lowest.seed)),
        ("click", "load these weights"),
    ]
    # Beside the list, so that it does not cover the list.
    anchor = mouse if area.rect.contains(mouse) else QPointF(area.rect.center().x(), mouse.y())
    read_out(p, style, anchor, area.rect, lines)


def _narrow(style: Style, loss: float, text: str, room: float) -> str:
    """Return ``loss`` in at most ``room`` pixels: as ``text``, or with fewer digits, so that its power of ten is kept.

    At least one digit is always written.
    """
    forms = (text, *(short(loss, digits) for digits in (4, 3, 2)))
    return next((form for form in forms if text_width(style, form) <= room), short(loss, 1))


def _fill(p: QPainter, rect: QRectF, index: int, style: Style, radius: float = 0.0) -> None:
    """Fill ``rect`` for minimum ``index``; in a printed theme, those without a hatch of their own stay white."""
    if style.theme.printed and index >= MAX_COLOURS:
        p.setPen(pen(style.theme.ink, style.px(0.9)))
        p.setBrush(QColor(style.theme.panel))
        p.drawRect(rect)
        return
    fill_rect(p, rect, style, minimum_colour(index, style), index, radius)


def minimum_colour(index: int, style: Style) -> QColor:
    """Return the colour of minimum ``index``."""
    palette = style.theme.class_palette
    return QColor(palette[index]) if index < min(MAX_COLOURS, len(palette)) else QColor(style.theme.muted)
