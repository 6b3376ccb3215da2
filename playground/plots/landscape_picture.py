"""Draw the loss over a plane from above: colours, contour lines and the training path."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from typing_extensions import override

from core.arrays import Floats
from playground.plots.history_picture import NOT_FINITE, shades
from playground.plots.landscape_data import Contour, LandscapeData, distinct, surface_heights
from playground.plotting.canvas import Area, Canvas
from playground.plotting.ghosts import Ghost
from playground.plotting.pencil import Align, faded, pen, polygon, read_out, text_width, write
from playground.plotting.picture import Picture
from playground.plotting.ticks import linear_ticks
from playground.style.numbers import short, thousands
from playground.style.theme import Style, Theme
from playground.widgets.heat_map import Colours, rgb_image

_EXPORT_SCALE: Final = 8
"""Pixels per surface point along each axis in an exported figure."""

MAX_LABEL_PLACES: Final = 24
"""Maximum number of places along a contour that are tried for its label."""

REACH: Final = 9.0
"""Maximum distance of the mouse from a point of the path, in pixels at scale 1."""

MIN_OPACITY: Final = 0.25
"""Opacity of the path's point that is farthest from the plane."""


class LandscapePicture(Picture[LandscapeData]):
    """Draws :class:`LandscapeData` on a canvas."""

    def __init__(self, canvas: Canvas) -> None:
        super().__init__(canvas)
        self._image: QImage | None = None
        self._image_key: tuple[object, ...] = ()
        self._add_layer(self._paint_surface, 1)
        self._add_ghost_layer(_paint_ghost, 1.5)
        self._add_layer(self._paint_path, 2)
        self._add_layer(self._paint_mouse, 3)

    @override
    def _arrange(self, data: LandscapeData, style: Style, before: LandscapeData | None) -> None:
        self._canvas.arrange(style, left=54, bottom=38, top=26, right=10)
        self._canvas.set_ranges((float(data.x[0]), float(data.x[-1])), (float(data.y[0]), float(data.y[-1])))
        area = self._canvas.area()
        across = linear_ticks(float(data.x[0]), float(data.x[-1]), max(2, int(area.rect.width() / style.px(56))))
        up = linear_ticks(float(data.y[0]), float(data.y[-1]), max(2, int(area.rect.height() / style.px(36))))
        self._canvas.bottom.show_ticks(across, style, name=data.names[0])
        self._canvas.left.show_ticks(up, style, name=data.names[1])

    # -- painting ----------------------------------------------------------------------------------------------------

    def _paint_surface(self, p: QPainter, area: Area, data: LandscapeData, style: Style) -> None:
        key = (data, style.theme)
        if self._image is None or self._image_key != key:
            self._image, self._image_key = rgb_image(surface_pixels(data.heights, style.theme)[::-1]), key
        paint_image(p, area, self._image)
        labels: list[QRectF] = []
        places = np.vstack([data.path, [data.here]]) if len(data.path) else np.array([data.here])
        path = np.column_stack([area.xs(places[:, 0]), area.ys(places[:, 1])])
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
            p.drawPolyline(polygon(area.xs(line[:, 0]), area.ys(line[:, 1])))
        if longest is None or len(longest) < 12:
            return
        box = _label_box(
            area, longest, QSizeF(text_width(style, text) + style.px(4), style.px(12)), style.px(20), labels, path
        )
        if box is None:
            return
        labels.append(box)
        p.setPen(Qt.PenStyle.NoPen)
        p.setBrush(faded(style.theme.panel, 0.75))
        p.drawRoundedRect(box, 3, 3)
        write(p, style, box.center(), text, colour=style.theme.ink, align=Align.AlignHCenter)

    def _paint_path(self, p: QPainter, area: Area, data: LandscapeData, style: Style) -> None:
        xs, ys = area.xs(data.path[:, 0]), area.ys(data.path[:, 1])
        colour = QColor(style.theme.accent)
        opacities = path_opacities(data)
        for index in range(len(xs) - 1):
            p.setPen(pen(faded(colour, float(opacities[index])), style.px(2)))
            p.drawLine(QPointF(xs[index], ys[index]), QPointF(xs[index + 1], ys[index + 1]))
        p.setPen(Qt.PenStyle.NoPen)
        radius = style.px(2.2)
        for x, y, opacity in zip(xs.tolist(), ys.tolist(), opacities.tolist(), strict=True):
            p.setBrush(faded(colour, opacity))
            p.drawEllipse(QPointF(x, y), radius, radius)
        if len(xs):
            p.setBrush(Qt.BrushStyle.NoBrush)
            p.setPen(pen(colour, style.px(2)))
            p.drawEllipse(QPointF(float(xs[0]), float(ys[0])), style.px(5), style.px(5))
        self._paint_legend(p, area, data, style)
        if not np.isfinite(data.here).all():
            return
        here = QPointF(area.x(data.here[0]), area.y(data.here[1]))
        p.setPen(pen(style.theme.panel, style.px(1.5)))
        p.setBrush(colour)
        p.drawEllipse(here, style.px(5.5), style.px(5.5))

    def _paint_legend(self, p: QPainter, area: Area, data: LandscapeData, style: Style) -> None:
        """Draw the legend in the top right corner of the plot."""
        entries = ["now"]
        if len(data.path):
            entries = ["start", "now", "pale: off the plane"]
        marked, gap = style.px(14), style.px(10)
        widths = [text_width(style, text) + (marked if text in ("start", "now") else 0.0) for text in entries]
        if sum(widths) + gap * (len(entries) + 1) > area.rect.width():
            entries, widths = entries[:2], widths[:2]
        whole = sum(widths) + gap * (len(entries) + 1)
        box = QRectF(area.rect.right() - whole, area.rect.top(), whole, style.px(20))
        p.setPen(Qt.PenStyle.NoPen)
        p.setBrush(faded(style.theme.panel, 0.8))
        p.drawRect(box)
        x, y = box.left() + gap, box.center().y()
        for text, width in zip(entries, widths, strict=True):
            inset = 0.0
            if text in ("start", "now"):
                p.setPen(pen(style.theme.accent, style.px(2)))
                p.setBrush(QColor(style.theme.accent) if text == "now" else Qt.BrushStyle.NoBrush)
                p.drawEllipse(QPointF(x + style.px(5), y), style.px(4), style.px(4))
                inset = marked
            write(p, style, QPointF(x + inset, y), text, colour=style.theme.ink)
            x += width + gap

    def _paint_mouse(self, p: QPainter, area: Area, data: LandscapeData, style: Style) -> None:
        mouse = self._hover
        if mouse is None or not area.rect.contains(mouse):
            return
        runs = (("", data), *((ghost.name, ghost.data) for ghost in self._drawn))
        near = ((name, each, point_near(area, each, mouse, style.px(REACH))) for name, each in runs)
        name, hit, point = next(((n, each, at) for n, each, at in near if at is not None), ("", data, None))
        if point is not None and hit.surface.path is not None:
            data, path = hit, hit.surface.path
            p.setPen(pen(style.theme.ink, style.px(1.5)))
            p.setBrush(Qt.BrushStyle.NoBrush)
            at = QPointF(area.x(data.path[point, 0]), area.y(data.path[point, 1]))
            p.drawEllipse(at, style.px(6), style.px(6))
            lines = [
                *([(name, "")] if name else []),
                ("step", thousands(int(data.steps[point]))),
                ("true loss", short(float(path.losses[point]), 3)),
                ("surface below", short(_surface_at(data, *data.path[point].tolist()), 3)),
                ("distance from it", short(float(path.distances[point]), 3)),
            ]
        else:
            x, y = area.value_at(mouse)
            lines = [("across", short(x, 3)), ("up", short(y, 3)), ("loss", short(_surface_at(data, x, y), 3))]
        read_out(p, style, mouse, area.rect, lines)


def paint_image(p: QPainter, area: Area, image: QImage) -> None:
    """Draw ``image``, one pixel per point of a surface, so that the outermost points lie on the border of ``area``."""
    margin = 0.5
    p.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, True)
    if area.still:
        image = image.scaled(image.size() * _EXPORT_SCALE, mode=Qt.TransformationMode.SmoothTransformation)
        margin *= _EXPORT_SCALE
    p.drawImage(area.rect, image, QRectF(margin, margin, image.width() - 2 * margin, image.height() - 2 * margin))


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


def surface_pixels(heights: Floats, theme: Theme) -> Colours:
    """Return the colours of ``heights (m, n)``: lower is paler; non-finite values have the error colour."""
    known = heights[np.isfinite(heights)]
    low, high = (float(known.min()), float(known.max())) if known.size else (0.0, 1.0)
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
    p.setPen(pen(faded(style.theme.panel, 0.7), style.px(3.2)))
    p.drawPolyline(polygon(xs, ys))
    p.setPen(ghost.pen(style, 1.8))
    p.drawPolyline(polygon(xs, ys))
    p.setPen(pen(ghost.tint(style), style.px(2)))
    p.drawEllipse(QPointF(float(xs[0]), float(ys[0])), style.px(4), style.px(4))
    p.setBrush(ghost.tint(style))
    p.drawEllipse(QPointF(float(xs[-1]), float(ys[-1])), style.px(3.5), style.px(3.5))


def path_opacities(data: LandscapeData) -> Floats:
    """Return the opacity of each point of the path, (T,): lower the farther it is from the plane."""
    if data.surface.path is None:
        return np.zeros(0)
    distances = data.surface.path.distances
    largest = float(distances.max())
    shares = distances / largest if largest > 0.0 else distances
    return np.asarray(1.0 - (1.0 - MIN_OPACITY) * shares)


def point_near(area: Area, data: LandscapeData, mouse: QPointF, reach: float) -> int | None:
    """Return the index of the path's point within ``reach`` pixels of the mouse, or ``None``."""
    if not len(data.path):
        return None
    distances = np.hypot(area.xs(data.path[:, 0]) - mouse.x(), area.ys(data.path[:, 1]) - mouse.y())
    nearest = int(distances.argmin())
    return nearest if distances[nearest] <= reach else None


def _surface_at(data: LandscapeData, x: float, y: float) -> float:
    """Return the surface's loss at (x, y)."""
    return float(10.0 ** surface_heights(data, np.array([[x, y]]))[0])
