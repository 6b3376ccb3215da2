"""Find the layer where backpropagation stops, and the reason: a dead layer, zero weights, underflow, or no error."""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

import numpy as np
from msgspec import Struct

from core.analysis.gradient_flow import dead_neurons
from core.network import Gradients, Network, Trace

StopReason: TypeAlias = Literal["dead", "zero weights", "blocked", "underflow", "no error"]

MIN_MAGNITUDE: Final = 1e-290
"""Magnitude of δ below which its product with φ′ can underflow."""


class GradientStop(Struct, frozen=True):
    """Why δ is 0 in a layer and in all layers before it.

    Attributes:
        layer: the cause: its neurons are dead, its weights are all 0, or its δ underflows. Of consecutive dead layers,
            which a single dead one can cause by its zero output, the first.
        reason: ``dead``: φ′(z) = 0 for every neuron and sample; ``zero weights``: W of ``layer`` is 0; ``blocked``: φ′ = 0
            wherever the incoming gradient is not 0; ``underflow``: the product is smaller than the smallest float;
            ``no error``: ∂L/∂ŷ = 0.
        until: the last of the consecutive dead layers; else ``layer``.
    """

    layer: int
    reason: StopReason
    until: int


def gradient_stop(network: Network, trace: Trace, gradients: Gradients) -> GradientStop | None:
    """Return the first layer from the output back where δ is 0 for every neuron and sample; ``None`` if there is none."""
    last = len(gradients.deltas) - 1
    for layer in range(last, -1, -1):
        if np.any(gradients.deltas[layer]):
            continue
        if layer < last and not np.any(network.weights(layer + 1)):
            return GradientStop(layer + 1, "zero weights", layer + 1)
        if dead_neurons(network, trace.pre_activations[layer], layer).all():
            first = layer
            while first and dead_neurons(network, trace.pre_activations[first - 1], first - 1).all():
                first -= 1
            return GradientStop(first, "dead", layer)
        if layer == last:
            return GradientStop(layer, "no error", layer)
        with np.errstate(all="ignore"):
            behind = gradients.deltas[layer + 1] @ network.weights(layer + 1).T
        arrives = np.abs(behind).max(initial=0.0) > MIN_MAGNITUDE
        return GradientStop(layer, "blocked" if arrives else "underflow", layer)
    return None
