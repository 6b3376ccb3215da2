"""Find which number stopped being finite first, to tell the user where training blew up."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.arrays import Floats
from core.network import Network
from core.network.dropout import Factors


@dataclass(frozen=True, slots=True)
class Divergence:
    """Training stopped because a value was about to leave the finite numbers.

    Attributes:
        step: the step that would have done it (the state is the one before).
        layer: name of the layer that overflowed first, or ``Loss``.
        quantity: what overflowed there.
    """

    step: int
    layer: str
    quantity: str

    @property
    def message(self) -> str:
        """One sentence for the user."""
        step = f"{self.step:,}".replace(",", "\u2009")
        return (
            f"Training diverged at step {step}: {self.quantity} of {self.layer.lower()} overflowed first. "
            "Weights from the last valid step are shown."
        )


def diagnose(network: Network, X: Floats, Y: Floats, factors: Factors, step: int, parameters: Floats) -> Divergence:
    """Return what overflows first when ``network`` takes ``step`` on the batch ``X (B, D_in)``, ``Y (B, K)``.

    Looked for in the order of the computation: pre-activations from the first layer on, the loss, gradients from the
    last layer back; where all of these are finite it was the update, or, if the ``parameters`` after it are finite too,
    what the optimizer remembers of the gradient (Adam keeps squares).
    """
    layers = network.architecture.layers
    with np.errstate(all="ignore"):
        trace = network.forward(X, factors)
        for layer, Z, A in zip(layers, trace.pre_activations, trace.activations, strict=True):
            if not np.isfinite(Z).all():
                return Divergence(step, layer.name, "the pre-activation z")
            if not np.isfinite(A).all():
                return Divergence(step, layer.name, "the activation a")
        gradients = network.backward(trace, Y)
        if not np.isfinite(gradients.loss):
            return Divergence(step, "the output", "the loss")
        for layer, delta in zip(reversed(layers), reversed(gradients.deltas), strict=True):
            if not np.isfinite(delta).all():
                return Divergence(step, layer.name, "the gradient")
            if not np.isfinite(gradients.flat[layer.start : layer.stop]).all():
                return Divergence(step, layer.name, "the gradient")
    largest = max(layers, key=lambda layer: float(np.abs(gradients.flat[layer.weights]).max()))
    remembered = bool(np.isfinite(parameters).all())
    return Divergence(
        step, largest.name, "the optimizer's memory of the gradient" if remembered else "the weight update"
    )
