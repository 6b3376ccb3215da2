"""Losses along directions equal those of a network with moved parameters, however they are computed."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from msgspec.structs import replace

import core.analysis.landscape
from core.analysis.landscape import (
    loss_along,
    mean_loss,
    mean_losses,
    path_directions,
    path_on_plane,
    plane,
    random_direction,
    weight_slice,
)
from core.arrays import Floats
from core.errors import ShapeError
from core.experiment import DataSettings, Experiment, HiddenLayer, NetworkSettings, TrainingSettings
from core.network import Network
from core.training.trainer import Trainer
from tests.core.support import new_trainer

SMALL = (HiddenLayer(units=4), HiddenLayer(units=3, activation="elu"), HiddenLayer(units=2, activation="prelu"))
KINDS = {
    "squared error": Experiment(network=NetworkSettings(hidden=SMALL)),
    "softmax": Experiment(data=DataSettings(dataset="iris"), network=NetworkSettings(hidden=SMALL)),
    "cross-entropy": Experiment(training=TrainingSettings(loss="binary_cross_entropy")),
    "no hidden layer": Experiment(network=NetworkSettings(hidden=())),
    "dropout at test time": Experiment(
        network=NetworkSettings(hidden=tuple(replace(layer, dropout=0.4) for layer in SMALL), input_dropout=0.2),
        training=TrainingSettings(dropout_scaling="at_test_time"),
    ),
}
every_kind = pytest.mark.parametrize("kind", KINDS)


def trainer_with(experiment: Experiment, **training: object) -> Trainer:
    changed = replace(experiment, training=replace(experiment.training, **training))
    return new_trainer(changed)


@cache
def trained(kind: str) -> tuple[Network, Floats, Floats]:
    trainer = new_trainer(KINDS[kind])
    trainer.run(60)
    return trainer.network, trainer.data.x_train[:70], trainer.data.y_train[:70]


def true_loss(network: Network, X: Floats, Y: Floats, parameters: Floats) -> float:
    """Return the mean loss from the network's own forward pass."""
    moved = Network(network.architecture, parameters)
    return float(np.mean(moved.loss(moved.forward(X), Y)))


@every_kind
@pytest.mark.parametrize("together", [1, 2**14])
def test_loss_along_any_direction_matches_the_moved_network(
    kind: str, together: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(core.analysis.landscape, "MAX_NUMBERS", together)
    network, X, Y = trained(kind)
    before = network.parameters.copy()
    offsets = np.linspace(-2.0, 3.0, 7)
    rng = np.random.default_rng(1)
    for direction in (rng.normal(size=len(before)), random_direction(network, rng=rng), np.zeros(len(before))):
        expected = [true_loss(network, X, Y, before + t * direction) for t in offsets]
        np.testing.assert_allclose(loss_along(network, X, Y, direction, offsets), expected, rtol=1e-11)
    np.testing.assert_array_equal(network.parameters, before)


@every_kind
def test_slice_and_slope_of_every_parameter(kind: str) -> None:
    network, X, Y = trained(kind)
    gradient = network.backward(network.forward(X), Y).flat
    learned = [layer.learns_alpha for layer in network.architecture.layers]
    fixed = {
        layer.alpha_index for layer, learns in zip(network.architecture.layers, learned, strict=True) if not learns
    }
    for index in sorted(set(range(network.architecture.size)) - fixed):
        shown = weight_slice(network, X, Y, index, 1.5, 5)
        w = network.parameters[index]
        np.testing.assert_allclose(shown.values, w + np.array([-1.5, -0.75, 0.0, 0.75, 1.5]), atol=1e-14)
        for value, loss in zip(shown.values, shown.losses, strict=True):
            parameters = network.parameters.copy()
            parameters[index] = value
            assert loss == pytest.approx(true_loss(network, X, Y, parameters), rel=1e-11)
        assert shown.here == w
        assert shown.slope == gradient[index]
        assert shown.loss == pytest.approx(shown.losses[2], rel=1e-12)
        low, high = weight_slice(network, X, Y, index, 1e-5, 2).losses
        assert shown.slope == pytest.approx((high - low) / 2e-5, rel=1e-5, abs=1e-9)


def test_slice_about_another_centre() -> None:
    network, X, Y = trained("squared error")
    shown = weight_slice(network, X, Y, 3, 2.0, 9, centre=1.0)
    assert shown.values[0] == -1.0
    assert shown.values[-1] == 3.0
    own = weight_slice(network, X, Y, 3, 2.0, 9)
    assert (shown.here, shown.slope, shown.loss) == (own.here, own.slope, own.loss)


def test_overflow_is_infinite_without_a_warning() -> None:
    linear = NetworkSettings(hidden=(HiddenLayer(units=2, activation="identity"),), output_activation="identity")
    trainer = new_trainer(Experiment(network=linear))
    direction = np.ones(trainer.network.architecture.size)
    losses = loss_along(trainer.network, trainer.data.x_train, trainer.data.y_train, direction, np.array([0.0, 1e200]))
    assert np.isfinite(losses[0])
    assert not np.isfinite(losses[1])


def test_the_line_starts_at_the_mean_loss() -> None:
    network, X, Y = trained("squared error")
    direction = np.random.default_rng(2).normal(size=network.architecture.size)
    assert loss_along(network, X, Y, direction, np.zeros(1))[0] == pytest.approx(mean_loss(network, X, Y), rel=1e-13)


def test_plane_agrees_with_the_lines_along_its_axes() -> None:
    network, X, Y = trained("softmax")
    rng = np.random.default_rng(3)
    first, second = random_direction(network, rng=rng), random_direction(network, rng=rng)
    across, up = np.linspace(-1.0, 1.0, 5), np.array([-0.5, 0.0, 0.25])
    surface = plane(network, X, Y, first, second, across, up)
    assert surface.losses.shape == (3, 5)
    np.testing.assert_allclose(surface.losses[1], loss_along(network, X, Y, first, across), rtol=1e-11)
    np.testing.assert_allclose(surface.losses[:, 2], loss_along(network, X, Y, second, up), rtol=1e-11)
    corner = network.parameters + across[-1] * first + up[0] * second
    assert surface.losses[0, -1] == pytest.approx(true_loss(network, X, Y, corner), rel=1e-11)


def recorded(trainer: Trainer, steps: int) -> Floats:
    """Return the parameters before and after each of ``steps`` steps, (steps + 1, P)."""
    points = [trainer.parameters.copy()]
    for _ in range(steps):
        trainer.run(1)
        points.append(trainer.parameters.copy())
    return np.array(points)


def test_row18_path_points_have_their_true_loss_and_a_common_start() -> None:
    methods: tuple[dict[str, object], ...] = (
        {"batch_size": 0},
        {"batch_size": 10},
        {"batch_size": 10, "optimizer": "momentum", "momentum": 0.9},
    )
    trainers = [trainer_with(KINDS["squared error"], **method) for method in methods]
    X, Y = trainers[0].data.x_train, trainers[0].data.y_train
    start = trainers[0].network
    start = Network(start.architecture, start.parameters.copy())
    paths = [recorded(trainer, 40) for trainer in trainers]
    first, second = path_directions(paths[0])
    shown = [path_on_plane(start, X, Y, first, second, path) for path in paths]
    for path, drawn in zip(paths, shown, strict=True):
        expected = [true_loss(start, X, Y, point) for point in path]
        np.testing.assert_allclose(drawn.losses, expected, rtol=1e-12)
        assert (drawn.first[0], drawn.second[0], drawn.distances[0]) == pytest.approx((0.0, 0.0, 0.0), abs=1e-12)
        assert drawn.losses[0] == shown[0].losses[0]
    # A path leaves another's plane, so that losses taken from the surface would be wrong.
    stray = shown[2]
    last = stray.first[-1:], stray.second[-1:]
    surface = plane(start, X, Y, first, second, *last).losses[0, 0]
    assert stray.distances[-1] > 0.01
    assert abs(surface - stray.losses[-1]) > 1e-4


def test_projection_is_orthogonal_for_oblique_axes() -> None:
    network, X, Y = trained("squared error")
    rng = np.random.default_rng(4)
    first = rng.normal(size=network.architecture.size)
    second = 0.7 * first + rng.normal(size=len(first))
    path = network.parameters + rng.normal(size=(6, len(first)))
    path[0] = network.parameters + 0.3 * first - 0.2 * second
    drawn = path_on_plane(network, X, Y, first, second, path)
    assert (drawn.first[0], drawn.second[0], drawn.distances[0]) == pytest.approx((0.3, -0.2, 0.0), abs=1e-12)
    feet = network.parameters + np.outer(drawn.first, first) + np.outer(drawn.second, second)
    np.testing.assert_allclose((path - feet) @ np.column_stack([first, second]), 0.0, atol=1e-10)
    np.testing.assert_allclose(np.linalg.norm(path - feet, axis=1), drawn.distances, atol=1e-12)


def test_path_directions_are_the_principal_components() -> None:
    rng = np.random.default_rng(5)
    axes = np.linalg.qr(rng.normal(size=(9, 2)))[0].T
    path = rng.normal(size=9) + np.outer(np.linspace(4.0, 0.0, 20), axes[0]) + np.outer(np.sin(np.arange(20)), axes[1])
    first, second = path_directions(path)
    assert abs(first @ second) < 1e-12
    moved = path - path[-1]
    np.testing.assert_allclose(np.outer(moved @ first, first) + np.outer(moved @ second, second), moved, atol=1e-12)
    assert np.var(moved @ first) > np.var(moved @ second)
    still = path_directions(np.ones((1, 9)))
    assert [float(direction @ direction) for direction in still] == pytest.approx([1.0, 1.0])


@pytest.mark.parametrize("curl", [1.0, 1e-3, 1e-9])
def test_path_directions_of_many_parameters_are_the_singular_vectors(curl: float) -> None:
    rng = np.random.default_rng(7)
    axes = np.linalg.qr(rng.normal(size=(300, 2)))[0].T
    path = np.outer(np.linspace(5.0, 0.0, 30), axes[0]) + curl * np.outer(np.sin(np.arange(30)), axes[1])
    first, second = path_directions(path)
    moved = path - path[-1]
    expected = np.linalg.svd(path - path.mean(axis=0), full_matrices=False)[2]
    assert abs(first @ expected[0]) == pytest.approx(1.0, abs=1e-12)
    assert abs(second @ expected[1]) == pytest.approx(1.0, abs=1e-6)
    assert (first @ first, second @ second, first @ second) == pytest.approx((1.0, 1.0, 0.0), abs=1e-12)
    assert (moved @ first).sum() <= 0.0, "the path comes from the left, so that successive planes do not flip"
    assert (moved @ second).sum() <= 0.0


def test_random_direction_has_the_norm_of_each_neuron() -> None:
    network, _, _ = trained("squared error")
    direction = random_direction(network, rng=np.random.default_rng(6))
    for index, layer in enumerate(network.architecture.layers):
        own = np.vstack([network.weights(index), network.bias(index)])
        part = np.vstack([direction[layer.weights].reshape(layer.shape), direction[layer.bias]])
        np.testing.assert_allclose(np.linalg.norm(part, axis=0), np.linalg.norm(own, axis=0), rtol=1e-12)
        assert direction[layer.alpha_index] == 0.0
    np.testing.assert_array_equal(direction, random_direction(network, rng=np.random.default_rng(6)))


def test_invalid_arguments_are_rejected() -> None:
    network, X, Y = trained("squared error")
    with pytest.raises(ShapeError, match="directions"):
        loss_along(network, X, Y, np.ones(3), np.zeros(1))
    with pytest.raises(ValueError, match="positive width"):
        weight_slice(network, X, Y, 0, 0.0, 5)
    direction = np.ones(network.architecture.size)
    with pytest.raises(ValueError, match="parallel"):
        path_on_plane(network, X, Y, direction, 2.0 * direction, network.parameters[np.newaxis])


@every_kind
def test_the_losses_at_many_points_are_those_of_each_to_the_bit(kind: str) -> None:
    trainer = new_trainer(KINDS[kind])
    architecture, X, Y = trainer.architecture, trainer.data.x_train, trainer.data.y_train
    points = trainer.parameters + np.random.default_rng(3).normal(size=(23, architecture.size))
    points[7] = 1e200
    expected = [mean_loss(Network(architecture, point), X, Y) for point in points]
    np.testing.assert_array_equal(mean_losses(architecture, points, X, Y), expected)
