"""The way forward and the way back of a compiled step, layer by layer on flat arrays.

Plain Python for Numba, as :mod:`core.engine.compiled.loop` explains, which is made of these. The formulas of the activations
are called by the addresses in the table of layers.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from core.arrays import Floats, Integers
from core.engine.compiled.arguments import Batches, Room
from core.engine.compiled.products import MANY_ROWS, ONE, WIDE, multiply, product, product_with_transpose, transpose
from core.engine.compiled.tile import place

# Columns of the table of layers, one row a layer.
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
COLUMNS: Final = 10
"""Width of the table: inputs, neurons, first weight, where inputs and outputs begin in the workspace, whether inputs
are dropped and α is learned, and the addresses of the activation's formulas: φ and φ′, the way back through it (0 if
that is to multiply by φ′), and ∂φ/∂α."""

FEW_ROWS: Final[Any] = np.uint64(2)
"""Batch size up to which the backward pass skips transposing W."""


def call(address: int, arguments: tuple[Floats | int | float, ...]) -> float:
    """Call the compiled formula at ``address``; an array and the offset after it arrive as one pointer.

    So one compiled loop serves every activation, loss and optimizer, and each formula is compiled once, by itself.
    """
    raise NotImplementedError


def forward(
    layers: Integers,
    parameters: Floats,
    batches: Batches,
    room: Room,
    rows: int,
    activate_output: bool,  # noqa: FBT001 - compiled code has no keywords
) -> None:
    """Fill Z, A and φ′(Z) of all layers from the features, which are in A already; dropout changes the inputs there."""
    Z, A, slopes, strips = room.Z, room.A, room.slopes, place(room.T, ONE - ONE)
    for index in range(len(layers)):
        fan_in, fan_out, w = layers[index, FAN_IN], layers[index, FAN_OUT], layers[index, START]
        inputs, outputs = layers[index, INPUT], layers[index, OUTPUT]
        bias = w + fan_in * fan_out
        if layers[index, DROPS]:
            multiply(A, inputs, batches.masks, batches.dropped[index], rows * fan_in)
        to, biases, of, weights = place(Z, outputs), place(parameters, bias), place(A, inputs), place(parameters, w)
        product(to, biases, of, fan_in, ONE, weights, fan_out, rows, fan_in, fan_out, strips)
        if activate_output or index < len(layers) - 1:
            alpha = parameters[bias + fan_out]
            call(layers[index, ACTIVATE], (Z, outputs, A, outputs, slopes, outputs, rows, fan_out, alpha))


def backward(
    layers: Integers,
    parameters: Floats,
    gradient: Floats,
    batches: Batches,
    room: Room,
    rows: int,
    delta_known: bool,  # noqa: FBT001
) -> None:
    """Fill the gradient from ``room.delta``, which has ∂L/∂A of the output, or ∂L/∂Z if ``delta_known``."""
    Z, A, delta = room.Z, room.A, room.delta
    for back in range(len(layers)):
        index = len(layers) - 1 - back
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
                multiply(delta, outputs, room.slopes, outputs, rows * fan_out)
        differentiate(room, inputs, outputs, gradient, w, rows, fan_in, fan_out)
        if index > 0:
            pass_back(room, parameters, w, inputs, outputs, rows, fan_in, fan_out)
            if layers[index, DROPS]:
                multiply(delta, inputs, batches.masks, batches.dropped[index], rows * fan_in)


def differentiate(
    room: Room, inputs: int, outputs: int, gradient: Floats, w: int, rows: int, fan_in: int, fan_out: int
) -> None:
    """Set ∂L/∂W = Aᵀ·∂L/∂Z and ∂L/∂b = 1ᵀ·∂L/∂Z in the gradient, from ``w`` on."""
    zero = ONE - ONE
    one, zeros, strips = place(room.constants, zero), place(room.constants, ONE), place(room.T, zero)
    before, after, to = place(room.A, inputs), place(room.delta, outputs), place(gradient, w)
    if fan_out == ONE:
        # A single column would be taken number by number; its transpose is stored alike.
        product(to, zeros, after, zero, ONE, before, fan_in, ONE, rows, fan_in, strips)
    else:
        p_row, p_inner = ONE, fan_in
        if rows >= MANY_ROWS and fan_in >= WIDE:
            # Down its columns A would be read in steps as long as its rows, at worst each from the same few places of
            # L1 (measured for rows of 4096 bytes: 2.4 times as slow).
            transposed = place(room.T, len(room.T) - rows * fan_in)
            transpose(before, zero, rows, fan_in, transposed)
            before, p_row, p_inner = transposed, rows, ONE
        product(to, zeros, before, p_row, p_inner, after, fan_out, fan_in, rows, fan_out, strips)
    product(place(gradient, w + fan_in * fan_out), zeros, one, zero, zero, after, fan_out, ONE, rows, fan_out, strips)


def pass_back(
    room: Room, parameters: Floats, w: int, inputs: int, outputs: int, rows: int, fan_in: int, fan_out: int
) -> None:
    """Set ∂L/∂A of the layer's inputs to ∂L/∂Z·Wᵀ, in ``room.delta`` from ``inputs`` on."""
    zeros, weights, strips = place(room.constants, ONE), place(parameters, w), place(room.T, ONE - ONE)
    if fan_out == ONE:
        # A single column is its own transpose.
        product(
            place(room.delta, inputs),
            zeros,
            place(room.delta, outputs),
            ONE,
            ONE,
            weights,
            ONE,
            rows,
            ONE,
            fan_in,
            strips,
        )
    elif rows <= FEW_ROWS:
        # To transpose W would take longer than the products themselves.
        for _row in range(rows):
            before, after = place(room.delta, inputs), place(room.delta, outputs)
            product(before, zeros, weights, fan_out, ONE, after, ONE, fan_in, fan_out, ONE, strips)
            inputs += fan_in
            outputs += fan_out
    else:
        before, after = place(room.delta, inputs), place(room.delta, outputs)
        product_with_transpose(before, zeros, after, weights, rows, fan_out, fan_in, strips)


PARTS: Final = (forward, backward, differentiate, pass_back)
"""All of these, and :func:`call`, must be registered before compiling."""
