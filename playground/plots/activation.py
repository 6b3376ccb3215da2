"""The card with a layer's activation function and its live pre-activations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QSize
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from core.formulas.activations import OUTPUT_ACTIVATIONS
from core.training.snapshot import Snapshot
from playground.plots.activation_data import ActivationData, activation_data
from playground.plots.activation_picture import ActivationPicture
from playground.plotting.canvas import Area, Canvas
from playground.plotting.plot_card import PlotCard, columns
from playground.plotting.ranges import SymmetricRange
from playground.plotting.word_choice import WordMenu
from playground.session.selection import Selection
from playground.style.theme import Style
from playground.widgets.figure import Table

if TYPE_CHECKING:
    from playground.session import Session


class ActivationPlot(PlotCard[ActivationData]):
    """φ and φ′ of one layer: the selected one, else the one chosen here, else the first."""

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
        if not self.must_wait(snapshot, data.sentences):
            self._draw(snapshot, data)

    def _draw(self, snapshot: Snapshot, data: ActivationData) -> None:
        self._snapshot = snapshot
        layers = snapshot.network.architecture.layers
        self._layer = data.index
        entries = [f"{layer.name} · {OUTPUT_ACTIVATIONS[layer.activation].label}" for layer in layers]
        if self._menu.index != self._layer or self._menu.text() != f"{entries[self._layer]} ▾":
            self._menu.offer(entries, self._layer)
            self._place_overlays()
        self._data = data
        self.redraw()
        self.say(*data.sentences)

    @override
    def make_picture(self, canvas: Canvas) -> ActivationPicture:
        return ActivationPicture(canvas)

    @override
    def shown(self) -> ActivationData | None:
        return self._data

    @override
    def figure_note(self) -> str:
        return self._data.name if self._data is not None else ""

    @override
    def figure_table(self) -> Table:
        if self._data is None:
            return Table(("z",), [])
        data = self._data
        return columns(**{"z": data.z.tolist(), "φ": data.phi.tolist(), "φ′": data.slope.tolist()})

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
