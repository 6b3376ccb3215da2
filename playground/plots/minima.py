"""The card of the minima that an optimizer finds from different starting points."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QWidget
from typing_extensions import override

from core.analysis.race import default_racers
from core.analysis.surfaces import SURFACES
from core.training.snapshot import Snapshot
from playground.plots.minima_data import MinimaData, minima_data, minima_sentences
from playground.plots.minima_picture import MinimaPicture
from playground.plotting.canvas import Canvas
from playground.plotting.computed_card import ComputedCard, Work
from playground.plotting.word_choice import WordMenu
from playground.style.theme import Style
from playground.widgets.figure import Table

if TYPE_CHECKING:
    from playground.session import Session

DEFAULT: Final = "himmelblau"
"""The initial surface, which has four minima."""


class MinimaPlot(ComputedCard[MinimaData]):
    """Basins of attraction of an optimizer on an analytic surface."""

    figure_key = "minima"

    def __init__(self, session: Session, style: Style, parent: QWidget | None = None) -> None:
        super().__init__("Minima and their basins", "minimaPlot", session, style, parent, short="Minima")
        self._surface, self._racer = DEFAULT, default_racers(SURFACES[DEFAULT])[0].label
        labels = [racer.label for racer in default_racers(SURFACES[DEFAULT])]
        self._racer_menu = WordMenu("Optimizer", style)
        self._racer_menu.offer(labels, 0)
        self._racer_menu.chosen.connect(lambda index: self.choose(self._surface, labels[index]))
        self._surface_menu = WordMenu("Surface", style)
        self._surface_menu.setToolTip("\n".join(f"{entry.label}: {entry.explanation}" for entry in SURFACES.values()))
        self._surface_menu.offer([entry.label for entry in SURFACES.values()], tuple(SURFACES).index(DEFAULT))
        self._surface_menu.chosen.connect(lambda index: self.choose(tuple(SURFACES)[index], self._racer))
        self.add_control(self._racer_menu, self._racer_menu)
        self.add_control(self._surface_menu, self._surface_menu)

    def choose(self, surface: str, racer: str) -> None:
        """Show the minima that the optimizer labelled ``racer`` reaches on ``surface``."""
        self._surface, self._racer = surface, racer
        self._surface_menu.offer([entry.label for entry in SURFACES.values()], tuple(SURFACES).index(surface))
        labels = [each.label for each in default_racers(SURFACES[surface])]
        self._racer_menu.offer(labels, labels.index(racer))
        self.recompute()

    @override
    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Compute once: the surface does not depend on the network."""
        if self._waiting is None and self._submitted is None:
            super().show_snapshot(snapshot)

    @override
    def work(self, snapshot: Snapshot) -> Work[MinimaData]:
        surface, racer = self._surface, self._racer
        return lambda _advance: minima_data(surface, racer)

    @override
    def make_picture(self, canvas: Canvas) -> MinimaPicture:
        return MinimaPicture(canvas)

    @override
    def sentences(self, data: MinimaData) -> tuple[str, ...]:
        return minima_sentences(data)

    @override
    def figure_note(self) -> str:
        return f"{SURFACES[self._surface].label}, {self._racer}"

    @override
    def table_of(self, data: MinimaData | None) -> Table:
        if data is None:
            return Table(("start x", "start y", "minimum", "f"), [])
        rows = [
            (x, y, int(basin), float(data.depths[basin]) if basin >= 0 else float("nan"))
            for y, row in zip(data.y.tolist(), data.basins, strict=True)
            for x, basin in zip(data.x.tolist(), row.tolist(), strict=True)
        ]
        return Table(("start x", "start y", "minimum", "f"), rows)
