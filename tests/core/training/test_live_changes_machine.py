"""Random sequences of live edits: what must be kept is kept, what must be reset is reset, deterministically.

A twin of the trainer receives the same edits and is occasionally replaced by one restored from the trainer's state; both
must agree bit for bit after every step.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from msgspec.structs import replace

from core.arrays import Floats
from core.experiment import DataSettings, Experiment, HiddenLayer, NetworkSettings, TrainingSettings
from core.experiment.experiment_file import checked, dump, parse
from core.formulas.activations import ACTIVATIONS
from core.formulas.initializers import INITIALIZERS
from core.formulas.optimizers import OPTIMIZERS
from core.network.architecture import Architecture
from core.training.state_file import encode
from core.training.trainer import Trainer
from tests.core.support import data_of

FEATURES = ("x1", "x2", "x1_squared", "sin_x2")
START = Experiment(
    data=DataSettings(samples=24),
    network=NetworkSettings(hidden=(HiddenLayer(units=3), HiddenLayer(units=2))),
    training=TrainingSettings(batch_size=5, optimizer="adam"),
)


@dataclass
class Moment:
    """A trainer's state before an edit."""

    architecture: Architecture
    features: tuple[str, ...]
    parameters: Floats
    optimizer_state: tuple[Floats, Floats]
    drawn: Floats
    update_count: int


def moment_of(trainer: Trainer) -> Moment:
    state = trainer.state()
    return Moment(
        trainer.architecture,
        trainer.data.feature_keys,
        state.parameters,
        (state.first_state, state.second_state),
        state.drawn,
        state.update_count,
    )


def kept_entries(before: Moment, trainer: Trainer) -> dict[int, int]:
    """Return {new: old} indices of the weights and biases that must be kept, implemented from the specification.

    A weight is kept if both its neurons are, a bias if its neuron is; a layer made narrower keeps its first neurons; edits
    add and remove layers only before the output.
    """
    old, new = before.architecture, trainer.architecture
    columns = {key: column for column, key in enumerate(before.features)}
    rows: dict[int, int] = {
        column: columns[key] for column, key in enumerate(trainer.data.feature_keys) if key in columns
    }
    kept: dict[int, int] = {}
    common = min(len(old.layers), len(new.layers)) - 1
    pairs = [(index, index) for index in range(common)] + [(len(old.layers) - 1, len(new.layers) - 1)]
    for a_index, b_index in pairs:
        a, b = old.layers[a_index], new.layers[b_index]
        if a_index != b_index:
            rows = {}  # the output's inputs are different neurons now
        for target in range(min(a.fan_out, b.fan_out)):
            for row, source in rows.items():
                kept[b.weight_index(row, target)] = a.weight_index(source, target)
            kept[b.bias_index(target)] = a.bias_index(target)
        rows = {unit: unit for unit in range(min(a.fan_out, b.fan_out))}
    return kept


def places(architecture: Architecture, index: int) -> range:
    """Return the indices of the weights and biases of layer ``index``."""
    layer = architecture.layers[index]
    return range(layer.start, layer.bias.stop)


class LiveEdits(RuleBasedStateMachine):
    """One trainer, its twin, and the Experiments before (for undo)."""

    @initialize()
    def start(self) -> None:
        self.trainer = Trainer(START, data_of(START))
        self.twin = Trainer(START, data_of(START))
        self.past: list[Experiment] = []

    def both(self, action: Callable[[Trainer], object]) -> None:
        action(self.trainer)
        action(self.twin)

    def apply(self, experiment: Experiment) -> Moment:
        checked(experiment)
        before = moment_of(self.trainer)
        data = data_of(experiment)
        self.both(lambda trainer: trainer.apply(experiment, data))
        assert self.trainer.experiment is experiment
        return before

    def edit(
        self, experiment: Experiment, redrawn_layers: tuple[int, ...] = (), rescaled: tuple[int, ...] = ()
    ) -> Moment:
        """Apply an edit and check weights and optimizer state; the caller checks ``redrawn_layers`` and ``rescaled`` layers."""
        self.past.append(self.trainer.experiment)
        before = self.apply(experiment)
        self.check_parameters(before, redrawn_layers, rescaled)
        self.check_memory(before, redrawn_layers)
        return before

    def check_parameters(self, before: Moment, redrawn_layers: tuple[int, ...], rescaled: tuple[int, ...]) -> None:
        elsewhere = {at for index in (*redrawn_layers, *rescaled) for at in places(self.trainer.architecture, index)}
        for new, old in kept_entries(before, self.trainer).items():
            if new not in elsewhere:
                assert self.trainer.parameters[new] == before.parameters[old]

    def check_memory(self, before: Moment, redrawn_layers: tuple[int, ...]) -> None:
        """Check that kept parameters keep their optimizer state and it is 0 elsewhere; rules that count steps restart."""
        new = self.trainer.architecture
        redrawn = {at for index in redrawn_layers for at in places(new, index)}
        kept = {at: old for at, old in kept_entries(before, self.trainer).items() if at not in redrawn}
        expected = {at for index in range(len(new.layers)) for at in places(new, index)}
        fresh = bool(expected - set(kept)) or self.alpha_began(before)
        state = self.trainer.state()
        restarts = OPTIMIZERS[self.trainer.experiment.training.optimizer].corrects_start and fresh
        assert state.update_count == (0 if restarts else before.update_count)
        for vector, vector_before in zip((state.first_state, state.second_state), before.optimizer_state, strict=True):
            for at in expected:
                assert vector[at] == (vector_before[kept[at]] if at in kept and not restarts else 0.0)

    def alpha_began(self, before: Moment) -> bool:
        old, new = before.architecture.layers, self.trainer.architecture.layers
        pairs = zip(old, new, strict=False) if len(old) == len(new) else zip(old[:-1], new[:-1], strict=False)
        return any(b.learns_alpha and (a.activation, a.alpha) != (b.activation, b.alpha) for a, b in pairs)

    def network(self, **changes: Any) -> Experiment:
        return replace(self.trainer.experiment, network=replace(self.trainer.experiment.network, **changes))

    def training(self, **changes: Any) -> Experiment:
        return replace(self.trainer.experiment, training=replace(self.trainer.experiment.training, **changes))

    def data(self, **changes: Any) -> Experiment:
        return replace(self.trainer.experiment, data=replace(self.trainer.experiment.data, **changes))

    def layer(self, place: float, **changes: Any) -> tuple[int, Experiment]:
        """Return a layer's index (``place`` from 0 to 1) and the Experiment with that layer changed."""
        hidden = list(self.trainer.experiment.network.hidden)
        index = int(place * len(hidden))
        hidden[index] = replace(hidden[index], **changes)
        return index, self.network(hidden=tuple(hidden))

    @property
    def depth(self) -> int:
        return len(self.trainer.experiment.network.hidden)

    # -- edits that keep every weight ----------------------------------------------------------------------------------

    @precondition(lambda self: self.depth)
    @rule(
        place=st.floats(0, 0.99),
        key=st.sampled_from([*ACTIVATIONS, *["prelu"] * 8]),
        alpha=st.sampled_from([None, 0.1]),
    )
    def activation(self, place: float, key: str, alpha: float | None) -> None:
        _, experiment = self.layer(place, activation=key, activation_alpha=alpha)
        self.edit(experiment)

    @precondition(lambda self: self.depth)
    @rule(place=st.floats(0, 0.99), rate=st.sampled_from([0.0, 0.3, 0.8]))
    def dropout(self, place: float, rate: float) -> None:
        self.edit(self.layer(place, dropout=rate)[1])

    @rule(rate=st.sampled_from([0.0, 0.5]), scaling=st.sampled_from(["inverted", "at_test_time", "none"]))
    def input_dropout(self, rate: float, scaling: str) -> None:
        experiment = self.network(input_dropout=rate)
        self.edit(replace(experiment, training=replace(experiment.training, dropout_scaling=scaling)))

    @rule(
        changes=st.fixed_dictionaries(
            {},
            optional={
                "learning_rate": st.sampled_from([0.001, 0.03]),
                "momentum": st.sampled_from([0.0, 0.9]),
                "batch_size": st.sampled_from([0, 1, 5, 100]),
                "l1": st.sampled_from([0.0, 0.01]),
                "l2": st.sampled_from([0.0, 0.01]),
                "clip_norm": st.sampled_from([None, 0.1]),
                "shuffle": st.booleans(),
                "seed": st.integers(0, 3),
                "loss": st.sampled_from(["auto", "squared_error", "huber"]),
            },
        )
    )
    def training_settings(self, changes: dict[str, Any]) -> None:
        self.edit(self.training(**changes))

    @rule(
        changes=st.fixed_dictionaries(
            {},
            optional={
                "noise": st.sampled_from([0.0, 0.5]),
                "samples": st.sampled_from([6, 24, 25]),
                "seed": st.integers(0, 3),
                "dataset": st.sampled_from(["circle", "xor", "plane"]),
                "standardize": st.booleans(),
                "features": st.lists(st.sampled_from(FEATURES), min_size=1, unique=True).map(tuple),
            },
        )
    )
    def data_settings(self, changes: dict[str, Any]) -> None:
        self.edit(self.data(**changes))

    # -- edits that draw or rescale ------------------------------------------------------------------------------------

    @precondition(lambda self: self.depth)
    @rule(place=st.floats(0, 0.99), key=st.sampled_from(list(INITIALIZERS)))
    def initializer(self, place: float, key: str) -> None:
        index, experiment = self.layer(place, initializer=key)
        changed = (
            experiment.network.hidden[index].initializer != self.trainer.experiment.network.hidden[index].initializer
        )
        self.edit(experiment, redrawn_layers=(index,) if changed else ())
        if changed:
            fresh = Trainer(experiment, self.trainer.data)
            at = slice(places(self.trainer.architecture, index).start, places(self.trainer.architecture, index).stop)
            np.testing.assert_array_equal(self.trainer.parameters[at], fresh.parameters[at])

    @precondition(lambda self: self.depth)
    @rule(place=st.floats(0, 0.99), gain=st.sampled_from([0.0, 0.5, 1.0, 3.0]))
    def gain(self, place: float, gain: float) -> None:
        index, experiment = self.layer(place, gain=gain)
        old_gain = self.trainer.experiment.network.hidden[index].gain
        before = self.edit(experiment, rescaled=(index,))
        at = self.trainer.architecture.layers[index].weights
        learned = before.parameters[at] - old_gain * before.drawn[at]
        size = 1.0 + np.abs(before.parameters[at]).max()
        np.testing.assert_allclose(
            self.trainer.parameters[at] - gain * before.drawn[at], learned, rtol=0, atol=1e-13 * size
        )
        bias = self.trainer.architecture.layers[index].bias
        np.testing.assert_array_equal(self.trainer.parameters[bias], before.parameters[bias])

    @precondition(lambda self: self.depth)
    @rule(place=st.floats(0, 0.99), units=st.integers(1, 5))
    def units(self, place: float, units: int) -> None:
        self.edit(self.layer(place, units=units)[1])

    @precondition(lambda self: self.depth < 4)
    @rule(units=st.integers(1, 3), activation=st.sampled_from(["tanh", "relu", "prelu"]))
    def deeper(self, units: int, activation: str) -> None:
        hidden = self.trainer.experiment.network.hidden
        self.edit(self.network(hidden=(*hidden, HiddenLayer(units=units, activation=activation))))

    @precondition(lambda self: self.depth)
    @rule()
    def shallower(self) -> None:
        self.edit(self.network(hidden=self.trainer.experiment.network.hidden[:-1]))

    # -- edits that restart training -----------------------------------------------------------------------------------

    @rule(key=st.sampled_from(list(OPTIMIZERS)))
    def optimizer(self, key: str) -> None:
        changed = key != self.trainer.experiment.training.optimizer
        self.past.append(self.trainer.experiment)
        before = self.apply(self.training(optimizer=key))
        np.testing.assert_array_equal(self.trainer.parameters, before.parameters)
        state = self.trainer.state()
        assert state.update_count == (0 if changed else before.update_count)
        assert not changed or not (state.first_state.any() or state.second_state.any())

    @rule(seed=st.integers(0, 2))
    def network_seed(self, seed: int) -> None:
        changed = seed != self.trainer.experiment.network.seed
        self.past.append(self.trainer.experiment)
        self.apply(self.network(seed=seed))
        if changed:
            self.check_is_new()

    @rule()
    def reset(self) -> None:
        self.both(lambda trainer: trainer.reset())
        self.check_is_new()

    def check_is_new(self) -> None:
        fresh = Trainer(self.trainer.experiment, self.trainer.data)
        assert encode(self.trainer.state()) == encode(fresh.state())

    # -- everything else -----------------------------------------------------------------------------------------------

    @precondition(lambda self: self.past)
    @rule()
    def undo(self) -> None:
        previous = self.past.pop()
        self.apply(previous)
        assert self.trainer.experiment is previous
        assert parse(dump(previous)) == previous

    @rule(place=st.floats(0, 0.999), value=st.floats(-3, 3))
    def edit_a_weight(self, place: float, value: float) -> None:
        architecture = self.trainer.architecture
        # An α that is not learned is a setting, not a parameter to edit.
        fixed = [layer.alpha_index for layer in architecture.layers if not layer.learns_alpha]
        editable = np.delete(np.arange(architecture.size), fixed)
        index = int(editable[int(place * len(editable))])
        before = self.trainer.parameters.copy()
        self.both(lambda trainer: trainer.set_parameter(index, value))
        before[index] = value
        np.testing.assert_array_equal(self.trainer.parameters, before)

    @rule(steps=st.integers(1, 12))
    def train(self, steps: int) -> None:
        before = self.trainer.step
        self.both(lambda trainer: trainer.run(steps))
        assert before <= self.trainer.step <= before + steps

    @rule()
    def train_an_epoch(self) -> None:
        self.both(Trainer.run_epoch)

    @rule()
    def train_on_one_sample(self) -> None:
        self.both(Trainer.run_sample)

    @rule()
    def restore_the_twin(self) -> None:
        self.twin = Trainer(self.trainer.experiment, self.trainer.data)
        self.twin.restore(self.trainer.state())

    @invariant()
    def everything_is_finite_and_fits(self) -> None:
        trainer = self.trainer
        assert np.isfinite(trainer.parameters).all()
        assert trainer.parameters.shape == trainer.last_update.shape == (trainer.architecture.size,)
        assert np.isfinite(trainer.network.predict(trainer.data.x_test)).all()
        assert 1 <= trainer.steps_to_epoch_end <= trainer.steps_per_epoch

    @invariant()
    def the_same_sequence_gives_the_same_result(self) -> None:
        assert encode(self.trainer.state()) == encode(self.twin.state())

    @invariant()
    def memory_and_count_begin_together(self) -> None:
        state = self.trainer.state()
        if state.update_count == 0:
            np.testing.assert_array_equal((state.first_state, state.second_state), 0.0)


TestLiveEdits = LiveEdits.TestCase
TestLiveEdits.settings = settings(max_examples=40, stateful_step_count=25)


def adam_after(change: dict[str, Any]) -> tuple[Trainer, Floats]:
    """Return a trainer one Adam step after ``change`` of its first layer, and the size of that step for each parameter."""
    trainer = Trainer(START, data_of(START))
    trainer.run(500)
    hidden = (replace(START.network.hidden[0], **change), *START.network.hidden[1:])
    trainer.apply(replace(START, network=replace(START.network, hidden=hidden)), trainer.data)
    trainer.run(1)
    return trainer, np.abs(trainer.last_update)


@pytest.mark.parametrize("change", [{"initializer": "he_normal"}, {"units": 5}, {"activation": "prelu"}], ids=str)
def test_adam_restarts_when_parameters_are_added(change: dict[str, Any]) -> None:
    trainer, moved = adam_after(change)
    assert trainer.state().update_count == 1
    # Adam's first step has length α; with an old count and a zero state, new weights would move 3 to 7 times as far.
    assert moved.max() <= trainer.experiment.training.learning_rate * (1.0 + 1e-6)


@pytest.mark.parametrize("change", [{"gain": 2.0}, {"units": 2}, {"activation": "relu"}, {"dropout": 0.5}], ids=str)
def test_adam_continues_when_no_parameters_are_added(change: dict[str, Any]) -> None:
    trainer, _ = adam_after(change)
    assert trainer.state().update_count == 501
