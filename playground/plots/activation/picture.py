"""Draw φ and φ′ above a histogram of the live pre-activations, with saturated and dead zones shaded."""

from __future__ import annotations

from typing import Final

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter
from typing_extensions import override

from playground.plots.activation.data import ActivationData
from playground.plots.activation.pins import outline, paint_cut, paint_ghost, x_range_of, y_range_of
from playground.plots.activation.zones import Zone
from playground.plotting.canvas.canvas import Area, Canvas
from playground.plotting.canvas.ranges import SpanRange
from playground.plotting.canvas.ticks import linear_ticks
from playground.plotting.drawing.outline import draw_polyline
from playground.plotting.drawing.pencil import (
    Align,
    dashed_pen,
    faded,
    pen,
    polygon,
    read_out,
    text_height,
    text_width,
    write,
)
from playground.plotting.pictures.picture import Picture
from playground.style.numbers import short
from playground.style.patterns import fill_polygon
from playground.style.theme import Style

STRIP: Final = 0.30
"""Height of the histogram relative to that of the curves."""

RIGHT: Final = 6
"""Margin at the right of the plot, in pixels at scale 1."""

LEGEND: Final = ("φ′", "φ")
"""Labels of the legend, from right to left."""

SAMPLE: Final = 16
"""Length of a line sample in the legend, in pixels at scale 1."""

GAP: Final = 8
"""Gap between the entries of the legend, in pixels at scale 1."""


class ActivationPicture(Picture[ActivationData]):
    """Draws :class:`ActivationData` on a canvas."""

    def __init__(self, canvas: Canvas) -> None:
        super().__init__(canvas)
        self._span = SpanRange()
        self._add_layer(self._paint_below, -5)
        self._add_ghost_layer(paint_ghost, 0.5)
        self._add_layer(self._paint, 1)

    @override
    def _arrange(self, data: ActivationData, style: Style, before: ActivationData | None) -> None:
        if before is None or before.name != data.name:
            self._span.clear()
        # On screen the layer menu is above the plot, beside the legend.
        self._canvas.arrange(style, left=34, bottom=36, top=26, right=RIGHT)
        area = self._canvas.area()
        own = [data, *(ghost.data for ghost in self._ghosts if not ghost.is_drawn)]
        pinned = [ghost.data for ghost in self._drawn]
        x_range = x_range_of(own, pinned)
        low, high = self._span.fit(*y_range_of(own, pinned, x_range))
        # The histogram has its own strip below the lowest value of the curves.
        strip = STRIP * (high - low)
        self._canvas.set_ranges(x_range, (low - strip, high))
        max_ticks = max(3, int(area.rect.height() / style.px(36)))
        below_menu = high - (high - low + strip) * 0.5 * text_height(style) / max(area.rect.height(), 1.0)
        ticks = tuple(tick for tick in linear_ticks(low, high, max_ticks) if tick[0] <= below_menu)
        self._canvas.left.show_ticks(ticks, style, hairlines=True)
        across = max(3, int(area.rect.width() / style.px(40)))
        self._canvas.bottom.show_ticks(linear_ticks(*x_range, across), style, name="pre-activation z")

    def _paint_below(self, p: QPainter, area: Area, data: ActivationData, style: Style) -> None:
        p.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        for zone in data.zones:
            left, right = _across(area, zone)
            width = max(right - left, 1.0)  # the zone around a zero of φ′ can be narrower than a pixel
            if left < area.rect.right() and right > area.rect.left():
                p.fillRect(QRectF(left, area.rect.top(), width, area.rect.height()), faded(style.theme.muted, 0.13))
        p.setPen(pen(style.theme.line, max(1.0, style.scale)))
        zero = area.x(0.0)
        p.drawLine(QPointF(zero, area.rect.top()), QPointF(zero, area.rect.bottom()))

    def _paint(self, p: QPainter, area: Area, data: ActivationData, style: Style) -> None:
        colour = style.theme.layer_colour(data.index, data.layers)
        self._paint_counts(p, area, data, style)
        p.setBrush(Qt.BrushStyle.NoBrush)
        z, phi, slope = data.over(area.x_range)
        xs = area.xs(z)
        p.setPen(dashed_pen(style.theme.muted, style.px(1.4), style.px(4), style.px(3)))
        draw_polyline(p, polygon(xs, area.ys(slope)))
        p.setPen(pen(colour, style.px(2)))
        draw_polyline(p, polygon(xs, area.ys(phi)))
        self._paint_legend(p, area, style)
        self._paint_zones(p, area, data, style)
        self._paint_facts(p, area, data, style)
        paint_cut(p, area, self._drawn, len(facts(data)), style)
        if self._hover is not None and area.rect.contains(self._hover):
            index = int(np.abs(z - area.value_at(self._hover)[0]).argmin())
            x = area.x(float(z[index]))
            p.setPen(pen(style.theme.faint))
            p.drawLine(QPointF(x, area.rect.top()), QPointF(x, area.rect.bottom()))
            lines = [
                ("z", short(float(z[index]), 3)),
                ("φ", short(float(phi[index]), 3)),
                ("φ′", short(float(slope[index]), 3)),
            ]
            lines += [("", forms[0]) for forms in facts(data)]
            read_out(p, style, QPointF(x, self._hover.y()), area.rect, lines)

    @staticmethod
    def _paint_zones(p: QPainter, area: Area, data: ActivationData, style: Style) -> None:
        """Label each zone, below the curves, with its share of the pre-activations."""
        low, high = area.y_range
        y = area.y(high - (high - low) / (1.0 + STRIP)) + text_height(style) / 2 + style.px(2)
        for x, text in zone_labels(area, data, style):
            width, height = text_width(style, text) + style.px(2), text_height(style)
            # The bars of the histogram can reach the labels.
            p.fillRect(QRectF(x - width / 2, y - height / 2, width, height), faded(style.theme.panel, 0.6))
            write(p, style, QPointF(x, y), text, colour=style.theme.ink, align=Align.AlignHCenter)

    @staticmethod
    def _paint_facts(p: QPainter, area: Area, data: ActivationData, style: Style) -> None:
        """Write α and the cost in the upper left corner, as far as the curves leave room there."""
        height = text_height(style)
        y = area.rect.top() + height / 2 + style.px(1)
        for forms in facts(data):
            for fact in forms:
                width = text_width(style, fact) + style.px(5)
                backing = QRectF(area.rect.left() + style.px(2), y - height / 2, width, height)
                if is_free(area, data, backing):
                    p.fillRect(backing, faded(style.theme.panel, 0.8))
                    write(p, style, QPointF(area.rect.left() + style.px(4), y), fact, colour=style.theme.muted)
                    y += height
                    break

    @staticmethod
    def _paint_counts(p: QPainter, area: Area, data: ActivationData, style: Style) -> None:
        highest = float(data.counts.max(initial=0.0))
        base = area.rect.bottom()
        p.setPen(pen(style.theme.line, max(1.0, style.scale)))
        p.drawLine(QPointF(area.rect.left(), base), QPointF(area.rect.right(), base))
        if highest <= 0.0:
            return
        colour = style.theme.layer_colour(data.index, data.layers)
        fill_polygon(p, polygon(*outline(area, data)), style, faded(colour, 0.6), data.index)

    @staticmethod
    def _paint_legend(p: QPainter, area: Area, style: Style) -> None:
        x, y = area.rect.right(), area.rect.top() - style.px(11)
        dashes = dashed_pen(style.theme.muted, style.px(1.4), style.px(4), style.px(3))
        for text, stroke in zip(LEGEND, (dashes, pen(style.theme.ink, style.px(2))), strict=True):
            write(p, style, QPointF(x, y), text, colour=style.theme.ink, align=Align.AlignRight)
            x -= text_width(style, text) + style.px(4)
            p.setPen(stroke)
            p.drawLine(QPointF(x - style.px(SAMPLE), y), QPointF(x, y))
            x -= style.px(SAMPLE + GAP)


def legend_width(style: Style) -> float:
    """Return the width of the legend, which is at the right above the plot, in pixels from the edge of the canvas."""
    return sum(text_width(style, text) + style.px(SAMPLE + 4) for text in LEGEND) + style.px(GAP + RIGHT + 4)


def facts(data: ActivationData) -> list[tuple[str, ...]]:
    """Return α and the cost of the activation, as far as they are known, each in its forms, longest first."""
    found: list[tuple[str, ...]] = []
    if data.alpha is not None:
        found.append((f"α = {short(data.alpha, 3)}",))
    if data.cost is not None:
        cost = f"{short(data.cost, 2)} × ReLU"
        found.append((f"time: {cost}", cost))
    return found


def zone_labels(area: Area, data: ActivationData, style: Style) -> list[tuple[float, str]]:
    """Return the middle (pixels) and text of the label of each zone.

    A label stands in its zone, or beside a zone that is too narrow; an arrow points to a zone beyond the range. A zone beyond
    the range without pre-activations has none.
    """
    labels: list[tuple[float, str]] = []
    spans = [_across(area, zone) for zone in data.zones]
    gap, taken = style.px(4), area.rect.left()
    kind = "in dead zone" if data.zone == "dead" else data.zone  # of z: no neuron needs to be dead
    for index, (share, (left, right)) in enumerate(zip(data.zone_percents, spans, strict=True)):
        is_left, is_right = right <= area.rect.left(), left >= area.rect.right()
        forms = (f"← {share}",) if is_left else (f"{share} →",) if is_right else (f"{share} {kind}", share)
        if (is_left or is_right) and data.zones[index].share < 0.005:
            continue
        text = next((form for form in forms if text_width(style, form) < right - left - gap), forms[-1])
        half = text_width(style, text) / 2
        x = (left + right) / 2
        if 2 * half >= right - left - gap:  # beside the zone
            x = max(right + half + gap / 2, taken + half + gap)
        x = min(max(x, area.rect.left() + half + gap), area.rect.right() - half - gap)
        if x - half < taken:
            continue
        labels.append((x, text))
        taken = x + half
    return labels


def _across(area: Area, zone: Zone) -> tuple[float, float]:
    """Return the ends of ``zone`` in pixels, as far as it is in the plot."""
    low, high = area.x_range
    return area.x(min(max(zone.left, low), high)), area.x(min(max(zone.right, low), high))


def is_free(area: Area, data: ActivationData, rect: QRectF) -> bool:
    """Return whether ``rect`` (pixels) is inside the plot and no curve passes through it."""
    z, phi, slope = data.over(area.x_range)
    xs = area.xs(z)
    inside = (xs >= rect.left()) & (xs <= rect.right())
    heights = [area.ys(values[inside]) for values in (phi, slope)]
    meets = any(((ys >= rect.top()) & (ys <= rect.bottom())).any() for ys in heights)
    return rect.right() <= area.rect.right() and not meets
