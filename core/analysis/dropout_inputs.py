"""The inputs of a layer after dropout: in training passes, averaged over the masks, and at test time."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from core.arrays import Floats
from core.experiment import DropoutScaling
from core.formulas.dropout_scalings import DROPOUT_SCALINGS
from core.network import Network
from core.network.dropout import evaluation_masks, training_masks


class ArrivingInputs(Struct, frozen=True, eq=False):
    """The pre-activations z of a layer with dropout on its inputs, for one scaling.

    Attributes:
        scaling: how the mean is kept (or ``none``).
        training: z in training passes, each with its own masks, (passes, B, D_out).
        mean: mean of z over the masks of the layer's inputs, (B, D_out): exact if no earlier layer has dropout, else
            averaged over the passes.
        test: z of the evaluation pass, (B, D_out).
        bias: b of the layer, (D_out,), which dropout does not affect.
    """

    scaling: DropoutScaling
    training: Floats
    mean: Floats
    test: Floats
    bias: Floats

    @property
    def ratio(self) -> float:
        """Input at test time relative to the mean input in training: 1 if the scaling is right.

        It is Σ t·m / Σ m² with t and m being ``test`` and ``mean`` without the bias: 1/(1 − p) for ``none`` if no earlier
        layer has dropout; NaN if the input is 0.
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
    """Return the inputs of ``layer`` in ``passes`` training passes, on average, and at test time.

    Args:
        network: the network; its own scaling is ignored.
        X: samples, (B, D_in).
        layer: the layer; the inputs of layer 0 are the features.
        scaling: the scaling to apply.
        passes: number of masks per sample.
        rngs: one generator per layer, as in training.
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
