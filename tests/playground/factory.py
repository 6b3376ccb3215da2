"""Factories of experiments and snapshots for the view tests, without a thread."""

from __future__ import annotations

from copy import copy
from functools import lru_cache

import numpy as np
from msgspec.json import decode, encode
from msgspec.structs import replace

from core.analysis.plane import default_axes, has_plane, live_side, plane_of
from core.experiment import Experiment, HiddenLayer, NetworkSettings
from core.experiment.presets import preset
from core.training.pins.pinned_run import PinnedRun, pinned
from core.training.recorders.gradient_history import GradientRecorder
from core.training.recorders.loss_curve import LossRecorder
from core.training.recorders.parameter_path import PathRecorder
from core.training.run_history import RunHistory
from core.training.snapshot import Snapshot, evaluate
from core.training.training_run import new_trainer


def network(*units: int, **layer: object) -> Experiment:
    """Return an experiment with hidden layers of ``units`` neurons, all with the same settings."""
    return Experiment(network=NetworkSettings(hidden=tuple(HiddenLayer(units=n, **layer) for n in units)))


def snapshot_of(experiment: Experiment | None = None, steps: int = 0, *, generation: int = 0) -> Snapshot:
    """Return the snapshot the training thread would publish after ``steps`` steps; equal ones share their arrays."""
    experiment = experiment or Experiment()
    if not isinstance(experiment.data.dataset, str):  # a file may change
        return _made(experiment, steps, generation)
    # A copy, because cards compare snapshots by identity.
    return copy(_remembered(encode(experiment), steps, generation))


@lru_cache(maxsize=64)
def _remembered(encoded: bytes, steps: int, generation: int) -> Snapshot:
    return _made(decode(encoded, type=Experiment), steps, generation)


def _made(experiment: Experiment, steps: int, generation: int) -> Snapshot:
    trainer = new_trainer(experiment, engine="numpy")
    recorder, path_recorder = LossRecorder(), PathRecorder()
    path_recorder.record(step=0, parameters=trainer.parameters)
    divergence = trainer.run(steps)
    path_recorder.record(step=trainer.step, parameters=trainer.parameters)
    network = trainer.network
    trace, gradients, test_prediction, scores = evaluate(network, trainer.data, trainer.penalty(), trainer.evaluator)
    recorder.record(
        epoch=trainer.epoch, step=trainer.step, train=scores.train_loss, test=scores.test_loss, penalty=scores.penalty
    )
    gradient_recorder = GradientRecorder()
    gradient_recorder.record(epoch=trainer.epoch, step=trainer.step, network=network, gradients=gradients)
    plane = None
    if has_plane(trainer.data):
        plane = plane_of(network, trainer.data, default_axes(trainer.data), live_side(network), trainer.evaluator)
    return Snapshot(
        generation=generation,
        experiment=experiment,
        data=trainer.data,
        network=network,
        trace=trace,
        gradients=gradients,
        test_prediction=test_prediction,
        last_update=trainer.last_update,
        last_batch=trainer.last_batch,
        dropped=tuple(None if isinstance(f, float) else np.asarray(f)[-1] == 0.0 for f in trainer.last_masks),
        plane=plane,
        scores=scores,
        curve=recorder.curve(),
        step=trainer.step,
        epoch=trainer.epoch,
        playing=False,
        steps_per_second=0.0,
        divergence=divergence,
        engine=trainer.engine,
        gradient_history=gradient_recorder.history(),
        path=path_recorder.path(),
    )


def every_card_applies() -> Experiment:
    """Three classes for the confusion matrix, dropout for its truth, two hidden layers for the forecast."""
    iris = preset("iris")
    layer = replace(iris.network.hidden[0], dropout=0.2)
    return replace(iris, network=replace(iris.network, hidden=(layer, layer)))


def pinned_run(experiment: Experiment, steps: int, axes: tuple[int, int] = (0, 1)) -> PinnedRun:
    """Return a run pinned after ``steps`` steps, without a history."""
    trainer = new_trainer(experiment, engine="numpy")
    trainer.run(steps)
    return pinned(trainer, RunHistory(), axes)


def run_pinned_often(experiment: Experiment, times: int, steps: int) -> PinnedRun:
    """Return the last of ``times`` pins with ``steps`` steps from one to the next, each recorded in its history."""
    trainer, history = new_trainer(experiment, engine="numpy"), RunHistory()
    for _ in range(times):
        run = pinned(trainer, history, (0, 1))
        trainer.run(steps)
    return run
