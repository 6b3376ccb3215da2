"""The card of the gradient's magnitude by layer."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from core.analysis.gradient_flow import delta_magnitudes, update_ratios, weight_gradient_norms
from core.analysis.gradient_forecast import delta_forecast, weight_gradient_forecast
from core.analysis.gradient_stop import gradient_stop
from core.arrays import Floats
from core.network import Gradients, Network, Trace
from core.training.snapshot import Snapshot
from playground.plots.gradient.memory import Memory, decoded, encoded
from playground.plots.gradient.picture import GradientData, GradientPicture, Limits
from playground.plots.gradient.sentence import Stop, gradient_sentences, ratio_text, stop_in_words
from playground.plots.steady_ratio import SteadyRatio
from playground.plotting.canvas.canvas import Canvas
from playground.plotting.cards.plot_card import PlotCard, cells, columns
from playground.plotting.cards.word_choice import WordMenu
from playground.plotting.drawing.layer_names import weight_name
from playground.plotting.pins.pinned_plot import pinned_series
from playground.style.theme import Style
from playground.widgets.figure import Chart, Series, Table
from playground.widgets.guard import guarded

if TYPE_CHECKING:
    from collections.abc import Hashable

    from core.analysis.normal_ranges import Range
    from playground.session import Session
    from playground.session.pins import Pin

TRAIL: Final = 8
TRAIL_SECONDS: Final = 0.25
CHANGE: Final = "change"
WIDE: Final = 300
"""Minimum width for the long labels in the title line."""


class Quantity(Struct, frozen=True):
    """A magnitude of each layer.

    Attributes:
        label: label in the title line.
        entry: menu entry, with an explanation.
        short: name in the readout.
        subject: noun in the sentence "no weight gets any gradient".
        symbol: format string of one layer's magnitude; ``{}`` is the layer's number.
        of: computes the magnitudes, (layers,).
        forecast: predicts the magnitudes from initializers, gains and activations; ``None`` without a theory.
        normal: returns the limits of the normal ranges from the ranges and the current magnitudes; ``None`` without any.
    """

    label: str
    entry: str
    short: str
    subject: str
    symbol: str
    of: Callable[[Snapshot], Floats]
    forecast: Callable[[Network, Trace, Gradients], Floats] | None = None
    normal: Callable[[Mapping[str, Range], Floats], Limits | None] | None = None


def _normal_gradients(ranges: Mapping[str, Range], values: Floats) -> Limits | None:
    """Return the limits for the first layer: those of the ratio of first to last layer, times the last one's norm."""
    ratio = ranges.get("gradient_ratio")
    if ratio is None or len(values) < 2:
        return None
    low, high = np.full(len(values), np.nan), np.full(len(values), np.nan)
    low[0], high[0] = ratio.low[0] * values[-1], ratio.high[0] * values[-1]
    return low, high


def _normal_updates(ranges: Mapping[str, Range], values: Floats) -> Limits | None:
    ratio = ranges.get("update_ratio")
    return None if ratio is None or len(ratio.low) != len(values) else (ratio.low, ratio.high)


QUANTITIES: Final = (
    Quantity(
        "norm of ∂L/∂W",
        "∂L/∂W – norm of the gradient of the layer's weights",
        "∂L/∂W",
        "gradient",
        "∂L/∂W{}",
        lambda s: weight_gradient_norms(s.network, s.gradients),
        weight_gradient_forecast,
        _normal_gradients,
    ),
    Quantity(
        "RMS of δ",
        "RMS δ – sensitivity of one sample's loss to a neuron's z",
        "RMS δ",
        "gradient",
        "δ{}",
        lambda s: delta_magnitudes(s.gradients),
        delta_forecast,
    ),
    Quantity(
        "size of ΔW / size of W",
        "ΔW / W – relative size of the last update, ‖ΔW‖/‖W‖",
        "ΔW / W",
        CHANGE,
        "ΔW{0}/W{0}",
        lambda s: update_ratios(s.network, s.last_update),
        normal=_normal_updates,
    ),
)


class GradientPlot(PlotCard[GradientData]):
    """Magnitudes by layer at the current weights, with a trail of earlier values."""

    figure_key = "gradient"
    is_table = False

    def __init__(self, session: Session, style: Style, parent: QWidget | None = None) -> None:
        super().__init__("Gradient by layer", "gradientPlot", session, style, parent, short="Gradient")
        self._values = np.zeros(1)
        self._forecast: Floats | None = None
        self._trail: deque[Floats] = deque(maxlen=TRAIL)
        self._trail_since = 0.0
        self._step = 0
        self._memory: Memory | None = None
        self._steady, self._steady_in = SteadyRatio(), -1
        self._snapshot: Snapshot | None = None
        self._menu = WordMenu("Quantity shown for each layer", style)
        self._menu.offer([q.entry for q in QUANTITIES], 0, self._menu_label)
        self._menu.setToolTip("Norm of the weight gradient, RMS of δ, or relative size of the last update.")
        self._menu.chosen.connect(self._choose)
        self.add_control(self._menu, self._menu)
        session.normal_ranges.changed.connect(self.redraw)
        self.redraw()

    @override
    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Draw the magnitudes of ``snapshot``."""
        values = self._quantity.of(snapshot)
        sentences = self._sentences_on(snapshot, values)
        if not self.must_wait(snapshot, sentences, counting=True):
            self._draw(snapshot, values, sentences)

    def _draw(self, snapshot: Snapshot, values: Floats, sentences: tuple[str, ...]) -> None:
        if self._snapshot is None or len(values) != len(self._values) or snapshot.step < self._step:
            self._trail.clear()
            self._trail_since = 0.0
        elif self._is_moment_later and not np.array_equal(values, self._values):
            self._trail.append(self._values)
            self._trail_since = time.monotonic()
        self._values, self._step, self._snapshot = values, snapshot.step, snapshot
        memory = self._fitting_memory()
        if memory is not None and not self._trail:
            self._trail.extend(memory.trail)
        self._forecast = self._forecast_of(snapshot)
        self.redraw()
        self.say(*sentences)

    @property
    def _is_moment_later(self) -> bool:
        """Whether the last values join the trail; without a window, each snapshot is a separate moment."""
        return self._session.is_reproducible or time.monotonic() - self._trail_since >= TRAIL_SECONDS

    def _forecast_of(self, snapshot: Snapshot) -> Floats | None:
        theory = self._quantity.forecast if len(snapshot.data.x_train) else None
        return None if theory is None else theory(snapshot.network, snapshot.trace, snapshot.gradients)

    def _sentences_on(self, snapshot: Snapshot, values: Floats) -> tuple[str, ...]:
        quantity = self._quantity
        if not len(snapshot.data.x_train):
            return (snapshot.data.missing, "")
        if quantity.subject == CHANGE and not snapshot.last_update.any():
            return ("no update has been made yet", "no update yet")
        if not snapshot.playing or snapshot.generation != self._steady_in:
            self._steady.clear()
        self._steady_in = snapshot.generation
        return gradient_sentences(values, quantity.subject, quantity.symbol, _stop(snapshot, values), self._steady)

    @override
    def ghost_of(self, pin: Pin, snapshot: Snapshot) -> GradientData:
        return GradientData(self._quantity.of(snapshot), (), self._quantity.short, self._forecast_of(snapshot))

    @override
    def ghost_choices(self) -> Hashable:
        return self._menu.index

    @override
    def ghost_sentences(self, pin: Pin, data: GradientData) -> tuple[str, ...]:
        quantity, ratio = self._quantity, ratio_text(data.values)
        stop = _stop(pin.run.snapshot, data.values)
        sentences = gradient_sentences(data.values, quantity.subject, quantity.symbol, stop)
        return (sentences[0], ratio) if ratio else sentences

    @override
    def make_picture(self, canvas: Canvas) -> GradientPicture:
        return GradientPicture(canvas)

    @override
    def shown(self) -> GradientData:
        return GradientData(self._values, tuple(self._trail), self._quantity.short, self._forecast, self._normal())

    def _normal(self) -> Limits | None:
        """Return the limits of the normal ranges, if a view has computed them."""
        limits = self._quantity.normal
        ranges = (
            None
            if limits is None or self._snapshot is None
            else self._session.normal_ranges.of(self._snapshot.experiment)
        )
        if limits is None or ranges is None:
            memory = self._fitting_memory()
            return None if memory is None else memory.normal
        return limits(ranges.by_key, self._values)

    def _fitting_memory(self) -> Memory | None:
        """Return what was shown besides the present values when a deck or the window's arrangement was saved."""
        memory = self._memory
        fits = memory is not None and memory.fits(self._menu.index, self._step, self._values)
        return memory if fits else None

    @override
    def view_data(self) -> str:
        return "" if self._snapshot is None else encoded(self._menu.index, self._step, self.shown())

    @override
    def restore_view_data(self, text: str) -> None:
        self._memory = decoded(text)

    @override
    def figure_note(self) -> str:
        return self._quantity.label

    @override
    def table_of(self, data: GradientData | None) -> Table:
        if data is None:
            return Table(("layer",), [])
        layers = [weight_name(index) for index in range(len(data.values))]
        past = {f"{len(data.trail) - age} before": values.tolist() for age, values in enumerate(data.trail)}
        forecast = {} if data.forecast is None else {"forecast": cells(data.forecast)}
        normal = {}
        if data.normal is not None:
            normal = {"normal from": cells(data.normal[0]), "normal to": cells(data.normal[1])}
        return columns(**{"layer": layers, data.quantity: data.values.tolist(), **forecast, **normal, **past})

    def figure_chart(self, style: Style) -> Chart:
        """Return the bars as a chart."""
        chart = self.chart_of(self.shown(), style)
        pinned = [
            pinned_series(ghost, style, values, tuple(weight_name(index) for index in range(len(values))))
            for ghost in self.ghosts()
            if ghost.is_drawn
            for values in [ghost.data.values.tolist()]
        ]
        return replace(chart, lines=(*chart.lines, *pinned))

    @override
    def chart_of(self, data: GradientData, style: Style) -> Chart:
        names = tuple(weight_name(index) for index in range(len(data.values)))
        colours = tuple(style.theme.layer_colour(index, len(names)).name() for index in range(len(names)))
        bars = Series(
            self.figure_note() or data.quantity, tuple(data.values.tolist()), colours, printed=style.theme.printed
        )
        lines: tuple[Series, ...] = ()
        if data.forecast is not None and np.isfinite(data.forecast).sum() > 1:
            forecast = tuple(data.forecast.tolist())
            lines = (Series("forecast", forecast, style.theme.ink, printed=style.theme.printed),)
        return Chart(x=names, series=(bars,), x_title="layer", y_title=bars.name, log=True, lines=lines)

    @property
    def _quantity(self) -> Quantity:
        return QUANTITIES[max(self._menu.index, 0)]

    def _menu_label(self, index: int) -> str:
        return QUANTITIES[index].label if self.width() >= WIDE else QUANTITIES[index].short

    @override
    @guarded
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Use the short menu label on a narrow card."""
        # The width of the title depends on that of the menu, so update the menu first.
        self._menu.relabel()
        super().resizeEvent(event)

    def _choose(self, _index: int) -> None:
        self._steady.clear()
        snapshot, self._snapshot = self._snapshot, None  # values of another quantity do not join the trail
        if snapshot is not None:
            values = self._quantity.of(snapshot)
            self._draw(snapshot, values, self._sentences_on(snapshot, values))


def _stop(snapshot: Snapshot, values: Floats) -> Stop | None:
    """Return why a layer's magnitude is 0, or ``None`` if no magnitude is 0."""
    if values.all():
        return None
    stop = gradient_stop(snapshot.network, snapshot.trace, snapshot.gradients)
    names = [layer.name for layer in snapshot.network.architecture.layers]
    return stop_in_words(stop, names) if stop is not None else None
