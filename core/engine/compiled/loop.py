"""The training loop as one function for Numba: a burst of steps on the flat vectors, without the GIL.

All code here is plain Python over flat arrays; :mod:`core.engine.compiled.kernel` compiles it. Formulas of activations,
losses and optimizers are called by their addresses, from :mod:`core.engine.compiled.formulas`.

Offsets and counts are unsigned (uint64): only then does the compiler know that an index is not negative, and vectorizes
the inner loops. For the same reason they use no slices.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from core.arrays import Floats, Integers
from core.engine.compiled import passes as compiled_passes
from core.engine.compiled import products as compiled_products
from core.engine.compiled.arguments import CLIP_NORM, DECAY, L1, L2, LEARNING_RATE, Batches, Buffers, Rule, Vectors
from core.engine.compiled.passes import DROPS, FAN_IN, FAN_OUT, OUTPUT, START, STOP, backward, call, depth, forward
from core.engine.compiled.products import ONE, gather, sum_of_sizes, sum_of_squares
from core.engine.compiled.tile import pointers_to
from core.formulas.penalties import PENALTIES

# How far a step goes: forward pass; also the gradient; also the update. Or the forward pass and the loss, without an update,
# at other parameters in each step.
FORWARD: Final = 1
BACKWARD: Final = 2
DESCENT: Final = 3
LOSSES: Final = 4

MAX_MAGNITUDE: Final = 1e300
"""A step whose loss, or sum of absolute values, exceeds this ends the burst, and NumPy takes or rejects that step.

This close to overflow, the result depends on the order of summation and on fused instructions; by leaving the decision to
NumPy, training ends at the same step with both engines.
"""

soft_threshold = PENALTIES["l1"].proximal
l2_derivative = PENALTIES["l2"].derivative


def descend(layers: Integers, rule: Rule, update: int, vectors: Vectors) -> float:
    """Update the parameters: L2, clipping, the optimizer's rule, then L1; return Σ |x| over every number the rule wrote.

    ``update`` counts the optimizer's updates from 1.
    """
    settings, parameters, gradient = rule.settings, vectors.parameters, vectors.gradient
    if settings[L2] > 0.0:
        for index in range(depth(layers)):
            w = layers[index, START]
            for k in range(w, w + layers[index, FAN_IN] * layers[index, FAN_OUT]):
                gradient[k] += l2_derivative(parameters[k], settings[L2])
    if settings[CLIP_NORM] < np.inf:
        count = parameter_count(layers)
        norm = np.sqrt(sum_of_squares(gradient, count))
        if norm == np.inf:
            norm = np.nan  # the squares overflowed, which ends the burst as well
        if not norm <= settings[CLIP_NORM]:
            for k in range(count):
                gradient[k] *= settings[CLIP_NORM] / norm
    zero, size = ONE - ONE, 0.0
    if settings[DECAY] > 0.0:  # applies to weights, not to biases
        for index in range(depth(layers)):
            w = layers[index, START]
            bias = w + layers[index, FAN_IN] * layers[index, FAN_OUT]
            size += move(rule, update, vectors, w, bias - w, settings[DECAY])
            size += move(rule, update, vectors, bias, layers[index, FAN_OUT] + ONE, 0.0)
    else:
        size = move(rule, update, vectors, zero, parameter_count(layers), 0.0)
    if settings[L1] > 0.0:
        for index in range(depth(layers)):
            w = layers[index, START]
            for k in range(w, w + layers[index, FAN_IN] * layers[index, FAN_OUT]):
                parameters[k] = soft_threshold(parameters[k], settings[LEARNING_RATE] * settings[L1])
    return size


def move(rule: Rule, update: int, vectors: Vectors, first: int, count: int, decay: float) -> float:
    """Update ``count`` parameters from ``first`` by the optimizer's rule; return Σ |x| over every number it wrote."""
    w, g, a, b = vectors.parameters, vectors.gradient, vectors.first_state, vectors.second_state
    return call(
        rule.optimizer,
        (
            *(w, first, g, first, a, first, b, first),
            *(count, update, rule.settings[LEARNING_RATE], decay, rule.hyper_parameters, ONE - ONE),
        ),
    )


def parameter_count(layers: Integers) -> int:
    """Return the length of the vectors, which end with the last layer's α."""
    last = depth(layers) - ONE
    count: int = layers[last, START] + (layers[last, FAN_IN] + ONE) * layers[last, FAN_OUT] + ONE
    return count


def keep(vectors: Vectors, count: int) -> None:
    """Save the parameters and the gradient before the update."""
    for k in range(count):
        vectors.before[k] = vectors.parameters[k]
        vectors.last_gradient[k] = vectors.gradient[k]


def copy(source: Floats, first: int, target: Floats, at: int, count: int) -> None:
    """Copy ``count`` numbers of ``source`` from ``first`` to ``target`` from ``at``."""
    for k in range(count):
        target[at + k] = source[first + k]


def take_step(
    layers: Integers,
    reach: int,
    update: int,
    first: int,
    rows: int,
    is_last: bool,  # noqa: FBT001 - compiled code has no keywords
    rule: Rule,
    batches: Batches,
    vectors: Vectors,
    buffers: Buffers,
) -> bool:
    """Take one step on the ``rows`` samples from ``first``; return whether all numbers stayed within :data:`MAX_MAGNITUDE`."""
    last, known, zero = depth(layers) - ONE, rule.takes_pre_activation, ONE - ONE
    outputs, at = layers[last, FAN_OUT], layers[last, OUTPUT]
    gather(batches.x_train, layers[0, FAN_IN], batches.samples, first, rows, buffers.A)
    size = forward(layers, vectors.parameters, batches, buffers, rows, reach == FORWARD or not known)
    if layers[0, STOP] or not size <= MAX_MAGNITUDE:
        return False
    if reach == FORWARD:
        return True
    gather(batches.y_train, outputs, batches.samples, first, rows, buffers.Y)
    value = call(rule.loss, (buffers.Z if known else buffers.A, at, buffers.Y, zero, buffers.delta, at, rows, outputs))
    if reach == LOSSES:
        vectors.losses[update] = value
        return value <= MAX_MAGNITUDE
    backward(layers, vectors.parameters, vectors.gradient, batches, buffers, rows, known)
    if layers[0, STOP]:
        return False
    if reach == BACKWARD:
        size = sum_of_sizes(vectors.gradient, zero, parameter_count(layers))
    else:
        if is_last:
            keep(vectors, parameter_count(layers))
        size = descend(layers, rule, update, vectors)
    if not (value <= MAX_MAGNITUDE and size <= MAX_MAGNITUDE):
        return False
    for index in range(depth(layers)):
        if layers[index, DROPS]:
            batches.dropped[index] += rows * layers[index, FAN_IN]
    return True


def train(
    layers: Integers, reach: int, update_count: int, rule: Rule, batches: Batches, vectors: Vectors, buffers: Buffers
) -> int:
    """Take ``len(batches.sizes)`` steps and return how many of them stayed within :data:`MAX_MAGNITUDE`.

    If it is fewer, the parameters are those after the failed step, and the caller must roll back.

    Args:
        layers: the table of layers of :mod:`core.engine.compiled.passes`, (L, COLUMNS).
        reach: FORWARD, BACKWARD, DESCENT or LOSSES; arguments of later parts are not read.
        update_count: number of updates that the optimizer has made before; −1 for LOSSES, whose steps count from 0.
        rule: the update rule.
        batches: the training set and the samples of each step.
        vectors: modified in place.
        buffers: buffers.
    """
    steps, records = len(batches.sizes), reach == DESCENT and len(vectors.trail) > 0
    rule, batches, vectors, buffers = (
        pointers_to(rule),
        pointers_to(batches),
        pointers_to(vectors),
        pointers_to(buffers),
    )
    (layers,) = pointers_to((layers,))
    first, at, count = ONE - ONE, ONE - ONE, parameter_count(layers)
    for step in range(steps):
        rows, is_last = batches.sizes[step], step == steps - 1
        if reach == LOSSES:
            copy(vectors.trail, at, vectors.parameters, ONE - ONE, count)
        if not take_step(layers, reach, update_count + step + 1, first, rows, is_last, rule, batches, vectors, buffers):
            return step
        if records:
            copy(vectors.parameters, ONE - ONE, vectors.trail, at, count)
        at += count
        if reach != LOSSES:  # whose steps all have the same samples
            first += rows
    return steps


PARTS: Final = (
    *compiled_products.PARTS,
    *compiled_passes.PARTS,
    *(descend, move, parameter_count, keep, copy, take_step),
    *(soft_threshold, l2_derivative),
)
"""Functions that :func:`train` calls; like those for pointers, they must be registered before compiling."""
