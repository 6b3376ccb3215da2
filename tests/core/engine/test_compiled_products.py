"""The SIMD matrix products match NumPy's, for every remainder of rows and columns."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from core.arrays import Floats
from core.engine.compiled import kernel as compiled
from core.engine.compiled.products import (
    ONE,
    outer_product,
    product,
    product_of_row,
    product_with_transpose,
    product_with_vector,
)
from core.engine.compiled.tile import pointer_to

numba = pytest.importorskip("numba")


def product_of_arrays(
    C: Floats, start: Floats, P: Floats, p_row: int, p_inner: int, Q: Floats, q_inner: int, T: Floats
) -> None:
    zero = ONE - ONE
    rows, columns = np.uint64(C.shape[0]), np.uint64(C.shape[1])
    to, of, times = pointer_to(C, zero), pointer_to(P, zero), pointer_to(Q, zero)
    inner, strips = np.uint64(Q.shape[0]), pointer_to(T, zero)
    product(to, pointer_to(start, zero), of, p_row, p_inner, times, q_inner, rows, inner, columns, strips)


def product_with_transposed_array(C: Floats, start: Floats, P: Floats, W: Floats, T: Floats) -> None:
    zero = ONE - ONE
    rows, inner, columns = np.uint64(C.shape[0]), np.uint64(P.shape[1]), np.uint64(C.shape[1])
    to, of = pointer_to(C, zero), pointer_to(P, zero)
    product_with_transpose(
        to, pointer_to(start, zero), of, pointer_to(W, zero), rows, inner, columns, pointer_to(T, zero)
    )


def product_with_vector_array(C: Floats, start: float, P: Floats, Q: Floats) -> None:
    zero = ONE - ONE
    rows, inner = np.uint64(P.shape[0]), np.uint64(P.shape[1])
    product_with_vector(pointer_to(C, zero), start, pointer_to(P, zero), pointer_to(Q, zero), rows, inner)


def product_of_row_array(C: Floats, start: Floats, P: Floats, Q: Floats) -> None:
    zero = ONE - ONE
    of, times, rest = pointer_to(P, zero), pointer_to(Q, zero), pointer_to(start, zero)
    product_of_row(pointer_to(C, zero), rest, of, ONE, times, np.uint64(Q.shape[0]), np.uint64(Q.shape[1]))


def outer_product_of_arrays(C: Floats, P: Floats, Q: Floats) -> None:
    zero = ONE - ONE
    of, times = pointer_to(P, zero), pointer_to(Q, zero)
    outer_product(pointer_to(C, zero), of, times, np.uint64(len(P)), np.uint64(len(Q)))


def room(inner: int) -> Floats:
    """Return a buffer to which a product may copy a strip of ``inner`` rows."""
    return np.full(8 * inner, np.nan)


@pytest.fixture(scope="module")
def compiled_product() -> Any:
    compiled.load()
    return numba.njit(nogil=True)(product_of_arrays)


def test_agrees_for_every_remainder(compiled_product: Any) -> None:
    rng = np.random.default_rng(3)
    for rows in range(1, 10):
        for inner in (1, 2, 7):
            for columns in range(1, 20):
                P, Q, start = (
                    rng.normal(size=(rows, inner)),
                    rng.normal(size=(inner, columns)),
                    rng.normal(size=columns),
                )
                C = np.full((rows, columns), np.nan)
                compiled_product(C, start, P, np.uint64(inner), ONE, Q, np.uint64(columns), room(inner))
                np.testing.assert_allclose(C, start + P @ Q, rtol=1e-13, atol=1e-13)
                of_transpose = np.full((rows, columns), np.nan)
                transposed = P.T.copy()
                compiled_product(
                    of_transpose, start, transposed, ONE, np.uint64(rows), Q, np.uint64(columns), room(inner)
                )
                np.testing.assert_array_equal(of_transpose, C)


@pytest.mark.parametrize("columns", [255, 256, 263, 512])
@pytest.mark.parametrize("rows", [7, 8, 13])
def test_agrees_where_strips_are_copied(rows: int, columns: int, compiled_product: Any) -> None:
    rng = np.random.default_rng(6)
    P, Q, start = rng.normal(size=(rows, 9)), rng.normal(size=(9, columns)), rng.normal(size=columns)
    C, strips = np.full((rows, columns), np.nan), room(9)
    compiled_product(C, start, P, np.uint64(9), ONE, Q, np.uint64(columns), strips)
    np.testing.assert_allclose(C, start + P @ Q, rtol=1e-13, atol=1e-13)
    assert np.isfinite(strips).all() == (rows >= 8 and columns >= 256)


def test_agrees_for_every_remainder_of_a_transpose() -> None:
    compiled.load()
    compiled_product = numba.njit(nogil=True)(product_with_transposed_array)
    rng = np.random.default_rng(4)
    for rows in (1, 4, 7):
        for inner in (1, 3, 4, 9):
            for columns in range(1, 20):
                P, W, start = (
                    rng.normal(size=(rows, inner)),
                    rng.normal(size=(columns, inner)),
                    rng.normal(size=columns),
                )
                C = np.full((rows, columns), np.nan)
                compiled_product(C, start, P, W, room(inner))
                np.testing.assert_allclose(C, start + P @ W.T, rtol=1e-13, atol=1e-13)


def test_agrees_for_every_remainder_of_a_vector() -> None:
    compiled.load()
    compiled_product = numba.njit(nogil=True)(product_with_vector_array)
    rng = np.random.default_rng(5)
    for rows in range(1, 10):
        for inner in range(1, 20):
            P, Q, start = rng.normal(size=(rows, inner)), rng.normal(size=inner), float(rng.normal())
            C = np.full(rows + 1, np.nan)
            compiled_product(C, start, P, Q)
            np.testing.assert_allclose(C[:rows], start + P @ Q, rtol=1e-13, atol=1e-13)
            assert np.isnan(C[rows])


def test_agrees_for_every_remainder_of_a_row() -> None:
    compiled.load()
    compiled_product = numba.njit(nogil=True)(product_of_row_array)
    rng = np.random.default_rng(7)
    for inner in (1, 2, 9):
        for columns in range(1, 20):
            P, Q, start = rng.normal(size=inner), rng.normal(size=(inner, columns)), rng.normal(size=columns)
            C = np.full(columns + 1, np.nan)
            compiled_product(C, start, P, Q)
            np.testing.assert_allclose(C[:columns], start + P @ Q, rtol=1e-13, atol=1e-13)
            assert np.isnan(C[columns])


def test_agrees_for_every_remainder_of_an_outer_product() -> None:
    compiled.load()
    compiled_product = numba.njit(nogil=True)(outer_product_of_arrays)
    rng = np.random.default_rng(8)
    for rows in (1, 2, 5):
        for columns in range(1, 20):
            P, Q = rng.normal(size=rows), rng.normal(size=columns)
            C = np.full(rows * columns + 1, np.nan)
            compiled_product(C, P, Q)
            np.testing.assert_array_equal(C[:-1].reshape(rows, columns), np.outer(P, Q))
            assert np.isnan(C[-1])


def test_non_finite_numbers_propagate_through_a_product_with_a_vector() -> None:
    compiled.load()
    compiled_product = numba.njit(nogil=True)(product_with_vector_array)
    P = np.ones((3, 5))
    P[0, 1], P[1, 4] = np.inf, np.nan
    C = np.zeros(3)
    compiled_product(C, 0.5, P, np.array([1.0, 0.0, 1.0, 1.0, 1.0]))
    np.testing.assert_array_equal(C, [np.nan, np.nan, 4.5])


def test_non_finite_numbers_propagate(compiled_product: Any) -> None:
    P, Q = np.array([[np.inf, 1.0], [0.0, 1.0]]), np.array([[0.0, 1.0], [1.0, 1.0]])
    C = np.zeros((2, 2))
    compiled_product(C, np.zeros(2), P, np.uint64(2), ONE, Q, np.uint64(2), room(2))
    np.testing.assert_array_equal(C, [[np.nan, np.inf], [1.0, 1.0]])
