"""A cached image of the sample points, which change much less often than the map below them."""

from __future__ import annotations

from collections.abc import Callable, Hashable

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter, QPixmap

from playground.plotting.canvas.canvas import Area, Canvas


class PointPicture:
    """A transparent image of the canvas's size, redrawn when its key or the plot's area changes."""

    def __init__(self, canvas: Canvas) -> None:
        self._canvas = canvas
        self._picture: QPixmap | None = None
        self._key: tuple[object, ...] = ()

    def paint(self, p: QPainter, area: Area, key: tuple[Hashable, ...], draw: Callable[[QPainter], None]) -> None:
        """Draw the image on the canvas, rendered by ``draw`` if outdated; for export, call ``draw`` directly.

        Args:
            p: painter of the canvas.
            area: the plot's area.
            key: everything else that the image depends on.
            draw: paints the points, in canvas pixels.
        """
        if area.still:
            draw(p)
            return
        ratio = p.device().devicePixelRatio()
        full_key = (*key, area.rect, area.x_range, area.y_range, self._canvas.size(), ratio)
        if self._picture is None or self._key != full_key:
            self._picture = self._rendered(ratio, draw)
            self._key = full_key
        p.drawPixmap(QPointF(0.0, 0.0), self._picture)

    def _rendered(self, ratio: float, draw: Callable[[QPainter], None]) -> QPixmap:
        picture = QPixmap(self._canvas.size() * ratio)
        picture.setDevicePixelRatio(ratio)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        draw(painter)
        painter.end()
        return picture
