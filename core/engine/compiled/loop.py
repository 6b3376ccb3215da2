"""The training loop as one function for Numba: a burst of steps on the flat vectors, without the GIL.

Everything here is plain Python over flat arrays; :mod:`core.engine.compiled.kernel` has it compiled and prepares its arguments.
The formulas are not here: what depends on the activation, the loss or the optimizer is called by its address, which
:mod:`core.engine.compiled.formulas` gets from the registries.

Offsets and counts are unsigned (uint64): only then does the compiler know that an index is not counted from the end,
and turns the inner loops into vector instructions. For the same reason there are no slices in them.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from core.arrays import Floats, Integers
from core.engine.compiled import passes as compiled_passes
from core.engine.compiled import products as compiled_products
from core.engine.compiled.arguments import CLIP_NORM, DECAY, L1, L2, LEARNING_RATE, Batches, Room, Rule, Vectors
from core.engine.compiled.passes import DROPS, FAN_IN, FAN_OUT, OUTPUT, START, backward, call, forward
from core.engine.compiled.products import ONE, gather, sum_of_sizes, sum_of_squares
from core.engine.compiled.tile import borrowed
from core.formulas.penalties import PENALTIES

# How far a step goes: predict; find the gradient too; move the parameters too.
FORWARD: Final = 1
BACKWARD: Final = 2
DESCENT: Final = 3

LARGEST: Final = 1e300
"""A step with a loss, or numbers whose sizes have a sum, beyond this ends the burst, and NumPy takes or refuses it.

So near the end of the range it depends on the order of a sum, or on an instruction that rounds once instead of twice,
whether something overflows: NumPy alone decides, and training ends at the same step whatever the engine.
"""

soft_threshold = PENALTIES["l1"].proximal
l2_derivative = PENALTIES["l2"].derivative


def descend(layers: Integers, rule: Rule, update: int, vectors: Vectors) -> float:
    """Move the parameters: L2, clipping, the optimizer's rule, then L1; return Σ |x| of every number the rule made.

    ``update`` counts the optimizer's updates from 1.
    """
    settings, parameters, gradient = rule.settings, vectors.parameters, vectors.gradient
    if settings[L2] > 0.0:
        for index in range(len(layers)):
            w = layers[index, START]
            for k in range(w, w + layers[index, FAN_IN] * layers[index, FAN_OUT]):
                gradient[k] += l2_derivative(parameters[k], settings[L2])
    if settings[CLIP_NORM] < np.inf:
        norm = np.sqrt(sum_of_squares(gradient, 0, len(gradient)))
        if norm == np.inf:
            norm = np.nan  # the squares overflowed: this ends the burst as well
        if not norm <= settings[CLIP_NORM]:
            for k in range(len(gradient)):
                gradient[k] *= settings[CLIP_NORM] / norm
    zero, size = ONE - ONE, 0.0
    if settings[DECAY] > 0.0:  # of the weights, not of the biases
        for index in range(len(layers)):
            w = layers[index, START]
            bias = w + layers[index, FAN_IN] * layers[index, FAN_OUT]
            size += move(rule, update, vectors, w, bias - w, settings[DECAY])
            size += move(rule, update, vectors, bias, layers[index, FAN_OUT] + ONE, 0.0)
    else:
        size = move(rule, update, vectors, zero, len(parameters), 0.0)
    if settings[L1] > 0.0:
        for index in range(len(layers)):
            w = layers[index, START]
            for k in range(w, w + layers[index, FAN_IN] * layers[index, FAN_OUT]):
                parameters[k] = soft_threshold(parameters[k], settings[LEARNING_RATE] * settings[L1])
    return size


def move(rule: Rule, update: int, vectors: Vectors, first: int, count: int, decay: float) -> float:
    """Move ``count`` parameters from ``first`` on by the optimizer's rule; return Σ |x| of every number it made."""
    w, g, a, b = vectors.parameters, vectors.gradient, vectors.first_state, vectors.second_state
    return call(
        rule.optimizer,
        (
            *(w, first, g, first, a, first, b, first),
            *(count, update, rule.settings[LEARNING_RATE], decay, rule.hyper_parameters, ONE - ONE),
        ),
    )


def size_of_pre_activations(layers: Integers, Z: Floats, rows: int) -> float:
    """Return Σ |z|; an activation may make a finite number of an infinite z, so that nothing after it would tell."""
    total = 0.0
    for index in range(len(layers)):
        total += sum_of_sizes(Z, layers[index, OUTPUT], rows * layers[index, FAN_OUT])
    return total


def keep(vectors: Vectors) -> None:
    """Keep the parameters and the gradient as they are before the step."""
    for k in range(len(vectors.parameters)):
        vectors.before[k] = vectors.parameters[k]
        vectors.last_gradient[k] = vectors.gradient[k]


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
    room: Room,
) -> bool:
    """Take one step on ``rows`` samples from ``first`` on; return whether all stayed within :data:`LARGEST`."""
    last, known, zero = layers[len(layers) - 1], rule.takes_pre_activation, ONE - ONE
    outputs, at = last[FAN_OUT], last[OUTPUT]
    gather(batches.x_train, layers[0, FAN_IN], batches.samples, first, rows, room.A)
    forward(layers, vectors.parameters, batches, room, rows, reach == FORWARD or not known)
    if not size_of_pre_activations(layers, room.Z, rows) <= LARGEST:
        return False
    if reach == FORWARD:
        return True
    gather(batches.y_train, outputs, batches.samples, first, rows, room.Y)
    value = call(rule.loss, (room.Z if known else room.A, at, room.Y, zero, room.delta, at, rows, outputs))
    backward(layers, vectors.parameters, vectors.gradient, batches, room, rows, known)
    if reach == BACKWARD:
        size = sum_of_sizes(vectors.gradient, zero, len(vectors.gradient))
    else:
        if is_last:
            keep(vectors)
        size = descend(layers, rule, update, vectors)
    if not (value <= LARGEST and size <= LARGEST):
        return False
    for index in range(len(layers)):
        if layers[index, DROPS]:
            batches.dropped[index] += rows * layers[index, FAN_IN]
    return True


def train(
    layers: Integers, reach: int, update_count: int, rule: Rule, batches: Batches, vectors: Vectors, room: Room
) -> int:
    """Take ``len(batches.sizes)`` steps and return how many of them stayed within :data:`LARGEST`.

    When that is fewer, the parameters are those after the step that failed, and the caller has to go back.

    Args:
        layers: the table of layers of :mod:`core.engine.compiled.passes`, (L, COLUMNS).
        reach: FORWARD, BACKWARD or DESCENT; what is not reached does not read its arguments.
        update_count: how many updates the optimizer has made before.
        rule: what turns predictions into steps.
        batches: the training set and the samples of each step.
        vectors: changed in place.
        room: workspace.
    """
    (layers,) = borrowed((layers,))
    rule, batches, vectors, room = borrowed(rule), borrowed(batches), borrowed(vectors), borrowed(room)
    first, steps = ONE - ONE, len(batches.sizes)
    for step in range(steps):
        rows, is_last = batches.sizes[step], step == steps - 1
        if not take_step(layers, reach, update_count + step + 1, first, rows, is_last, rule, batches, vectors, room):
            return step
        first += rows
    return steps


PARTS: Final = (
    *compiled_products.PARTS,
    *compiled_passes.PARTS,
    *(descend, move, size_of_pre_activations, keep, take_step),
    *(soft_threshold, l2_derivative),
)
"""Functions that :func:`train` calls: they, and those for pointers, must be registered before compiling."""
