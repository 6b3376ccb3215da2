"""A cache of what rarely changes in a plot, which makes redrawing it nearly free."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPixmap


class CachedPixmap:
    """Caches what a layer paints as a pixmap, once it is painted a second time without a change.

    Args:
        at_once: cache it when it is painted for the first time, because it takes long and will be painted again.
    """

    def __init__(self, *, at_once: bool = False) -> None:
        self._at_once = at_once
        self._key: object = None
        self._pixmap: QPixmap | None = None

    def paint(self, painter: QPainter, box: QRectF, key: object, paint: Callable[[QPainter], None]) -> None:
        """Call ``paint``, whose output lies in ``box`` and depends only on ``key``, or draw its cached pixmap."""
        ratio = painter.device().devicePixelRatioF()
        if (key, ratio) != self._key:
            self._key, self._pixmap = (key, ratio), None
            if not self._at_once:
                paint(painter)
                return
        bounds = QRectF(box.toAlignedRect())
        if self._pixmap is None:
            self._pixmap = QPixmap((bounds.size() * ratio).toSize())
            self._pixmap.setDevicePixelRatio(ratio)
            self._pixmap.fill(Qt.GlobalColor.transparent)
            inner = QPainter(self._pixmap)
            try:
                inner.setRenderHints(painter.renderHints())
                inner.translate(-bounds.topLeft())
                paint(inner)
            finally:
                inner.end()
        painter.drawPixmap(bounds.topLeft(), self._pixmap)
