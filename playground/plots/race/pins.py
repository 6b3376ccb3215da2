"""What a race shows of pinned runs: on the surface their path of training, as curves the same racers on their networks."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Hashable
from typing import TYPE_CHECKING

import numpy as np
from msgspec.structs import replace
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from core.training.many_runs.network_race import raced
from core.training.snapshot import Snapshot
from playground.plots.race.data import RaceData, is_same_race, whole_race
from playground.plots.race.objective_menu import NETWORK
from playground.plots.race.picture import SURFACE_VIEWS, View
from playground.plots.race.pinned_track import is_same_surface, is_track, training_track
from playground.plotting.cards.computed_card import ComputedCard, Work
from playground.plotting.pins.ghosts import Ghost
from playground.style.theme import Style

if TYPE_CHECKING:
    from core.analysis.race import Racer
    from core.arrays import Floats
    from core.experiment import Experiment
    from playground.session import Session
    from playground.session.pins import Pin


class PinnedRaces(ComputedCard[RaceData]):
    """The part of the race card that draws pinned runs."""

    is_partial = True
    draws_pins = True

    def __init__(
        self, title: str, name: str, session: Session, style: Style, parent: QWidget | None = None, *, short: str = ""
    ) -> None:
        self._view: View = "map"
        self._objective = NETWORK
        self._weights: Floats | None = None
        self._seen: Snapshot | None = None
        self._surfaces = 0  # counts the surfaces shown, on each of which a path lies elsewhere
        self._is_paired, self._is_whole = False, False
        super().__init__(title, name, session, style, parent, short=short)

    @property
    @abstractmethod
    def racers(self) -> tuple[Racer, ...]:
        """The racers on the current objective."""

    def _pinned_paths(self, snapshot: Snapshot) -> list[tuple[Pin, Floats]]:
        """Return the pinned runs on the surface of ``snapshot`` with the points (T, P) of their paths, if the map covers them."""
        if not self._is_whole or self._objective != NETWORK:
            return []
        pins = [pin for pin in self._session.pins.visible if is_same_surface(snapshot, pin.run.snapshot)]
        return [(pin, np.array(pin.run.snapshot.path.points)) for pin in pins if pin.run.snapshot.path.points]

    @property
    def _is_on_surface(self) -> bool:
        return self._view in SURFACE_VIEWS and not self._is_paired

    @override
    def accept(self, data: RaceData) -> None:
        """Look for the paths of pinned runs on the new surface."""
        self._surfaces += 1
        self._ghosts.request_missing()

    @override
    def ghost_choices(self) -> Hashable:
        if self._is_on_surface:
            return self._objective, self._surfaces
        return self._objective, self.racers, self._weights is not None

    @override
    def ghost_of(self, pin: Pin, snapshot: Snapshot) -> RaceData | None:
        """Request the path of training on a finished surface, or the race of the same racers on a pinned network."""
        data, seen = self._data, self._seen
        if seen is None or data is None or not self.draws_pins:
            return None
        if self._is_on_surface:
            wanted = not self.has_more(data) and is_same_surface(seen, snapshot)
        else:
            wanted = self._weights is not None or self._settings(seen) != self._settings(snapshot)
        return super().ghost_of(pin, snapshot) if wanted else None

    @override
    def ghosts(self) -> tuple[Ghost[RaceData], ...]:
        """Return the pinned runs; in the view of curves, only those whose racers have other losses."""
        data = self._data
        found = super().ghosts() if data is not None and self.draws_pins else ()
        if self._is_on_surface or data is None:
            return found
        return tuple(ghost for ghost in found if not is_same_race(data, ghost.data))

    @override
    def pin_work(self, snapshot: Snapshot) -> Work[RaceData]:
        data, seen = self._data, self._seen
        if self._is_on_surface:
            return lambda advance: (
                None if data is None or seen is None else training_track(data, seen, snapshot, advance)
            )
        racers, start = self.racers, snapshot.network.parameters if self._weights is not None else None
        return lambda advance: whole_race(snapshot, racers, start, advance)

    @override
    def ghost_sentences(self, pin: Pin, data: RaceData) -> tuple[str, ...]:
        return () if is_track(data) else super().ghost_sentences(pin, data)

    @override
    def pair_data(self) -> tuple[Pin, RaceData] | None:
        """Return the race of the same racers on the network of the compared pin, which has its own surface."""
        self._is_paired = True
        try:
            return super().pair_data()
        finally:
            self._is_paired = False

    @override
    def prepare(self, *, paired: bool = False) -> bool:
        self._is_paired = paired
        try:
            return super().prepare(paired=paired)
        finally:
            self._is_paired = False

    def _settings(self, snapshot: Snapshot) -> Experiment:
        return raced(replace(snapshot.experiment, name=""), self.racers[0])
