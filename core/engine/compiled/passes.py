"""The forward and backward pass of a compiled step, layer by layer on flat arrays.

Plain Python for Numba, called by :mod:`core.engine.compiled.loop`. Activations are called by the addresses in the table of
layers.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from core.arrays import Floats, Integers
from core.engine.compiled.arguments import Batches, Buffers
from core.engine.compiled.products import (
    MANY_ROWS,
    ONE,
    WIDE,
    clear_eight,
    multiply,
    multiply_eights,
    outer_product,
    product,
    product_of_row,
    product_with_transpose,
    product_with_vector,
    sum_of_eights,
    transpose,
)
from core.engine.compiled.tile import pointer_to

# Columns of the table of layers, which has one row per layer.
FAN_IN: Final = 0
FAN_OUT: Final = 1
START: Final = 2
INPUT: Final = 3
OUTPUT: Final = 4
DROPS: Final = 5
LEARNS_ALPHA: Final = 6
ACTIVATE: Final = 7
BACKPROPAGATE: Final = 8
ALPHA_GRADIENT: Final = 9
STOP: Final = 10
COLUMNS: Final = 11
"""Width of the table: inputs, neurons, offset of the first weight, offsets of inputs and outputs in the buffers, whether
inputs have dropout and α is learned, and the addresses of the activation's formulas: φ and φ′, backpropagation (0 if it
is a multiplication by φ′), and ∂φ/∂α. In
the first row, another thread sets STOP to 1 to end a step between two layers."""

FEW_ROWS: Final[Any] = np.uint64(2)
"""Batch size up to which the backward pass skips transposing W."""


def call(address: int, arguments: tuple[Floats | int | float, ...]) -> float:
    """Call the compiled formula at ``address``; an array and the offset after it are passed as one pointer.

    Thus one compiled loop serves every activation, loss and optimizer, and each formula is compiled once, separately.
    """
    raise NotImplementedError


def depth(layers: Integers) -> int:
    """Return the number of layers, unsigned."""
    return np.uint64(len(layers))  # type: ignore[return-value]


def forward(
    layers: Integers,
    parameters: Floats,
    batches: Batches,
    buffers: Buffers,
    rows: int,
    activate_output: bool,  # noqa: FBT001 - compiled code has no keywords
) -> float:
    """Fill Z, A and φ′(Z) of all layers from the features, which are already in A; dropout modifies the inputs in A.

    Return Σ |z|, to detect infinite z, which an activation may map to a finite value.
    """
    Z, A, slopes, strips = buffers.Z, buffers.A, buffers.slopes, pointer_to(buffers.T, ONE - ONE)
    size, last = 0.0, depth(layers) - ONE
    for index in range(depth(layers)):
        if layers[0, STOP]:
            return size
        fan_in, fan_out, w = layers[index, FAN_IN], layers[index, FAN_OUT], layers[index, START]
        inputs, outputs = layers[index, INPUT], layers[index, OUTPUT]
        bias = w + fan_in * fan_out
        if layers[index, DROPS]:
            multiply(A, inputs, batches.masks, batches.dropped[index], rows * fan_in)
        to, biases, of, weights = (
            pointer_to(Z, outputs),
            pointer_to(parameters, bias),
            pointer_to(A, inputs),
            pointer_to(parameters, w),
        )
        if fan_out == ONE:
            product_with_vector(to, parameters[bias], of, weights, rows, fan_in)
        elif rows == ONE:
            product_of_row(to, biases, of, ONE, weights, fan_in, fan_out)
        else:
            product(to, biases, of, fan_in, ONE, weights, fan_out, rows, fan_in, fan_out, strips)
        clear_eight(Z, outputs + rows * fan_out)  # whole vectors are read
        if activate_output or index < last:
            alpha = parameters[bias + fan_out]
            call(layers[index, ACTIVATE], (Z, outputs, A, outputs, slopes, outputs, rows, fan_out, alpha))
        size += sum_of_eights(Z, outputs, rows * fan_out)
    return size


def backward(
    layers: Integers,
    parameters: Floats,
    gradient: Floats,
    batches: Batches,
    buffers: Buffers,
    rows: int,
    delta_known: bool,  # noqa: FBT001
) -> None:
    """Fill the gradient from ``buffers.delta``, which holds ∂L/∂A of the output, or ∂L/∂Z if ``delta_known``."""
    Z, A, delta = buffers.Z, buffers.A, buffers.delta
    for back in range(depth(layers)):
        if layers[0, STOP]:
            return
        index = depth(layers) - ONE - back
        fan_in, fan_out, w = layers[index, FAN_IN], layers[index, FAN_OUT], layers[index, START]
        inputs, outputs = layers[index, INPUT], layers[index, OUTPUT]
        bias = w + fan_in * fan_out
        gradient[bias + fan_out] = 0.0
        if layers[index, LEARNS_ALPHA]:
            alpha = parameters[bias + fan_out]
            gradient[bias + fan_out] = call(
                layers[index, ALPHA_GRADIENT], (Z, outputs, delta, outputs, rows, fan_out, alpha)
            )
        if back > 0 or not delta_known:
            if layers[index, BACKPROPAGATE]:
                call(layers[index, BACKPROPAGATE], (A, outputs, delta, outputs, rows, fan_out))
            else:
                multiply_eights(delta, buffers.slopes, outputs, rows * fan_out)
        differentiate(buffers, inputs, outputs, gradient, w, rows, fan_in, fan_out)
        if index > 0:
            pass_back(buffers, parameters, w, inputs, outputs, rows, fan_in, fan_out)
            if layers[index, DROPS]:
                multiply(delta, inputs, batches.masks, batches.dropped[index], rows * fan_in)


def differentiate(
    buffers: Buffers, inputs: int, outputs: int, gradient: Floats, w: int, rows: int, fan_in: int, fan_out: int
) -> None:
    """Write ∂L/∂W = Aᵀ·∂L/∂Z and ∂L/∂b = 1ᵀ·∂L/∂Z to the gradient, from offset ``w``."""
    zero = ONE - ONE
    one, zeros, strips = (
        pointer_to(buffers.constants, zero),
        pointer_to(buffers.constants, ONE),
        pointer_to(buffers.T, zero),
    )
    before, after, to = pointer_to(buffers.A, inputs), pointer_to(buffers.delta, outputs), pointer_to(gradient, w)
    bias = w + fan_in * fan_out
    if rows == ONE:
        if fan_out == ONE:  # a row instead of a column
            outer_product(to, after, before, ONE, fan_in)
        else:
            outer_product(to, before, after, fan_in, fan_out)
        for k in range(fan_out):
            gradient[bias + k] = buffers.delta[outputs + k]
        return
    product_of_row(pointer_to(gradient, bias), zeros, one, zero, after, rows, fan_out)
    if fan_out == ONE:
        # A single column would not be vectorized; its transpose has the same layout.
        product_of_row(to, zeros, after, ONE, before, rows, fan_in)
        return
    p_row, p_inner = ONE, fan_in
    if rows >= MANY_ROWS and fan_in >= WIDE:
        # Reading A by columns uses its row length as stride; at worst all accesses map to the same few cache sets
        # of L1 (measured for rows of 4096 bytes: 2.4 times as slow).
        transposed = pointer_to(buffers.transposed, zero)
        transpose(before, zero, rows, fan_in, transposed)
        before, p_row, p_inner = transposed, rows, ONE
    product(to, zeros, before, p_row, p_inner, after, fan_out, fan_in, rows, fan_out, strips)


def pass_back(
    buffers: Buffers, parameters: Floats, w: int, inputs: int, outputs: int, rows: int, fan_in: int, fan_out: int
) -> None:
    """Write ∂L/∂A = ∂L/∂Z·Wᵀ of the layer's inputs to ``buffers.delta``, from offset ``inputs``."""
    zeros, weights, strips = (
        pointer_to(buffers.constants, ONE),
        pointer_to(parameters, w),
        pointer_to(buffers.T, ONE - ONE),
    )
    if fan_out == ONE:
        before, after = pointer_to(buffers.delta, inputs), pointer_to(buffers.delta, outputs)
        outer_product(before, after, weights, rows, fan_in)
    elif rows <= FEW_ROWS:
        # Transposing W would take longer than the products themselves.
        for _row in range(rows):
            before, after = pointer_to(buffers.delta, inputs), pointer_to(buffers.delta, outputs)
            product_with_vector(before, 0.0, weights, after, fan_in, fan_out)
            inputs += fan_in
            outputs += fan_out
    else:
        before, after = pointer_to(buffers.delta, inputs), pointer_to(buffers.delta, outputs)
        product_with_transpose(before, zeros, after, weights, rows, fan_out, fan_in, strips)


PARTS: Final = (depth, forward, backward, differentiate, pass_back)
"""These functions, and :func:`call`, must be registered before compiling."""
