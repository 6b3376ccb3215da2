"""The minima card: minima found by restarts of this network, or the basins of attraction on a surface."""

from __future__ import annotations

import math
import os
from collections.abc import Hashable
from typing import TYPE_CHECKING, Final

import numpy as np
from msgspec.structs import replace
from PySide6.QtCore import QPointF
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from core.analysis.race import default_racers
from core.analysis.surfaces import SURFACES
from core.training.many_runs.network_minima import FINDER, Minimum, Restart, Restarting, index_of
from core.training.many_runs.network_race import raced
from core.training.snapshot import Snapshot
from playground.plots.minima.data import MinimaData, minima_data, minima_sentences
from playground.plots.minima.histogram import minimum_at
from playground.plots.minima.network import (
    STILL_RESTARTS,
    NetworkMinima,
    PinnedPlace,
    more_restarts,
    network_minima,
    network_minima_sentences,
    place_sentences,
    sizes_for,
)
from playground.plots.minima.picture import MinimaPicture
from playground.plots.race.objective_menu import NETWORK, ObjectiveMenu
from playground.plotting.canvas.canvas import Canvas
from playground.plotting.cards.computed_card import ComputedCard, Work
from playground.plotting.cards.word_choice import WordMenu
from playground.plotting.pins.ghosts import Ghost
from playground.style.theme import Style
from playground.widgets.figure import Table
from playground.widgets.plot import Plot
from playground.worker.background import Advance

if TYPE_CHECKING:
    from core.experiment import Experiment
    from playground.session import Session
    from playground.session.pins import Pin

THREADS: Final = 2
"""Maximum number of restarts that are computed at the same time."""

PART_SECONDS: Final = 0.7
"""Approximate duration of the parts in which restarts are computed and shown."""


class MinimaPlot(ComputedCard["MinimaData | NetworkMinima"]):
    """Shows the minima that restarts of the network find, or the basins of attraction on an analytic surface."""

    figure_key = "minima"
    computing = "Searching minima from many starts …"
    draws_pins = True

    def __init__(self, session: Session, style: Style, parent: QWidget | None = None) -> None:
        super().__init__("Minima and their basins", "minimaPlot", session, style, parent, short="Minima")
        first = next(iter(SURFACES.values()))
        self._objective, self._racer = NETWORK, default_racers(first)[0].label
        self._found: tuple[Hashable, tuple[Restart, ...]] = (None, ())
        self._here: tuple[object, frozenset[int]] = (None, frozenset())
        self._placed: tuple[object, object, tuple[Ghost[MinimaData | NetworkMinima], ...]] = (None, None, ())
        labels = [racer.label for racer in default_racers(first)]
        self._racer_menu = WordMenu("Optimizer", style)
        self._racer_menu.offer(labels, 0)
        self._racer_menu.chosen.connect(lambda index: self.choose(self._objective, labels[index]))
        explanation = "full-batch Adam from other initial weights; click a minimum to load its weights"
        self._objective_menu = ObjectiveMenu(explanation, style)
        self._objective_menu.objective_chosen.connect(lambda key: self.choose(key, self._racer))
        self.add_control(self._racer_menu, self._racer_menu)
        self.add_control(self._objective_menu, self._objective_menu)
        self._show_menus()
        self.canvas.clicked.connect(self._load)

    def choose(self, objective: str, racer: str) -> None:
        """Show the minima of the network, or those that the optimizer labelled ``racer`` reaches on surface ``objective``."""
        self._objective, self._racer = objective, racer
        self.draws_pins = objective not in SURFACES  # a surface has the same minima in every run
        self._show_menus()
        self.fit_title()  # beside one menu more or less
        self.recompute()

    def _show_menus(self) -> None:
        self._objective_menu.show_objective(self._objective)
        names = [each.label for each in default_racers(next(iter(SURFACES.values())))]
        self._racer_menu.offer(names, names.index(self._racer))
        self._racer_menu.setVisible(self._objective in SURFACES)

    # -- computing ---------------------------------------------------------------------------------------------------

    @override
    def lacking(self, snapshot: Snapshot) -> str:
        return "" if self._objective in SURFACES else super().lacking(snapshot)

    @override
    def key_of(self, snapshot: Snapshot) -> Hashable:
        """Return everything that the minima depend on; training does not change them."""
        if self._objective in SURFACES:
            return self._objective, self._racer
        return NETWORK, _settings(snapshot), snapshot.data

    @override
    def ghost_choices(self) -> Hashable:
        return self._objective, self._pins_here()

    def _pins_here(self) -> frozenset[int]:
        """Return the keys of the pinned runs that have the minima of the current one, such as with another optimizer."""
        present, pins = self._waiting or self._submitted, self._session.pins
        if present is None or not pins.visible:
            return frozenset()
        asked = (present.experiment, pins.version)
        if asked != self._here[0]:
            own = _settings(present)
            keys = frozenset(pin.key for pin in pins.visible if _settings(pin.run.snapshot) == own)
            self._here = (asked, keys)
        return self._here[1]

    @override
    def ghost_of(self, pin: Pin, snapshot: Snapshot) -> MinimaData | NetworkMinima | None:
        """Return the place of a pinned run among the minima if they are those of the current one, else request its own."""
        if (self._waiting or self._submitted) is None or not self.draws_pins:
            return None
        if pin.key not in self._pins_here():
            return super().ghost_of(pin, snapshot)
        end = Minimum(snapshot.network.parameters, snapshot.scores.train_loss, ())
        return NetworkMinima((), (), 0, 0, PinnedPlace(end)) if math.isfinite(end.loss) else None

    @override
    def ghosts(self) -> tuple[Ghost[MinimaData | NetworkMinima], ...]:
        """Return the pinned runs on a network: those with other minima, and the places of those with the same ones."""
        data, found = self._data, super().ghosts()
        if not isinstance(data, NetworkMinima):
            return ()
        if self._placed[0] is not data or self._placed[1] is not found:
            others = ((ghost, ghost.data) for ghost in found)
            mine = tuple(
                ghost if other.place is None else replace(ghost, data=self._place_among(data, other))
                for ghost, other in others
                if isinstance(other, NetworkMinima) and not _same(data, other)
            )
            self._placed = (data, found, mine)
        return self._placed[2]

    @override
    def _unknown_pins(self) -> list[Pin]:
        here = self._pins_here()
        return [pin for pin in super()._unknown_pins() if pin.key not in here]

    def _place_among(self, data: NetworkMinima, other: NetworkMinima) -> NetworkMinima:
        """Return the place ``other`` of a pinned run with its index among the minima of ``data``."""
        present = self._waiting or self._submitted
        if other.place is None or present is None:
            return other
        index = index_of(present.network.architecture, other.place.end, data.minima)
        return replace(other, place=replace(other.place, index=index))

    @override
    def ghost_sentences(self, pin: Pin, data: MinimaData | NetworkMinima) -> tuple[str, ...]:
        if not isinstance(data, NetworkMinima) or data.place is None:
            return super().ghost_sentences(pin, data)
        own = self._data
        if not isinstance(own, NetworkMinima):
            return ()
        placed = self._place_among(own, data).place
        return () if placed is None else place_sentences(placed, len(own.minima))

    @override
    def pair_data(self) -> tuple[Pin, MinimaData | NetworkMinima] | None:
        """Return the compared run with its own minima."""
        found = super().pair_data()
        has_own = found is not None and not (isinstance(found[1], NetworkMinima) and found[1].place is not None)
        return found if has_own else None

    @override
    def pin_work(self, snapshot: Snapshot) -> Work[MinimaData | NetworkMinima]:
        architecture = snapshot.network.architecture
        count, steps = sizes_for(architecture, len(snapshot.data.x_train))
        search = Restarting(snapshot.experiment, snapshot.data, steps, engine="auto")

        def whole(advance: Advance) -> NetworkMinima | None:
            restarts = more_restarts(search, (), count, advance)
            return None if restarts is None else network_minima(architecture, tuple(restarts), count, steps)

        return whole

    @override
    def work(self, snapshot: Snapshot) -> Work[MinimaData | NetworkMinima]:
        if self._objective in SURFACES:
            surface, racer = self._objective, self._racer
            return lambda _advance: minima_data(surface, racer)
        key, architecture = self.key_of(snapshot), snapshot.network.architecture
        count, steps = sizes_for(architecture, len(snapshot.data.x_train))
        search = Restarting(snapshot.experiment, snapshot.data, steps, engine="auto")
        known = self._found[1] if self._found[0] == key else ()
        is_for_export = self._is_settling or self._stays > 0
        seconds = math.inf if is_for_export and not self.isVisible() else PART_SECONDS
        # The user waits for an export; otherwise the window keeps what training leaves.
        is_awaited = is_for_export or not snapshot.playing
        threads, wanted = min(THREADS, os.cpu_count() or 1) if is_awaited else 1, self._wanted(count)

        def part(advance: Advance) -> NetworkMinima | None:
            restarts = more_restarts(search, known, wanted, advance, seconds=seconds, threads=threads)
            return None if restarts is None else network_minima(architecture, tuple(restarts), count, steps)

        return part

    def _wanted(self, planned: int) -> int:
        """Return the number of restarts: fewer for a figure for which the user waits, whose sentence says how many."""
        is_awaited = (self._is_settling or self._stays > 0) and not self._session.is_reproducible
        return min(planned, STILL_RESTARTS) if is_awaited else planned

    @override
    def has_more(self, data: MinimaData | NetworkMinima) -> bool:
        return isinstance(data, NetworkMinima) and len(data.restarts) < self._wanted(data.planned)

    @override
    def follow(self) -> None:
        super().follow()
        self._continue()  # with the restarts that a figure does without

    @override
    def accept(self, data: MinimaData | NetworkMinima) -> None:
        """Keep the restarts for the next part, and look for pinned runs with other minima."""
        if isinstance(data, NetworkMinima):
            self._found = (self._key, data.restarts)
            self._ghosts.request_missing()

    # -- showing -----------------------------------------------------------------------------------------------------

    def _load(self, position: QPointF) -> None:
        """Load the weights of the clicked minimum into the network, as an undoable edit."""
        data = self._data
        if not isinstance(data, NetworkMinima):
            return
        others = self._picture.others if isinstance(self._picture, MinimaPicture) else []
        index = minimum_at(self.canvas, data, self._style, position, others)
        if index is not None:
            self._session.edit_parameters(data.minima[index].parameters, "Load minimum")

    @override
    def plot_of(self, data: MinimaData | NetworkMinima, style: Style) -> Plot | None:
        from playground.plots.minima.typeset import minima_plot  # imported late: only needed for LaTeX

        return minima_plot(data, style)

    @override
    def make_picture(self, canvas: Canvas) -> MinimaPicture:
        return MinimaPicture(canvas)

    @override
    def sentences(self, data: MinimaData | NetworkMinima) -> tuple[str, ...]:
        return network_minima_sentences(data) if isinstance(data, NetworkMinima) else minima_sentences(data)

    @override
    def figure_note(self) -> str:
        if self._objective not in SURFACES:
            return "this network"
        return f"{SURFACES[self._objective].label}, {self._racer}"

    @override
    def table_of(self, data: MinimaData | NetworkMinima | None) -> Table:
        if isinstance(data, NetworkMinima):
            of = data.minimum_of
            columns = ("seed", "final loss", "norm of the gradient", "minimum", "at rest")
            rows = [
                (each.seed, each.loss, each.slope, of.get(i, -1), int(each.is_at_rest))
                for i, each in enumerate(data.restarts)
            ]
            return Table(columns, rows)
        if data is None:
            return Table(("start x", "start y", "minimum", "f"), [])
        starts = [
            (x, y, int(basin), float(data.depths[basin]) if basin >= 0 else float("nan"))
            for y, row in zip(data.y.tolist(), data.basins, strict=True)
            for x, basin in zip(data.x.tolist(), row.tolist(), strict=True)
        ]
        return Table(("start x", "start y", "minimum", "f"), starts)


def _settings(snapshot: Snapshot) -> Experiment:
    """Return the settings of ``snapshot`` on which its minima depend."""
    settings = raced(replace(snapshot.experiment, name=""), FINDER)
    return replace(settings, training=replace(settings.training, clip_norm=None))


def _same(data: NetworkMinima, other: NetworkMinima) -> bool:
    """Return whether both have the same restarts, as far as they are known."""
    if other.place is not None:
        return False
    count = min(len(data.restarts), len(other.restarts))
    return bool(np.array_equal(data.losses[:count], other.losses[:count], equal_nan=True))
