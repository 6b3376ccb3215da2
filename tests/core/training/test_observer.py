"""Snapshots: they hold the network's own values, and observing does not affect training."""

from __future__ import annotations

import math

import numpy as np
import pytest
from msgspec.structs import replace

from core.analysis.plane import STILL_SIDE, Plane, live_side, still_side
from core.engine.cost import MAX_EVALUATED
from core.experiment import DataSettings, Experiment, HiddenLayer, NetworkSettings, TrainingSettings
from core.training.observer import observe
from core.training.recorders.loss_curve import LossRecorder
from core.training.snapshot import Snapshot
from core.training.trainer import Trainer
from core.training.training_run import set_losses
from tests.core.support import new_trainer, with_hidden


def test_a_snapshot_holds_the_current_losses_gradients_and_accuracies() -> None:
    trainer = new_trainer(Experiment(training=TrainingSettings(l2=0.1)))
    trainer.run(30)
    recorder = LossRecorder()
    snapshot = observe(trainer, recorder, axes=(0, 1), generation=7)
    train_loss, test_loss = set_losses(trainer.network, trainer.data)
    assert snapshot.scores.train_loss == pytest.approx(train_loss, rel=1e-14)
    assert snapshot.scores.test_loss == pytest.approx(test_loss, rel=1e-14)
    assert snapshot.scores.penalty == trainer.penalty() > 0.0
    right = (trainer.network.predict(trainer.data.x_test) > 0) == (trainer.data.y_test > 0)
    assert snapshot.scores.test_accuracy == right.mean()
    assert (snapshot.step, snapshot.epoch, snapshot.generation) == (30, 1.2, 7)
    assert snapshot.network.parameters is trainer.parameters
    np.testing.assert_array_equal(snapshot.test_prediction, trainer.network.predict(trainer.data.x_test))
    np.testing.assert_array_equal(snapshot.last_batch, trainer.last_batch)
    assert snapshot.curve.step.tolist() == [30]
    full = trainer.network.backward(trainer.network.forward(trainer.data.x_train), trainer.data.y_train)
    np.testing.assert_array_equal(snapshot.gradients.flat, full.flat)


def test_observing_does_not_affect_training() -> None:
    hidden = (HiddenLayer(units=5, dropout=0.4),)
    experiment = Experiment(network=NetworkSettings(hidden=hidden, input_dropout=0.2))
    watched, alone = new_trainer(experiment), new_trainer(experiment)
    recorder = LossRecorder()
    for _ in range(30):
        watched.run(1)
        observe(watched, recorder, axes=(0, 1), playing=True)
    alone.run(30)
    np.testing.assert_array_equal(watched.parameters, alone.parameters)


def test_dropped_neurons_of_the_last_sample_are_recorded() -> None:
    hidden = (HiddenLayer(units=6, dropout=0.5), HiddenLayer(units=3))
    trainer = new_trainer(Experiment(network=NetworkSettings(hidden=hidden)))
    trainer.run(1)
    snapshot = observe(trainer, LossRecorder(), axes=(0, 1))
    assert [None if group is None else group.shape for group in snapshot.dropped] == [None, (6,), None]
    assert snapshot.dropped[1] is not None
    np.testing.assert_array_equal(snapshot.dropped[1], np.asarray(trainer.last_masks[1])[-1] == 0.0)


def test_a_snapshot_of_a_large_network_has_its_state_while_it_trains() -> None:
    hidden = (HiddenLayer(units=800), HiddenLayer(units=800))
    trainer = new_trainer(Experiment(network=NetworkSettings(hidden=hidden)))
    trainer.run(1)
    snapshot = observe(trainer, LossRecorder(), axes=None, playing=True)
    assert snapshot.state is not None
    assert snapshot.state.step == 1
    np.testing.assert_array_equal(snapshot.state.parameters, snapshot.network.parameters)
    assert snapshot.portable_state is None, "a picture would be very large"


def test_what_an_earlier_snapshot_shows_of_the_same_parameters_is_not_computed_again() -> None:
    trainer = new_trainer(Experiment(training=TrainingSettings(l2=0.1)))
    trainer.run(3)
    before = observe(trainer, LossRecorder(), axes=(0, 1), playing=True)

    def again(*, playing: bool = True) -> Snapshot:
        return observe(trainer, LossRecorder(), axes=(0, 1), playing=playing, previous=before)

    paused = again(playing=False)
    assert paused.trace is before.trace
    assert paused.gradients is before.gradients
    assert (paused.scores, paused.step, paused.playing) == (before.scores, 3, False)
    assert paused.plane is not None
    assert len(paused.plane.x) == STILL_SIDE, "it is finer"
    assert again().plane is before.plane

    trainer.apply(replace(trainer.experiment, training=TrainingSettings(l2=0.2)), trainer.data)
    assert again().trace is before.trace
    assert again().scores.penalty == trainer.penalty() == pytest.approx(2.0 * before.scores.penalty)


@pytest.mark.parametrize("change", ["step", "data", "layers"])
def test_of_anything_else_all_is_computed_anew(change: str) -> None:
    trainer = new_trainer(Experiment())
    trainer.run(3)
    before = observe(trainer, LossRecorder(), axes=(0, 1), playing=True)
    if change == "step":
        trainer.run(1)
    elif change == "data":
        changed = replace(trainer.experiment, data=DataSettings(seed=9))
        trainer.apply(changed, new_trainer(changed).data)
        assert trainer.parameters is before.network.parameters
    else:
        network = trainer.experiment.network
        hidden = tuple(replace(layer, dropout=0.5) for layer in network.hidden)
        trainer.apply(replace(trainer.experiment, network=replace(network, hidden=hidden)), trainer.data)
        assert trainer.parameters is before.network.parameters
    after = observe(trainer, LossRecorder(), axes=(0, 1), playing=True, previous=before)
    alone = observe(trainer, LossRecorder(), axes=(0, 1), playing=True)
    assert after.trace is not before.trace
    assert after.scores == alone.scores
    assert after.plane is not before.plane


def test_a_hasty_snapshot_of_a_large_network_has_a_coarse_plane() -> None:
    small, large = (new_trainer(with_hidden(Experiment(), *[HiddenLayer(units=each)] * 3)) for each in (8, 300))
    assert len(plane_of_hasty(small).x) == STILL_SIDE
    assert len(plane_of_hasty(large).x) == live_side(large.network) < still_side(large.network)


def plane_of_hasty(trainer: Trainer) -> Plane:
    plane = observe(trainer, LossRecorder(), axes=(0, 1), hasty=True).plane
    assert plane is not None
    return plane


def test_the_state_of_a_small_network_is_portable() -> None:
    snapshot = observe(new_trainer(Experiment()), LossRecorder(), axes=None, playing=True)
    assert snapshot.portable_state is snapshot.state is not None


def test_scores_without_a_test_set_or_classes_are_nan() -> None:
    scores = observe(new_trainer(Experiment(data=DataSettings(test_fraction=0.0))), LossRecorder(), axes=(0, 1)).scores
    assert math.isnan(scores.test_loss)
    assert math.isnan(scores.test_accuracy)
    assert scores.train_accuracy > 0.0
    scores = observe(new_trainer(Experiment(data=DataSettings(dataset="plane"))), LossRecorder(), axes=(0, 1)).scores
    assert math.isnan(scores.train_accuracy)
    assert scores.test_loss > 0.0


def test_large_sets_are_evaluated_in_part() -> None:
    trainer = new_trainer(Experiment(data=DataSettings(samples=6000)))
    snapshot = observe(trainer, LossRecorder(), axes=(0, 1))
    assert len(snapshot.trace.prediction) == len(snapshot.test_prediction) == MAX_EVALUATED


def test_the_plane_is_finer_when_paused_and_absent_for_images() -> None:
    trainer = new_trainer(Experiment())
    still = observe(trainer, LossRecorder(), axes=(0, 1)).plane
    moving = observe(trainer, LossRecorder(), axes=(0, 1), playing=True).plane
    assert still is not None
    assert moving is not None
    assert (len(still.x), len(moving.x)) == (STILL_SIDE, live_side(trainer.network))
    assert (
        observe(new_trainer(Experiment(data=DataSettings(dataset="digits"))), LossRecorder(), axes=(0, 1)).plane is None
    )


def test_urgent_work_can_run_in_between() -> None:
    calls: list[int] = []
    observe(new_trainer(Experiment()), LossRecorder(), axes=(0, 1), between=lambda: calls.append(1))
    assert calls == [1]
