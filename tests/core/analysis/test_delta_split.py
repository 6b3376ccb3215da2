"""The delta split: the parts of W and φ′ add up, also where gradients vanish or explode."""

from __future__ import annotations

import math

import msgspec
import numpy as np
import pytest

from core.analysis.delta_split import DeltaSplit, split_deltas
from core.experiment import Experiment, HiddenLayer, NetworkSettings, TrainingSettings
from core.network import Network
from tests.core.support import new_trainer


def experiment(depth: int = 3, **layer: object) -> Experiment:
    hidden = tuple(HiddenLayer(units=5, **layer) for _ in range(depth))  # type: ignore[arg-type]
    return Experiment(network=NetworkSettings(hidden=hidden), training=TrainingSettings(batch_size=20))


def split_of(network: Network, X: np.ndarray, Y: np.ndarray) -> DeltaSplit:
    trace = network.forward(X)
    return split_deltas(network, trace, network.backward(trace, Y))


@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "relu", "identity", "gelu"])
@pytest.mark.parametrize("scaling", ["inverted", "at_test_time", "none"])
def test_row07_parts_add_up_with_and_without_dropout(activation: str, scaling: str) -> None:
    chosen = experiment(activation=activation, dropout=0.4, initializer="he_normal")
    chosen = msgspec.structs.replace(chosen, training=TrainingSettings(dropout_scaling=scaling))  # type: ignore[arg-type]
    trainer = new_trainer(chosen)
    assert trainer.run(7) is None
    batch = trainer.last_batch
    trace = trainer.network.forward(trainer.data.x_train[batch], trainer.last_masks)
    gradients = trainer.network.backward(trace, trainer.data.y_train[batch])
    split = split_deltas(trainer.network, trace, gradients)
    np.testing.assert_allclose(
        split.log_norms[:-1], split.log_norms[1:] + split.by_weights + split.by_slope, rtol=0, atol=1e-12
    )
    np.testing.assert_allclose(
        split.log_norms, [math.log10(np.linalg.norm(delta)) for delta in gradients.deltas], rtol=1e-12
    )
    if activation == "identity":
        np.testing.assert_allclose(split.by_slope, 0.0, atol=1e-14)


def test_row07_sigmoid_shrinks_the_gradient_by_at_least_four_per_layer() -> None:
    trainer = new_trainer(experiment(8, activation="sigmoid", initializer="xavier_normal"))
    split = split_of(trainer.network, trainer.data.x_train, trainer.data.y_train)
    assert (split.by_slope <= math.log10(0.25)).all()


def test_row08_weight_500_at_z_0_gives_a_factor_of_exactly_125() -> None:
    hidden = tuple(HiddenLayer(units=1, activation="sigmoid", initializer="zeros") for _ in range(3))
    chosen = msgspec.structs.replace(Experiment(), network=NetworkSettings(hidden=hidden, output_activation="identity"))
    trainer = new_trainer(chosen)
    parameters = trainer.parameters.copy()
    for layer in trainer.architecture.layers[1:3]:
        parameters[layer.weights] = 500.0
        parameters[layer.bias] = -250.0  # 500 · σ(0) − 250 = 0
    parameters[trainer.architecture.layers[3].weights] = 1.0
    network = Network(trainer.architecture, parameters)
    trace = network.forward(trainer.data.x_train)
    assert not any(Z.any() for Z in trace.pre_activations[:3])
    gradients = network.backward(trace, trainer.data.y_train)
    np.testing.assert_array_equal(gradients.deltas[0], 125.0 * gradients.deltas[1])
    np.testing.assert_array_equal(gradients.deltas[1], 125.0 * gradients.deltas[2])
    split = split_deltas(network, trace, gradients)
    np.testing.assert_allclose(split.by_weights[:2], math.log10(500.0), rtol=1e-14)
    np.testing.assert_allclose(split.by_slope[:2], math.log10(0.25), rtol=1e-13)


@pytest.mark.filterwarnings("error")
def test_layers_before_a_zero_gradient_contribute_nothing() -> None:
    trainer = new_trainer(experiment(3, activation="threshold"))
    split = split_of(trainer.network, trainer.data.x_train, trainer.data.y_train)
    assert math.isfinite(split.log_norms[3])
    np.testing.assert_array_equal(split.log_norms[:3], -math.inf)
    assert math.isfinite(split.by_weights[2])
    np.testing.assert_array_equal(split.by_slope, [0.0, 0.0, -math.inf])
    np.testing.assert_array_equal(split.by_weights[:2], 0.0)


def test_zero_weights_attribute_everything_to_w() -> None:
    trainer = new_trainer(experiment(2, initializer="zeros"))
    split = split_of(trainer.network, trainer.data.x_train, trainer.data.y_train)
    assert split.by_weights[0] == -math.inf
    assert math.isfinite(split.by_weights[1])  # only the weights of hidden layers are 0
    np.testing.assert_allclose(split.by_slope, 0.0, atol=1e-14)  # tanh′(0) = 1, and earlier layers contribute 0


@pytest.mark.parametrize("scale", [1e-200, 1e200])
def test_gradients_near_the_limits_of_the_float_range(scale: float) -> None:
    trainer = new_trainer(experiment(2, activation="identity"))
    parameters = trainer.parameters.copy()
    parameters[trainer.architecture.layers[2].weights] *= scale
    network = Network(trainer.architecture, parameters)
    trace = trainer.network.forward(trainer.data.x_train)
    split = split_deltas(network, trace, network.backward(trace, trainer.data.y_train))
    assert abs(split.by_weights[1] - math.log10(scale)) < 2.0
    np.testing.assert_allclose(split.by_slope, 0.0, atol=1e-12)


def test_non_finite_values_give_nan_without_a_warning() -> None:
    trainer = new_trainer(experiment(2, activation="identity"))
    network = trainer.network
    trace = network.forward(trainer.data.x_train)
    gradients = network.backward(trace, trainer.data.y_train)
    gradients.deltas[1][0, 0] = np.inf
    split = split_deltas(network, trace, gradients)
    assert np.isnan(split.by_weights[0])
    assert np.isnan(split.by_slope[1])
