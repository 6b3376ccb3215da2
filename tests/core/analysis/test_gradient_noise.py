"""The noise of batch gradients, compared with per-sample gradients and with all possible batches."""

from __future__ import annotations

import math
from itertools import product

import numpy as np
import pytest
from msgspec.structs import replace

from core.analysis.gradient_noise import compare_batch, gradient_noise
from core.arrays import Floats
from core.experiment import DataSettings, Experiment, HiddenLayer, NetworkSettings
from core.network import Gradients, Network, Trace
from core.training.trainer import Trainer
from tests.core.support import new_trainer


def trained(samples: int = 40, *, dataset: str = "circle", steps: int = 20) -> Trainer:
    hidden = (HiddenLayer(units=5), HiddenLayer(units=3, activation="relu"))
    data = DataSettings(dataset=dataset, samples=samples, test_fraction=0.0)
    trainer = new_trainer(Experiment(data=data, network=NetworkSettings(hidden=hidden)))
    trainer.run(steps)
    return trainer


def passed(trainer: Trainer) -> tuple[Network, Trace, Gradients]:
    network = trainer.network
    trace = network.forward(trainer.data.x_train)
    return network, trace, network.backward(trace, trainer.data.y_train)


def single_gradients(trainer: Trainer) -> Floats:
    """Return each sample's gradient from its own backward pass, (N, P)."""
    network, X, Y = trainer.network, trainer.data.x_train, trainer.data.y_train
    return np.array([network.backward(network.forward(X[i : i + 1]), Y[i : i + 1]).flat for i in range(len(X))])


@pytest.mark.parametrize("dataset", ["circle", "iris", "sine"])
def test_inner_products_match_per_sample_gradients(dataset: str) -> None:
    trainer = trained(dataset=dataset)
    _, trace, gradients = passed(trainer)
    noise = gradient_noise(trace, gradients)
    single = single_gradients(trainer)
    off = single - single.mean(axis=0)
    np.testing.assert_allclose(noise.centred, off @ off.T, rtol=1e-9, atol=1e-12 * np.abs(off @ off.T).max())
    assert noise.squared_norm == pytest.approx(float(np.sum(gradients.flat**2)), rel=1e-9)
    assert noise.variance == pytest.approx(float(np.mean(np.sum(off**2, axis=1))), rel=1e-9)
    assert noise.noise_scale == pytest.approx(noise.variance / float(np.sum(gradients.flat**2)), rel=1e-9)


@pytest.mark.parametrize("size", [1, 2, 3])
def test_row17_mean_error_over_all_batches_is_variance_over_k(size: int) -> None:
    trainer = trained(4)
    _, trace, gradients = passed(trainer)
    noise = gradient_noise(trace, gradients)
    single = single_gradients(trainer)
    full = single.mean(axis=0)
    errors = [np.sum((single[list(batch)].mean(axis=0) - full) ** 2) for batch in product(range(4), repeat=size)]
    assert noise.expected_error(size) == pytest.approx(float(np.mean(errors)), rel=1e-9)


def test_row17_error_of_sampled_batches_falls_as_1_over_k() -> None:
    _, trace, gradients = passed(trained(60))
    noise = gradient_noise(trace, gradients)
    rng = np.random.default_rng(4)
    sizes = np.array([1, 4, 16, 64, 256])
    means = []
    for size in sizes.tolist():
        errors = noise.drawn_errors(size, 400, rng=rng)
        assert np.all(errors >= 0.0)
        standard_error = errors.std(ddof=1) / math.sqrt(400)
        assert abs(errors.mean() - noise.expected_error(size)) < 4.5 * standard_error
        means.append(errors.mean())
    slope = np.polyfit(np.log(sizes), np.log(means), 1)[0]
    assert slope == pytest.approx(-1.0, abs=0.06)


def test_a_batch_is_compared_by_angle_and_norm() -> None:
    trainer = trained()
    network, _, gradients = passed(trainer)
    X, Y = trainer.data.x_train, trainer.data.y_train
    batch = np.array([3, 7, 11])
    got = compare_batch(network, X, Y, batch, gradients)
    own = single_gradients(trainer)[batch].mean(axis=0)
    lengths = np.linalg.norm(own), np.linalg.norm(gradients.flat)
    assert got.cosine == pytest.approx(float(own @ gradients.flat) / (lengths[0] * lengths[1]), rel=1e-12)
    assert got.ratio == pytest.approx(lengths[0] / lengths[1], rel=1e-12)
    whole = compare_batch(network, X, Y, np.arange(len(X)), gradients)
    assert (whole.size, whole.cosine, whole.ratio) == (len(X), pytest.approx(1.0), pytest.approx(1.0))


def test_zero_or_non_finite_gradients_have_no_angle() -> None:
    trainer = trained()
    network, _, gradients = passed(trainer)
    X, Y, batch = trainer.data.x_train, trainer.data.y_train, np.array([0])
    none = compare_batch(network, X, Y, batch, replace(gradients, flat=np.zeros_like(gradients.flat)))
    assert math.isnan(none.cosine)
    assert none.ratio == math.inf
    broken = compare_batch(network, X, Y, batch, replace(gradients, flat=np.full_like(gradients.flat, np.nan)))
    assert math.isnan(broken.cosine)
    assert math.isnan(broken.ratio)


def test_equal_samples_have_no_noise() -> None:
    trainer = trained(10)
    network = trainer.network
    X, Y = np.repeat(trainer.data.x_train[:1], 6, axis=0), np.repeat(trainer.data.y_train[:1], 6, axis=0)
    trace = network.forward(X)
    noise = gradient_noise(trace, network.backward(trace, Y))
    assert noise.variance <= 1e-12 * noise.squared_norm
    assert noise.drawn_errors(2, 5, rng=np.random.default_rng(0)).max() <= 1e-12 * noise.squared_norm
