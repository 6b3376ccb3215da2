"""The loops for softmax and cross-entropy, called by their addresses, match the registries' formulas."""

from __future__ import annotations

import ctypes
from typing import Any

import numpy as np
import pytest

from core.arrays import Floats
from core.engine.compiled.kernel import load
from core.formulas.activations import OUTPUT_ACTIVATIONS, SOFTMAX, softmax
from core.formulas.losses import LOSSES

pytest.importorskip("numba")

DOUBLES = ctypes.POINTER(ctypes.c_double)
EXTREMES = np.array([[-1e300, 0.0, 1e300], [-800.0, 800.0, 800.0], [5e-324, -0.0, 0.0], [-709.5, -744.0, 0.0]])


def call(address: int, arrays: tuple[Floats, ...], *counts: Any) -> float:
    kinds = [DOUBLES] * len(arrays) + [
        ctypes.c_double if isinstance(each, float) else ctypes.c_uint64 for each in counts
    ]
    function = ctypes.CFUNCTYPE(ctypes.c_double, *kinds)(address)
    return float(function(*(each.ctypes.data_as(DOUBLES) for each in arrays), *counts))


def lost(Z: Floats, Y: Floats) -> tuple[float, Floats]:
    dZ = np.full(Z.shape, np.nan)
    return call(load().addresses.loss["cross_entropy"], (Z, Y, dZ), *Z.shape), dZ


def activated(Z: Floats) -> Floats:
    A = np.full(Z.shape, np.nan)
    call(load().addresses.activate["softmax"], (Z, A, np.empty(Z.shape)), *Z.shape, 0.0)
    return A


@pytest.mark.parametrize("rows", [1, 2, 7, 64, 105])
@pytest.mark.parametrize("columns", [1, 2, 3, 8, 10, 17])
def test_agree_for_every_remainder(rows: int, columns: int) -> None:
    rng = np.random.default_rng(rows * 100 + columns)
    Z = rng.normal(0.0, 5.0, (rows, columns))
    Y = rng.dirichlet(np.ones(columns), rows)  # probabilities, of which one-hot rows are a special case
    entry = LOSSES["cross_entropy"]
    value, derivative = lost(Z, Y)
    assert value == pytest.approx(float(entry.value(Z, Y).mean()), rel=1e-13, abs=1e-15)
    np.testing.assert_allclose(derivative, entry.derivative(Z, Y) / rows, rtol=1e-13, atol=1e-15 / rows)
    np.testing.assert_allclose(activated(Z), softmax(Z), rtol=1e-14)


def test_agree_where_exponentials_would_overflow_or_vanish() -> None:
    Y = np.eye(3)[[0, 1, 2, 0]]
    entry = LOSSES["cross_entropy"]
    value, derivative = lost(EXTREMES, Y)
    assert value == pytest.approx(float(entry.value(EXTREMES, Y).mean()))
    np.testing.assert_allclose(derivative, entry.derivative(EXTREMES, Y) / 4, rtol=1e-13, atol=1e-300)
    np.testing.assert_allclose(activated(EXTREMES), softmax(EXTREMES), rtol=1e-13, atol=1e-300)


def test_a_value_that_is_not_a_number_stays_visible() -> None:
    Z = np.array([[0.0, np.nan], [1.0, 2.0]])
    value, derivative = lost(Z, np.eye(2))
    assert np.isnan(value)
    assert np.isnan(derivative[0]).all()
    assert np.isfinite(derivative[1]).all()
    assert np.isnan(activated(Z)[0]).all()


def test_every_formula_of_rows_is_one_of_these() -> None:
    assert [entry for entry in LOSSES.values() if not entry.elementwise] == [LOSSES["cross_entropy"]]
    assert [entry for entry in OUTPUT_ACTIVATIONS.values() if entry.row_wise] == [SOFTMAX]
