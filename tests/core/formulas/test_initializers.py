"""Initializers: published scales, sample variances, densities, and the gain."""

from __future__ import annotations

import math

import numpy as np
import pytest

from core.arrays import Floats
from core.formulas.initializers import INITIALIZERS, Initializer, density, initial_weights, standard_draws
from core.random_streams import stream

FAN_IN, FAN_OUT = 120, 80
RANDOM = [entry for entry in INITIALIZERS.values() if entry.distribution != "none"]

every_random_initializer = pytest.mark.parametrize("entry", RANDOM, ids=lambda entry: entry.key)


def weights(
    entry: Initializer, fan_in: int = FAN_IN, fan_out: int = FAN_OUT, gain: float = 1.0, seed: int = 1
) -> Floats:
    return initial_weights(entry, standard_draws(entry, fan_in, fan_out, rng=stream(seed, "init")), gain)


def test_the_keys_are_those_of_the_contract_in_menu_order() -> None:
    names = "zeros constant uniform normal fan_in_uniform xavier_uniform xavier_normal he_uniform he_normal"
    assert list(INITIALIZERS) == [*names.split(), "lecun_normal", "orthogonal"]


def test_row16_scales_match_the_publications() -> None:
    scales = {entry.key: entry.scale(6, 2) for entry in INITIALIZERS.values()}
    assert scales == pytest.approx(
        {
            "zeros": 0.0,
            "constant": 0.5,
            "uniform": 0.5,
            "normal": 1.0,
            "fan_in_uniform": 1 / math.sqrt(6),
            "xavier_uniform": math.sqrt(6) / math.sqrt(8),
            "xavier_normal": math.sqrt(2 / 8),
            "he_uniform": math.sqrt(6) / math.sqrt(6),
            "he_normal": math.sqrt(2 / 6),
            "lecun_normal": math.sqrt(1 / 6),
            "orthogonal": 1.0,
        }
    )


def test_row16_uniform_and_normal_variants_have_the_same_variance() -> None:
    for name in ("xavier", "he"):
        uniform, normal = INITIALIZERS[f"{name}_uniform"], INITIALIZERS[f"{name}_normal"]
        assert uniform.variance(7, 3, 1.3) == pytest.approx(normal.variance(7, 3, 1.3), rel=1e-14)
    assert INITIALIZERS["he_normal"].variance(8, 3) == pytest.approx(2 / 8)
    assert INITIALIZERS["xavier_normal"].variance(8, 3) == pytest.approx(2 / 11)
    assert INITIALIZERS["fan_in_uniform"].variance(8, 3) == pytest.approx(1 / 24)


@every_random_initializer
@pytest.mark.parametrize("seed", range(3))
def test_row16_sample_variance_is_within_three_standard_errors_of_its_formula(entry: Initializer, seed: int) -> None:
    W = weights(entry, gain=1.5, seed=seed)
    variance = entry.variance(FAN_IN, FAN_OUT, 1.5)
    # Var(s²) = (kurtosis − 1) · σ⁴ / n for known mean 0: kurtosis 3 of a normal, 9/5 of a uniform distribution.
    kurtosis = {"uniform": 1.8, "normal": 3.0, "orthogonal": 3.0}[entry.distribution]
    error = variance * math.sqrt((kurtosis - 1.0) / W.size)
    assert abs(np.mean(W * W) - variance) <= 3.0 * error
    assert abs(np.mean(W)) <= 3.0 * math.sqrt(variance / W.size)


@every_random_initializer
def test_row15_weights_are_not_all_the_same(entry: Initializer) -> None:
    assert len(np.unique(weights(entry))) == FAN_IN * FAN_OUT


def test_row15_zeros_and_constant_are_all_the_same() -> None:
    np.testing.assert_array_equal(weights(INITIALIZERS["zeros"], 3, 2, gain=5.0), np.zeros((3, 2)))
    np.testing.assert_array_equal(weights(INITIALIZERS["constant"], 3, 2, gain=5.0), np.full((3, 2), 2.5))
    for key in ("zeros", "constant"):
        assert INITIALIZERS[key].variance(3, 2, 5.0) == 0.0
        rng = stream(1, "init")
        standard_draws(INITIALIZERS[key], 3, 2, rng=rng)
        assert rng.random() == stream(1, "init").random()  # no draws were consumed


@pytest.mark.parametrize("entry", INITIALIZERS.values(), ids=lambda entry: entry.key)
def test_the_gain_scales_the_same_draws(entry: Initializer) -> None:
    draws = standard_draws(entry, 5, 3, rng=stream(1, "init"))
    kept = draws.copy()
    assert draws.shape == (5, 3)
    one = initial_weights(entry, draws, 1.0)
    for gain in (0.0, 0.25, 4.0):
        np.testing.assert_array_equal(initial_weights(entry, draws, gain), gain * one)
    np.testing.assert_array_equal(draws, kept)


def test_standard_draws_have_unit_size_in_every_layer() -> None:
    uniform = standard_draws(INITIALIZERS["xavier_uniform"], 50, 40, rng=stream(1, "init"))
    np.testing.assert_array_equal(uniform, stream(1, "init").uniform(-1, 1, (50, 40)))
    normal = standard_draws(INITIALIZERS["he_normal"], 50, 40, rng=stream(1, "init"))
    np.testing.assert_array_equal(normal, stream(1, "init").standard_normal((50, 40)))


@pytest.mark.parametrize(("fan_in", "fan_out"), [(6, 6), (9, 4), (4, 9), (1, 5), (5, 1), (1, 1)])
def test_orthogonal_columns_or_rows_are_orthonormal(fan_in: int, fan_out: int) -> None:
    W = weights(INITIALIZERS["orthogonal"], fan_in, fan_out)
    gram = W.T @ W if fan_in >= fan_out else W @ W.T
    assert W.shape == (fan_in, fan_out)
    np.testing.assert_allclose(gram, np.eye(min(fan_in, fan_out)), atol=1e-14)


def test_orthogonal_matrices_have_no_preferred_sign() -> None:
    # Without the sign fix LAPACK's Q would have a first diagonal entry of one sign in every draw.
    first = [weights(INITIALIZERS["orthogonal"], 3, 3, seed=seed)[0, 0] for seed in range(60)]
    assert 15 < sum(value > 0.0 for value in first) < 45


@every_random_initializer
def test_the_density_integrates_to_1_with_the_variance_of_the_formula(entry: Initializer) -> None:
    size = 2.0 * entry.scale(12, 7)
    edge = size if entry.distribution != "normal" else 12.0 * size
    x = (np.arange(200_000) + 0.5) / 100_000 * edge - edge  # midpoint rule: exact up to O(h²), and no point at a jump
    height = density(entry, 12, 7, 2.0, x)
    assert height is not None
    spacing = edge / 100_000
    assert np.sum(height) * spacing == pytest.approx(1.0, rel=1e-6)
    assert np.sum(height * x * x) * spacing == pytest.approx(entry.variance(12, 7, 2.0), rel=1e-6)
    beyond = density(entry, 12, 7, 2.0, np.array([-1e6, 1e6]))
    assert beyond is not None
    np.testing.assert_array_equal(beyond, 0.0)


@pytest.mark.parametrize("size", [2, 3, 4, 30])
def test_orthogonal_density_is_that_of_the_entries_drawn(size: int) -> None:
    entry = INITIALIZERS["orthogonal"]
    entries = np.concatenate([weights(entry, size, 1, seed=seed).ravel() for seed in range(4000 // size)])
    inside = np.linspace(-0.5, 0.5, 20_001)
    height = density(entry, size, 1, 1.0, inside)
    assert height is not None
    share = float(np.mean(height))  # the probability of |w| < 0.5, an interval of length 1
    deviation = math.sqrt(share * (1.0 - share) / len(entries)) if share < 0.999 else 0.001
    assert abs(np.mean(np.abs(entries) < 0.5) - share) <= 3.0 * deviation * math.sqrt(size)
    edges = density(entry, size, 1, 1.0, np.array([-1.0, 1.0]))
    assert edges is not None
    np.testing.assert_array_equal(edges, 0.0)


def test_discrete_distributions_have_no_density() -> None:
    x = np.linspace(-1.0, 1.0, 5)
    assert density(INITIALIZERS["zeros"], 4, 4, 1.0, x) is None
    assert density(INITIALIZERS["constant"], 4, 4, 1.0, x) is None
    assert density(INITIALIZERS["orthogonal"], 1, 1, 1.0, x) is None
    assert all(density(entry, 4, 4, 0.0, x) is None for entry in INITIALIZERS.values())
