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
from core.engine.compiled.passes import DROPS, FAN_IN, FAN_OUT, OUTPUT, START, backward, call, forward
from core.engine.compiled.products import ONE, gather, sum_of_squares, times_zero
from core.engine.compiled.tile import borrowed
from core.formulas.penalties import PENALTIES

# Places in the vector of settings.
LEARNING_RATE: Final = 0
MOMENTUM: Final = 1
L1: Final = 2
L2: Final = 3
DECAY: Final = 4
CLIP_NORM: Final = 5
SETTINGS: Final = 6
"""Length of the vector: L2 enters the gradient, the decay goes to the optimizer; no clipping is an infinite norm."""

# How far a step goes: predict; find the gradient too; move the parameters too.
FORWARD: Final = 1
BACKWARD: Final = 2
DESCENT: Final = 3

soft_threshold = PENALTIES["l1"].proximal
l2_derivative = PENALTIES["l2"].derivative


def descend(
    layers: Integers,
    settings: Floats,
    optimizer: int,
    t: int,
    parameters: Floats,
    first_state: Floats,
    second_state: Floats,
    gradient: Floats,
) -> float:
    """Move the parameters: L2, clipping, the optimizer's rule, then L1; return 0 if all numbers are finite, else NaN."""
    if settings[L2] > 0.0:
        for index in range(len(layers)):
            w = layers[index, START]
            for k in range(w, w + layers[index, FAN_IN] * layers[index, FAN_OUT]):
                gradient[k] += l2_derivative(parameters[k], settings[L2])
    if settings[CLIP_NORM] < np.inf:
        norm = np.sqrt(sum_of_squares(gradient, 0, len(gradient)))
        if norm == np.inf:
            norm = np.nan  # the squares overflowed: this ends the burst, and NumPy takes or refuses the step
        if not norm <= settings[CLIP_NORM]:
            for k in range(len(gradient)):
                gradient[k] *= settings[CLIP_NORM] / norm
    rate, momentum, decay = settings[LEARNING_RATE], settings[MOMENTUM], settings[DECAY]
    zero, not_finite = ONE - ONE, 0.0
    if decay > 0.0:  # of the weights, not of the biases
        for index in range(len(layers)):
            w = layers[index, START]
            bias = w + layers[index, FAN_IN] * layers[index, FAN_OUT]
            rest = layers[index, FAN_OUT] + ONE
            not_finite += call(
                optimizer,
                (parameters, w, gradient, w, first_state, w, second_state, w, bias - w, t, rate, momentum, decay),
            )
            not_finite += call(
                optimizer,
                (parameters, bias, gradient, bias, first_state, bias, second_state, bias, rest, t, rate, momentum, 0.0),
            )
    else:
        count = len(parameters)
        not_finite = call(
            optimizer,
            (parameters, zero, gradient, zero, first_state, zero, second_state, zero, count, t, rate, momentum, decay),
        )
    if settings[L1] > 0.0:
        for index in range(len(layers)):
            w = layers[index, START]
            for k in range(w, w + layers[index, FAN_IN] * layers[index, FAN_OUT]):
                parameters[k] = soft_threshold(parameters[k], rate * settings[L1])
    return not_finite


def non_finite(layers: Integers, Z: Floats, rows: int) -> float:
    """Return 0 if all pre-activations are finite, else NaN; of one that is not an activation may make a finite number."""
    total = 0.0
    for index in range(len(layers)):
        total += times_zero(Z, layers[index, OUTPUT], rows * layers[index, FAN_OUT])
    return total


def train(
    layers: Integers,
    reach: int,
    settings: Floats,
    loss: int,
    takes_pre_activation: bool,  # noqa: FBT001
    optimizer: int,
    update_count: int,
    x_train: Floats,
    y_train: Floats,
    samples: Integers,
    sizes: Integers,
    factors: Floats,
    dropped: Integers,
    parameters: Floats,
    first_state: Floats,
    second_state: Floats,
    before: Floats,
    last_gradient: Floats,
    gradient: Floats,
    Z: Floats,
    A: Floats,
    slopes: Floats,
    delta: Floats,
    T: Floats,
    Y: Floats,
    constants: Floats,
) -> int:
    """Take ``len(sizes)`` steps and return how many of them kept every number finite.

    When that is fewer, the parameters are those after the step that failed, and the caller has to go back.

    Args:
        layers: the table of layers of :mod:`core.engine.compiled.passes`, (L, COLUMNS).
        reach: FORWARD, BACKWARD or DESCENT; what is not reached does not read its arguments.
        settings: (SETTINGS,).
        loss: address of the loss.
        takes_pre_activation: whether the loss takes Z of the last layer, else it takes A.
        optimizer: address of the optimizer.
        update_count: how many updates it has made before.
        x_train: features of the training set, row by row.
        y_train: its targets, row by row.
        samples: indices of the samples of all steps, one step after the other.
        sizes: how many of them each step takes.
        factors: what dropout multiplies by, layer by layer, in each layer step by step.
        dropped: (L,) where each layer's factors begin; moved on by each step.
        parameters: (P,), changed in place.
        first_state: (P,), changed in place.
        second_state: (P,), changed in place.
        before: (P,), afterwards the parameters before the last step.
        last_gradient: (P,), afterwards the last step's, before penalties and clipping.
        gradient: workspace, (P,).
        Z: workspace for the pre-activations of all layers, where the place for each is a multiple of 8 numbers.
        A: workspace for the features and all activations, laid out as Z like the next two.
        slopes: workspace for φ′(Z) of all layers.
        delta: workspace for ∂L/∂Z of all layers.
        T: workspace for a strip of 8 columns of a factor in the widest product, and behind it for wide inputs transposed.
        Y: workspace for a batch of targets.
        constants: a one, then as many zeros as the widest layer has inputs or neurons.
    """
    layers, settings, factors, dropped = borrowed((layers, settings, factors, dropped))
    parameters, first_state, second_state, gradient = borrowed((parameters, first_state, second_state, gradient))
    Z, A, slopes, delta, T, Y, constants = borrowed((Z, A, slopes, delta, T, Y, constants))
    x_train, y_train, samples = borrowed((x_train, y_train, samples))
    last = layers[len(layers) - 1]
    inputs, outputs, at = layers[0, FAN_IN], last[FAN_OUT], last[OUTPUT]
    zero = ONE - ONE
    first = zero
    for step in range(len(sizes)):
        rows = sizes[step]
        gather(x_train, inputs, samples, first, rows, A)
        forward(
            layers, parameters, Z, A, slopes, T, factors, dropped, rows, reach == FORWARD or not takes_pre_activation
        )
        if reach < DESCENT and non_finite(layers, Z, rows) != 0.0:
            return step
        if reach == FORWARD:
            continue
        gather(y_train, outputs, samples, first, rows, Y)
        first += rows
        value = call(loss, (Z if takes_pre_activation else A, at, Y, zero, delta, at, rows, outputs))
        known = takes_pre_activation
        backward(layers, constants, parameters, Z, A, slopes, delta, T, factors, dropped, rows, gradient, known)
        if reach == BACKWARD:
            not_finite = times_zero(gradient, zero, len(gradient))
        else:
            if step == len(sizes) - 1:
                for k in range(len(parameters)):
                    before[k] = parameters[k]
                    last_gradient[k] = gradient[k]
            t = update_count + step + 1
            not_finite = descend(layers, settings, optimizer, t, parameters, first_state, second_state, gradient)
        if not (np.isfinite(value) and not_finite == 0.0):
            return step
        for index in range(len(layers)):
            if layers[index, DROPS]:
                dropped[index] += rows * layers[index, FAN_IN]
    return len(sizes)


PARTS: Final = (*compiled_products.PARTS, *compiled_passes.PARTS, descend, non_finite, soft_threshold, l2_derivative)
"""Functions that :func:`train` calls: they, and those for pointers, must be registered before compiling."""
