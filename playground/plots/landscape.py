"""The card of the loss landscape: the network's loss over a plane in weight space, with the training path."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from core.analysis.loss_surface import PLANES
from core.training.snapshot import Snapshot
from playground.plots.landscape_data import LandscapeData, landscape_data, landscape_sentences
from playground.plots.landscape_picture import LandscapePicture
from playground.plotting.canvas import Canvas
from playground.plotting.computed_card import ComputedCard, Work
from playground.plotting.ghosts import Ghost
from playground.plotting.word_choice import WordMenu
from playground.session.selection import Names, Selection, index_of
from playground.style.theme import Style
from playground.widgets.figure import Table

if TYPE_CHECKING:
    from playground.session import Session

SEED: Final = 1
"""Seed of the random directions; fixed, so that the surface does not jump between snapshots."""


class SurfaceCard(ComputedCard[LandscapeData]):
    """A card that computes the loss over a plane that the user chooses: a coarse surface first, a fine one when paused."""

    is_partial = True

    def __init__(
        self, title: str, name: str, session: Session, style: Style, parent: QWidget | None = None, *, short: str = ""
    ) -> None:
        super().__init__(title, name, session, style, parent, short=short)
        self._choice = next(iter(PLANES))
        self._pair: list[Selection] = []
        self._fine = False
        self._pinned: frozenset[int] = frozenset()
        self._seen: Snapshot | None = None
        self._plane_menu = WordMenu("Plane", style)
        self._plane_menu.setToolTip("\n".join(f"{plane.label}: {plane.explanation}" for plane in PLANES.values()))
        self._plane_menu.offer([plane.label for plane in PLANES.values()], 0)
        self._plane_menu.chosen.connect(lambda index: self.choose_plane(tuple(PLANES)[index]))
        self.add_control(self._plane_menu, self._plane_menu)
        session.selection_changed.connect(self._remember)

    def choose_plane(self, choice: str) -> None:
        """Show the plane with key ``choice`` in ``PLANES``."""
        self._choice = choice
        self._plane_menu.offer([plane.label for plane in PLANES.values()], tuple(PLANES).index(choice))
        self._fine = False
        self.recompute()

    @override
    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Compute the landscape of ``snapshot`` as soon as the thread is free."""
        if snapshot is not self._seen and not self.is_too_late(snapshot):
            self._seen, self._fine = snapshot, False
        super().show_snapshot(snapshot)

    @override
    def work(self, snapshot: Snapshot) -> Work[LandscapeData]:
        choice, pair, fine = self._choice, self._pair_in(snapshot), self._fine
        pins = {pin.key: pin.run.snapshot for pin in self._session.pins.visible}
        self._pinned = frozenset(pins)
        return lambda advance: landscape_data(snapshot, choice, pair, SEED, advance, fine=fine, pins=pins)

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
        if frozenset(pin.key for pin in self._session.pins.visible) != self._pinned:
            self.recompute()
        super()._follow_pins()

    @override
    def prepare(self) -> bool:
        """Compute the fine surface on the thread; return whether it is complete."""
        if not self._fine and (self._data is None or not self._data.is_fine or not self.is_settled):
            self._fine = True
            self.recompute()
        return super().prepare()

    @override
    def settle(self) -> None:
        """Compute the fine surface of the newest snapshot now, on the calling thread."""
        if self._data is None or not self._data.is_fine:
            self._fine = True
            self._waiting = self._waiting or self._submitted
        super().settle()

    @override
    def accept(self, data: LandscapeData) -> None:
        """Compute the fine surface after the coarse one if training is paused."""
        if not data.is_fine and self._seen is not None and not self._seen.playing and self.isVisible():
            self._fine = True
            QTimer.singleShot(0, self.recompute)

    @override
    def sentences(self, data: LandscapeData) -> tuple[str, ...]:
        texts = landscape_sentences(data)
        missing = 2 - len(self._pair)
        if data.surface.choice != "weights" or missing <= 0:
            return texts
        hint = "click two weights in the network to choose the axes" if missing > 1 else "click another weight"
        return (f"{hint}; {texts[-1]}", hint)

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
        if selection is None or selection.kind not in ("weight", "bias") or selection in self._pair[-1:]:
            return
        self._pair = [*self._pair[-1:], selection]
        if self._choice == "weights":
            self._fine = False
            self.recompute()

    def _pair_in(self, snapshot: Snapshot) -> tuple[int, int]:
        """Return the last two selected parameters, or those with the largest gradients if fewer were selected."""
        architecture = snapshot.network.architecture
        counts = Names.of(architecture, snapshot.data).counts
        known = (index_of(architecture, each) for each in reversed(self._pair) if each.exists_in(counts))
        chosen = [index for index in known if index is not None]
        steepest = np.argsort(-np.abs(np.nan_to_num(snapshot.gradients.flat))).tolist()
        trainable = np.ones(architecture.size, dtype=np.bool_)
        trainable[[layer.alpha_index for layer in architecture.layers]] = False
        chosen += [index for index in steepest if trainable[index] and index not in chosen]
        return chosen[1], chosen[0]


class LandscapePlot(SurfaceCard):
    """The loss surface from above, with contour lines."""

    figure_key = "landscape"

    def __init__(self, session: Session, style: Style, parent: QWidget | None = None) -> None:
        super().__init__("Loss landscape", "landscapePlot", session, style, parent, short="Landscape")

    @override
    def make_picture(self, canvas: Canvas) -> LandscapePicture:
        return LandscapePicture(canvas)
