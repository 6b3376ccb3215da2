"""Draw one pane per diagnostic: the normal range as a pale band over the layers, the network's values as dots."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter
from typing_extensions import override

from core.analysis.normal_ranges import DIAGNOSTICS, Diagnostic
from core.arrays import Floats
from playground.plots.ranges.data import RangesData, place_in_words, value_in_words
from playground.plotting.canvas.canvas import Area, Canvas
from playground.plotting.canvas.ranges import DecadeRange
from playground.plotting.canvas.ticks import Ticks, decade_label, thinned
from playground.plotting.drawing.outline import draw_polygon, draw_polyline
from playground.plotting.drawing.pencil import (
    Align,
    elided,
    faded,
    pen,
    polygon,
    read_out,
    text_height,
    text_width,
    write,
)
from playground.plotting.pictures.picture import Picture
from playground.plotting.pins.ghosts import Ghost, paint_ghost_curve, paint_ghost_dots
from playground.style.theme import Style

MAX_DECADES: Final = 24
DOT: Final = 3.2
RING: Final = DOT + 2.5
"""Radius of the ring around a value outside its range, in pixels at scale 1."""

BELOW: Final = RING + 2.0
"""Space below each pane for a ring at its lower end, in pixels at scale 1."""

TITLE: Final = 20.0 - BELOW + RING
"""Space above each pane for its title and a ring at its upper end, in pixels at scale 1."""

MIN_PANE: Final = TITLE + BELOW + 8.0
"""Minimum height of a pane with its title at scale 1; where not all panes have it, some are left out."""

MIN_BAND_WIDTH: Final = 10.0
"""Minimum width of a band in pixels at scale 1."""


class RangePane:
    """The pane of one diagnostic, which maps its values to a part of the vertical axis 0 … 1."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        self.diagnostic = diagnostic
        self.bottom, self.top = 0.0, 1.0
        self.decades = DecadeRange(1, MAX_DECADES)
        self._low, self._high = 0.0, 1.0
        self.is_low = False
        """Whether the pane is too low for ticks at both ends; its title says the ends of the scale then if it has room."""

    def fit(self, values: Floats) -> None:
        """Choose a scale that covers ``values``."""
        if self.diagnostic.scale == "log":
            low, high = self.decades.fit(values)
            self._low, self._high = float(low), float(high)

    def heights(self, values: Floats) -> Floats:
        """Return the axis positions of ``values``; 0 lies at the bottom, NaN stays NaN."""
        scaled = values.astype(np.float64)
        if self.diagnostic.scale == "log":
            with np.errstate(divide="ignore", invalid="ignore"):
                scaled = np.log10(np.maximum(values, 0.0))
        shares = np.clip((scaled - self._low) / (self._high - self._low), 0.0, 1.0)
        return np.asarray(self.bottom + shares * (self.top - self.bottom))

    @property
    def ends(self) -> tuple[str, str]:
        """The lower and the upper end of the scale."""
        if self.diagnostic.scale == "share":
            return "0", "100\u2009%"
        plain = self._low >= -3 and self._high <= 3
        return decade_label(round(self._low), plain=plain), decade_label(round(self._high), plain=plain)

    def ticks(self, line: float) -> Ticks:
        """Return the ticks at both ends, the upper one moved up where they are not one ``line`` of the axis apart."""
        low, high = self.ends
        return (self.bottom, low), (max(self.top, self.bottom + line), high)


class RangesPicture(Picture[RangesData]):
    """Draws :class:`RangesData` on a canvas."""

    def __init__(self, canvas: Canvas) -> None:
        super().__init__(canvas)
        self._every = {key: RangePane(diagnostic) for key, diagnostic in DIAGNOSTICS.items()}
        self._panes: list[RangePane] = []
        self._add_layer(self._paint_panes, 1)
        self._add_ghost_layer(self._paint_ghost, 2)
        self._add_layer(self._paint, 3)

    @override
    def _arrange(self, data: RangesData, style: Style, before: RangesData | None) -> None:
        if before is not None and before.key != data.key:
            for pane in self._every.values():
                pane.decades.clear()
        every = [pane for key, pane in self._every.items() if len(data.yours[key])]
        count = max(len(each.yours["update_ratio"]) for each in self._all(data))
        self._canvas.arrange(style, left=44, bottom=34, top=4)
        self._canvas.set_ranges((0.4, count + 0.6), (0.0, 1.0))
        area = self._canvas.area()
        height = max(area.rect.height(), 1.0)
        self._panes = _most_telling(every, data, max(1, int(height / style.px(MIN_PANE))))
        share = 1.0 / len(self._panes)
        title, below = min(style.px(TITLE) / height, 0.6 * share), min(style.px(BELOW) / height, 0.25 * share)
        ticks: list[tuple[float, str]] = []
        for place, pane in enumerate(self._panes):
            pane.top = 1.0 - place * share - title
            pane.bottom = 1.0 - (place + 1) * share + below
            key = pane.diagnostic.key
            values = [each.yours[key] for each in self._all(data)]
            bands = [each.ranges.by_key[key] for each in self._all(data) if key in each.ranges.by_key]
            pane.fit(np.concatenate([*values, *(end for band in bands for end in (band.low, band.high))]))
            pane.is_low = (pane.top - pane.bottom) * height < 1.6 * text_height(style)
            if not (pane.is_low and title_parts(pane, data, style, area.rect.width())[2]):
                ticks += pane.ticks(text_height(style) / height)
        self._canvas.left.show_ticks(tuple(ticks), style)
        names = max(2, int(area.rect.width() / style.px(26)))
        labels = tuple((i + 1.0, "out" if i == count - 1 else str(i + 1)) for i in thinned(count, names))
        self._canvas.bottom.show_ticks(labels, style, name=_axis_name(len(every) - len(self._panes)))

    # -- painting ----------------------------------------------------------------------------------------------------

    def _paint_panes(self, p: QPainter, area: Area, data: RangesData, style: Style) -> None:
        """Draw the normal ranges."""
        for pane in self._panes:
            p.setPen(pen(style.theme.line, max(1.0, style.scale)))
            for y in (area.y(pane.top), area.y(pane.bottom)):
                p.drawLine(QPointF(area.rect.left(), y), QPointF(area.rect.right(), y))
            band = data.ranges.by_key.get(pane.diagnostic.key)
            if band is not None:
                xs = self._columns(area, pane, len(data.yours[pane.diagnostic.key]))
                low, middle, high = (area.ys(pane.heights(each)) for each in (band.low, band.middle, band.high))
                self._paint_band(p, pane, style, area, xs, low, high)
                self._paint_middle(p, pane, style, area, xs, middle)

    def _paint_ghost(self, p: QPainter, area: Area, ghost: Ghost[RangesData], style: Style) -> None:
        """Draw the values of a pinned run as hollow dots on a dashed line."""
        for pane in self._panes:
            values = ghost.data.yours[pane.diagnostic.key]
            xs, ys = self._columns(area, pane, len(values)), area.ys(pane.heights(values))
            if len(values):
                paint_ghost_curve(p, area, xs, ys, ghost, style)
                paint_ghost_dots(p, xs, ys, ghost, style, style.px(1.5 * DOT))

    def _paint(self, p: QPainter, area: Area, data: RangesData, style: Style) -> None:
        for pane in self._panes:
            self._paint_pane(p, area, data, pane, style)
        mouse = self._hover
        if mouse is not None and area.rect.contains(mouse):
            self._paint_values(p, area, data, mouse, style)

    def _paint_pane(self, p: QPainter, area: Area, data: RangesData, pane: RangePane, style: Style) -> None:
        """Draw the values of this network."""
        key, theme = pane.diagnostic.key, style.theme
        yours = data.yours[key]
        xs = self._columns(area, pane, len(yours))
        outside = {each.index for each in data.outliers if each.key == key}
        ys = area.ys(pane.heights(yours))
        count = len(data.yours["update_ratio"])
        for index in np.flatnonzero(np.isfinite(ys)).tolist():
            colour = theme.layer_colour(index, count) if pane.diagnostic.per_layer else QColor(theme.ink)
            at, size = QPointF(float(xs[index]), float(ys[index])), style.px(DOT)
            if index in outside:  # a ring, so that outliers do not differ by colour alone
                p.setPen(pen(theme.error, style.px(1.4)))
                p.setBrush(Qt.BrushStyle.NoBrush)
                p.drawEllipse(at, style.px(RING), style.px(RING))
            p.setPen(Qt.PenStyle.NoPen)
            p.setBrush(colour)
            p.drawEllipse(at, size, size)
        # Rings at the ends of this scale and of the one above do not reach the title.
        y = area.y(pane.top) - style.px(RING) - text_height(style) / 2
        title, count_outside, scale = title_parts(pane, data, style, area.rect.width())
        write(p, style, QPointF(area.rect.left(), y), title + scale, colour=theme.muted)
        right = QPointF(area.rect.right(), y)
        write(p, style, right, count_outside, colour=theme.error, align=Align.AlignRight, bold=True)

    @staticmethod
    def _columns(area: Area, pane: RangePane, count: int) -> Floats:
        if not pane.diagnostic.per_layer:
            return np.array([area.rect.center().x()])
        return area.xs(np.arange(1.0, count + 1.0))

    @staticmethod
    def _paint_band(
        p: QPainter, pane: RangePane, style: Style, area: Area, xs: Floats, low: Floats, high: Floats
    ) -> None:
        p.setPen(Qt.PenStyle.NoPen)
        p.setBrush(faded(style.theme.muted, 0.22))
        if not pane.diagnostic.per_layer:
            p.drawRect(QRectF(QPointF(area.rect.left(), float(high[0])), QPointF(area.rect.right(), float(low[0]))))
            return
        known = np.isfinite(low) & np.isfinite(high)
        if known.sum() == 1:
            x, half = float(xs[known][0]), style.px(MIN_BAND_WIDTH)
            p.drawRect(QRectF(QPointF(x - half, float(high[known][0])), QPointF(x + half, float(low[known][0]))))
        elif known.any():
            outline = np.concatenate([xs[known], xs[known][::-1]]), np.concatenate([low[known], high[known][::-1]])
            draw_polygon(p, polygon(*outline))

    @staticmethod
    def _paint_middle(p: QPainter, pane: RangePane, style: Style, area: Area, xs: Floats, middle: Floats) -> None:
        p.setPen(pen(style.theme.muted, style.px(1.2)))
        p.setBrush(Qt.BrushStyle.NoBrush)
        if not pane.diagnostic.per_layer:
            p.drawLine(QPointF(area.rect.left(), float(middle[0])), QPointF(area.rect.right(), float(middle[0])))
            return
        known = np.isfinite(middle)
        draw_polyline(p, polygon(xs[known], middle[known]))

    def _paint_values(self, p: QPainter, area: Area, data: RangesData, mouse: QPointF, style: Style) -> None:
        """Show value and range under the mouse."""
        height = area.value_at(mouse)[1]
        pane = min(self._panes, key=lambda each: abs(height - 0.5 * (each.bottom + each.top)))
        key = pane.diagnostic.key
        index = 0
        if pane.diagnostic.per_layer:
            index = min(max(round(area.value_at(mouse)[0]) - 1, 0), len(data.yours[key]) - 1)
        value = float(data.yours[key][index])
        lines = [(place_in_words(key, index) or pane.diagnostic.label, "")]
        lines.append(("this network", value_in_words(key, value) if math.isfinite(value) else "–"))
        band = data.ranges.by_key.get(key)
        if band is not None and math.isfinite(float(band.low[index])):
            low, middle, high = (value_in_words(key, float(each[index])) for each in (band.low, band.middle, band.high))
            lines += [("normal", f"{low} … {high}"), ("median", middle)]
        for ghost in self._drawn:
            other = ghost.data.yours[key]
            if index < len(other) and math.isfinite(float(other[index])):
                lines.append((ghost.name, value_in_words(key, float(other[index]))))
        read_out(p, style, mouse, area.rect, lines)


def title_parts(pane: RangePane, data: RangesData, style: Style, width: float) -> tuple[str, str, str]:
    """Return title, number of values outside and, in a low pane, scale, as far as they fit in ``width`` pixels."""
    outside = sum(each.key == pane.diagnostic.key for each in data.outliers)
    text = "" if not outside else f"{outside} outside" if pane.diagnostic.per_layer else "outside"
    scale = f" · {pane.ends[0]} … {pane.ends[1]}" if pane.is_low else ""
    beside = style.px(12) + text_width(style, text, bold=True) + style.px(12) if text else 0.0
    names = (pane.diagnostic.label, pane.diagnostic.short_label)
    for shown, ends, taken in ((text, scale, beside), (text, "", beside), ("", scale, 0.0), ("", "", 0.0)):
        for name in names:
            if text_width(style, name + ends) + taken <= width:
                return name, shown, ends
    return elided(style, names[-1], width), "", ""


def _most_telling(panes: list[RangePane], data: RangesData, count: int) -> list[RangePane]:
    """Return ``count`` of ``panes`` in their order, those with values outside their range first."""
    outside = {each.key for each in data.outliers}
    ranked = sorted(panes, key=lambda pane: pane.diagnostic.key not in outside)[:count]
    return [pane for pane in panes if pane in ranked]


def _axis_name(left_out: int) -> str:
    """Return the name of the horizontal axis, which says how many panes a low plot leaves out."""
    return f"layer · {left_out} more in a larger view" if left_out else "layer"
