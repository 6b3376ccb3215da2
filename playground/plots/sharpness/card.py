"""The sharpness card: the largest curvature of the loss over the run, and the learning rate that it allows."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from core.analysis.step_limit import Curvature
from core.data.prepared_data import PreparedData
from core.training.snapshot import Snapshot
from playground.plots.sharpness.data import (
    LIVE_PART_SECONDS,
    PART_SECONDS,
    Known,
    SharpnessData,
    fingerprints,
    sharpness_data,
    sharpness_sentences,
    thinned,
)
from playground.plots.sharpness.picture import SharpnessPicture
from playground.plotting.canvas.canvas import Canvas
from playground.plotting.cards.computed_card import ComputedCard, Work
from playground.plotting.cards.plot_card import columns
from playground.style.theme import Style
from playground.widgets.figure import Table
from playground.widgets.guard import guarded
from playground.widgets.plot import Plot

if TYPE_CHECKING:
    from playground.session import Session


class SharpnessPlot(ComputedCard[SharpnessData]):
    """Shows λ_max of the loss's Hessian along the training path, with 2/α as the limit of plain gradient descent."""

    figure_key = "sharpness"
    computing = "Computing the sharpness of the loss …"
    draws_pins = True

    def __init__(self, session: Session, style: Style, parent: QWidget | None = None) -> None:
        super().__init__("Sharpness", "sharpnessPlot", session, style, parent)
        self._known: dict[int, Known] = {}
        self._basis: tuple[object, ...] = ()
        self._samples: PreparedData | None = None
        self._known_generation = -1
        self._newest: Curvature | None = None

    @override
    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Show the current step and learning rate, and compute the curvature as soon as the thread is free."""
        data = self._data
        if data is not None and snapshot.step >= int(data.steps[-1]) and not self.is_too_late(snapshot):
            present = data.at(snapshot)
            if (present.now, present.limit, present.formula) != (data.now, data.limit, data.formula):
                self._data = present
                self.redraw()
                if (present.limit, present.formula) != (data.limit, data.formula):
                    self.say(*self.sentences(present))
        super().show_snapshot(snapshot)

    @override
    def work(self, snapshot: Snapshot) -> Work[SharpnessData]:
        self._forget(snapshot)
        seconds = LIVE_PART_SECONDS if snapshot.playing else PART_SECONDS
        known, seconds = dict(self._known), math.inf if self._is_settling else seconds
        between = self._session.jobs.wait
        return lambda advance: sharpness_data(snapshot, known, advance, seconds, between)

    def _forget(self, snapshot: Snapshot) -> None:
        """Drop the values that do not belong to the run of ``snapshot``: of another network, loss or data, or other weights."""
        experiment = snapshot.experiment
        basis = (experiment.network, experiment.training.loss, experiment.training.l2)
        restarted = len(self._known) > 0 and snapshot.step < max(self._known)
        if basis != self._basis or snapshot.data is not self._samples:
            self._known, self._basis, self._samples = {}, basis, snapshot.data
        elif snapshot.generation != self._known_generation or restarted:
            prints = fingerprints(snapshot)
            self._known = {step: each for step, each in self._known.items() if prints.get(step) == each.fingerprint}
        self._known_generation = snapshot.generation

    @override
    def has_more(self, data: SharpnessData) -> bool:
        return data.missing > 0

    @override
    def _continue(self) -> None:
        """Compute the next part at once only while paused; during training the next snapshot does, after the pause."""
        if self._submitted is None or not self._submitted.playing:
            super()._continue()

    @override
    def pin_work(self, snapshot: Snapshot) -> Work[SharpnessData]:
        between = self._session.jobs.wait
        return lambda advance: sharpness_data(snapshot, {}, advance, between=between)

    @override
    def accept(self, data: SharpnessData) -> None:
        """Cache the computed values by step, and share the newest one through the session while the card is visible."""
        self._known = thinned(data.known)
        self._newest = Curvature(self._known_generation, int(data.steps[-1]), float(data.values[-1]))
        if self.isVisible():
            self._session.stability.show(self._newest)

    @override
    def plot_of(self, data: SharpnessData, style: Style) -> Plot | None:
        from playground.plots.sharpness.typeset import sharpness_plot  # imported late: only needed for LaTeX

        return sharpness_plot(data, style)

    @override
    def make_picture(self, canvas: Canvas) -> SharpnessPicture:
        return SharpnessPicture(canvas)

    @override
    def sentences(self, data: SharpnessData) -> tuple[str, ...]:
        return sharpness_sentences(data)

    @override
    def table_of(self, data: SharpnessData | None) -> Table:
        if data is None:
            return Table(("step", "largest eigenvalue", "stability limit"), [])
        return columns(
            **{
                "step": data.steps.tolist(),
                "largest eigenvalue": data.values.tolist(),
                "stability limit": [data.limit] * len(data.steps),
            }
        )

    @override
    @guarded
    def showEvent(self, event: QShowEvent) -> None:
        """Share the limit again if the drawn value is still the newest."""
        super().showEvent(event)
        if self.is_settled:
            self._session.stability.show(self._newest)

    @override
    @guarded
    def hideEvent(self, event: QHideEvent) -> None:
        """Withdraw the limit, which is no longer updated."""
        super().hideEvent(event)
        self._session.stability.show(None)
