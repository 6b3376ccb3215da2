"""The section All layers: settings for all hidden layers at once, and for each layer separately."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import TYPE_CHECKING, Final

from msgspec.structs import replace as replace_meta
from PySide6.QtWidgets import QPushButton, QWidget
from typing_extensions import override

from core.experiment import MAX_HIDDEN, Experiment, HiddenLayer, NetworkSettings
from core.formulas.activations import ACTIVATIONS
from core.formulas.initializers import INITIALIZERS
from playground.panels.controls import wording
from playground.panels.controls.bindings import Bindings
from playground.panels.controls.choice_combo import MIXED, ChoiceCombo
from playground.panels.controls.field_meta import FieldMeta, field_meta
from playground.panels.controls.labelled_slider import LabelledSlider
from playground.panels.controls.section import Disclosure, NamedRow, Section, Styled
from playground.panels.controls.slider_scale import AroundOne, Even, counts
from playground.style.theme import Style

if TYPE_CHECKING:
    from core.training.snapshot import Snapshot
    from playground.panels.layers.layer_list import LayerList
    from playground.session import Session

MAX_SLIDER_UNITS: Final = 64

_NONE: Final = "–"
"""Shown in place of a value that no layer has."""

_DEPTH: Final = FieldMeta(
    "depth",
    "Depth",
    "Number of hidden layers; in the backward pass, each multiplies the gradient by φ′ and its weights.",
    len(NetworkSettings().hidden),
    low=0,
    high=MAX_HIDDEN,
    whole=True,
)


class LayersPanel(Section):
    """Sets activation, initializer, depth, width, weight scale and dropout of all layers or of each layer."""

    def __init__(self, session: Session, style: Style, parent: QWidget | None = None) -> None:
        super().__init__("All layers", parent)
        self._session = session
        self._style = style
        self._bindings = Bindings()
        self._activation = ChoiceCombo(ACTIVATIONS, style, "activationCombo", "Activation")
        self._initializer = ChoiceCombo(
            INITIALIZERS,
            style,
            "initializerCombo",
            "Initializer",
            note=field_meta(HiddenLayer, "initializer").description,
        )
        alpha = replace_meta(field_meta(HiddenLayer, "activation_alpha"), default=None)
        self._alpha = LabelledSlider(alpha, Even(-1, 3, 0.01), "alphaSlider", write=wording.fraction)
        self._depth = LabelledSlider(_DEPTH, counts(MAX_HIDDEN), "depthSlider", write=wording.depth)
        self._width = LabelledSlider(
            field_meta(HiddenLayer, "units"),
            counts(MAX_SLIDER_UNITS),
            "widthSlider",
            title="Width",
            write=wording.neurons,
        )
        self._gain = LabelledSlider(
            field_meta(HiddenLayer, "gain"), AroundOne(), "gainSlider", write=wording.factor, snap=1.0
        )
        self._dropout = LabelledSlider(
            field_meta(HiddenLayer, "dropout"), Even(0, 0.9, 0.01), "dropoutSlider", write=wording.fraction
        )
        self._input_dropout = LabelledSlider(
            field_meta(NetworkSettings, "input_dropout"),
            Even(0, 0.9, 0.01),
            "inputDropoutSlider",
            title="Drop probability p of features",
            write=wording.fraction,
        )
        self._start_again = _start_again_button(session.reset)
        self.add_header_widget(self._start_again)
        self._rows = (NamedRow("Activation", self._activation), NamedRow("Initializer", self._initializer))
        self.disclosure = Disclosure(
            "Each layer", "eachLayerLink", tip="Set activation, initializer, width, scale or dropout of a single layer."
        )
        self._layers: LayerList | None = None
        self._offers_activation = True
        rows: tuple[NamedRow | LabelledSlider | Disclosure, ...] = (*self._rows, *self._sliders()[:4], self.disclosure)
        for row in rows:
            self.add(row, row.title)
            if row is self._rows[0]:
                self.add(self._alpha)
        self.disclosure.body.addWidget(self._input_dropout)
        self.disclosure.opened.connect(self._build_layers)
        self._connect()
        self.set_style(style)

    @override
    def set_style(self, style: Style) -> None:
        """Draw in ``style``."""
        super().set_style(style)
        self._style = style
        parts: tuple[Styled, ...] = (
            self._activation,
            self._initializer,
            *self._rows,
            *self._sliders(),
            self.disclosure,
        )
        for part in parts:
            part.set_style(style)
        if self._layers is not None:
            self._layers.set_style(style)

    # -- building ----------------------------------------------------------------------------------------------------

    def _sliders(self) -> tuple[LabelledSlider, ...]:
        return self._depth, self._width, self._gain, self._dropout, self._input_dropout, self._alpha

    def _connect(self) -> None:
        session = self._session
        edit_all = session.edit_all_layers
        for slider in self._sliders():
            slider.held.connect(session.hold_edits)
        self._activation.chosen.connect(
            lambda key: self._try(edit_all("Activation", activation=key, activation_alpha=None))
        )
        self._alpha.moved.connect(lambda value: self._try(edit_all("α", "alpha", activation_alpha=value)))
        self._initializer.chosen.connect(lambda key: self._try(edit_all("Initializer", initializer=key)))
        self._depth.moved.connect(lambda value: self._try(session.set_depth(round(value))))
        self._width.moved.connect(lambda value: self._try(edit_all("Width", "width", units=round(value))))
        self._gain.moved.connect(lambda value: self._try(edit_all("Weight scale", "gain", gain=value)))
        self._dropout.moved.connect(lambda value: self._try(edit_all("Dropout", "dropout", dropout=value)))
        self._input_dropout.moved.connect(
            lambda value: self._try(session.edit_network("Feature dropout", "input_dropout", input_dropout=value))
        )
        add = self._bindings.add
        add(lambda e: _one(layer.activation for layer in e.network.hidden), self._activation.set_key)
        add(lambda e: tuple((h.activation, h.activation_alpha) for h in e.network.hidden), lambda _: self._show_alpha())
        add(_initializer, self._initializer.set_key)
        add(lambda e: len(e.network.hidden), self._show_depth)
        add(lambda e: tuple(layer.units for layer in e.network.hidden), self._show_all(self._width))
        add(_gains, self._show_all(self._gain))
        add(lambda e: tuple(layer.dropout for layer in e.network.hidden), self._show_all(self._dropout))
        add(lambda e: e.network.input_dropout, self._input_dropout.set_value)
        self._bindings.show_all(session.experiment)
        session.experiment_changed.connect(self._changed)

    @override
    def show_only(self, names: Collection[str] | None) -> None:
        """Show only the named rows in ``names``; α belongs to the activation."""
        super().show_only(names)
        self._offers_activation = names is None or self._rows[0].title in names
        self._show_alpha()

    def _build_layers(self, open_: bool) -> None:  # noqa: FBT001 - a slot of Disclosure.opened
        """Create the list of layers when it is first opened."""
        if open_ and self._layers is None:
            from playground.panels.layers.layer_list import LayerList  # imported late: not needed for the first frame

            self._layers = LayerList(self._session, self._style)
            self.disclosure.body.addWidget(self._layers)

    # -- from the user ---------------------------------------------------------------------------------------------

    def _try(self, accepted: bool) -> None:  # noqa: FBT001 - the result of the edit
        if not accepted:
            self._bindings.show_all(self._session.experiment)

    # -- from the model ----------------------------------------------------------------------------------------------

    def _changed(self, old: Experiment, new: Experiment) -> None:
        self._bindings.changed(old, new)
        # An edit keeps the trained weights, so the effect of the settings from initialization is not visible.
        trained = self._session.snapshot is not None and self._session.snapshot.step > 0
        if trained and old.network.hidden != new.network.hidden:
            self._start_again.show()

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Update the learned values; hide the button Start again once training is at step 0."""
        if self._layers is not None:
            self._layers.show_snapshot(snapshot)
        if snapshot.step == 0 and snapshot.generation == self._session.generation:
            self._start_again.hide()

    def _show_depth(self, depth: int) -> None:
        self._depth.set_value(depth)
        for slider in (self._width, self._dropout):
            slider.setEnabled(depth > 0)
            slider.explain("" if depth else "There is no hidden layer.")
            if not depth:
                slider.set_value(slider.value, _NONE)
        self._activation.setEnabled(depth > 0)
        self._activation.setPlaceholderText(MIXED if depth else _NONE)

    def _show_alpha(self) -> None:
        """Show α if every hidden layer has the same activation with such a parameter."""
        hidden = self._session.experiment.network.hidden
        key = _one(layer.activation for layer in hidden)
        default = None if key is None else ACTIVATIONS[key].alpha
        shown = default is not None and self._offers_activation
        self._alpha.setVisible(shown)
        if key is not None and default is not None:
            self._alpha.explain(ACTIVATIONS[key].alpha_hint)
            given = (layer.activation_alpha for layer in hidden)
            self._show_all(self._alpha)(tuple(default if alpha is None else alpha for alpha in given))

    @staticmethod
    def _show_all(slider: LabelledSlider) -> Callable[[tuple[float, ...]], None]:
        """Return a function that shows one value for all layers: the common value, else the largest with the range as text."""

        def show(values: tuple[float, ...]) -> None:
            if values:
                low, high = min(values), max(values)
                slider.set_value(high, "" if low == high else wording.span(low, high))

        return show


def _start_again_button(start_again: Callable[[], None]) -> QPushButton:
    """Return the button Start again, which is hidden until it has an effect."""
    button = QPushButton("Start again")
    button.setObjectName("startAgainButton")
    button.setProperty("role", "link")
    button.setAccessibleName("Start again with these settings")
    button.setToolTip("Rewind to step 0 with these settings (R): the weights were trained with other settings.")
    button.clicked.connect(lambda _=False: start_again())
    button.clicked.connect(button.hide)
    button.hide()
    return button


def _one(values: Iterable[str]) -> str | None:
    """Return the common value, or ``None`` if values differ."""
    distinct = set(values)
    return distinct.pop() if len(distinct) == 1 else None


def _initializer(experiment: Experiment) -> str | None:
    network = experiment.network
    return _one((*(layer.initializer for layer in network.hidden), network.output_initializer))


def _gains(experiment: Experiment) -> tuple[float, ...]:
    network = experiment.network
    return (*(layer.gain for layer in network.hidden), network.output_gain)
