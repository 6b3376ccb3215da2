"""What the picture says about neurons and weights: names, hover texts, values to edit."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.arrays import Floats
from core.formulas.activations import OUTPUT_ACTIVATIONS
from core.training.snapshot import Snapshot
from playground.network_view.shape import Shape
from playground.session.selection import Selection
from playground.style.numbers import percent, short


@dataclass(frozen=True)
class Parameter:
    """One number of the network that can be edited.

    Attributes:
        index: its place in the flat vector.
        value: at present.
        label: what it is called.
    """

    index: int
    value: float
    label: str


def place_name(shape: Shape, column: int, neuron: int) -> str:
    """Return the name of a feature or neuron: ``x₁``, ``hidden 1 · 3``, ``output``."""
    if column == 0:
        return shape.feature_labels[neuron] if neuron < len(shape.feature_labels) else f"feature {neuron + 1}"
    if column == shape.columns - 1:
        if shape.counts[-1] == 1:
            return "output"
        label = shape.output_labels[neuron] if neuron < len(shape.output_labels) else ""
        return f"output · {label or neuron + 1}"
    return f"hidden {column} · {neuron + 1}"


def exists(selection: Selection, shape: Shape) -> bool:
    """Return whether the picture has what ``selection`` names."""
    column = selection.layer + 1
    if not 0 <= column < shape.columns or not 0 <= selection.neuron < shape.counts[column]:
        return False
    if selection.kind == "feature":
        return column == 0
    if selection.kind == "weight":
        return column > 0 and 0 <= selection.source < shape.counts[column - 1]
    return column > 0


def parameter_of(selection: Selection, shape: Shape, snapshot: Snapshot | None) -> Parameter | None:
    """Return the weight, or the bias of the neuron, that ``selection`` names; ``None`` for features."""
    if snapshot is None or selection.kind == "feature" or not exists(selection, shape):
        return None
    layers = snapshot.network.architecture.layers
    if not 0 <= selection.layer < len(layers):
        return None
    layer = layers[selection.layer]
    if selection.neuron >= layer.fan_out or selection.source >= layer.fan_in:
        return None
    target = place_name(shape, selection.layer + 1, selection.neuron)
    if selection.kind == "weight":
        index = layer.weight_index(selection.source, selection.neuron)
        label = f"Weight from {place_name(shape, selection.layer, selection.source)} to {target}"
    else:
        index = layer.bias_index(selection.neuron)
        label = f"Bias of {target}"
    return Parameter(index, float(snapshot.network.parameters[index]), label)


def hover_lines(
    selection: Selection, shape: Shape, snapshot: Snapshot | None, errors: Floats | None = None
) -> list[str]:
    """Return the lines of the floating label: the value first, last the relative error of its gradient if it is known."""
    if selection.kind == "feature":
        return _feature_lines(selection, shape, snapshot)
    parameter = parameter_of(selection, shape, snapshot)
    if parameter is None or snapshot is None:
        return []
    gradient = float(snapshot.gradients.flat[parameter.index])
    if selection.kind == "weight":
        source = place_name(shape, selection.layer, selection.source)
        target = place_name(shape, selection.layer + 1, selection.neuron)
        update = float(snapshot.last_update[parameter.index])
        return [
            f"w = {short(parameter.value)}",
            f"from {source} to {target}",
            f"∂L/∂w = {short(gradient)}",
            f"last update {short(update)}",
            *_error_lines(parameter, errors),
        ]
    name = place_name(shape, selection.layer + 1, selection.neuron)
    lines = [f"b = {short(parameter.value)}", f"bias of {name}", f"∂L/∂b = {short(gradient)}"]
    if selection.kind == "bias":
        return lines + _error_lines(parameter, errors)
    values = snapshot.trace.activations[selection.layer]
    if selection.neuron >= values.shape[1]:
        return lines
    activation = OUTPUT_ACTIVATIONS[snapshot.network.architecture.layers[selection.layer].activation]
    outputs = values[:, selection.neuron]
    with np.errstate(over="ignore", invalid="ignore"):
        mean, firing = float(outputs.mean()), float(np.mean(outputs > activation.fires_above))
    return [
        name[:1].upper() + name[1:],
        f"mean activation {short(mean, 3)}",
        f"fires for {percent(firing, 0)} of the samples",
        f"b = {short(parameter.value)}",
    ]


def _error_lines(parameter: Parameter, errors: Floats | None) -> list[str]:
    if errors is None or parameter.index >= len(errors):
        return []
    error = float(errors[parameter.index])
    return ["checked: at a kink" if np.isnan(error) else f"checked: relative error {short(error, 3)}"]


def _feature_lines(selection: Selection, shape: Shape, snapshot: Snapshot | None) -> list[str]:
    lines = [place_name(shape, 0, selection.neuron)]
    if snapshot is not None and selection.neuron < snapshot.data.x_train.shape[1]:
        values = snapshot.data.x_train[:, selection.neuron]
        lines.append(
            f"{short(float(values.min()), 3)} to {short(float(values.max()), 3)}, mean {short(float(values.mean()), 3)}"
        )
    return lines


def parsed(text: str) -> float | None:
    """Return the finite number that a user wrote, with −, - or a decimal comma; ``None`` when it is none."""
    plain = text.strip().replace("−", "-").replace("\u2009", "").replace(" ", "").replace(",", ".")
    try:
        value = float(plain)
    except ValueError:
        return None
    return value if np.isfinite(value) else None
