"""Draw the loss over a plane from above: colours, contour lines and the training path."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPolygonF
from typing_extensions import override

from core.arrays import Floats
from playground.plots.gradient_history.picture import NOT_FINITE, shades
from playground.plots.landscape.data import Contour, LandscapeData, distinct, surface_heights
from playground.plots.landscape.legend import EDGE, ROW, entries_of, legend_width, paint_legend
from playground.plots.landscape.live_path import track_of
from playground.plots.landscape.track import NO_TRACK, Track, filled, joined
from playground.plotting.canvas.canvas import Area, Canvas
from playground.plotting.canvas.left_labels import numbers_beside
from playground.plotting.canvas.ticks import linear_ticks
from playground.plotting.drawing.outline import draw_polygon, draw_polyline
from playground.plotting.drawing.pencil import Align, faded, pen, polygon, read_out, text_width, write
from playground.plotting.pictures.picture import Picture
from playground.plotting.pins.ghosts import Cached, Ghost
from playground.style.numbers import short, thousands
from playground.style.theme import Style, Theme
from playground.widgets.heat_map import Colours, rgb_image

_EXPORT_SCALE: Final = 8
"""Pixels per surface point along each axis in an exported figure."""

MAX_LABEL_PLACES: Final = 24
"""Maximum number of places along a contour that are tried for its label."""

_LABEL_GAP: Final = 10.0, 7.0
"""Minimum distance between the labels of two contours, across and up, in pixels at scale 1."""


RIGHT: Final = 10.0
"""Margin at the right of the plot in pixels at scale 1."""

REACH: Final = 9.0
"""Maximum distance of the mouse from a point of the path, in pixels at scale 1."""

MIN_OPACITY: Final = 0.25
"""Opacity of the path's point that is farthest from the plane."""

CASING: Final = 0.7
"""Opacity of the casing of paths, in the colour of cards."""


class SurfacePicture(Picture[LandscapeData]):
    """A picture of a surface and the path on it, whose last part is drawn with each snapshot.

    Attributes:
        track: the path since the surface was computed.
    """

    def __init__(self, canvas: Canvas) -> None:
        super().__init__(canvas)
        self.track: Track = NO_TRACK

    def follow(self, track: Track) -> None:
        """Draw ``track`` after the path."""
        if track is not self.track:
            self.track = track
            self._canvas.repaint_soon()


class LandscapePicture(SurfacePicture):
    """Draws :class:`LandscapeData` on a canvas."""

    def __init__(self, canvas: Canvas) -> None:
        super().__init__(canvas)
        self._surface, self._past = Cached(at_once=True), Cached(at_once=True)
        self._entries: list[str] = []
        self._legend_has_row = False
        self._add_layer(self._paint_surface, 1)
        self._add_ghost_layer(_paint_ghost, 1.5)
        self._add_layer(self._paint_path, 2)
        self._add_layer(self._paint_now, 3)
        self._add_layer(self._paint_mouse, 4)

    @override
    def _arrange(self, data: LandscapeData, style: Style, before: LandscapeData | None) -> None:
        x_range, y_range = plane_of(data, self._all(data))
        legend = self._place_legend(data, style)
        up = numbers_beside(
            self._canvas,
            style,
            y_range,
            min_count=2,
            spacing=36,
            left=54,
            bottom=38,
            top=26 + ROW * self._legend_has_row,
            right=RIGHT,
        )
        self._canvas.set_ranges(x_range, y_range)
        area = self._canvas.area()
        across = linear_ticks(*area.x_range, max(2, int(area.rect.width() / style.px(56))))
        self._canvas.bottom.show_ticks(across, style, name=data.names[0])
        reserved = 0.0 if self._legend_has_row else legend + style.px(RIGHT)
        self._canvas.left.show_ticks(up, style, name=data.names[1], reserved=reserved)

    def _place_legend(self, data: LandscapeData, style: Style) -> float:
        """Choose the entries of the legend and its row, and return its width in pixels."""
        room = self._canvas.width() - style.px(RIGHT + EDGE)
        self._entries = entries_of(data, room, style, still=self._canvas.still)
        width = legend_width(self._entries, style)
        self._legend_has_row = width + text_width(style, data.names[1]) > room
        return width

    # -- painting ----------------------------------------------------------------------------------------------------

    def _paint_surface(self, p: QPainter, area: Area, data: LandscapeData, style: Style) -> None:
        """Draw colours and contour lines; between two surfaces as a pixmap, for the path moves in every frame."""
        self._surface.paint(p, area, (data, area, style), lambda q: self._paint_losses(q, area, data, style))

    def _paint_losses(self, p: QPainter, area: Area, data: LandscapeData, style: Style) -> None:
        limits = finite_limits(*(each.heights for each in self._all(data)))
        image = rgb_image(surface_pixels(data.heights, style.theme, limits)[::-1])
        paint_image(p, area, image, _covered(area, data))
        labels: list[QRectF] = []
        paths = [filled(area, each.path) for each in self._all(data)]
        path = np.vstack([*paths, [[area.x(data.here[0]), area.y(data.here[1])]]])
        texts = distinct([contour.loss for contour in data.contours])
        for contour, text in zip(data.contours, texts, strict=True):
            self._paint_contour(p, area, contour, text, style, labels, path)

    def _paint_contour(
        self, p: QPainter, area: Area, contour: Contour, text: str, style: Style, labels: list[QRectF], path: Floats
    ) -> None:
        """Draw the lines of one loss and, where it covers neither ``labels`` nor ``path``, its label, which is added to them."""
        p.setPen(pen(faded(style.theme.ink, 0.35), style.px(0.8)))
        longest = max(contour.lines, key=len, default=None)
        for line in contour.lines:
            draw_polyline(p, polygon(area.xs(line[:, 0]), area.ys(line[:, 1])))
        if longest is None or len(longest) < 12:
            return
        box = _label_box(
            area, longest, QSizeF(text_width(style, text) + style.px(4), style.px(12)), style.px(20), labels, path
        )
        if box is None:
            return
        across, up = style.px(_LABEL_GAP[0]), style.px(_LABEL_GAP[1])
        labels.append(box.adjusted(-across, -up, across, up))
        p.setPen(Qt.PenStyle.NoPen)
        p.setBrush(faded(style.theme.panel, 0.75))
        p.drawRoundedRect(box, 3, 3)
        write(p, style, box.center(), text, colour=style.theme.ink, align=Align.AlignHCenter)

    def _paint_path(self, p: QPainter, area: Area, data: LandscapeData, style: Style) -> None:
        def paint(q: QPainter) -> None:
            _paint_track(q, area, track_of(data), path_opacities(data), style)
            if len(data.path):
                q.setBrush(Qt.BrushStyle.NoBrush)
                q.setPen(pen(style.theme.accent, style.px(2)))
                _circle(q, QPointF(area.x(data.path[0, 0]), area.y(data.path[0, 1])), style.px(5))

        self._past.paint(p, area, (data, area, style), paint)
        paint_legend(p, area, self._entries, style, has_row=self._legend_has_row)

    def _paint_now(self, p: QPainter, area: Area, data: LandscapeData, style: Style) -> None:
        """Draw the path since the surface was computed, and the present point; at the border if it is outside."""
        track = NO_TRACK if area.still else self.track
        p.save()
        p.setClipRect(area.rect)
        _paint_track(p, area, track, opacities_of(track, data), style)
        p.restore()
        place = track.points[-1] if len(track.points) else np.array(data.here)
        if not np.isfinite(place).all():
            return
        here, rect = QPointF(area.x(float(place[0])), area.y(float(place[1]))), area.rect
        inside = QPointF(min(max(here.x(), rect.left()), rect.right()), min(max(here.y(), rect.top()), rect.bottom()))
        p.setPen(pen(style.theme.panel, style.px(1.5)))
        p.setBrush(QColor(style.theme.accent))
        if inside == here:
            _circle(p, here, style.px(5.5))
        else:
            draw_polygon(p, _arrow_to(here, inside, style.px(9)))

    def _paint_mouse(self, p: QPainter, area: Area, data: LandscapeData, style: Style) -> None:
        mouse = self._hover
        if mouse is None or not area.rect.contains(mouse):
            return
        own = joined(track_of(data), self.track)
        runs = (("", own), *((ghost.name, track_of(ghost.data)) for ghost in self._drawn))
        near = ((name, track, point_near(area, track, mouse, style.px(REACH))) for name, track in runs)
        name, track, point = next((each for each in near if each[2] is not None), ("", NO_TRACK, None))
        if point is not None:
            p.setPen(pen(style.theme.ink, style.px(1.5)))
            p.setBrush(Qt.BrushStyle.NoBrush)
            at = QPointF(area.x(track.points[point, 0]), area.y(track.points[point, 1]))
            p.drawEllipse(at, style.px(6), style.px(6))
            lines = [*([(name, "")] if name else []), *point_lines(data, track, point)]
        else:
            x, y = area.value_at(mouse)
            lines = [("across", short(x, 3)), ("up", short(y, 3)), ("loss", short(_surface_at(data, x, y), 3))]
        read_out(p, style, mouse, area.rect, lines)


def plane_of(data: LandscapeData, every: Sequence[LandscapeData]) -> tuple[tuple[float, float], tuple[float, float]]:
    """Return the limits of both axes that cover the surface of ``data`` and those of ``every`` one on the same axes.

    Principal directions differ at each moment, so that their coordinates cannot be compared.
    """
    alike = on_plane_of(data, every)
    across = min(float(each.x[0]) for each in alike), max(float(each.x[-1]) for each in alike)
    return across, (min(float(each.y[0]) for each in alike), max(float(each.y[-1]) for each in alike))


def on_plane_of(data: LandscapeData, every: Sequence[LandscapeData]) -> list[LandscapeData]:
    """Return ``data`` and those of ``every`` landscape whose coordinates are in the same plane."""
    return [each for each in every if each is data or each.plane == data.plane]


def finite_limits(*surfaces: Floats) -> tuple[float, float]:
    """Return the lowest and the highest finite height of all ``surfaces (m, n)``."""
    known = [heights[np.isfinite(heights)] for heights in surfaces]
    low = min((float(each.min()) for each in known if each.size), default=0.0)
    return low, max((float(each.max()) for each in known if each.size), default=1.0)


def _covered(area: Area, data: LandscapeData) -> QRectF:
    """Return the rectangle of the surface, which is smaller than ``area`` on axes that cover others, too."""
    if plane_of(data, (data,)) == (area.x_range, area.y_range):
        return area.rect
    corners = (QPointF(area.x(float(data.x[at])), area.y(float(data.y[at]))) for at in (0, -1))
    return QRectF(*corners).normalized()


def paint_image(p: QPainter, area: Area, image: QImage, on: QRectF | None = None) -> None:
    """Draw ``image``, one pixel per point of a surface, so that the outermost points lie on the border of ``area`` or ``on``."""
    margin = 0.5
    p.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, True)
    if area.still:
        image = image.scaled(image.size() * _EXPORT_SCALE, mode=Qt.TransformationMode.SmoothTransformation)
        margin *= _EXPORT_SCALE
    p.drawImage(on or area.rect, image, QRectF(margin, margin, image.width() - 2 * margin, image.height() - 2 * margin))


def _label_box(
    area: Area, line: Floats, size: QSizeF, margin: float, labels: Sequence[QRectF], path: Floats
) -> QRectF | None:
    """Return the box for a label on the contour ``line (n, 2)``, as far from the border as possible, or ``None``.

    It is at least ``margin`` pixels from the border, overlaps no other label and covers no point of ``path (T, 2)`` (pixels).
    """
    tried = line[:: max(1, len(line) // MAX_LABEL_PLACES)]
    xs, ys, rect = area.xs(tried[:, 0]), area.ys(tried[:, 1]), area.rect
    room = np.minimum.reduce([xs - rect.left(), rect.right() - xs, ys - rect.top(), rect.bottom() - ys])
    for index in np.argsort(-room):
        if room[index] < margin:
            return None
        away = np.abs(path - [xs[index], ys[index]])
        if ((away[:, 0] < size.width() / 2 + 6.0) & (away[:, 1] < size.height() / 2 + 6.0)).any():
            continue
        box = QRectF(QPointF(), size)
        box.moveCenter(QPointF(float(xs[index]), float(ys[index])))
        if not any(box.intersects(other) for other in labels):
            return box
    return None


def surface_pixels(heights: Floats, theme: Theme, limits: tuple[float, float]) -> Colours:
    """Return the colours of ``heights (m, n)`` between ``limits``: lower is paler; non-finite values have the error colour."""
    low, high = limits
    span = max(high - low, 1e-9)
    # Use only half of the scale, so that lines and points stand out.
    shares = np.nan_to_num((heights - low) / span) * 0.5 * (NOT_FINITE - 1)
    indices = np.where(np.isfinite(heights), shares, NOT_FINITE).astype(np.uint8)
    return shades(theme).take(indices)


def _paint_ghost(p: QPainter, area: Area, ghost: Ghost[LandscapeData], style: Style) -> None:
    """Draw the path of a pinned run with a ring at its start and a dot at its end."""
    path = ghost.data.path
    if not len(path):
        return
    xs, ys = area.xs(path[:, 0]), area.ys(path[:, 1])
    p.setBrush(Qt.BrushStyle.NoBrush)
    p.setPen(pen(faded(style.theme.panel, CASING), style.px(3.2)))
    draw_polyline(p, polygon(xs, ys))
    p.setPen(ghost.pen(style, 1.8))
    draw_polyline(p, polygon(xs, ys))
    p.setPen(pen(ghost.tint(style), style.px(2)))
    _circle(p, QPointF(float(xs[0]), float(ys[0])), style.px(4))
    p.setBrush(ghost.tint(style))
    _circle(p, QPointF(float(xs[-1]), float(ys[-1])), style.px(3.5))


def path_opacities(data: LandscapeData) -> Floats:
    """Return the opacity of each point of the path, (T,): lower the farther it is from the plane."""
    return opacities_of(track_of(data), data)


def opacities_of(track: Track, data: LandscapeData) -> Floats:
    """Return the opacity of each point of ``track`` on the scale of the path of ``data``, (T,)."""
    path = data.surface.path
    distances = track.distances if path is None or not path.distances.any() else path.distances
    largest = float(distances.max(initial=0.0))
    shares = np.minimum(track.distances / largest, 1.0) if largest > 0.0 else np.zeros(len(track.distances))
    return np.asarray(1.0 - (1.0 - MIN_OPACITY) * shares)


def _circle(p: QPainter, centre: QPointF, radius: float) -> None:
    """Draw a circle, unless its centre is not finite: weights near the largest float have no place on the plane."""
    if math.isfinite(centre.x() + centre.y()):
        p.drawEllipse(centre, radius, radius)


def _paint_track(p: QPainter, area: Area, track: Track, opacities: Floats, style: Style) -> None:
    """Draw the lines and points of ``track``."""
    with np.errstate(all="ignore"):
        xs, ys = area.xs(track.points[:, 0]), area.ys(track.points[:, 1])
        known = np.isfinite(xs + ys) & np.isfinite(
            opacities
        )  # weights near the largest float have no place on the plane
    # Without a casing, the accent would hardly differ in lightness from the greys of high losses.
    p.setBrush(Qt.BrushStyle.NoBrush)
    p.setPen(pen(faded(style.theme.panel, CASING), style.px(4)))
    draw_polyline(p, polygon(xs[known], ys[known]))
    places = [QPointF(x, y) for x, y in zip(xs[known].tolist(), ys[known].tolist(), strict=True)]
    colours = [faded(style.theme.accent, opacity) for opacity in opacities[known].tolist()]
    for start, end, colour in zip(places, places[1:], colours, strict=False):
        p.setPen(pen(colour, style.px(2)))
        p.drawLine(start, end)
    p.setPen(Qt.PenStyle.NoPen)
    radius = style.px(2.2)
    for place, colour in zip(places, colours, strict=True):
        p.setBrush(colour)
        p.drawEllipse(place, radius, radius)


def _arrow_to(place: QPointF, tip: QPointF, size: float) -> QPolygonF:
    """Return a triangle at ``tip`` that points to ``place``."""
    way = place - tip
    length = math.hypot(way.x(), way.y())
    along = way * (size / length)
    across = QPointF(-along.y(), along.x()) * 0.6
    return QPolygonF([tip, tip - along + across, tip - along - across])


def point_near(area: Area, track: Track, mouse: QPointF, reach: float) -> int | None:
    """Return the index of the point of ``track`` within ``reach`` pixels of the mouse, or ``None``."""
    if not len(track.points):
        return None
    distances = np.hypot(area.xs(track.points[:, 0]) - mouse.x(), area.ys(track.points[:, 1]) - mouse.y())
    nearest = int(distances.argmin())
    return nearest if distances[nearest] <= reach else None


def point_lines(data: LandscapeData, track: Track, point: int) -> list[tuple[str, str]]:
    """Return the values to show for one point of a path over the surface of ``data``."""
    x, y = track.points[point].tolist()
    return [
        ("step", thousands(int(track.steps[point]))),
        ("true loss", short(float(track.losses[point]), 3)),
        ("surface below", short(_surface_at(data, x, y), 3)),
        ("distance from it", short(float(track.distances[point]), 3)),
    ]


def _surface_at(data: LandscapeData, x: float, y: float) -> float:
    """Return the surface's loss at (x, y)."""
    return float(10.0 ** surface_heights(data, np.array([[x, y]]))[0])
