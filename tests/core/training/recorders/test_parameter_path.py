"""The path of the parameters: exact points including the first and the last, in bounded memory."""

from __future__ import annotations

import numpy as np
import pytest

from core.experiment import Experiment
from core.training.observer import observe
from core.training.recorders.loss_curve import LossRecorder
from core.training.recorders.parameter_path import MAX_NUMBERS, MAX_POINTS, NO_PATH, PathRecorder
from core.training.training_run import new_trainer


def test_the_path_holds_the_parameters_of_its_steps() -> None:
    trainer, recorder = new_trainer(Experiment(), engine="numpy"), PathRecorder()
    visited = {}
    for _ in range(30):
        recorder.record(step=trainer.step, parameters=trainer.parameters)
        visited[trainer.step] = trainer.parameters.copy()
        trainer.run(7)
    path = recorder.path()
    assert path.steps.tolist() == list(visited)
    for step, point in zip(path.steps.tolist(), path.points, strict=True):
        np.testing.assert_array_equal(point, visited[step])


@pytest.mark.parametrize(("size", "most"), [(3, MAX_POINTS), (MAX_NUMBERS // 10, 10), (MAX_NUMBERS, 3)])
def test_memory_is_bounded_and_both_ends_are_kept(size: int, most: int) -> None:
    recorder = PathRecorder()
    point = np.zeros(size)
    for step in range(0, 5000, 5):
        recorder.record(step=step, parameters=point)
        path = recorder.path()
        assert len(path.points) == len(path.steps) <= most
        assert (path.steps[0], path.steps[-1]) == (0, step)
        assert (np.diff(path.steps) > 0).all()
    if most > 10:
        gaps = np.diff(path.steps)[:-1]
        assert gaps.max() <= 4 * gaps.min(), "old and new points are about equally dense"


def test_the_same_step_replaces_its_point_and_another_size_restarts() -> None:
    recorder = PathRecorder()
    recorder.record(step=0, parameters=np.zeros(2))
    recorder.record(step=4, parameters=np.ones(2))
    recorder.record(step=4, parameters=np.full(2, 5.0))
    assert [point.tolist() for point in recorder.path().points] == [[0.0, 0.0], [5.0, 5.0]]
    recorder.record(step=9, parameters=np.ones(3))
    assert recorder.path().steps.tolist() == [9]
    recorder.clear()
    assert recorder.path() is NO_PATH


def test_a_rolled_back_run_discards_the_later_points() -> None:
    recorder = PathRecorder()
    for step in (0, 10, 20, 30, 15):
        recorder.record(step=step, parameters=np.full(3, float(step)))
    path = recorder.path()
    assert path.steps.tolist() == [0, 10, 15]
    assert [point[0] for point in path.points] == [0.0, 10.0, 15.0]


def test_a_snapshot_holds_the_path() -> None:
    trainer, recorder = new_trainer(Experiment(), engine="numpy"), PathRecorder()
    for _ in range(3):
        snapshot = observe(trainer, LossRecorder(), axes=(0, 1), path_recorder=recorder)
        trainer.run(10)
    assert snapshot.path.steps.tolist() == [0, 10, 20]
    assert snapshot.path.points[-1] is snapshot.network.parameters
    assert observe(trainer, LossRecorder(), axes=(0, 1)).path is NO_PATH
