"""Keeps the picture of many points: the map under them changes with every snapshot, they hardly ever do."""

from __future__ import annotations

from collections.abc import Callable, Hashable

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter, QPixmap

from playground.plotting.canvas import Area, Canvas


class PointPicture:
    """A transparent picture of the canvas's size, redrawn when its key, the plot's rectangle or its ranges change."""

    def __init__(self, canvas: Canvas) -> None:
        self._canvas = canvas
        self._picture: QPixmap | None = None
        self._key: tuple[object, ...] = ()

    def paint(self, p: QPainter, area: Area, key: tuple[Hashable, ...], draw: Callable[[QPainter], None]) -> None:
        """Put the picture onto the canvas; ``draw`` makes it, and draws directly where the canvas is for export.

        Args:
            p: paints the canvas.
            area: where the plot is.
            key: all else that the picture depends on.
            draw: paints the points, in pixels of the canvas.
        """
        if area.still:
            draw(p)
            return
        ratio = p.device().devicePixelRatio()
        whole = (*key, area.rect, area.x_range, area.y_range, self._canvas.size(), ratio)
        if self._picture is None or self._key != whole:
            self._picture = self._drawn(ratio, draw)
            self._key = whole
        p.drawPixmap(QPointF(0.0, 0.0), self._picture)

    def _drawn(self, ratio: float, draw: Callable[[QPainter], None]) -> QPixmap:
        picture = QPixmap(self._canvas.size() * ratio)
        picture.setDevicePixelRatio(ratio)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        draw(painter)
        painter.end()
        return picture
