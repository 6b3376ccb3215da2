"""The parts that rarely change (background, headers, names, controls), cached in a pixmap."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QPainter, QPixmap

from playground.network_view.controls.painter import paint_controls, paint_headers
from playground.network_view.controls.positions import Control
from playground.network_view.layout.viewport import Viewport
from playground.network_view.nodes.names import paint_labels, paint_numbers
from playground.network_view.picture import Picture


class Backdrop:
    """Caches the last backdrop until something in it changes."""

    def __init__(self) -> None:
        self._key: tuple[object, ...] = ()
        self._pixmap = QPixmap()

    def pixmap(
        self,
        picture: Picture,
        controls: Sequence[Control],
        viewport: Viewport,
        size: QSize,
        ratio: float,
    ) -> QPixmap:
        """Return the backdrop for a view of ``size`` with ``ratio`` device pixels per pixel."""
        place = (viewport.zoom, viewport.dx, viewport.dy, size.width(), size.height(), ratio)
        key = (picture.layout, picture.shape, picture.style, controls, place)
        if (
            len(key) != len(self._key)
            or any(a is not b and a != b for a, b in zip(key[3:], self._key[3:], strict=True))
            or any(a is not b for a, b in zip(key[:3], self._key[:3], strict=True))
        ):
            self._key = key
            self._pixmap = self._painted(picture, controls, viewport, size, ratio)
        return self._pixmap

    @staticmethod
    def _painted(
        picture: Picture,
        controls: Sequence[Control],
        viewport: Viewport,
        size: QSize,
        ratio: float,
    ) -> QPixmap:
        pixmap = QPixmap(size * ratio)
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(QColor(picture.style.theme.panel))
        with QPainter(pixmap) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.translate(viewport.dx, viewport.dy)
            painter.scale(viewport.zoom, viewport.zoom)
            paint_backdrop(painter, picture, controls, viewport.visible())
        return pixmap


def paint_backdrop(
    painter: QPainter,
    picture: Picture,
    controls: Sequence[Control],
    visible: tuple[float, float],
) -> None:
    """Paint the names, headers and controls within the ``visible`` range of x."""
    shown = [c for c in controls if c.box.right() > visible[0] and c.box.left() < visible[1]]
    paint_labels(painter, picture)
    paint_numbers(painter, picture)
    paint_headers(painter, picture.layout, picture.shape, picture.style, visible)
    paint_controls(painter, picture.layout, shown, picture.style)
