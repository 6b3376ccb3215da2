"""The activation function of a neuron, with the sample's z on it and the slope there: the largest part of an exported page."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from msgspec import Struct
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from core.arrays import Floats
from core.formulas.activations import Activation, softmax
from playground.inspector.widgets.painted import CENTRE, LEFT, RIGHT, Painted
from playground.plotting.canvas.ranges import nice_ceiling
from playground.plotting.canvas.ticks import Ticks, linear_ticks
from playground.plotting.drawing.outline import draw_polyline
from playground.style.numbers import short
from playground.style.theme import TEXT_LABEL, Style
from playground.widgets.guard import guarded, guarded_or

POINTS: Final = 241
MIN_REACH: Final = 3.0
"""Minimum range of z on each side of 0, so that the bend of the curve is visible."""

LOW: Final = 80.0
"""Minimum height at which the curve is drawn, in pixels at scale 1; a lower one would not be readable."""

DOT: Final = 5.0
TANGENT: Final = 0.22
"""Half length of the tangent as a share of the width."""


class ShownActivation(Struct, frozen=True, eq=False):
    """An activation function at the pre-activations of one neuron.

    Attributes:
        z: (n,), where it is evaluated.
        values: φ(z), (n,).
        marked: z of the samples, (m,); one alone has its tangent.
        images: φ of each, (m,).
        slope: φ′ at the only sample; NaN for several.
    """

    z: Floats
    values: Floats
    marked: Floats
    images: Floats
    slope: float


def shown_activation(entry: Activation, alpha: float, marked: Floats) -> ShownActivation:
    """Return the curve of ``entry`` over a range that contains the finite ones of ``marked`` (m,)."""
    known = marked[np.isfinite(marked)]
    reach = nice_ceiling(max(MIN_REACH, 1.15 * float(np.abs(known).max(initial=0.0))))
    # Two points close to 0 draw the jump of a step as a vertical line.
    z = np.sort(np.append(np.linspace(-reach, reach, POINTS), [-1e-9 * reach, 1e-9 * reach]))
    with np.errstate(over="ignore", invalid="ignore"):
        values, images = entry.function(z, alpha), entry.function(known, alpha)
        slope = float(entry.derivative(known, alpha)[0]) if len(known) == 1 else math.nan
    return ShownActivation(z, values, known, images, slope)


def shown_softmax(row: Floats, neuron: int) -> ShownActivation:
    """Return the softmax of ``neuron`` over its z, with the others as in ``row`` (K,)."""
    here = row[neuron : neuron + 1]
    reach = nice_ceiling(max(MIN_REACH, 1.15 * float(np.abs(here[np.isfinite(here)]).max(initial=0.0))))
    z = np.linspace(-reach, reach, POINTS)
    rows = np.repeat(row[np.newaxis], POINTS + 1, axis=0)
    rows[:-1, neuron] = z
    values = softmax(rows)[:, neuron]
    return ShownActivation(z, values[:-1], here, values[-1:], float(values[-1] * (1.0 - values[-1])))


class ActivationCurve(Painted):
    """Draws φ over z with the samples on it; it takes the space that is left."""

    def __init__(self, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(style, parent)
        self._shown: ShownActivation | None = None
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)

    def show_activation(self, shown: ShownActivation | None) -> None:
        """Draw ``shown``, or nothing."""
        self._shown = shown
        self.update()

    @override
    @guarded_or(QSize())
    def sizeHint(self) -> QSize:
        """Ask for no space: other parts come first."""
        return QSize(0, 0)

    @override
    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw axes, curve and samples."""
        shown, px = self._shown, self.current_style.px
        if shown is None or self.height() < px(LOW):
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self.font_of(TEXT_LABEL))
        finite = shown.values[np.isfinite(shown.values)]
        low, high = float(finite.min(initial=0.0)), float(finite.max(initial=0.0))
        margin = 0.08 * (high - low or 1.0)
        area = QRectF(self.rect()).adjusted(0.0, px(18), -px(10), -px(34))
        axes = _Axes(area, (float(shown.z[0]), float(shown.z[-1])), (low - margin, high + margin))
        width = painter.fontMetrics().horizontalAdvance
        area.setLeft(max(px(38), px(6) + max((width(text) for _, text in self._ticks(axes)), default=0)))
        across = self._ticks_across(axes)
        area.setRight(self.width() - max(px(10), width(across[-1][1]) / 2 if across else 0.0))
        self._paint_axes(painter, axes)
        painter.setPen(QPen(QColor(self.current_style.theme.ink), px(1.6)))
        points = [axes.at(z, value) for z, value in zip(shown.z.tolist(), shown.values.tolist(), strict=True)]
        draw_polyline(painter, QPolygonF([point for point in points if point is not None]))
        self._paint_samples(painter, axes, shown)
        painter.end()

    def _ticks(self, axes: _Axes) -> Ticks:
        """Return the ticks of the vertical axis."""
        return linear_ticks(*axes.y, max(3, int(axes.area.height() / self.current_style.px(34))))

    def _ticks_across(self, axes: _Axes) -> Ticks:
        """Return the ticks of the horizontal axis."""
        return linear_ticks(*axes.x, max(3, int(axes.area.width() / self.current_style.px(56))))

    def _paint_axes(self, painter: QPainter, axes: _Axes) -> None:
        theme, px, area = self.current_style.theme, self.current_style.px, axes.area
        for value, text in self._ticks(axes):
            y = axes.up(value)
            painter.setPen(QPen(QColor(theme.line), max(px(0.5), 1.0)))
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
            painter.setPen(QColor(theme.muted))
            painter.drawText(QRectF(0, y - px(8), area.left() - px(5), px(16)), RIGHT, text)
        for value, text in self._ticks_across(axes):
            painter.drawText(QRectF(axes.across(value) - px(30), area.bottom() + px(2), px(60), px(16)), CENTRE, text)
        painter.drawText(QRectF(area.left(), area.bottom() + px(17), area.width(), px(16)), CENTRE, "z")
        painter.drawText(QRectF(area.left() + px(3), 0, area.width(), px(16)), LEFT, "a = φ(z)")

    def _paint_samples(self, painter: QPainter, axes: _Axes, shown: ShownActivation) -> None:
        theme, px = self.current_style.theme, self.current_style.px
        places = [axes.at(z, a) for z, a in zip(shown.marked.tolist(), shown.images.tolist(), strict=True)]
        if len(places) == 1 and places[0] is not None:
            self._paint_tangent(painter, axes, shown, places[0])
        several = len(places) > 1
        colour = QColor(theme.accent)
        colour.setAlphaF(0.35 if several else 1.0)
        painter.setPen(Qt.PenStyle.NoPen if several else QPen(QColor(theme.panel), px(1.5)))
        painter.setBrush(colour)
        radius = px(DOT * (0.6 if several else 1.0))
        for place in places:
            if place is not None:
                painter.drawEllipse(place, radius, radius)

    def _paint_tangent(self, painter: QPainter, axes: _Axes, shown: ShownActivation, at: QPointF) -> None:
        """Draw the way from z to a, and the tangent with its slope."""
        theme, px, area = self.current_style.theme, self.current_style.px, axes.area
        dashed = QPen(QColor(theme.accent), px(1), Qt.PenStyle.DashLine)
        painter.setPen(dashed)
        painter.drawLine(QPointF(at.x(), area.bottom()), at)
        painter.drawLine(at, QPointF(area.left(), at.y()))
        if not math.isfinite(shown.slope):
            return
        half = TANGENT * (axes.x[1] - axes.x[0])
        z, a = float(shown.marked[0]), float(shown.images[0])
        ends = [QPointF(axes.across(z + d), axes.up(a + d * shown.slope)) for d in (-half, half)]
        painter.save()
        painter.setClipRect(area)
        painter.setPen(QPen(QColor(theme.muted), px(1.2)))
        painter.drawLine(*ends)
        painter.restore()
        text = f"φ′(z) = {short(shown.slope, 3)}"
        width = painter.fontMetrics().horizontalAdvance(text) + px(4)
        # A curve that rises leaves room at its lower right and upper left, one that falls at the other two corners.
        fits_right = at.x() + px(10) + width <= area.right()
        is_below = fits_right is (shown.slope >= 0.0)
        if is_below and at.y() + px(24) > area.bottom() and at.x() - px(10) - width >= area.left():
            is_below, fits_right = False, shown.slope < 0.0
        above = at.y() - px(26) if at.y() >= px(26) else area.bottom() - px(20)
        y = at.y() + px(8) if is_below else above
        left = at.x() + px(10) if fits_right else max(at.x() - px(10) - width, area.left() + px(3))
        painter.setPen(QColor(theme.muted))
        painter.drawText(QRectF(left, y, width, px(16)), LEFT, text)


class _Axes(Struct, frozen=True):
    """Maps values to pixels.

    Attributes:
        area: the rectangle of the plot.
        x: the limits of z.
        y: the limits of φ.
    """

    area: QRectF
    x: tuple[float, float]
    y: tuple[float, float]

    def across(self, z: float) -> float:
        """Return the position of ``z``."""
        return self.area.left() + (z - self.x[0]) / (self.x[1] - self.x[0]) * self.area.width()

    def up(self, value: float) -> float:
        """Return the height of ``value``."""
        return self.area.bottom() - (value - self.y[0]) / (self.y[1] - self.y[0]) * self.area.height()

    def at(self, z: float, value: float) -> QPointF | None:
        """Return the point (z, value); ``None`` if it is not finite."""
        return QPointF(self.across(z), self.up(value)) if math.isfinite(value) else None
