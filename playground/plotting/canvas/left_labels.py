"""Give the labels of the left axis the room that they need."""

from __future__ import annotations

import math
from collections.abc import Callable

from playground.plotting.canvas.axes import TICK_GAP
from playground.plotting.canvas.canvas import Canvas
from playground.plotting.canvas.ticks import Ticks, linear_ticks
from playground.plotting.drawing.pencil import text_width
from playground.style.theme import Style


def arrange_beside(
    canvas: Canvas,
    style: Style,
    ticks: Callable[[float], Ticks],
    *,
    left: float,
    bottom: float,
    right: float,
    top: float,
    aspect: float | None = None,
) -> Ticks:
    """Set the margins of ``canvas`` with room at the left for the labels of ``ticks``, and return these.

    Args:
        canvas: the canvas.
        style: the style.
        ticks: returns the ticks for the height of the plot in pixels.
        left: the least margin at the left, in pixels at scale 1 as the others.
        bottom: margin below the plot.
        right: margin at the right.
        top: margin above the plot.
        aspect: width over height of the plot; ``None`` for any.
    """
    # Most often the labels are as wide as before; then the plot keeps its place.
    now = max(left, canvas.left_margin)
    canvas.arrange(style, left=now, bottom=bottom, right=right, top=top, aspect=aspect)
    shown = ticks(canvas.area().rect.height())
    needed = left_margin_for(shown, style, left)
    if abs(needed - now) > 1e-6:
        canvas.arrange(style, left=needed, bottom=bottom, right=right, top=top, aspect=aspect)
    return shown


def numbers_beside(
    canvas: Canvas,
    style: Style,
    limits: tuple[float, float],
    *,
    min_count: int,
    spacing: float,
    left: float,
    bottom: float,
    right: float,
    top: float,
) -> Ticks:
    """Set the margins as :func:`arrange_beside` for round numbers between ``limits``, and return them as ticks.

    There are at least about ``min_count`` of them, ``spacing`` or more pixels at scale 1 apart where they are more.
    """

    def ticks(height: float) -> Ticks:
        return linear_ticks(*limits, max(min_count, int(height / style.px(spacing))))

    return arrange_beside(canvas, style, ticks, left=left, bottom=bottom, right=right, top=top)


def left_margin_for(ticks: Ticks, style: Style, minimum: float) -> float:
    """Return the margin for the labels of ``ticks``, but not less than ``minimum``, in pixels at scale 1."""
    widest = max((text_width(style, label) for _, label in ticks), default=0.0)
    return max(minimum, math.ceil(widest / style.scale + TICK_GAP))
