"""The inspector's numbers equal those of the network."""

from __future__ import annotations

import math

import numpy as np
import pytest

from core.data.sample import Sample
from playground.inspector.snapshot_numbers import neuron_numbers, next_step
from tests.playground.factory import snapshot_of
from tests.playground.inspector.support import experiment_of


@pytest.mark.parametrize("activation", ["tanh", "relu", "sigmoid"])
@pytest.mark.parametrize("sample", [None, Sample(0), Sample(17)])
def test_row01_printed_terms_sum_to_the_z_of_the_network(activation: str, sample: Sample | None) -> None:
    snapshot = snapshot_of(experiment_of(20, 15, activation=activation), 50)
    for layer, neuron in ((0, 3), (1, 7), (2, 0)):
        numbers = neuron_numbers(snapshot, layer, neuron, sample)
        printed = math.fsum([*(term.product for term in numbers.terms), numbers.rest, numbers.bias])
        Z = snapshot.trace.pre_activations[layer][:, neuron]
        used = Z.mean() if sample is None else Z[sample.index]
        assert printed == pytest.approx(used, abs=1e-12)
        assert numbers.z == pytest.approx(used, abs=1e-15)
        assert all(term.product == term.weight * term.value for term in numbers.terms)
    first = neuron_numbers(snapshot, 1, 0, sample)
    assert (len(first.terms), first.rest_count) == (12, 8)
    sizes = [abs(term.product) for term in first.terms]
    assert sizes == sorted(sizes, reverse=True)


@pytest.mark.parametrize(("activation", "threshold"), [("sigmoid", 0.5), ("relu", 0.0)])
def test_row02_fired_and_share(activation: str, threshold: float) -> None:
    snapshot = snapshot_of(experiment_of(6, activation=activation), 20)
    for neuron in range(6):
        A = snapshot.trace.activations[0][:, neuron]
        numbers = neuron_numbers(snapshot, 0, neuron, Sample(11))
        assert numbers.fires == (A[11] > threshold)
        assert numbers.share == np.mean(threshold < A)


def test_delta_is_the_derivative_with_respect_to_z() -> None:
    snapshot = snapshot_of(experiment_of(4, 3), 20)
    numbers = neuron_numbers(snapshot, 0, 2, Sample(9))
    X, Y = snapshot.data.x_train[9:10], snapshot.data.y_train[9:10]
    gradients = snapshot.network.backward(snapshot.network.forward(X), Y)
    assert numbers.delta == pytest.approx(gradients.deltas[0][0, 2], rel=1e-12)


def test_next_step_is_the_sgd_step_over_the_whole_training_set() -> None:
    for changes in ({}, {"l2": 0.3}, {"l1": 0.02}, {"clip_norm": 0.01}, {"l2": 0.1, "clip_norm": 0.02}):
        experiment = experiment_of(4, batch_size=0, **changes)
        before, after = snapshot_of(experiment, 3), snapshot_of(experiment, 4)
        moved = after.network.parameters - before.network.parameters
        layer = before.network.architecture.layers[0]
        for index in (layer.weight_index(0, 1), layer.weight_index(1, 3), layer.bias_index(2)):
            label, step = next_step(before, index)
            assert label == "next step"
            assert step == pytest.approx(moved[index], rel=1e-7, abs=1e-15)


def test_other_optimizers_show_their_last_step() -> None:
    snapshot = snapshot_of(experiment_of(4, optimizer="adam"), 5)
    assert next_step(snapshot, 3) == ("last step", snapshot.last_update[3])
