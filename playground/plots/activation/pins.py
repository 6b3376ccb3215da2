"""Draw the activation of pinned runs on axes on which the current one stays readable."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter

from core.arrays import Floats
from playground.plots.activation.data import ActivationData
from playground.plotting.canvas.canvas import Area
from playground.plotting.drawing.pencil import Align, elided, faded, text_height, text_width, write
from playground.plotting.pins.ghosts import Ghost, paint_ghost_curve
from playground.style.theme import Style

MAX_STRETCH_Z: Final = 3.0
"""Maximum factor by which pinned runs extend the axis of z; curves beyond are cut off."""

MAX_STRETCH_PHI: Final = 5.0
"""Maximum factor by which pinned runs extend the axis of φ."""

CUT: Final = "cut off: "


def x_range_of(own: Sequence[ActivationData], pinned: Sequence[ActivationData]) -> tuple[float, float]:
    """Return the range of z over ``own`` data, and as much of the ``pinned`` ones as leaves these readable."""
    low, high = min(float(each.z[0]) for each in own), max(float(each.z[-1]) for each in own)
    lowest = min((float(each.z[0]) for each in pinned), default=low)
    highest = max((float(each.z[-1]) for each in pinned), default=high)
    return min(low, max(lowest, MAX_STRETCH_Z * low)), max(high, min(highest, MAX_STRETCH_Z * high))


def y_range_of(
    own: Sequence[ActivationData], pinned: Sequence[ActivationData], x_range: tuple[float, float]
) -> tuple[float, float]:
    """Return the range of φ and φ′ of ``own`` data over all of ``x_range``, extended in the same way."""
    values = np.concatenate([each for data in own for each in data.over(x_range)[1:]])
    low, high = min(float(values.min()), 0.0), max(float(values.max()), 1.0)
    room = (MAX_STRETCH_PHI - 1.0) * (high - low)
    curves = [phi[np.isfinite(phi)] for phi in (curve_over(data, x_range)[1] for data in pinned)]
    lowest = min((float(phi.min()) for phi in curves if len(phi)), default=low)
    highest = max((float(phi.max()) for phi in curves if len(phi)), default=high)
    return min(low, max(lowest, low - room)), max(high, min(highest, high + room))


def curve_over(data: ActivationData, x_range: tuple[float, float]) -> tuple[Floats, Floats]:
    """Return z and φ of ``data`` (n,), (n,) where its range and ``x_range`` overlap."""
    return data.over((max(float(data.z[0]), x_range[0]), min(float(data.z[-1]), x_range[1])))[:2]


def paint_ghost(p: QPainter, area: Area, ghost: Ghost[ActivationData], style: Style) -> None:
    """Draw φ of a pinned run over the whole axis and the outline of its histogram, as far as they are within the axes."""
    data = ghost.data
    z, phi, _ = data.over(area.x_range)
    paint_ghost_curve(p, area, area.xs(z), area.ys(np.where(_is_inside(phi, area), phi, np.nan)), ghost, style)
    if data.counts.any():
        paint_ghost_curve(p, area, *outline(area, data), ghost, style)


def outline(area: Area, data: ActivationData) -> tuple[Floats, Floats]:
    """Return the outline of the histogram in pixels, as high as its strip; bins outside the plot are left out."""
    base, height = area.rect.bottom(), 0.21 * area.rect.height()
    edges = np.clip(np.linspace(data.z[0], data.z[-1], len(data.counts) + 1), *area.x_range)
    kept = np.flatnonzero(np.diff(edges) > 0.0)
    first, last = int(kept[0]), int(kept[-1])
    tops = base - data.counts[first : last + 1] / max(float(data.counts.max(initial=0.0)), 1e-300) * height
    xs = area.xs(edges[first : last + 2])
    return np.repeat(xs, 2), np.concatenate([[base], np.repeat(tops, 2), [base]])


def cut_off(area: Area, pinned: Sequence[Ghost[ActivationData]]) -> list[str]:
    """Return the names of the ``pinned`` runs of which a part is beyond the axes."""
    low, high = area.x_range
    return [
        ghost.name
        for ghost in pinned
        if ghost.data.z[0] < low - 1e-9
        or ghost.data.z[-1] > high + 1e-9
        or not _is_inside(curve_over(ghost.data, area.x_range)[1], area).all()
    ]


def paint_cut(p: QPainter, area: Area, pinned: Sequence[Ghost[ActivationData]], line: int, style: Style) -> None:
    """Name the runs that are cut off at the right of the plot, in ``line``, 0 for the uppermost."""
    names = cut_off(area, pinned)
    if names:
        text = elided(style, CUT + ", ".join(names), 0.8 * area.rect.width(), in_the_middle=True)
        width, height = text_width(style, text) + style.px(4), text_height(style)
        at = QPointF(area.rect.right() - style.px(2), area.rect.top() + (line + 0.5) * height + style.px(1))
        p.fillRect(QRectF(at.x() - width, at.y() - height / 2, width, height), faded(style.theme.panel, 0.95))
        write(p, style, at, text, colour=style.theme.muted, align=Align.AlignRight)


def _is_inside(phi: Floats, area: Area) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    low, high = area.y_range
    room = 1e-6 * (high - low)
    return np.asarray((phi >= low - room) & (phi <= high + room))
