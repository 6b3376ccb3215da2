"""Draw a surface from above, the paths of all optimizers up to a step, and a table of their results."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from typing_extensions import override

from playground.plots.landscape_picture import surface_pixels
from playground.plots.race_data import RaceData, outcome
from playground.plotting.canvas import Area, Canvas
from playground.plotting.pencil import Align, elided, faded, pen, polygon, read_out, text_width, write
from playground.plotting.picture import Picture
from playground.plotting.ticks import linear_ticks
from playground.style.numbers import short
from playground.style.theme import Style
from playground.widgets.heat_map import rgb_image

TABLE_WIDTH: Final = 168.0
"""Width of the table beside the map, in pixels at scale 1; on narrow cards the table is below."""

ROW: Final = 30.0
_EXPORT_SCALE: Final = 8


class RacePicture(Picture[RaceData]):
    """Draws :class:`RaceData` on a canvas."""

    def __init__(self, canvas: Canvas, shown: Callable[[], int]) -> None:
        """Draw on ``canvas``; ``shown`` returns the last step to draw."""
        super().__init__(canvas)
        self._shown = shown
        self._image: QImage | None = None
        self._image_key: tuple[object, ...] = ()
        self._add_layer(self._paint_surface, 1)
        self._add_layer(self._paint_paths, 2)

    @override
    def _arrange(self, data: RaceData, style: Style, before: RaceData | None) -> None:
        beside = self._is_beside(style)
        below = 0.0 if beside else ROW * ((len(data.runs) + 1) // 2) / 1.5
        self._canvas.arrange(style, left=34, bottom=34 + below, top=8, right=TABLE_WIDTH + 16 if beside else 10)
        self._canvas.set_ranges((float(data.x[0]), float(data.x[-1])), (float(data.y[0]), float(data.y[-1])))
        area = self._canvas.area()
        across = linear_ticks(*area.x_range, max(2, int(area.rect.width() / style.px(50))))
        up = linear_ticks(*area.y_range, max(2, int(area.rect.height() / style.px(36))))
        self._canvas.bottom.show_ticks(across, style, name="x", inline=True)
        self._canvas.left.show_ticks(up, style, name="y", inline=True)

    def _is_beside(self, style: Style) -> bool:
        return bool(self._canvas.width() > style.px(2.4 * TABLE_WIDTH))

    # -- painting ----------------------------------------------------------------------------------------------------

    def _paint_surface(self, p: QPainter, area: Area, data: RaceData, style: Style) -> None:
        key = (data.surface.key, style.theme)
        if self._image is None or self._image_key != key:
            self._image, self._image_key = rgb_image(surface_pixels(data.heights, style.theme)[::-1]), key
        image, margin = self._image, 0.5
        p.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, True)
        if area.still:
            image = image.scaled(image.size() * _EXPORT_SCALE, mode=Qt.TransformationMode.SmoothTransformation)
            margin *= _EXPORT_SCALE
        p.drawImage(area.rect, image, QRectF(margin, margin, image.width() - 2 * margin, image.height() - 2 * margin))
        p.setPen(pen(faded(style.theme.ink, 0.3), style.px(0.8)))
        for line in data.contours:
            p.drawPolyline(polygon(area.xs(line[:, 0]), area.ys(line[:, 1])))
        p.setPen(pen(style.theme.ink, style.px(1.4)))
        for x, y in data.surface.minima:
            at, arm = QPointF(area.x(x), area.y(y)), style.px(4)
            p.drawLine(at - QPointF(arm, 0), at + QPointF(arm, 0))
            p.drawLine(at - QPointF(0, arm), at + QPointF(0, arm))

    def _paint_paths(self, p: QPainter, area: Area, data: RaceData, style: Style) -> None:
        shown = min(self._shown(), data.steps)
        p.save()
        p.setClipRect(area.rect)
        for index, run in enumerate(data.runs):
            path = run.path[: shown + 1]
            path = path[np.abs(path).max(axis=1) < 1e6]  # excludes NaN, too
            colour = racer_colour(index, style)
            p.setBrush(Qt.BrushStyle.NoBrush)
            # Fade the path after arrival, so that it does not cover the other paths.
            arrived = len(path) if run.arrival is None else run.arrival
            for part, opacity in ((path[arrived:], 0.15), (path[: arrived + 1], 1.0)):
                p.setPen(pen(faded(colour, opacity), style.px(1.6)))
                p.drawPolyline(polygon(area.xs(part[:, 0]), area.ys(part[:, 1])))
            if len(path):
                p.setPen(pen(style.theme.panel, style.px(1.2)))
                p.setBrush(colour)
                p.drawEllipse(QPointF(area.x(path[-1, 0]), area.y(path[-1, 1])), style.px(4.5), style.px(4.5))
        p.setPen(pen(style.theme.ink, style.px(1.6)))
        p.setBrush(Qt.BrushStyle.NoBrush)
        p.drawEllipse(QPointF(area.x(data.start[0]), area.y(data.start[1])), style.px(6), style.px(6))
        p.restore()
        self._paint_table(p, area, data, style, shown)
        mouse = self._hover
        if mouse is not None and area.rect.contains(mouse):
            x, y = area.value_at(mouse)
            height = float(data.surface.function(np.float64(x), np.float64(y)))  # type: ignore[arg-type]
            lines = [("x", short(x, 3)), ("y", short(y, 3)), ("f", short(height, 3)), ("click", "start here")]
            read_out(p, style, mouse, area.rect, lines)

    def _paint_table(self, p: QPainter, area: Area, data: RaceData, style: Style, shown: int) -> None:
        """List the optimizers with their results up to the shown step."""
        beside = self._is_beside(style)
        for index, run in enumerate(data.runs):
            if beside:
                at = QPointF(area.rect.right() + style.px(14), area.rect.top() + style.px(12 + ROW * 1.2 * index))
                room = self._canvas.width() - at.x() - style.px(16)
            else:
                column, row = index % 2, index // 2
                half = (self._canvas.width() - style.px(16)) / 2
                at = QPointF(style.px(8) + column * half, area.rect.bottom() + style.px(42 + 20 * row))
                room = half - style.px(18)
            p.setPen(Qt.PenStyle.NoPen)
            p.setBrush(racer_colour(index, style))
            p.drawEllipse(QPointF(at.x() + style.px(4), at.y()), style.px(4), style.px(4))
            is_over = run.diverged or (run.arrival is not None and run.arrival <= shown) or shown >= data.steps
            ending = outcome(run) if is_over else "running"
            name, position = run.racer.label, QPointF(at.x() + style.px(13), at.y())
            write(p, style, position, elided(style, name, room), colour=style.theme.ink)
            if beside:
                below = QPointF(position.x(), at.y() + style.px(14))
                write(p, style, below, elided(style, ending, room), colour=style.theme.muted)
            elif text_width(style, name) + text_width(style, ending) + style.px(8) < room:
                right = QPointF(at.x() + style.px(13) + room - style.px(6), at.y())
                write(p, style, right, ending, colour=style.theme.muted, align=Align.AlignRight)


def racer_colour(index: int, style: Style) -> QColor:
    """Return the colour of optimizer ``index``."""
    palette = style.theme.class_palette
    return QColor(palette[index % len(palette)])
