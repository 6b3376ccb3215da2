"""One training step in NumPy: forward, backward, L2, clipping, the optimizer's rule, L1, with all intermediate results."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from msgspec import Struct

from core.arrays import Floats
from core.engine.descent import clipped, penalized, updated
from core.experiment import TrainingSettings
from core.formulas.optimizers import OPTIMIZERS
from core.network import Gradients, Network, Trace
from core.network.dropout import Masks


class Step(Struct, frozen=True):
    """The results of one step, in the order of the computation.

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
        """Whether all results are finite that the next step or a view uses.

        Activations and losses can map infinite inputs to finite values, so pre-activations and predictions are checked
        themselves. A non-finite gradient makes the optimizer's results non-finite, so it needs no check.
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
    check: Callable[[], None] | None = None,
) -> Step:
    """Compute one step of ``network`` on a batch; nothing is modified in place.

    Args:
        network: the network before the step.
        X: features, (B, D_in).
        Y: targets, (B, K).
        masks: the batch's dropout masks.
        optimizer_state: the optimizer's two state vectors before the step, each (P,).
        count: updates since that state was reset, including this one.
        settings: penalties, clipping, the optimizer and its hyper-parameters.
        check: called between layers; may raise to end the step.
    """
    before, is_weight = network.parameters, network.architecture.is_weight
    trace = network.forward(X, masks, check)
    gradients = network.backward(trace, Y, check)
    gradient = penalized(gradients.flat, before, is_weight, settings)
    after, first, second = updated(before, clipped(gradient, settings), optimizer_state, count, is_weight, settings)
    state = (first, second)[: len(OPTIMIZERS[settings.optimizer].state)]
    return Step(trace, gradients, gradient, state, (first, second), after)
