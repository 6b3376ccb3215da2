"""The distance between a sketch and the truth, the curves that can be sketched, and the checks of their axes."""

from __future__ import annotations

import math

import numpy as np
import pytest

from core.arrays import norm
from core.errors import PlaygroundError
from core.experiment import Experiment, HiddenLayer, NetworkSettings
from core.lessons.blocks import Measure, Predict, PredictText
from core.lessons.sketches.axes import sketch_axes
from core.lessons.sketches.curves import CURVES
from core.lessons.sketches.distance import curve_difference
from tests.playground.factory import snapshot_of


def test_two_crossing_lines_differ_by_the_area_of_two_triangles() -> None:
    # |x − (1 − x)| over [0, 1] is two triangles of base 1/2 and height 1: 1/2 in total; the signed areas cancel.
    found = curve_difference(
        [(0.0, 0.0), (1.0, 1.0)], np.array([0.0, 1.0]), np.array([1.0, 0.0]), log=False, by_layer=False
    )
    assert found is not None
    assert found.mean == pytest.approx(0.5, rel=1e-15)
    assert found.bias == pytest.approx(0.0, abs=1e-15)
    assert found.compared == (0.0, 1.0)


def test_the_exact_mean_agrees_with_numerical_integration() -> None:
    rng = np.random.default_rng(3)
    sx, tx = np.sort(rng.uniform(0, 10, 17)), np.sort(rng.uniform(0, 10, 40))
    sy, ty = rng.normal(size=17), rng.normal(size=40)
    found = curve_difference(list(zip(sx.tolist(), sy.tolist(), strict=True)), tx, ty, log=False, by_layer=False)
    assert found is not None
    low, high = max(sx[0], tx[0]), min(sx[-1], tx[-1])
    at = low + (np.arange(400_000) + 0.5) * (high - low) / 400_000
    gap = np.interp(at, sx, sy) - np.interp(at, tx, ty)
    assert found.mean == pytest.approx(float(np.mean(np.abs(gap))), rel=1e-6)
    assert found.bias == pytest.approx(float(np.mean(gap)), rel=1e-5)
    assert abs(found.sketched - found.measured) == pytest.approx(float(np.max(np.abs(gap))), rel=1e-3)


def test_on_a_log_axis_the_distance_is_in_decades() -> None:
    x = np.array([0.0, 50.0, 100.0])
    found = curve_difference([(0.0, 1.0), (100.0, 1.0)], x, np.full(3, 0.01), log=True, by_layer=False)
    assert found is not None
    assert found.mean == pytest.approx(2.0)
    assert found.bias == pytest.approx(2.0)
    assert found.measured == pytest.approx(0.01)


def test_by_layer_the_distance_is_the_mean_over_common_layers() -> None:
    sketch = [(1.0, 1e-3), (2.0, 1e-2), (3.0, 1e-1)]
    found = curve_difference(sketch, np.array([2.0, 3.0, 4.0]), np.array([1e-4, 1e-1, 1.0]), log=True, by_layer=True)
    assert found is not None
    assert found.mean == pytest.approx(1.0)  # decades: 2 and 0
    assert (found.farthest, found.compared) == (2.0, (2.0, 3.0))


def test_values_that_an_axis_cannot_show_are_left_out() -> None:
    truth = np.array([1.0, 0.0, math.nan, 1.0])
    found = curve_difference([(1.0, 0.1), (4.0, 0.1)], np.arange(1.0, 5.0), truth, log=True, by_layer=True)
    assert found is not None
    assert found.mean == pytest.approx(1.0)
    nothing = np.zeros(4)
    assert curve_difference([(1.0, 0.1), (4.0, 0.1)], np.arange(1.0, 5.0), nothing, log=True, by_layer=True) is None
    assert curve_difference([], np.arange(1.0, 5.0), truth, log=True, by_layer=False) is None
    apart = curve_difference([(0.0, 1.0), (1.0, 1.0)], np.array([2.0, 3.0]), np.ones(2), log=False, by_layer=False)
    assert apart is None


def test_every_curve_is_ordered_and_by_layer_has_one_value_for_each() -> None:
    layers = tuple(HiddenLayer(units=3) for _ in range(4))
    snapshot = snapshot_of(Experiment(network=NetworkSettings(hidden=layers)), steps=7)
    for curve in CURVES.values():
        x, y = curve.of(snapshot)
        assert len(x) == len(y) > 0
        assert np.all(np.diff(x) > 0)
        if curve.by_layer:
            assert x.tolist() == [1, 2, 3, 4, 5]
    _, squares = CURVES["activation_by_layer"].of(snapshot)
    assert squares[1] == pytest.approx(np.mean(snapshot.trace.activations[1] ** 2))
    _, norms = CURVES["gradient_by_layer"].of(snapshot)
    assert norms[0] == pytest.approx(norm(snapshot.gradients.flat[snapshot.network.architecture.layers[0].weights]))


def predict(measure: str = "loss_curve", **axes: tuple[float, float]) -> Predict:
    return Predict(kind="curve", truth=Measure(measure=measure), text=PredictText(question="?"), **axes)


def test_log_axes_use_decades() -> None:
    axes = sketch_axes(predict(x=(0, 100), y=(1e-3, 10)))
    assert axes.log
    assert axes.height_range == pytest.approx((-3.0, 1.0))
    assert axes.height(0.1) == pytest.approx(-1.0)
    assert math.isnan(axes.height(0.0))


@pytest.mark.parametrize(
    ("broken", "message"),
    [
        (predict("train_loss", x=(0, 1), y=(1, 2)), r"truth\.measure: expected a curve \(loss_curve.*'train_loss'"),
        (predict(x=(0, 1)), "y: a curve needs the range"),
        (predict(x=(5, 1), y=(1, 2)), r"x: expected two numbers, the smaller one first, got \[5, 1\]"),
        (predict(x=(0, math.inf), y=(1, 2)), "x: expected two numbers"),
        (predict(x=(0, 1), y=(0, 2)), "y: expected numbers above 0"),
        (predict("gradient_by_layer", x=(0, 4), y=(1, 2)), "x: expected the numbers of two layers"),
        (predict("gradient_by_layer", x=(1, 4.5), y=(1, 2)), "x: expected the numbers of two layers"),
    ],
)
def test_invalid_axes_are_reported(broken: Predict, message: str) -> None:
    with pytest.raises(PlaygroundError, match=message):
        sketch_axes(broken)
