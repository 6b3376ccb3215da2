"""Dead, saturated and cloned neurons are found by their definitions."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from core.analysis.gradient_flow import clone_groups
from core.analysis.neuron_marks import MIN_SATURATED_SHARE, neuron_marks
from core.experiment import HiddenLayer
from core.network import Network
from tests.core.analysis.support import make_network, samples


def test_a_network_as_initialized_has_no_marks() -> None:
    network = make_network(HiddenLayer(units=5), HiddenLayer(units=4))
    marks = neuron_marks(network, network.forward(samples(300)))
    for layer, count in enumerate((5, 4, 1)):
        assert not marks.dead[layer].any()
        assert not marks.saturated(layer).any()
        assert not marks.cloned(layer).any()
        assert marks.distinct(layer) == count


def test_row12_dead_neurons_are_those_that_fire_for_no_sample() -> None:
    network = make_network(HiddenLayer(units=6, activation="relu"), HiddenLayer(units=6, activation="relu"))
    flat = network.parameters.copy()
    for neuron in (1, 4):
        flat[network.architecture.layers[1].bias_index(neuron)] = -1e3
    network = Network(network.architecture, flat)
    trace = network.forward(samples(400))
    marks = neuron_marks(network, trace)
    never_fires = [np.all(A == 0.0, axis=0).tolist() for A in trace.activations[:2]]
    assert [dead.tolist() for dead in marks.dead[:2]] == never_fires
    assert marks.dead[1][[1, 4]].all()
    # The ReLU family is off on one side; that is no saturation.
    assert not marks.saturated(0).any()


@pytest.mark.parametrize("activation", ["tanh", "sigmoid"])
def test_saturated_neurons_have_a_slope_near_zero_on_most_samples(activation: Any) -> None:
    network = make_network(HiddenLayer(units=4, activation=activation))
    flat = network.parameters.copy()
    flat[network.architecture.layers[0].bias_index(2)] = 8.0
    network = Network(network.architecture, flat)
    trace = network.forward(samples(400))
    A = trace.activations[0]
    slope = 1.0 - A**2 if activation == "tanh" else 4.0 * A * (1.0 - A)  # relative to the largest one
    shares = np.mean(slope <= 0.05, axis=0)
    marks = neuron_marks(network, trace)
    np.testing.assert_allclose(marks.saturated_shares[0], shares, atol=1e-12)
    assert marks.saturated(0).tolist() == (shares >= MIN_SATURATED_SHARE).tolist() == [False, False, True, False]


def test_a_dead_neuron_is_not_saturated_too() -> None:
    network = make_network(HiddenLayer(units=2, activation="tanh"))
    flat = network.parameters.copy()
    flat[network.architecture.layers[0].bias_index(0)] = 1e3  # tanh rounds to 1, its slope to 0
    network = Network(network.architecture, flat)
    marks = neuron_marks(network, network.forward(samples(50)))
    assert marks.dead[0].tolist() == [True, False]
    assert marks.saturated(0).tolist() == [False, False]


def test_clones_are_grouped_with_the_first_of_them() -> None:
    network = make_network(HiddenLayer(units=6))
    flat = network.parameters.copy()
    layer = network.architecture.layers[0]
    W, b = flat[layer.weights].reshape(layer.shape), flat[layer.bias]
    for neuron, leader in ((3, 1), (4, 1), (5, 0)):
        W[:, neuron], b[neuron] = W[:, leader], b[leader]
    W[0, 4] *= 1.0 + 1e-14
    network = Network(network.architecture, flat)
    assert clone_groups(network, 0).tolist() == [0, 1, 2, 1, 1, 0]
    marks = neuron_marks(network, network.forward(samples(20)))
    assert marks.distinct(0) == 3
    assert marks.cloned(0).tolist() == [True, True, False, True, True, True]
    Z = network.forward(samples(20)).pre_activations[0]
    np.testing.assert_allclose(Z[:, [3, 4, 5]], Z[:, [1, 1, 0]], rtol=1e-12)


@pytest.mark.parametrize("change", [1e-9, 1e-6])
def test_slightly_different_neurons_are_not_clones(change: float) -> None:
    network = make_network(HiddenLayer(units=3, initializer="constant"))
    flat = network.parameters.copy()
    flat[network.architecture.layers[0].start + 1] += change
    assert clone_groups(Network(network.architecture, flat), 0).tolist() == [0, 1, 0]


def test_neurons_with_permuted_weights_are_not_clones() -> None:
    # Their sums are equal, so only the full comparison distinguishes them.
    network = make_network(HiddenLayer(units=2))
    flat = network.parameters.copy()
    layer = network.architecture.layers[0]
    flat[layer.weights] = [0.3, 0.7, 0.7, 0.3]
    assert clone_groups(Network(network.architecture, flat), 0).tolist() == [0, 1]


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_non_finite_weights_do_not_hide_other_clones(bad: float) -> None:
    network = make_network(HiddenLayer(units=3, initializer="constant"))
    flat = network.parameters.copy()
    flat[network.architecture.layers[0].start] = bad
    assert clone_groups(Network(network.architecture, flat), 0).tolist() == [0, 1, 1]
