"""The card of the loss landscape: the network's loss over a plane in weight space, with the training path."""

from __future__ import annotations

import time
from collections.abc import Hashable
from typing import TYPE_CHECKING, Final

import numpy as np
from msgspec.structs import replace
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from core.analysis.loss_surface import PLANES
from core.training.snapshot import Snapshot
from playground.plots.edited_snapshot import edited_snapshot, with_loss
from playground.plots.landscape.data import (
    COARSE,
    FINE,
    LIVE,
    LandscapeData,
    Limits,
    is_small,
    landscape_data,
    landscape_sentences,
)
from playground.plots.landscape.live_path import LivePath
from playground.plots.landscape.picture import LandscapePicture, SurfacePicture
from playground.plots.landscape.side_by_side import PairedSurface, landscape_beside
from playground.plots.landscape.track import NO_TRACK, Track
from playground.plots.landscape.weight_pair import WeightPair
from playground.plotting.canvas.canvas import Canvas
from playground.plotting.cards.computed_card import Work
from playground.plotting.cards.plot_card import READING_SECONDS
from playground.plotting.cards.shared_card import SharedCard
from playground.plotting.cards.word_choice import WordMenu
from playground.plotting.pins.ghosts import Ghost
from playground.session.selection import Selection
from playground.style.numbers import short
from playground.style.theme import Style
from playground.widgets.figure import Table
from playground.widgets.later import later
from playground.widgets.plot import Plot
from playground.worker.background import Advance
from playground.worker.commands import SetParameter, SetParameters

if TYPE_CHECKING:
    from playground.session import Session
    from playground.session.pins import Pin

FINE_AFTER_MS: Final = 30
"""The coarse surface is painted before the fine one is computed, which would compete with painting for the GIL."""

SEED: Final = 1
"""Seed of the random directions; fixed, so that the surface does not jump between snapshots."""


class SurfaceCard(SharedCard[LandscapeData]):
    """A card that computes the loss over a plane that the user chooses, and shows training move over it.

    The first surface after an edit is coarse, the following ones are finer, and that of a paused network is the finest. The
    path and the present point are drawn with each snapshot.
    """

    is_partial = True
    hurries = True
    computing = "Computing the loss around this network …"

    def __init__(
        self, title: str, name: str, session: Session, style: Style, parent: QWidget | None = None, *, short: str = ""
    ) -> None:
        super().__init__(title, name, session, style, parent, short=short)
        self._choice = next(iter(PLANES))
        self._pair = WeightPair()
        self._fine = False
        self._pinned: frozenset[int] = frozenset()
        self._seen: Snapshot | None = None
        self._edited: Snapshot | None = None
        self._live = LivePath()
        self._paired = PairedSurface(f"{name} pair", self)
        self._plane_menu = WordMenu("Plane", style)
        self._plane_menu.setToolTip("\n".join(f"{plane.label}: {plane.explanation}" for plane in PLANES.values()))
        self._plane_menu.offer([plane.label for plane in PLANES.values()], 0)
        self._plane_menu.chosen.connect(lambda index: self.choose_plane(tuple(PLANES)[index]))
        self.add_control(self._plane_menu, self._plane_menu)
        session.selection_changed.connect(self._remember)
        session.command.connect(self._foresee)

    def choose_plane(self, choice: str) -> None:
        """Show the plane with key ``choice`` in ``PLANES``."""
        self._choice = choice
        self._plane_menu.offer([plane.label for plane in PLANES.values()], tuple(PLANES).index(choice))
        self._fine = False
        self.recompute()

    @property
    def track(self) -> Track:
        """The path of training since the surface was computed."""
        return NO_TRACK if self._data is None else self._live.on(self._data)

    @override
    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Draw the path up to ``snapshot``, and compute its landscape as soon as the thread is free."""
        if snapshot is not self._seen and not self.is_too_late(snapshot):
            # The coarse surface of weights that were set is computed before their snapshot arrives.
            edited, self._edited = self._edited, None
            self._fine = edited is not None and not snapshot.playing and _are_same(edited, snapshot)
            self._seen = snapshot
            self._live.note(snapshot)
            self._follow_path()
        super().show_snapshot(snapshot)

    def _follow_path(self) -> None:
        """Draw the path since the surface was computed, and say where it is, slowly enough to be read."""
        picture = self._picture
        if self._data is None or not isinstance(picture, SurfacePicture):
            return
        picture.follow(self.track)
        is_training = self._seen is not None and self._seen.playing
        if not is_training or time.monotonic() - self._sentence_since >= READING_SECONDS:
            self.say(*self.sentences(self._data))

    def _foresee(self, command: object) -> None:
        """Compute the coarse surface right after weights were set, without waiting for the snapshot from training."""
        newest = self._edited or self._seen
        if not isinstance(command, SetParameter | SetParameters) or newest is None or self._stays:
            return
        self._jobs.cancel()
        if newest.generation != self._session.generation or not self.isVisible() or self.lacking(newest):
            return
        self._edited = edited_snapshot(newest, command)
        if self._edited is not None:
            self._fine, self._arrived, self._generation = False, None, -1  # as after an edit of the experiment
            self._waiting = self._edited
            self._submit_when_due()

    @override
    def work(self, snapshot: Snapshot) -> Work[LandscapeData]:
        choice, limits, is_edited = self._choice, self._limits(snapshot), snapshot is self._edited
        pair = self._pair.indices(snapshot) if PLANES[choice].of_weights else (0, 0)
        pins = self._pins_with_samples()
        self._pinned = frozenset(pins)

        def compute(advance: Advance) -> LandscapeData | None:
            state = with_loss(snapshot) if is_edited else snapshot
            return landscape_data(state, choice, pair, SEED, advance, limits=limits, pins=pins)

        if limits is not FINE:
            return compute
        key, jobs = self.shared_key(snapshot), self._session.jobs
        return lambda advance: jobs.once(key, snapshot, lambda: compute(advance))

    def _limits(self, snapshot: Snapshot) -> Limits:
        """Return the limits of the surface of ``snapshot``: coarse after an edit, and paused, where the fine one follows."""
        if self._fine:
            return FINE
        data, is_live = self._data, snapshot.playing and snapshot is not self._edited
        if is_live and data is not None and data.generation == snapshot.generation:
            return LIVE if data.surface.choice == self._choice else COARSE
        return COARSE

    @override
    def is_cheap(self, snapshot: Snapshot, *, edited: bool) -> bool:
        is_coarse = self._data is not None and edited and self._limits(snapshot) is COARSE
        return is_coarse and is_small(snapshot, COARSE)

    def _pins_with_samples(self) -> dict[int, Snapshot]:
        runs = ((pin.key, pin.run.snapshot) for pin in self._session.pins.visible)
        return {key: snapshot for key, snapshot in runs if not self.lacking(snapshot)}

    @override
    def shared_key(self, snapshot: Snapshot) -> Hashable:
        of_weights = PLANES[self._choice].of_weights
        return (
            "landscape",
            self._choice,
            self._pair.indices(snapshot) if of_weights else (0, 0),
            frozenset(self._pins_with_samples()),
        )

    @override
    def is_last(self, snapshot: Snapshot, data: LandscapeData) -> bool:
        return snapshot.playing or data.is_fine

    @override
    def ghosts(self) -> tuple[Ghost[LandscapeData], ...]:
        """Return the pinned runs whose paths lie on this surface."""
        data, pins = self._data, self._session.pins
        if data is None or not data.pinned:
            return ()
        found = ((pins.find(path.key), path) for path in data.pinned)
        return tuple(
            Ghost(
                pins.name(pin),
                pin.colour,
                replace(data, path=each.path, steps=each.steps, surface=replace(data.surface, path=each.true)),
            )
            for pin, each in found
            if pin is not None and not pin.hidden
        )

    @override
    def _follow_pins(self) -> None:
        """Compute the surface anew, with the paths of other pins."""
        if frozenset(self._pins_with_samples()) != self._pinned:
            self.recompute()
        super()._follow_pins()
        if self._data is not None:
            self.say(*self.sentences(self._data))

    @override
    def prepare(self, *, paired: bool = False) -> bool:
        """Compute the fine surface on the thread; return whether it is complete."""
        if not self._fine and (self._data is None or not self._data.is_fine or not self.is_settled):
            self._fine = True
            self.recompute()
        if not super().prepare(paired=paired):
            return False
        return not paired or self._prepare_pair()

    def _prepare_pair(self) -> bool:
        """Compute the surface of the compared pinned run on its thread; return whether it is known or there is none."""
        pin, data = self._compared_pin(), self._data
        return pin is None or data is None or self._paired.prepare((pin.key, data), self._beside(pin, data))

    def _compared_pin(self) -> Pin | None:
        pin = self._session.pins.compared
        return None if pin is None or self.lacking(pin.run.snapshot) else pin

    def _beside(self, pin: Pin, data: LandscapeData) -> Work[LandscapeData]:
        snapshot = pin.run.snapshot
        pair = self._pair.indices(snapshot) if PLANES[data.surface.choice].of_weights else (0, 0)
        return lambda advance: landscape_beside(data, snapshot, pair, SEED, advance)

    @override
    def pair_data(self) -> tuple[Pin, LandscapeData] | None:
        """Return the surface of the compared pinned run, on the same plane if its parameters correspond."""
        pin = self._compared_pin()
        if pin is None:
            return None
        self.settle()
        data = self._data
        found = None if data is None else self._paired.get((pin.key, data), self._beside(pin, data))
        return None if found is None else (pin, found)

    @override
    def pin_table(self, pin: Pin, data: LandscapeData) -> Table:
        """Return the losses of a pinned run, in the columns of the current one if they are on the same plane."""
        own, table = self._data, self.table_of(data)
        return Table((*own.names, "loss"), table.rows) if own is not None and own.plane == data.plane else table

    @override
    def ghost_sentences(self, pin: Pin, data: LandscapeData) -> tuple[str, ...]:
        return landscape_sentences(data)

    @override
    def settle(self) -> None:
        """Compute the fine surface of the newest snapshot now, on the calling thread."""
        if self._data is None or not self._data.is_fine or not self.is_settled:
            self._fine = True
            self._waiting = self._waiting or self._submitted
        super().settle()

    @override
    def accept(self, data: LandscapeData) -> None:
        """Draw the path since ``data``, and compute the fine surface after the coarse one if training is paused."""
        if isinstance(self._picture, SurfacePicture):
            self._picture.follow(self._live.on(data))
        is_computing = self._fine and self._waiting is not None
        is_paused = self._seen is not None and not self._seen.playing
        if not data.is_fine and not is_computing and is_paused and self.isVisible():
            self._fine = True
            later(FINE_AFTER_MS, self, self._refine)

    def _refine(self) -> None:
        """Compute the fine surface, unless that has begun, or another edit came first."""
        if self._fine and self._waiting is None and self._data is not None and not self._data.is_fine:
            self.recompute()

    @override
    def sentences(self, data: LandscapeData) -> tuple[str, ...]:
        texts = self._beside_pinned(data, landscape_sentences(data, self._live.on(data)))
        missing = self._pair.missing
        if not PLANES[data.surface.choice].of_weights or missing <= 0:
            return texts
        hint = "click two weights in the network to choose the axes" if missing > 1 else "click another weight"
        return (f"{hint}; {texts[-1]}", hint)

    def _beside_pinned(self, data: LandscapeData, texts: tuple[str, ...]) -> tuple[str, ...]:
        """Return ``texts`` after forms of them that also give the loss of the compared pinned run."""
        pins = self._session.pins
        pin = pins.compared
        losses = next((each.true.losses for each in data.pinned if pin is not None and each.key == pin.key), None)
        if pin is None or losses is None or not len(losses):
            return texts
        named = f" here ({pins.name(pin)}: {short(float(losses[-1]), 2)})"
        return (*(text.replace(" here", named, 1) for text in texts if " here" in text), *texts)

    @override
    def figure_note(self) -> str:
        return PLANES[self._choice].label.lower()

    @override
    def table_of(self, data: LandscapeData | None) -> Table:
        if data is None:
            return Table(("first direction", "second direction", "loss"), [])
        X, Y = np.meshgrid(data.x, data.y)
        rows = np.column_stack([X.ravel(), Y.ravel(), data.surface.plane.losses.ravel()]).tolist()
        return Table((*data.names, "loss"), [tuple(row) for row in rows])

    def _remember(self, selection: Selection | None) -> None:
        """Use a selected weight or bias for the plane of two weights."""
        if self._session.restrictions.hides(selection):
            return  # the plane's axes would show its value
        if self._pair.remember(selection) and PLANES[self._choice].of_weights:
            self._fine = False
            self.recompute()
            if self._data is not None:
                self.say(*self.sentences(self._data))  # at once, what is to be clicked next


def _are_same(edited: Snapshot, snapshot: Snapshot) -> bool:
    """Return whether both have the same parameters."""
    return np.array_equal(edited.network.parameters, snapshot.network.parameters)


class LandscapePlot(SurfaceCard):
    """The loss surface from above, with contour lines."""

    figure_key = "landscape"

    def __init__(self, session: Session, style: Style, parent: QWidget | None = None) -> None:
        super().__init__("Loss landscape", "landscapePlot", session, style, parent, short="Landscape")

    @override
    def plot_of(self, data: LandscapeData, style: Style) -> Plot | None:
        from playground.plots.landscape.typeset import landscape_plot  # imported late: only needed for LaTeX

        return landscape_plot(data, style)

    @override
    def make_picture(self, canvas: Canvas) -> LandscapePicture:
        return LandscapePicture(canvas)
