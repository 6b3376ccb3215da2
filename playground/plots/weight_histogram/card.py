"""The card of the weight distribution of each layer."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np
from msgspec.structs import replace
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from core.arrays import Floats
from core.training.snapshot import Snapshot
from playground.plots.gradient.sentence import times_text
from playground.plots.weight_histogram.densities import Ridge, WeightBinner, WeightData
from playground.plots.weight_histogram.picture import WeightPicture
from playground.plotting.canvas.canvas import Canvas
from playground.plotting.cards.plot_card import PlotCard
from playground.plotting.drawing.layer_names import weight_name
from playground.plotting.pins.pinned_plot import pinned_series
from playground.style.numbers import short, thousands
from playground.style.theme import Style
from playground.widgets.figure import Chart, Series, Table

if TYPE_CHECKING:
    from playground.session import Session
    from playground.session.pins import Pin


NOTABLE: Final = 1.1
"""Factor by which the spread of a layer's weights must have grown or shrunk to be mentioned."""

MAX_COMPARED: Final = 5
"""Maximum number of layers whose initial distributions are in a chart, where they all have the same base line."""


class WeightHistogramPlot(PlotCard[WeightData]):
    """One ridge per layer: the current weights and, dashed, their initial distribution."""

    figure_key = "weights"
    is_table = False

    def __init__(self, session: Session, style: Style, parent: QWidget | None = None) -> None:
        super().__init__("Weights by layer", "weightHistogramPlot", session, style, parent, short="Weights")
        self._binner = WeightBinner()
        self._data: WeightData | None = None
        self.canvas.arrange(style, left=30, bottom=20)

    @override
    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Draw the weights of ``snapshot``."""
        data = self._binner.bin(snapshot.network, _drawn(snapshot))
        sentences = _sentences(data, started=snapshot.step > 0)
        if self.must_wait(snapshot, sentences, counting=True):
            return
        self._data = data
        self.redraw()
        self.say(*sentences)

    @override
    def make_picture(self, canvas: Canvas) -> WeightPicture:
        return WeightPicture(canvas)

    @override
    def shown(self) -> WeightData | None:
        return self._data

    @override
    def ghost_of(self, pin: Pin, snapshot: Snapshot) -> WeightData:
        return WeightBinner().bin(snapshot.network, pin.run.state.drawn)

    @override
    def ghost_sentences(self, pin: Pin, data: WeightData) -> tuple[str, ...]:
        return _sentences(data, started=pin.run.snapshot.step > 0)

    @override
    def table_of(self, data: WeightData | None) -> Table:
        if data is None:
            return Table(("weight",), [])
        names: list[str] = ["weight"]
        series = [data.centres.tolist()]
        for index, ridge in enumerate(data.ridges):
            names.append(f"density {weight_name(index)}")
            series.append(ridge.density.tolist())
            if ridge.start is not None:
                names.append(f"density {weight_name(index)} at start")
                series.append(ridge.start.tolist())
        return Table(tuple(names), list(zip(*series, strict=True)))

    def figure_chart(self, style: Style) -> Chart | None:
        """Return the density of each layer's weights as a line."""
        data = self.shown()
        chart = None if data is None else self.chart_of(data, style)
        if chart is None:
            return None
        pinned = [
            pinned_series(ghost, style, ridge.density.tolist(), places, named=ridge is ghost.data.ridges[0])
            for ghost in self.ghosts()
            if ghost.is_drawn
            for places in [tuple(ghost.data.centres.tolist())]
            for ridge in ghost.data.ridges
        ]
        return replace(chart, lines=(*chart.lines, *pinned))

    @override
    def chart_of(self, data: WeightData, style: Style) -> Chart | None:
        if not data.ridges:
            return None
        colour, count = style.theme.layer_colour, len(data.ridges)
        series = tuple(
            Series(
                weight_name(index),
                tuple(ridge.density.tolist()),
                colour(index, count).name(),
                printed=style.theme.printed,
            )
            for index, ridge in enumerate(data.ridges)
        )
        lines = tuple(
            Series(name, tuple(ridge.start.tolist()), hue.colour, dashed=True, printed=hue.printed)
            for ridge, hue, name in zip(data.ridges, series, _initial_names(data), strict=True)
            if ridge.start is not None and len(data.ridges) <= MAX_COMPARED
        )
        return Chart(x=tuple(data.centres.tolist()), series=series, x_title="weight", y_title="density", lines=lines)


def _initial_names(data: WeightData) -> list[str]:
    """Return a name for the first ridge whose initial distribution is drawn, and none for others."""
    first = next((index for index, ridge in enumerate(data.ridges) if ridge.start is not None), None)
    return ["initial" if index == first else "" for index in range(len(data.ridges))]


def _drawn(snapshot: Snapshot) -> Floats | None:
    """Return the initial weights at gain 1, (P,), as they were drawn; ``None`` if a pinned run keeps them."""
    return None if snapshot.state is None else snapshot.state.drawn


def _sentences(data: WeightData, *, started: bool) -> tuple[str, ...]:
    broken = sum(ridge.broken for ridge in data.ridges)
    if broken:
        return (f"{thousands(broken)} weights are infinite or not a number", f"{thousands(broken)} × ∞ or NaN")
    outside = sum(ridge.outside for ridge in data.ridges)
    if outside:
        weights = "weight lies" if outside == 1 else "weights lie"
        return (
            f"{thousands(outside)} {weights} outside the axis range",
            f"{thousands(outside)} outside the axis range",
        )
    spread = _spread_sentences(data, started=started)
    if started and any(0 < ridge.zeros < ridge.count for ridge in data.ridges):
        zeros, count = (sum(values) for values in zip(*((each.zeros, each.count) for each in data.ridges), strict=True))
        exact = f"{thousands(zeros)} of {thousands(count)} weights {'is' if zeros == 1 else 'are'} exactly 0"
        return (f"{exact}; {spread[0]}", exact, f"{thousands(zeros)} of {thousands(count)} are 0")
    return spread


def _spread_sentences(data: WeightData, *, started: bool) -> tuple[str, ...]:
    """Return sentences on the layer whose weights have grown or shrunk most, longest first."""
    changes = [_change(ridge) for ridge in data.ridges]
    index = int(np.argmax(changes))
    if changes[index] < math.log(NOTABLE):
        if not started and all(ridge.spike is not None for ridge in data.ridges):
            return ("all weights in a layer start equal", "all start equal")
        if not started:
            return ("matches the initial distribution (dashed)", "still as initialized")
        if not any(ridge.size for ridge in data.ridges):
            return ("all weights are still 0",)
        return ("spread close to its initial value", "spread as initialized")
    ridge, name = data.ridges[index], weight_name(index)
    if ridge.size == 0.0:
        return (f"all weights {name} are 0", f"{name} is 0")
    if math.isnan(ridge.growth):
        return (
            f"{name} started at 0; root mean square now {short(ridge.size, 2)}",
            f"RMS of {name}: 0 → {short(ridge.size, 2)}",
        )
    what = "spread" if ridge.spike is None else "size"
    times = times_text(ridge.growth) if ridge.growth >= 1.0 else short(ridge.growth, 2)
    if len(changes) == 1:
        return (f"{what} is {times} × its initial {what}",)
    return (f"{what} of {name} is {times} × its initial {what}", f"{what} of {name}: {times} ×")


def _change(ridge: Ridge) -> float:
    """Return by how many e-folds the size of a layer's weights has grown or shrunk; infinite if from or to 0."""
    if math.isnan(ridge.growth):
        return math.inf if ridge.size else 0.0
    return abs(math.log(ridge.growth)) if ridge.growth else math.inf
