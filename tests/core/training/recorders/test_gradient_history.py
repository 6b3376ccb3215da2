"""The gradient history: every point at first, then thinned out, in bounded memory."""

from __future__ import annotations

import numpy as np
import pytest

from core.analysis.gradient_flow import weight_gradient_norms
from core.experiment import Experiment, HiddenLayer, NetworkSettings
from core.training.observer import observe
from core.training.recorders.gradient_history import CAPACITY, NO_HISTORY, GradientRecorder
from core.training.recorders.loss_curve import LossRecorder
from tests.core.support import new_trainer


def test_a_snapshot_holds_the_norms_of_each_layer_so_far() -> None:
    trainer, losses, gradients = new_trainer(Experiment()), LossRecorder(), GradientRecorder()
    expected = []
    for _ in range(5):
        snapshot = observe(trainer, losses, axes=(0, 1), gradient_recorder=gradients)
        expected.append(weight_gradient_norms(snapshot.network, snapshot.gradients))
        trainer.run(10)
    history = snapshot.gradient_history
    np.testing.assert_array_equal(history.norms, expected)
    assert history.step.tolist() == [0, 10, 20, 30, 40]
    assert history.epoch.tolist() == pytest.approx([0.0, 0.4, 0.8, 1.2, 1.6])


def test_without_a_recorder_there_is_no_history() -> None:
    assert observe(new_trainer(Experiment()), LossRecorder(), axes=(0, 1)).gradient_history is NO_HISTORY


@pytest.mark.parametrize("moments", [CAPACITY, CAPACITY + 1, 5 * CAPACITY])
def test_memory_is_bounded_and_the_whole_run_stays_visible(moments: int) -> None:
    trainer, recorder = new_trainer(Experiment()), GradientRecorder()
    gradients = trainer.network.backward(trainer.network.forward(trainer.data.x_train), trainer.data.y_train)
    for step in range(moments):
        recorder.record(epoch=step / 25, step=step, network=trainer.network, gradients=gradients)
    history = recorder.history()
    assert CAPACITY // 2 - 1 <= len(history.step) <= CAPACITY
    assert (history.step[0], history.step[-1]) == (0, moments - 1)
    gaps = np.diff(history.step)[:-1]
    assert gaps.max() <= 3 * max(gaps.min(), 1)


def test_history_restarts_on_another_depth_and_when_cleared() -> None:
    recorder = GradientRecorder()
    for depth in (1, 3):
        trainer = new_trainer(Experiment(network=NetworkSettings(hidden=(HiddenLayer(),) * depth)))
        gradients = trainer.network.backward(trainer.network.forward(trainer.data.x_train), trainer.data.y_train)
        for step in (1, 2):
            recorder.record(epoch=0.0, step=step + depth, network=trainer.network, gradients=gradients)
        assert recorder.history().norms.shape == (2, depth + 1)
    before = recorder.history()
    recorder.clear()
    assert recorder.history() is NO_HISTORY
    assert len(before.step) == 2
