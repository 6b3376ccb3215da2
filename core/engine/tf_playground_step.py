"""One step exactly like TensorFlow Playground's, including the two ways in which it differs from ordinary SGD.

* Gradients of single samples are summed until a batch is full. An incomplete batch at the end of an epoch stays in the
  sum and enters the first update of the next epoch, although it was computed at older weights. A batch size larger than
  the training set never fills.
* L1 subtracts η·λ·sign(w), with the sign before the gradient step. A weight that crosses 0 by this becomes 0 and is dead:
  it is never updated again.

Sums over inputs, outputs and samples are computed in that program's order instead of with NumPy's matrix products, so all
numbers are equal to the last bit, except for the exponential function and tanh, which also differ between browsers.

The optimizer's two state vectors contain, for each parameter, the sum of its gradients, and the number of samples in that
sum or −1 for a dead weight.

Source:
    tensorflow/playground, ``src/nn.ts`` and ``src/playground.ts`` (Apache 2.0).
"""

from __future__ import annotations

from collections.abc import Callable
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
"""Maximum number of gradients (samples × weights) kept in memory at once while they are summed."""


def take(
    network: Network,
    X: Floats,
    Y: Floats,
    masks: Masks,
    optimizer_state: tuple[Floats, Floats],
    settings: TrainingSettings,
    *,
    is_full: bool,
    check: Callable[[], None] | None = None,
) -> Step:
    """Compute one step of ``network`` on a batch; nothing is modified in place.

    Args:
        network: the network before the step.
        X: features, (B, D_in).
        Y: targets, (B, K).
        masks: the batch's dropout masks.
        optimizer_state: sums and counts before the step, each (P,).
        settings: learning rate and penalties; clipping is ignored.
        is_full: whether the weights are updated after this batch; otherwise it is only added to the sums.
        check: called between the parts of the step; may raise to end it.
    """
    check = check or _no_check
    trace = _forward(network, X, masks)
    check()
    alive = optimizer_state[1] >= 0.0
    sums = np.where(alive, _added(network, trace, Y, optimizer_state[0]), 0.0)
    counts = np.where(alive, optimizer_state[1] + len(Y), DEAD)
    parameters = network.parameters
    if is_full:
        parameters, died = _updated(network, sums, counts, settings)
        sums, counts = np.zeros_like(sums), np.where(alive & ~died, 0.0, DEAD)
    gradients = network.backward(trace, Y, check)
    return Step(trace, gradients, sums, (), (sums, counts), parameters)


def _no_check() -> None:
    """Let the step continue."""


def _forward(network: Network, X: Floats, masks: Masks) -> Trace:
    """Return the trace, with z = b + Σ w·a summed over the inputs in order."""
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
    """Return φ′(z), for tanh and sigmoid by that program's formulas, which suffer cancellation if a is near its limits."""
    if layer.activation_entry.function is tanh:
        return 1.0 - A * A
    if layer.activation_entry.function is sigmoid:
        return A * (1.0 - A)
    return layer.activation_entry.derivative(Z, alpha)


def _added(network: Network, trace: Trace, Y: Floats, sums: Floats) -> Floats:
    """Return ``sums`` with the gradients of each sample's loss added in the order of the samples."""
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
    """Add ``rows`` (B, n) to ``total`` (n,) in place and in order; ``np.sum`` would use pairwise summation."""
    total[:] = np.add.accumulate(np.concatenate([total[np.newaxis], rows]), axis=0)[-1]


def _updated(network: Network, sums: Floats, counts: Floats, settings: TrainingSettings) -> tuple[Floats, Booleans]:
    """Return the parameters after the update, and the mask of the weights that L1 made dead."""
    before, is_weight, rate = network.parameters, network.architecture.is_weight, settings.learning_rate
    alive = counts >= 0.0
    samples = np.where(alive, counts, 1.0)
    # The program divides before the multiplication for weights, and after it for biases.
    after = np.where(is_weight, before - rate / samples * sums, before - rate * sums / samples)
    if settings.l2:
        after = np.where(is_weight, after - rate * settings.l2 * before, after)
    died = np.zeros_like(is_weight)
    if settings.l1:
        shrunk = after - rate * settings.l1 * np.sign(before)
        died = is_weight & alive & (after * shrunk < 0.0)
        after = np.where(is_weight, np.where(died, 0.0, shrunk), after)
    return np.where(alive, after, before), died
