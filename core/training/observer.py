"""Take a snapshot of a trainer: everything that the views show."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from core.analysis.layer_sizes import LARGE, layer_sizes
from core.analysis.plane import Plane, has_plane, live_side, plane_of, still_side
from core.data.prepared_data import PreparedData
from core.engine.evaluation import Evaluator
from core.network import Gradients, Network
from core.training.divergence import Divergence
from core.training.gradient_history import NO_HISTORY, GradientRecorder
from core.training.loss_curve import LossRecorder
from core.training.parameter_path import NO_PATH, PathRecorder
from core.training.snapshot import Snapshot, evaluate
from core.training.trainer import Trainer


def no_wait() -> None:
    """Do nothing."""


def observe(
    trainer: Trainer,
    recorder: LossRecorder,
    *,
    axes: tuple[int, int] | None,
    gradient_recorder: GradientRecorder | None = None,
    path_recorder: PathRecorder | None = None,
    generation: int = 0,
    playing: bool = False,
    steps_per_second: float = 0.0,
    divergence: Divergence | None = None,
    between: Callable[[], None] = no_wait,
) -> Snapshot:
    """Return a snapshot of ``trainer`` and record its losses.

    Args:
        trainer: the trainer; it is not changed.
        recorder: records the current losses.
        axes: the two inputs that span the plane; ``None`` leaves it out.
        gradient_recorder: records the current gradient norms.
        path_recorder: records the current parameters.
        generation: generation number of the Experiment.
        playing: whether training is running; the plane is then coarser.
        steps_per_second: the measured speed.
        divergence: why training stopped by itself, or ``None``.
        between: called between the larger parts of the work, so that more urgent work can run first.
    """
    # Read everything from the trainer before the first call of ``between``, which may take steps.
    network, data, experiment, engine = trainer.network, trainer.data, trainer.experiment, trainer.engine
    step, epoch, last_update, last_batch = trainer.step, trainer.epoch, trainer.last_update, trainer.last_batch
    masks, evaluator = trainer.last_masks, trainer.evaluator
    state = trainer.state()
    trace, gradients, test_prediction, scores = evaluate(network, data, trainer.penalty(), evaluator)
    if trainer.architecture.size > LARGE:  # the views find them ready
        for flat in (network.parameters, gradients.flat, last_update, state.drawn):
            layer_sizes(network.architecture, flat)
    recorder.record(epoch=epoch, step=step, train=scores.train_loss, test=scores.test_loss, penalty=scores.penalty)
    _record_others(gradient_recorder, path_recorder, step=step, epoch=epoch, network=network, gradients=gradients)
    between()
    return Snapshot(
        generation=generation,
        experiment=experiment,
        data=data,
        network=network,
        trace=trace,
        gradients=gradients,
        test_prediction=test_prediction,
        last_update=last_update,
        last_batch=last_batch,
        dropped=tuple(None if isinstance(mask, float) else np.asarray(mask)[-1] == 0.0 for mask in masks),
        plane=_plane(network, data, axes, evaluator, playing=playing),
        scores=scores,
        curve=recorder.curve(),
        step=step,
        epoch=epoch,
        playing=playing,
        steps_per_second=steps_per_second,
        divergence=divergence,
        engine=engine,
        gradient_history=gradient_recorder.history() if gradient_recorder is not None else NO_HISTORY,
        path=path_recorder.path() if path_recorder is not None else NO_PATH,
        state=state,
    )


def _record_others(
    gradient_recorder: GradientRecorder | None,
    path_recorder: PathRecorder | None,
    *,
    step: int,
    epoch: float,
    network: Network,
    gradients: Gradients,
) -> None:
    if gradient_recorder is not None:
        gradient_recorder.record(epoch=epoch, step=step, network=network, gradients=gradients)
    if path_recorder is not None:
        path_recorder.record(step=step, parameters=network.parameters)


def _plane(
    network: Network, data: PreparedData, axes: tuple[int, int] | None, evaluator: Evaluator, *, playing: bool
) -> Plane | None:
    """Return the network's answers over the plane of ``axes``, coarser while training; ``None`` for many inputs."""
    if axes is None:
        return None
    side = live_side(network) if playing else still_side(network)
    return plane_of(network, data, axes, side, evaluator) if has_plane(data) else None
