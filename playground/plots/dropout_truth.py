"""The card that shows which scaling of dropout keeps the mean, and that it does so exactly."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from core.training.snapshot import Snapshot
from playground.plots.dropout_data import DropoutData, dropout_data, dropout_sentences, place_name, places_of
from playground.plots.dropout_picture import DropoutPicture
from playground.plotting.canvas import Canvas
from playground.plotting.computed_card import ComputedCard, Work
from playground.plotting.plot_card import columns
from playground.plotting.word_choice import WordMenu
from playground.style.theme import Style
from playground.widgets.figure import Table

if TYPE_CHECKING:
    from playground.session import Session


class DropoutTruthPlot(ComputedCard[DropoutData]):
    """What arrives behind a layer that drops, in training and at test time, under the three ways of scaling."""

    figure_key = "dropout_truth"

    def __init__(self, session: Session, style: Style, parent: QWidget | None = None) -> None:
        super().__init__("Dropout, train and test", "dropoutTruthPlot", session, style, parent, short="Dropout")
        self._layer = 0
        self._places: tuple[int, ...] = ()
        self._menu = WordMenu("Dropped layer that is shown", style)
        self._menu.setToolTip("Which layer's dropped neurons are shown, and where they arrive")
        self._menu.chosen.connect(self._choose)
        self.add_control(self._menu, self._menu)
        self._menu.hide()

    @override
    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Offer the layers that drop, and compute what to draw of one of them."""
        architecture = snapshot.network.architecture
        self._places = places_of(architecture)
        if self._layer not in self._places and self._places:
            self._layer = self._places[0]
        if self._places:
            names = [place_name(architecture, place) for place in self._places]
            self._menu.offer(names, self._places.index(self._layer), lambda index: names[index].split(" → ")[0])
        if self._menu.isHidden() != (len(self._places) < 2):
            self._menu.setVisible(len(self._places) > 1)
            self.fit_title()
        super().show_snapshot(snapshot)

    @override
    def work(self, snapshot: Snapshot) -> Work[DropoutData]:
        layer = self._layer
        return lambda advance: dropout_data(snapshot, layer, advance)

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
        self._layer = self._places[index]
        self.recompute()
