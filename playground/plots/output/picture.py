"""Draw the output card's picture in the form that suits its data."""

from __future__ import annotations

from collections.abc import Callable, Hashable

import numpy as np
from PySide6.QtGui import QPainter
from typing_extensions import override

from core.data.sample import Sample
from playground.plots.output.answers import paint_predictions, paint_shares, paint_tiles
from playground.plots.output.borders import paint_ghost_borders
from playground.plots.output.data import FitData, MapData, OutputData, ShareData, TileData, wrong
from playground.plots.output.fit import FitPainter, Hold
from playground.plots.output.map import MapPainter
from playground.plots.output.pinned_answers import paint_ghost_answers, read_answers
from playground.plots.output.sample_points import paint_chosen
from playground.plotting.canvas.canvas import Area, Canvas
from playground.plotting.canvas.left_labels import numbers_beside
from playground.plotting.canvas.ranges import SpanRange
from playground.plotting.canvas.ticks import linear_ticks
from playground.plotting.pictures.picture import Picture
from playground.plotting.pins.ghosts import Cached, Ghost
from playground.style.theme import Style


class OutputPicture(Picture[OutputData]):
    """Draws :data:`OutputData` on a canvas."""

    def __init__(self, canvas: Canvas, shows_test: Callable[[], bool], chosen: Callable[[], Sample | None]) -> None:
        """Draw on ``canvas``; ``shows_test`` returns whether to draw the test samples, ``chosen`` the sample with a ring."""
        super().__init__(canvas)
        self._map = MapPainter(canvas)
        self._fit = FitPainter(canvas)
        self._span = SpanRange()
        self._shows_test, self._chosen = shows_test, chosen
        self._add_layer(self._paint_below, 1)
        self._add_ghost_layer(self._paint_ghost, 2)
        self._add_layer(self._paint, 3)
        self._pinned_answers = Cached()
        self._add_layer(self._paint_answers, 4)

    def hold(self, kind: Hold) -> None:
        """Set whether the vertical range of a fit follows the data."""
        self._fit.hold = kind

    @override
    def _arrange(self, data: OutputData, style: Style, before: OutputData | None) -> None:
        match data:
            case MapData():
                self._map.arrange(data, style)
            case FitData():
                self._fit.arrange(data, style, [each for each in self._all(data) if isinstance(each, FitData)])
            case ShareData() if len(data.true):
                self._arrange_predictions(data, style)
            case TileData() | ShareData():
                self._canvas.arrange(style, left=4, right=4, top=4, bottom=4)
                self._canvas.bottom.show_ticks((), style)
                self._canvas.left.show_ticks((), style)

    def _arrange_predictions(self, data: ShareData, style: Style) -> None:
        true = np.concatenate([each.true for each in self._all(data) if isinstance(each, ShareData)])
        span = self._span.fit(float(true.min()), float(true.max()))
        up = numbers_beside(
            self._canvas,
            style,
            span,
            min_count=3,
            spacing=40,
            left=40,
            right=8,
            top=24,
            bottom=38,
        )
        self._canvas.set_ranges(span, span)
        area = self._canvas.area()
        across = linear_ticks(*span, max(3, int(area.rect.width() / style.px(50))))
        self._canvas.bottom.show_ticks(across, style, name="true value")
        self._canvas.left.show_ticks(up, style, name="predicted", hairlines=True)

    def _paint_below(self, p: QPainter, area: Area, data: OutputData, style: Style) -> None:
        if isinstance(data, MapData):
            self._map.paint_map(p, area, data, style, is_compared=bool(self._drawn))

    def _paint_ghost(self, p: QPainter, area: Area, ghost: Ghost[OutputData], style: Style) -> None:
        if isinstance(self._data, MapData):
            paint_ghost_borders(p, area, self._data, ghost, style)
        elif isinstance(self._data, FitData):
            self._fit.paint_ghost(p, area, ghost, style)

    def _paint_answers(self, p: QPainter, area: Area, data: OutputData, style: Style) -> None:
        """Draw the pinned runs over bars and dots of the current run, which would hide them, and the readout."""
        if not isinstance(data, TileData | ShareData):
            return
        ghosts, mouse = self._drawn, self._hover

        def paint(painter: QPainter) -> None:
            for place, ghost in enumerate(ghosts):
                paint_ghost_answers(painter, area, data, ghost, place, style)

        if ghosts:
            framed = wrong(data).tobytes() if isinstance(data, TileData) else b""
            self._pinned_answers.paint(p, area, (ghosts, area, style, framed), paint)
        if mouse is not None and area.rect.contains(mouse):
            read_answers(p, area, data, style, mouse, ghosts)

    @override
    def _ghost_key(self) -> Hashable:
        return self._data.scale if isinstance(self._data, MapData) else None

    def _paint(self, p: QPainter, area: Area, data: OutputData, style: Style) -> None:
        mouse = self._hover
        hovering = mouse is not None and area.rect.contains(mouse)
        chosen = self._chosen()
        match data:
            case MapData():
                self._map.paint_points(p, area, data, style, test=self._shows_test())
                paint_chosen(p, area, data, chosen, style)
                if hovering and mouse is not None:
                    self._map.read_out(p, area, data, style, mouse, self._drawn)
            case FitData():
                self._fit.paint(p, area, data, style, test=self._shows_test())
                paint_chosen(p, area, data, chosen, style)
                if hovering and mouse is not None:
                    self._fit.read_out(p, area, data, style, mouse, self._drawn)
            case TileData():
                paint_tiles(p, area, data, style)
            case ShareData() if len(data.true):
                paint_predictions(p, area, data, style)
            case ShareData():
                paint_shares(p, area, data, style)
