"""``shared_start`` agrees with a comparison of the data, draws and batches themselves."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from core.experiment import DataSettings, Experiment, HiddenLayer, NetworkSettings, TrainingSettings
from core.network.parameters import draws_of
from core.training.observer import observe
from core.training.pins.same_start import shared_start
from core.training.recorders.gradient_history import GradientRecorder
from core.training.recorders.loss_curve import LossRecorder
from core.training.run_history import RunHistory
from core.training.snapshot import Snapshot
from core.training.trainer import Trainer
from core.training.training_run import new_trainer

BASE = Experiment(
    data=DataSettings(samples=40),
    network=NetworkSettings(hidden=(HiddenLayer(units=3), HiddenLayer(units=3))),
    training=TrainingSettings(batch_size=5),
)


def all_layers(**changes: object) -> Experiment:
    hidden = tuple(replace(layer, **changes) for layer in BASE.network.hidden)
    output = {f"output_{key}": value for key, value in changes.items() if key in ("initializer", "gain")}
    return replace(BASE, network=replace(BASE.network, hidden=hidden, **output))


ONE_THING_CHANGED = st.one_of(
    st.sampled_from(["sigmoid", "relu", "elu", "prelu", "softplus"]).map(lambda key: all_layers(activation=key)),
    st.sampled_from(["he_uniform", "uniform", "fan_in_uniform"]).map(lambda key: all_layers(initializer=key)),
    st.floats(0.1, 5.0).map(lambda gain: all_layers(gain=gain)),
    st.floats(0.1, 0.9).map(lambda rate: all_layers(dropout=rate)),
    st.sampled_from(["momentum", "adam", "rmsprop"]).map(
        lambda key: replace(BASE, training=replace(BASE.training, optimizer=key))
    ),
    st.floats(0.001, 1.0).map(lambda rate: replace(BASE, training=replace(BASE.training, learning_rate=rate))),
    st.floats(0.0, 0.1).map(lambda l2: replace(BASE, training=replace(BASE.training, l2=l2))),
)


def snapshot_of(trainer: Trainer) -> Snapshot:
    return observe(trainer, LossRecorder(), axes=(0, 1), gradient_recorder=GradientRecorder())


@given(changed=ONE_THING_CHANGED)
@settings(max_examples=40)
def test_one_change_does_not_affect_data_draws_and_order(changed: Experiment) -> None:
    a, b = new_trainer(BASE, engine="numpy"), new_trainer(changed, engine="numpy")
    shared = shared_start(snapshot_of(a), snapshot_of(b))
    assert shared.is_same
    assert shared.batches
    np.testing.assert_array_equal(a.data.x_train, b.data.x_train)
    np.testing.assert_array_equal(a.data.y_train, b.data.y_train)
    for index in range(len(a.architecture.layers)):
        np.testing.assert_array_equal(draws_of(a.architecture, index, 1), draws_of(b.architecture, index, 1))
    for _ in range(12):  # three epochs of four batches
        assert a.run(1) is None
        assert b.run(1) is None
        np.testing.assert_array_equal(a.last_batch, b.last_batch)


@given(changed=ONE_THING_CHANGED, steps=st.integers(1, 9))
@settings(max_examples=20)
def test_a_run_changed_live_and_rewound_starts_like_a_new_one(changed: Experiment, steps: int) -> None:
    live = new_trainer(BASE, engine="numpy")
    live.run(steps)
    live.apply(changed, live.data)
    live.run(steps)
    live.reset()
    fresh = new_trainer(changed, engine="numpy")
    np.testing.assert_array_equal(live.parameters, fresh.parameters)
    live.run(6)
    fresh.run(6)
    np.testing.assert_array_equal(live.parameters, fresh.parameters)
    np.testing.assert_array_equal(live.last_batch, fresh.last_batch)


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        (BASE, (True, True, 3, True, True)),
        (replace(BASE, data=replace(BASE.data, seed=2)), (False, False, 3, True, True)),
        (replace(BASE, data=replace(BASE.data, noise=0.5)), (False, False, 3, True, True)),
        (replace(BASE, data=replace(BASE.data, standardize=True)), (True, False, 3, True, True)),
        (replace(BASE, data=replace(BASE.data, features=("x1", "x2", "x1_squared"))), (True, False, 2, True, True)),
        (replace(BASE, network=replace(BASE.network, seed=2)), (True, True, 0, True, True)),
        (all_layers(initializer="he_normal"), (True, True, 0, True, True)),
        (replace(BASE, training=replace(BASE.training, seed=2)), (True, True, 3, False, False)),
        (replace(BASE, training=replace(BASE.training, shuffle=False)), (True, True, 3, False, False)),
        (replace(BASE, training=replace(BASE.training, batch_size=10)), (True, True, 3, True, False)),
        (replace(BASE, data=replace(BASE.data, test_fraction=0.25)), (False, False, 3, False, False)),
        (
            replace(BASE, network=replace(BASE.network, hidden=(*BASE.network.hidden, HiddenLayer(units=3)))),
            (True, True, 2, True, True),
        ),
    ],
)
def test_differences_are_reported(changed: Experiment, expected: tuple[bool, bool, int, bool, bool]) -> None:
    a, b = new_trainer(BASE, engine="numpy"), new_trainer(changed, engine="numpy")
    shared = shared_start(snapshot_of(a), snapshot_of(b))
    assert (shared.samples, shared.inputs, shared.drawn, shared.order, shared.batches) == expected
    same = [
        mine.shape == theirs.shape and bool(np.array_equal(mine, theirs))
        for mine, theirs in zip(
            (draws_of(a.architecture, i, a.experiment.network.seed) for i in range(len(a.architecture.layers))),
            (draws_of(b.architecture, i, b.experiment.network.seed) for i in range(len(b.architecture.layers))),
            strict=False,
        )
    ]
    assert shared.drawn == sum(same)


def test_a_run_changed_during_training_does_not_have_the_same_start() -> None:
    trainer, history = new_trainer(BASE, engine="numpy"), RunHistory()
    trainer.run(6)
    trainer.apply(all_layers(activation="relu"), trainer.data)
    history.changed(BASE, trainer)
    changed = observe(trainer, history.recorder, axes=(0, 1))
    shared = shared_start(snapshot_of(new_trainer(BASE, engine="numpy")), changed)
    assert shared.changed == (None, 1.5)
    assert not shared.is_same


def test_weights_set_by_hand_before_the_first_step_are_no_same_start() -> None:
    trainer, history = new_trainer(BASE, engine="numpy"), RunHistory()
    before = trainer.parameters
    trainer.parameters = before + 1.0
    history.weights_set(before, trainer)
    trainer.run(6)
    shared = shared_start(
        snapshot_of(new_trainer(BASE, engine="numpy")), observe(trainer, history.recorder, axes=(0, 1))
    )
    assert shared.changed == (None, 0.0)
    assert not shared.is_same


def test_what_a_run_did_before_it_was_resumed_is_not_known() -> None:
    trainer, history = new_trainer(BASE, engine="numpy"), RunHistory()
    start = observe(trainer, history.recorder, axes=(0, 1), path_recorder=history.path)
    trainer.run(6)
    whole = observe(trainer, history.recorder, axes=(0, 1), path_recorder=history.path)
    assert shared_start(start, whole).resumed == (None, None)
    assert shared_start(start, whole).is_same
    restored, afterwards = new_trainer(BASE, engine="numpy"), RunHistory()
    restored.restore(trainer.state())
    observe(restored, afterwards.recorder, axes=(0, 1), path_recorder=afterwards.path)
    restored.run(6)
    part = observe(restored, afterwards.recorder, axes=(0, 1), path_recorder=afterwards.path)
    assert shared_start(start, part).resumed == (None, 1.5)
    assert not shared_start(start, part).is_same


def test_a_curve_from_the_start_is_enough_to_know_a_restored_run() -> None:
    trainer, history = new_trainer(BASE, engine="numpy"), RunHistory()
    start = observe(trainer, history.recorder, axes=(0, 1), path_recorder=history.path)
    trainer.run(6)
    history.path.clear()  # the path of a very large network is not saved
    part = observe(trainer, history.recorder, axes=(0, 1), path_recorder=history.path)
    assert part.path.steps.tolist() == [6]
    assert shared_start(start, part).is_same
