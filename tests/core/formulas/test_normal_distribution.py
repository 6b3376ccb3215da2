"""The normal distribution function compared with mpmath's values and the standard library's erfc, in all of Cody's ranges."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from core.arrays import Floats
from core.formulas.normal_distribution import normal_cdf, normal_density

GOLDEN = Path(__file__).parents[2] / "golden" / "normal_distribution.npz"


@pytest.mark.parametrize(("name", "function"), [("cdf", normal_cdf), ("density", normal_density)])
def test_values_are_accurate_to_8_units_in_the_last_place(name: str, function: Callable[[Floats], Floats]) -> None:
    with np.load(GOLDEN) as golden:
        z, expected = golden["z"], golden[name]
    assert z.min() < -37.0
    assert np.max(np.abs(function(z) - expected) / np.spacing(expected)) <= 8.0


def test_cdf_agrees_with_the_standard_library_in_both_tails() -> None:
    # The ranges end at |z| = 0.46875·√2 and 4·√2; both sides of each are tested.
    edges = [limit * math.sqrt(2.0) * (1.0 + side) for limit in (0.46875, 4.0) for side in (-1e-15, 0.0, 1e-15)]
    z = np.concatenate([np.linspace(-37.0, 37.0, 20_001), edges, np.negative(edges)])
    expected = np.array([0.5 * math.erfc(-value / math.sqrt(2.0)) for value in z])
    middle = np.abs(z) < 6.0
    np.testing.assert_allclose(normal_cdf(z[middle]), expected[middle], rtol=1e-14)
    # Far out, erfc's argument is itself rounded, and e^(−z²/2) magnifies that by z².
    np.testing.assert_allclose(normal_cdf(z), expected, rtol=1e-12)
    np.testing.assert_allclose(normal_cdf(z), expected, rtol=0.0, atol=3e-16)


def test_cdf_is_symmetric_and_ends_at_0_and_1() -> None:
    z = np.linspace(0.0, 40.0, 401)
    np.testing.assert_allclose(normal_cdf(z) + normal_cdf(-z), 1.0, rtol=2e-16)
    np.testing.assert_array_equal(normal_cdf(np.array([-1e308, -1000.0, 0.0, 1000.0, 1e308])), [0, 0, 0.5, 1, 1])


def test_density_is_the_slope_of_the_cdf() -> None:
    z, step = np.linspace(-7.0, 7.0, 281), 1e-5
    slope = (normal_cdf(z + step) - normal_cdf(z - step)) / (2 * step)
    np.testing.assert_allclose(normal_density(z), slope, atol=1e-10)
    np.testing.assert_allclose(normal_density(np.zeros(1)), 1.0 / math.sqrt(2.0 * math.pi), rtol=1e-15)
    np.testing.assert_array_equal(normal_density(np.array([-1e308, 1e308])), 0.0)
