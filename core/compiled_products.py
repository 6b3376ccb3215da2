"""Products, sums and copies on flat arrays for the compiled loop: counts and offsets are unsigned, as it explains."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from core.arrays import Floats, Integers

ONE: Final[Any] = np.uint64(1)
_TWO: Final[Any] = np.uint64(2)


def add_product(
    C: Floats,
    c: int,
    P: Floats,
    p: int,
    p_row: int,
    p_inner: int,
    Q: Floats,
    q: int,
    rows: int,
    inner: int,
    columns: int,
) -> None:
    """Add P·Q to C (rows, columns): C[r, j] += Σ_k P[r, k]·Q[k, j].

    C begins at ``c`` and Q at ``q``, both row by row; P[r, k] is at ``p + r·p_row + k·p_inner``, so that P may be
    a transpose. Two rows and four terms at once: each number of C is then loaded and stored a quarter as often, and each
    of Q loaded half as often.
    """
    for _pair in range(rows >> ONE):
        add_two_rows(C, c, P, p, p_row, p_inner, Q, q, inner, columns)
        c += columns + columns
        p += p_row + p_row
    if rows & ONE:
        add_row(C, c, P, p, p_inner, Q, q, inner, columns)


def add_two_rows(
    C: Floats, c: int, P: Floats, p: int, p_row: int, p_inner: int, Q: Floats, q: int, inner: int, columns: int
) -> None:
    """Do two rows of :func:`add_product`."""
    fours = inner >> _TWO
    d, r = c + columns, p + p_row
    for _four in range(fours):
        q1 = q + columns
        q2 = q1 + columns
        q3 = q2 + columns
        p1 = p + p_inner
        p2 = p1 + p_inner
        p3 = p2 + p_inner
        r1 = r + p_inner
        r2 = r1 + p_inner
        r3 = r2 + p_inner
        a0, a1, a2, a3 = P[p], P[p1], P[p2], P[p3]
        b0, b1, b2, b3 = P[r], P[r1], P[r2], P[r3]
        for j in range(columns):
            x0, x1, x2, x3 = Q[q + j], Q[q1 + j], Q[q2 + j], Q[q3 + j]
            C[c + j] += a0 * x0 + a1 * x1 + a2 * x2 + a3 * x3
            C[d + j] += b0 * x0 + b1 * x1 + b2 * x2 + b3 * x3
        p = p3 + p_inner
        r = r3 + p_inner
        q = q3 + columns
    for _one in range(inner - (fours << _TWO)):
        a0, b0 = P[p], P[r]
        for j in range(columns):
            C[c + j] += a0 * Q[q + j]
            C[d + j] += b0 * Q[q + j]
        p += p_inner
        r += p_inner
        q += columns


def add_row(C: Floats, c: int, P: Floats, p: int, p_inner: int, Q: Floats, q: int, inner: int, columns: int) -> None:
    """Do one row of :func:`add_product`."""
    fours = inner >> _TWO
    for _four in range(fours):
        q1 = q + columns
        q2 = q1 + columns
        q3 = q2 + columns
        p1 = p + p_inner
        p2 = p1 + p_inner
        p3 = p2 + p_inner
        a0, a1, a2, a3 = P[p], P[p1], P[p2], P[p3]
        for j in range(columns):
            C[c + j] += a0 * Q[q + j] + a1 * Q[q1 + j] + a2 * Q[q2 + j] + a3 * Q[q3 + j]
        p = p3 + p_inner
        q = q3 + columns
    for _one in range(inner - (fours << _TWO)):
        a0 = P[p]
        for j in range(columns):
            C[c + j] += a0 * Q[q + j]
        p += p_inner
        q += columns


def transpose(W: Floats, w: int, rows: int, columns: int, T: Floats) -> None:
    """Write the transpose of W (rows, columns), which begins at ``w``, into T from 0 on."""
    for i in range(rows):
        t = i
        for j in range(columns):
            T[t] = W[w + j]
            t += rows
        w += columns


def fill(V: Floats, start: int, count: int, value: float) -> None:
    """Set ``count`` numbers of V from ``start`` on."""
    for k in range(count):
        V[start + k] = value


def multiply(V: Floats, start: int, factors: Floats, f: int, count: int) -> None:
    """Multiply ``count`` numbers of V from ``start`` on by those of ``factors`` from ``f`` on."""
    for k in range(count):
        V[start + k] *= factors[f + k]


def gather(source: Floats, columns: int, samples: Integers, first: int, rows: int, target: Floats) -> None:
    """Copy the rows ``samples[first:first + rows]`` of ``source`` (N, columns) to the beginning of ``target``."""
    t = first - first
    for row in range(rows):
        s = samples[first + row] * columns
        for j in range(columns):
            target[t + j] = source[s + j]
        t += columns


def sum_of_squares(V: Floats, start: int, stop: int) -> float:
    """Return Σ v² from ``start`` to ``stop``."""
    total = 0.0
    for k in range(start, stop):
        total += V[k] * V[k]
    return total


def finite(V: Floats) -> bool:
    """Return whether every number of V is finite; 0·v is NaN for those that are not."""
    total = 0.0
    for k in range(len(V)):
        total += 0.0 * V[k]
    return bool(total == 0.0)


PARTS: Final = (add_product, add_two_rows, add_row, transpose, fill, multiply, gather, sum_of_squares, finite)
"""All of these: a compiler has to be told of them by name."""
