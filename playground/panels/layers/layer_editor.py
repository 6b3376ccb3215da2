"""The controls of one hidden layer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace as replace_meta
from PySide6.QtWidgets import QVBoxLayout, QWidget

from core.experiment import HiddenLayer
from core.formulas.activations import ACTIVATIONS
from core.formulas.initializers import INITIALIZERS
from playground.panels.controls import wording
from playground.panels.controls.choice_combo import ChoiceCombo
from playground.panels.controls.field_meta import field_meta
from playground.panels.controls.labelled_slider import LabelledSlider
from playground.panels.controls.section import NamedRow
from playground.panels.controls.slider_scale import AroundOne, Even, counts
from playground.style.numbers import short
from playground.style.theme import Style
from playground.widgets.plain_text import PlainLabel

if TYPE_CHECKING:
    from core.training.snapshot import Snapshot
    from playground.session import Session


class LayerEditor(QWidget):
    """Units, activation with its α, initializer, weight scale and dropout of one hidden layer."""

    def __init__(self, session: Session, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._index = 0
        self._units = LabelledSlider(
            field_meta(HiddenLayer, "units"), counts(64), "layerUnitsSlider", write=wording.plain
        )
        self._activation = ChoiceCombo(ACTIVATIONS, style, "layerActivationCombo", "Activation of this layer")
        alpha = replace_meta(field_meta(HiddenLayer, "activation_alpha"), default=None)
        self._alpha = LabelledSlider(alpha, Even(-1, 3, 0.01), "layerAlphaSlider", write=wording.fraction)
        self._learned = PlainLabel()
        self._learned.setObjectName("learnedAlpha")
        self._learned.setProperty("role", "muted")
        self._learned.setToolTip("Current value of α, which is trained.")
        self._learned.hide()
        self._initializer = ChoiceCombo(
            INITIALIZERS,
            style,
            "layerInitializerCombo",
            "Initializer of this layer",
            note=field_meta(HiddenLayer, "initializer").description,
        )
        self._gain = LabelledSlider(
            field_meta(HiddenLayer, "gain"), AroundOne(), "layerGainSlider", write=wording.factor, snap=1.0
        )
        self._dropout = LabelledSlider(
            field_meta(HiddenLayer, "dropout"), Even(0, 0.9, 0.01), "layerDropoutSlider", write=wording.fraction
        )
        self._rows = (NamedRow("Activation", self._activation), NamedRow("Initializer", self._initializer))
        self._layout = QVBoxLayout(self)
        parts = (self._units, self._rows[0], self._alpha, self._learned, self._rows[1], self._gain, self._dropout)
        for part in parts:
            self._layout.addWidget(part)
        self._activation.chosen.connect(self._choose_activation)
        self._initializer.chosen.connect(lambda key: self._edit("Initializer", "", initializer=key))
        for slider in (self._units, self._alpha, self._gain, self._dropout):
            slider.held.connect(session.hold_edits)
        self._units.moved.connect(lambda value: self._edit("Neurons", "units", units=round(value)))
        self._alpha.moved.connect(lambda value: self._edit("α", "alpha", activation_alpha=value))
        self._gain.moved.connect(lambda value: self._edit("Weight scale", "gain", gain=value))
        self._dropout.moved.connect(lambda value: self._edit("Dropout", "dropout", dropout=value))
        self.set_style(style)

    def show_layer(self, index: int) -> None:
        """Show hidden layer ``index``."""
        self._index = index
        layer = self._session.experiment.network.hidden[index]
        activation = ACTIVATIONS[layer.activation]
        self.setAccessibleName(f"Hidden layer {index + 1}")
        self._units.set_value(layer.units)
        self._activation.set_key(layer.activation)
        self._alpha.setVisible(activation.alpha is not None)
        if activation.alpha is not None:
            self._alpha.set_value(activation.alpha if layer.activation_alpha is None else layer.activation_alpha)
            self._alpha.explain(activation.alpha_hint)
        if self._session.snapshot is not None:
            self.show_snapshot(self._session.snapshot)
        self._initializer.set_key(layer.initializer)
        self._gain.set_value(layer.gain)
        self._dropout.set_value(layer.dropout)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Show the current α if the layer learns it."""
        layers, hidden = snapshot.network.architecture.layers, self._session.experiment.network.hidden
        # A snapshot from before the last edit may have a different layer at this index.
        both = self._index < min(len(layers) - 1, len(hidden))
        learns = both and layers[self._index].learns_alpha and ACTIVATIONS[hidden[self._index].activation].learns_alpha
        if learns:
            self._learned.setText(f"learned α now: {short(snapshot.network.alpha(self._index))}")
        self._learned.setVisible(learns)

    def set_style(self, style: Style) -> None:
        """Draw in ``style``."""
        self._layout.setContentsMargins(round(style.px(8)), 0, 0, round(style.px(6)))
        self._layout.setSpacing(round(style.px(3)))
        for part in (self._units, self._alpha, self._gain, self._dropout, *self._rows):
            part.set_style(style)
        self._activation.set_style(style)
        self._initializer.set_style(style)

    def _choose_activation(self, key: str) -> None:
        self._edit("Activation", "", activation=key, activation_alpha=None)

    def _edit(self, label: str, merge: str, **changes: object) -> None:
        merge_key = f"layer {self._index} {merge}" if merge else None
        if not self._session.edit_layer(self._index, f"{label} of layer {self._index + 1}", merge_key, **changes):
            self.show_layer(self._index)
