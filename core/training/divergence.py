"""Find the first non-finite quantity of a step, to tell the user where training diverged."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from msgspec import Struct

from core.arrays import Floats
from core.engine.step import Step
from core.formulas.optimizers import OPTIMIZERS
from core.network.architecture import Architecture


class Divergence(Struct, frozen=True):
    """Training stopped before a step that would have produced a non-finite value.

    Attributes:
        step: the failed step; the trainer's state is the one before it.
        layer: name of the layer that overflowed first.
        quantity: the quantity that overflowed.
    """

    step: int
    layer: str
    quantity: str

    @property
    def message(self) -> str:
        """The message for the user."""
        step = f"{self.step:,}".replace(",", "\u2009")
        return (
            f"Training diverged at step {step}: {self.quantity} of {self.layer.lower()} overflowed first. "
            "Weights from the last valid step are shown."
        )


def diagnose(step: Step, architecture: Architecture, optimizer: str, number: int) -> Divergence:
    """Return the first quantity that overflowed in ``step``, which must not be finite.

    Quantities are checked in the order of the computation: z and a from the first layer on, the loss, ∂L/∂z and ∂L/∂W
    from the output back, the gradient with L2, the optimizer's state, the parameters. Vectors that hold all layers are
    checked from the output back, like the gradient.

    Args:
        step: the failed step.
        architecture: its layers.
        optimizer: key in ``OPTIMIZERS``.
        number: the step's number, counted from 1.
    """
    for layer, quantity, values in _in_order(step, architecture, optimizer):
        if not np.isfinite(values).all():
            return Divergence(number, layer, quantity)
    raise ValueError("every number of this step is finite")


def _in_order(step: Step, architecture: Architecture, optimizer: str) -> Iterator[tuple[str, str, Floats]]:
    """Yield (layer, quantity, values) for everything the step computed, in the order of the computation."""
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
