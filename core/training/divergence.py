"""Find which number stopped being finite first, to tell the user where training blew up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from core.arrays import Floats
from core.engine.step import Step
from core.formulas.optimizers import OPTIMIZERS
from core.network.architecture import Architecture


@dataclass(frozen=True, slots=True)
class Divergence:
    """Training stopped because a value was about to leave the finite numbers.

    Attributes:
        step: the step that would have done it (the state is the one before).
        layer: name of the layer that overflowed first.
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


def diagnose(step: Step, architecture: Architecture, optimizer: str, number: int) -> Divergence:
    """Return what overflowed first in ``step``, which is not finite.

    Looked for in the order of the computation: z and a from the first layer on, the loss, ∂L/∂z and ∂L/∂W from the output
    back, the gradient with L2, the optimizer's memory, the parameters. What is computed of all layers at once is looked
    at from the output back, as the gradient came.

    Args:
        step: all it computed.
        architecture: the layers.
        optimizer: key in ``OPTIMIZERS``.
        number: which step it would have been, from 1.
    """
    for layer, quantity, values in _in_order(step, architecture, optimizer):
        if not np.isfinite(values).all():
            return Divergence(number, layer, quantity)
    raise ValueError("every number of this step is finite")


def _in_order(step: Step, architecture: Architecture, optimizer: str) -> Iterator[tuple[str, str, Floats]]:
    """Yield layer, quantity and values of all that the step computed, in the order of the computation."""
    layers, trace, gradients = architecture.layers, step.trace, step.gradients
    for layer, Z, A in zip(layers, trace.pre_activations, trace.activations, strict=True):
        yield layer.name, "the pre-activation z", Z
        yield layer.name, "the activation a", A
    yield "the output", "the loss", np.array([gradients.loss])
    back = layers[::-1]
    for layer, delta in zip(back, reversed(gradients.deltas), strict=True):
        yield layer.name, "the gradient", delta
        yield layer.name, "the gradient", gradients.flat[layer.start : layer.stop]
    names = (f"the optimizer's {name.replace('_', ' ')}" for name in OPTIMIZERS[optimizer].state)
    after = [
        ("the gradient with L2", step.penalized),
        *zip(names, step.state, strict=True),
        ("the weight update", step.parameters),
    ]
    for quantity, flat in after:
        for layer in back:
            yield layer.name, quantity, flat[layer.start : layer.stop]
