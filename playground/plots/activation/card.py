"""The card of a layer's activation function and its live pre-activations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

from msgspec.structs import replace
from PySide6.QtCore import QPointF, QSize
from PySide6.QtWidgets import QGraphicsView, QWidget
from typing_extensions import override

from core.analysis.activation_cost import activation_cost
from core.formulas.activations import OUTPUT_ACTIVATIONS
from core.training.snapshot import Snapshot
from playground.plots.activation.alpha_handle import AlphaHandle, alpha_through
from playground.plots.activation.data import ActivationData, activation_data
from playground.plots.activation.picture import ActivationPicture, legend_width
from playground.plotting.canvas.canvas import Area, Canvas
from playground.plotting.canvas.ranges import SymmetricRange
from playground.plotting.cards.plot_card import PlotCard, columns
from playground.plotting.cards.word_choice import WordMenu
from playground.plotting.drawing.pencil import elided, text_width
from playground.session.selection import Selection
from playground.style.numbers import short
from playground.style.theme import Style
from playground.widgets.figure import Table
from playground.widgets.plot import Plot
from playground.worker.background import Background

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from playground.session import Session
    from playground.session.pins import Pin


LIMITS: Final = (-10.0, 10.0)
"""Range of α that an experiment accepts."""


class ActivationPlot(PlotCard[ActivationData]):
    """φ and φ′ of one layer: the selected layer, else the layer chosen in the menu, else the first."""

    figure_key = "activation"

    def __init__(self, session: Session, style: Style, parent: QWidget | None = None) -> None:
        super().__init__("Activation", "activationPlot", session, style, parent)
        self._snapshot: Snapshot | None = None
        self._data: ActivationData | None = None
        self._layer = 0
        self._reach = SymmetricRange(4.0)
        self._menu = WordMenu("Layer whose activation is shown", style)
        self._menu.chosen.connect(self._choose)
        self.add_overlay(self._menu, self._menu, _above_plot)
        self._costs: dict[str, float] = {}
        self._cost_jobs = Background("activationCost", self)
        self._cost_jobs.succeeded.connect(self._take_cost)
        self._drag_start = (0.0, 0.0)  # φ at the start of the drag, and φ per pixel
        self._handle = AlphaHandle(style)
        self._handle.dragged.connect(self._drag)
        self._handle.nudged.connect(self._nudge)
        self._handle.held.connect(self._hold_handle)
        self.add_overlay(self._handle, self._handle, self._handle_position)
        self._handle.hide()
        session.selection_changed.connect(self._follow)
        self._follow(session.selection)

    @property
    def layer(self) -> int:
        """The layer that is shown."""
        return self._layer

    @override
    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Draw the chosen layer of ``snapshot``."""
        index = min(self._layer, len(snapshot.network.architecture.layers) - 1)
        data = activation_data(snapshot, index, self._reach)
        if not self.must_wait(snapshot, data.sentences, counting=True):
            self._draw(snapshot, data)

    def _draw(self, snapshot: Snapshot, data: ActivationData) -> None:
        self._snapshot = snapshot
        layers = snapshot.network.architecture.layers
        self._layer = data.index
        entries = [f"{layer.name} · {OUTPUT_ACTIVATIONS[layer.activation].label}" for layer in layers]
        before = self._menu.text()
        self._menu.offer(entries, self._layer, lambda index: self._menu_label(entries[index], layers[index].name))
        if self._menu.text() != before:
            self._place_overlays()
        self._data = replace(data, cost=self._costs.get(data.key))
        self.redraw()
        self._show_handle()
        self._measure_cost()
        self.say(*data.sentences)

    def _menu_label(self, entry: str, name: str) -> str:
        """Return the longest of ``entry`` and ``name`` that fits beside the legend."""
        room = self.canvas.width() - legend_width(self._style) - self._style.px(10)
        fitting = (text for text in (entry, name) if text_width(self._style, f"{text} ▾") <= room)
        return next(fitting, elided(self._style, name, room - text_width(self._style, " ▾")))

    @override
    def _place_overlays(self) -> None:
        self._menu.relabel()
        super()._place_overlays()

    @override
    def plot_of(self, data: ActivationData, style: Style) -> Plot | None:
        from playground.plots.activation.typeset import activation_plot  # imported late: only needed for LaTeX

        return activation_plot(data, style)

    @override
    def make_picture(self, canvas: Canvas) -> ActivationPicture:
        return ActivationPicture(canvas)

    @override
    def shown(self) -> ActivationData | None:
        return self._data

    @override
    def ghost_of(self, pin: Pin, snapshot: Snapshot) -> ActivationData | None:
        if self._layer >= len(snapshot.network.architecture.layers):
            return None
        return activation_data(snapshot, self._layer, SymmetricRange(4.0))

    @override
    def ghost_choices(self) -> Hashable:
        return self._layer

    @override
    def ghost_sentences(self, pin: Pin, data: ActivationData) -> tuple[str, ...]:
        return data.sentences

    @override
    def figure_note(self) -> str:
        return self._data.name if self._data is not None else ""

    @override
    def table_of(self, data: ActivationData | None) -> Table:
        if data is None:
            return Table(("z",), [])
        return columns(**{"z": data.z.tolist(), "φ": data.phi.tolist(), "φ′": data.slope.tolist()})

    @override
    def build_figure(self, style: Style, beside: Sequence[ActivationData] = ()) -> QGraphicsView:
        """Return a stand-alone view of the current data, including the cost unless pictures must be reproducible."""
        if self._data is not None and self._data.cost is None and not self._session.is_reproducible:
            self._take_cost((self._data.key, activation_cost(self._data.key, self._data.alpha or 0.0)))
        return super().build_figure(style, beside)

    # -- cost ----------------------------------------------------------------------------------------------------

    def _measure_cost(self) -> None:
        """Measure the cost of the shown activation once, off the GUI thread."""
        data = self._data
        if data is not None and data.cost is None and self.isVisible() and not self._cost_jobs.is_busy:
            key, alpha = data.key, data.alpha or 0.0
            self._cost_jobs.submit(lambda _: (key, activation_cost(key, alpha)))

    def _take_cost(self, result: object) -> None:
        key, cost = cast("tuple[str, float]", result)
        self._costs[key] = cost
        if self._data is not None and self._data.key == key:
            self._data = replace(self._data, cost=cost)
            self.redraw()

    # -- parameter -----------------------------------------------------------------------------------------------

    def _show_handle(self) -> None:
        """Show the handle on the curve if the activation has a parameter."""
        data = self._data
        self._handle.setVisible(data is not None and data.handle is not None)
        if data is not None and data.alpha is not None:
            activation = OUTPUT_ACTIVATIONS[data.key]
            self._handle.describe(activation.alpha_label, activation.alpha_hint, short(data.alpha, 3))
            self._place_overlays()

    def _handle_position(self, area: Area, size: QSize) -> QPointF:
        if self._data is None or self._data.handle is None:
            return QPointF(0.0, 0.0)
        z, phi = self._data.handle
        middle = QPointF(area.x(z), min(max(area.y(phi), area.rect.top()), area.rect.bottom()))
        return middle - QPointF(size.width() / 2, size.height() / 2)

    def _hold_handle(self, on: bool) -> None:  # noqa: FBT001 - a slot of AlphaHandle.held
        if on and self._data is not None and self._data.handle is not None:
            low, high = self.canvas.area().y_range
            # Keep the current scale for the whole drag: an axis that grows while dragging must not amplify the motion.
            self._drag_start = self._data.handle[1], (high - low) / max(self.canvas.area().rect.height(), 1.0)
        self._session.hold_edits(on)

    def _drag(self, pixels: float) -> None:
        if self._data is None or self._data.handle is None:
            return
        start, scale = self._drag_start
        activation = OUTPUT_ACTIVATIONS[self._data.key]
        self._set_alpha(alpha_through(activation, self._data.handle[0], start + pixels * scale, LIMITS))

    def _nudge(self, change: float) -> None:
        if self._data is not None and self._data.alpha is not None:
            self._set_alpha(self._data.alpha + change)

    def _set_alpha(self, alpha: float) -> None:
        value = round(min(max(alpha, LIMITS[0]), LIMITS[1]), 2)
        if self._layer < len(self._session.experiment.network.hidden):
            self._session.edit_layer(self._layer, "α", f"alpha/{self._layer}", activation_alpha=value)

    def _choose(self, index: int) -> None:
        self._layer = index
        self._reach.clear()
        if self._snapshot is not None:
            layers = self._snapshot.network.architecture.layers
            self._draw(self._snapshot, activation_data(self._snapshot, min(index, len(layers) - 1), self._reach))

    def _follow(self, selection: Selection | None) -> None:
        if selection is not None and selection.layer >= 0 and selection.layer != self._layer:
            self._choose(selection.layer)


def _above_plot(area: Area, size: QSize) -> QPointF:
    return QPointF(0.0, area.rect.top() - size.height() - 3)
