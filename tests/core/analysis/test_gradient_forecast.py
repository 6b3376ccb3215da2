"""The forecast of the gradient's size agrees with the mean over many random networks."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from core.analysis.gradient_flow import delta_magnitudes, weight_gradient_norms
from core.analysis.gradient_forecast import delta_forecast, weight_gradient_forecast
from core.experiment import HiddenLayer
from core.network import Network
from core.network.parameters import initial_parameters
from tests.core.analysis.support import make_network, samples

CASES = [("tanh", "xavier_normal"), ("relu", "he_normal"), ("sigmoid", "xavier_normal")]


@pytest.mark.parametrize(("activation", "initializer"), CASES)
def test_row07_the_gradient_of_one_sample_has_the_predicted_mean_square(activation: Any, initializer: Any) -> None:
    layers = [HiddenLayer(units=60, activation=activation, initializer=initializer)] * 4
    architecture = make_network(*layers).architecture
    squares, forecasts = [], []
    x, y = samples(1), np.ones((1, 1))
    for seed in range(300):
        network = Network(architecture, initial_parameters(architecture, seed))
        trace = network.forward(x)
        gradients = network.backward(trace, y)
        norms = weight_gradient_norms(network, gradients)
        squares.append(np.square(norms / norms[-1]))
        forecasts.append(np.square(weight_gradient_forecast(network, trace, gradients) / norms[-1]))
    measured, predicted = np.mean(squares, axis=0), np.mean(forecasts, axis=0)
    assert predicted[-1] == pytest.approx(1.0, rel=1e-12)
    # The theory is that of infinite width; 60 neurons are 10 to 20 % off.
    np.testing.assert_allclose(np.sqrt(predicted), np.sqrt(measured), rtol=0.25)


def test_row07_the_forecast_falls_as_far_as_the_gradient_through_sigmoid_layers() -> None:
    layers = [HiddenLayer(units=16, activation="sigmoid", initializer="xavier_normal")] * 10
    architecture = make_network(*layers).architecture
    X, Y = samples(200), np.sign(samples(200)[:, :1])
    decades_off = []
    for seed in range(20):
        network = Network(architecture, initial_parameters(architecture, seed))
        trace = network.forward(X)
        gradients = network.backward(trace, Y)
        norms, predicted = (
            weight_gradient_norms(network, gradients),
            weight_gradient_forecast(network, trace, gradients),
        )
        assert norms[0] / norms[-1] < 1e-4
        decades_off.append(math.log10(predicted[0] / norms[0]))
    assert abs(np.median(decades_off)) < 1.0


def test_the_forecast_of_delta_starts_at_the_output() -> None:
    network = make_network(*[HiddenLayer(units=30, initializer="xavier_normal")] * 3)
    trace = network.forward(samples(100))
    gradients = network.backward(trace, np.sign(samples(100)[:, :1]))
    predicted, measured = delta_forecast(network, trace, gradients), delta_magnitudes(gradients)
    assert predicted[-1] == pytest.approx(measured[-1], rel=1e-2)  # samples are grouped
    np.testing.assert_allclose(predicted, measured, rtol=0.6)


def test_there_is_no_forecast_for_constant_weights() -> None:
    network = make_network(*[HiddenLayer(units=4, initializer="constant")] * 3)
    trace = network.forward(samples(30))
    gradients = network.backward(trace, np.ones((30, 1)))
    assert np.isnan(weight_gradient_forecast(network, trace, gradients)[:-2]).all()


def test_a_long_run_through_many_layers_neither_overflows_nor_vanishes() -> None:
    layers = [HiddenLayer(units=4, activation="sigmoid", initializer="xavier_normal")] * 300
    network = make_network(*layers)
    trace = network.forward(samples(30))
    gradients = network.backward(trace, np.ones((30, 1)))
    predicted = weight_gradient_forecast(network, trace, gradients)
    assert np.isfinite(predicted).all()
    assert (predicted[50:] > 0.0).all()


def test_no_gradient_is_predicted_before_zero_weights() -> None:
    network = make_network(HiddenLayer(units=5), HiddenLayer(units=4, initializer="zeros"), HiddenLayer(units=3))
    trace = network.forward(samples(40))
    gradients = network.backward(trace, np.sign(samples(40)[:, :1]))
    predicted = weight_gradient_forecast(network, trace, gradients)
    assert predicted[0] == 0.0
    assert predicted[1] > 0.0


def test_without_any_gradient_there_is_no_forecast() -> None:
    network = make_network(HiddenLayer(units=3))
    gradients = network.backward(network.forward(samples(10)), network.predict(samples(10)))
    assert np.isnan(weight_gradient_forecast(network, network.forward(samples(10)), gradients)).all()
