"""Facts of the curriculum that involve several packages; other facts are tested in the package concerned."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace

from core.analysis.chain_rule import Weight, path_ledger
from core.analysis.gradient_flow import distinct_neurons, update_ratios
from core.arrays import Floats
from core.experiment import DataSettings, Experiment, HiddenLayer, NetworkSettings, TrainingSettings
from core.network import Network
from core.network.dropout import training_masks
from core.random_streams import stream
from core.training.trainer import Trainer
from core.training.training_run import set_losses
from tests.core.support import new_trainer


def experiment(*hidden: HiddenLayer, data: DataSettings | None = None, **training: Any) -> Experiment:
    return Experiment(
        data=data or DataSettings(),
        network=NetworkSettings(hidden=hidden or (HiddenLayer(units=4), HiddenLayer(units=2))),
        training=TrainingSettings(**training),
    )


def gradient_of(trainer: Trainer, rows: slice | Any = slice(None)) -> Floats:
    network = trainer.network
    return network.backward(network.forward(trainer.data.x_train[rows]), trainer.data.y_train[rows]).flat


@pytest.mark.parametrize("loss", ["auto", "binary_cross_entropy", "huber"])
def test_row04_the_displayed_loss_is_the_function_minimized(loss: str) -> None:
    trainer = new_trainer(experiment(batch_size=0, learning_rate=0.01, l2=0.1, loss=loss))
    start = trainer.parameters

    def shown(parameters: Floats) -> float:
        """Return the displayed training loss plus the penalty."""
        weights = parameters[trainer.architecture.is_weight]
        train, _ = set_losses(Network(trainer.architecture, parameters), trainer.data)
        return train + 0.05 * float(weights @ weights)

    assert shown(start) == pytest.approx(set_losses(trainer.network, trainer.data)[0] + trainer.penalty(), rel=1e-14)
    slopes = np.zeros(start.size)
    for index in range(start.size):
        nudge = np.zeros(start.size)
        nudge[index] = 1e-5
        slopes[index] = (shown(start + nudge) - shown(start - nudge)) / 2e-5
    trainer.run(1)
    np.testing.assert_allclose(trainer.parameters - start, -0.01 * slopes, rtol=1e-6, atol=1e-12)


def notes_network() -> Trainer:
    """Return the reference network: 3 inputs, z1 z2 z3, z4 z5, z6."""
    return new_trainer(
        experiment(
            HiddenLayer(units=3, activation="sigmoid"),
            HiddenLayer(units=2, activation="sigmoid"),
            data=DataSettings(dataset="student_day", standardize=True),
            loss="binary_cross_entropy",
        )
    )


def test_row06_sum_over_all_paths_equals_backpropagation_for_every_weight() -> None:
    trainer = notes_network()
    trainer.run(10)
    network, X, Y = trainer.network, trainer.data.x_train, trainer.data.y_train
    trace = network.forward(X)
    flat = network.backward(trace, Y).flat
    for index, layer in enumerate(trainer.architecture.layers):
        for source in range(layer.fan_in):
            for target in range(layer.fan_out):
                ledger = path_ledger(network, trace, Y, Weight(index, source, target), max_paths=100)
                assert ledger.count == len(ledger.paths) == (2, 1, 1)[index]
                total = sum(path.value for path in ledger.paths)
                assert total == pytest.approx(flat[layer.weight_index(source, target)], rel=1e-10)


def test_row06_common_factor_of_the_paths_from_z1_is_the_sum_over_z4_and_z5() -> None:
    trainer = notes_network()
    network, X, Y = trainer.network, trainer.data.x_train[:1], trainer.data.y_train[:1]
    trace = network.forward(X)
    gradients = network.backward(trace, Y)
    w50, w51 = network.weights(1)[0]
    z4, z5 = gradients.deltas[1][0]  # ∂L/∂(pre-activations of z4 and z5)
    slope = trainer.architecture.layers[0].activation_entry.derivative(trace.pre_activations[0], 0.0)[0, 0]
    assert gradients.deltas[0][0, 0] / slope == pytest.approx(z4 * w50 + z5 * w51, rel=1e-12)
    first = trainer.architecture.layers[1]
    assert gradients.flat[first.weight_index(0, 0)] != gradients.flat[first.weight_index(0, 1)]


def test_row07_first_weights_hardly_move_below_ten_sigmoid_layers() -> None:
    layers = (HiddenLayer(units=8, activation="sigmoid", initializer="xavier_normal"),) * 10
    data = DataSettings(standardize=True)
    trainer = new_trainer(experiment(*layers, data=data, loss="binary_cross_entropy", batch_size=0, learning_rate=0.1))
    trainer.run(1)
    ratios = update_ratios(trainer.network, trainer.last_update)
    assert ratios[0] < 1e-8
    assert ratios[-1] > 1e-4


@pytest.mark.parametrize("scaling", ["inverted", "at_test_time", "none"])
def test_row09_next_layers_inputs_agree_in_training_and_test_only_with_scaling(scaling: Any) -> None:
    hidden = (HiddenLayer(units=6, activation="relu", dropout=0.4), HiddenLayer(units=3))
    trainer = new_trainer(experiment(*hidden, dropout_scaling=scaling))
    trainer.run(50)
    network, architecture = trainer.network, trainer.architecture
    draws = 4000
    X = np.repeat(trainer.data.x_train[:5], draws, axis=0)
    rngs = [stream(1, "dropout", index) for index in range(3)]
    masks = training_masks(architecture.dropout_rates, architecture.fan_ins, len(X), scaling, rngs)
    training = network.forward(X, masks).pre_activations[1].reshape(5, draws, 3)
    test = network.forward(trainer.data.x_train[:5]).pre_activations[1]
    errors = np.abs(training.mean(axis=1) - test) / (training.std(axis=1) / np.sqrt(draws) + 1e-12)
    if scaling == "none":
        assert errors.max() > 20.0
    else:
        assert errors.max() < 4.5


def test_row11_layers_before_a_threshold_do_not_learn() -> None:
    trainer = new_trainer(
        experiment(HiddenLayer(units=4), HiddenLayer(units=4, activation="threshold"), HiddenLayer(units=3))
    )
    before = trainer.network
    trainer.run(200)
    for index, learns in enumerate((False, False, True, True)):
        assert np.array_equal(trainer.network.weights(index), before.weights(index)) != learns


def test_row14_the_outputs_for_iris_are_probabilities_and_the_highest_wins() -> None:
    trainer = new_trainer(experiment(data=DataSettings(dataset="iris", standardize=True), learning_rate=0.1))
    trainer.run(2000)
    prediction = trainer.network.predict(trainer.data.x_test)
    assert prediction.shape[1] == 3
    np.testing.assert_allclose(prediction.sum(axis=1), 1.0, rtol=1e-14)
    assert np.mean(prediction.argmax(axis=1) == trainer.data.labels_test) > 0.9


@pytest.mark.parametrize(("initializer", "distinct"), [("constant", 1), ("zeros", 1), ("xavier_uniform", 4)])
def test_row15_distinct_neurons_after_training(initializer: str, distinct: int) -> None:
    trainer = new_trainer(experiment(HiddenLayer(units=4, initializer=initializer), optimizer="adam"))
    if initializer != "xavier_uniform":
        trainer.apply(
            replace(trainer.experiment, network=replace(trainer.experiment.network, output_initializer="constant")),
            trainer.data,
        )
    trainer.run(300)
    assert trainer.network.weights(0).any()
    assert distinct_neurons(trainer.network, 0) == distinct


@pytest.mark.parametrize("size", [1, 5, 10, 25, 250])
def test_row17_the_mean_of_an_epochs_batch_gradients_is_the_full_gradient(size: int) -> None:
    trainer = new_trainer(experiment(batch_size=size, learning_rate=1e-9))
    assert trainer.steps_per_epoch == 250 // size
    network, full = trainer.network, gradient_of(trainer)
    total = np.zeros(trainer.architecture.size)
    for _ in range(trainer.steps_per_epoch):
        trainer.run(1)
        X, Y = trainer.data.x_train[trainer.last_batch], trainer.data.y_train[trainer.last_batch]
        gradient = network.backward(network.forward(X), Y).flat
        # The learning rate is so small that all gradients are practically taken at the same point.
        np.testing.assert_allclose(trainer.last_update, -1e-9 * gradient, rtol=1e-5, atol=1e-15)
        total += gradient
    np.testing.assert_allclose(total / trainer.steps_per_epoch, full, rtol=1e-10, atol=1e-14)


def test_row17_larger_batches_have_gradients_closer_to_the_full_one() -> None:
    trainer = new_trainer(experiment())
    full = gradient_of(trainer)
    rng = stream(1, "data")
    means = []
    for size in (1, 10, 100, 250):
        cosines = []
        for _ in range(200):
            batch = gradient_of(trainer, rng.choice(250, size, replace=False))
            cosines.append(float(batch @ full / np.sqrt((batch @ batch) * (full @ full))))
        means.append(np.mean(cosines))
    assert means == sorted(means)
    assert means[-1] == pytest.approx(1.0, abs=1e-12)


def test_row18_the_same_seed_gives_every_method_the_same_start_and_the_same_order() -> None:
    methods: list[dict[str, Any]] = [
        {"batch_size": 0},
        {"batch_size": 10},
        {"batch_size": 10, "optimizer": "momentum", "momentum": 0.9},
    ]
    trainers = [new_trainer(experiment(**method)) for method in methods]
    for trainer in trainers[1:]:
        np.testing.assert_array_equal(trainer.parameters, trainers[0].parameters)
        np.testing.assert_array_equal(trainer.data.x_train, trainers[0].data.x_train)
    for trainer in trainers:
        trainer.run(1)
    np.testing.assert_array_equal(trainers[1].last_batch, trainers[2].last_batch)
    np.testing.assert_array_equal(trainers[0].last_batch[:10], trainers[1].last_batch)


def test_row18_momentum_smooths_the_zigzag_of_mini_batches() -> None:
    def turn(optimizer: str, momentum: float) -> float:
        """Return the mean cosine between one step and the next."""
        trainer = new_trainer(experiment(batch_size=5, learning_rate=0.003, optimizer=optimizer, momentum=momentum))
        steps = []
        for _ in range(150):
            trainer.run(1)
            steps.append(trainer.last_update / np.linalg.norm(trainer.last_update))
        return float(np.mean([a @ b for a, b in itertools.pairwise(steps)]))

    assert turn("sgd", 0.0) < 0.5
    assert turn("momentum", 0.9) > 0.8


@pytest.mark.parametrize("row", range(1, 20))
def test_every_row_of_the_curriculum_has_a_test_of_the_core_and_one_of_the_window(row: int) -> None:
    tests = Path(__file__).parents[2]
    for part in ("core", "playground"):
        named = [
            path for path in (tests / part).rglob("test_*.py") if f"def test_row{row:02d}_" in path.read_text("utf-8")
        ]
        assert named, f"no test of row {row} in tests/{part}"
