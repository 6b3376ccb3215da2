"""The section Training: optimizer, learning rate, loss and regularization."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec.structs import replace as replace_meta
from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtWidgets import QCheckBox, QWidget
from typing_extensions import override

from core.experiment import AUTO, Experiment, TrainingSettings
from core.experiment.fitting import loss_fits
from core.formulas.dropout_scalings import DROPOUT_SCALINGS
from core.formulas.losses import LOSSES
from core.formulas.optimizers import OPTIMIZERS
from playground.panels import wording
from playground.panels.bindings import Bindings
from playground.panels.choice_combo import ChoiceCombo
from playground.panels.data_choice import kind_of_data
from playground.panels.field_meta import field_meta
from playground.panels.labelled_slider import LabelledSlider
from playground.panels.optimizer_sliders import HyperParameterSliders
from playground.panels.section import Disclosure, NamedRow, Section, Styled
from playground.panels.slider_scale import Even, Stops, decades
from playground.panels.stability_limit import marked_limit
from playground.style.theme import Style
from playground.widgets.quiet import QuietCombo

if TYPE_CHECKING:
    from core.training.snapshot import Snapshot
    from playground.session import Session

DEFAULT_MOMENTUM: Final = 0.9

_AUTO_LOSS: Final = "Matches the data: cross-entropy for three or more classes, else squared error."


class TrainingPanel(Section):
    """Chooses the optimizer, its hyper-parameters, the loss and the penalties."""

    def __init__(self, session: Session, style: Style, parent: QWidget | None = None) -> None:
        super().__init__("Training", parent)
        self._session = session
        self._bindings = Bindings()
        self._kind = kind_of_data(session)
        self._style = style
        self._optimizer = ChoiceCombo(OPTIMIZERS, style, "optimizerCombo", "Optimizer")
        self._loss = ChoiceCombo(LOSSES, style, "lossCombo", "Loss")
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
        self._l1 = LabelledSlider(field_meta(TrainingSettings, "l1"), penalty, "l1Slider", write=wording.plain)
        clip = replace_meta(field_meta(TrainingSettings, "clip_norm"), default=0.0, low_allowed=True)
        self._clip = LabelledSlider(clip, Stops((0.0, *decades(-3, 3))), "clipNormSlider", write=wording.off_or)
        self._hyper_parameters = HyperParameterSliders(session, style)
        self._scaling = self._scaling_combo()
        self._shuffle = QCheckBox("Shuffle each epoch")
        shuffle = field_meta(TrainingSettings, "shuffle")
        self._shuffle.setObjectName("shuffleCheck")
        self._shuffle.setToolTip(shuffle.description)
        self._rows = [NamedRow("Optimizer", self._optimizer), NamedRow("Loss", self._loss)]
        self._rows.append(NamedRow("Dropout", self._scaling))
        self._rows[2].label.setToolTip(field_meta(TrainingSettings, "dropout_scaling").description)
        self.disclosure = Disclosure(
            "More",
            "moreTrainingLink",
            tip="Loss, optimizer hyper-parameters, L1, gradient clipping, dropout scaling and shuffling.",
        )
        for main in (self._rows[0], self._rate, self._momentum, self._l2, self.disclosure):
            self.add(main, main.title)
        for rare in (self._rows[1], self._hyper_parameters, self._l1, self._clip, self._rows[2], self._shuffle):
            self.disclosure.body.addWidget(rare)
        self._connect()
        self.set_style(style)

    def show_snapshot(self, _snapshot: Snapshot) -> None:
        """Update the choice of losses once the task of a user's table is known."""
        if kind_of_data(self._session) != self._kind:
            self._offer_losses(self._session.experiment)

    @override
    def set_style(self, style: Style) -> None:
        """Draw in ``style``."""
        super().set_style(style)
        self._style = style
        self._show_limit()
        parts: tuple[Styled, ...] = (
            self._optimizer,
            self._loss,
            *self._rows,
            *self._sliders(),
            self._hyper_parameters,
            self.disclosure,
        )
        for part in parts:
            part.set_style(style)

    # -- building ----------------------------------------------------------------------------------------------------

    def _sliders(self) -> tuple[LabelledSlider, ...]:
        return self._rate, self._momentum, self._l2, self._l1, self._clip

    def _scaling_combo(self) -> QuietCombo:
        combo = QuietCombo()
        combo.setObjectName("dropoutScalingCombo")
        combo.setAccessibleName("Dropout scaling")
        combo.setToolTip(field_meta(TrainingSettings, "dropout_scaling").description)
        for scaling in DROPOUT_SCALINGS.values():
            combo.addItem(scaling.label, scaling.key)
            combo.setItemData(combo.count() - 1, scaling.explanation, Qt.ItemDataRole.ToolTipRole)
        return combo

    def _connect(self) -> None:
        for slider in self._sliders():
            slider.held.connect(self._session.hold_edits)
        self._optimizer.chosen.connect(self._choose_optimizer)
        self._momentum.moved.connect(self._move_momentum)
        self._loss.chosen.connect(lambda key: self._edit("Loss", loss=key))
        self._rate.moved.connect(lambda value: self._edit("Learning rate", "learning_rate", learning_rate=value))
        self._l1.moved.connect(lambda value: self._edit("L1", "l1", l1=value))
        self._l2.moved.connect(lambda value: self._edit("L2", "l2", l2=value))
        self._clip.moved.connect(lambda value: self._edit("Clip norm", "clip_norm", clip_norm=value or None))
        self._scaling.currentIndexChanged.connect(
            lambda: self._edit("Dropout scaling", dropout_scaling=self._scaling.currentData())
        )
        self._shuffle.toggled.connect(lambda on: self._edit("Shuffle", shuffle=on))
        add = self._bindings.add
        add(lambda e: e.training.optimizer, self._show_optimizer)
        add(lambda e: e.training.learning_rate, self._rate.set_value)
        add(lambda e: e.training.momentum, self._momentum.set_value)
        add(lambda e: e.training, self._hyper_parameters.show_settings)
        add(lambda e: (e.training.optimizer, e.training.momentum), lambda _: self._show_limit())
        add(lambda e: e.training.l2, self._l2.set_value)
        add(lambda e: e.training.l1, self._l1.set_value)
        add(lambda e: e.training.clip_norm or 0.0, self._clip.set_value)
        add(lambda e: e.training.dropout_scaling, self._show_scaling)
        add(lambda e: e.training.shuffle, self._show_shuffle)
        add(
            lambda e: (e.data.dataset, e.network.output_activation, e.training.loss),
            lambda _: self._offer_losses(self._session.experiment),
        )
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

    def _show_scaling(self, key: str) -> None:
        with QSignalBlocker(self._scaling):
            self._scaling.setCurrentIndex(self._scaling.findData(key))

    def _show_shuffle(self, on: bool) -> None:  # noqa: FBT001 - a field of the Experiment
        with QSignalBlocker(self._shuffle):
            self._shuffle.setChecked(on)

    def _offer_losses(self, experiment: Experiment) -> None:
        self._kind = kind_of_data(self._session)
        chosen = experiment.training.loss
        fitting = [
            loss for loss in LOSSES.values() if loss.key == chosen or loss_fits(experiment, loss.key, self._kind)
        ]
        entries = [(AUTO, "Auto", _AUTO_LOSS), *((loss.key, loss.label, loss.explanation) for loss in fitting)]
        if self._loss.keys() != tuple(key for key, _, _ in entries):
            self._loss.fill(entries)
        self._loss.set_key(chosen)
