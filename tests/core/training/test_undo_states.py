"""Undoing an edit restores the weights that it discarded."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

import core.training.undo_states
from core.arrays import Floats
from core.experiment import Experiment, HiddenLayer
from core.formulas.optimizers import OPTIMIZERS
from core.network.parameters import Spot
from core.training.trainer import Trainer
from core.training.training_state import TrainingState
from core.training.undo_states import MAX_BYTES, UndoStates
from tests.core.support import data_of, with_hidden
from tests.core.training.support import assert_same_state

FIRST, SECOND = Experiment().network.hidden
CHANGES = {
    "a layer removed": with_hidden(Experiment(), FIRST),
    "many layers added": with_hidden(Experiment(), FIRST, *[SECOND] * 9),
    "fewer neurons": with_hidden(Experiment(), replace(FIRST, units=1), SECOND),
    "more neurons": with_hidden(Experiment(), replace(FIRST, units=9), SECOND),
    "another initializer": with_hidden(Experiment(), replace(FIRST, initializer="he_normal"), SECOND),
    "another seed": replace(Experiment(), network=replace(Experiment().network, seed=7)),
    "a feature off": replace(Experiment(), data=replace(Experiment().data, features=("x2",))),
}


@pytest.mark.parametrize("changed", CHANGES.values(), ids=CHANGES)
def test_undoing_an_edit_restores_the_trained_weights(changed: Experiment) -> None:
    trainer, undo_states = Trainer(Experiment(), data_of(Experiment())), UndoStates()
    trainer.run(100)
    trained = trainer.parameters.copy()
    undo_states.apply(trainer, changed, data_of(changed), returning=False)
    there = trainer.parameters.copy()
    undo_states.apply(trainer, Experiment(), data_of(Experiment()), returning=True)
    assert np.array_equal(trainer.parameters, trained)
    undo_states.apply(trainer, changed, data_of(changed), returning=True)
    assert np.array_equal(trainer.parameters, there)


def test_kept_weights_keep_what_they_have_learned_since() -> None:
    trainer, undo_states = Trainer(Experiment(), data_of(Experiment())), UndoStates()
    trainer.run(100)
    before, output = trainer.network, trainer.network.bias(2).copy()
    fewer = CHANGES["a layer removed"]
    undo_states.apply(trainer, fewer, data_of(fewer), returning=False)
    trainer.run(50)
    first = trainer.network.weights(0).copy()
    undo_states.apply(trainer, Experiment(), data_of(Experiment()), returning=True)
    assert np.array_equal(trainer.network.weights(0), first)
    assert not np.array_equal(trainer.network.weights(0), before.weights(0))
    assert np.array_equal(trainer.network.weights(1), before.weights(1))
    assert not np.array_equal(trainer.network.bias(2), output)


def test_the_reverse_edit_without_undo_starts_with_initial_weights() -> None:
    trainer, undo_states = Trainer(Experiment(), data_of(Experiment())), UndoStates()
    trainer.run(100)
    trained = trainer.network.weights(1).copy()
    fewer = CHANGES["a layer removed"]
    undo_states.apply(trainer, fewer, data_of(fewer), returning=False)
    undo_states.apply(trainer, Experiment(), data_of(Experiment()), returning=False)
    assert not np.array_equal(trainer.network.weights(1), trained)


def test_undoing_a_seed_change_resumes_its_state() -> None:
    trainer, undo_states = Trainer(Experiment(), data_of(Experiment())), UndoStates()
    trainer.run(30)
    other = CHANGES["another seed"]
    undo_states.apply(trainer, other, data_of(other), returning=False)
    assert trainer.step == 0
    undo_states.apply(trainer, Experiment(), data_of(Experiment()), returning=True)
    assert trainer.step == 30


def test_memory_is_bounded() -> None:
    wide = with_hidden(Experiment(), *[HiddenLayer(units=512)] * 5)
    trainer, undo_states = Trainer(wide, data_of(wide)), UndoStates()
    for units in range(1, 12):
        changed = with_hidden(wide, *wide.network.hidden[:4], HiddenLayer(units=units))
        undo_states.apply(trainer, changed, data_of(changed), returning=False)
    assert sum(kept.size for kept in undo_states._kept) <= MAX_BYTES
    assert 1 < len(undo_states._kept) < 11


def test_memory_is_bounded_with_many_samples_too(monkeypatch: pytest.MonkeyPatch) -> None:
    trainer, undo_states = Trainer(Experiment(), data_of(Experiment())), UndoStates()
    trainer.run(1)
    arrays = trainer.state().arrays
    size = sum(array.nbytes for array in arrays)
    assert size > 8 * 2 * trainer.architecture.size + 8 * len(trainer.data.x_train), "the order counts"
    monkeypatch.setattr(core.training.undo_states, "MAX_BYTES", 3 * size)
    for number in range(9):
        rate = replace(Experiment(), training=replace(Experiment().training, learning_rate=0.1 + number))
        undo_states.apply(trainer, rate, data_of(rate), returning=False)
    assert len(undo_states._kept) == 3


EDITS = {
    **CHANGES,
    "another optimizer": replace(Experiment(), training=replace(Experiment().training, optimizer="rmsprop")),
    "another learning rate": replace(Experiment(), training=replace(Experiment().training, learning_rate=0.5)),
    "another batch size": replace(Experiment(), training=replace(Experiment().training, batch_size=3)),
    "another training seed": replace(Experiment(), training=replace(Experiment().training, seed=9)),
    "another test share": replace(Experiment(), data=replace(Experiment().data, test_fraction=0.3)),
    "another data seed": replace(Experiment(), data=replace(Experiment().data, seed=5)),
    "other data": replace(Experiment(), data=replace(Experiment().data, dataset="xor")),
    "another gain": with_hidden(Experiment(), replace(FIRST, gain=2.5), SECOND),
    "another activation": with_hidden(Experiment(), replace(FIRST, activation="relu"), SECOND),
    "another alpha": with_hidden(Experiment(), replace(FIRST, activation="prelu", activation_alpha=0.7), SECOND),
    "dropout": with_hidden(Experiment(), replace(FIRST, dropout=0.5), SECOND),
}


def with_settings(experiment: Experiment, optimizer: str) -> Experiment:
    """Return ``experiment`` with a learned α, dropout and ``optimizer``, unless it already sets them."""
    training = experiment.training
    if training.optimizer == "sgd":
        training = replace(training, optimizer=optimizer)
    layers = tuple(
        replace(
            layer,
            activation="prelu" if layer.activation == "tanh" else layer.activation,
            dropout=layer.dropout or 0.2,
        )
        for layer in experiment.network.hidden
    )
    return with_hidden(replace(experiment, training=training), *layers)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("edit", EDITS)
def test_undo_and_redo_without_training_restore_the_whole_state(edit: str, optimizer: str) -> None:
    start, changed = with_settings(Experiment(), optimizer), with_settings(EDITS[edit], optimizer)
    trainer, undo_states = Trainer(start, data_of(start)), UndoStates()
    assert trainer.run(63) is None
    before = trainer.state()
    undo_states.apply(trainer, changed, data_of(changed), returning=False)
    after = trainer.state()
    for _ in range(2):
        undo_states.apply(trainer, start, data_of(start), returning=True)
        assert_same_state(trainer.state(), before)
        undo_states.apply(trainer, changed, data_of(changed), returning=True)
        assert_same_state(trainer.state(), after)


@given(st.lists(st.sampled_from(sorted(EDITS)), min_size=1, max_size=5), st.integers(0, 5))
@settings(max_examples=40, deadline=None)
def test_several_edits_can_be_undone_singly_or_together(names: list[str], skipped: int) -> None:
    start = with_settings(Experiment(), "adam")
    trainer, undo_states = Trainer(start, data_of(start)), UndoStates()
    assert trainer.run(40) is None
    states = [trainer.state()]
    for name in names:
        changed = with_settings(EDITS[name], "adam")
        undo_states.apply(trainer, changed, data_of(changed), returning=False)
        states.append(trainer.state())
    for state in list(reversed(states[:-1]))[skipped % len(names) :]:
        undo_states.apply(trainer, state.experiment, data_of(state.experiment), returning=True)
    assert_same_state(trainer.state(), states[0])


class _Editor:
    """Edits a trainer with undo and redo as the session does, and notes the state that each of them must bring back."""

    def __init__(self, experiment: Experiment) -> None:
        self.trainer, self.undo_states = Trainer(experiment, data_of(experiment)), UndoStates()
        self.generation = 0
        self.done: list[tuple[Experiment, int, TrainingState]] = []
        self.undone: list[tuple[Experiment, int, TrainingState]] = []

    def _leave(self, experiment: Experiment, returns_to: int | None) -> tuple[Experiment, int, TrainingState]:
        left = (self.trainer.experiment, self.generation, self.trainer.state())
        self.undo_states.apply(
            self.trainer,
            experiment,
            data_of(experiment),
            returning=returns_to is not None,
            left=self.generation,
            returns_to=returns_to,
        )
        self.generation += 1
        return left

    def edit(self, experiment: Experiment) -> None:
        """Make a new edit."""
        self.done.append(self._leave(experiment, None))
        self.undone.clear()

    def move(self, source: str, target: str) -> None:
        """Undo or redo, and compare."""
        experiment, generation, state = getattr(self, source).pop()
        getattr(self, target).append(self._leave(experiment, generation))
        assert_same_state(self.trainer.state(), state)


@given(st.lists(st.sampled_from(["undo", "redo", "none", *sorted(EDITS)]), min_size=3, max_size=12))
@settings(max_examples=60, deadline=None)
@example(["fewer neurons", "none", "undo", "undo", "redo", "redo", "undo"])
def test_each_undo_and_redo_restores_what_was_left_there(moves: list[str]) -> None:
    start = with_settings(Experiment(), "adam")
    editor = _Editor(start)
    assert editor.trainer.run(40) is None
    for name in moves:
        if name == "undo" and editor.done:
            editor.move("done", "undone")
        elif name == "redo" and editor.undone:
            editor.move("undone", "done")
        elif name not in ("undo", "redo"):
            editor.edit(start if name == "none" else with_settings(EDITS[name], "adam"))


def test_after_training_an_undo_brings_back_what_that_edit_removed() -> None:
    editor, fewer = _Editor(Experiment()), CHANGES["a layer removed"]
    editor.trainer.run(100)
    removed = editor.trainer.network.weights(1).copy()
    editor.edit(fewer)
    editor.trainer.run(20)
    editor.edit(Experiment())
    editor.trainer.run(20)
    for experiment, generation, _ in reversed(editor.done):
        editor._leave(experiment, generation)
    assert np.array_equal(editor.trainer.network.weights(1), removed)


def test_undo_restores_a_learned_alpha_after_more_training() -> None:
    layer = HiddenLayer(units=4, activation="prelu")
    prelu = with_hidden(Experiment(), layer)
    relu = with_hidden(Experiment(), replace(layer, activation="relu"))
    trainer, undo_states = Trainer(prelu, data_of(prelu)), UndoStates()
    trainer.run(500)
    learned = trainer.parameters[trainer.architecture.layers[0].alpha_index]
    assert learned != 0.25
    undo_states.apply(trainer, relu, data_of(relu), returning=False)
    trainer.run(50)
    undo_states.apply(trainer, prelu, data_of(prelu), returning=True)
    assert trainer.parameters[trainer.architecture.layers[0].alpha_index] == learned


WIDE = replace(FIRST, units=5)


def without_neuron(flat: Trainer, layer: int, neuron: int) -> list[tuple[Floats, Floats]]:
    """Return weights and biases by layer, without those of ``neuron`` in ``layer``."""
    result = []
    for index in range(len(flat.architecture.layers)):
        weights, bias = flat.network.weights(index), flat.network.bias(index)
        if index == layer:
            weights, bias = np.delete(weights, neuron, axis=1), np.delete(bias, neuron)
        if index == layer + 1:
            weights = np.delete(weights, neuron, axis=0)
        result.append((weights.copy(), bias.copy()))
    return result


def assert_same_weights(trainer: Trainer, expected: list[tuple[Floats, Floats]]) -> None:
    for index, (weights, bias) in enumerate(expected):
        np.testing.assert_array_equal(trainer.network.weights(index), weights)
        np.testing.assert_array_equal(trainer.network.bias(index), bias)


@pytest.mark.parametrize("neuron", range(5))
@pytest.mark.parametrize("layer", [0, 1])
@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
def test_exactly_the_chosen_neuron_is_removed_and_comes_back(neuron: int, layer: int, optimizer: str) -> None:
    whole = with_hidden(Experiment(), WIDE, WIDE)
    whole = replace(whole, training=replace(whole.training, optimizer=optimizer))
    hidden = [WIDE, WIDE]
    hidden[layer] = replace(WIDE, units=4)
    fewer, spot, data = with_hidden(whole, *hidden), Spot(layer, neuron), data_of(whole)
    trainer, undo_states = Trainer(whole, data), UndoStates()
    trainer.run(40)
    state = trainer.state()
    expected = without_neuron(trainer, layer, neuron)
    undo_states.apply(trainer, fewer, data, returning=False, spot=spot)
    assert_same_weights(trainer, expected)
    there = trainer.state()
    assert there.update_count == state.update_count, "the others keep their optimizer state"
    undo_states.apply(trainer, whole, data, returning=True, spot=spot)
    assert_same_state(trainer.state(), state)
    undo_states.apply(trainer, fewer, data, returning=True, spot=spot)
    assert_same_state(trainer.state(), there)
    trainer.run(10)
    trained = [(trainer.network.weights(i).copy(), trainer.network.bias(i).copy()) for i in range(3)]
    undo_states.apply(trainer, whole, data, returning=True, spot=spot)
    assert_same_weights_of_others(trainer, trained, layer, neuron)
    old = Trainer(whole, data)
    old.restore(state)
    np.testing.assert_array_equal(trainer.network.weights(layer)[:, neuron], old.network.weights(layer)[:, neuron])
    np.testing.assert_array_equal(trainer.network.weights(layer + 1)[neuron], old.network.weights(layer + 1)[neuron])
    trainer.run(10)
    expected = without_neuron(trainer, layer, neuron)
    undo_states.apply(trainer, fewer, data, returning=True, spot=spot)
    assert_same_weights(trainer, expected)


def assert_same_weights_of_others(
    trainer: Trainer, expected: list[tuple[Floats, Floats]], layer: int, neuron: int
) -> None:
    for (weights, bias), (other, other_bias) in zip(without_neuron(trainer, layer, neuron), expected, strict=True):
        np.testing.assert_array_equal(weights, other)
        np.testing.assert_array_equal(bias, other_bias)


@pytest.mark.parametrize("layer", range(4))
def test_exactly_the_chosen_layer_of_equal_ones_is_removed_and_comes_back(layer: int) -> None:
    whole, fewer = (with_hidden(Experiment(), *[FIRST] * depth) for depth in (4, 3))
    data, spot = data_of(whole), Spot(layer)
    trainer, undo_states = Trainer(whole, data), UndoStates()
    trainer.run(40)
    before, state = trainer.network, trainer.state()
    undo_states.apply(trainer, fewer, data, returning=False, spot=spot)
    for old in range(5):
        if old not in (layer, layer + 1):
            new = old - (old > layer)
            np.testing.assert_array_equal(trainer.network.weights(new), before.weights(old))
            np.testing.assert_array_equal(trainer.network.bias(new), before.bias(old))
    undo_states.apply(trainer, whole, data, returning=True, spot=spot)
    assert_same_state(trainer.state(), state)
