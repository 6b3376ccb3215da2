"""Inputs of a layer after dropout: the mean over masks is exact, and sampled passes scatter around it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

import numpy as np
import pytest

from core.analysis.dropout_inputs import arriving_inputs
from core.analysis.dropout_truth import SCALINGS
from core.arrays import Floats
from core.experiment import Experiment, HiddenLayer, NetworkSettings
from core.network import Network
from core.random_streams import stream
from tests.core.support import new_trainer

RATE = 0.4


def network_of(*rates: float, input_dropout: float = 0.0) -> tuple[Network, Floats]:
    hidden = tuple(HiddenLayer(units=5, activation="sigmoid", dropout=rate) for rate in rates)
    trainer = new_trainer(Experiment(network=NetworkSettings(hidden=hidden, input_dropout=input_dropout)))
    trainer.run(10)
    return trainer.network, trainer.data.x_train[:30]


def rngs(network: Network) -> Sequence[np.random.Generator]:
    return [stream(3, "test", index) for index in range(len(network.architecture.layers))]


@pytest.mark.parametrize("scaling", SCALINGS)
def test_mean_equals_the_mean_over_all_masks(scaling: str) -> None:
    network, X = network_of(RATE)
    got = arriving_inputs(network, X, 1, scaling, 3, rngs=rngs(network))
    A, W, b = network.forward(X).activations[0], network.weights(1), network.bias(1)
    expected = np.zeros_like(got.mean)
    for kept in product((0.0, 1.0), repeat=5):
        mask = np.array(kept)
        probability = np.prod(np.where(mask > 0, 1 - RATE, RATE))
        expected += probability * ((A * mask / (1 - RATE if scaling == "inverted" else 1.0)) @ W + b)
    np.testing.assert_allclose(got.mean, expected, atol=1e-12)


@pytest.mark.parametrize("scaling", SCALINGS)
def test_row09_test_time_input_is_the_mean_only_with_correct_scaling(scaling: str) -> None:
    network, X = network_of(RATE)
    got = arriving_inputs(network, X, 1, scaling, 2, rngs=rngs(network))
    if scaling == "none":
        assert got.ratio == pytest.approx(1.0 / (1.0 - RATE), rel=1e-12)
        assert np.abs(got.test - got.mean).max() > 0.01
    else:
        assert got.ratio == pytest.approx(1.0, rel=1e-12)
        np.testing.assert_allclose(got.test, got.mean, atol=1e-12)


@pytest.mark.parametrize("scaling", SCALINGS)
def test_sampled_passes_scatter_around_the_mean(scaling: str) -> None:
    network, X = network_of(RATE)
    got = arriving_inputs(network, X, 1, scaling, 400, rngs=rngs(network))
    assert got.training.shape == (400, 30, 1)
    error = got.training.std(axis=0, ddof=1) / np.sqrt(400)
    assert np.all(np.abs(got.training.mean(axis=0) - got.mean) < 5.0 * error)
    assert len(np.unique(got.training[:, 0, 0].round(12))) > 10


def test_input_dropout_affects_the_first_layer() -> None:
    network, X = network_of(0.0, input_dropout=0.5)
    got = arriving_inputs(network, X, 0, "at_test_time", 50, rngs=rngs(network))
    np.testing.assert_allclose(got.test, (0.5 * X) @ network.weights(0) + network.bias(0), atol=1e-12)
    np.testing.assert_allclose(got.mean, got.test, atol=1e-12)
    assert got.ratio == pytest.approx(1.0)


def test_ratio_is_approximate_after_another_layer_with_dropout() -> None:
    network, X = network_of(0.2, RATE)
    got = arriving_inputs(network, X, 2, "inverted", 300, rngs=rngs(network))
    assert got.ratio == pytest.approx(1.0, abs=0.05)
    assert np.abs(got.test - got.mean).max() > 1e-6
