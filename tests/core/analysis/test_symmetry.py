"""Order and signs of hidden neurons do not matter, and networks that differ in them only are recognized as one."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import numpy as np
import pytest

from core.analysis.symmetry import _nearest_inputs, _rearrange, aligned, canonical, distance, is_odd, without_idle
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


def every_form(architecture: Architecture, parameters: Floats, *, signs: bool) -> Iterator[Floats]:
    """Yield the parameters with the neurons of the only hidden layer in every order and with all signs."""
    layer, following = architecture.layers
    n = layer.fan_out
    for order in itertools.permutations(range(n)):
        for sign in itertools.product((1.0, -1.0), repeat=n) if signs else [(1.0,) * n]:
            move = np.eye(n)[list(order)] @ np.diag(sign)
            flat = parameters.copy()
            flat[layer.weights] = (flat[layer.weights].reshape(layer.shape) @ move).ravel()
            flat[layer.bias] = flat[layer.bias] @ move
            flat[following.weights] = (move.T @ flat[following.weights].reshape(following.shape)).ravel()
            yield flat


@pytest.mark.parametrize("activation", ["tanh", "sigmoid"])
@pytest.mark.parametrize("seed", range(6))
def test_row19_no_order_and_signs_are_closer_than_the_alignment(activation: str, seed: int) -> None:
    architecture = architecture_of(2, [4, 2], [activation, "identity"], "squared_error")
    rng = np.random.default_rng(seed)
    parameters, reference = rng.normal(size=(2, architecture.size))
    for layer in architecture.layers:
        parameters[layer.alpha_index] = reference[layer.alpha_index] = 0.0
    forms = every_form(architecture, parameters, signs=activation in ODD)
    closest = min(float(np.linalg.norm(each - reference)) for each in forms)
    assert distance(architecture, parameters, reference) == pytest.approx(closest / float(np.linalg.norm(reference)))


def test_row19_neurons_with_almost_equal_inputs_are_distinguished_by_their_outputs() -> None:
    architecture = architecture_of(1, [2, 1], ["tanh", "identity"], "squared_error")
    layer, following = architecture.layers
    reference = np.zeros(architecture.size)
    reference[layer.weights], reference[following.weights] = (1.0, 1.02), (3.0, -2.0)
    other = reference.copy()
    other[layer.weights] = (
        1.03,
        1.01,
    )  # the order of the incoming weights is reversed, that of the outgoing ones is not
    assert distance(architecture, other, reference) == pytest.approx(
        float(np.hypot(0.03, 0.01) / np.linalg.norm(reference))
    )


@pytest.mark.parametrize("widths", [[5, 4, 2], [6, 5, 4, 1]])
def test_matching_all_weights_never_ends_farther_away(widths: list[int]) -> None:
    activations = [*["tanh"] * (len(widths) - 1), "identity"]
    architecture = architecture_of(3, widths, activations, "squared_error")
    for seed in range(10):
        rng = np.random.default_rng(seed)
        parameters, reference = rng.normal(size=(2, architecture.size))
        by_inputs = parameters.copy()
        for layer, following in zip(architecture.layers[:-1], architecture.layers[1:], strict=True):
            _rearrange(by_inputs, layer, following, *_nearest_inputs(layer, by_inputs, reference))
        found = aligned(architecture, parameters, reference)
        assert np.linalg.norm(found - reference) <= np.linalg.norm(by_inputs - reference) + 1e-12
        X = rng.normal(size=(9, 3))
        before, after = (Network(architecture, each).forward(X).prediction for each in (parameters, found))
        np.testing.assert_allclose(after, before, atol=1e-12)


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


def test_row19_what_leads_to_idle_neurons_only_has_no_effect() -> None:
    architecture, parameters, X = case("tanh")
    first, second, output = architecture.layers
    onward = parameters[output.weights].reshape(output.shape)
    onward[[1, 2]] = 1e-17
    between = parameters[second.weights].reshape(second.shape)
    between[3, [0, 3]] = 0.0  # neuron 3 of the first layer leads to the idle ones only
    stripped = without_idle(architecture, parameters)
    before, after = (Network(architecture, each).forward(X).prediction for each in (parameters, stripped))
    np.testing.assert_allclose(after, before, atol=1e-14)
    assert stripped[second.bias].tolist() == [parameters[second.bias][0], 0.0, 0.0, parameters[second.bias][3]]
    assert not stripped[second.weights].reshape(second.shape)[:, [1, 2]].any()
    assert not stripped[first.weights].reshape(first.shape)[:, 3].any()
    kept = [0, 1, 2, 4]
    np.testing.assert_array_equal(
        stripped[first.weights].reshape(first.shape)[:, kept], parameters[first.weights].reshape(first.shape)[:, kept]
    )
    np.testing.assert_array_equal(without_idle(architecture, stripped), stripped)
