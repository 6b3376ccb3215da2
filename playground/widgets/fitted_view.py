"""A hidden view for export whose items are laid out anew for each size of the picture."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QResizeEvent
from PySide6.QtWidgets import QGraphicsItem, QGraphicsScene, QGraphicsView
from typing_extensions import override

from playground.widgets.guard import guarded, guarded_or


class FittedItem(QGraphicsItem):
    """The base of items that paint a whole picture of a given size."""

    def __init__(self) -> None:
        super().__init__()
        self.width, self.height = 800.0, 450.0

    def set_size(self, width: float, height: float) -> None:
        """Set the size of the picture."""
        self.prepareGeometryChange()
        self.width, self.height = width, height

    @override
    @guarded_or(QRectF())
    def boundingRect(self) -> QRectF:
        """Return the rectangle of the whole picture."""
        return QRectF(0, 0, self.width, self.height)


class FittedView(QGraphicsView):
    """A hidden view of one item, or of several side by side, which share its size.

    Args:
        items: from left to right.
        background: colour behind them.
    """

    def __init__(self, *items: FittedItem, background: str) -> None:
        super().__init__()
        self.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
        self.setFrameShape(QGraphicsView.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        scene = QGraphicsScene(self)
        scene.setBackgroundBrush(QColor(background))
        self._items = items
        for item in items:
            scene.addItem(item)
        self.setScene(scene)
        self._follow_size()

    @override
    @guarded
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay out for the new size."""
        super().resizeEvent(event)
        self._follow_size()

    def _follow_size(self) -> None:
        width = self.width() / len(self._items)
        for place, item in enumerate(self._items):
            item.set_size(width, self.height())
            item.setPos(place * width, 0.0)
        self.setSceneRect(0, 0, self.width(), self.height())
