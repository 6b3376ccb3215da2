"""The sharpness card: the largest curvature of the loss over the run, and the learning rate that it allows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from core.analysis.step_limit import Curvature
from core.training.snapshot import Snapshot
from playground.plots.sharpness_data import SharpnessData, sharpness_data, sharpness_sentences
from playground.plots.sharpness_picture import SharpnessPicture
from playground.plotting.canvas import Canvas
from playground.plotting.computed_card import ComputedCard, Work
from playground.plotting.plot_card import columns
from playground.style.theme import Style
from playground.widgets.figure import Table
from playground.widgets.guard import guarded

if TYPE_CHECKING:
    from playground.session import Session


class SharpnessPlot(ComputedCard[SharpnessData]):
    """Shows λ_max of the loss's Hessian along the training path, with 2/α as the limit of plain gradient descent."""

    figure_key = "sharpness"
    draws_pins = True

    def __init__(self, session: Session, style: Style, parent: QWidget | None = None) -> None:
        super().__init__("Sharpness", "sharpnessPlot", session, style, parent)
        self._known: dict[int, float] = {}
        self._known_generation = -1
        self._newest: Curvature | None = None

    @override
    def work(self, snapshot: Snapshot) -> Work[SharpnessData]:
        restarted = len(self._known) > 0 and snapshot.step < max(self._known)
        if snapshot.generation != self._known_generation or restarted:
            # In another experiment or run, cached values belong to other weights.
            self._known, self._known_generation = {}, snapshot.generation
        known = dict(self._known)
        return lambda advance: sharpness_data(snapshot, known, advance)

    @override
    def pin_work(self, snapshot: Snapshot) -> Work[SharpnessData]:
        return lambda advance: sharpness_data(snapshot, {}, advance)

    @override
    def accept(self, data: SharpnessData) -> None:
        """Cache the computed values by step, and share the newest one through the session while the card is visible."""
        self._known |= dict(zip(data.steps.tolist(), data.values.tolist(), strict=True))
        self._newest = Curvature(self._known_generation, int(data.steps[-1]), float(data.values[-1]))
        if self.isVisible():
            self._session.stability.show(self._newest)

    @override
    def make_picture(self, canvas: Canvas) -> SharpnessPicture:
        return SharpnessPicture(canvas)

    @override
    def sentences(self, data: SharpnessData) -> tuple[str, ...]:
        return sharpness_sentences(data)

    @override
    def table_of(self, data: SharpnessData | None) -> Table:
        if data is None:
            return Table(("step", "largest eigenvalue", "2 / learning rate"), [])
        return columns(
            **{
                "step": data.steps.tolist(),
                "largest eigenvalue": data.values.tolist(),
                "2 / learning rate": [data.limit] * len(data.steps),
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
