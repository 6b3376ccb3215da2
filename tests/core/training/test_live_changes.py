"""Live changes: which weights are kept, which are redrawn, and which changes are reversible."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace

from core.errors import ExperimentError
from core.experiment import DataSettings, Experiment, HiddenLayer, NetworkSettings, TrainingSettings
from core.network.architecture import Architecture
from core.network.parameters import corresponding_layers
from core.training.trainer import Trainer
from tests.core.support import data_of, new_trainer, with_hidden


def apply(trainer: Trainer, experiment: Experiment) -> None:
    trainer.apply(experiment, data_of(experiment))


def trained(experiment: Experiment | None = None, steps: int = 40) -> Trainer:
    trainer = new_trainer(experiment or Experiment(training=TrainingSettings(optimizer="adam")))
    trainer.run(steps)
    return trainer


def change_layer(experiment: Experiment, index: int, **changes: Any) -> Experiment:
    hidden = list(experiment.network.hidden)
    hidden[index] = replace(hidden[index], **changes)
    return with_hidden(experiment, *hidden)


# -- changes that keep every weight -------------------------------------------------------------------------------------


TRAINING_CHANGES: list[dict[str, Any]] = [
    {"learning_rate": 0.5},
    {"optimizer": "rmsprop"},
    {"momentum": 0.9},
    {"batch_size": 3},
    {"batch_size": 0},
    {"l1": 0.1},
    {"l2": 0.1},
    {"clip_norm": 1.0},
    {"dropout_scaling": "none"},
    {"shuffle": False},
    {"seed": 9},
    {"loss": "huber"},
]
LAYER_CHANGES: list[dict[str, Any]] = [{"activation": "relu"}, {"dropout": 0.5}, {"activation_alpha": 0.3}]
DATA_CHANGES: list[dict[str, Any]] = [
    {"noise": 0.4},
    {"samples": 300},
    {"test_fraction": 0.2},
    {"seed": 7},
    {"dataset": "xor"},
    {"standardize": True},
]


@pytest.mark.parametrize("changes", TRAINING_CHANGES, ids=str)
def test_training_settings_keep_every_weight_and_training_continues(changes: dict[str, Any]) -> None:
    trainer = trained()
    before = trainer.parameters.copy()
    apply(trainer, replace(trainer.experiment, training=replace(trainer.experiment.training, **changes)))
    np.testing.assert_array_equal(trainer.parameters, before)
    assert (trainer.step, trainer.epoch) == (40, 1.6)
    assert trainer.run(60) is None
    assert not np.array_equal(trainer.parameters, before)


@pytest.mark.parametrize("changes", LAYER_CHANGES, ids=str)
def test_activation_and_dropout_keep_every_weight(changes: dict[str, Any]) -> None:
    trainer = trained()
    before = trainer.parameters.copy()
    apply(trainer, change_layer(trainer.experiment, 0, **changes))
    kept = np.ones(before.size, dtype=bool)
    kept[trainer.architecture.layers[0].alpha_index] = False
    np.testing.assert_array_equal(trainer.parameters[kept], before[kept])
    assert trainer.run(60) is None


@pytest.mark.parametrize("changes", DATA_CHANGES, ids=str)
def test_data_settings_keep_every_weight(changes: dict[str, Any]) -> None:
    trainer = trained()
    before = trainer.parameters.copy()
    apply(trainer, replace(trainer.experiment, data=replace(trainer.experiment.data, **changes)))
    np.testing.assert_array_equal(trainer.parameters, before)
    assert trainer.run(60) is None


def test_fewer_samples_start_a_new_epoch() -> None:
    trainer = trained(steps=24)
    apply(trainer, replace(trainer.experiment, data=replace(trainer.experiment.data, samples=20)))
    trainer.run(1)
    assert sorted(trainer.last_batch.tolist()) == list(range(10))


def test_input_dropout_can_be_turned_on_and_off_while_training() -> None:
    trainer = trained()
    apply(trainer, replace(trainer.experiment, network=replace(trainer.experiment.network, input_dropout=0.5)))
    trainer.run(1)
    assert {float(value) for value in np.unique(trainer.last_masks[0])} <= {0.0, 2.0}
    apply(trainer, replace(trainer.experiment, network=replace(trainer.experiment.network, input_dropout=0.0)))
    trainer.run(1)
    assert trainer.last_masks == (1.0, 1.0, 1.0)


def test_row12_dead_neurons_revive_when_relu_becomes_leaky_without_a_reset() -> None:
    trainer = new_trainer(Experiment(network=NetworkSettings(hidden=(HiddenLayer(units=3, activation="relu"),))))
    layer = trainer.architecture.layers[0]
    for neuron in range(3):
        trainer.set_parameter(layer.bias_index(neuron), -50.0)
    before = trainer.parameters.copy()
    trainer.run(20)
    first = trainer.architecture.weights(trainer.parameters, 0)
    np.testing.assert_array_equal(first, trainer.architecture.weights(before, 0))
    apply(trainer, change_layer(trainer.experiment, 0, activation="leaky_relu"))
    trainer.run(20)
    assert np.abs(trainer.network.weights(0) - trainer.architecture.weights(before, 0)).min() > 0.0


# -- the optimizer's state ----------------------------------------------------------------------------------------------


def test_another_optimizer_starts_with_a_zero_state() -> None:
    trainer = trained(Experiment(training=TrainingSettings(optimizer="momentum", momentum=0.9)))
    apply(trainer, replace(trainer.experiment, training=replace(trainer.experiment.training, optimizer="adam")))
    before = trainer.parameters
    trainer.run(1)
    moved = np.abs(trainer.parameters - before)[trainer.architecture.is_weight]
    # Adam's first step has length α for every weight whose gradient is well above ε, whatever the history.
    np.testing.assert_allclose(moved, 0.03, rtol=1e-3)


def test_optimizer_state_is_kept_when_other_settings_change() -> None:
    straight, changed = trained(), trained()
    apply(changed, replace(changed.experiment, name="Another name"))
    straight.run(30)
    changed.run(30)
    np.testing.assert_array_equal(straight.parameters, changed.parameters)


# -- initializer, gain, seeds -------------------------------------------------------------------------------------------


def deep() -> Experiment:
    return with_hidden(Experiment(), *[HiddenLayer(units=5)] * 4)


def test_another_initializer_redraws_only_its_layer() -> None:
    trainer = trained(deep())
    before = trainer.network
    apply(trainer, change_layer(trainer.experiment, 2, initializer="he_normal"))
    for index in (0, 1, 3, 4):
        np.testing.assert_array_equal(trainer.network.weights(index), before.weights(index))
    fresh = new_trainer(trainer.experiment).network
    np.testing.assert_array_equal(trainer.network.weights(2), fresh.weights(2))
    assert not trainer.network.bias(2).any()


def test_another_initializer_does_not_change_other_layers_initial_draws() -> None:
    one = new_trainer(deep()).network
    two = new_trainer(change_layer(deep(), 2, initializer="orthogonal", gain=3.0)).network
    for index in (0, 1, 3, 4):
        np.testing.assert_array_equal(one.weights(index), two.weights(index))
    assert not np.array_equal(one.weights(2), two.weights(2))


def test_row16_gain_scales_untrained_weights_and_is_reversible() -> None:
    trainer = new_trainer(deep())
    start = trainer.parameters.copy()
    W = trainer.network.weights(1).copy()
    for gain in (1.37, 0.2, 7.9, 0.0, 2.5):
        apply(trainer, change_layer(trainer.experiment, 1, gain=gain))
        np.testing.assert_allclose(trainer.network.weights(1), gain * W, rtol=1e-12, atol=1e-14)
    apply(trainer, change_layer(trainer.experiment, 1, gain=1.0))
    np.testing.assert_array_equal(trainer.parameters, start)


def test_row16_gain_changes_keep_what_training_added() -> None:
    trainer = new_trainer(deep())
    start = trainer.network.weights(1).copy()
    trainer.run(50)
    learned = trainer.network.weights(1) - start
    apply(trainer, change_layer(trainer.experiment, 1, gain=2.0))
    np.testing.assert_allclose(trainer.network.weights(1), 2.0 * start + learned, rtol=1e-12, atol=1e-14)
    apply(trainer, change_layer(trainer.experiment, 1, gain=1.0))
    np.testing.assert_allclose(trainer.network.weights(1), start + learned, rtol=1e-12, atol=1e-14)


def test_row16_gain_rescales_the_draws_of_a_layer_that_moved() -> None:
    trainer = new_trainer(with_hidden(Experiment(), HiddenLayer(units=3), HiddenLayer(units=5), HiddenLayer(units=6)))
    drawn = trainer.network.weights(2).copy()
    apply(trainer, with_hidden(trainer.experiment, *trainer.experiment.network.hidden, HiddenLayer(units=4)))
    apply(trainer, with_hidden(trainer.experiment, *trainer.experiment.network.hidden[:3]))
    apply(trainer, change_layer(trainer.experiment, 2, gain=3.0))
    np.testing.assert_allclose(trainer.network.weights(2), 3.0 * drawn, rtol=1e-12)


def test_row16_changing_width_and_gain_together_equals_changing_them_in_turn() -> None:
    # The training thread applies only the newest of the changes that arrived while it was busy.
    together, in_turn = trained(), trained()
    wider = with_hidden(together.experiment, HiddenLayer(units=6), HiddenLayer(units=3))
    scaled = with_hidden(wider, HiddenLayer(units=6, gain=3.0), HiddenLayer(units=3, gain=0.5))
    scaled = replace(scaled, network=replace(scaled.network, output_gain=2.0))
    apply(together, scaled)
    apply(in_turn, wider)
    apply(in_turn, scaled)
    np.testing.assert_allclose(together.parameters, in_turn.parameters, rtol=0, atol=1e-14)
    before = trained().network.weights(0)
    apply(together, wider)
    np.testing.assert_allclose(together.network.weights(0)[:, :4], before, rtol=0, atol=1e-14)


def test_the_output_has_a_gain_too() -> None:
    trainer = new_trainer(Experiment())
    W = trainer.network.weights(2).copy()
    apply(trainer, replace(trainer.experiment, network=replace(trainer.experiment.network, output_gain=4.0)))
    np.testing.assert_allclose(trainer.network.weights(2), 4.0 * W, rtol=1e-15)


def test_a_new_network_seed_restarts_training() -> None:
    trainer = trained()
    apply(trainer, replace(trainer.experiment, network=replace(trainer.experiment.network, seed=2)))
    assert (trainer.step, trainer.epoch) == (0, 0.0)
    np.testing.assert_array_equal(trainer.parameters, new_trainer(trainer.experiment).parameters)


# -- shape --------------------------------------------------------------------------------------------------------------


def weights(trainer: Trainer) -> list[np.ndarray]:
    return [trainer.network.weights(index).copy() for index in range(len(trainer.architecture.layers))]


def test_adding_neurons_keeps_existing_ones() -> None:
    trainer = trained()
    before, bias = weights(trainer), trainer.network.bias(0).copy()
    apply(trainer, change_layer(trainer.experiment, 0, units=6))
    after = weights(trainer)
    np.testing.assert_array_equal(after[0][:, :4], before[0])
    np.testing.assert_array_equal(after[1][:4], before[1])
    np.testing.assert_array_equal(after[2], before[2])
    np.testing.assert_array_equal(trainer.network.bias(0)[:4], bias)
    assert after[0][:, 4:].all()


def test_removing_neurons_keeps_the_first_ones() -> None:
    trainer = trained()
    before = weights(trainer)
    apply(trainer, change_layer(trainer.experiment, 0, units=2))
    after = weights(trainer)
    np.testing.assert_array_equal(after[0], before[0][:, :2])
    np.testing.assert_array_equal(after[1], before[1][:2])
    np.testing.assert_array_equal(after[2], before[2])


@pytest.mark.parametrize("place", [0, 1, 2, 3])
def test_inserting_a_layer_keeps_the_others_weights(place: int) -> None:
    hidden = (HiddenLayer(units=3), HiddenLayer(units=5), HiddenLayer(units=6))
    trainer = trained(with_hidden(Experiment(), *hidden))
    before = weights(trainer)
    apply(trainer, with_hidden(trainer.experiment, *hidden[:place], HiddenLayer(units=7), *hidden[place:]))
    after = weights(trainer)
    for old in range(4):
        new = old if old < place else old + 1
        if old == place:  # its inputs are different neurons now
            assert after[new].shape[0] == 7
        else:
            np.testing.assert_array_equal(after[new], before[old])
    assert trainer.run(50) is None


@pytest.mark.parametrize("place", [0, 1, 2])
def test_removing_a_layer_keeps_the_others_weights(place: int) -> None:
    hidden = (HiddenLayer(units=3), HiddenLayer(units=5), HiddenLayer(units=6))
    trainer = trained(with_hidden(Experiment(), *hidden))
    before = weights(trainer)
    apply(trainer, with_hidden(trainer.experiment, *hidden[:place], *hidden[place + 1 :]))
    after = weights(trainer)
    for old in range(4):
        if old not in (place, place + 1):
            np.testing.assert_array_equal(after[old if old < place else old - 1], before[old])
    assert trainer.run(50) is None


def test_layers_of_equal_width_are_matched_by_their_settings() -> None:
    hidden = tuple(HiddenLayer(units=4, activation=key) for key in ("tanh", "relu", "sigmoid"))
    trainer = trained(with_hidden(Experiment(), *hidden))
    before = weights(trainer)
    apply(trainer, with_hidden(trainer.experiment, hidden[0], hidden[2]))
    after = weights(trainer)
    np.testing.assert_array_equal(after[0], before[0])
    np.testing.assert_array_equal(after[2], before[3])


def test_layers_match_by_width_where_all_settings_changed_at_once() -> None:
    old = new_trainer(with_hidden(Experiment(), HiddenLayer(units=4), HiddenLayer(units=2))).architecture
    new = new_trainer(
        with_hidden(Experiment(), *(HiddenLayer(units=units, activation="relu") for units in (4, 2, 2)))
    ).architecture
    assert corresponding_layers(old, new) == [(0, 0), (1, 1), (2, 3)]


def test_removing_all_hidden_layers_leaves_the_output() -> None:
    trainer = trained()
    apply(trainer, with_hidden(trainer.experiment))
    assert [layer.name for layer in trainer.architecture.layers] == ["Output"]
    assert trainer.run(30) is None
    apply(trainer, with_hidden(trainer.experiment, HiddenLayer(units=3)))
    assert trainer.run(30) is None


def test_kept_features_keep_their_weights() -> None:
    trainer = trained()
    before = weights(trainer)
    features = ("x2", "sin_x1", "x1")
    apply(trainer, replace(trainer.experiment, data=replace(trainer.experiment.data, features=features)))
    after = weights(trainer)
    np.testing.assert_array_equal(after[0][[2, 0]], before[0])
    np.testing.assert_array_equal(after[1], before[1])
    assert trainer.run(30) is None


def test_data_with_more_classes_keeps_the_hidden_layers() -> None:
    trainer = trained()
    before = weights(trainer)
    apply(trainer, replace(trainer.experiment, data=DataSettings(dataset="iris")))
    after = weights(trainer)
    assert after[2].shape == (2, 3)
    np.testing.assert_array_equal(after[0][:2], before[0])
    np.testing.assert_array_equal(after[1], before[1])
    assert trainer.run(30) is None


def test_optimizer_state_of_kept_neurons_is_kept() -> None:
    trainer = trained(Experiment(training=TrainingSettings(optimizer="momentum", momentum=0.9)))
    velocity = trainer._optimizer_state[0].copy()
    old: Architecture = trainer.architecture
    apply(trainer, change_layer(trainer.experiment, 0, units=6))
    kept = trainer.architecture.weights(trainer._optimizer_state[0], 0)
    np.testing.assert_array_equal(kept[:, :4], old.weights(velocity, 0))
    assert not kept[:, 4:].any()


# -- rejection ----------------------------------------------------------------------------------------------------------


def test_a_contradiction_is_rejected_and_changes_nothing() -> None:
    trainer = trained()
    before, experiment, data = trainer.parameters, trainer.experiment, trainer.data
    wrong = replace(experiment, training=replace(experiment.training, loss="cross_entropy"))
    wrong = replace(wrong, network=replace(wrong.network, output_activation="tanh"))
    with pytest.raises(ExperimentError, match="softmax"):
        trainer.apply(wrong, data)
    assert trainer.experiment is experiment
    assert trainer.parameters is before
    assert trainer.run(10) is None


def test_editing_a_weight_changes_only_that_weight() -> None:
    trainer = trained()
    before = trainer.parameters
    trainer.set_parameter(3, 12.5)
    assert np.flatnonzero(trainer.parameters != before).tolist() == [3]
    assert trainer.parameters[3] == 12.5
    assert before[3] != 12.5


@pytest.mark.parametrize("depth", [1, 4])
def test_changing_the_depth_keeps_sample_order_and_dropout_of_kept_layers(
    depth: int,
) -> None:
    trainer = trained(with_hidden(Experiment(), *[HiddenLayer(dropout=0.5)] * 2))
    before = trainer.state()
    apply(trainer, with_hidden(trainer.experiment, *[HiddenLayer(dropout=0.5)] * depth))
    after = trainer.state()
    assert (after.shuffler, after.position) == (before.shuffler, before.position)
    stay = min(depth, 2) + 1
    assert after.dropout[:stay] == before.dropout[:stay]
    assert trainer.run(50) is None
