"""A view of two plots side by side, for a slide with "before" and "after"."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QPainter, QResizeEvent
from PySide6.QtWidgets import QGraphicsView, QWidget
from typing_extensions import override

from playground.plotting.canvas import Canvas
from playground.style.theme import Style
from playground.widgets.guard import guarded, guarded_or

if TYPE_CHECKING:
    from PySide6.QtWidgets import QStyleOptionGraphicsItem


class PairView(pg.GraphicsView):  # type: ignore[misc]
    """Paints two canvases, each in half of the width."""

    def __init__(self, left: Canvas, right: Canvas, style: Style) -> None:
        self._ready = False
        super().__init__()
        self._canvases = (left, right)
        self.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
        self.sceneObj.setItemIndexMethod(self.sceneObj.ItemIndexMethod.NoIndex)
        self.setBackground(style.theme.panel)
        for canvas in self._canvases:
            # The parent of the plots, which deletes them together with this view; it is never shown.
            canvas.setParent(self)
            canvas.hide()
            self.scene().addItem(_Part(self, canvas))
        self._ready = True

    def parts(self) -> tuple[tuple[QGraphicsView, QPointF], ...]:
        """Return the plots, each with the position of its top left corner."""
        left, right = self._canvases
        return (left, QPointF(0.0, 0.0)), (right, QPointF(float(self.width() - right.width()), 0.0))

    @override
    @guarded
    def resizeEvent(self, ev: QResizeEvent | None) -> None:
        """Set the size of each plot to half of the width."""
        super().resizeEvent(ev)
        if not self._ready or self.closed:
            return
        for canvas in self._canvases:
            canvas.setMinimumSize(1, 1)
            canvas.resize(max(self.width() // 2, 1), max(self.height(), 1))
            canvas.lay_out()


class _Part(pg.GraphicsObject):  # type: ignore[misc]
    """One of the plots."""

    def __init__(self, view: PairView, canvas: Canvas) -> None:
        super().__init__()
        self._view, self._canvas = view, canvas

    @override
    @guarded_or(QRectF())
    def boundingRect(self) -> QRectF:
        return QRectF(self._view.rect())

    @override
    @guarded
    def paint(self, p: QPainter, opt: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        canvas = self._canvas
        corner = next(corner for each, corner in self._view.parts() if each is canvas)
        source = canvas.rect()
        canvas.render(p, QRectF(corner, QSizeF(source.size())), source, Qt.AspectRatioMode.IgnoreAspectRatio)
