"""Painting of images pixel by pixel."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF
from PySide6.QtGui import QImage, QPainter


def paint_unscaled(painter: QPainter, images: Sequence[tuple[QPointF, QImage]]) -> None:
    """Paint each image pixel by pixel with its corner at the pixel nearest to its point, whatever the painter's scale."""
    ratio = painter.device().devicePixelRatio()
    world = painter.worldTransform()
    painter.save()
    painter.resetTransform()
    for point, image in images:
        at = world.map(point) * ratio
        image.setDevicePixelRatio(ratio)
        painter.drawImage(QPointF(round(at.x()), round(at.y())) / ratio, image)
    painter.restore()
