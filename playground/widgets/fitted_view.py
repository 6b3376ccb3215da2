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

    def fits(self, width: float, height: float) -> bool:  # noqa: ARG002 - a default for items that fit everywhere
        """Return whether a picture of this size has text of its usual size."""
        return True

    def wanted_height(self, width: float) -> float:  # noqa: ARG002 - a default for items without one
        """Return the height that it takes below others in a picture ``width`` wide."""
        return self.height

    @override
    @guarded_or(QRectF())
    def boundingRect(self) -> QRectF:
        """Return the rectangle of the whole picture."""
        return QRectF(0, 0, self.width, self.height)


class FittedView(QGraphicsView):
    """A hidden view of one item, or of several which share its size: side by side, or below one another to keep their text.

    Args:
        items: from left to right, or from top to bottom.
        background: colour behind them.
        below: what stands below all of them; ``None`` for nothing.
    """

    def __init__(self, *items: FittedItem, background: str, below: FittedItem | None = None) -> None:
        super().__init__()
        self.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
        self.setFrameShape(QGraphicsView.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        scene = QGraphicsScene(self)
        scene.setBackgroundBrush(QColor(background))
        self._items, self._below = items, below
        for item in (*items, *([] if below is None else [below])):
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
        count, room = len(self._items), float(self.height())
        if self._below is not None:
            foot = self._below.wanted_height(self.width())
            room -= foot
            self._below.set_size(self.width(), foot)
            self._below.setPos(0.0, room)
        if all(item.fits(self.width() / count, room) for item in self._items):
            width, height, across, down = self.width() / count, room, 1, 0
        else:
            width, height, across, down = float(self.width()), room / count, 0, 1
        for place, item in enumerate(self._items):
            item.set_size(width, height)
            item.setPos(place * across * width, place * down * height)
        self.setSceneRect(0, 0, self.width(), self.height())
