"""The card that compares the theoretical forecast of activations and gradients with measurements."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, cast

from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from core.training.snapshot import Snapshot
from playground.plots.forecast.data import Band, BandKey, ForecastData, band_of, forecast_data, forecast_sentences
from playground.plots.forecast.picture import ForecastPicture
from playground.plotting.canvas.canvas import Canvas
from playground.plotting.cards.computed_card import Work
from playground.plotting.cards.plot_card import cells, columns
from playground.plotting.cards.quick_card import QuickCard
from playground.style.theme import Style
from playground.widgets.figure import Table
from playground.widgets.guard import guarded
from playground.widgets.plot import Plot
from playground.worker.background import Background

if TYPE_CHECKING:
    from playground.session import Session


class ForecastPlot(QuickCard[ForecastData]):
    """Mean squares of activations and δ: predicted, measured, and over 20 seeds.

    The band over the seeds is slow to compute and changes only with the settings, so it is computed separately.
    """

    figure_key = "forecast"
    draws_pins = True

    def __init__(self, session: Session, style: Style, parent: QWidget | None = None) -> None:
        super().__init__("Forecast and measured", "forecastPlot", session, style, parent, short="Forecast")
        self._band: Band | None = None
        self._requested: BandKey | None = None
        self._source: Snapshot | None = None
        self._band_jobs = Background("forecastBand", self)
        self._band_jobs.succeeded.connect(self._take_band)
        self._band_jobs.failed.connect(self._fail)

    @override
    def work(self, snapshot: Snapshot) -> Work[ForecastData]:
        self._source = snapshot
        band = self._band
        return lambda _: forecast_data(snapshot, band)

    @override
    def pin_work(self, snapshot: Snapshot) -> Work[ForecastData]:
        return lambda _: forecast_data(snapshot, None)

    @override
    def accept(self, data: ForecastData) -> None:
        """Request the band of ``data`` if it is not known yet."""
        if self.isVisible():
            self._request_band(data)

    def _request_band(self, data: ForecastData) -> None:
        source = self._source
        if data.band is None and source is not None and self._requested != data.key:
            self._requested = data.key
            self._band_jobs.cancel()
            self._band_jobs.submit(lambda advance: band_of(source, advance))

    def _take_band(self, result: object) -> None:
        self._band = cast("Band", result)
        if self._data is not None and self._data.key == self._band.key:
            self._data = replace(self._data, band=self._band)
            self.redraw()

    @override
    def prepare(self, *, paired: bool = False) -> bool:
        """Compute forecast and band on their threads; return whether they are complete."""
        if not super().prepare(paired=paired):
            return False
        if self._data is not None:
            self._request_band(self._data)
        return self._band_jobs.is_idle

    @override
    def settle(self) -> None:
        """Compute forecast and band now, unless they are already drawn."""
        super().settle()
        if self._data is not None and self._data.band is None and self._source is not None:
            self._band_jobs.cancel()
            self._requested = None
            band = band_of(self._source, lambda _done, _every: True)
            if band is not None:
                self._take_band(band)

    @override
    @guarded
    def showEvent(self, event: QShowEvent) -> None:
        """Compute the band that was not finished when the card was hidden."""
        super().showEvent(event)
        if self._data is not None:
            self.accept(self._data)

    @override
    @guarded
    def hideEvent(self, event: QHideEvent) -> None:
        """Stop computing the band."""
        super().hideEvent(event)
        self._band_jobs.cancel()
        self._requested = None

    @override
    def plot_of(self, data: ForecastData, style: Style) -> Plot | None:
        from playground.plots.forecast.typeset import forecast_plot  # imported late: only needed for LaTeX

        return forecast_plot(data, style)

    @override
    def make_picture(self, canvas: Canvas) -> ForecastPicture:
        return ForecastPicture(canvas)

    @override
    def sentences(self, data: ForecastData) -> tuple[str, ...]:
        return forecast_sentences(data)

    @override
    def table_of(self, data: ForecastData | None) -> Table:
        if data is None:
            return Table(("layer", "E[a²] forecast", "E[a²] measured", "E[δ²] forecast", "E[δ²] measured"), [])
        layers = [layer.name for layer in data.key[0].layers]
        table: dict[str, list[float | str] | list[str]] = {"layer": layers}
        for symbol, predicted, measured in (
            ("E[a²]", data.predicted.activation_mean_square, data.measured.activation_mean_square),
            ("E[δ²]", data.predicted.delta_mean_square, data.measured.delta_mean_square),
        ):
            table |= {f"{symbol} forecast": cells(predicted), f"{symbol} measured": cells(measured)}
        for symbol, band in (("E[a²]", data.activation_band), ("E[δ²]", data.delta_band)):
            if band is not None:
                table |= {f"{symbol} lowest of 20 seeds": cells(band[0]), f"{symbol} highest": cells(band[1])}
        return columns(**table)
