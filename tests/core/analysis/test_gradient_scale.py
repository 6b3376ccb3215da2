"""How gradients shrink and grow with depth."""

from __future__ import annotations

import numpy as np
import pytest

from core.experiment import DataSettings, Experiment, HiddenLayer, NetworkSettings, TrainingSettings
from core.formulas.activations import ACTIVATIONS
from tests.core.support import new_trainer


def ratio(activation: str, initializer: str, seed: int, *, data_seed: int | None = None) -> float:
    """Return the initial ‖∂L/∂W₁‖ / ‖∂L/∂W_last‖: 2 inputs, 10 hidden layers × 8, standardized circle, cross-entropy.

    Each ``seed`` also draws its own data set, unless there is a ``data_seed``.
    """
    hidden = tuple(HiddenLayer(units=8, activation=activation, initializer=initializer) for _ in range(10))
    experiment = Experiment(
        data=DataSettings(dataset="circle", standardize=True, seed=seed if data_seed is None else data_seed),
        network=NetworkSettings(hidden=hidden, output_initializer=initializer, seed=seed),
        training=TrainingSettings(loss="binary_cross_entropy"),
    )
    trainer = new_trainer(experiment)
    network, data = trainer.network, trainer.data
    flat = network.backward(network.forward(data.x_train), data.y_train).flat
    norms = [np.linalg.norm(network.architecture.weights(flat, index)) for index in range(11)]
    return float(norms[0] / norms[-1])


def test_row07_sigmoid_and_xavier_vanish_below_a_millionth_for_all_of_40_networks() -> None:
    ratios = np.array([ratio("sigmoid", "xavier_normal", seed, data_seed=42) for seed in range(40)])
    assert ratios.max() < 1e-6
    assert ratios.min() > 1e-9


def test_row07_sigmoid_and_xavier_vanish_below_a_millionth_for_most_of_40_data_sets() -> None:
    ratios = np.array([ratio("sigmoid", "xavier_normal", seed) for seed in range(40)])
    # One network in fourteen starts with a mean prediction of about ½; then the last layer's gradient happens to be
    # almost 0 as well, and the ratio is somewhat larger.
    assert np.mean(ratios < 1e-6) >= 0.9
    assert ratios.max() < 1e-5
    assert np.median(ratios) < 2e-7


def test_row07_relu_and_he_preserve_the_gradient_in_the_median_of_40_seeds() -> None:
    assert 0.03 < np.median([ratio("relu", "he_normal", seed) for seed in range(40)]) < 3.0


def test_row08_a_weight_of_500_on_a_sigmoid_at_zero_is_a_factor_of_exactly_125() -> None:
    hidden = (HiddenLayer(units=1, activation="sigmoid"),)
    experiment = Experiment(
        data=DataSettings(dataset="sine"), network=NetworkSettings(hidden=hidden, output_activation="identity")
    )
    trainer = new_trainer(experiment)
    trainer.set_parameter(trainer.architecture.layers[0].start, 0.0)
    trainer.set_parameter(trainer.architecture.layers[1].start, 500.0)
    trace = trainer.network.forward(np.zeros((1, 1)))
    deltas = trainer.network.backward(trace, np.array([[7.0]])).deltas
    assert trace.pre_activations[0][0, 0] == 0.0
    assert deltas[0][0, 0] / deltas[1][0, 0] == 125.0


@pytest.mark.parametrize("activation", ["sigmoid", "tanh"])
def test_row07_each_layer_scales_delta_by_at_most_the_largest_slope_times_the_weights(activation: str) -> None:
    hidden = tuple(HiddenLayer(units=6, activation=activation) for _ in range(5))
    trainer = new_trainer(Experiment(network=NetworkSettings(hidden=hidden)))
    network, data = trainer.network, trainer.data
    deltas = network.backward(network.forward(data.x_train), data.y_train).deltas
    for index in range(5):
        largest = ACTIVATIONS[activation].max_slope * np.linalg.norm(network.weights(index + 1), 2)
        before = np.linalg.norm(deltas[index], axis=1)
        assert (before <= largest * np.linalg.norm(deltas[index + 1], axis=1) * (1 + 1e-12)).all()
