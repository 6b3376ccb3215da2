"""Draw the largest curvature of the loss over the steps on a log axis, with the limit 2/α."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import numpy as np
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QPainter
from typing_extensions import override

from core.arrays import Floats
from playground.plots.sharpness.data import SharpnessData
from playground.plotting.canvas.canvas import Area, Canvas
from playground.plotting.canvas.ranges import DecadeRange
from playground.plotting.canvas.ticks import decades_up, linear_ticks
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
from playground.plotting.pins.ghosts import Ghost, paint_ghost_curve
from playground.style.numbers import short, thousands
from playground.style.theme import Style

MAX_DECADES: Final = 12


class SharpnessPicture(Picture[SharpnessData]):
    """Draws :class:`SharpnessData` on a canvas."""

    def __init__(self, canvas: Canvas) -> None:
        super().__init__(canvas)
        self._decades = DecadeRange(2, MAX_DECADES)
        self._add_ghost_layer(_paint_ghost, 0.5)
        self._add_layer(self._paint, 1)

    @override
    def _arrange(self, data: SharpnessData, style: Style, before: SharpnessData | None) -> None:
        self._canvas.arrange(style, left=42, bottom=34, top=26, right=10)
        if before is not None and before.steps[-1] > data.end:
            self._decades.clear()
        every = self._all(data)
        values = np.concatenate([each.values for each in every])
        known = values[np.isfinite(values) & (values > 0.0)]
        low, high = self._decades.fit(np.append(known, [each.limit for each in every]))
        start, end = (float(each) for each in _ends(every))
        self._canvas.set_ranges((start, max(end, start + 1.0)), (float(low), float(high)))
        area = self._canvas.area()
        self._canvas.left.show_ticks(decades_up(low, high, area.rect.height(), style), style, name="λ", hairlines=True)
        across = linear_ticks(start, max(end, start + 1.0), max(2, int(area.rect.width() / style.px(60))))
        self._canvas.bottom.show_ticks(across, style, name="step")

    # -- painting ----------------------------------------------------------------------------------------------------

    def _paint(self, p: QPainter, area: Area, data: SharpnessData, style: Style) -> None:
        xs, ys = area.xs(data.steps.astype(np.float64)), _rows(area, data.values)
        self._paint_limit(p, area, data, style)
        known = np.isfinite(ys)
        p.setPen(pen(style.theme.accent, style.px(1.6)))
        draw_polyline(p, polygon(xs[known], ys[known]))
        p.setPen(pen(style.theme.panel, style.px(1)))
        p.setBrush(QColor(style.theme.accent))
        for x, y in zip(xs[known].tolist(), ys[known].tolist(), strict=True):
            p.drawEllipse(QPointF(x, y), style.px(3), style.px(3))
        self._name_limit(p, area, data, style)
        mouse = self._hover
        if mouse is not None and area.rect.contains(mouse):
            index = int(np.abs(xs - mouse.x()).argmin())
            value = float(data.values[index])
            lines = [("step", thousands(int(data.steps[index]))), ("λ", short(value, 3))]
            if math.isfinite(value) and value > 0.0:
                lines += [(data.formula, short(data.factor / value, 3)), ("α", short(data.rate, 3))]
            for ghost in self._drawn:
                at = int(np.abs(ghost.data.steps - area.value_at(mouse)[0]).argmin())
                lines.append((f"λ, {ghost.name}", short(float(ghost.data.values[at]), 3)))
            read_out(p, style, QPointF(float(xs[index]), mouse.y()), area.rect, lines)

    @staticmethod
    def _paint_limit(p: QPainter, area: Area, data: SharpnessData, style: Style) -> None:
        """Draw the limit, 2/α without momentum."""
        low, high = area.y_range
        at = math.log10(data.limit)
        if not low <= at <= high:
            return
        y = area.y(at)
        p.setPen(dashed_pen(style.theme.error, style.px(1.4), style.px(5), style.px(3)))
        p.drawLine(QPointF(area.rect.left(), y), QPointF(area.rect.right(), y))

    def _name_limit(self, p: QPainter, area: Area, data: SharpnessData, style: Style) -> None:
        """Write the value of the limit beside its line, where the fewest curves pass."""
        text, at = f"{data.limit_formula} = {short(data.limit, 3)}", math.log10(data.limit)
        if not area.y_range[0] <= at <= area.y_range[1] or text_width(style, text) >= area.rect.width():
            return
        runs = [data, *(ghost.data for ghost in self._drawn)]
        curves = [(area.xs(run.steps.astype(np.float64)), _rows(area, run.values)) for run in runs]
        box = limit_box(area.rect, area.y(at), text_width(style, text), curves, style)
        p.fillRect(box, faded(style.theme.panel, 0.85))
        write(p, style, box.center(), text, colour=style.theme.error, align=Align.AlignHCenter)


def limit_box(rect: QRectF, y: float, width: float, curves: Sequence[tuple[Floats, Floats]], style: Style) -> QRectF:
    """Return the box of a label ``width`` wide beside the line at ``y`` which the fewest ``curves`` pass through.

    Preferred is the upper right; all in pixels.
    """
    height, gap, wide = text_height(style), style.px(2), width + style.px(4)
    lefts = [rect.right() - wide, rect.left(), rect.center().x() - wide / 2]
    boxes = [QRectF(left, top, wide, height) for left in lefts for top in (y - height - gap, y + gap)]
    inside = [box for box in boxes if rect.top() <= box.top() and box.bottom() <= rect.bottom()] or boxes

    def crossings(box: QRectF) -> int:
        xs = np.linspace(box.left(), box.right(), 24)
        rows = [np.interp(xs, own, ys, left=np.nan, right=np.nan) for own, ys in curves if len(own)]
        return sum(int(((each >= box.top()) & (each <= box.bottom())).sum()) for each in rows)

    return min(inside, key=crossings)


def _ends(every: Sequence[SharpnessData]) -> tuple[int, int]:
    """Return the first and the last step of all runs."""
    return min(int(each.steps[0]) for each in every), max(each.end for each in every)


def _paint_ghost(p: QPainter, area: Area, ghost: Ghost[SharpnessData], style: Style) -> None:
    """Draw the curvature of a pinned run, and its limit paler where it is another one."""
    data = ghost.data
    ends = np.array([area.rect.left(), area.rect.right()])
    limit = np.full(2, area.y(math.log10(data.limit)))
    paint_ghost_curve(p, area, ends, limit, ghost, style, opacity=0.5)
    paint_ghost_curve(p, area, area.xs(data.steps.astype(np.float64)), _rows(area, data.values), ghost, style)


def _rows(area: Area, values: Floats) -> Floats:
    """Return the pixel rows of ``values`` on the log axis; NaN for values ≤ 0 or not finite."""
    with np.errstate(divide="ignore", invalid="ignore"):
        rows = area.ys(np.log10(values))
    return np.where(np.isfinite(values) & (values > 0.0), rows, np.nan)
