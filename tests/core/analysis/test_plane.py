"""The plane: the inputs that span it, and the network's activations at every point."""

from __future__ import annotations

import numpy as np
import pytest

from core.analysis.plane import (
    LIVE_SIDES,
    MIN_SIDE,
    STILL_SIDE,
    default_axes,
    has_plane,
    live_side,
    plane_of,
    still_side,
)
from core.engine.evaluation import NumpyEvaluator
from core.experiment import DataSettings, Experiment, HiddenLayer, NetworkSettings
from tests.core.support import new_trainer


def test_every_point_holds_the_networks_activations() -> None:
    features = ("x1", "x2", "sin_x1", "x1_x2")
    trainer = new_trainer(Experiment(data=DataSettings(features=features, standardize=True)))
    plane = plane_of(trainer.network, trainer.data, (0, 1), 20, NumpyEvaluator())
    assert (plane.x[0], plane.x[-1], plane.y[0], plane.y[-1]) == (-6.0, 6.0, -6.0, 6.0)
    assert plane.features.shape == (20, 20, 4)
    for row, column in ((0, 0), (3, 17), (19, 8)):
        x, y = plane.x[column], plane.y[row]
        raw = np.array([[x, y, np.sin(x), x * y]])
        seen = (raw - trainer.data.input_mean) / trainer.data.input_scale
        np.testing.assert_allclose(plane.features[row, column], seen[0], rtol=1e-14)
        trace = trainer.network.forward(seen)
        for layer, activations in enumerate(trace.activations):
            np.testing.assert_allclose(plane.activations[layer][row, column], activations[0], rtol=1e-13)


def test_other_inputs_are_fixed_at_their_training_mean() -> None:
    trainer = new_trainer(Experiment(data=DataSettings(dataset="iris")))
    plane = plane_of(trainer.network, trainer.data, (3, 1), 9, NumpyEvaluator())
    mean = trainer.data.positions_train.mean(axis=0)
    np.testing.assert_allclose(plane.features[..., 0], mean[0])
    np.testing.assert_allclose(plane.features[..., 2], mean[2])
    np.testing.assert_array_equal(plane.features[4, :, 3], plane.x)
    np.testing.assert_array_equal(plane.features[:, 5, 1], plane.y)


def test_data_with_one_input_has_one_row() -> None:
    trainer = new_trainer(Experiment(data=DataSettings(dataset="sine")))
    axes = default_axes(trainer.data)
    plane = plane_of(trainer.network, trainer.data, axes, 30, NumpyEvaluator())
    assert axes == (0, 0)
    assert plane.activations[-1].shape == (1, 30, 1)
    np.testing.assert_allclose(
        plane.activations[-1][0, :, 0], trainer.network.predict(plane.x[:, np.newaxis])[:, 0], rtol=1e-13
    )


@pytest.mark.parametrize(("dataset", "expected"), [("circle", True), ("iris", True), ("digits", False)])
def test_images_have_no_plane(dataset: str, expected: bool) -> None:
    assert has_plane(new_trainer(Experiment(data=DataSettings(dataset=dataset))).data) is expected


def test_the_two_most_informative_inputs_span_the_plane() -> None:
    # In iris, the petal's measurements separate the species; the sepal's hardly do.
    assert default_axes(new_trainer(Experiment(data=DataSettings(dataset="iris"))).data) == (2, 3)
    assert default_axes(new_trainer(Experiment()).data) == (0, 1)


def test_large_networks_have_a_coarser_plane_while_training() -> None:
    small = new_trainer(Experiment()).network
    hidden = tuple(HiddenLayer(units=64) for _ in range(20))
    large = new_trainer(Experiment(network=NetworkSettings(hidden=hidden))).network
    assert live_side(small) == LIVE_SIDES[1]
    assert live_side(large) == LIVE_SIDES[0]


@pytest.mark.parametrize(("depth", "units", "side"), [(2, 4, STILL_SIDE), (10, 512, 29), (50, 512, MIN_SIDE)])
def test_the_plane_of_a_network_of_millions_of_weights_is_coarser(depth: int, units: int, side: int) -> None:
    hidden = tuple(HiddenLayer(units=units) for _ in range(depth))
    network = new_trainer(Experiment(network=NetworkSettings(hidden=hidden))).network
    assert still_side(network) == side
    assert live_side(network) <= side
