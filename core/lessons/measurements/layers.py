"""Measurements of weights, neurons and activations."""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from core.analysis import gradient_flow
from core.analysis.dropout_inputs import arriving_inputs
from core.arrays import Booleans, Floats, norm
from core.formulas.activations import OUTPUT_ACTIVATIONS
from core.lessons.measurements.gradients import ratio
from core.lessons.measurements.measurement import Measurement
from core.random_streams import stream
from core.training.snapshot import Snapshot

PASSES: Final = 20
"""Number of passes over which dropout is averaged; small, because the number is shown live."""

DROPOUT_SAMPLES: Final = 100
"""Maximum number of samples in each of these passes."""


def _weight_norm(snapshot: Snapshot, layer: int) -> float:
    return norm(snapshot.network.weights(layer))


def _weight_spread(snapshot: Snapshot, layer: int) -> float:
    return float(np.std(snapshot.network.weights(layer)))


def _zero_weights(snapshot: Snapshot) -> float:
    weights = snapshot.network.parameters[snapshot.network.architecture.is_weight]
    return float(np.mean(weights == 0.0))


def _saturated_share(snapshot: Snapshot, layer: int) -> float:
    return gradient_flow.saturated_share(snapshot.network, snapshot.trace.pre_activations[layer], layer)


def _dead_neurons(snapshot: Snapshot, layer: int) -> float:
    return float(np.sum(gradient_flow.dead_neurons(snapshot.network, snapshot.trace.pre_activations[layer], layer)))


def _dead_share(snapshot: Snapshot) -> float:
    hidden = snapshot.network.architecture.layers[:-1]
    if not hidden:
        return math.nan
    return sum(_dead_neurons(snapshot, index) for index in range(len(hidden))) / sum(each.fan_out for each in hidden)


def _distinct(snapshot: Snapshot, layer: int) -> float:
    return float(gradient_flow.distinct_neurons(snapshot.network, layer))


def _firing_share(snapshot: Snapshot, layer: int, neuron: int) -> float:
    above = OUTPUT_ACTIVATIONS[snapshot.network.architecture.layers[layer].activation].fires_above
    return _mean(snapshot.trace.activations[layer][:, neuron] > above)


def _mean(values: Floats | Booleans) -> float:
    return float(np.mean(values)) if values.size else math.nan


def _mean_square(snapshot: Snapshot, layer: int) -> float:
    return _mean(np.square(snapshot.trace.activations[layer]))


def _activation_ratio(snapshot: Snapshot, first: int, second: int) -> float:
    return ratio(_mean_square(snapshot, first), _mean_square(snapshot, second))


def _dropout_ratio(snapshot: Snapshot, layer: int) -> float:
    architecture = snapshot.network.architecture
    rates = architecture.dropout_rates
    if rates[layer] == 0.0:
        return math.nan
    # The mean over the masks of the layer's own inputs is exact; only dropout before them has to be averaged.
    passes = PASSES if any(rates[:layer]) else 1
    rngs = [stream(0, "dropout ratio", index) for index in range(len(architecture.layers))]
    X = snapshot.data.x_train[:DROPOUT_SAMPLES]
    return arriving_inputs(snapshot.network, X, layer, architecture.dropout_scaling, passes, rngs=rngs).ratio


LAYERS: Final = (
    Measurement(
        key="weight_norm",
        label="Weight norm",
        formula=r"\|W_l\|",
        explanation="Length of one layer's weights, biases excluded.",
        compute=_weight_norm,
        arguments=("layer",),
    ),
    Measurement(
        key="weight_spread",
        label="Spread of the weights",
        formula=r"\operatorname{std}(W_l)",
        explanation="Standard deviation of one layer's weights.",
        compute=_weight_spread,
        arguments=("layer",),
    ),
    Measurement(
        key="zero_weights",
        label="Weights that are exactly 0",
        formula=r"\#\{w = 0\} \,/\, \#w",
        explanation="Share of all weights that are exactly 0.",
        compute=_zero_weights,
        unit="share",
    ),
    Measurement(
        key="saturated_share",
        label="Saturated share",
        formula=r"\varphi'(z) \approx 0",
        explanation="Share of one layer's pre-activations, over samples and neurons, at which φ′ is nearly or exactly 0.",
        compute=_saturated_share,
        arguments=("layer",),
        unit="share",
    ),
    Measurement(
        key="dead_neurons",
        label="Dead neurons",
        formula=r"\varphi'(z_i) = 0 \;\forall i",
        explanation="Number of neurons of one layer with φ′ = 0 on every sample.",
        compute=_dead_neurons,
        arguments=("layer",),
        unit="count",
    ),
    Measurement(
        key="dead_share",
        label="Dead share of the hidden neurons",
        formula=r"\text{dead} \,/\, \text{hidden}",
        explanation="Share of all hidden neurons with φ′ = 0 on every sample.",
        compute=_dead_share,
        unit="share",
    ),
    Measurement(
        key="distinct_neurons",
        label="Distinct neurons",
        formula=r"\#\{(w_j, b_j)\}",
        explanation="Number of neurons of one layer that differ in incoming weights or bias; the others are clones.",
        compute=_distinct,
        arguments=("layer",),
        unit="count",
    ),
    Measurement(
        key="firing_share",
        label="Share of samples for which it fires",
        formula=r"a > 0.5 \text{ (sigmoid)}, \quad a > 0 \text{ (ReLU family)}",
        explanation="Share of the training samples for which one neuron fires.",
        compute=_firing_share,
        arguments=("layer", "neuron"),
        unit="share",
    ),
    Measurement(
        key="mean_square_activation",
        label="Mean square of the activations",
        formula=r"\overline{a_l^2}",
        explanation="Mean of a² over the samples and neurons of one layer.",
        compute=_mean_square,
        arguments=("layer",),
    ),
    Measurement(
        key="activation_ratio",
        label="Ratio of the mean squares of the activations",
        formula=r"\overline{a_a^2} \,/\, \overline{a_b^2}",
        explanation="Mean square of one layer's activations divided by another's.",
        compute=_activation_ratio,
        arguments=("from", "to"),
    ),
    Measurement(
        key="dropout_ratio",
        label="Input at test time ÷ mean input in training",
        formula=r"\sum t m \,/\, \sum m^2",
        explanation=(
            "Input of one layer at test time relative to its mean over the dropout masks in training: 1 if the scaling is "
            "right; no value without dropout on its inputs."
        ),
        compute=_dropout_ratio,
        arguments=("layer",),
    ),
)
"""Measurements of layers and neurons."""
