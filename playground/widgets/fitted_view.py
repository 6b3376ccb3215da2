"""A hidden view for export whose items are laid out anew for each size of the picture."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QResizeEvent
from PySide6.QtWidgets import QGraphicsItem, QGraphicsScene, QGraphicsView
from typing_extensions import override

from playground.widgets.guard import guarded, guarded_or

MIN_SHARE: Final = 0.4
"""Smallest share of the room of an item relative to the largest one."""


class FittedItem(QGraphicsItem):
    """The base of items that paint a whole picture of a given size."""

    def __init__(self) -> None:
        super().__init__()
        self.width, self.height = 800.0, 450.0

    def set_size(self, width: float, height: float) -> None:
        """Set the size of the picture."""
        self.prepareGeometryChange()
        self.width, self.height = width, height

    def fits(
        self,
        width: float,  # noqa: ARG002 - a default for items that fit everywhere
        height: float,  # noqa: ARG002
        *,
        tightly: bool = False,  # noqa: ARG002
    ) -> bool:
        """Return whether a picture of this size has text of its usual size, or does so ``tightly``."""
        return True

    def is_crowded(self, width: float, height: float) -> bool:  # noqa: ARG002 - a default for items that never are
        """Return whether a picture of this size has hardly any room for what there is."""
        return False

    def heading_lines(self, width: float) -> int:  # noqa: ARG002 - a default for items without a title
        """Return the number of lines of its title in a picture ``width`` wide."""
        return 0

    def reserve_lines(self, count: int) -> None:
        """Reserve ``count`` lines for the title, so that what is below those of pictures side by side is level."""

    @property
    def extent(self) -> tuple[float, float]:
        """Width and height of what is drawn relative to that of other items, which share the room accordingly."""
        return 1.0, 1.0

    @property
    def overhead(self) -> float:
        """Height above and below what is drawn, such as of titles."""
        return 0.0

    def wanted_height(self, width: float) -> float:  # noqa: ARG002 - a default for items without one
        """Return the height that it takes below others in a picture ``width`` wide."""
        return self.height

    @override
    @guarded_or(QRectF())
    def boundingRect(self) -> QRectF:
        """Return the rectangle of the whole picture."""
        return QRectF(0, 0, self.width, self.height)


class FittedView(QGraphicsView):
    """A hidden view of one item, or of several which share its size: side by side, or stacked to keep their text.

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
        whole = float(self.width())
        for item in self._items:
            item.reserve_lines(item.heading_lines(whole))
        rows = self._side_by_side(whole, room)
        lines = [item.heading_lines(width) for item, width in zip(self._items, rows, strict=False)]
        for item in self._items if rows else ():
            item.reserve_lines(max(lines))
        widths = rows or [whole] * count
        heights = [room] * count if rows else self._heights(room)
        x = y = 0.0
        for item, width, height in zip(self._items, widths, heights, strict=True):
            item.set_size(width, height)
            item.setPos(x, y)
            x, y = (x + width, y) if rows else (x, y + height)
        self.setSceneRect(0, 0, self.width(), self.height())

    def _side_by_side(self, whole: float, height: float) -> list[float]:
        """Return the widths of items side by side, equal or as each of them needs; empty if they are stacked."""
        count = len(self._items)
        equal, shared = [whole / count] * count, _shared([item.extent[0] for item in self._items], whole)
        for widths in (equal, shared):
            if self._fit(widths, height):
                return widths
        below = zip(self._items, self._heights(height), strict=True)
        is_crowded = any(item.is_crowded(whole, each) for item, each in below)
        return shared if is_crowded and self._fit(shared, height, tightly=True) else []

    def _heights(self, room: float) -> list[float]:
        """Return the heights of stacked items, with what each of them needs apart from its titles."""
        overheads = [item.overhead for item in self._items]
        if sum(overheads) >= room:
            overheads = [0.0] * len(self._items)
        parts = _shared([item.extent[1] for item in self._items], room - sum(overheads))
        return [overhead + part for overhead, part in zip(overheads, parts, strict=True)]

    def _fit(self, widths: list[float], height: float, *, tightly: bool = False) -> bool:
        sized = zip(self._items, widths, strict=True)
        return all(item.fits(width, height, tightly=tightly) for item, width in sized)


def _shared(extents: list[float], room: float) -> list[float]:
    """Return ``room`` divided in proportion to ``extents``, but each gets at least a part of an equal share."""
    least = MIN_SHARE * max(extents)
    wanted = [max(extent, least) for extent in extents]
    return [room * each / sum(wanted) for each in wanted]
