"""Products, sums and copies on flat arrays for the compiled loop; counts and offsets are unsigned (see ``loop``)."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from core.arrays import Floats, Integers
from core.engine.compiled.tile import Pointer, dots, multiply_eight, outer_strip, tile, transpose_block

ONE: Final[Any] = np.uint64(1)
_TWO: Final[Any] = np.uint64(2)
_THREE: Final[Any] = np.uint64(3)
_FOUR: Final[Any] = np.uint64(4)
_SEVEN: Final[Any] = np.uint64(7)
_EIGHT: Final[Any] = np.uint64(8)

MANY_ROWS: Final[Any] = np.uint64(8)
WIDE: Final[Any] = np.uint64(256)
"""At or above this width, the rows of a strip evict each other from L1 (all of them for a stride of 4096 bytes)."""


def product(
    C: Pointer,
    start: Pointer,
    P: Pointer,
    p_row: int,
    p_inner: int,
    Q: Pointer,
    q_inner: int,
    rows: int,
    inner: int,
    columns: int,
    T: Pointer,
) -> None:
    """Set C (rows, columns) to start + P·Q: C[r, j] = start[j] + Σ_k P[r, k]·Q[k, j].

    C is row-major. P[r, k] is at ``r·p_row + k·p_inner``, so that P may be a transpose or a constant, and Q[k, j] at
    ``k·q_inner + j``. Computed in strips of 8 columns, one SIMD register on wide machines. A strip of a wide Q that is used
    for many rows is first copied to T, which must hold 8·``inner`` numbers.
    """
    zero = ONE - ONE
    j = zero
    if rows >= MANY_ROWS and q_inner >= WIDE:
        for _strip in range(columns >> _THREE):
            copy_strip(Q, j, q_inner, inner, T)
            strip(C, columns, start, P, p_row, p_inner, T, zero, _EIGHT, rows, inner, j, 8)
            j += _EIGHT
    else:
        for _strip in range(columns >> _THREE):
            strip(C, columns, start, P, p_row, p_inner, Q, j, q_inner, rows, inner, j, 8)
            j += _EIGHT
    if columns & _FOUR:
        strip(C, columns, start, P, p_row, p_inner, Q, j, q_inner, rows, inner, j, 4)
        j += _FOUR
    if columns & _TWO:
        strip(C, columns, start, P, p_row, p_inner, Q, j, q_inner, rows, inner, j, 2)
        j += _TWO
    if columns & ONE:
        strip(C, columns, start, P, p_row, p_inner, Q, j, q_inner, rows, inner, j, 1)


def strip(
    C: Pointer,
    c_row: int,
    start: Pointer,
    P: Pointer,
    p_row: int,
    p_inner: int,
    Q: Pointer,
    q: int,
    q_inner: int,
    rows: int,
    inner: int,
    j: int,
    columns: int,
) -> None:
    """Compute ``columns`` (compile-time constant) columns of C from ``j`` (in Q from offset ``q``), four rows at a time."""
    c, p = j, ONE - ONE
    for _four in range(rows >> _TWO):
        tile((C, c, c_row, start, j, P, p, p_row, p_inner, Q, q, q_inner, inner), 4, columns)
        c += _FOUR * c_row
        p += _FOUR * p_row
    if rows & _TWO:
        tile((C, c, c_row, start, j, P, p, p_row, p_inner, Q, q, q_inner, inner), 2, columns)
        c += c_row + c_row
        p += p_row + p_row
    if rows & ONE:
        tile((C, c, c_row, start, j, P, p, p_row, p_inner, Q, q, q_inner, inner), 1, columns)


def product_of_row(C: Pointer, start: Pointer, P: Pointer, p_inner: int, Q: Pointer, inner: int, columns: int) -> None:
    """Set C (columns,) to start + P·Q, where P[k] is at ``k·p_inner`` and Q (inner, columns) is row-major."""
    zero = ONE - ONE
    j = zero
    for _strip in range(columns >> _THREE):
        tile((C, j, zero, start, j, P, zero, zero, p_inner, Q, j, columns, inner), 1, 8)
        j += _EIGHT
    if columns & _FOUR:
        tile((C, j, zero, start, j, P, zero, zero, p_inner, Q, j, columns, inner), 1, 4)
        j += _FOUR
    if columns & _TWO:
        tile((C, j, zero, start, j, P, zero, zero, p_inner, Q, j, columns, inner), 1, 2)
        j += _TWO
    if columns & ONE:
        tile((C, j, zero, start, j, P, zero, zero, p_inner, Q, j, columns, inner), 1, 1)


def outer_product(C: Pointer, P: Pointer, Q: Pointer, rows: int, columns: int) -> None:
    """Set C (rows, columns), row-major, to the outer product C[r, j] = P[r]·Q[j]."""
    j = ONE - ONE
    for _strip in range(columns >> _THREE):
        outer_strip((C, j, columns, P, Q, rows), 8)
        j += _EIGHT
    if columns & _FOUR:
        outer_strip((C, j, columns, P, Q, rows), 4)
        j += _FOUR
    if columns & _TWO:
        outer_strip((C, j, columns, P, Q, rows), 2)
        j += _TWO
    if columns & ONE:
        outer_strip((C, j, columns, P, Q, rows), 1)


def product_with_vector(C: Pointer, start: float, P: Pointer, Q: Pointer, rows: int, inner: int) -> None:
    """Set C (rows,) to start + P·Q: C[r] = start + Σ_k P[r, k]·Q[k], with P (rows, inner) row-major."""
    c, p = ONE - ONE, ONE - ONE
    for _four in range(rows >> _TWO):
        dots((C, c, start, P, p, Q, inner), 4)
        c += _FOUR
        p += _FOUR * inner
    if rows & _TWO:
        dots((C, c, start, P, p, Q, inner), 2)
        c += _TWO
        p += inner + inner
    if rows & ONE:
        dots((C, c, start, P, p, Q, inner), 1)


def product_with_transpose(
    C: Pointer, start: Pointer, P: Pointer, W: Pointer, rows: int, inner: int, columns: int, T: Pointer
) -> None:
    """Set C (rows, columns) to start + P·Wᵀ, all row-major: P (rows, inner), W (columns, inner).

    Computed like :func:`product`, with each strip of Wᵀ first written to T, which must hold 8·``inner`` numbers.
    """
    zero = ONE - ONE
    j = zero
    for _strip in range(columns >> _THREE):
        transpose(W, j * inner, _EIGHT, inner, T)
        strip(C, columns, start, P, inner, ONE, T, zero, _EIGHT, rows, inner, j, 8)
        j += _EIGHT
    if columns & _FOUR:
        transpose(W, j * inner, _FOUR, inner, T)
        strip(C, columns, start, P, inner, ONE, T, zero, _FOUR, rows, inner, j, 4)
        j += _FOUR
    if columns & _TWO:
        transpose(W, j * inner, _TWO, inner, T)
        strip(C, columns, start, P, inner, ONE, T, zero, _TWO, rows, inner, j, 2)
        j += _TWO
    if columns & ONE:
        strip(C, columns, start, P, inner, ONE, W, j * inner, ONE, rows, inner, j, 1)


def copy_strip(Q: Pointer, j: int, q_inner: int, inner: int, T: Pointer) -> None:
    """Copy the 8 columns of Q (inner, columns) from ``j`` to T, row-major."""
    t = ONE - ONE
    for _row in range(inner):
        for c in range(_EIGHT):
            T[t + c] = Q[j + c]
        j += q_inner
        t += _EIGHT


def transpose(W: Pointer, w: int, rows: int, columns: int, T: Pointer) -> None:
    """Write the transpose of W (rows, columns), at offset ``w``, to T, in blocks of 4 × 4 and then the remainder."""
    fours, in_fours = rows >> _TWO, columns >> _TWO << _TWO
    for four in range(fours):
        i = four << _TWO
        for block in range(columns >> _TWO):
            j = block << _TWO
            transpose_block(T, j * rows + i, rows, W, w + i * columns + j, columns)
    for i in range(rows):
        for j in range(in_fours if i < fours << _TWO else ONE - ONE, columns):
            T[j * rows + i] = W[w + i * columns + j]


def multiply(V: Floats, start: int, M: Floats, m: int, count: int) -> None:
    """Multiply V[start : start + count] by M[m : m + count], in place."""
    for k in range(count):
        V[start + k] *= M[m + k]


def multiply_eights(V: Floats, M: Floats, start: int, count: int) -> None:
    """Multiply V by M in place, both from ``start``; up to 7 numbers beyond ``count`` are multiplied as well."""
    for _eight in range((count + _SEVEN) >> _THREE):
        multiply_eight(V, M, start)
        start += _EIGHT


def clear_eight(V: Floats, start: int) -> None:
    """Set 8 numbers from ``start`` to 0."""
    for k in range(_EIGHT):
        V[start + k] = 0.0


def gather(source: Floats, columns: int, samples: Integers, first: int, rows: int, target: Floats) -> None:
    """Copy the rows ``samples[first:first + rows]`` of ``source`` (N, columns) to the start of ``target``."""
    t = first - first
    for row in range(rows):
        s = samples[first + row] * columns
        for j in range(columns):
            target[t + j] = source[s + j]
        t += columns


def sum_of_squares(V: Floats, count: int) -> float:
    """Return Σ v² over the first ``count`` numbers."""
    total = 0.0
    for k in range(count):
        total += V[k] * V[k]
    return total


def sum_of_eights(V: Floats, start: int, count: int) -> float:
    """Return Σ |v| over ``count`` numbers from ``start``, and up to 7 more."""
    total = 0.0
    for k in range((count + _SEVEN) >> _THREE << _THREE):
        total += abs(V[start + k])
    return total


def sum_of_sizes(V: Floats, start: int, count: int) -> float:
    """Return Σ |v| over ``count`` numbers from ``start``: infinite or NaN if one of them is."""
    total = 0.0
    for k in range(count):
        total += abs(V[start + k])
    return total


PARTS: Final = (multiply, multiply_eights, clear_eight, sum_of_eights, gather, sum_of_squares, sum_of_sizes)
"""Functions of arrays, which must be registered before compiling."""

PARTS_FOR_POINTERS: Final = (
    *(product, product_of_row, product_with_vector, product_with_transpose),
    *(outer_product, copy_strip, transpose),
)
"""Functions of pointers, besides :func:`strip`."""
