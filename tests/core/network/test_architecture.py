"""The flat vector's layout, the resolution of auto, and the random streams."""

from __future__ import annotations

from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import ExperimentError
from core.experiment import DataSettings, Experiment, HiddenLayer, NetworkSettings, TrainingSettings
from core.experiment.resolution import Resolution, resolve
from core.network.architecture import Architecture, starting_alpha
from core.network.parameters import added_units, carry_over, corresponding_layers, initial_parameters, unit_parameters
from core.random_streams import stream
from tests.core.support import new_trainer


def architecture_of(*units: int, activation: str = "tanh") -> Architecture:
    hidden = tuple(HiddenLayer(units=width, activation=activation) for width in units)
    return new_trainer(Experiment(network=NetworkSettings(hidden=hidden))).architecture


@given(st.lists(st.integers(1, 7), max_size=5))
def test_every_parameter_has_exactly_one_index(units: list[int]) -> None:
    hidden = tuple(HiddenLayer(units=width) for width in units)
    architecture = new_trainer(
        Experiment(network=NetworkSettings(hidden=hidden), data=DataSettings(samples=4))
    ).architecture
    owner = np.zeros(architecture.size, dtype=int)
    for layer in architecture.layers:
        owner[layer.weights] += 1
        owner[layer.bias] += 1
        owner[layer.alpha_index] += 1
    assert (owner == 1).all()
    widths = [2, *units, 1]
    assert [(layer.fan_in, layer.fan_out) for layer in architecture.layers] == list(pairwise(widths))
    weights_and_biases = sum(a * b + b for a, b in pairwise(widths))
    assert architecture.trainable_count == weights_and_biases
    assert architecture.size == weights_and_biases + len(architecture.layers)
    assert architecture.is_weight.sum() == sum(a * b for a, b in pairwise(widths))


def test_a_learned_alpha_counts_as_a_parameter() -> None:
    plain, learned = architecture_of(3, 3), architecture_of(3, 3, activation="prelu")
    assert learned.trainable_count == plain.trainable_count + 2
    assert learned.size == plain.size


def test_alpha_starts_at_its_default_unless_set() -> None:
    assert starting_alpha("prelu", None) == 0.25
    assert starting_alpha("leaky_relu", None) == 0.01
    assert starting_alpha("elu", 0.5) == 0.5
    assert starting_alpha("tanh", 0.5) == 0.0


def test_biases_start_at_zero_and_weights_by_their_initializer() -> None:
    architecture = new_trainer(Experiment()).architecture
    flat = initial_parameters(architecture, 3)
    for layer in architecture.layers:
        assert not flat[layer.bias].any()
        bound = np.sqrt(6.0 / (layer.fan_in + layer.fan_out))
        assert 0.0 < np.abs(flat[layer.weights]).max() <= bound
    assert not np.array_equal(flat, initial_parameters(architecture, 4))
    np.testing.assert_array_equal(flat, initial_parameters(architecture, 3))


@pytest.mark.parametrize("inputs", [[(0, 0), (1, 1)], [(1, 0)], []])
@pytest.mark.parametrize("units", [(3, 5), (4, 2), (4,), (4, 2, 6), (9, 1, 1, 1)])
def test_each_kept_parameter_is_carried_over_and_no_other(
    units: tuple[int, ...], inputs: list[tuple[int, int]]
) -> None:
    old = new_trainer(Experiment()).architecture
    hidden = tuple(HiddenLayer(units=each) for each in units)
    new = new_trainer(Experiment(network=NetworkSettings(hidden=hidden))).architecture
    target = np.full(new.size, -1)
    carry_over(old, new, inputs, np.arange(old.size), target)
    expected = np.full(new.size, -1)
    matched = dict(corresponding_layers(old, new))
    for before, after in matched.items():
        a, b = old.layers[before], new.layers[after]
        follows = before > 0 and matched.get(before - 1) == after - 1
        rows = inputs if before == after == 0 else [(r, r) for r in range(min(a.fan_in, b.fan_in))] if follows else []
        for column in range(min(a.fan_out, b.fan_out)):
            expected[b.bias_index(column)] = a.bias_index(column)
            for row, new_row in rows:
                expected[b.weight_index(new_row, column)] = a.weight_index(row, column)
        if a.activation == b.activation:
            expected[b.alpha_index] = a.alpha_index
    assert target.tolist() == expected.tolist()
    kept = np.flatnonzero(target >= 0)
    assert len(kept) == len(set(target[kept].tolist()))
    units_of_all, added = unit_parameters(new, 3), added_units(old, new, inputs, 3)
    fresh = np.flatnonzero(target < 0)
    np.testing.assert_array_equal(added[fresh], units_of_all[fresh])


# -- auto ---------------------------------------------------------------------------------------------------------------


AUTO = "auto"
CASES = [
    # data's task and classes, loss, output → resolved output, loss, coding, outputs
    (("classification", 2), AUTO, AUTO, ("tanh", "squared_error", "signed", 1)),
    (("classification", 3), AUTO, AUTO, ("softmax", "cross_entropy", "one_hot", 3)),
    (("regression", 0), AUTO, AUTO, ("identity", "squared_error", "value", 1)),
    (("classification", 2), "binary_cross_entropy", AUTO, ("sigmoid", "binary_cross_entropy", "binary", 1)),
    (("classification", 2), "cross_entropy", AUTO, ("softmax", "cross_entropy", "one_hot", 2)),
    (("classification", 2), AUTO, "softmax", ("softmax", "cross_entropy", "one_hot", 2)),
    (("classification", 2), AUTO, "sigmoid", ("sigmoid", "squared_error", "binary", 1)),
    (("classification", 2), "huber", AUTO, ("tanh", "huber", "signed", 1)),
    (("classification", 3), "squared_error", "tanh", ("tanh", "squared_error", "one_hot", 3)),
    (("classification", 3), "binary_cross_entropy", AUTO, ("sigmoid", "binary_cross_entropy", "one_hot", 3)),
    (("regression", 0), "huber", "relu", ("relu", "huber", "value", 1)),
]


def experiment_with(loss: str, output: str) -> Experiment:
    return Experiment(network=NetworkSettings(output_activation=output), training=TrainingSettings(loss=loss))


@pytest.mark.parametrize(("data", "loss", "output", "expected"), CASES)
def test_auto_resolves_to_what_fits_the_task(
    data: tuple[str, int], loss: str, output: str, expected: tuple[str, str, str, int]
) -> None:
    assert resolve(experiment_with(loss, output), *data) == Resolution(*expected)  # type: ignore[arg-type]


CONTRADICTIONS = [
    (("regression", 0), "cross_entropy", AUTO, "$.training.loss: Cross-entropy needs classes"),
    (("regression", 0), "binary_cross_entropy", AUTO, "$.training.loss: Binary cross-entropy needs classes"),
    (("regression", 0), AUTO, "softmax", "$.network.output_activation: Softmax needs classes"),
    (
        ("classification", 2),
        "cross_entropy",
        "tanh",
        "$.network.output_activation: Cross-entropy needs softmax or auto",
    ),
    (
        ("classification", 2),
        "binary_cross_entropy",
        "relu",
        "$.network.output_activation: Binary cross-entropy needs sigm",
    ),
]


@pytest.mark.parametrize(("data", "loss", "output", "sentence"), CONTRADICTIONS)
def test_contradictions_are_rejected_with_their_path(
    data: tuple[str, int], loss: str, output: str, sentence: str
) -> None:
    with pytest.raises(ExperimentError) as caught:
        resolve(experiment_with(loss, output), *data)  # type: ignore[arg-type]
    assert str(caught.value).startswith(sentence)


@pytest.mark.parametrize("dataset", ["circle", "iris", "plane", "student_day"])
@pytest.mark.parametrize("loss", ["auto", "squared_error", "binary_cross_entropy", "cross_entropy", "huber"])
def test_resolved_experiments_can_be_trained(dataset: str, loss: str) -> None:
    experiment = Experiment(data=DataSettings(dataset=dataset), training=TrainingSettings(loss=loss))
    if dataset == "plane" and "entropy" in loss:
        with pytest.raises(ExperimentError):
            new_trainer(experiment)
        return
    trainer = new_trainer(experiment)
    assert trainer.run(20) is None
    assert trainer.network.predict(trainer.data.x_test).shape == trainer.data.y_test.shape


# -- random streams -----------------------------------------------------------------------------------------------------


def test_a_stream_is_the_same_on_every_machine() -> None:
    assert stream(1, "init", 0).integers(0, 2**62, 2).tolist() == [2036334610222476136, 3795152969842810336]
    assert stream(4294967295, "dropout", 49).integers(0, 2**62, 1).tolist() == [2776841438483369597]


def test_streams_are_independent_across_seeds_purposes_and_layers() -> None:
    draws = {
        (seed, purpose, index): stream(seed, purpose, index).standard_normal(4000)
        for seed in (1, 2)
        for purpose in ("init", "dropout", "batches", "data")
        for index in (0, 1)
    }
    for first, second in combinations(draws.values(), 2):
        # Standard error of a correlation of 4000 pairs: 0.016.
        assert abs(np.corrcoef(first, second)[0, 1]) < 0.07
