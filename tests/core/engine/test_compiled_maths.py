"""The vectorizable functions match NumPy's to a few units in the last place, including the ends of their ranges."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.arrays import Floats
from core.engine.compiled import kernel
from core.engine.compiled import maths as compiled_maths
from core.engine.compiled.formulas import OPTIONS

numba = pytest.importorskip("numba")

GOLDEN = Path(__file__).parents[2] / "golden" / "normal_distribution.npz"


@pytest.fixture(scope="module")
def compiled() -> Callable[[str], Callable[[Floats], Floats]]:
    for function in compiled_maths.FUNCTIONS:
        numba.extending.register_jitable(fastmath={"contract"}, error_model="numpy")(function)

    def make(name: str) -> Callable[[Floats], Floats]:
        scalar = getattr(compiled_maths, name)

        # With the options of the real loops: rint's rounding must survive reassociation of the surrounding sums.
        @numba.njit(**OPTIONS)  # type: ignore[untyped-decorator]
        def apply(x: Floats) -> Floats:
            out = np.empty_like(x)
            for k in range(len(x)):
                out[k] = scalar(x[k])
            return out

        made: Callable[[Floats], Floats] = apply
        return made

    return make


def arguments(low: float, high: float) -> Floats:
    rng = np.random.default_rng(5)
    tiny = np.exp(rng.uniform(-700.0, 0.0, 20_000)) * rng.choice([-1.0, 1.0], 20_000)
    near = rng.uniform(max(low, -2.0), 2.0, 100_000)
    return np.concatenate([rng.uniform(low, high, 100_000), near, tiny[tiny > low]])


@pytest.mark.parametrize(
    ("name", "low", "high"),
    [("exp", -707.0, 709.0), ("expm1", -60.0, 709.0), ("tanh", -30.0, 30.0), ("log1p", -0.999, 1e6)],
)
def test_functions_are_accurate_to_a_few_units_in_the_last_place(
    name: str, low: float, high: float, compiled: Any
) -> None:
    x = arguments(low, high)
    expected = getattr(np, name)(x)
    assert np.max(np.abs(compiled(name)(x) - expected) / np.spacing(np.abs(expected))) <= 3.0


def test_arguments_at_the_ends_of_the_range(compiled: Any) -> None:
    ends = np.array([-np.inf, -1e300, -1000.0, 0.0, 1000.0, 1e300, np.inf, np.nan])
    infinite = np.array([np.inf, np.inf, np.inf, np.nan])
    np.testing.assert_array_equal(compiled("exp")(ends), [0.0, 0.0, 0.0, 1.0, *infinite])
    np.testing.assert_array_equal(compiled("expm1")(ends), [-1.0, -1.0, -1.0, 0.0, *infinite])
    np.testing.assert_array_equal(compiled("tanh")(ends), [-1.0, -1.0, -1.0, 0.0, 1.0, 1.0, 1.0, np.nan])
    ends = np.array([-np.inf, -1.0000000000000002, -1.0, 0.0, np.inf, np.nan])
    np.testing.assert_array_equal(compiled("log1p")(ends), [np.nan, np.nan, -np.inf, 0.0, np.inf, np.nan])
    largest = np.array([np.nextafter(-1.0, 0.0), 1e300, np.finfo(float).max])
    np.testing.assert_allclose(compiled("log1p")(largest), np.log1p(largest), rtol=3e-16)


@pytest.mark.parametrize("name", ["tanh", "expm1", "log1p"])
def test_tiny_arguments_are_returned_unchanged_with_their_sign(name: str, compiled: Any) -> None:
    x = np.array([0.0, -0.0, 5e-324, -5e-324, 1e-310, -1e-310, 1e-300, -1e-300, 1e-21, -1e-21])
    result = compiled(name)(x)
    np.testing.assert_allclose(result, x, rtol=1e-15, atol=0.0)
    np.testing.assert_array_equal(np.signbit(result), np.signbit(x))


def test_numbers_are_rounded_half_to_even(compiled: Any) -> None:
    x = np.concatenate([arguments(-1e6, 1e6), [0.5, 1.5, -0.5, -2.5, 41943040.0, 0.0]])
    np.testing.assert_array_equal(compiled("rint")(x), np.rint(x))


def test_gelu_is_within_16_units_in_the_last_place_of_the_true_value() -> None:
    with np.load(GOLDEN) as golden:
        z, cdf, density = golden["z"], golden["cdf"], golden["density"]
    values, slopes = np.zeros(len(z) + 8), np.zeros(len(z) + 8)
    pointer = ctypes.POINTER(ctypes.c_double)
    types = (pointer, pointer, pointer, ctypes.c_uint64, ctypes.c_uint64, ctypes.c_double)
    gelu = ctypes.CFUNCTYPE(ctypes.c_double, *types)(kernel.load().addresses.activate["gelu"])
    padded = np.concatenate([z, np.zeros(8)])
    gelu(*(array.ctypes.data_as(pointer) for array in (padded, values, slopes)), len(z), 1, 0.0)
    large = np.abs(z) > 1e-290  # beyond, z·Φ(z) is subnormal
    assert np.max(np.abs(values[: len(z)] - z * cdf)[large] / np.spacing(np.abs(z * cdf))[large]) <= 16.0
    terms = cdf + np.abs(z) * density  # they cancel where the slope is 0
    assert np.max(np.abs(slopes[: len(z)] - (cdf + z * density)) / np.spacing(terms)) <= 16.0


def test_formulas_use_the_replaced_functions_only_when_compiled() -> None:
    def formula(z: float) -> float:
        return float(np.tanh(z))

    replaced = compiled_maths.for_numbers(formula)
    assert replaced.__globals__["np"].tanh is compiled_maths.tanh
    assert formula.__globals__["np"] is np


def test_row_sums() -> None:
    V = np.arange(6.0).reshape(2, 3)
    np.testing.assert_array_equal(compiled_maths.row_sums(V, 1), V.sum(axis=1))
