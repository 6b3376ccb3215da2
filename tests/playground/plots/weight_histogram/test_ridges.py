"""Distributions of many layers, computed and drawn at once."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRectF
from PySide6.QtGui import QColor, QImage, QPainter
from pytestqt.qtbot import QtBot

from core.arrays import Floats
from core.network import Network
from core.network.parameters import unit_parameters
from playground.plots.weight_histogram.densities import BINS, WeightBinner, WeightData, smoothed_rows
from playground.plots.weight_histogram.picture import DETAILED, WeightPicture, _paint_thin_ridges
from playground.plotting.canvas.canvas import Area, Canvas
from playground.style.theme import LIGHT, Style
from tests.playground.factory import network, snapshot_of


def kernel_density(weights: Floats, at: Floats) -> Floats:
    """The estimate by its definition, with half the bandwidth of Silverman's rule for a normal distribution."""
    spread = 1.2533 * np.abs(weights - weights.mean()).mean()
    bandwidth = 0.45 * spread * len(weights) ** -0.2
    kernels = np.exp(-0.5 * ((at[:, None] - weights) / bandwidth) ** 2)
    return np.asarray(kernels.mean(axis=1) / (bandwidth * np.sqrt(2 * np.pi)))


def test_the_density_of_each_row_is_the_kernel_density_estimate() -> None:
    rng = np.random.default_rng(5)
    weights = rng.normal(size=(3, 4000)) * np.array([[1.0], [0.5], [0.7]]) + np.array([[0.0], [0.4], [-0.9]])
    width = 8.0 / BINS
    centres = width * (np.arange(BINS) + 0.5) - 4.0
    found = smoothed_rows(weights, np.abs(weights) <= 4.0, width)
    for row, density in zip(weights, found, strict=True):
        expected = kernel_density(row, centres)
        assert np.abs(density - expected).max() <= 0.06 * expected.max()  # the bins blur narrow kernels a little
        assert density.sum() * width == pytest.approx(1.0, rel=1e-3)


def test_weights_outside_the_bins_are_left_out() -> None:
    inside = np.linspace(-1.0, 1.0, 40)
    rows = np.stack([inside, np.where(np.arange(40) < 30, inside, 1e200)])
    alone = smoothed_rows(inside[None, :30], np.ones((1, 30), dtype=np.bool_), 0.05)
    both = smoothed_rows(rows, np.abs(rows) <= 0.05 * BINS / 2, 0.05)
    assert both[1] == pytest.approx(alone[0], rel=1e-12)
    nothing = smoothed_rows(rows, np.zeros(rows.shape, dtype=np.bool_), 0.05)
    assert not nothing.any()


def deep(*units: int) -> Network:
    made: Network = snapshot_of(network(*units), steps=3).network
    made.weights(2)[0, 0] = 40.0  # outside the axis
    return made


def test_equal_layers_have_the_ridges_that_they_would_have_alone() -> None:
    together = deep(16, 16, 16, 16)
    at_start = snapshot_of(network(16, 16, 16, 16)).network
    data = WeightBinner().bin(together, unit_parameters(together.architecture, seed=1))
    for index, ridge in enumerate(data.ridges):
        weights = together.weights(index).ravel()
        inside = np.abs(weights) <= data.reach
        alone = smoothed_rows(weights[None][:, inside], np.ones((1, inside.sum()), np.bool_), data.reach / (BINS / 2))
        assert ridge.density == pytest.approx(alone[0], rel=1e-9)
        assert (ridge.count, ridge.outside, ridge.broken) == (len(weights), int((~inside).sum()), 0)
        initial = at_start.weights(index)
        assert ridge.growth == pytest.approx(np.sqrt(np.mean(weights**2) / np.mean(initial**2)), rel=1e-9)
        assert ridge.size == pytest.approx(np.sqrt(np.mean(weights**2)), rel=1e-9)
    assert data.ridges[2].outside == 1


def test_one_broken_layer_leaves_the_others_as_they_are() -> None:
    broken = deep(16, 16, 16, 16)
    expected = WeightBinner().bin(broken)
    broken.weights(3)[0, :2] = np.nan, np.inf
    found = WeightBinner().bin(broken)
    assert found.ridges[3].broken == 2
    assert np.isnan(found.ridges[3].growth)
    assert found.reach == pytest.approx(expected.reach, rel=0.2)
    assert found.ridges[1].growth == expected.ridges[1].growth


@pytest.fixture
def many() -> WeightData:
    """The ridges of so many layers that they are drawn at once, one of them with no weight on the axis."""
    trained = snapshot_of(network(*(4,) * (DETAILED + 3)), steps=20).network
    trained.weights(5)[:] = np.nan
    return WeightBinner().bin(trained)


@pytest.mark.parametrize("still", [False, True])
def test_ridges_drawn_at_once_look_like_ridges_drawn_one_by_one(many: WeightData, qtbot: QtBot, still: bool) -> None:
    style, count = Style(LIGHT), len(many.ridges)
    area = Area(QRectF(10, 10, 280, 260), (-many.reach, many.reach), (0.7 - count, 3.2), still)
    canvas = Canvas(style)
    qtbot.addWidget(canvas)
    picture = WeightPicture(canvas)

    def drawn(at_once: bool) -> QImage:
        image = QImage(300, 280, QImage.Format.Format_RGB32)
        image.fill(0xFFFFFFFF)
        with QPainter(image) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            if at_once:
                _paint_thin_ridges(painter, area, many, style)
            else:
                row, xs = area.y(0.0) - area.y(1.0), area.xs(many.centres)
                for index, ridge in enumerate(many.ridges):
                    picture._paint_ridge(painter, area, style, index, count, ridge, xs, row)
        return image

    assert drawn(True) == drawn(False)
    middle = QPoint(round(area.x(0.0)), round(area.y(-2.2)))
    assert drawn(True).pixelColor(middle) != QColor("white")


def test_many_large_layers_are_sampled_and_counted_whole() -> None:
    snapshot = snapshot_of(network(*[200] * 12))
    parameters, layers = snapshot.network.parameters.copy(), snapshot.network.architecture.layers
    rng = np.random.default_rng(7)
    for layer in layers:
        parameters[layer.weights] = rng.normal(size=layer.fan_in * layer.fan_out)
    parameters[layers[3].start : layers[3].start + 2] = 50.0, np.nan
    data = WeightBinner().bin(Network(snapshot.network.architecture, parameters), parameters)
    for index, (layer, ridge) in enumerate(zip(layers, data.ridges, strict=True)):
        weights = parameters[layer.weights]
        finite = weights[np.isfinite(weights)]
        assert (ridge.count, ridge.broken) == (len(weights), int(index == 3))
        assert ridge.outside == np.count_nonzero(np.abs(finite) > data.reach)
        if index != 3:
            assert ridge.size == pytest.approx(np.sqrt(np.mean(weights**2)), rel=1e-14)
        if 0 < index < 12:
            expected = np.exp(-0.5 * data.centres**2) / np.sqrt(2 * np.pi)
            assert np.abs(ridge.density - expected).max() < 0.06
    assert np.isnan(data.ridges[3].size)
