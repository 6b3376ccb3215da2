"""Draw the gradient noise by batch size, and the last batch's gradient beside the full gradient."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter
from typing_extensions import override

from core.arrays import Floats
from playground.plots.noise.arrows import arrows_of, named, paint_arrow, strokes
from playground.plots.noise.data import BATCHES, NoiseData
from playground.plots.noise.places import Drawn, along_level, along_upright, first_free
from playground.plotting.canvas.canvas import EDGE, Area, Canvas
from playground.plotting.canvas.ranges import DecadeRange
from playground.plotting.canvas.ticks import decades_up
from playground.plotting.drawing.outline import draw_polygon, draw_polyline
from playground.plotting.drawing.pencil import (
    dashed_pen,
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
from playground.style.numbers import short, thousands
from playground.style.theme import Style

MAX_DECADES: Final = 14

BAND: Final = 0.2
"""Opacity of the band."""

LEGEND: Final = (("variance ÷ ‖g‖²", "dot"), ("∝ 1/K", "line"))
LEGEND_ROW: Final = 15.0
"""Height of a row of the legend in pixels at scale 1."""

MIN_LEGEND: Final = (("variance", "dot"), ("1/K", "line"))
SHORT_LEGEND: Final = (*LEGEND, ("10–90 %", "band"))
WHOLE_LEGEND: Final = (*LEGEND, (f"10–90 % of {BATCHES} batches", "band"))

EQUAL: Final = "noise = gradient"
IN_USE: Final = "in use"
LOW: Final = 100.0
"""Height of the plot at scale 1 below which its lines are not labelled."""


class NoisePicture(Picture[NoiseData]):
    """Draws :class:`NoiseData` on a canvas."""

    def __init__(self, canvas: Canvas) -> None:
        super().__init__(canvas)
        self._decades = DecadeRange(2, MAX_DECADES)
        self._add_ghost_layer(_paint_ghost, 0.5)
        self._add_layer(self._paint, 1)

    @override
    def _arrange(self, data: NoiseData, style: Style, before: NoiseData | None) -> None:
        self._canvas.arrange(style, left=42, bottom=34, top=24, right=8)
        if _is_stacked(self._canvas.area(), style):
            self._canvas.arrange(style, left=42, bottom=34, top=24 + LEGEND_ROW, right=8)
        if before is not None and before.samples != data.samples:
            self._decades.clear()
        every = self._all(data)
        lines = [_line(each) for each in every if math.isfinite(each.noise_scale)]
        low, high = self._decades.fit(np.concatenate([*(each.measured for each in every), *lines]))
        end = math.log10(float(max(2, *(max(each.sizes[-1], each.batch.size) for each in every))))
        self._canvas.set_ranges((-0.06 * end, end * 1.04), (float(low), float(high)))
        area = self._canvas.area()
        self._canvas.left.show_ticks(decades_up(low, high, area.rect.height(), style), style, hairlines=True)
        most = max((each.sizes for each in every), key=len)
        stride = max(1, math.ceil(len(most) * style.px(30) / max(area.rect.width(), 1.0)))
        sizes = most[::stride].tolist()
        ticks = tuple((math.log10(size), thousands(size)) for size in sizes)
        self._canvas.bottom.show_ticks(ticks, style, name="batch size K")

    # -- painting ----------------------------------------------------------------------------------------------------

    def _paint(self, p: QPainter, area: Area, data: NoiseData, style: Style) -> None:
        xs = area.xs(np.log10(data.sizes.astype(np.float64)))
        p.save()
        p.setClipRect(area.rect.adjusted(-4, -4, 4, 4))
        self._paint_band(p, area, data, style, xs)
        if math.isfinite(data.noise_scale) and data.noise_scale > 0.0:
            p.setPen(pen(style.theme.ink, style.px(1.3)))
            draw_polyline(p, polygon(xs, area.ys(np.log10(_line(data)))))
        self._paint_marks(p, area, data, style)
        p.setPen(pen(style.theme.panel, style.px(1)))
        p.setBrush(QColor(style.theme.ink))
        for x, y in zip(xs.tolist(), _heights(area, data.measured).tolist(), strict=True):
            if math.isfinite(y):
                p.drawEllipse(QPointF(x, y), style.px(3.6), style.px(3.6))
        p.restore()
        _paint_legend(p, area, style)
        mouse = self._hover
        if mouse is not None and area.rect.contains(mouse):
            index = int(np.abs(xs - mouse.x()).argmin())
            size = int(data.sizes[index])
            lines = [
                ("batch size", thousands(size)),
                ("variance ÷ ‖g‖², drawn", short(float(data.measured[index]), 3)),
                ("σ² / (K ‖g‖²)", short(data.noise_scale / size, 3)),
                ("cosine of the batch", short(data.batch.cosine, 3)),
                ("‖batch‖ ÷ ‖full‖", short(data.batch.ratio, 3)),
                *((f"drawn, {ghost.name}", _measured_at(ghost.data, size)) for ghost in self._drawn),
            ]
            read_out(p, style, QPointF(float(xs[index]), mouse.y()), area.rect, lines)

    @staticmethod
    def _paint_band(p: QPainter, area: Area, data: NoiseData, style: Style, xs: Floats) -> None:
        low, high = _heights(area, data.low), _heights(area, data.high)
        finite = np.isfinite(low) & np.isfinite(high)
        p.setPen(Qt.PenStyle.NoPen)
        p.setBrush(faded(style.theme.muted, BAND))
        outline = np.concatenate([xs[finite], xs[finite][::-1]]), np.concatenate([low[finite], high[finite][::-1]])
        draw_polygon(p, polygon(*outline))

    def _paint_marks(self, p: QPainter, area: Area, data: NoiseData, style: Style) -> None:
        """Mark the batch size in use, and the level at which noise and gradient are equal; draw the two gradients.

        Names stand where there is room.
        """
        x = area.x(math.log10(max(data.batch.size, 1)))
        p.setPen(dashed_pen(style.theme.muted, style.px(1), style.px(3), style.px(3)))
        p.drawLine(QPointF(x, area.rect.top()), QPointF(x, area.rect.bottom()))
        low, high = area.y_range
        is_level_shown = low <= 0.0 <= high
        if is_level_shown:
            p.drawLine(QPointF(area.rect.left(), area.y(0.0)), QPointF(area.rect.right(), area.y(0.0)))
        level = QRectF(area.rect.left(), area.y(0.0) - 0.5, area.rect.width(), 1.0) if is_level_shown else QRectF()
        upright = QRectF(x - 0.5, area.rect.top(), 1.0, area.rect.height())
        runs, arrows = (data, *(ghost.data for ghost in self._drawn)), arrows_of(area, data, style)
        curves = tuple(curve for each in runs for curve in _curves(area, each))
        names = named(arrows, area, style, (Drawn(curves, style.px(4), (level, upright)),))
        for arrow in arrows:
            paint_arrow(p, arrow, strokes(style)[arrow.name], style)
        if area.rect.height() >= style.px(LOW):
            boxes = (*names.values(), *(box for arrow in arrows for box in arrow.boxes()))
            names |= self._names_of_marks(area, x, Drawn(curves, style.px(4), boxes), (level, upright), style)
        for text, box in names.items():
            # On the band, muted text would not have the contrast that it needs.
            p.fillRect(box.adjusted(-1.0, 1.0, 1.0, -1.0), faded(style.theme.panel, 0.8))
            write(p, style, QPointF(box.left(), box.center().y()), text, colour=style.theme.muted)

    @staticmethod
    def _names_of_marks(
        area: Area, x: float, taken: Drawn, marks: tuple[QRectF, QRectF], style: Style
    ) -> dict[str, QRectF]:
        """Return where the names of the line at ``x`` and of the level stand off what is ``taken``, if there is room."""
        (level, upright), gap, height = marks, style.px(4), text_height(style)
        sides = along_upright(x, text_width(style, IN_USE), height, area.rect, gap)
        in_use = first_free(sides, (taken, Drawn((), 0.0, (level,))))
        along = () if level.isNull() else along_level(area.y(0.0), text_width(style, EQUAL), height, area.rect, gap)
        equal = first_free(along, (taken, Drawn((), 0.0, (upright, in_use or QRectF()))))
        return {text: box for text, box in ((IN_USE, in_use), (EQUAL, equal)) if box is not None}


def _curves(area: Area, data: NoiseData) -> Iterator[tuple[Floats, Floats]]:
    """Yield the measured variances and the line σ²/K in pixels."""
    xs = area.xs(np.log10(data.sizes.astype(np.float64)))
    yield xs, _heights(area, data.measured)
    if math.isfinite(data.noise_scale) and data.noise_scale > 0.0:
        yield xs, area.ys(np.log10(_line(data)))


def _paint_ghost(p: QPainter, area: Area, ghost: Ghost[NoiseData], style: Style) -> None:
    """Draw the line σ²/K and the measured variances of a pinned run, dashed and hollow."""
    data = ghost.data
    xs = area.xs(np.log10(data.sizes.astype(np.float64)))
    if math.isfinite(data.noise_scale) and data.noise_scale > 0.0:
        paint_ghost_curve(p, area, xs, _heights(area, _line(data)), ghost, style)
    paint_ghost_dots(p, xs, _heights(area, data.measured), ghost, style, style.px(3.2))


def _measured_at(data: NoiseData, size: int) -> str:
    """Return the variance at batch ``size`` as text, where it was measured."""
    found = np.flatnonzero(data.sizes == size)
    return short(float(data.measured[found[0]]), 3) if len(found) else "–"


def _line(data: NoiseData) -> Floats:
    return np.asarray(data.noise_scale / data.sizes)


def _heights(area: Area, values: Floats) -> Floats:
    """Return the pixel rows of ``values`` on the log axis: 0 at the bottom, NaN for non-finite values."""
    low, high = area.y_range
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = np.where(values > 0.0, np.log10(np.where(values > 0.0, values, 1.0)), low)
    return area.ys(np.where(np.isfinite(values), np.clip(logs, low, high), np.nan))


def _paint_legend(p: QPainter, area: Area, style: Style) -> None:
    entries = list(_legend(area, style))
    whole = _legend_width(entries, style)
    is_stacked = _is_stacked(area, style)
    if is_stacked:
        whole = max(_legend_width([each], style) for each in entries)
    # Where it is wider than the plot, it begins over the axis.
    edge = style.px(EDGE if area.still else 2)
    x, y = max(min(area.rect.left(), area.rect.right() - whole), edge), area.rect.top() - style.px(14)
    y -= style.px(LEGEND_ROW) * is_stacked
    for word, kind in entries:
        if kind == "dot":
            p.setPen(Qt.PenStyle.NoPen)
            p.setBrush(QColor(style.theme.ink))
            p.drawEllipse(QPointF(x + style.px(7), y), style.px(3.6), style.px(3.6))
        elif kind == "band":
            p.fillRect(QRectF(x, y - style.px(5), style.px(14), style.px(10)), faded(style.theme.muted, BAND))
        else:
            p.setPen(pen(style.theme.ink, style.px(1.3)))
            p.drawLine(QPointF(x, y), QPointF(x + style.px(14), y))
        if is_stacked:
            text = elided(style, word, area.rect.right() - x - style.px(18))
            write(p, style, QPointF(x + style.px(18), y), text, colour=style.theme.muted)
            y += style.px(LEGEND_ROW)
            continue
        write(p, style, QPointF(x + style.px(18), y), word, colour=style.theme.muted)
        x += style.px(28) + text_width(style, word)


def _is_stacked(area: Area, style: Style) -> bool:
    """Return whether the entries of an exported legend are stacked, because one row is too narrow for both."""
    return area.still and _legend_width(LEGEND, style) > area.rect.right() - style.px(EDGE)


def _legend(area: Area, style: Style) -> Sequence[tuple[str, str]]:
    """Return what the legend names, with the band if there is room for it; a figure names it in its note."""
    if area.still:
        return LEGEND
    forms = (WHOLE_LEGEND, SHORT_LEGEND, LEGEND)
    return next((each for each in forms if _legend_width(each, style) <= area.rect.right() - style.px(2)), MIN_LEGEND)


def _legend_width(entries: Sequence[tuple[str, str]], style: Style) -> float:
    return sum(style.px(28) + text_width(style, word) for word, _ in entries) - style.px(10)
