"""The part of the section Training under More: loss, hyper-parameters, L1, clipping, dropout scaling and shuffling."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec.structs import replace
from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from core.experiment import AUTO, Experiment, TrainingSettings
from core.experiment.fitting import loss_fits
from core.formulas.dropout_scalings import DROPOUT_SCALINGS
from core.formulas.losses import LOSSES
from playground.panels.controls import wording
from playground.panels.controls.bindings import Bindings
from playground.panels.controls.choice_combo import ChoiceCombo
from playground.panels.controls.field_meta import field_meta
from playground.panels.controls.labelled_slider import LabelledSlider
from playground.panels.controls.section import ROW_GAP, NamedRow, Styled
from playground.panels.controls.slider_scale import Stops, decades
from playground.panels.data.data_choice import kind_of_data
from playground.panels.training.optimizer_sliders import HyperParameterSliders
from playground.style.theme import Style
from playground.widgets.quiet import QuietCombo

if TYPE_CHECKING:
    from core.training.snapshot import Snapshot
    from playground.session import Session

_AUTO_LOSS: Final = "Matches the data: cross-entropy for three or more classes, else squared error."


class RareTraining(QWidget):
    """Chooses the loss and the settings of training that are rarely changed."""

    def __init__(self, session: Session, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._bindings = Bindings()
        self._kind = kind_of_data(session)
        self._loss = ChoiceCombo(LOSSES, style, "lossCombo", "Loss")
        self._hyper_parameters = HyperParameterSliders(session, style)
        penalty = Stops((0.0, *decades(-6, 0)))
        self._l1 = LabelledSlider(field_meta(TrainingSettings, "l1"), penalty, "l1Slider", write=wording.plain)
        clip = replace(field_meta(TrainingSettings, "clip_norm"), default=0.0, low_allowed=True)
        self._clip = LabelledSlider(clip, Stops((0.0, *decades(-3, 3))), "clipNormSlider", write=wording.off_or)
        self._scaling = _scaling_combo()
        self._shuffle = QCheckBox("Shuffle each epoch")
        self._shuffle.setObjectName("shuffleCheck")
        self._shuffle.setToolTip(field_meta(TrainingSettings, "shuffle").description)
        self._rows = (NamedRow("Loss", self._loss), NamedRow("Dropout", self._scaling))
        self._rows[1].label.setToolTip(self._scaling.toolTip())
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        for row in (self._rows[0], self._hyper_parameters, self._l1, self._clip, self._rows[1], self._shuffle):
            self._layout.addWidget(row)
        self._connect()
        self.set_style(style)

    def show_snapshot(self, _snapshot: Snapshot) -> None:
        """Update the choice of losses once the task of a user's table is known."""
        if kind_of_data(self._session) != self._kind:
            self._offer_losses(self._session.experiment)

    def set_style(self, style: Style) -> None:
        """Draw in ``style``."""
        self._layout.setSpacing(round(style.px(ROW_GAP)))
        parts: tuple[Styled, ...] = (self._loss, *self._rows, self._l1, self._clip, self._hyper_parameters)
        for part in parts:
            part.set_style(style)

    # -- building ----------------------------------------------------------------------------------------------------

    def _connect(self) -> None:
        for slider in (self._l1, self._clip):
            slider.held.connect(self._session.hold_edits)
        self._loss.chosen.connect(lambda key: self._edit("Loss", loss=key))
        self._l1.moved.connect(lambda value: self._edit("L1", "l1", l1=value))
        self._clip.moved.connect(lambda value: self._edit("Clip norm", "clip_norm", clip_norm=value or None))
        self._scaling.currentIndexChanged.connect(
            lambda: self._edit("Dropout scaling", dropout_scaling=self._scaling.currentData())
        )
        self._shuffle.toggled.connect(lambda on: self._edit("Shuffle", shuffle=on))
        add = self._bindings.add
        add(lambda e: e.training, self._hyper_parameters.show_settings)
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

    # -- from the user ---------------------------------------------------------------------------------------------

    def _edit(self, label: str, merge_key: str | None = None, **changes: object) -> None:
        if not self._session.edit_training(label, merge_key, **changes):
            self._bindings.show_all(self._session.experiment)

    # -- from the model ----------------------------------------------------------------------------------------------

    def _changed(self, old: Experiment, new: Experiment) -> None:
        self._bindings.changed(old, new)

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


def _scaling_combo() -> QuietCombo:
    combo = QuietCombo()
    combo.setObjectName("dropoutScalingCombo")
    combo.setAccessibleName("Dropout scaling")
    combo.setToolTip(field_meta(TrainingSettings, "dropout_scaling").description)
    for scaling in DROPOUT_SCALINGS.values():
        combo.addItem(scaling.label, scaling.key)
        combo.setItemData(combo.count() - 1, scaling.explanation, Qt.ItemDataRole.ToolTipRole)
    return combo
