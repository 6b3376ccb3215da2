"""Every measurement agrees with an independent computation: written out with NumPy, or by central differences."""

from __future__ import annotations

import math
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from latex2mathml.converter import convert
from msgspec.structs import replace

from core.errors import LessonError
from core.experiment import DataSettings, HiddenLayer, NetworkSettings, TrainingSettings
from core.lessons.blocks import Measure
from core.lessons.measurements.registry import CURVES, MEASUREMENTS, call_of, measure, parse_call, value_in_words
from core.training.snapshot import Snapshot
from tests.core.lessons.measurements.by_hand import EXPERIMENT, HIDDEN, ByHand, value
from tests.core.lessons.support import Run


@pytest.fixture(scope="module")
def run() -> Run:
    run = Run(EXPERIMENT)
    run.steps(25)
    return run


@pytest.fixture(scope="module")
def snapshot(run: Run) -> Snapshot:
    return run.snapshot


@pytest.fixture(scope="module")
def by_hand(snapshot: Snapshot) -> ByHand:
    return ByHand(snapshot.network.parameters)


def test_losses_and_accuracies(snapshot: Snapshot, by_hand: ByHand) -> None:
    data = snapshot.data
    train, test = by_hand.loss(data.x_train, data.y_train), by_hand.loss(data.x_test, data.y_test)
    assert value(snapshot, "train_loss") == pytest.approx(train, rel=1e-12)
    assert value(snapshot, "test_loss") == pytest.approx(test, rel=1e-12)
    assert value(snapshot, "generalization_gap") == pytest.approx(test - train, rel=1e-9)
    W = np.concatenate([by_hand.weights(layer).ravel() for layer in range(3)])
    assert value(snapshot, "penalty") == pytest.approx(0.002 * np.abs(W).sum() + 0.005 * np.sum(W**2), rel=1e-12)
    sets = {"train_accuracy": (data.x_train, data.y_train), "test_accuracy": (data.x_test, data.y_test)}
    for key, (X, Y) in sets.items():
        right = np.sign(by_hand.pass_(X)[1][-1]) == np.sign(Y)
        assert value(snapshot, key) == pytest.approx(right.mean(), rel=1e-15)
    constant = float(np.mean(0.5 * (data.y_train - data.y_train.mean()) ** 2))
    assert value(snapshot, "loss_share") == pytest.approx(train / constant, rel=1e-12)


def test_progress(snapshot: Snapshot) -> None:
    start = Run(EXPERIMENT).snapshot
    first = ByHand(start.network.parameters).loss(start.data.x_train, start.data.y_train)
    assert value(snapshot, "start_loss") == first
    assert value(snapshot, "loss_drop") == pytest.approx(first / snapshot.scores.train_loss, rel=1e-12)
    assert value(snapshot, "step") == 25.0
    # 30 training samples in batches of 7 are five steps, so 25 steps are five epochs.
    assert value(snapshot, "epoch") == 5.0
    assert value(snapshot, "diverged") == 0.0


def test_a_run_that_overflows_has_diverged() -> None:
    training = replace(EXPERIMENT.training, learning_rate=1000.0, optimizer="sgd", l1=0.0, l2=0.0)
    run = Run(replace(EXPERIMENT, training=training, data=DataSettings(dataset="plane", samples=60)))
    run.steps(400)
    assert value(run.snapshot, "diverged") == 1.0


def test_gradients(snapshot: Snapshot, by_hand: ByHand) -> None:
    data = snapshot.data
    gradient = by_hand.gradient(data.x_train, data.y_train)
    norms = [np.linalg.norm(gradient[weights]) for weights, _ in by_hand.places]
    for layer, expected in enumerate(norms):
        assert value(snapshot, f"gradient_norm({layer + 1})") == pytest.approx(expected, rel=1e-6)
    assert value(snapshot, "gradient_ratio(first, last)") == pytest.approx(norms[0] / norms[2], rel=1e-6)
    assert value(snapshot, "gradient_ratio(2, 1)") == pytest.approx(norms[1] / norms[0], rel=1e-6)
    batch = by_hand.gradient(data.x_train[snapshot.last_batch], data.y_train[snapshot.last_batch])
    cosine = float(batch @ gradient / np.linalg.norm(batch) / np.linalg.norm(gradient))
    assert value(snapshot, "batch_cosine") == pytest.approx(cosine, rel=1e-6)


def test_noise_of_batches(snapshot: Snapshot, by_hand: ByHand) -> None:
    data = snapshot.data
    each = np.array(
        [by_hand.gradient(x[np.newaxis], y[np.newaxis]) for x, y in zip(data.x_train, data.y_train, strict=True)]
    )
    mean = each.mean(axis=0)
    variance = np.mean(np.sum((each - mean) ** 2, axis=1))
    assert value(snapshot, "batch_noise") == pytest.approx(math.sqrt(variance / 7) / np.linalg.norm(mean), rel=1e-5)


def test_deltas_and_their_split(snapshot: Snapshot, by_hand: ByHand) -> None:
    deltas = by_hand.deltas(snapshot.data.x_train, snapshot.data.y_train)
    for layer, delta in enumerate(deltas):
        assert value(snapshot, f"mean_square_delta({layer + 1})") == pytest.approx(np.mean(delta**2), rel=1e-10)
    through = [deltas[layer + 1] @ by_hand.weights(layer + 1).T for layer in (0, 1)]
    slopes = sum(np.log10(np.linalg.norm(deltas[layer]) / np.linalg.norm(through[layer])) for layer in (0, 1))
    weights = sum(np.log10(np.linalg.norm(through[layer]) / np.linalg.norm(deltas[layer + 1])) for layer in (0, 1))
    assert value(snapshot, "slope_factor") == pytest.approx(slopes, rel=1e-9)
    assert value(snapshot, "weight_factor") == pytest.approx(weights, rel=1e-9)
    total = np.log10(np.linalg.norm(deltas[0]) / np.linalg.norm(deltas[2]))
    assert value(snapshot, "slope_factor") + value(snapshot, "weight_factor") == pytest.approx(total, rel=1e-9)


def test_updates_and_the_path(run: Run, snapshot: Snapshot) -> None:
    again = Run(EXPERIMENT)
    points = [again.snapshot.network.parameters, *(again.steps(1).network.parameters for _ in range(25))]
    places = ByHand(points[-1]).places
    for layer, (weights, _) in enumerate(places):
        change = np.linalg.norm((points[-1] - points[-2])[weights]) / np.linalg.norm(points[-1][weights])
        assert value(snapshot, f"update_ratio({layer + 1})") == pytest.approx(change, rel=1e-9)
    length = sum(np.linalg.norm(after - before) for before, after in pairwise(points))
    expected = length / np.linalg.norm(points[-1] - points[0])
    assert value(snapshot, "path_length_ratio") == pytest.approx(expected, rel=1e-9)
    assert math.isnan(value(Run(EXPERIMENT).snapshot, "path_length_ratio"))
    assert math.isnan(value(Run(EXPERIMENT).snapshot, "batch_cosine"))


def test_curvature_by_central_differences_of_the_gradient(snapshot: Snapshot) -> None:
    data, h = snapshot.data, 1e-4
    hand = ByHand(snapshot.network.parameters)
    size = len(hand.flat)
    hessian = np.zeros((size, size))
    for index in range(size):
        kept = hand.flat[index]
        hand.flat[index] = kept + h
        above = hand.gradient(data.x_train, data.y_train, 1e-5)
        hand.flat[index] = kept - h
        hessian[index] = (above - hand.gradient(data.x_train, data.y_train, 1e-5)) / (2 * h)
        hand.flat[index] = kept
    for weights, _ in hand.places:
        hessian[weights, weights] += 0.01 * np.eye(weights.stop - weights.start)
    largest = float(np.linalg.eigvalsh((hessian + hessian.T) / 2)[-1])
    assert value(snapshot, "sharpness") == pytest.approx(largest, rel=2e-3)
    assert value(snapshot, "step_limit") == pytest.approx(2 * 1.8 / largest, rel=2e-3)
    adam = Run(replace(EXPERIMENT, training=replace(EXPERIMENT.training, optimizer="adam")))
    assert math.isnan(value(adam.snapshot, "step_limit"))


def test_layers(snapshot: Snapshot, by_hand: ByHand) -> None:
    Z, A = by_hand.pass_(snapshot.data.x_train)
    for layer in range(3):
        W = by_hand.weights(layer)
        assert value(snapshot, f"weight_norm({layer + 1})") == pytest.approx(math.sqrt((W**2).sum()), rel=1e-12)
        assert value(snapshot, f"weight_spread({layer + 1})") == pytest.approx(
            math.sqrt(np.mean((W - W.mean()) ** 2)), rel=1e-12
        )
        assert value(snapshot, f"mean_square_activation({layer + 1})") == pytest.approx(
            np.mean(A[layer] ** 2), rel=1e-12
        )
    assert value(snapshot, "activation_ratio(1, last)") == pytest.approx(
        np.mean(A[0] ** 2) / np.mean(A[2] ** 2), rel=1e-12
    )
    W = np.concatenate([by_hand.weights(layer).ravel() for layer in range(3)])
    assert value(snapshot, "zero_weights") == np.count_nonzero(W == 0.0) / len(W)
    for neuron in range(3):
        assert value(snapshot, f"firing_share(2, {neuron + 1})") == np.mean(Z[1][:, neuron] > 0)
    assert value(snapshot, "saturated_share(2)") == np.mean(Z[1] <= 0)
    # tanh is saturated where 1 − tanh² is at most a twentieth of its maximum 1.
    near = 1 - np.tanh(Z[0]) ** 2
    assert value(snapshot, "saturated_share(1)") == pytest.approx(
        np.mean(near <= snapshot.network.architecture.layers[0].activation_entry.saturates_below), abs=1e-15
    )


def test_neurons_that_cannot_learn() -> None:
    run = Run(EXPERIMENT)
    flat = run.trainer.parameters.copy()
    hand = ByHand(flat)
    bias = hand.places[1][1]
    flat[bias.start] = -1e3  # the first neuron of the ReLU layer never fires
    first = hand.places[0][0]
    columns = flat[first].reshape(2, 4)
    columns[:, 1] = columns[:, 0]  # two clones
    flat[first] = columns.ravel()
    run.trainer.parameters = flat
    snapshot = run.observe()
    assert value(snapshot, "dead_neurons(2)") == 1.0
    assert value(snapshot, "dead_neurons(1)") == 0.0
    assert value(snapshot, "dead_share") == pytest.approx(1 / 7)
    assert value(snapshot, "distinct_neurons(1)") == 3.0
    assert value(snapshot, "distinct_neurons(2)") == 3.0
    assert value(snapshot, "firing_share(2, 1)") == 0.0


@pytest.mark.parametrize(("scaling", "expected"), [("none", 1 / 0.75), ("at_test_time", 1.0), ("inverted", 1.0)])
def test_inputs_after_dropout(scaling: str, expected: float) -> None:
    hidden = (replace(HIDDEN[0], dropout=0.25), replace(HIDDEN[1], dropout=0.5))
    training = replace(EXPERIMENT.training, dropout_scaling=scaling)
    snapshot = Run(replace(EXPERIMENT, network=NetworkSettings(hidden=hidden), training=training)).snapshot
    assert math.isnan(value(snapshot, "dropout_ratio(1)"))
    assert value(snapshot, "dropout_ratio(2)") == pytest.approx(expected, rel=1e-12)
    # ReLU is not linear, so with dropout before it too, no single pass equals the mean over all masks.
    both = value(snapshot, "dropout_ratio(3)")
    assert (2.0 < both < 3.0) if scaling == "none" else (0.8 < both < 1.2)


def test_lasso_sets_weights_to_exactly_zero() -> None:
    run = Run(replace(EXPERIMENT, training=replace(EXPERIMENT.training, optimizer="sgd", l1=0.3)))
    snapshot = run.steps(200)
    weights = np.concatenate([ByHand(snapshot.network.parameters).weights(layer).ravel() for layer in range(3)])
    assert value(snapshot, "zero_weights") == np.mean(weights == 0.0) > 0.3


SETTINGS: dict[str, float | str] = {
    "depth": 2.0,
    "units(1)": 4.0,
    "units(last)": 1.0,
    "hidden_neurons": 7.0,
    "parameters": 2 * 4 + 4 + 4 * 3 + 3 + 3 + 1.0,
    "features": 2.0,
    "activation(1)": "tanh",
    "activation(2)": "relu",
    "activation(last)": "tanh",
    "initializer(2)": "he_normal",
    "gain(2)": 1.5,
    "dropout(last)": 0.0,
    "input_dropout": 0.0,
    "paths(1)": 3.0,
    "paths(last)": 1.0,
    "learning_rate": 0.05,
    "batch_size": 7.0,
    "whole_set": 0.0,
    "momentum": 0.8,
    "l1": 0.002,
    "l2": 0.01,
    "clip_norm": math.inf,
    "optimizer": "momentum",
    "loss": "squared_error",
    "dropout_scaling": "inverted",
    "dataset": "circle",
    "samples": 30.0,
    "noise": 0.1,
}


@pytest.mark.parametrize(("call", "expected"), SETTINGS.items(), ids=str)
def test_settings(snapshot: Snapshot, call: str, expected: float | str) -> None:
    assert measure(parse_call(call), snapshot) == expected


def test_settings_that_depend_on_others() -> None:
    training = TrainingSettings(batch_size=0, momentum=0.9, optimizer="sgd", clip_norm=2.0)
    hidden = (HiddenLayer(dropout=0.25), HiddenLayer(dropout=0.5))
    snapshot = Run(
        replace(EXPERIMENT, training=training, network=NetworkSettings(hidden=hidden, input_dropout=0.1))
    ).snapshot
    assert value(snapshot, "batch_size") == 30.0
    assert value(snapshot, "whole_set") == 1.0
    assert value(snapshot, "momentum") == 0.0
    assert value(snapshot, "clip_norm") == 2.0
    assert value(snapshot, "dropout(1)") == 0.25
    assert value(snapshot, "dropout(last)") == 0.5
    assert value(snapshot, "input_dropout") == 0.1


def test_every_measurement_is_tested() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in Path(__file__).parent.glob("test_measurements*.py"))
    assert [key for key in MEASUREMENTS if f'"{key}"' not in text and f'"{key}(' not in text] == []


def test_every_measurement_without_such_a_layer_is_undefined(snapshot: Snapshot) -> None:
    for key, entry in MEASUREMENTS.items():
        if entry.arguments:
            numbers = {"layer": 51, "from_": 51, "to": 51, "neuron": 512}
            taken = {name: numbers[name] for name in (each.replace("from", "from_") for each in entry.arguments)}
            result = measure(Measure(measure=key, **taken), snapshot)  # type: ignore[arg-type]
            assert result == "" if entry.is_text else math.isnan(float(result))
    assert math.isnan(value(snapshot, "firing_share(1, 5)"))


def test_curves(run: Run, snapshot: Snapshot, by_hand: ByHand) -> None:
    again = Run(EXPERIMENT)
    losses = [again.snapshot] + [again.steps(1) for _ in range(25)]
    hands = [(ByHand(each.network.parameters), each.data) for each in losses]
    epochs, train = CURVES["loss_curve"].of(snapshot)
    np.testing.assert_allclose(train, [hand.loss(data.x_train, data.y_train) for hand, data in hands], rtol=1e-12)
    np.testing.assert_allclose(epochs, np.arange(26) / 5 - 0.0, atol=0.2)
    np.testing.assert_allclose(
        CURVES["test_loss_curve"].of(snapshot)[1],
        [hand.loss(data.x_test, data.y_test) for hand, data in hands],
        rtol=1e-12,
    )
    gradient = by_hand.gradient(snapshot.data.x_train, snapshot.data.y_train)
    x, y = CURVES["gradient_by_layer"].of(snapshot)
    assert x.tolist() == [1.0, 2.0, 3.0]
    np.testing.assert_allclose(y, [np.linalg.norm(gradient[weights]) for weights, _ in by_hand.places], rtol=1e-6)
    A = by_hand.pass_(snapshot.data.x_train)[1]
    np.testing.assert_allclose(CURVES["activation_by_layer"].of(snapshot)[1], [np.mean(a**2) for a in A], rtol=1e-12)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        ("gradient_ratio(1)", r"expected gradient_ratio\(from, to\), got gradient_ratio\(1\)"),
        ("test_loss(1)", "expected test_loss, got"),
        ("gradient_norm(0)", "layer: expected a number from 1 to 51, first or last"),
        ("firing_share(1, last)", "neuron: expected a number from 1 to 512, got"),
        ("test_los", 'did you mean "test_loss"'),
        ("", "expected a measurement"),
        ("__import__('os')", "expected a measurement|no measurement"),
    ],
)
def test_an_invalid_call_is_reported_with_the_expected_form(call: str, message: str) -> None:
    with pytest.raises(LessonError, match=message):
        parse_call(call)


def test_every_call_can_be_parsed() -> None:
    for key, entry in MEASUREMENTS.items():
        assert call_of(key).startswith(key)
        numbers = ", ".join("2" for _ in entry.arguments)
        call = parse_call(f" {key}( {numbers} ) " if numbers else f" {key} ")
        given = {"layer": call.layer, "from": call.from_, "to": call.to, "neuron": call.neuron}
        assert call.measure == key
        assert given == {name: 2 if name in entry.arguments else None for name in given}


@pytest.mark.parametrize(
    ("key", "number", "text"),
    [
        ("train_accuracy", 0.984, "98\u2009%"),
        ("train_accuracy", 0.9961, "99.6\u2009%"),
        ("train_accuracy", 1.0, "100\u2009%"),
        ("hidden_neurons", 1260.0, "1\u2009260"),
        ("gradient_ratio", 3.1e-7, "3.1·10⁻⁷"),
        ("train_loss", math.nan, "–"),
        ("clip_norm", math.inf, "∞"),
        ("diverged", 1.0, "yes"),
        ("slope_factor", -3.21, "−3.2"),
        ("activation", "relu", "ReLU"),
        ("activation", "", "–"),
    ],
)
def test_values_in_words(key: str, number: float | str, text: str) -> None:
    assert value_in_words(number, MEASUREMENTS[key]) == text


def test_every_entry_can_be_shown_to_authors() -> None:
    for entry in (*MEASUREMENTS.values(), *CURVES.values()):
        assert entry.explanation.endswith(".")
        assert len(entry.explanation) <= 160
        assert convert(entry.formula)
