"""Where the gradient stops, for networks built so that layer and reason are known."""

from __future__ import annotations

import numpy as np
import pytest

from core.analysis.gradient_stop import GradientStop, gradient_stop
from core.experiment import Experiment, HiddenLayer, NetworkSettings
from core.experiment.resolution import resolve
from core.network import Network
from core.network.architecture import build_architecture
from core.network.parameters import initial_parameters

X = np.random.default_rng(0).uniform(-3.0, 3.0, (40, 2))
Y = np.sign(X[:, :1])


def network_of(activation: str = "relu", depth: int = 10, output: str = "tanh") -> Network:
    hidden = (HiddenLayer(units=4, activation=activation, initializer="he_normal"),) * depth
    experiment = Experiment(network=NetworkSettings(hidden=hidden, output_activation=output))
    architecture = build_architecture(experiment, 2, resolve(experiment, "classification", 2))
    return Network(architecture, initial_parameters(architecture, 1).copy())


def stop_of(network: Network, targets: np.ndarray = Y) -> GradientStop | None:
    trace = network.forward(X)
    return gradient_stop(network, trace, network.backward(trace, targets))


def kill(network: Network, layer: int) -> None:
    network.bias(layer)[:] = -1e6


def test_a_gradient_that_reaches_the_first_layer_does_not_stop() -> None:
    assert stop_of(network_of("tanh")) is None


def test_a_dead_layer_is_reported() -> None:
    network = network_of()
    kill(network, 9)
    assert stop_of(network) == GradientStop(9, "dead", 9)


def test_layers_killed_by_a_dead_layer_are_reported_with_it() -> None:
    network = network_of()
    kill(network, 2)
    # Its output is 0, and so is z of every later layer; the slope of ReLU at 0 is 0.
    assert stop_of(network) == GradientStop(2, "dead", 9)
    network.bias(5)[:] = 1.0
    assert stop_of(network) is not None
    kill(network, 9)
    assert stop_of(network) == GradientStop(9, "dead", 9)


@pytest.mark.parametrize("layer", [3, 10])
def test_zero_weights_are_reported(layer: int) -> None:
    network = network_of("tanh")
    network.weights(layer)[:] = 0.0
    assert stop_of(network) == GradientStop(layer, "zero weights", layer)


def test_active_neurons_without_outgoing_weights_do_not_count() -> None:
    network = network_of(depth=2)
    network.bias(1)[:] = (50.0, 50.0, -1e6, -1e6)
    network.weights(2)[:2] = 0.0
    network.weights(2)[2:] = 1.0
    assert stop_of(network) == GradientStop(1, "blocked", 1)


def test_an_underflowing_product_is_reported() -> None:
    network = network_of("sigmoid", depth=3)
    network.weights(3)[:] *= 1e-200
    network.weights(2)[:] *= 1e-200
    assert stop_of(network) == GradientStop(1, "underflow", 1)


def test_zero_error_means_no_gradient() -> None:
    network = network_of("tanh")
    assert stop_of(network, network.forward(X).prediction) == GradientStop(10, "no error", 10)
