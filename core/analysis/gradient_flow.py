"""Gradient magnitudes of each layer, and neurons that cannot learn: saturated, dead or clones."""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from core.analysis.layer_sizes import LARGE, layer_sizes
from core.arrays import Booleans, Floats, Integers, norm
from core.formulas.activations import OUTPUT_ACTIVATIONS, saturated
from core.network import Gradients, Network

CLONE_TOLERANCE: Final = 1e-12
"""Neurons whose incoming weights differ by less than this fraction of the layer's largest weight count as clones."""

_FIRST_LOOK: Final = 64


def weight_gradient_norms(network: Network, gradients: Gradients) -> Floats:
    """Return ‖∂L/∂W‖ of each layer, (layers,), for all layers at once.

    It is called for every snapshot; with fifty layers, calling :func:`core.arrays.norm` for each took ten times as long.
    """
    flat = gradients.flat
    if len(flat) > LARGE:
        return layer_sizes(network.architecture, flat).norms
    # Segments alternate between weights, and biases with α.
    offsets = [offset for layer in network.architecture.layers for offset in (layer.weights.start, layer.weights.stop)]
    largest = np.maximum.reduceat(np.abs(flat), offsets)
    usable = np.isfinite(largest) & (largest > 0.0)
    lengths = np.diff([*offsets, len(flat)])
    scaled = flat[offsets[0] :] / np.repeat(np.where(usable, largest, 1.0), lengths)
    with np.errstate(over="ignore", invalid="ignore"):
        sums = np.add.reduceat(scaled * scaled, offsets)
        return np.where(usable, largest * np.sqrt(sums), largest)[::2]


def delta_magnitudes(gradients: Gradients) -> Floats:
    """Return the root mean square of δ = ∂L/∂z of each layer over samples and neurons, (layers,).

    L is the loss of one sample, so that the result does not depend on the number of samples.
    """
    return np.array([norm(delta) * len(delta) / math.sqrt(max(delta.size, 1)) for delta in gradients.deltas])


def update_ratios(network: Network, update: Floats) -> Floats:
    """Return ‖ΔW‖ / ‖W‖ of each layer, (layers,): the relative size of one update.

    It is 0 if nothing changed, and inf if all weights are 0 but the update is not.

    Args:
        network: the network after the step.
        update: the step's change of every parameter, (P,).
    """
    ratios = []
    changes, sizes = (layer_sizes(network.architecture, each).norms for each in (update, network.parameters))
    for change, size in zip(changes.tolist(), sizes.tolist(), strict=True):
        if size == 0.0:
            ratios.append(0.0 if change == 0.0 else math.inf)
        else:
            ratios.append(change / size)
    return np.array(ratios)


def first_to_last(magnitudes: Floats) -> float:
    """Return the first layer's magnitude over the last one's: below 1 the gradient vanishes, above 1 it explodes.

    It is NaN where undefined: both 0, both infinite, or one of them NaN.
    """
    first, last = float(magnitudes[0]), float(magnitudes[-1])
    if last == 0.0:
        return math.nan if first == 0.0 or math.isnan(first) else math.inf
    return first / last


def saturated_share(network: Network, Z: Floats, index: int) -> float:
    """Return the share of layer ``index``'s pre-activations (over samples and neurons) where φ′ is nearly or exactly 0.

    The criterion is :func:`core.formulas.activations.saturated`; NaN without samples.

    Args:
        network: the network.
        Z: the layer's pre-activations, (B, D_out).
        index: the layer.
    """
    if not Z.size:
        return math.nan
    entry = OUTPUT_ACTIVATIONS[network.architecture.layers[index].activation]
    with np.errstate(over="ignore", invalid="ignore"):
        return float(np.mean(saturated(Z, network.alpha(index), entry)))


def dead_neurons(network: Network, Z: Floats, index: int) -> Booleans:
    """Return which neurons of layer ``index`` have φ′(z) = 0 on every sample, (D_out,).

    Their incoming weights have gradient exactly 0, so training cannot revive them. For the ReLU family these are the
    neurons that fire for no sample. Without samples, no neuron is dead.

    Args:
        network: the network.
        Z: the layer's pre-activations, (B, D_out).
        index: the layer.
    """
    entry = OUTPUT_ACTIVATIONS[network.architecture.layers[index].activation]
    alpha = network.alpha(index)
    dead = np.ones(Z.shape[1], dtype=np.bool_)
    if entry.row_wise or not len(Z):
        return np.zeros_like(dead)
    # The first few samples suffice to show that most neurons are alive; check all samples only for the others.
    for rows in (slice(0, _FIRST_LOOK), slice(_FIRST_LOOK, None)):
        columns = np.flatnonzero(dead)
        if len(columns):
            with np.errstate(over="ignore", invalid="ignore"):
                dead[columns] = np.all(entry.derivative(Z[rows, columns], alpha) == 0.0, axis=0)
    return dead


def clone_groups(network: Network, index: int) -> Integers:
    """Return the first neuron of layer ``index`` with the same incoming weights and bias as each neuron, (D_out,).

    A neuron that equals no earlier one is its own group. Clones compute the same output; with equal outgoing weights they
    also get the same gradient and stay clones.

    Args:
        network: the network.
        index: the layer.
    """
    columns = np.vstack([network.weights(index), network.bias(index)]).T
    groups = np.arange(len(columns))
    largest = float(np.max(np.abs(columns), initial=0.0))
    if largest == 0.0:
        return np.zeros_like(groups)
    if not math.isfinite(largest):
        first, members = np.unique(columns, axis=0, return_index=True, return_inverse=True)[1:]
        return np.asarray(first[members.reshape(-1)])
    scaled = columns / largest
    # Clones have adjacent projections, so few neurons have to be compared completely.
    weights = np.cos(np.arange(scaled.shape[1]))
    projected = scaled @ weights
    order = np.argsort(projected, kind="stable")
    near = np.diff(projected[order]) <= CLONE_TOLERANCE * float(np.abs(weights).sum())
    for run in np.split(order, np.flatnonzero(~near) + 1):
        rest = np.sort(run)
        while len(rest) > 1:
            alike = np.abs(scaled[rest] - scaled[rest[0]]).max(axis=1) <= CLONE_TOLERANCE
            groups[rest[alike]] = rest[0]
            rest = rest[~alike]
    return groups


def distinct_neurons(network: Network, index: int) -> int:
    """Return the number of distinct neurons of layer ``index`` by incoming weights and bias; the others are clones."""
    return len(np.unique(clone_groups(network, index)))


def lasting_clones(network: Network, gradients: Gradients, index: int) -> int:
    """Return the number of distinct neurons of layer ``index`` by incoming weights, bias, and their gradients.

    The others are clones that stay clones, because equal neurons with equal gradients get equal updates.
    """
    of_gradient = Network(network.architecture, gradients.flat)
    groups = np.stack([clone_groups(each, index) for each in (network, of_gradient)])
    return len(np.unique(groups, axis=1).T)
