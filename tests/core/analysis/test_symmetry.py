"""Order and signs of hidden neurons do not matter, and networks that differ in them only are recognized as one."""

from __future__ import annotations

import numpy as np
import pytest

from core.analysis.symmetry import aligned, canonical, distance, is_odd
from core.arrays import Floats
from core.formulas.activations import ACTIVATIONS
from core.network import Network
from core.network.architecture import Architecture
from tests.core.analysis.support import architecture_of

ODD = {"identity", "tanh"}


def shuffled(architecture: Architecture, parameters: Floats, *, signs: bool, rng: np.random.Generator) -> Floats:
    """Permute (and negate) the hidden neurons, written with matrices: W P S and S Pᵀ W of the next layer."""
    flat = parameters.copy()
    for layer, following in zip(architecture.layers[:-1], architecture.layers[1:], strict=True):
        n = layer.fan_out
        move = np.eye(n)[rng.permutation(n)]
        if signs:
            move = move @ np.diag(rng.choice([-1.0, 1.0], n))
        flat[layer.weights] = (flat[layer.weights].reshape(layer.shape) @ move).ravel()
        flat[layer.bias] = flat[layer.bias] @ move
        flat[following.weights] = (move.T @ flat[following.weights].reshape(following.shape)).ravel()
    return flat


def case(activation: str) -> tuple[Architecture, Floats, Floats]:
    architecture = architecture_of(3, [5, 4, 2], [activation, activation, "identity"], "squared_error")
    rng = np.random.default_rng(7)
    parameters = rng.normal(size=architecture.size)
    for layer in architecture.layers:
        parameters[layer.alpha_index] = layer.activation_entry.alpha or 0.0
    return architecture, parameters, rng.normal(size=(20, 3))


@pytest.mark.parametrize("activation", ["tanh", "identity", "relu", "sigmoid", "swish"])
def test_row19_permuted_networks_have_one_canonical_form(activation: str) -> None:
    architecture, parameters, X = case(activation)
    form = canonical(architecture, parameters)
    before, after = (Network(architecture, each).forward(X).prediction for each in (parameters, form))
    np.testing.assert_allclose(after, before, atol=1e-12)
    for seed in range(5):
        rng = np.random.default_rng(seed)
        other = shuffled(architecture, parameters, signs=activation in ODD, rng=rng)
        assert not np.allclose(other, parameters)
        np.testing.assert_allclose(Network(architecture, other).forward(X).prediction, before, atol=1e-12)
        np.testing.assert_allclose(canonical(architecture, other), form, atol=1e-12)
        np.testing.assert_allclose(aligned(architecture, other, parameters), parameters, atol=1e-12)
        assert distance(architecture, other, parameters) < 1e-12


def test_alignment_survives_small_differences() -> None:
    architecture, parameters, _ = case("tanh")
    rng = np.random.default_rng(3)
    noise = 1e-3 * rng.normal(size=architecture.size)
    other = shuffled(architecture, parameters + noise, signs=True, rng=rng)
    moved = np.linalg.norm(noise) / np.linalg.norm(parameters)
    assert distance(architecture, other, parameters) == pytest.approx(float(moved), rel=0.05)


def test_other_functions_are_far() -> None:
    architecture, parameters, _ = case("tanh")
    assert distance(architecture, np.random.default_rng(9).normal(size=architecture.size), parameters) > 0.3


def test_signs_count_where_the_activation_is_not_odd() -> None:
    architecture, parameters, _ = case("relu")
    layer = architecture.layers[0]
    negated = parameters.copy()
    negated[layer.weights] *= -1.0
    assert distance(architecture, negated, parameters) > 0.1


@pytest.mark.parametrize("key", ACTIVATIONS)
def test_oddness_is_that_of_the_function(key: str) -> None:
    entry = ACTIVATIONS[key]
    z = np.linspace(-5.0, 5.0, 41)
    alpha = entry.alpha or 0.0
    mirrored = -entry.function(-z, alpha)
    expected = bool(np.allclose(mirrored[z != 0.0], entry.function(z, alpha)[z != 0.0]))
    assert is_odd(entry, alpha) == expected
