"""Draw the predictions of pinned runs for single samples over those of the current run."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter

from core.arrays import Booleans
from playground.plots.output.answers import share_bars, tile_boxes
from playground.plots.output.data import OutputData, ShareData, TileData, wrong
from playground.plotting.canvas.canvas import Area
from playground.plotting.drawing.pencil import read_out
from playground.plotting.pins.ghosts import Ghost, paint_ghost_dots
from playground.style.numbers import percent
from playground.style.theme import Style

FRAME: Final = 2.0
"""Distance between the frames of an image in pixels."""


def paint_ghost_answers(
    p: QPainter, area: Area, now: TileData | ShareData, ghost: Ghost[OutputData], place: int, style: Style
) -> None:
    """Draw what the pinned run ``ghost``, the one at ``place``, answers where the current one shows ``now``.

    Images that it gets wrong are framed; its share of each class is a dashed outline of a bar; predicted values are hollow dots.
    """
    match ghost.data:
        case TileData():
            framed = wrong(now) if isinstance(now, TileData) else np.zeros(len(ghost.data.true), dtype=bool)
            _paint_frames(p, area, ghost.data, framed, ghost, place, style)
        case ShareData() if len(ghost.data.true):
            low, high = area.y_range
            xs, ys = area.xs(ghost.data.true), area.ys(ghost.data.predicted.clip(low, high))
            paint_ghost_dots(p, xs, ys, ghost, style, style.px(2.4))
        case ShareData():
            _paint_outlines(p, area, ghost.data, ghost, place, style)


def _paint_frames(
    p: QPainter, area: Area, data: TileData, framed: Booleans, ghost: Ghost[OutputData], place: int, style: Style
) -> None:
    """Frame what the pinned run gets wrong, outside the frame of the current one."""
    p.setPen(ghost.pen(style))
    p.setBrush(Qt.BrushStyle.NoBrush)
    for tile, is_wrong, is_framed in zip(tile_boxes(area, data, style), wrong(data), framed, strict=False):
        if is_wrong:
            distance = 1.5 + FRAME * (place + is_framed)
            p.drawRect(tile.adjusted(-distance, -distance, distance, distance))


def _paint_outlines(
    p: QPainter, area: Area, data: ShareData, ghost: Ghost[OutputData], place: int, style: Style
) -> None:
    p.setPen(ghost.pen(style))
    p.setBrush(Qt.BrushStyle.NoBrush)
    out = style.px(1.5 * (place + 1))
    for bar, share in zip(share_bars(area, data, style), data.shares.tolist(), strict=True):
        if math.isfinite(share):
            p.drawRect(QRectF(bar.left(), bar.top() - out, bar.width() * share, bar.height() + 2 * out))


def read_answers(
    p: QPainter,
    area: Area,
    data: TileData | ShareData,
    style: Style,
    mouse: QPointF,
    pinned: Sequence[Ghost[OutputData]],
) -> None:
    """Draw a box with the predictions of the current and the ``pinned`` runs for the image or the class under the mouse."""
    lines: list[tuple[str, str]] = []
    match data:
        case TileData():
            tiles = tile_boxes(area, data, style)
            index = next((n for n, tile in enumerate(tiles) if tile.contains(mouse)), None)
            if index is not None:
                names = data.class_names
                lines = [("true", names[data.true[index]]), ("predicted", names[data.predicted[index]])]
                lines += [
                    (f"predicted, {ghost.name}", names[ghost.data.predicted[index]])
                    for ghost in pinned
                    if isinstance(ghost.data, TileData)
                ]
        case ShareData() if not len(data.true):
            rows = [bar.adjusted(-1e4, -style.px(6), 1e4, style.px(6)) for bar in share_bars(area, data, style)]
            index = next((n for n, row in enumerate(rows) if row.contains(mouse)), None)
            if index is not None:
                lines = [(f"correct, {data.class_names[index]}", percent(float(data.shares[index])))]
                lines += [
                    (ghost.name, percent(float(ghost.data.shares[index])))
                    for ghost in pinned
                    if isinstance(ghost.data, ShareData)
                ]
    if lines:
        read_out(p, style, mouse, area.rect, lines)
