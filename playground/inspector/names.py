"""What neurons, weights and paths are called."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from core.data.prepared_data import PreparedData
from core.network.architecture import Architecture
from playground.session.selection import Selection

if TYPE_CHECKING:
    from core.analysis.chain_rule import Path


def exists(selection: Selection, architecture: Architecture) -> bool:
    """Tell whether ``selection`` points at something in ``architecture`` (it may be of an older shape)."""
    if selection.kind == "feature":
        return 0 <= selection.neuron < architecture.inputs
    if not 0 <= selection.layer < len(architecture.layers):
        return False
    layer = architecture.layers[selection.layer]
    inside = 0 <= selection.neuron < layer.fan_out
    return inside and (selection.kind != "weight" or 0 <= selection.source < layer.fan_in)


def neuron_name(architecture: Architecture, layer: int, neuron: int) -> str:
    """Return ``hidden 2 · 3`` or, of several outputs, ``output · 3``, of one ``output``."""
    row = architecture.layers[layer]
    name = row.name.lower()
    return name if row.name == "Output" and row.fan_out == 1 else f"{name} · {neuron + 1}"


def source_name(architecture: Architecture, data: PreparedData, layer: int, source: int) -> str:
    """Return what input ``source`` of ``layer`` is called: a feature's name or a neuron of the layer before."""
    if layer:
        return neuron_name(architecture, layer - 1, source)
    return data.feature_names[source] if source < len(data.feature_names) else f"input {source + 1}"


def title_of(selection: Selection, architecture: Architecture, data: PreparedData) -> str:
    """Return the heading for ``selection``."""
    if selection.kind == "feature":
        return f"Feature {data.feature_names[selection.neuron]}"
    target = neuron_name(architecture, selection.layer, selection.neuron)
    if selection.kind == "weight":
        return f"Weight from {source_name(architecture, data, selection.layer, selection.source)} to {target}"
    return f"Bias of {target}" if selection.kind == "bias" else target[0].upper() + target[1:]


def route_name(architecture: Architecture, first: int, neurons: Sequence[int]) -> str:
    """Return ``via hidden 3 · 1``: the neurons that a path from layer ``first`` meets after its own, on its way out."""
    last = len(architecture.layers) - 1
    between = [
        neuron_name(architecture, first + step, n) for step, n in enumerate(neurons) if step and first + step < last
    ]
    several = architecture.outputs > 1 and first < last
    end = [neuron_name(architecture, last, neurons[-1])] if several else []
    route = " → ".join(between + end)
    if not route:
        return "direct path"
    return f"via {route}" if between else f"to {route}"


def selections_of(path: Path, weight: Selection) -> tuple[Selection, ...]:
    """Return the weights that ``path`` runs through, ``weight`` first, for other views to light up."""
    later = zip(path.neurons, path.neurons[1:], strict=False)
    return (weight, *(Selection("weight", weight.layer + step, b, a) for step, (a, b) in enumerate(later, start=1)))
