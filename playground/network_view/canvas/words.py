"""Texts of the picture about neurons and weights: names, hover texts, editable values."""

from __future__ import annotations

from typing import Final

import numpy as np
from msgspec import Struct

from core.arrays import Floats
from core.formulas.activations import OUTPUT_ACTIVATIONS
from core.training.snapshot import Snapshot
from playground.network_view.layout.shape import Shape
from playground.session.selection import Selection, capitalized, index_of
from playground.style.numbers import percent, short

NO_SAMPLES: Final = "no training samples yet"


class Parameter(Struct, frozen=True):
    """An editable parameter of the network.

    Attributes:
        index: index in the flat parameter vector.
        value: current value.
        label: name of the parameter.
    """

    index: int
    value: float
    label: str


def parameter_of(selection: Selection, shape: Shape, snapshot: Snapshot | None) -> Parameter | None:
    """Return the selected weight, or the bias of the selected neuron; ``None`` for features."""
    if snapshot is None or selection.kind == "feature" or not selection.exists_in(shape.counts):
        return None
    index = index_of(snapshot.network.architecture, selection)
    if index is None:
        return None
    return Parameter(index, float(snapshot.network.parameters[index]), shape.called.of_parameter(selection))


def hover_lines(
    selection: Selection, shape: Shape, snapshot: Snapshot | None, errors: Floats | None = None
) -> list[str]:
    """Return the lines of the floating label: first the value, last the relative error of its gradient if known."""
    if selection.kind == "feature":
        return _feature_lines(selection, shape, snapshot)
    parameter = parameter_of(selection, shape, snapshot)
    if parameter is None or snapshot is None:
        return []
    gradient = float(snapshot.gradients.flat[parameter.index])
    if selection.kind == "weight":
        source = shape.called.of_neuron(selection.layer, selection.source)
        target = shape.called.of_neuron(selection.layer + 1, selection.neuron)
        update = float(snapshot.last_update[parameter.index])
        return [
            f"{shape.called.symbol_of(selection)} = {short(parameter.value)}",
            f"from {source} to {target}",
            f"∂L/∂w = {short(gradient)}",
            f"last update {short(update)}",
            *_error_lines(parameter, errors),
        ]
    name = shape.called.of_neuron(selection.layer + 1, selection.neuron)
    lines = [f"b = {short(parameter.value)}", f"bias of {name}", f"∂L/∂b = {short(gradient)}"]
    if selection.kind == "bias":
        return lines + _error_lines(parameter, errors)
    values = snapshot.trace.activations[selection.layer]
    if selection.neuron >= values.shape[1]:
        return lines
    activation = OUTPUT_ACTIVATIONS[snapshot.network.architecture.layers[selection.layer].activation]
    outputs = values[:, selection.neuron]
    bias = f"b = {short(parameter.value)}"
    if not len(outputs):
        return [capitalized(name), NO_SAMPLES, bias]
    with np.errstate(over="ignore", invalid="ignore"):
        mean, firing = float(outputs.mean()), float(np.mean(outputs > activation.fires_above))
    return [
        capitalized(name),
        f"mean activation {short(mean, 3)}",
        f"fires for {percent(firing, 0)} of the samples",
        bias,
    ]


def _error_lines(parameter: Parameter, errors: Floats | None) -> list[str]:
    if errors is None or parameter.index >= len(errors):
        return []
    error = float(errors[parameter.index])
    return ["checked: at a kink" if np.isnan(error) else f"checked: relative error {short(error, 3)}"]


def _feature_lines(selection: Selection, shape: Shape, snapshot: Snapshot | None) -> list[str]:
    lines = [shape.called.of_neuron(0, selection.neuron)]
    if snapshot is not None and selection.neuron < snapshot.data.x_train.shape[1]:
        values = snapshot.data.x_train[:, selection.neuron]
        if not len(values):
            return [*lines, NO_SAMPLES]
        lines.append(
            f"{short(float(values.min()), 3)} to {short(float(values.max()), 3)}, mean {short(float(values.mean()), 3)}"
        )
    return lines


def parsed(text: str) -> float | None:
    """Parse a finite number with −, - or a decimal comma; return ``None`` if it is not one."""
    plain = text.strip().replace("−", "-").replace("\u2009", "").replace(" ", "").replace(",", ".")
    try:
        value = float(plain)
    except ValueError:
        return None
    return value if np.isfinite(value) else None
