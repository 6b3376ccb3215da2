"""The training loop for one sample a step, compiled apart: less than half as long as the one for any number of them.

A step on one sample in a small network is a chain of some hundred dependent instructions. What the loop of
:mod:`core.engine.compiled.loop` asks at each turn (how many rows are left, is anything dropped, is the gradient to be clipped)
would take as long as the arithmetic, so :func:`suits` is asked once a burst instead.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from core.arrays import Floats, Integers
from core.engine.compiled.loop import LEARNING_RATE, MOMENTUM
from core.engine.compiled.passes import ACTIVATE, FAN_IN, FAN_OUT, INPUT, OUTPUT, START, call
from core.engine.compiled.products import ONE
from core.engine.compiled.row_tile import dots, row_tile, scaled_tile
from core.engine.compiled.tile import Pointer, borrowed, place, tile
from core.experiment import TrainingSettings
from core.formulas.losses import LOSSES
from core.network.architecture import Architecture

_TWO: Final[Any] = np.uint64(2)
_THREE: Final[Any] = np.uint64(3)
_FOUR: Final[Any] = np.uint64(4)
_SEVEN: Final[Any] = np.uint64(7)
_EIGHT: Final[Any] = np.uint64(8)


def suits(architecture: Architecture, settings: TrainingSettings, batch_size: int) -> bool:
    """Return whether a step takes one sample and nothing but the forward pass, the backward pass and the optimizer's rule.

    Depends only on the settings, not on how many samples are left: the two loops differ in the last bits, and a burst must
    be its steps to the last bit.
    """
    loss, output = LOSSES[architecture.loss], architecture.layers[-1].row
    return (
        batch_size == 1
        and (loss.takes == "pre_activation" or (loss.elementwise and not output.row_wise))
        and not architecture.drops
        and not any(layer.learns_alpha for layer in architecture.layers)
        and settings.l1 == settings.l2 == 0.0
        and settings.clip_norm is None
    )


def train_by_one(
    layers: Integers,
    _reach: int,
    settings: Floats,
    loss: int,
    takes_pre_activation: bool,  # noqa: FBT001
    optimizer: int,
    update_count: int,
    x_train: Floats,
    y_train: Floats,
    samples: Integers,
    _sizes: Integers,
    _factors: Floats,
    _dropped: Integers,
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
    _T: Floats,
    _Y: Floats,
    constants: Floats,
) -> int:
    """Do what :func:`core.engine.compiled.loop.train` does with these arguments where :func:`suits` says so.

    But the address of a loss that takes the activation is that of its loop with the way back through it.
    """
    layers, settings, x_train, y_train, samples = borrowed((layers, settings, x_train, y_train, samples))
    parameters, first_state, second_state, gradient = borrowed((parameters, first_state, second_state, gradient))
    Z, A, slopes, delta, constants = borrowed((Z, A, slopes, delta, constants))
    rate, momentum = settings[LEARNING_RATE], settings[MOMENTUM]
    last = layers[len(layers) - 1]
    inputs, outputs, at = layers[0, FAN_IN], last[FAN_OUT], last[OUTPUT]
    zero = ONE - ONE
    for step in range(len(samples)):
        features = place(x_train, samples[step] * inputs)
        predict(layers, features, parameters, Z, A, slopes, not takes_pre_activation)
        target = samples[step] * outputs
        if takes_pre_activation:
            value = call(loss, (Z, at, y_train, target, delta, at, ONE, outputs))
        else:
            value = call(loss, (A, at, y_train, target, slopes, at, delta, at, ONE, outputs))
        differentiate(layers, constants, features, parameters, A, slopes, delta, gradient)
        if step == len(samples) - 1:
            for k in range(len(parameters)):
                before[k] = parameters[k]
                last_gradient[k] = gradient[k]
        count, t = len(parameters), update_count + step + 1
        not_finite = call(
            optimizer,
            (parameters, zero, gradient, zero, first_state, zero, second_state, zero, count, t, rate, momentum, 0.0),
        )
        if not (np.isfinite(value) and not_finite == 0.0):
            return step
    return len(samples)


def predict(
    layers: Integers,
    features: Pointer,
    parameters: Floats,
    Z: Floats,
    A: Floats,
    slopes: Floats,
    activate_output: bool,  # noqa: FBT001
) -> None:
    """Fill Z, A and φ′(Z) of all layers."""
    inputs = features
    for index in range(len(layers)):
        fan_in, fan_out, w = layers[index, FAN_IN], layers[index, FAN_OUT], layers[index, START]
        z, bias = layers[index, OUTPUT], w + fan_in * fan_out
        row_product(place(Z, z), place(parameters, bias), inputs, place(parameters, w), fan_in, fan_out)
        if activate_output or index < len(layers) - 1:
            call(layers[index, ACTIVATE], (Z, z, A, z, slopes, z, ONE, fan_out, parameters[bias + fan_out]))
        inputs = place(A, z)


def differentiate(
    layers: Integers,
    constants: Floats,
    features: Pointer,
    parameters: Floats,
    A: Floats,
    slopes: Floats,
    delta: Floats,
    gradient: Floats,
) -> None:
    """Fill the gradient, and ``delta`` with ∂L/∂Z of all layers from that of the last."""
    one, zeros = place(constants, ONE - ONE), place(constants, ONE)
    for back in range(len(layers)):
        index = len(layers) - 1 - back
        fan_in, fan_out, w = layers[index, FAN_IN], layers[index, FAN_OUT], layers[index, START]
        a, d = layers[index, INPUT], place(delta, layers[index, OUTPUT])
        inputs = place(A, a) if index > 0 else features
        if index > 0:
            before, weights, slope = place(delta, a), place(parameters, w), place(slopes, a)
            if fan_out == ONE:
                scaled_row(before, d, weights, slope, fan_in)
            else:
                product_with_column(before, zeros, slope, weights, d, fan_in, fan_out)
        to = place(gradient, w)
        if fan_out == ONE:
            # A single column would be taken number by number; its transpose is stored alike.
            multiple(to, zeros, d, inputs, fan_in)
            to[fan_in] = d[0]
        else:
            outer_product(to, zeros, inputs, d, fan_in, fan_out)
            multiple(place(to, fan_in * fan_out), zeros, one, d, fan_out)
        gradient[w + (fan_in + ONE) * fan_out] = 0.0  # of α


def row_product(C: Pointer, start: Pointer, p: Pointer, Q: Pointer, inner: int, columns: int) -> None:
    """Set C to start + p·Q for Q (inner, columns), and up to 7 numbers after it to 0."""
    j = ONE - ONE
    for _strip in range(columns >> _THREE):
        row_tile((C, start, p, Q, j, columns, inner), 8, 8)
        j += _EIGHT
    rest = columns & _SEVEN
    if rest <= _TWO:
        if rest == ONE:
            row_tile((C, start, p, Q, j, columns, inner), 1, 8)
        elif rest == _TWO:
            row_tile((C, start, p, Q, j, columns, inner), 2, 8)
        return
    if rest & _FOUR:
        row_tile((C, start, p, Q, j, columns, inner), 4, 8)
        j += _FOUR
    if rest & _TWO:
        row_tile((C, start, p, Q, j, columns, inner), 2, 4)
        j += _TWO
    if rest & ONE:
        row_tile((C, start, p, Q, j, columns, inner), 1, 2)


def product_with_column(C: Pointer, zeros: Pointer, F: Pointer, W: Pointer, x: Pointer, rows: int, inner: int) -> None:
    """Set C (rows) to W·x ⊙ F for W (rows, inner)."""
    zero = ONE - ONE
    i, w = zero, zero
    rest = inner & _SEVEN
    whole = inner - rest
    for _eight in range(rows >> _THREE):
        to = place(C, i)
        if rest:
            tile((to, zero, ONE, zeros, zero, W, w + whole, inner, ONE, x, whole, ONE, rest), 4, 1)
            tile((to, _FOUR, ONE, zeros, zero, W, w + _FOUR * inner + whole, inner, ONE, x, whole, ONE, rest), 4, 1)
        dots((to, to if rest else zeros, place(F, i), W, w, inner, x, whole))
        i, w = i + _EIGHT, w + _EIGHT * inner
    for _row in range(rows & _SEVEN):
        tile((C, i, ONE, zeros, zero, W, w, inner, ONE, x, zero, ONE, inner), 1, 1)
        C[i] *= F[i]
        i, w = i + ONE, w + inner


def scaled_row(C: Pointer, x: Pointer, Q: Pointer, F: Pointer, count: int) -> None:
    """Set ``count`` numbers of C to x[0]·Q ⊙ F."""
    j = ONE - ONE
    for _strip in range(count >> _THREE):
        scaled_tile((C, x, Q, F, j), 8)
        j += _EIGHT
    if count & _FOUR:
        scaled_tile((C, x, Q, F, j), 4)
        j += _FOUR
    if count & _TWO:
        scaled_tile((C, x, Q, F, j), 2)
        j += _TWO
    if count & ONE:
        scaled_tile((C, x, Q, F, j), 1)


def multiple(C: Pointer, zeros: Pointer, x: Pointer, Q: Pointer, count: int) -> None:
    """Set ``count`` numbers of C to x[0]·Q."""
    zero = ONE - ONE
    j = zero
    for _strip in range(count >> _THREE):
        tile((C, j, zero, zeros, zero, x, zero, zero, zero, Q, j, zero, ONE), 1, 8)
        j += _EIGHT
    if count & _FOUR:
        tile((C, j, zero, zeros, zero, x, zero, zero, zero, Q, j, zero, ONE), 1, 4)
        j += _FOUR
    if count & _TWO:
        tile((C, j, zero, zeros, zero, x, zero, zero, zero, Q, j, zero, ONE), 1, 2)
        j += _TWO
    if count & ONE:
        tile((C, j, zero, zeros, zero, x, zero, zero, zero, Q, j, zero, ONE), 1, 1)


def outer_product(C: Pointer, zeros: Pointer, p: Pointer, q: Pointer, rows: int, columns: int) -> None:
    """Set C (rows, columns) to p·qᵀ."""
    zero = ONE - ONE
    j = zero
    for _strip in range(columns >> _THREE):
        c = j
        for i in range(rows):
            tile((C, c, zero, zeros, zero, p, i, zero, zero, q, j, zero, ONE), 1, 8)
            c += columns
        j += _EIGHT
    rest = columns & _SEVEN
    for i in range(rows if rest else zero):
        multiple(place(C, i * columns + j), zeros, place(p, i), place(q, j), rest)


PARTS: Final = (predict, differentiate)
"""Functions of arrays that :func:`train_by_one` calls: they must be registered before compiling."""

PARTS_FOR_POINTERS: Final = (row_product, product_with_column, scaled_row, multiple, outer_product)
"""Those of pointers."""
