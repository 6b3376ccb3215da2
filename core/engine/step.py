"""One step as NumPy takes it: forward, backward, L2, clipping, the optimizer's rule, L1; all of it kept to look at."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from core.arrays import Floats
from core.engine.descent import clipped, penalized, updated
from core.experiment import TrainingSettings
from core.formulas.optimizers import OPTIMIZERS
from core.network import Gradients, Network, Trace
from core.network.dropout import Masks


@dataclass(frozen=True, slots=True)
class Step:
    """What one step computed, in this order.

    Attributes:
        trace: the forward pass over the batch.
        gradients: of the mean loss over the batch, penalties and clipping excluded.
        penalized: ∂/∂(every parameter) of the loss with L2, (P,), before clipping.
        state: the state vectors (P,) that the rule uses, after the step: none, one or two.
        optimizer_state: both state vectors (P,), used or not.
        parameters: (P,), after the step.
    """

    trace: Trace
    gradients: Gradients
    penalized: Floats
    state: tuple[Floats, ...]
    optimizer_state: tuple[Floats, Floats]
    parameters: Floats

    @property
    def is_finite(self) -> bool:
        """Whether every number is finite that the next step, or a view, starts from.

        An activation may make a finite number of an infinite z, and a loss one of an infinite prediction, so that these are
        looked at themselves. Of what is not finite in the gradient, the rule makes no finite number.
        """
        arrays = (*self.trace.pre_activations, *self.state, self.trace.prediction, self.parameters)
        return math.isfinite(self.gradients.loss) and all(np.isfinite(array).all() for array in arrays)


def take(
    network: Network,
    X: Floats,
    Y: Floats,
    masks: Masks,
    optimizer_state: tuple[Floats, Floats],
    count: int,
    settings: TrainingSettings,
) -> Step:
    """Return the step of ``network`` on a batch; nothing is changed in place.

    Args:
        network: the parameters before.
        X: features, (B, D_in).
        Y: targets, (B, K).
        masks: the batch's dropout.
        optimizer_state: the optimizer's two state vectors before the step, each (P,).
        count: updates since that state began, this one included.
        settings: penalties, clipping, the optimizer and its numbers.
    """
    before, is_weight = network.parameters, network.architecture.is_weight
    trace = network.forward(X, masks)
    gradients = network.backward(trace, Y)
    gradient = penalized(gradients.flat, before, is_weight, settings)
    after, first, second = updated(before, clipped(gradient, settings), optimizer_state, count, is_weight, settings)
    state = (first, second)[: len(OPTIMIZERS[settings.optimizer].state)]
    return Step(trace, gradients, gradient, state, (first, second), after)
