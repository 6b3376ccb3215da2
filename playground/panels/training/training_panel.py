"""The section Training: optimizer, learning rate, loss and regularization."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QWidget
from typing_extensions import override

from core.experiment import Experiment, TrainingSettings
from core.formulas.optimizers import OPTIMIZERS
from playground.panels.controls import wording
from playground.panels.controls.bindings import Bindings
from playground.panels.controls.choice_combo import ChoiceCombo
from playground.panels.controls.field_meta import field_meta
from playground.panels.controls.labelled_slider import LabelledSlider
from playground.panels.controls.section import Disclosure, NamedRow, Section, Styled
from playground.panels.controls.slider_scale import Even, Stops, decades
from playground.panels.training.stability_limit import marked_limit
from playground.style.theme import Style

if TYPE_CHECKING:
    from core.training.snapshot import Snapshot
    from playground.panels.training.rare_training import RareTraining
    from playground.session import Session

DEFAULT_MOMENTUM: Final = 0.9


class TrainingPanel(Section):
    """Chooses the optimizer, its hyper-parameters, the loss and the penalties."""

    def __init__(self, session: Session, style: Style, parent: QWidget | None = None) -> None:
        super().__init__("Training", parent)
        self._session = session
        self._bindings = Bindings()
        self._style = style
        self._optimizer = ChoiceCombo(OPTIMIZERS, style, "optimizerCombo", "Optimizer")
        self._rate = LabelledSlider(
            field_meta(TrainingSettings, "learning_rate"),
            Stops(decades(-5, 1)),
            "learningRateSlider",
            write=wording.plain,
        )
        self._momentum = LabelledSlider(
            field_meta(TrainingSettings, "momentum"), Even(0, 0.99, 0.01), "momentumSlider", write=wording.fraction
        )
        penalty = Stops((0.0, *decades(-6, 0)))
        self._l2 = LabelledSlider(field_meta(TrainingSettings, "l2"), penalty, "l2Slider", write=wording.plain)
        self._row = NamedRow("Optimizer", self._optimizer)
        self._rare: RareTraining | None = None
        self.disclosure = Disclosure(
            "More",
            "moreTrainingLink",
            tip="Loss, optimizer hyper-parameters, L1, gradient clipping, dropout scaling and shuffling.",
        )
        for main in (self._row, self._rate, self._momentum, self._l2, self.disclosure):
            self.add(main, main.title)
        self.disclosure.opened.connect(self.complete)
        self._connect()
        self.set_style(style)

    def complete(self) -> None:
        """Build what is under More, if it is missing; the first frame does not show it."""
        if self._rare is None:
            from playground.panels.training.rare_training import (
                RareTraining,  # imported late: not needed for the first frame
            )

            self._rare = RareTraining(self._session, self._style)
            self.disclosure.fill(self._rare)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Update the choice of losses once the task of a user's table is known."""
        if self._rare is not None:
            self._rare.show_snapshot(snapshot)

    @override
    def set_style(self, style: Style) -> None:
        """Draw in ``style``."""
        super().set_style(style)
        self._style = style
        self._show_limit()
        parts: tuple[Styled, ...] = (self._optimizer, self._row, *self._sliders(), self.disclosure)
        for part in parts:
            part.set_style(style)
        if self._rare is not None:
            self._rare.set_style(style)

    # -- building ----------------------------------------------------------------------------------------------------

    def _sliders(self) -> tuple[LabelledSlider, ...]:
        return self._rate, self._momentum, self._l2

    def _connect(self) -> None:
        for slider in self._sliders():
            slider.held.connect(self._session.hold_edits)
        self._optimizer.chosen.connect(self._choose_optimizer)
        self._momentum.moved.connect(self._move_momentum)
        self._rate.moved.connect(lambda value: self._edit("Learning rate", "learning_rate", learning_rate=value))
        self._l2.moved.connect(lambda value: self._edit("L2", "l2", l2=value))
        add = self._bindings.add
        add(lambda e: e.training.optimizer, self._show_optimizer)
        add(lambda e: e.training.learning_rate, self._rate.set_value)
        add(lambda e: e.training.momentum, self._momentum.set_value)
        add(lambda e: (e.training.optimizer, e.training.momentum), lambda _: self._show_limit())
        add(lambda e: e.training.l2, self._l2.set_value)
        self._bindings.show_all(self._session.experiment)
        self._session.experiment_changed.connect(self._changed)
        self._session.stability.changed.connect(self._show_limit)

    # -- from the user ---------------------------------------------------------------------------------------------

    def _choose_optimizer(self, key: str) -> None:
        """Select optimizer ``key``; rules based on momentum get the default momentum, plain SGD gets 0."""
        momentum = self._session.experiment.training.momentum
        if OPTIMIZERS[key].uses_momentum and not momentum:
            momentum = DEFAULT_MOMENTUM
        elif OPTIMIZERS[key].with_momentum is not None:
            momentum = 0.0
        self._edit("Optimizer", optimizer=key, momentum=momentum)

    def _move_momentum(self, value: float) -> None:
        """Set the momentum; plain SGD becomes SGD with momentum."""
        optimizer = self._session.experiment.training.optimizer
        if value:
            optimizer = OPTIMIZERS[optimizer].with_momentum or optimizer
        self._edit("Momentum", "momentum", momentum=value, optimizer=optimizer)

    def _edit(self, label: str, merge_key: str | None = None, **changes: object) -> None:
        if not self._session.edit_training(label, merge_key, **changes):
            self._bindings.show_all(self._session.experiment)

    # -- from the model ----------------------------------------------------------------------------------------------

    def _changed(self, old: Experiment, new: Experiment) -> None:
        self._bindings.changed(old, new)

    def _show_optimizer(self, key: str) -> None:
        self._optimizer.set_key(key)
        optimizer = OPTIMIZERS[key]
        self._momentum.setEnabled(optimizer.offers_momentum)
        *others, last = (other.label for other in OPTIMIZERS.values() if other.offers_momentum)
        users = f"{', '.join(others)} and {last}"
        self._momentum.explain(
            "" if optimizer.offers_momentum else f"{optimizer.label} does not use momentum; {users} do."
        )

    def _show_limit(self) -> None:
        """Mark the largest stable learning rate while a view computes the curvature."""
        limit = marked_limit(self._session.stability.curvature, self._session.experiment.training)
        value, meaning = limit or (None, "")
        self._rate.mark(value, self._style.theme.error, meaning)
