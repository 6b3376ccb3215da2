"""Dropout's scaled pass compared with the exact mean over all masks, for the three scalings."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from msgspec.structs import replace

from core.analysis.dropout_truth import MAX_DROPPABLE, SCALINGS, dropout_truth, droppable
from core.arrays import Floats
from core.errors import PlaygroundError
from core.experiment import Experiment, HiddenLayer, NetworkSettings, TrainingSettings
from core.network import Network
from core.network.dropout import training_masks
from core.random_streams import stream
from tests.core.support import new_trainer

RATE = 0.3


def network_of(*layers: HiddenLayer, output: str = "identity", input_dropout: float = 0.0) -> tuple[Network, Floats]:
    settings = NetworkSettings(hidden=layers, output_activation=output, input_dropout=input_dropout)
    trainer = new_trainer(Experiment(network=settings, training=TrainingSettings(loss="squared_error")))
    trainer.run(20)
    return trainer.network, trainer.data.x_train[:40]


def read_out(output: str = "identity") -> tuple[Network, Floats]:
    """Return a network with dropout only in the last hidden layer, so that the output is a linear readout."""
    return network_of(HiddenLayer(units=4), HiddenLayer(units=8, activation="relu", dropout=RATE), output=output)


@pytest.mark.parametrize("scaling", ["inverted", "at_test_time"])
def test_row09_scaled_pass_of_a_linear_readout_is_the_exact_mean(scaling: str) -> None:
    network, X = read_out()
    truth = dropout_truth(network, X, scaling)  # type: ignore[arg-type]
    assert truth.masks == 2**8
    np.testing.assert_allclose(truth.pre_activation.scaled, truth.pre_activation.ensemble, rtol=0, atol=1e-12)
    assert truth.prediction.error <= 1e-12


def test_row09_without_scaling_the_hidden_layers_input_is_too_large_by_1_over_keep() -> None:
    network, X = read_out()
    means = dropout_truth(network, X, "none").pre_activation
    bias = network.bias(2)
    np.testing.assert_allclose((means.scaled - bias) * (1 - RATE), means.ensemble - bias, rtol=0, atol=1e-12)
    np.testing.assert_array_equal(means.scaled, means.unscaled)
    assert means.error > 0.01


def test_row09_inverted_dropout_needs_no_scaling_at_test_time() -> None:
    network, X = read_out()
    assert dropout_truth(network, X, "inverted").pre_activation.unscaled_error <= 1e-12
    assert dropout_truth(network, X, "at_test_time").pre_activation.unscaled_error > 0.01


def test_row09_scaling_weights_by_the_keep_probability_is_exact() -> None:
    network, X = read_out()
    ensemble = dropout_truth(network, X, "at_test_time").pre_activation.ensemble
    keep = network.forward(X, (1.0, 1.0, 1 - RATE)).pre_activations[-1]
    drop = network.forward(X, (1.0, 1.0, RATE)).pre_activations[-1]
    np.testing.assert_allclose(keep, ensemble, rtol=0, atol=1e-12)
    assert np.abs(drop - ensemble).max() > 0.01


def test_row09_nonlinear_output_or_deeper_dropout_is_approximate() -> None:
    network, X = read_out("tanh")
    truth = dropout_truth(network, X, "inverted")
    assert truth.pre_activation.error <= 1e-12
    assert 1e-6 < truth.prediction.error < 0.5
    network, X = network_of(HiddenLayer(units=5, dropout=RATE), HiddenLayer(units=3, dropout=0.5), input_dropout=0.1)
    truth = dropout_truth(network, X, "inverted")
    assert truth.masks == 2**10
    assert 1e-6 < truth.pre_activation.error < 0.5


def test_mean_over_masks_matches_its_definition() -> None:
    network, X = network_of(HiddenLayer(units=3, dropout=0.25), input_dropout=0.4)
    expected = np.zeros((len(X), 1))
    for mask in itertools.product((False, True), repeat=5):
        chance = np.prod([0.6 if kept else 0.4 for kept in mask[:2]]) * np.prod([0.75 if k else 0.25 for k in mask[2:]])
        hidden = np.tanh((X * mask[:2] / 0.6) @ network.weights(0) + network.bias(0))
        expected += chance * ((hidden * mask[2:] / 0.75) @ network.weights(1) + network.bias(1))
    np.testing.assert_allclose(
        dropout_truth(network, X, "inverted").pre_activation.ensemble, expected, rtol=1e-12, atol=1e-13
    )


@pytest.mark.parametrize("scaling", SCALINGS)
def test_sampled_masks_approach_the_exact_mean(scaling: str) -> None:
    network, X = read_out("tanh")
    architecture = network.architecture
    draws = 20_000
    rngs = [stream(1, "dropout", index) for index in range(3)]
    masks = training_masks(architecture.dropout_rates, architecture.fan_ins, draws, scaling, rngs)  # type: ignore[arg-type]
    seen = network.forward(np.repeat(X[:1], draws, axis=0), masks).prediction
    exact = dropout_truth(network, X[:1], scaling).prediction.ensemble  # type: ignore[arg-type]
    assert abs(seen.mean() - exact[0, 0]) < 4 * seen.std() / np.sqrt(draws)


def test_no_dropout_means_one_mask_and_no_error() -> None:
    network, X = network_of(HiddenLayer(units=4))
    for scaling in SCALINGS:
        truth = dropout_truth(network, X, scaling)
        assert (truth.masks, truth.prediction.error, truth.prediction.unscaled_error) == (1, 0.0, 0.0)


def test_twelve_droppable_neurons_are_allowed_and_thirteen_rejected() -> None:
    network, X = network_of(HiddenLayer(units=12, dropout=0.5))
    assert droppable(network.architecture) == MAX_DROPPABLE
    assert dropout_truth(network, X[:2], "inverted").masks == 4096
    network, X = network_of(HiddenLayer(units=11, dropout=0.5), input_dropout=0.5)
    with pytest.raises(PlaygroundError, match=r"13 neurons can be dropped, which gives 2\^13 masks"):
        dropout_truth(network, X, "inverted")


def test_networks_own_scaling_is_ignored() -> None:
    network, X = read_out()
    first = dropout_truth(network, X, "at_test_time")
    other = Network(replace(network.architecture, dropout_scaling="none"), network.parameters)
    np.testing.assert_array_equal(dropout_truth(other, X, "at_test_time").prediction.scaled, first.prediction.scaled)
