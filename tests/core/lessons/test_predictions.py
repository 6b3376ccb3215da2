"""The truth of predictions, the right choice, and the error of an answer."""

from __future__ import annotations

import math

import pytest

from core.experiment import Experiment
from core.lessons.blocks import Limits, Measure, Predict, PredictText
from core.lessons.predictions import (
    lies_within,
    number_difference,
    right_choice,
    sketch_difference,
    true_curve,
    truth_of,
)
from tests.core.lessons.support import Run

CHOICES = (Limits(from_=0.1), Limits(from_=1e-3, below=0.1), Limits(below=1e-3))
CHOICE = Predict(
    kind="choice",
    truth=Measure(measure="gradient_ratio", from_=1, to="last"),
    choices=CHOICES,
    text=PredictText(question="q", choices=("a", "b", "c")),
)


@pytest.mark.parametrize(("truth", "number"), [(0.1, 1), (math.inf, 1), (0.05, 2), (1e-3, 2), (1e-9, 3), (math.nan, 0)])
def test_the_right_choice_includes_its_lower_limit(truth: float, number: int) -> None:
    assert right_choice(CHOICE, truth) == number


def test_no_choice_is_right_if_several_or_none_match() -> None:
    overlapping = Predict(
        kind="choice",
        truth=CHOICE.truth,
        choices=(Limits(below=2.0), Limits(from_=1.0)),
        text=PredictText(question="q", choices=("a", "b")),
    )
    assert [right_choice(overlapping, value) for value in (0.5, 1.5, 3.0)] == [1, 0, 2]
    assert not lies_within(Limits(), math.nan)


def test_the_truth_is_measured() -> None:
    snapshot = Run(Experiment()).snapshot
    flat, layers = snapshot.gradients.flat, snapshot.network.architecture.layers
    norms = [math.sqrt(sum(flat[layer.weights] ** 2)) for layer in layers]
    assert truth_of(CHOICE, snapshot) == pytest.approx(norms[0] / norms[-1], rel=1e-12)


def test_differences() -> None:
    assert number_difference(3.0, 2.0) == (1.0, 1.5)
    assert math.isnan(number_difference(3.0, 0.0)[1])
    snapshot = Run(Experiment()).snapshot
    curve = Predict(
        kind="curve",
        truth=Measure(measure="gradient_by_layer"),
        x=(1.0, 3.0),
        y=(1e-6, 1.0),
        text=PredictText(question="q"),
    )
    x, y = true_curve(curve, snapshot)
    tenfold = sketch_difference(curve, [(a, 10.0 * b) for a, b in zip(x, y, strict=True)], snapshot)
    assert tenfold is not None
    assert tenfold.mean == pytest.approx(1.0)
    assert tenfold.bias == pytest.approx(1.0)
