"""The controls of the output layer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QVBoxLayout, QWidget

from core.experiment import AUTO, Experiment, HiddenLayer, NetworkSettings
from core.experiment.fitting import output_fits
from core.formulas.activations import OUTPUT_ACTIVATIONS
from core.formulas.initializers import INITIALIZERS
from playground.panels.controls import wording
from playground.panels.controls.bindings import Bindings
from playground.panels.controls.choice_combo import ChoiceCombo
from playground.panels.controls.field_meta import field_meta
from playground.panels.controls.labelled_slider import LabelledSlider
from playground.panels.controls.section import NamedRow
from playground.panels.controls.slider_scale import AroundOne
from playground.panels.data.data_choice import kind_of_data
from playground.style.theme import Style

if TYPE_CHECKING:
    from playground.session import Session

_AUTO_OUTPUT: Final = "Matches data and loss: tanh for two classes, softmax for more, identity for regression."


class OutputEditor(QWidget):
    """Activation, initializer and weight scale of the output layer."""

    def __init__(self, session: Session, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._bindings = Bindings()
        self.setAccessibleName("Output layer")
        self._activation = ChoiceCombo(OUTPUT_ACTIVATIONS, style, "outputActivationCombo", "Activation of the output")
        self._initializer = ChoiceCombo(
            INITIALIZERS,
            style,
            "outputInitializerCombo",
            "Initializer of the output",
            note=field_meta(HiddenLayer, "initializer").description,
        )
        self._gain = LabelledSlider(
            field_meta(NetworkSettings, "output_gain"), AroundOne(), "outputGainSlider", write=wording.factor
        )
        self._rows = (NamedRow("Activation", self._activation), NamedRow("Initializer", self._initializer))
        self._layout = QVBoxLayout(self)
        for part in (*self._rows, self._gain):
            self._layout.addWidget(part)
        self._activation.chosen.connect(lambda key: self._edit("Output activation", output_activation=key))
        self._initializer.chosen.connect(lambda key: self._edit("Output initializer", output_initializer=key))
        self._gain.moved.connect(lambda value: self._edit("Output weight scale", "output_gain", output_gain=value))
        self._gain.held.connect(session.hold_edits)
        self._bindings.add(
            lambda e: (e.data.dataset, e.training.loss, e.network.output_activation),
            lambda _: self._offer_activations(session.experiment),
        )
        self._bindings.add(lambda e: e.network.output_initializer, self._initializer.set_key)
        self._bindings.add(lambda e: e.network.output_gain, self._gain.set_value)
        self._bindings.show_all(session.experiment)
        session.experiment_changed.connect(self._changed)
        self.set_style(style)

    def set_style(self, style: Style) -> None:
        """Draw in ``style``."""
        self._layout.setContentsMargins(round(style.px(8)), 0, 0, round(style.px(6)))
        self._layout.setSpacing(round(style.px(3)))
        for part in (self._activation, self._initializer, self._gain, *self._rows):
            part.set_style(style)

    def _edit(self, label: str, merge_key: str | None = None, **changes: object) -> None:
        if not self._session.edit_network(label, merge_key, **changes):
            self._bindings.show_all(self._session.experiment)

    def _changed(self, old: Experiment, new: Experiment) -> None:
        self._bindings.changed(old, new)

    def _offer_activations(self, experiment: Experiment) -> None:
        kind, chosen = kind_of_data(self._session), experiment.network.output_activation
        fitting = [a for a in OUTPUT_ACTIVATIONS.values() if a.key == chosen or output_fits(experiment, a.key, kind)]
        entries = [(AUTO, "Auto", _AUTO_OUTPUT), *((a.key, a.label, a.explanation) for a in fitting)]
        if self._activation.keys() != tuple(key for key, _, _ in entries):
            self._activation.fill(entries)
        self._activation.set_key(chosen)
