"""The targets that an author of a lesson can point at: controls, cards, neurons and weights, with related measurements."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from msgspec import Struct
from PySide6.QtCore import QPoint, QPointF
from PySide6.QtWidgets import QWidget

from core.lessons.blocks import Element, Measure, Show
from core.lessons.measurements.registry import parse_call
from playground.network_view.canvas.network_canvas import NetworkCanvas
from playground.panels.controls.labelled_slider import LabelledSlider
from playground.panels.controls.section import NamedRow, Section
from playground.widgets.descendants import descendants
from playground.window.lessons.names import CONTROLS
from playground.window.lessons.restrictions import element_of
from playground.window.workspace.arrangements import CONTROLS as CONTROL_PANEL

if TYPE_CHECKING:
    from playground.session.selection import Selection
    from playground.window.workspace.workspace import Workspace

_OF_CONTROLS: Final[Mapping[str, str]] = {
    "depthSlider": "depth",
    "widthSlider": "hidden_neurons",
    "activationCombo": "activation(first)",
    "initializerCombo": "initializer(first)",
    "gainSlider": "gain(first)",
    "dropoutSlider": "dropout(first)",
    "inputDropoutSlider": "input_dropout",
    "dropoutScalingCombo": "dropout_scaling",
    "lossCombo": "loss",
    "optimizerCombo": "optimizer",
    "learningRateSlider": "learning_rate",
    "momentumSlider": "momentum",
    "l1Slider": "l1; zero_weights",
    "l2Slider": "l2",
    "clipNormSlider": "clip_norm",
    "datasetCombo": "dataset",
    "noiseSlider": "noise",
    "batchSizeSlider": "batch_size",
    "playButton": "epoch; step",
    "stepButton": "step",
}
"""Measurements of the setting that a control changes."""

_OF_CARDS: Final[Mapping[str, str]] = {
    "network": "depth; hidden_neurons; parameters",
    "loss": "train_loss; test_loss; generalization_gap; loss_drop; epoch",
    "gradient": "gradient_ratio(first, last); gradient_norm(first); gradient_norm(last)",
    "gradient_history": "gradient_norm(first); gradient_norm(last)",
    "weights": "weight_spread(first); weight_spread(last); zero_weights",
    "activation": "saturated_share(first); dead_neurons(first)",
    "output": "train_accuracy; test_accuracy; test_loss",
    "confusion": "test_accuracy",
    "waterfall": "slope_factor; weight_factor",
    "forecast": "activation_ratio(first, last); gradient_ratio(first, last)",
    "dropout_truth": "dropout_ratio(first)",
    "doctor": "dead_share; diverged",
    "ranges": "dead_share; update_ratio(first)",
    "noise": "batch_cosine; batch_noise",
    "landscape": "path_length_ratio; train_loss",
    "landscape_3d": "path_length_ratio; train_loss",
    "sharpness": "sharpness; step_limit",
}
"""Measurements that a card shows."""

_OF_LAYERS: Final = ("gradient_norm", "saturated_share", "dead_neurons", "distinct_neurons", "mean_square_activation")
_OF_WEIGHTS: Final = ("gradient_norm", "update_ratio", "weight_norm", "weight_spread")


class Target(Struct, frozen=True):
    """Something in the window that a lesson can name.

    Attributes:
        title: its name for the author, such as ``Depth``.
        show: the block that points at it.
        lock: what to put into ``lock``: an object name, a neuron or a weight; empty if it cannot be locked.
        hide: what to put into ``hide``: an object name, the title of a section, a neuron or a weight; empty if impossible.
        measures: related measurements.
    """

    title: str
    show: Show | None
    lock: str | Element
    hide: str | Element
    measures: tuple[Measure, ...]


def target_at(widget: QWidget, position: QPoint, workspace: Workspace) -> Target | None:
    """Return the target at the global ``position`` in ``widget``; ``None`` if a lesson cannot name it."""
    if isinstance(widget, NetworkCanvas):
        selection = widget.element_at(QPointF(widget.mapFromGlobal(position)))
        if selection is not None:
            return _of_selection(selection)
    each: QWidget | None = widget
    while each is not None and not each.isWindow():
        named = _named(each)
        if named is not None and workspace.key_of(named) in (CONTROL_PANEL, None):
            return _of_control(named, each)
        if isinstance(each, Section):
            return Target(each.title, None, "", each.title, ())
        each = each.parentWidget()
    key = workspace.key_of(widget)
    card = None if key is None else workspace.card(key)
    return None if key is None or card is None else _of_card(key, card.objectName())


def title_of(name: str | Element, window: QWidget) -> str:
    """Return the title of a neuron, a weight, or the control or section called ``name``, as the author sees it."""
    if isinstance(name, Element):
        return _element_title(name)
    control = window.findChild(QWidget, name)
    return name if control is None else _title(control, control)


def _named(widget: QWidget) -> QWidget | None:
    """Return the control that ``widget`` is, or that the row ``widget`` contains."""
    if widget.objectName() in CONTROLS:
        return widget
    if isinstance(widget, LabelledSlider | NamedRow):
        return next((child for child in descendants(widget) if child.objectName() in CONTROLS), None)
    return None


def _of_control(control: QWidget, place: QWidget) -> Target:
    name = control.objectName()
    measures = _parsed(_OF_CONTROLS.get(name, ""))
    return Target(_title(control, place), Show(control=name), name, name, measures)


def _title(control: QWidget, place: QWidget) -> str:
    row = next((each for each in (place, *_parents(place)) if isinstance(each, LabelledSlider | NamedRow)), None)
    return str(getattr(row, "title", "") or control.accessibleName() or control.objectName())


def _of_card(key: str, name: str) -> Target:
    measures = _parsed(_OF_CARDS.get(key, ""))
    named = name if name in CONTROLS else ""
    return Target(key.replace("_", " ").capitalize(), Show(card=key), named, named, measures)


def _of_selection(selection: Selection) -> Target | None:
    element = element_of(selection)
    if element is None:
        return None
    layer, title = selection.layer + 1, _element_title(element)
    if element.weight is not None:
        measures = tuple(parse_call(f"{key}({layer})") for key in _OF_WEIGHTS)
        return Target(title, Show(weight=element.weight), element, element, measures)
    firing = parse_call(f"firing_share({layer}, {selection.neuron + 1})")
    measures = (firing, *(parse_call(f"{key}({layer})") for key in _OF_LAYERS))
    return Target(title, Show(neuron=element.neuron), element, element, measures)


def _element_title(element: Element) -> str:
    if element.weight is not None:
        layer, source, target = element.weight
        return f"Weight {source} → {target} of layer {layer}"
    layer, neuron = element.neuron or (0, 0)
    return f"Neuron {neuron} of layer {layer}"


def _parsed(calls: str) -> tuple[Measure, ...]:
    """Parse the measurements ``calls``, which are separated by semicolons."""
    return tuple(parse_call(call) for call in calls.split(";") if call.strip())


def _parents(widget: QWidget) -> list[QWidget]:
    chain: list[QWidget] = []
    parent = widget.parentWidget()
    while parent is not None:
        chain.append(parent)
        parent = parent.parentWidget()
    return chain
