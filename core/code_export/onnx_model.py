"""A trained network as an ONNX model: one Gemm node for each layer, then the nodes of its activation."""

from __future__ import annotations

import re
from typing import Final

import numpy as np

from core.code_export.onnx_wire import model, node, tensor
from core.code_export.plan import Plan, activation_code
from core.network import Network
from core.network.architecture import Layer

_NODE: Final = re.compile(r"(\w+) = (\w+)\(([^|)]*)(?:\| (.*))?\)")
"""A line of :attr:`core.formulas.activation_code.ActivationCode.onnx`."""


def onnx_bytes(plan: Plan, network: Network, notes: tuple[tuple[str, str], ...]) -> bytes:
    """Return ``network`` as the content of an .onnx file, in float32.

    Its input ``features`` are the features as the network sees them, standardized if the data is; dropout is off.

    Raises:
        PlaygroundError: an activation has no nodes.
    """
    graph = _Graph()
    source = "features"
    for index, layer in enumerate(plan.layers):
        factor = plan.architecture.evaluation_masks[index]
        if isinstance(factor, float) and factor != 1.0:
            source = graph.add("Mul", [source, graph.constant(factor)], f"kept_{index + 1}")
        weights = graph.array(f"W{index + 1}", network.weights(index))
        bias = graph.array(f"b{index + 1}", network.bias(index))
        z = graph.add("Gemm", [source, weights, bias], f"z{index + 1}")
        is_last = index == len(plan.layers) - 1
        result = "prediction" if is_last else f"a{index + 1}"
        source = _activate(graph, layer, network.alpha(index), z, f"_{index + 1}", result)
    outputs = plan.layers[-1].fan_out
    return model(graph.nodes, graph.constants, plan.architecture.inputs, outputs, "network", notes)


class _Graph:
    """Nodes and constants in the order in which they were added."""

    def __init__(self) -> None:
        self.nodes: list[bytes] = []
        self.constants: list[bytes] = []
        self._known: dict[float, str] = {}

    def add(
        self, operator: str, inputs: list[str], output: str, attributes: list[tuple[str, float | int]] | None = None
    ) -> str:
        """Add a node and return the name of its output."""
        self.nodes.append(node(operator, inputs, output, attributes or []))
        return output

    def array(self, name: str, values: np.typing.NDArray[np.float64]) -> str:
        """Add a constant array and return its name."""
        self.constants.append(tensor(name, values))
        return name

    def constant(self, value: float) -> str:
        """Return the name of the constant ``value``, which is added once."""
        if value not in self._known:
            self._known[value] = self.array(f"constant_{len(self._known)}", np.array(value))
        return self._known[value]


def _activate(graph: _Graph, layer: Layer, alpha: float, z: str, suffix: str, result: str) -> str:
    """Add the nodes of the layer's activation, and return the name of the result."""
    lines = activation_code(layer.activation_entry).onnx
    for number, line in enumerate(lines):
        match = _NODE.fullmatch(line)
        if match is None:
            raise ValueError(f"{line!r} is not a node")
        output, operator, given, options = match.groups()
        inputs = []
        for word in (each.strip() for each in given.split(",")):
            if word == "z":
                inputs.append(z)
            elif word == "alpha":
                inputs.append(graph.constant(alpha))
            else:
                inputs.append(graph.constant(float(word)) if word[0].isdecimal() else f"{word}{suffix}")
        name = result if number == len(lines) - 1 else f"{output}{suffix}"
        graph.add(
            operator, inputs, name, [_attribute(option, alpha) for option in (options or "").split(", ") if option]
        )
    return result


def _attribute(option: str, alpha: float) -> tuple[str, float | int]:
    """Return the attribute ``alpha``, or the integer one of ``name=value``."""
    name, _, value = option.partition("=")
    return (name, int(value)) if value else (name, float(alpha))
