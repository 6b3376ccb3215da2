"""The cost estimate of a network: products, parameters, steps per epoch, and what is evaluated."""

from __future__ import annotations

import pytest

from core.engine.cost import (
    MAX_EVALUATED,
    MIN_EVALUATED,
    MULTIPLY_ADDS_PER_SECOND,
    SECONDS_PER_PARAMETER,
    cost_of,
    max_evaluated_samples,
)
from core.experiment import Experiment, HiddenLayer, NetworkSettings
from core.experiment.resolution import resolve
from core.network.architecture import Architecture, build_architecture


def architecture(depth: int, units: int, inputs: int = 64) -> Architecture:
    hidden = tuple(HiddenLayer(units=units) for _ in range(depth))
    experiment = Experiment(network=NetworkSettings(hidden=hidden))
    return build_architecture(experiment, inputs, resolve(experiment, "classification", 10))


def test_a_step_costs_three_products_per_weight_and_sample_and_one_pass_over_the_parameters() -> None:
    shape = architecture(2, 8)
    weights = 64 * 8 + 8 * 8 + 8 * 10
    cost = cost_of(shape, 95, 10)
    assert cost.weights == weights
    assert cost.steps_per_epoch == 10
    expected = 3 * weights * 10 / MULTIPLY_ADDS_PER_SECOND + SECONDS_PER_PARAMETER * shape.size
    assert cost.step_seconds == pytest.approx(expected, rel=1e-12)
    assert not cost.is_large


def test_the_largest_network_is_announced_with_its_cost_and_omissions() -> None:
    cost = cost_of(architecture(50, 512), 899, 10)
    assert cost.is_large
    assert cost.sentence == (
        "12.9 million weights: a step takes about 0.2 s, an epoch of 90 steps about 17 s. "
        "Losses are computed over the first 77 of 899 samples."
    )


def test_whole_set_batches_warn_that_pausing_is_delayed() -> None:
    cost = cost_of(architecture(50, 512), 899, 0)
    assert cost.steps_per_epoch == 1
    assert "an epoch of 1 step about 4 s." in cost.sentence


@pytest.mark.parametrize(("samples", "batch_size", "steps"), [(100_000, 1, 100_000), (100_000, 0, 1), (5, 10, 1)])
def test_batches_are_no_larger_than_the_set(samples: int, batch_size: int, steps: int) -> None:
    assert cost_of(architecture(2, 64), samples, batch_size).steps_per_epoch == steps


def test_many_small_steps_make_a_long_epoch() -> None:
    cost = cost_of(architecture(10, 128), 100_000, 1)
    assert cost.step_seconds < 0.01
    assert cost.is_large
    assert "min" in cost.sentence


def test_small_networks_are_evaluated_fully_and_large_ones_partly() -> None:
    assert max_evaluated_samples(architecture(10, 64)) == MAX_EVALUATED
    assert max_evaluated_samples(architecture(50, 512)) == 77
    assert max_evaluated_samples(architecture(50, 512, inputs=60_000)) == MIN_EVALUATED
