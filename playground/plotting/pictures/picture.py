"""The base class of pictures, which draw data on a canvas, on screen and in exported figures."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Hashable
from typing import Generic, TypeAlias

from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainter

from playground.plotting.canvas.canvas import Area, Canvas
from playground.plotting.pins.ghosts import Cached, Data, Ghost
from playground.style.theme import Style

PaintGhost: TypeAlias = "Callable[[QPainter, Area, Ghost[Data], Style], None]"


class Picture(ABC, Generic[Data]):
    """Draws one kind of data on a canvas, redraws on resizing, and shows the values under the mouse.

    A subclass sets up the canvas (margins, ranges, ticks) and adds layers. One that can draw pinned runs behind its data
    adds a layer for them, and lets its ranges reach over :meth:`_all` data.

    Attributes:
        names_pins: whether pinned runs are named above the plot; not if what is drawn of them has their names.
    """

    names_pins = True

    def __init__(self, canvas: Canvas) -> None:
        self._canvas = canvas
        self._data: Data | None = None
        self._style: Style | None = None
        self._hover: QPointF | None = None
        self._ghosts: tuple[Ghost[Data], ...] = ()
        canvas.resized.connect(self._refresh)

    @abstractmethod
    def _arrange(self, data: Data, style: Style, before: Data | None) -> None:
        """Set margins, ranges and ticks of the canvas for ``data``; ``before`` was drawn previously."""

    def draw(self, data: Data, style: Style, ghosts: tuple[Ghost[Data], ...] = ()) -> None:
        """Draw ``data`` in ``style``, with the pinned runs ``ghosts`` behind, on the same axes."""
        before, self._data, self._style = self._data, data, style
        self._ghosts = ghosts
        named = ghosts if self.names_pins else ()
        self._canvas.set_legend(tuple((ghost.name, ghost.colour) for ghost in named if ghost.is_drawn), style)
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

    def _add_ghost_layer(self, paint: PaintGhost[Data], height: float) -> None:
        """Add a layer that calls ``paint`` for each pinned run; what it draws depends on ranges and :meth:`_ghost_key`."""
        cached = Cached()

        def paint_ghosts(painter: QPainter, area: Area) -> None:
            style, ghosts = self._style, self._ghosts
            if self._data is None or style is None or not ghosts:
                return

            def paint_all(p: QPainter) -> None:
                for ghost in ghosts:
                    if ghost.is_drawn:
                        paint(p, area, ghost, style)

            cached.paint(painter, area, (ghosts, area, style, self._ghost_key()), paint_all)

        self._canvas.add_layer(paint_ghosts, height)

    def _ghost_key(self) -> Hashable:
        """Return what, besides ranges and style, the drawing of pinned runs depends on."""
        return None

    def _all(self, data: Data) -> tuple[Data, ...]:
        """Return ``data`` and those of the pinned runs, over all of which the axes reach."""
        return (data, *(ghost.data for ghost in self._ghosts))

    @property
    def _drawn(self) -> tuple[Ghost[Data], ...]:
        """The pinned runs that are drawn."""
        return tuple(ghost for ghost in self._ghosts if ghost.is_drawn)

    def _refresh(self) -> None:
        if self._data is not None and self._style is not None:
            self.draw(self._data, self._style, self._ghosts)
