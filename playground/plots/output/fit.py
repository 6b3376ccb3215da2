"""Draw the prediction over one input as a curve, with the samples."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal, TypeAlias

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from core.arrays import Floats
from playground.plots.output.data import FitData, OutputData, max_points
from playground.plots.output.point_picture import PointPicture
from playground.plotting.canvas.canvas import Area, Canvas
from playground.plotting.canvas.left_labels import numbers_beside
from playground.plotting.canvas.ranges import SpanRange
from playground.plotting.canvas.ticks import linear_ticks
from playground.plotting.drawing.outline import draw_polyline
from playground.plotting.drawing.pencil import faded, pen, polygon, read_out
from playground.plotting.pins.ghosts import Ghost, paint_ghost_curve
from playground.style.numbers import short
from playground.style.patterns import marker, marker_brush, marker_pen, with_dashes
from playground.style.theme import Style

EMPTY_RANGE: Final = (-1.0, 1.0)
"""The targets that can be drawn at first, where there are none yet."""

Hold: TypeAlias = Literal["free", "roomy", "fixed"]
"""Whether the vertical range follows the data, follows them with room to draw, or stays as it is."""

ROOM_TO_DRAW: Final = 0.2
"""Room to draw below and above the data, as a share of their range."""


class FitPainter:
    """Draws :class:`FitData`; the vertical range follows the data rather than extreme predictions.

    Attributes:
        hold: whether the vertical range follows the data.
    """

    def __init__(self, canvas: Canvas) -> None:
        self._canvas = canvas
        self._points = PointPicture(canvas)
        self._span = SpanRange()
        self._span_of: object = None
        self._y_range: tuple[float, float] | None = None
        self.hold: Hold = "free"

    def arrange(self, data: FitData, style: Style, every: Sequence[FitData]) -> None:
        """Set the axes and margins of the plot; they reach over ``every`` fit."""
        if self._span_of is not data.data:
            self._span_of = data.data
            if self.hold == "free":
                self._span.clear()
        limits = [self._limits(each) for each in every]
        low, high = min(low for low, _ in limits), max(high for _, high in limits)
        y_range = self._y_range if self.hold == "fixed" and self._y_range else self._span.fit(low, high)
        self._y_range = y_range
        x_range = min(float(each.x[0]) for each in every), max(float(each.x[-1]) for each in every)
        up = numbers_beside(
            self._canvas,
            style,
            y_range,
            min_count=3,
            spacing=40,
            left=34,
            bottom=38,
            top=24,
            right=8,
        )
        self._canvas.set_ranges(x_range, y_range)
        area = self._canvas.area()
        name = data.data.input_names[0]
        across = linear_ticks(*x_range, max(3, int(area.rect.width() / style.px(44))))
        self._canvas.bottom.show_ticks(across, style, name=name)
        self._canvas.left.show_ticks(up, style, name=data.target_name, hairlines=True)

    def _limits(self, data: FitData) -> tuple[float, float]:
        """Return the lowest and the highest value of ``data`` to be seen."""
        values = targets_of(data, test=False)
        low, high = (float(values.min()), float(values.max())) if len(values) else EMPTY_RANGE
        span = max(high - low, 1e-9)
        finite = data.curves[np.isfinite(data.curves)]
        if finite.size:
            low = max(min(low, float(finite.min())), low - 0.5 * span)
            high = min(max(high, float(finite.max())), high + 0.5 * span)
        # Leave room to draw below and above.
        room = 0.0 if self.hold == "free" else ROOM_TO_DRAW * span
        return low - room, high + room

    def paint(self, p: QPainter, area: Area, data: FitData, style: Style, *, test: bool) -> None:
        """Draw points and curves."""

        def draw(painter: QPainter) -> None:
            for is_test in (False, True) if test else (False,):
                self._paint_points(painter, area, data, style, is_test=is_test)

        self._points.paint(p, area, (data.data, style, test), draw)
        count = data.curves.shape[1]
        xs = area.xs(data.x)
        p.setBrush(Qt.BrushStyle.NoBrush)
        low, high = area.y_range
        for index in range(count):
            colour = style.theme.class_colour(index, count) if count > 1 else QColor(style.theme.ink)
            ys = np.clip(np.nan_to_num(data.curves[:, index]), low, high)
            p.setPen(with_dashes(pen(colour, style.px(2)), index, style))
            draw_polyline(p, polygon(xs, area.ys(ys)))

    @staticmethod
    def paint_ghost(p: QPainter, area: Area, ghost: Ghost[OutputData], style: Style) -> None:
        """Draw the curves of a pinned run."""
        if isinstance(ghost.data, FitData):
            low, high = area.y_range
            for values in ghost.data.curves.T:
                paint_ghost_curve(p, area, area.xs(ghost.data.x), area.ys(np.clip(values, low, high)), ghost, style)

    @staticmethod
    def read_out(
        p: QPainter, area: Area, data: FitData, style: Style, mouse: QPointF, ghosts: Sequence[Ghost[OutputData]]
    ) -> None:
        """Draw the input and prediction under the mouse, and those of pinned runs."""
        index = int(np.abs(data.x - area.value_at(mouse)[0]).argmin())
        x = area.x(float(data.x[index]))
        p.setPen(pen(style.theme.faint))
        p.drawLine(QPointF(x, area.rect.top()), QPointF(x, area.rect.bottom()))
        lines = [(data.data.input_names[0], short(float(data.x[index]), 3))]
        if data.curves.shape[1] == 1:
            lines.append(("prediction", short(float(data.curves[index, 0]), 3)))
        else:
            names = data.data.class_names
            lines += [(names[k], short(float(v), 3)) for k, v in enumerate(data.curves[index][: len(names)])]
        lines = lines[:6]
        for ghost in ghosts:
            other = ghost.data
            if isinstance(other, FitData) and data.curves.shape[1] == other.curves.shape[1] == 1:
                at = int(np.abs(other.x - data.x[index]).argmin())
                lines.append((f"prediction, {ghost.name}", short(float(other.curves[at, 0]), 3)))
        read_out(p, style, QPointF(x, mouse.y()), area.rect, lines)

    @staticmethod
    def _paint_points(p: QPainter, area: Area, data: FitData, style: Style, *, is_test: bool) -> None:
        source = data.data
        limit = max_points(source)
        x = (source.positions_test if is_test else source.positions_train)[:limit, 0]
        labels = (source.labels_test if is_test else source.labels_train)[:limit]
        y = targets_of(data, test=is_test)[: len(x)]
        radius = style.px(2.6)
        inside = area.rect.adjusted(-2, -2, 2, 2)
        outline = pen(style.theme.ink, style.px(1.2)) if is_test else QPen(Qt.PenStyle.NoPen)
        p.setPen(outline)
        points = zip(area.xs(x).tolist(), area.ys(y).tolist(), labels.tolist(), strict=True)
        for column, row, label in points:
            if not inside.contains(column, row):
                continue
            if source.coding == "value":
                p.setBrush(Qt.BrushStyle.NoBrush if is_test else faded(style.theme.muted, 0.55))
                p.drawEllipse(QRectF(column - radius, row - radius, 2 * radius, 2 * radius))
                continue
            number, at = int(label), QPointF(column, row)
            p.setPen(marker_pen(number, outline, style))
            p.setBrush(marker_brush(number, style.theme.class_colour(number, source.classes), style))
            p.drawPath(marker(number, at, radius, style))


def targets_of(data: FitData, *, test: bool) -> Floats:
    """Return the positions of the samples on the vertical axis, (n,)."""
    source = data.data
    labels = source.labels_test if test else source.labels_train
    if source.coding == "signed":
        return 2.0 * labels - 1.0
    if source.coding == "one_hot":
        # Each class has its own curve, whose correct value for its samples is 1.
        return np.ones(len(labels))
    return labels
