"""Draw the loss (or f above the deepest minimum) of every racer against the steps."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import numpy as np
from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainter

from core.arrays import Floats
from playground.plots.race.data import RaceData, Trajectory
from playground.plots.race.marks import racer_colour, racer_dots
from playground.plotting.canvas.canvas import Area, Canvas
from playground.plotting.canvas.ticks import decades_up, decimated, linear_ticks
from playground.plotting.drawing.outline import draw_polyline
from playground.plotting.drawing.pencil import Align, dashed_pen, pen, polygon, read_out, text_height, write
from playground.plotting.pins.ghosts import Ghost, paint_ghost_curve
from playground.style.numbers import short, thousands
from playground.style.patterns import with_dashes
from playground.style.theme import Style

MAX_DECADES: Final = 8
MAX_RISE: Final = 1.0
"""Decades above the start up to which a diverging racer is drawn."""

MAX_POINTS: Final = 600


def arrange_curves(canvas: Canvas, data: RaceData, style: Style, others: Sequence[RaceData] = ()) -> None:
    """Set ranges and ticks for the whole race, and for those of pinned runs."""
    ranges = [_range(each) for each in (data, *others)]
    low, high = min(low for low, _ in ranges), max(high for _, high in ranges)
    steps = max(float(each.steps) for each in (data, *others))
    canvas.set_ranges((0.0, steps), (low, high))
    area = canvas.area()
    up = decades_up(math.floor(low), math.ceil(high), area.rect.height(), style)
    up = tuple(tick for tick in up if low <= tick[0] <= high)
    if len(up) < 2:
        levels = linear_ticks(low, high, 4)
        up = tuple((level, short(10.0**level, 2)) for level, _ in levels)
    name = "loss" if data.goal is not None else "f above the deepest minimum"
    canvas.left.show_ticks(up, style, name=name, hairlines=True)
    across = linear_ticks(0.0, steps, max(2, int(area.rect.width() / style.px(60))))
    canvas.bottom.show_ticks(across, style, name="step")


def paint_pinned_curves(p: QPainter, area: Area, ghost: Ghost[RaceData], style: Style) -> None:
    """Draw the losses of the same racers on a pinned network, each with its number at the end."""
    low, high = area.y_range
    taken: list[float] = []
    for index, trajectory in enumerate(ghost.data.trajectories):
        levels = _levels(ghost.data, trajectory, low, high)
        steps, levels = decimated(np.arange(len(levels), dtype=np.float64), levels, MAX_POINTS)
        xs, ys = area.xs(steps), area.ys(np.clip(levels, low, high))
        paint_ghost_curve(p, area, xs, ys, ghost, style)
        end = QPointF(float(xs[-1]) - style.px(8), float(ys[-1]) - style.px(7))
        if all(abs(end.y() - row) >= text_height(style) for row in taken):
            write(p, style, end, str(index + 1), colour=ghost.tint(style), align=Align.AlignHCenter)
            taken.append(end.y())


def paint_curves(p: QPainter, area: Area, data: RaceData, shown: int, style: Style, mouse: QPointF | None) -> None:
    """Draw the curves up to step ``shown``, the target loss, and the values under the mouse."""
    low, high = area.y_range
    if data.goal is not None and low < math.log10(data.goal) < high:
        y = area.y(math.log10(data.goal))
        p.setPen(dashed_pen(style.theme.muted, style.px(1.2), style.px(5), style.px(3)))
        p.drawLine(QPointF(area.rect.left(), y), QPointF(area.rect.right(), y))
        at = QPointF(area.rect.right() - style.px(2), y - text_height(style) / 2 - style.px(1))
        write(p, style, at, f"goal {short(data.goal, 2)}", colour=style.theme.muted, align=Align.AlignRight)
    p.save()
    p.setClipRect(area.rect.adjusted(0, -style.px(7), style.px(7), style.px(7)))
    ends: list[tuple[int, QPointF]] = []
    for index, trajectory in enumerate(data.trajectories):
        levels = _levels(data, trajectory, low, high)[: shown + 1]
        steps, levels = decimated(np.arange(len(levels), dtype=np.float64), levels, MAX_POINTS)
        xs, ys = area.xs(steps), area.ys(levels)
        p.setPen(with_dashes(pen(racer_colour(index, style), style.px(1.4)), index, style))
        draw_polyline(p, polygon(xs, ys))
        if len(xs):
            ends.append((index, QPointF(float(xs[-1]), float(ys[-1]))))
    racer_dots(p, ends, style)
    p.restore()
    if mouse is not None and area.rect.contains(mouse):
        step = min(max(round(area.value_at(mouse)[0]), 0), shown)
        lines = [("step", thousands(step))]
        lines += [
            (trajectory.name, short(float(trajectory.curve[min(step, len(trajectory.curve) - 1)]), 3))
            for trajectory in data.trajectories
        ]
        read_out(p, style, mouse, area.rect, lines)


def _levels(data: RaceData, trajectory: Trajectory, low: float, high: float) -> Floats:
    """Return log₁₀ of the curve above the lowest value, clipped to the axis."""
    with np.errstate(invalid="ignore", over="ignore"):
        levels = np.log10(np.maximum(trajectory.curve - data.lowest, 10.0 ** (low - 1)))
    return np.clip(np.where(np.isnan(levels), high + 1.0, levels), low - 0.5, high + 0.5)


def _range(data: RaceData) -> tuple[float, float]:
    begin = [float(trajectory.curve[0]) - data.lowest for trajectory in data.trajectories]
    top = max((each for each in begin if math.isfinite(each) and each > 0.0), default=1.0)
    values = np.concatenate([trajectory.curve for trajectory in data.trajectories]) - data.lowest
    values = values[np.isfinite(values) & (values > 0.0)]
    low = math.log10(float(values.min())) if values.size else -1.0
    high = math.log10(float(values.max())) if values.size else 1.0
    high = min(high, math.log10(top) + MAX_RISE)
    low = max(low, high - MAX_DECADES)
    margin = max(0.04 * (high - low), 0.02)
    return low - margin, high + margin
