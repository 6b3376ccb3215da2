"""The forecast: integrals compared with closed forms and dense sums, recursions with wide random networks."""

from __future__ import annotations

import math

import msgspec
import numpy as np
import pytest

from core.analysis.forecast import (
    LayerMoments,
    _gauss_legendre,
    change_per_layer,
    forecast,
    forecast_and_measured,
    gaussian_moments,
)
from core.arrays import Floats
from core.experiment import DataSettings, Experiment, HiddenLayer, NetworkSettings, TrainingSettings
from core.formulas.activations import ACTIVATIONS, SOFTMAX
from tests.core.support import new_trainer


def moments(key: str, variance: float) -> tuple[float, float, float]:
    entry = ACTIVATIONS[key]
    mean, square, slope = gaussian_moments(entry, entry.alpha or 0.0, np.array([variance]))
    return float(mean[0]), float(square[0]), float(slope[0])


@pytest.mark.parametrize("q", [1e-6, 0.3, 1.0, 50.0, 1e6])
def test_closed_forms(q: float) -> None:
    assert moments("identity", q) == pytest.approx((0.0, q, 1.0), rel=1e-13, abs=1e-9)
    assert moments("relu", q) == pytest.approx((math.sqrt(q / (2 * math.pi)), q / 2, 0.5), rel=1e-13)
    assert moments("leaky_relu", q)[1:] == pytest.approx((q * (1 + 1e-4) / 2, (1 + 1e-4) / 2), rel=1e-13)
    assert moments("threshold", q) == pytest.approx((0.5, 0.5, 0.0), rel=1e-13)
    assert moments("sigmoid", q)[0] == pytest.approx(0.5, rel=1e-14)
    assert moments("tanh", q)[0] == pytest.approx(0.0, abs=1e-14)


@pytest.mark.parametrize("count", [1, 2, 3, 12, 20])
def test_the_quadrature_has_the_nodes_and_weights_of_numpy(count: int) -> None:
    nodes, weights = _gauss_legendre(count)
    expected_nodes, expected_weights = np.polynomial.legendre.leggauss(count)
    np.testing.assert_allclose(nodes, expected_nodes, rtol=0, atol=1e-14)
    np.testing.assert_allclose(weights, expected_weights, rtol=0, atol=1e-14)


def test_selu_has_its_fixed_point_at_variance_1() -> None:
    assert moments("selu", 1.0)[:2] == pytest.approx((0.0, 1.0), abs=1e-12)


# Trapezoidal sums over 2 000 001 points from −40 to 40, exact to rounding for these smooth functions.
@pytest.mark.parametrize(
    ("key", "q", "square"),
    [
        ("sigmoid", 1e-3, 0.25006246877211524),
        ("sigmoid", 1.0, 0.29337903585809305),
        ("sigmoid", 100.0, 0.460740439890636),
        ("sigmoid", 1e6, 0.4996010583758301),
        ("tanh", 1e-3, 0.0009980056460916448),
        ("tanh", 1.0, 0.39429449039784115),
        ("tanh", 1e6, 0.9992021157673139),
        ("gelu", 1.0, 0.4252214825702987),
        ("softplus", 1.0, 0.9212459088593003),
    ],
)
def test_mean_squares_match_dense_sums(key: str, q: float, square: float) -> None:
    assert moments(key, q)[1] == pytest.approx(square, rel=2e-14)


@pytest.mark.parametrize("key", ["sigmoid", "tanh", "gelu", "swish", "softplus", "mish"])
@pytest.mark.parametrize("q", [0.01, 1.0, 400.0])
def test_mean_squared_slopes_match_dense_sums(key: str, q: float) -> None:
    entry = ACTIVATIONS[key]
    u = np.linspace(-16.0, 16.0, 200_001)
    slope = entry.derivative(math.sqrt(q) * u, entry.alpha or 0.0)
    dense = np.trapezoid(slope**2 * np.exp(-u * u / 2) / math.sqrt(2 * math.pi), u)
    assert moments(key, q)[2] == pytest.approx(float(dense), rel=1e-12)


@pytest.mark.parametrize("key", list(ACTIVATIONS))
def test_zero_variance_gives_the_value_at_zero(key: str) -> None:
    entry = ACTIVATIONS[key]
    at_zero = float(entry.function(np.zeros(1), entry.alpha or 0.0)[0])
    if key != "threshold":  # jumps at 0
        assert moments(key, 0.0)[:2] == pytest.approx((at_zero, at_zero**2), rel=1e-14)


@pytest.mark.parametrize("key", list(ACTIVATIONS))
def test_an_unknown_variance_has_no_forecast(key: str) -> None:
    entry = ACTIVATIONS[key]
    for values in gaussian_moments(entry, entry.alpha or 0.0, np.array([math.nan, 1.0])):
        assert np.isnan(values).tolist() == [True, False]


def test_softmax_has_no_forecast() -> None:
    assert np.isnan(gaussian_moments(SOFTMAX, 0.0, np.ones(2))[1]).all()


def wide(activation: str, initializer: str, gain: float = 1.0, depth: int = 4, dropout: float = 0.0) -> Experiment:
    layer = HiddenLayer(units=256, activation=activation, initializer=initializer, gain=gain, dropout=dropout)
    return Experiment(
        data=DataSettings(dataset="gauss", samples=120, features=("x1", "x2", "x1_x2", "sin_x1", "cos_x2")),
        network=NetworkSettings(hidden=(layer,) * depth, output_initializer="lecun_normal"),
        training=TrainingSettings(batch_size=0, dropout_scaling="inverted"),
    )


def mean_over_seeds(experiment: Experiment, seeds: int) -> tuple[list[Floats], list[Floats]]:
    """Return the mean forecast and the mean measurement of the four moments over several draws of the weights."""
    pairs: list[tuple[LayerMoments, LayerMoments]] = []
    for seed in range(seeds):
        trainer = new_trainer(
            msgspec.structs.replace(experiment, network=msgspec.structs.replace(experiment.network, seed=seed))
        )
        X, Y = trainer.data.x_train, trainer.data.y_train
        masks = None
        if trainer.architecture.drops:
            trainer.run(1)
            X, Y, masks = X[trainer.last_batch], Y[trainer.last_batch], trainer.last_masks
            trainer.reset()
        trace = trainer.network.forward(X, masks)
        pairs.append(forecast_and_measured(trainer.network, trace, trainer.network.backward(trace, Y)))
    names = LayerMoments.__struct_fields__
    return tuple(
        [np.mean([getattr(pair[which], name) for pair in pairs], axis=0) for name in names] for which in (0, 1)
    )  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("activation", "initializer", "gain", "dropout"),
    [
        ("relu", "he_normal", 1.0, 0.0),
        ("relu", "he_uniform", 1.3, 0.0),
        ("tanh", "xavier_normal", 1.0, 0.0),
        ("tanh", "orthogonal", 2.0, 0.0),
        ("sigmoid", "fan_in_uniform", 4.0, 0.0),
        ("elu", "lecun_normal", 1.0, 0.0),
        ("relu", "he_normal", 1.0, 0.5),
    ],
)
def test_row16_forecast_matches_wide_networks(activation: str, initializer: str, gain: float, dropout: float) -> None:
    predicted, seen = mean_over_seeds(wide(activation, initializer, gain, dropout=dropout), 12)
    hidden = slice(0, 4)  # the output has only one neuron
    for name, line, dots in zip(("z²", "a²", "δ²"), predicted, seen, strict=True):
        np.testing.assert_allclose(dots[hidden], line[hidden], rtol=0.2, err_msg=name)


def test_row16_he_preserves_mean_squares_in_relu_layers_and_the_gain_scales_them() -> None:
    for gain in (0.5, 1.0, 2.0):
        architecture = new_trainer(wide("relu", "he_normal", gain, depth=6)).architecture
        line = forecast(architecture, np.ones(1), np.ones(1))
        ratios = line.activation_mean_square[1:6] / line.activation_mean_square[:5]
        np.testing.assert_allclose(ratios, gain**2, rtol=1e-12)
        back = line.delta_mean_square[:5] / line.delta_mean_square[1:6]
        np.testing.assert_allclose(back, gain**2, rtol=1e-12)


def test_row07_forecast_of_a_sigmoid_network_decreases_in_every_layer() -> None:
    architecture = new_trainer(wide("sigmoid", "xavier_normal", depth=10)).architecture
    line = forecast(architecture, np.ones(1), np.ones(1)).delta_mean_square
    assert (line[:-2] / line[1:-1] < 1 / 16).all()  # δ² shrinks by at least (1/4)²


def test_zero_weights_and_equal_weights() -> None:
    zero = forecast(new_trainer(wide("tanh", "zeros")).architecture, np.ones(1), np.ones(1))
    np.testing.assert_array_equal(zero.pre_activation_mean_square[:4], 0.0)
    np.testing.assert_array_equal(zero.delta_mean_square[:3], 0.0)
    same = forecast(new_trainer(wide("tanh", "constant")).architecture, np.ones(1), np.ones(1))
    assert np.isnan(same.pre_activation_mean_square).all()


def test_overflow_does_not_warn() -> None:
    network = new_trainer(wide("relu", "normal", 1000.0, depth=50)).architecture
    line = forecast(network, np.full(1, 1e300), np.ones(1))
    assert line.pre_activation_mean_square[-1] == math.inf


def test_the_change_per_layer_is_the_geometric_mean_over_hidden_layers() -> None:
    assert change_per_layer(np.array([8.0, 5.0, 2.0, 99.0])) == pytest.approx(0.5)
    assert change_per_layer(np.array([3.0, 3.0, 1.0])) == pytest.approx(1.0)
    assert change_per_layer(np.array([1.0, 0.0, 1.0])) == 0.0
    for unknown in ([1.0, 2.0], [0.0, 1.0, 1.0], [math.nan, 1.0, 1.0]):
        assert math.isnan(change_per_layer(np.array(unknown)))
