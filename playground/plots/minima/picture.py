"""Draw the basins of attraction, each starting point in the colour of its minimum, or the histogram of a network."""

from __future__ import annotations

from collections.abc import Hashable
from functools import partial
from typing import Final

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from typing_extensions import override

from playground.plots.minima.data import MinimaData
from playground.plots.minima.histogram import arrange_histogram, block_height, paint_histogram, paint_outline, rows
from playground.plots.minima.network import NetworkMinima
from playground.plots.minima.places import paint_places
from playground.plotting.canvas.canvas import Area, Canvas
from playground.plotting.canvas.ticks import linear_ticks
from playground.plotting.drawing.pencil import Align, elided, pen, read_out, write
from playground.plotting.pictures.picture import Picture
from playground.plotting.pins.ghosts import Ghost
from playground.style.numbers import percent, short
from playground.style.patterns import marker, marker_brush, marker_pen
from playground.style.theme import Style, mixed
from playground.widgets.heat_map import Colours, rgb_image

LIST_WIDTH: Final = 150.0
MAX_LIST_SHARE: Final = 0.48
"""Maximum width of the list of a network's minima, relative to the card's."""

MIN_ROWS: Final = 3
"""With room for fewer minima, a picture leaves the list out: the histogram says more."""

ROW: Final = 30.0
BAR: Final = 5.0


class MinimaPicture(Picture["MinimaData | NetworkMinima"]):
    """Draws :class:`MinimaData` or :class:`NetworkMinima` on a canvas."""

    def __init__(self, canvas: Canvas) -> None:
        super().__init__(canvas)
        self._image: QImage | None = None
        self._image_key: tuple[object, ...] = ()
        self._add_layer(self._paint, 1)
        self._add_ghost_layer(self._paint_pinned, 1.5)

    @override
    def _arrange(
        self, data: MinimaData | NetworkMinima, style: Style, before: MinimaData | NetworkMinima | None
    ) -> None:
        if isinstance(data, NetworkMinima):
            listed = min(LIST_WIDTH, MAX_LIST_SHARE * self._canvas.width() / style.scale)
            place = partial(self._canvas.arrange, style, left=10, bottom=34, top=22 if self._canvas.still else 8)
            place(right=listed)
            fitting = len(rows(self._canvas, self._canvas.area(), data, style))
            if self._canvas.still and fitting < min(MIN_ROWS, len(data.minima)):
                place(right=10)
            arrange_histogram(self._canvas, [data, *self.others, *(place for _, place in self._places)], style)
            return
        self._canvas.arrange(style, left=34, bottom=34, top=8, right=LIST_WIDTH + 16)
        self._canvas.set_ranges((float(data.x[0]), float(data.x[-1])), (float(data.y[0]), float(data.y[-1])))
        area = self._canvas.area()
        across = linear_ticks(*area.x_range, max(2, int(area.rect.width() / style.px(50))))
        up = linear_ticks(*area.y_range, max(2, int(area.rect.height() / style.px(36))))
        self._canvas.bottom.show_ticks(across, style, name="start x", inline=True)
        self._canvas.left.show_ticks(up, style, name="y", inline=True)

    @property
    def others(self) -> list[NetworkMinima]:
        """The pinned runs whose histograms are drawn behind the network's."""
        mine = [ghost.data for ghost in self._ghosts if isinstance(ghost.data, NetworkMinima)]
        return [each for each in mine if each.place is None]

    @property
    def _places(self) -> list[tuple[Ghost[MinimaData | NetworkMinima], NetworkMinima]]:
        """The pinned runs with the same minima, and their places."""
        mine = [(ghost, ghost.data) for ghost in self._drawn]
        return [(ghost, data) for ghost, data in mine if isinstance(data, NetworkMinima) and data.place is not None]

    # -- painting ----------------------------------------------------------------------------------------------------

    def _paint(self, p: QPainter, area: Area, data: MinimaData | NetworkMinima, style: Style) -> None:
        if isinstance(data, NetworkMinima):
            paint_histogram(p, self._canvas, area, data, style, self._hover, self.others)
            places = [Ghost(ghost.name, ghost.colour, place) for ghost, place in self._places]
            paint_places(p, self._canvas, area, data, places, style)
            return
        key = (data, style.theme)
        if self._image is None or self._image_key != key:
            self._image, self._image_key = rgb_image(basin_pixels(data, style)[::-1]), key
        p.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
        p.drawImage(area.rect, self._image)
        for index, (x, y) in enumerate(data.surface.minima):
            at = QPointF(area.x(x), area.y(y))
            p.setPen(marker_pen(index, pen(style.theme.panel, style.px(1.5)), style))
            p.setBrush(marker_brush(index, minimum_colour(index, style), style))
            p.drawPath(marker(index, at, style.px(6), style))
        self._paint_list(p, area, data, style)
        mouse = self._hover
        if mouse is not None and area.rect.contains(mouse):
            x, y = area.value_at(mouse)
            column, row = int(np.abs(data.x - x).argmin()), int(np.abs(data.y - y).argmin())
            basin = int(data.basins[row, column])
            ending = f"f = {short(float(data.depths[basin]), 3)}" if basin >= 0 else "no minimum"
            start = f"({short(float(data.x[column]), 2)}, {short(float(data.y[row]), 2)})"
            read_out(p, style, mouse, area.rect, [("start", start), ("ends at", ending)])

    def _paint_pinned(self, p: QPainter, area: Area, ghost: Ghost[MinimaData | NetworkMinima], style: Style) -> None:
        """Draw the histogram of a pinned run."""
        data, other = self._data, ghost.data
        if isinstance(data, NetworkMinima) and isinstance(other, NetworkMinima) and other.place is None:
            height = block_height(area, data, self.others, style)
            paint_outline(p, area, Ghost(ghost.name, ghost.colour, other), data, height, style)

    @override
    def _ghost_key(self) -> Hashable:
        return self._data

    def _paint_list(self, p: QPainter, area: Area, data: MinimaData, style: Style) -> None:
        """List the minima with their values and a bar for the share of starting points that reach them."""
        left = area.rect.right() + style.px(14)
        width = self._canvas.width() - left - style.px(10)
        lost = 1.0 - float(data.shares.sum())
        entries = [
            (minimum_colour(index, style), f"f = {short(float(depth), 3)}", float(share))
            for index, (depth, share) in enumerate(zip(data.depths, data.shares, strict=True))
        ]
        if lost >= 0.005:
            entries.append((QColor(style.theme.muted), "none", lost))
        for number, (colour, text, share) in enumerate(entries):
            y = area.rect.top() + style.px(10 + ROW * number)
            if y + style.px(ROW) > self._canvas.height():
                return
            write(p, style, QPointF(left, y), elided(style, text, width * 0.7), colour=style.theme.ink)
            at = QPointF(left + width, y)
            write(p, style, at, percent(share, 0), colour=style.theme.muted, align=Align.AlignRight)
            bar = QRectF(left, y + style.px(9), width * share, style.px(BAR))
            p.setPen(Qt.PenStyle.NoPen)
            p.setBrush(colour)
            p.drawRoundedRect(bar, style.px(2), style.px(2))


def minimum_colour(index: int, style: Style) -> QColor:
    """Return the colour of minimum ``index``."""
    palette = style.theme.class_palette
    return QColor(palette[index % len(palette)])


def basin_pixels(data: MinimaData, style: Style) -> Colours:
    """Return the colours of the starting points, (n, n): the card's background colour if they reach no minimum."""
    panel = QColor(style.theme.panel)
    table = [mixed(minimum_colour(index, style), panel, 0.45).rgb() for index in range(len(data.depths))]
    return np.array([*table, panel.rgb()], dtype=np.uint32).take(data.basins)
