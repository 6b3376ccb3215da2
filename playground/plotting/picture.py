"""The base class of pictures, which draw data on a canvas, on screen and in exported figures."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Generic, TypeVar

from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainter

from playground.plotting.canvas import Area, Canvas
from playground.style.theme import Style

Data = TypeVar("Data")


class Picture(ABC, Generic[Data]):
    """Draws one kind of data on a canvas, redraws on resizing, and shows the values under the mouse.

    A subclass sets up the canvas (margins, ranges, ticks) and adds layers.
    """

    def __init__(self, canvas: Canvas) -> None:
        self._canvas = canvas
        self._data: Data | None = None
        self._style: Style | None = None
        self._hover: QPointF | None = None
        canvas.resized.connect(self._refresh)

    @abstractmethod
    def _arrange(self, data: Data, style: Style, before: Data | None) -> None:
        """Set margins, ranges and ticks of the canvas for ``data``; ``before`` was drawn previously."""

    def draw(self, data: Data, style: Style) -> None:
        """Draw ``data`` in ``style``."""
        before, self._data, self._style = self._data, data, style
        self._arrange(data, style, before)
        self._canvas.repaint_soon()

    def clear(self) -> None:
        """Clear the picture."""
        self._data = None
        if self._style is not None:
            self._canvas.left.show_ticks((), self._style)
            self._canvas.bottom.show_ticks((), self._style)
        self._canvas.repaint_soon()

    def point_at(self, position: QPointF | None) -> None:
        """Show the values under the mouse at ``position``; ``None`` hides them."""
        self._hover = position
        self._canvas.repaint_soon()

    def _add_layer(self, paint: Callable[[QPainter, Area, Data, Style], None], z: int) -> None:
        """Add a layer that calls ``paint`` while there is data; layers with greater ``z`` are drawn on top."""

        def paint_data(painter: QPainter, area: Area) -> None:
            if self._data is not None and self._style is not None:
                paint(painter, area, self._data, self._style)

        self._canvas.add_layer(paint_data, z)

    def _refresh(self) -> None:
        if self._data is not None and self._style is not None:
            self.draw(self._data, self._style)
