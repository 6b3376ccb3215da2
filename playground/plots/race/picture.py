"""Draw a race: the paths on the surface from above or in 3-D, or the losses against the steps."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final, Literal, TypeAlias

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter
from typing_extensions import override

from core.arrays import Floats
from playground.plots.landscape.picture import finite_limits, paint_image, surface_pixels
from playground.plots.landscape_3d.height_field import Camera
from playground.plots.race.curves import arrange_curves, paint_curves, paint_pinned_curves
from playground.plots.race.data import RaceData, Trajectory, outcome
from playground.plots.race.exits import ARROW, exits_of, paint_beyond, paint_exits
from playground.plots.race.field import HIDDEN, field_of, paint_empty_field, paint_paths_over
from playground.plots.race.marks import casing, racer_colour, racer_dot, racer_dots
from playground.plots.race.pinned_track import ALL, paint_track, paint_track_over
from playground.plotting.canvas.canvas import Area, Canvas
from playground.plotting.canvas.left_labels import numbers_beside
from playground.plotting.canvas.ticks import linear_ticks
from playground.plotting.drawing.outline import draw_polyline
from playground.plotting.drawing.pencil import Align, elided, faded, pen, polygon, read_out, text_width, write
from playground.plotting.pictures.picture import Picture
from playground.plotting.pins.ghosts import Cached, Ghost
from playground.style.numbers import short, thousands
from playground.style.patterns import with_dashes
from playground.style.theme import Style
from playground.widgets.heat_map import rgb_image

View: TypeAlias = Literal["map", "3-D", "curves"]
SURFACE_VIEWS: Final[tuple[View, ...]] = ("map", "3-D")
VIEWS: Final[tuple[View, ...]] = (*SURFACE_VIEWS, "curves")

TABLE_WIDTH: Final = 168.0
"""Width of the table beside an exported map, in pixels at scale 1; narrow figures have it below the map."""

LOW: Final = 200.0
"""Height below which the axes have shorter names, in pixels at scale 1."""

ROW: Final = 30.0
BELOW: Final = 20.0
"""Height of a row of the table below a map, in pixels at scale 1."""

MAX_BELOW: Final = 0.3
"""Maximum share of the height for a table with a row for each racer."""

REACH: Final = 9.0
"""Maximum distance between mouse and point for a readout, in pixels at scale 1."""


class RacePicture(Picture[RaceData]):
    """Draws :class:`RaceData` on a canvas.

    Attributes:
        reserved: width of what lies on the canvas beside the name of the vertical axis, in pixels.
    """

    def __init__(
        self, canvas: Canvas, shown: Callable[[], int], view: Callable[[], View], camera: Callable[[], Camera]
    ) -> None:
        """Draw on ``canvas``.

        Args:
            canvas: the canvas.
            shown: returns the last step to draw.
            view: returns the view to draw.
            camera: returns the camera of the 3-D view.
        """
        super().__init__(canvas)
        self._shown, self._view, self._camera = shown, view, camera
        self._surface = Cached()
        self.reserved = 0.0
        self._foot = 0.0  # height of the labels below the plot, in pixels at scale 1
        self._add_ghost_layer(self._paint_pinned_curves, 0.5)
        self._add_layer(self._paint, 1)

    @override
    def _arrange(self, data: RaceData, style: Style, before: RaceData | None) -> None:
        table = TABLE_WIDTH + 16 if self._is_beside(style) else 10.0
        below = 0.0 if not self._canvas.still or self._is_beside(style) else BELOW * self._rows(data, style)
        right = table if self._canvas.still else 10.0
        if self._view() == "3-D":
            self._foot = 8.0
            self._canvas.arrange(style, left=8, bottom=self._foot + below, top=8, right=right)
            self._canvas.bottom.show_ticks((), style)
            self._canvas.left.show_ticks((), style)
        elif self._view() == "curves":
            self._foot = 34.0
            self._canvas.arrange(style, left=46, bottom=self._foot + below, top=22, right=right)
            arrange_curves(self._canvas, data, style, [ghost.data for ghost in self._ghosts])
        else:
            low = self._canvas.height() < style.px(LOW)
            self._foot = 20.0 if low else 34.0
            y_range = float(data.y[0]), float(data.y[-1])
            up = numbers_beside(
                self._canvas,
                style,
                y_range,
                min_count=2,
                spacing=36,
                left=42,
                bottom=self._foot + below,
                top=22,
                right=right,
            )
            self._canvas.set_ranges((float(data.x[0]), float(data.x[-1])), y_range)
            area = self._canvas.area()
            across = linear_ticks(*area.x_range, max(2, int(area.rect.width() / style.px(56))))
            names = data.short_names if low else data.names
            self._canvas.bottom.show_ticks(across, style, name=names[0], inline=low)
            self._canvas.left.show_ticks(up, style, name=names[1], reserved=self.reserved)

    def _is_beside(self, style: Style) -> bool:
        return bool(self._canvas.width() > style.px(2.4 * TABLE_WIDTH))

    def _rows(self, data: RaceData, style: Style) -> int:
        """Return the number of rows of the table below a map: of two racers, or of one so that their names fit."""
        count, width = len(data.trajectories), self._canvas.width()
        room = (width - style.px(32)) / 2 - style.px(18)
        fit = all(text_width(style, described(each)) <= room for each in data.trajectories)
        is_low = BELOW * style.scale * count > MAX_BELOW * self._canvas.height()
        return (count + 1) // 2 if fit or is_low else count

    def _paint_pinned_curves(self, p: QPainter, area: Area, ghost: Ghost[RaceData], style: Style) -> None:
        if self._view() == "curves":
            paint_pinned_curves(p, area, ghost, style)

    # -- painting ----------------------------------------------------------------------------------------------------

    def _paint(self, p: QPainter, area: Area, data: RaceData, style: Style) -> None:
        shown = min(self._shown(), data.done)
        if self._view() == "3-D":
            self._paint_field(p, area, data, style, shown)
        elif self._view() == "curves":
            paint_curves(p, area, data, shown, style, self._hover)
        else:
            key = (data, self._view(), area, style)
            self._surface.paint(p, area, key, lambda q: self._paint_surface(q, area, data, style))
            self._paint_paths(p, area, data, style, shown)
            self._paint_mouse(p, area, data, style, shown)
        if area.still:
            self._paint_table(p, area, data, style, shown)

    def _paint_field(self, p: QPainter, area: Area, data: RaceData, style: Style, shown: int) -> None:
        """Draw the height field, as a pixmap while the racers move, and the paths over it."""
        field = field_of(area.rect, data, self._camera(), style)

        def paint(q: QPainter) -> None:
            paint_empty_field(q, field, self._canvas.width(), data)

        if area.still:
            paint(p)
        else:
            self._surface.paint(p, area, (data, self._view(), self._camera(), area, style), paint)
        for ghost in self._drawn:
            paint_track_over(p, field, ghost, HIDDEN, style)
        paint_paths_over(p, field, data, shown, style)

    def _paint_surface(self, p: QPainter, area: Area, data: RaceData, style: Style) -> None:
        paint_image(p, area, rgb_image(surface_pixels(data.heights, style.theme, finite_limits(data.heights))[::-1]))
        p.setPen(pen(faded(style.theme.ink, 0.3), style.px(0.8)))
        for line in data.contours:
            draw_polyline(p, polygon(area.xs(line[:, 0]), area.ys(line[:, 1])))
        p.setPen(pen(style.theme.ink, style.px(1.4)))
        for x, y in data.minima.tolist():
            at, arm = QPointF(area.x(x), area.y(y)), style.px(4)
            p.drawLine(at - QPointF(arm, 0), at + QPointF(arm, 0))
            p.drawLine(at - QPointF(0, arm), at + QPointF(0, arm))

    def _paint_paths(self, p: QPainter, area: Area, data: RaceData, style: Style, shown: int) -> None:
        p.save()
        p.setClipRect(area.rect)
        beyond = [ghost.name for ghost in self._drawn if paint_track(p, area, ghost, style)]
        ends: list[tuple[int, QPointF]] = []
        faint = 0.2 if data.goal is None else 0.45  # on a network, a racer descends further beyond the target
        for index, trajectory in enumerate(data.trajectories):
            path = _drawable(trajectory, shown)
            colour = racer_colour(index, style)
            p.setBrush(Qt.BrushStyle.NoBrush)
            # Fade the path after arrival, so that it does not cover the other paths.
            arrived = len(path) if trajectory.arrival is None else trajectory.seen(trajectory.arrival)
            for part, opacity in ((path[max(arrived - 1, 0) :], faint), (path[:arrived], 1.0)):
                line = polygon(area.xs(part[:, 0]), area.ys(part[:, 1]))
                p.setPen(casing(opacity, style))
                draw_polyline(p, line)
                p.setPen(with_dashes(pen(faded(colour, opacity), style.px(1.6)), index, style))
                draw_polyline(p, line)
            pixels = np.column_stack([area.xs(path[:, 0]), area.ys(path[:, 1])])
            paint_exits(p, exits_of(pixels, area.rect, style.px(ARROW)), colour, style)
            if len(path):
                ends.append((index, QPointF(area.x(path[-1, 0]), area.y(path[-1, 1]))))
        racer_dots(p, ends, style)
        p.setPen(pen(style.theme.ink, style.px(1.6)))
        p.setBrush(Qt.BrushStyle.NoBrush)
        p.drawEllipse(QPointF(area.x(data.start[0]), area.y(data.start[1])), style.px(6), style.px(6))
        p.restore()
        paint_beyond(p, area.rect, beyond, style)

    def _paint_mouse(self, p: QPainter, area: Area, data: RaceData, style: Style, shown: int) -> None:
        """Show the true loss at the nearest point of a path, or the loss of the surface."""
        mouse = self._hover
        if mouse is None or not area.rect.contains(mouse):
            return
        near, reach = nearest_point(area, data, mouse, shown, style.px(REACH)), style.px(REACH)
        pinned = ((ghost, nearest_point(area, ghost.data, mouse, ALL, reach)) for ghost in self._drawn)
        track = next(((ghost, found) for ghost, found in pinned if found is not None), None)
        if near is not None:
            trajectory, point = near
            lines = [
                (trajectory.name, f"step {thousands(int(trajectory.steps[point]))}"),
                (f"true {data.value_name}", short(float(trajectory.values[point]), 3)),
                ("path ÷ distance", short(float(trajectory.detours[trajectory.steps[point]]), 2)),
            ]
            if trajectory.distances[point] > 0.0:
                lines.append(("distance from the plane", short(float(trajectory.distances[point]), 2)))
        elif track is not None:
            ghost, (trajectory, point) = track
            lines = [
                (f"{trajectory.name}, {ghost.name}", f"step {thousands(int(trajectory.steps[point]))}"),
                (f"true {data.value_name}", short(float(trajectory.values[point]), 3)),
                ("distance from the plane", short(float(trajectory.distances[point]), 2)),
            ]
        else:
            x, y = area.value_at(mouse)
            lines = [("across", short(x, 3)), ("up", short(y, 3)), (data.value_name, short(grid_value(data, x, y), 3))]
            if data.goal is None:
                lines.append(("click", "start here"))
        read_out(p, style, mouse, area.rect, lines)

    def _paint_table(self, p: QPainter, area: Area, data: RaceData, style: Style, shown: int) -> None:
        """List the racers with their results at the shown step."""
        beside = self._is_beside(style)
        columns = 1 if self._rows(data, style) == len(data.trajectories) else 2
        for index, trajectory in enumerate(data.trajectories):
            if beside:
                at = QPointF(area.rect.right() + style.px(14), area.rect.top() + style.px(12 + ROW * 1.2 * index))
                room = self._canvas.width() - at.x() - style.px(16)
            else:
                row, column = divmod(index, columns)
                part = (self._canvas.width() - style.px(32)) / columns
                at = QPointF(style.px(18) + column * part, area.rect.bottom() + style.px(self._foot + 8 + BELOW * row))
                is_alone = column < columns - 1 and index == len(data.trajectories) - 1
                room = part * (1 + is_alone) - style.px(18)
            racer_dot(p, QPointF(at.x() + style.px(4), at.y()), index, style)
            ending = ending_of(trajectory, shown)
            name, position = described(trajectory), QPointF(at.x() + style.px(15), at.y())
            write(p, style, position, shortened(style, trajectory, room), colour=style.theme.ink)
            if beside:
                below = QPointF(position.x(), at.y() + style.px(14))
                write(p, style, below, elided(style, ending, room), colour=style.theme.muted)
            elif text_width(style, name) + text_width(style, ending) + style.px(8) < room:
                right = QPointF(at.x() + style.px(13) + room - style.px(6), at.y())
                write(p, style, right, ending, colour=style.theme.muted, align=Align.AlignRight)


def described(trajectory: Trajectory) -> str:
    """Return the name of ``trajectory`` with its learning rate."""
    return f"{trajectory.name}, {_rate(trajectory)}"


def _rate(trajectory: Trajectory) -> str:
    return f"α {short(trajectory.racer.learning_rate, 2)}"


def shortened(style: Style, trajectory: Trajectory, width: float) -> str:
    """Return what :func:`described` does in at most ``width`` pixels; the learning rate, in which racers differ, is kept."""
    name, end = trajectory.name, f", {_rate(trajectory)}"
    forms = (name, name.partition(", ")[0])
    fitting = next((form for form in forms if text_width(style, form + end) <= width), None)
    return (fitting or elided(style, forms[-1], max(width - text_width(style, end), 0.0))) + end


def ending_of(trajectory: Trajectory, step: int) -> str:
    """Return the result of ``trajectory`` at ``step``, with its detour."""
    detour = trajectory.detour_at(step)
    return outcome(trajectory, step) + (f" · path {short(detour, 2)} ×" if math.isfinite(detour) else "")


def nearest_point(
    area: Area, data: RaceData, mouse: QPointF, shown: int, reach: float
) -> tuple[Trajectory, int] | None:
    """Return the point nearest to the mouse, as trajectory and index; ``None`` if it is farther than ``reach`` pixels."""
    best: tuple[float, Trajectory, int] | None = None
    for trajectory in data.trajectories:
        points = trajectory.points[: trajectory.seen(shown)]
        away = np.hypot(area.xs(points[:, 0]) - mouse.x(), area.ys(points[:, 1]) - mouse.y())
        away = np.where(np.isfinite(away), away, np.inf)
        if len(away) and away.min() <= reach and (best is None or away.min() < best[0]):
            best = (float(away.min()), trajectory, int(away.argmin()))
    return None if best is None else best[1:]


def grid_value(data: RaceData, x: float, y: float) -> float:
    """Return the surface's loss or f at the grid point nearest to (x, y)."""
    return float(data.grid[int(np.abs(data.y - y).argmin()), int(np.abs(data.x - x).argmin())])


def _drawable(trajectory: Trajectory, shown: int) -> Floats:
    path = trajectory.points[: trajectory.seen(shown)]
    return np.asarray(path[np.abs(path).max(axis=1) < 1e6])  # excludes NaN, too
