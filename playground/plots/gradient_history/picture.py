"""Draw each layer's gradient over time as a heat map on a log scale; darker is larger."""

from __future__ import annotations

from typing import Final

import numpy as np
from msgspec import Struct
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QLinearGradient, QPainter
from typing_extensions import override

from core.arrays import Floats, Integers
from core.experiment.epoch_text import epoch_text
from core.training.recorders.gradient_history import GradientHistory
from core.training.recorders.loss_curve import Mark
from playground.plotting.canvas.canvas import EDGE, Area, Canvas
from playground.plotting.canvas.ranges import DecadeRange
from playground.plotting.canvas.ticks import decade_label, linear_ticks, thinned
from playground.plotting.drawing.layer_names import weight_name
from playground.plotting.drawing.pencil import Align, pen, read_out, text_width, write
from playground.plotting.pictures.layered_picture import LayeredPicture
from playground.plotting.pins.ghosts import Ghost
from playground.style.numbers import short, thousands
from playground.style.theme import Style, Theme, mixed
from playground.widgets.heat_map import Colours, rgb_image

MAX_DECADES: Final = 60
COLUMNS: Final = 400
"""Maximum number of image columns; each recorded gradient fills the columns up to the next."""

GAP: Final = 0.6
"""Gap between the maps of two runs, in rows."""

NAME: Final = "‖∂L/∂W‖"
NOT_FINITE: Final = 255
"""Index of the colour for non-finite values."""


class HistoryData(Struct, frozen=True):
    """Data of the heat map.

    Attributes:
        history: norms by time and layer.
        by_steps: whether time is counted in steps rather than epochs.
        mark: the last change of settings during the run.
    """

    history: GradientHistory
    by_steps: bool
    mark: Mark | None = None

    @property
    def times(self) -> Floats:
        """Recorded times in epochs or steps, (n,)."""
        return self.history.step if self.by_steps else self.history.epoch

    @property
    def begin(self) -> int:
        """Index of the first gradient under the current settings."""
        return 0 if self.mark is None else int(np.searchsorted(self.history.step, self.mark.step))

    @property
    def changed(self) -> float | None:
        """Time of the last change of settings."""
        return None if self.mark is None else self.mark.step if self.by_steps else self.mark.epoch


MIN_SCALE: Final = 30.0
"""Width of the colour scale of a narrow figure, beside which it is still named, in pixels at scale 1."""


class Band(Struct, frozen=True):
    """The map of one run, below those before it.

    Attributes:
        data: the run.
        ghost: the pinned run; ``None`` for the current one.
        top: rows above it.
    """

    data: HistoryData
    ghost: Ghost[HistoryData] | None
    top: float

    @property
    def rows(self) -> int:
        """Number of layers."""
        return int(self.data.history.norms.shape[1])


class HistoryPicture(LayeredPicture[HistoryData]):
    """Draws :class:`HistoryData` on a canvas; pinned runs as maps of their own below, on the same axes and scale."""

    def __init__(self, canvas: Canvas) -> None:
        super().__init__(canvas, framed=True)
        self._decades = DecadeRange(1, MAX_DECADES)
        self._range = (0, 1)
        self._layers = 0
        self._images: dict[int, tuple[tuple[object, ...], QImage]] = {}
        self._add_layer(self._paint, 1)

    def _bands(self, data: HistoryData) -> list[Band]:
        bands = [Band(data, None, 0.0)]
        for ghost in self._drawn:
            bands.append(Band(ghost.data, ghost, bands[-1].top + bands[-1].rows + GAP))
        return bands

    @override
    def _arrange(self, data: HistoryData, style: Style, before: HistoryData | None) -> None:
        count = data.history.norms.shape[1]
        if self._layers != count or len(data.times) < 2:
            self._decades.clear()
            self._layers = count
        self._canvas.arrange(style, left=36, bottom=34, top=26, right=8)
        every = self._all(data)
        self._range = self._decades.fit(np.concatenate([each.history.norms.ravel() for each in every]))
        ends = [span_of(each.times) for each in every if len(each.times)] or [(0.0, 1.0)]
        start, end = min(low for low, _ in ends), max(high for _, high in ends)
        bands = self._bands(data)
        total = bands[-1].top + bands[-1].rows
        self._canvas.set_ranges((start, end), (0.0, total))
        area = self._canvas.area()
        names = [
            (total - band.top - index - 0.5, weight_name(index))
            for band in bands
            for index in thinned(band.rows, max(2, int(area.rect.height() * band.rows / total / style.px(15))))
        ]
        self._canvas.left.show_ticks(tuple(names), style)
        across = max(2, int(area.rect.width() / style.px(56)))
        name = "step" if data.by_steps else "epoch"
        ticks = linear_ticks(start, end, across) if any(len(each.times) > 1 for each in every) else ()
        self._canvas.bottom.show_ticks(ticks, style, name=name)

    @override
    def _layer_count(self, data: HistoryData) -> int:
        return int(data.history.norms.shape[1])

    @override
    def _layer_box(self, area: Area, data: HistoryData, layer: int) -> QRectF:
        top, bottom = area.y(area.y_range[1] - layer), area.y(area.y_range[1] - layer - 1)
        return QRectF(area.rect.left(), top, area.rect.width(), bottom - top)

    # -- painting ----------------------------------------------------------------------------------------------------

    def _paint(self, p: QPainter, area: Area, data: HistoryData, style: Style) -> None:
        self._paint_scale(p, area, style)
        bands = self._bands(data)
        for number, band in enumerate(bands):
            if len(band.data.times):
                self._paint_band(p, area, number, band, style)
        self._images = {number: image for number, image in self._images.items() if number < len(bands)}
        mouse = self._hover
        if mouse is None or not area.rect.contains(mouse):
            return
        at, height_up = area.value_at(mouse)
        below = area.y_range[1] - height_up
        hit = next((each for each in bands if each.top <= below < each.top + each.rows and len(each.data.times)), None)
        if hit is not None:
            self._paint_read_out(p, area, hit, int(below - hit.top), at, mouse, style)

    def _paint_band(self, p: QPainter, area: Area, number: int, band: Band, style: Style) -> None:
        data = band.data
        key = (data.history, data.by_steps, self._range, style.theme)
        known = self._images.get(number)
        if known is None or known[0] != key:
            known = self._images[number] = (key, rgb_image(pixels(data, self._range, style.theme)))
        start, end = span_of(data.times)
        top = area.y(area.y_range[1] - band.top)
        rect = QRectF(
            area.x(start), top, area.x(end) - area.x(start), area.y(area.y_range[1] - band.top - band.rows) - top
        )
        p.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
        p.drawImage(rect, known[1])
        if band.ghost is not None:
            p.setPen(band.ghost.pen(style))
            p.setBrush(Qt.BrushStyle.NoBrush)
            p.drawRect(rect)

    @staticmethod
    def _paint_read_out(
        p: QPainter, area: Area, band: Band, index: int, at: float, mouse: QPointF, style: Style
    ) -> None:
        history = band.data.history
        moment = int(indices_at(band.data.times, np.array([at]))[0])
        top = area.y(area.y_range[1] - band.top - index)
        height = area.y(0.0) - area.y(1.0)
        p.setPen(pen(style.theme.accent, style.px(1)))
        p.setBrush(Qt.BrushStyle.NoBrush)
        if band.ghost is not None:  # the current run's layer is framed in all views that show it
            p.drawRect(QRectF(area.rect.left(), top, area.rect.width(), height))
        p.drawLine(QPointF(mouse.x(), area.rect.top()), QPointF(mouse.x(), area.rect.bottom()))
        lines = [
            *([] if band.ghost is None else [(band.ghost.name, "")]),
            ("epoch", epoch_text(float(history.epoch[moment]))),
            ("step", thousands(int(history.step[moment]))),
            (f"‖∂L/∂{weight_name(index)}‖", short(float(history.norms[moment, index]), 3)),
        ]
        read_out(p, style, mouse, area.rect, lines)

    def _paint_scale(self, p: QPainter, area: Area, style: Style) -> None:
        """Draw the colour scale above the map."""
        low, high = (decade_label(each, plain=False) for each in self._range)
        y, height = area.rect.top() - style.px(13), style.px(7)
        width, named = min(style.px(120), area.rect.width() * 0.4), low
        if area.still:
            texts = text_width(style, f"{NAME}   {low}") + text_width(style, high) + 2 * style.px(5)
            room = area.rect.right() - style.px(EDGE) - texts
            if room >= min(width, style.px(MIN_SCALE)):
                width, named = min(width, room), f"{NAME}   {low}"
        right = area.rect.right() - text_width(style, high) - style.px(5)
        bar = QRectF(right - width, y - height / 2, width, height)
        gradient = QLinearGradient(bar.topLeft(), bar.topRight())
        table = shades(style.theme)
        for fraction in (0.0, 0.25, 0.5, 0.75, 1.0):
            gradient.setColorAt(fraction, QColor.fromRgb(int(table[round(fraction * (NOT_FINITE - 1))])))
        p.setPen(Qt.PenStyle.NoPen)
        p.setBrush(gradient)
        p.drawRoundedRect(bar, height / 2, height / 2)
        at = QPointF(bar.left() - style.px(5), y)
        write(p, style, at, named, colour=style.theme.muted, align=Align.AlignRight)
        write(p, style, QPointF(bar.right() + style.px(5), y), high, colour=style.theme.muted)


def span_of(times: Floats) -> tuple[float, float]:
    """Return the limits of the time axis, which has a width even with a single time."""
    if not len(times):
        return 0.0, 1.0
    start, end = float(times[0]), float(times[-1])
    return (start, end) if end > start else (start, start + 1.0)


def indices_at(times: Floats, positions: Floats) -> Integers:
    """Return the index of the last time ≤ each of ``positions``, or 0 if there is none."""
    return np.maximum(np.searchsorted(times, positions, side="right") - 1, 0).astype(np.int64)


def pixels(data: HistoryData, decades: tuple[int, int], theme: Theme) -> Colours:
    """Return the heat map as colours, (layers, columns)."""
    norms = data.history.norms
    start, end = span_of(data.times)
    columns = min(COLUMNS, max(len(norms), 1) * 8)
    positions = start + (np.arange(columns) + 1.0) / columns * (end - start)
    low, high = decades
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        shares = np.clip((np.log10(norms) - low) / (high - low), 0.0, 1.0) * (NOT_FINITE - 1)
    indices = np.where(np.isfinite(norms), np.nan_to_num(shares), NOT_FINITE).astype(np.uint8)
    return shades(theme).take(indices[indices_at(data.times, positions)].T)


def shades(theme: Theme) -> Colours:
    """Return 256 colours 0xffRRGGBB: from the card's background to ink; the last is for non-finite values."""
    panel, ink = QColor(theme.panel), QColor(theme.ink)
    colours = [mixed(panel, ink, 0.05 + 0.9 * index / (NOT_FINITE - 1)).rgb() for index in range(NOT_FINITE)]
    # In print, the background: black is the largest value.
    broken = theme.panel if theme.printed else theme.error
    return np.array([*colours, QColor(broken).rgb()], dtype=np.uint32)
