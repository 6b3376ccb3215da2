"""The numbers of the loss slice: its sentences, its range, its ticks."""

from __future__ import annotations

import math

import numpy as np
import pytest

from core.analysis.landscape import Slice
from core.experiment import Experiment, HiddenLayer, NetworkSettings, TrainingSettings
from core.training.observer import observe
from core.training.recorders.loss_curve import LossRecorder
from playground.inspector.loss_slice.slice_numbers import (
    Range,
    loss_axis,
    range_for,
    round_number,
    sentence_on,
    slice_of,
)
from tests.core.support import new_trainer


def parabola(here: float, curvature: float = 1.0) -> Slice:
    values = np.linspace(-4.0, 4.0, 81)
    return Slice(values, 0.5 * curvature * values**2, here, 0.5 * curvature * here**2, curvature * here)


@pytest.mark.parametrize(
    ("here", "step", "expected"),
    [
        (-1.0, 0.5, "Slope −1.00: the weight increases"),
        (1.0, -0.5, "Slope 1.00: the weight decreases"),
        (1.0, -1.5, "Slope 1.00: the step passes the valley"),
        (1.0, -2.5, "Slope 1.00: the step overshoots, α too large"),
        (1.0, 0.1, "Slope 1.00; the penalty dominates: the weight increases"),
        (0.0, 0.0, "Slope 0: the weight stays"),
        (math.nan, 0.0, "The loss is not finite here"),
    ],
)
def test_sentences(here: float, step: float, expected: str) -> None:
    landing = 0.5 * (here + step) ** 2
    assert sentence_on(parabola(here), step, landing, "weight") == expected


def test_sentences_of_tiny_slopes_and_of_other_optimizers() -> None:
    tiny = parabola(1e-200, 1.0)
    assert sentence_on(tiny, -1e-250, tiny.loss, "weight") == "Slope 1.0e−200: the weight decreases"
    assert (
        sentence_on(parabola(1.0), -0.1, 0.4, "bias", plain=False) == "Slope 1.00: going downhill, the bias decreases"
    )
    assert sentence_on(parabola(1.0), -1e200, math.inf, "weight").endswith("the step overshoots, α too large")


def test_the_range_is_kept_while_it_fits() -> None:
    first = range_for(0.47, 1e-5)
    assert first == Range(0.5, 1.0)
    assert range_for(0.9, 1e-5, first) is first
    assert range_for(1.3, 1e-5, first) == Range(1.5, 1.0)
    assert range_for(0.47, 1.5, first) == Range(0.0, 2.0)  # the range grows to show the step,
    assert range_for(0.47, 1e6, first) == Range(0.0, 5.0)  # unless the step is out of proportion
    assert range_for(500.0, 0.0) == Range(500.0, 500.0)
    assert range_for(0.47, 0.0, Range(0.0, 500.0)) == Range(0.5, 1.0)
    assert range_for(math.nan, 0.0, first) is first
    for value in (-3.3, 0.0, 17.87, 1e-9, 1e6):
        shown = range_for(value, math.inf)
        assert shown.low < value < shown.high


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [(0.5, 0.5, "0.5"), (-1.0, 0.5, "−1"), (1.5, 0.5, "1.5"), (0.1 + 0.2, 0.1, "0.3"), (2e-4, 1e-4, "2e−4"),
     (1250.0, 50.0, "1250"), (1e-17, 0.5, "0"), (0.0012, 0.0002, "0.0012")],
)  # fmt: skip
def test_round_numbers_have_no_superfluous_digits(value: float, unit: float, text: str) -> None:
    assert round_number(value, unit) == text


@pytest.mark.parametrize(
    "losses", [[0.3, 0.1, 0.2], [1e-9, 2e-9, 3e-9], [0.5] * 3, [1e300, 0.0, math.inf], [math.nan] * 3]
)
def test_the_axis_contains_every_finite_loss_and_has_few_round_ticks(losses: list[float]) -> None:
    axis = loss_axis(np.array(losses), losses[0])
    assert axis.low < axis.high
    assert all(axis.low <= value <= axis.high for value in losses if math.isfinite(value))
    assert 2 <= len(axis.ticks) <= 5
    assert (axis.ticks[0][0], axis.ticks[-1][0]) == (axis.low, axis.high)


@pytest.mark.parametrize("base", [0.6929, 0.0, 1.0, 123.456, 1e-6, -0.5, 3e10])
@pytest.mark.parametrize("spread", [0.5, 1e-2, 1e-5, 1e-7, 0.0])
def test_tick_labels_are_distinct_and_correct(base: float, spread: float) -> None:
    losses = base + spread * abs(base or 1.0) * np.linspace(0.0, 1.0, 41) ** 2
    axis = loss_axis(losses, float(losses[0]))
    labels = [label for _, label in axis.ticks]
    assert len(set(labels)) == len(labels)
    assert max(map(len, labels)) <= 7
    offset = written(axis.offset) if axis.offset else 0.0
    unit = axis.ticks[1][0] - axis.ticks[0][0]
    for value, label in axis.ticks:
        assert offset + written(label) == pytest.approx(value, abs=0.01 * unit)


def written(text: str) -> float:
    return float(text.replace("−", "-"))


def test_row05_a_short_step_across_a_kink_is_no_overshooting_of_alpha() -> None:
    hidden = tuple(HiddenLayer(units=units, activation="relu") for units in (4, 2))
    settings = Experiment(network=NetworkSettings(hidden=hidden), training=TrainingSettings(learning_rate=0.1))
    trainer = new_trainer(settings, engine="numpy")
    trainer.run(200)
    snapshot = observe(trainer, LossRecorder(), axes=None)
    index = trainer.architecture.layers[0].weight_index(1, 1)
    shown = slice_of(snapshot, 0, index, "w")
    assert shown.landing > shown.slice.loss
    assert shown.limit is not None
    assert shown.limit > 10 * 0.1, "as the mark in the plot says, α is far below the limit"
    assert shown.sentence.endswith(": beyond a kink the loss rises")
