"""What arrives at a layer behind dropout: in training passes, on average over the masks, and at test time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from core.arrays import Floats
from core.experiment import DropoutScaling
from core.formulas.dropout_scalings import DROPOUT_SCALINGS
from core.network import Network
from core.network.dropout import evaluation_masks, training_masks


@dataclass(frozen=True, slots=True, eq=False)
class ArrivingInputs:
    """The pre-activations z of one layer whose inputs drop, under one way of scaling.

    Attributes:
        scaling: where the mean is repaired (or ``none``).
        training: z in training passes, each with masks of its own, (passes, B, D_out).
        mean: their mean over the masks of the layer's own inputs, (B, D_out): exact where no earlier layer drops, else
            averaged over the passes.
        test: z of the pass without dropping, (B, D_out).
        bias: b of the layer, (D_out,), which no mask touches.
    """

    scaling: DropoutScaling
    training: Floats
    mean: Floats
    test: Floats
    bias: Floats

    @property
    def ratio(self) -> float:
        """How many times what arrived on average in training arrives at test time: 1 where the scaling is right.

        It is Σ t·m / Σ m², t and m being ``test`` and ``mean`` without the bias: 1/(1 − p) for ``none`` where no earlier
        layer drops; NaN where nothing arrives.
        """
        test, mean = self.test - self.bias, self.mean - self.bias
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            return float(np.sum(test * mean) / np.sum(mean * mean))


def arriving_inputs(
    network: Network,
    X: Floats,
    layer: int,
    scaling: DropoutScaling,
    passes: int,
    *,
    rngs: Sequence[np.random.Generator],
) -> ArrivingInputs:
    """Return what arrives at ``layer`` in ``passes`` training passes, on average, and at test time.

    Args:
        network: its dropout probabilities are used, its own scaling is not.
        X: samples, (B, D_in).
        layer: whose inputs are looked at: 0 gets the features.
        scaling: which of the ways to look at.
        passes: how many masks are drawn for each sample.
        rngs: one generator for each layer's inputs, as in training.
    """
    architecture = replace(network.architecture, dropout_scaling=scaling)
    network = replace(network, architecture=architecture)
    rates, batch = architecture.dropout_rates, len(X)
    masks = training_masks(rates, architecture.fan_ins, batch * passes, scaling, rngs)
    with np.errstate(over="ignore", invalid="ignore"):
        trained = network.forward(np.tile(X, (passes, 1)), masks)
        tested = network.forward(X, evaluation_masks(rates, scaling))
        undropped = np.tile(X, (passes, 1)) if layer == 0 else trained.activations[layer - 1]
        kept = 1.0 if DROPOUT_SCALINGS[scaling].in_training else 1.0 - rates[layer]
        mean = (undropped * kept) @ network.weights(layer) + network.bias(layer)
        shape = (passes, batch, architecture.layers[layer].fan_out)
        return ArrivingInputs(
            scaling,
            trained.pre_activations[layer].reshape(shape),
            mean.reshape(shape).mean(axis=0),
            tested.pre_activations[layer],
            network.bias(layer).copy(),
        )
