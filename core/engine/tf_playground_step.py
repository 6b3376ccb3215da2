"""One step as TensorFlow Playground takes it, operation by operation, with the two habits that set it apart.

* The derivatives of single samples are summed until a batch is full. What is left at the end of an epoch stays in the sum
  and enters the first update of the next one, computed at older weights; a batch larger than the set is never full.
* L1 subtracts η·λ·sign(w) with the sign before the data's step. A weight that this takes across 0 becomes 0 and is dead for
  good: it neither sums nor moves again.

Sums over inputs, outputs and samples are taken in that program's order, which NumPy's products do not keep: every number is
its number to the last bit, apart from the exponential function and tanh, which differ between browsers as well.

The optimizer's two state vectors are, for each parameter, the sum of its derivatives and the number of samples in it, or −1
for a dead weight.

Source:
    tensorflow/playground, ``src/nn.ts`` and ``src/playground.ts`` (Apache 2.0), read for its rules.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from core.arrays import Booleans, Floats
from core.engine.step import Step
from core.experiment import TrainingSettings
from core.formulas.activation_functions import sigmoid, tanh
from core.formulas.activations import softmax_backward
from core.formulas.losses import LOSSES
from core.network import Network, Trace
from core.network.architecture import Layer
from core.network.dropout import Masks

DEAD: Final = -1.0

_AT_ONCE: Final = 1_000_000
"""Derivatives of so many samples and weights are held at once while they are summed."""


def take(
    network: Network,
    X: Floats,
    Y: Floats,
    masks: Masks,
    optimizer_state: tuple[Floats, Floats],
    settings: TrainingSettings,
    *,
    is_full: bool,
) -> Step:
    """Return the step of ``network`` on a batch; nothing is changed in place.

    Args:
        network: the parameters before.
        X: features, (B, D_in).
        Y: targets, (B, K).
        masks: the batch's dropout.
        optimizer_state: sums and counts before the step, each (P,).
        settings: learning rate and penalties; clipping does not act.
        is_full: whether the weights are updated after this batch; else it is only added to the sums.
    """
    trace = _forward(network, X, masks)
    alive = optimizer_state[1] >= 0.0
    sums = np.where(alive, _added(network, trace, Y, optimizer_state[0]), 0.0)
    counts = np.where(alive, optimizer_state[1] + len(Y), DEAD)
    parameters = network.parameters
    if is_full:
        parameters, died = _updated(network, sums, counts, settings)
        sums, counts = np.zeros_like(sums), np.where(alive & ~died, 0.0, DEAD)
    gradients = network.backward(trace, Y)
    return Step(trace, gradients, sums, (), (sums, counts), parameters)


def _forward(network: Network, X: Floats, masks: Masks) -> Trace:
    """Return the trace of z = b + Σ w·a, one input after the other, through all layers."""
    inputs, pre_activations, activations = [], [], []
    A = X
    for index, (layer, mask) in enumerate(zip(network.architecture.layers, masks, strict=True)):
        D = A if isinstance(mask, float) and mask == 1.0 else A * mask
        W = network.weights(index)
        Z = np.repeat(network.bias(index)[np.newaxis], len(X), axis=0)
        for source in range(layer.fan_in):
            Z += W[source] * D[:, source : source + 1]
        A = _activated(layer, Z, network.alpha(index))
        inputs.append(D)
        pre_activations.append(Z)
        activations.append(A)
    return Trace(tuple(inputs), tuple(pre_activations), tuple(activations), masks)


def _activated(layer: Layer, Z: Floats, alpha: float) -> Floats:
    if layer.activation_entry.function is sigmoid:
        return 1.0 / (1.0 + np.exp(-Z))
    return layer.activation_entry.function(Z, alpha)


def _slope(layer: Layer, Z: Floats, A: Floats, alpha: float) -> Floats:
    """Return φ′(z): of tanh and the sigmoid by that program's formulas, which cancel where a is near its limits."""
    if layer.activation_entry.function is tanh:
        return 1.0 - A * A
    if layer.activation_entry.function is sigmoid:
        return A * (1.0 - A)
    return layer.activation_entry.derivative(Z, alpha)


def _added(network: Network, trace: Trace, Y: Floats, sums: Floats) -> Floats:
    """Return ``sums`` with the derivatives of each sample's loss added, one sample after the other."""
    sums = sums.copy()
    entry, layers = LOSSES[network.architecture.loss], network.architecture.layers
    takes_z = entry.takes == "pre_activation"
    dA = entry.derivative(trace.pre_activations[-1] if takes_z else trace.prediction, Y)
    for index in reversed(range(len(layers))):
        layer, Z, A = layers[index], trace.pre_activations[index], trace.activations[index]
        is_output = index == len(layers) - 1
        if is_output and takes_z:
            delta = dA
        elif layer.activation_entry.row_wise:
            delta = softmax_backward(A, dA)
        else:
            delta = dA * _slope(layer, Z, A, network.alpha(index))
        D = trace.inputs[index]
        if layer.learns_alpha:
            by_alpha = (dA * layer.activation_entry.alpha_derivative(Z, network.alpha(index))).sum(axis=1)
            _add_rows(sums[layer.alpha_index : layer.stop], by_alpha[:, np.newaxis])
        _add_rows(sums[layer.bias], delta)
        step = max(1, _AT_ONCE // (layer.fan_in * layer.fan_out))
        for first in range(0, len(D), step):
            part = slice(first, first + step)
            products = delta[part, np.newaxis, :] * D[part, :, np.newaxis]
            _add_rows(sums[layer.weights], products.reshape(len(products), -1))
        if index:
            W, mask = network.weights(index), trace.masks[index]
            dA = np.zeros_like(D)
            for target in range(layer.fan_out):
                dA += W[:, target] * delta[:, target : target + 1]
            if not (isinstance(mask, float) and mask == 1.0):
                dA = dA * mask
    return sums


def _add_rows(total: Floats, rows: Floats) -> None:
    """Add ``rows`` (B, n) to ``total`` (n,) in place, from the first to the last: a plain sum would pair them."""
    total[:] = np.add.accumulate(np.concatenate([total[np.newaxis], rows]), axis=0)[-1]


def _updated(network: Network, sums: Floats, counts: Floats, settings: TrainingSettings) -> tuple[Floats, Booleans]:
    """Return the parameters after the update, and which weights L1 brought to 0 for good."""
    before, is_weight, rate = network.parameters, network.architecture.is_weight, settings.learning_rate
    alive = counts >= 0.0
    samples = np.where(alive, counts, 1.0)
    # Divided before and after: so the program has it for weights and for biases.
    after = np.where(is_weight, before - rate / samples * sums, before - rate * sums / samples)
    if settings.l2:
        after = np.where(is_weight, after - rate * settings.l2 * before, after)
    died = np.zeros_like(is_weight)
    if settings.l1:
        shrunk = after - rate * settings.l1 * np.sign(before)
        died = is_weight & alive & (after * shrunk < 0.0)
        after = np.where(is_weight, np.where(died, 0.0, shrunk), after)
    return np.where(alive, after, before), died
