"""Draws the output card's picture, whichever kind its data asks for."""

from __future__ import annotations

from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainter

from playground.plots.output_answers import paint_predictions, paint_shares, paint_tiles
from playground.plots.output_data import FitData, MapData, OutputData, ShareData, TileData
from playground.plots.output_fit import FitPainter
from playground.plots.output_map import MapPainter
from playground.plotting.canvas import Area, Canvas
from playground.plotting.ranges import SpanRange
from playground.plotting.ticks import linear_ticks
from playground.style.theme import Style


class OutputPicture:
    """Draws :data:`OutputData` on a canvas."""

    def __init__(self, canvas: Canvas) -> None:
        self._canvas = canvas
        self._map = MapPainter(canvas)
        self._fit = FitPainter(canvas)
        self._span = SpanRange()
        self._data: OutputData | None = None
        self._style: Style | None = None
        self._test = False
        self._hover: QPointF | None = None
        canvas.resized.connect(self._refresh)
        canvas.add_layer(self._paint, 1)

    def draw(self, data: OutputData, style: Style, *, test: bool) -> None:
        """Draw ``data`` in ``style``, with the test samples if ``test``."""
        self._data, self._style, self._test = data, style, test
        match data:
            case MapData():
                self._map.arrange(data, style)
            case FitData():
                self._fit.arrange(data, style)
            case ShareData() if len(data.true):
                self._arrange_predictions(data, style)
            case TileData() | ShareData():
                self._canvas.arrange(style, left=2, right=2, top=4, bottom=4)
                self._canvas.bottom.show_ticks((), style)
                self._canvas.left.show_ticks((), style)
        self._canvas.repaint_soon()

    def _refresh(self) -> None:
        """Draw the same data again: the canvas has another size."""
        if self._data is not None and self._style is not None:
            self.draw(self._data, self._style, test=self._test)

    def point_at(self, place: QPointF | None) -> None:
        """Show the values under the mouse at ``place``, or nothing."""
        self._hover = place
        self._canvas.repaint_soon()

    def _arrange_predictions(self, data: ShareData, style: Style) -> None:
        self._canvas.arrange(style, left=40, right=8, top=24, bottom=38)
        span = self._span.fit(float(data.true.min()), float(data.true.max()))
        self._canvas.set_ranges(span, span)
        area = self._canvas.area()
        across = linear_ticks(*span, max(3, int(area.rect.width() / style.px(50))))
        up = linear_ticks(*span, max(3, int(area.rect.height() / style.px(40))))
        self._canvas.bottom.show_ticks(across, style, name="true value")
        self._canvas.left.show_ticks(up, style, name="predicted", hairlines=True)

    def _paint(self, p: QPainter, area: Area) -> None:
        data, style, mouse = self._data, self._style, self._hover
        if data is None or style is None:
            return
        hovering = mouse is not None and area.rect.contains(mouse)
        match data:
            case MapData():
                self._map.paint(p, area, data, style, test=self._test)
                if hovering and mouse is not None:
                    self._map.read_out(p, area, data, style, mouse)
            case FitData():
                self._fit.paint(p, area, data, style, test=self._test)
                if hovering and mouse is not None:
                    self._fit.read_out(p, area, data, style, mouse)
            case TileData():
                paint_tiles(p, area, data, style)
            case ShareData() if len(data.true):
                paint_predictions(p, area, data, style)
            case ShareData():
                paint_shares(p, area, data, style)
