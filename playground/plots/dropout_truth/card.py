"""The card that compares dropout scalings: which one preserves the mean, and how exactly."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from core.training.snapshot import Snapshot
from playground.plots.dropout_truth.data import (
    DropoutData,
    dropout_data,
    dropout_layers,
    dropout_name,
    dropout_sentences,
)
from playground.plots.dropout_truth.picture import DropoutPicture
from playground.plotting.canvas.canvas import Canvas
from playground.plotting.cards.computed_card import ComputedCard, Work
from playground.plotting.cards.plot_card import columns
from playground.plotting.cards.word_choice import WordMenu
from playground.style.theme import Style
from playground.widgets.figure import Table
from playground.widgets.plot import Plot
from playground.worker.background import Advance

if TYPE_CHECKING:
    from collections.abc import Hashable

    from playground.session import Session


class DropoutTruthPlot(ComputedCard[DropoutData]):
    """Inputs of the layer after a dropout, in training and at test time, under the three scalings."""

    figure_key = "dropout_truth"
    computing = "Averaging over the dropout masks …"
    draws_pins = True

    def __init__(self, session: Session, style: Style, parent: QWidget | None = None) -> None:
        super().__init__("Dropout, train and test", "dropoutTruthPlot", session, style, parent, short="Dropout")
        self._layer = 0
        self._layers: tuple[int, ...] = ()
        self._menu = WordMenu("Dropout layer", style)
        self._menu.setToolTip("The dropout to show: the dropped layer and the layer that it feeds.")
        self._menu.chosen.connect(self._choose)
        self.add_control(self._menu, self._menu)
        self._menu.hide()

    @override
    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Update the menu of layers with dropout, and compute the data of one of them."""
        architecture = snapshot.network.architecture
        self._layers = dropout_layers(architecture)
        if self._layer not in self._layers and self._layers:
            self._layer = self._layers[0]
        if self._layers:
            names = [dropout_name(architecture, layer) for layer in self._layers]
            self._menu.offer(names, self._layers.index(self._layer), lambda index: names[index].split(" → ")[0])
        if self._menu.isHidden() != (len(self._layers) < 2):
            self._menu.setVisible(len(self._layers) > 1)
            self.fit_title()
        super().show_snapshot(snapshot)

    @override
    def work(self, snapshot: Snapshot) -> Work[DropoutData]:
        layer = self._layer
        return lambda advance: dropout_data(snapshot, layer, advance)

    @override
    def pin_work(self, snapshot: Snapshot) -> Work[DropoutData]:
        work = self.work(snapshot)

        def drawn(advance: Advance) -> DropoutData | None:
            data = work(advance)
            return data if data is not None and data.rows else None

        return drawn

    @override
    def ghost_choices(self) -> Hashable:
        return self._layer

    @override
    def plot_of(self, data: DropoutData, style: Style) -> Plot | None:
        from playground.plots.dropout_truth.typeset import dropout_plot  # imported late: only needed for LaTeX

        return dropout_plot(data, style)

    @override
    def make_picture(self, canvas: Canvas) -> DropoutPicture:
        return DropoutPicture(canvas)

    @override
    def sentences(self, data: DropoutData) -> tuple[str, ...]:
        return dropout_sentences(data)

    @override
    def table_of(self, data: DropoutData | None) -> Table:
        if data is None or not data.rows:
            return Table(("z",), [])
        edges = np.linspace(*data.ends, len(data.rows[0].training) + 1)
        table = {"z from": edges[:-1].tolist(), "z to": edges[1:].tolist()}
        for row in data.rows:
            table |= {
                f"{row.scaling}, one mask": row.training.tolist(),
                f"{row.scaling}, mean over masks": row.mean.tolist(),
                f"{row.scaling}, test": row.test.tolist(),
            }
        return columns(**table)

    def _choose(self, index: int) -> None:
        self._layer = self._layers[index]
        self.recompute()
