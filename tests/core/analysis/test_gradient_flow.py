"""Magnitudes of each layer, dead neurons and clones, compared with values computed by hand."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace

from core.analysis.gradient_flow import (
    dead_neurons,
    delta_magnitudes,
    distinct_neurons,
    first_to_last,
    lasting_clones,
    norm,
    saturated_share,
    update_ratios,
    weight_gradient_norms,
)
from core.experiment import Experiment, HiddenLayer, NetworkSettings
from core.network import Network
from tests.core.analysis.support import make_network, samples
from tests.core.support import new_trainer


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([3.0, 4.0], 5.0),
        ([3e200, -4e200], 5e200),
        ([3e-200, 4e-200], 5e-200),
        ([0.0, 0.0], 0.0),
        ([], 0.0),
        ([1.0, -math.inf], math.inf),
        ([math.nan, 1.0], math.nan),
    ],
)
def test_norm_neither_overflows_nor_underflows(values: list[float], expected: float) -> None:
    assert norm(np.array(values)) == pytest.approx(expected, rel=1e-15, nan_ok=True)


def test_gradient_norms_belong_to_the_weights_of_each_layer() -> None:
    network = make_network(HiddenLayer(units=3), HiddenLayer(units=5))
    X, Y = samples(40), np.sign(samples(40)[:, :1])
    gradients = network.backward(network.forward(X), Y)
    expected = [np.linalg.norm(network.architecture.weights(gradients.flat, index)) for index in range(3)]
    np.testing.assert_allclose(weight_gradient_norms(network, gradients), expected, rtol=1e-13)


def test_delta_magnitudes_do_not_depend_on_repeating_the_samples() -> None:
    network = make_network(HiddenLayer(units=4))
    X, Y = samples(7), np.sign(samples(7)[:, :1])
    once = network.backward(network.forward(X), Y)
    thrice = network.backward(network.forward(np.tile(X, (3, 1))), np.tile(Y, (3, 1)))
    np.testing.assert_allclose(delta_magnitudes(thrice), delta_magnitudes(once), rtol=1e-12)
    by_hand = np.sqrt(np.mean((7 * once.deltas[0]) ** 2))
    assert delta_magnitudes(once)[0] == pytest.approx(by_hand, rel=1e-12)


def test_update_ratios_are_relative_to_the_weights() -> None:
    network = make_network(HiddenLayer(units=3))
    update = 0.25 * network.parameters
    np.testing.assert_allclose(update_ratios(network, update), [0.25, 0.25], rtol=1e-13)


def test_update_ratio_of_zero_weights() -> None:
    network = make_network(HiddenLayer(units=3, initializer="zeros"))
    update = np.zeros(network.architecture.size)
    assert update_ratios(network, update)[0] == 0.0
    update[0] = 1.0
    assert update_ratios(network, update)[0] == math.inf


@pytest.mark.parametrize(
    ("magnitudes", "expected"),
    [
        ([1e-4, 0.5, 1e-1], 1e-3),
        ([2.0], 1.0),
        ([0.0, 1.0], 0.0),
        ([1.0, 0.0], math.inf),
        ([0.0, 0.0], math.nan),
        ([math.nan, 0.0], math.nan),
        ([math.inf, 1.0], math.inf),
    ],
)
def test_first_to_last(magnitudes: list[float], expected: float) -> None:
    assert first_to_last(np.array(magnitudes)) == pytest.approx(expected, nan_ok=True)


def test_sigmoid_layers_make_the_first_gradient_vanish() -> None:
    layers = [HiddenLayer(units=8, activation="sigmoid", initializer="xavier_normal")] * 10
    network = make_network(*layers)
    X, Y = samples(100), np.sign(samples(100)[:, :1])
    gradients = network.backward(network.forward(X), Y)
    assert first_to_last(weight_gradient_norms(network, gradients)) < 1e-5


def test_a_dead_neuron_has_gradient_exactly_zero_and_others_do_not() -> None:
    network = make_network(HiddenLayer(units=4, activation="relu"))
    flat = network.parameters.copy()
    layer = network.architecture.layers[0]
    flat[layer.bias_index(2)] = -1e3
    network = Network(network.architecture, flat)
    X, Y = samples(200), np.sign(samples(200)[:, :1])
    trace = network.forward(X)
    assert dead_neurons(network, trace.pre_activations[0], 0).tolist() == [False, False, True, False]
    gradient = network.architecture.weights(network.backward(trace, Y).flat, 0)
    assert np.all(gradient[:, 2] == 0.0)
    assert np.all(np.any(gradient[:, [0, 1, 3]] != 0.0, axis=0))


def test_a_neuron_active_only_on_the_last_sample_is_not_dead() -> None:
    network = make_network(HiddenLayer(units=1, activation="relu"))
    Z = np.full((500, 1), -1.0)
    assert dead_neurons(network, Z, 0).tolist() == [True]
    Z[-1] = 1.0
    assert dead_neurons(network, Z, 0).tolist() == [False]


def test_leaky_relu_is_never_dead_and_the_threshold_always_is() -> None:
    Z = np.full((9, 2), -5.0)
    leaky = make_network(HiddenLayer(units=2, activation="leaky_relu"))
    threshold = make_network(HiddenLayer(units=2, activation="threshold"))
    assert not dead_neurons(leaky, Z, 0).any()
    assert dead_neurons(threshold, Z, 0).all()


def test_no_samples_and_softmax_have_no_dead_neurons() -> None:
    relu = make_network(HiddenLayer(units=2, activation="relu"))
    assert not dead_neurons(relu, np.zeros((0, 2)), 0).any()
    softmax = make_network(output_activation="softmax")
    assert not dead_neurons(softmax, np.full((3, 2), -900.0), 0).any()


def test_saturated_share_is_over_samples_and_neurons() -> None:
    network = make_network(HiddenLayer(units=2, activation="tanh"))
    Z = np.array([[0.0, 9.0], [0.1, -9.0], [0.2, 0.3], [8.0, 0.0]])
    assert saturated_share(network, Z, 0) == pytest.approx(3 / 8)
    assert math.isnan(saturated_share(network, np.zeros((0, 2)), 0))


def test_relu_is_saturated_only_where_its_slope_is_zero() -> None:
    network = make_network(HiddenLayer(units=1, activation="relu"))
    assert saturated_share(network, np.array([[-1.0], [1e-9], [2.0], [0.0]]), 0) == pytest.approx(0.5)


@pytest.mark.parametrize(("initializer", "expected"), [("constant", 1), ("zeros", 1), ("xavier_uniform", 6)])
def test_clones_are_counted_once(initializer: Any, expected: int) -> None:
    assert distinct_neurons(make_network(HiddenLayer(units=6, initializer=initializer)), 0) == expected


def test_neurons_differing_only_in_bias_are_distinct() -> None:
    network = make_network(HiddenLayer(units=3, initializer="constant"))
    flat = network.parameters.copy()
    flat[network.architecture.layers[0].bias_index(1)] = 0.1
    assert distinct_neurons(Network(network.architecture, flat), 0) == 2
    flat[0] = math.nan
    assert distinct_neurons(Network(network.architecture, flat), 0) >= 2


@pytest.mark.parametrize("scale", [1e-300, 1e-310, 1e-320])
def test_weights_near_the_float_limits_are_distinguished(scale: float) -> None:
    network = make_network(HiddenLayer(units=3, initializer="constant"))
    flat = scale * network.parameters
    flat[0] *= -1.0
    assert distinct_neurons(Network(network.architecture, flat), 0) == 2


def test_clones_in_the_output_layer_are_counted() -> None:
    network = make_network(HiddenLayer(units=3), output_initializer="zeros")
    assert distinct_neurons(network, 1) == 1


@pytest.mark.parametrize("size", [1.0, 1e-170, 1e170, 5e-324, 0.0, np.inf, np.nan])
def test_norms_of_all_layers_match_norms_of_each_layer(size: float) -> None:
    trainer = new_trainer(Experiment(network=NetworkSettings(hidden=(HiddenLayer(units=3), HiddenLayer(units=5)))))
    gradients = trainer.network.backward(trainer.network.forward(trainer.data.x_train), trainer.data.y_train)
    flat = gradients.flat.copy()
    layers = trainer.architecture.layers
    flat[layers[1].weights] *= size
    flat[layers[2].bias] = np.nan  # biases are not included
    norms = weight_gradient_norms(trainer.network, replace(gradients, flat=flat))
    np.testing.assert_allclose(norms, [norm(flat[layer.weights]) for layer in layers], rtol=1e-14)


def test_norms_of_large_networks_match_norms_of_each_layer() -> None:
    network = make_network(HiddenLayer(units=300), HiddenLayer(units=512), HiddenLayer(units=400))
    X = samples(4)
    gradients = network.backward(network.forward(X), np.ones((4, 1)))
    expected = [np.linalg.norm(gradients.flat[layer.weights]) for layer in network.architecture.layers]
    np.testing.assert_allclose(weight_gradient_norms(network, gradients), expected, rtol=1e-12)


def test_equal_neurons_are_lasting_clones_only_with_equal_gradients() -> None:
    network = make_network(HiddenLayer(units=4, initializer="constant"), output_initializer="constant")
    X, Y = samples(40), np.sign(samples(40)[:, :1])
    assert lasting_clones(network, network.backward(network.forward(X), Y), 0) == 1
    separated = make_network(HiddenLayer(units=4, initializer="constant"))
    assert distinct_neurons(separated, 0) == 1
    assert lasting_clones(separated, separated.backward(separated.forward(X), Y), 0) == 4
