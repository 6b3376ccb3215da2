"""Take a snapshot of a trainer: everything that the views show."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from msgspec.structs import replace

from core.analysis.layer_sizes import LARGE, layer_sizes
from core.analysis.plane import Plane, has_plane, live_side, plane_of, still_side, takes_long
from core.arrays import Floats
from core.data.prepared_data import PreparedData
from core.engine.evaluation import Evaluator
from core.network import Gradients, Network, Trace
from core.training.divergence import Divergence
from core.training.recorders.gradient_history import NO_HISTORY, GradientRecorder
from core.training.recorders.loss_curve import LossRecorder
from core.training.recorders.parameter_path import NO_PATH, PathRecorder
from core.training.snapshot import Scores, Snapshot, evaluate
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
    previous: Snapshot | None = None,
    hasty: bool = False,
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
        previous: an earlier snapshot; what it shows of the same parameters is not computed again.
        hasty: whether to compute the coarser plane of a running training if the fine one takes long.
    """
    # Read everything from the trainer before the first call of ``between``, which may take steps.
    network, data, experiment, engine = trainer.network, trainer.data, trainer.experiment, trainer.engine
    step, epoch, last_update, last_batch = trainer.step, trainer.epoch, trainer.last_update, trainer.last_batch
    masks, evaluator = trainer.last_masks, trainer.evaluator
    state, coarse = trainer.state(), playing or (hasty and takes_long(network))
    known = previous if previous is not None and _shows(previous, network, data, engine) else None
    trace, gradients, test_prediction, scores = _evaluated(network, data, trainer.penalty(), evaluator, known)
    if trainer.architecture.size > LARGE:  # so that the views need not compute them
        for flat in (network.parameters, gradients.flat, state.drawn):
            layer_sizes(network.architecture, flat)
    recorder.record(epoch=epoch, step=step, train=scores.train_loss, test=scores.test_loss, penalty=scores.penalty)
    _record_others(gradient_recorder, path_recorder, step=step, epoch=epoch, network=network, gradients=gradients)
    between()
    return Snapshot(
        generation=generation, experiment=experiment, data=data, network=network, trace=trace, gradients=gradients,
        test_prediction=test_prediction, last_update=last_update, last_batch=last_batch,
        dropped=tuple(None if isinstance(mask, float) else np.asarray(mask)[-1] == 0.0 for mask in masks),
        plane=_plane(network, data, axes, evaluator, None if known is None else known.plane, coarse=coarse),
        scores=scores, curve=recorder.curve(), step=step, epoch=epoch, playing=playing,
        steps_per_second=steps_per_second, divergence=divergence, engine=engine,
        gradient_history=gradient_recorder.history() if gradient_recorder is not None else NO_HISTORY,
        path=path_recorder.path() if path_recorder is not None else NO_PATH,
        state=state,
    )  # fmt: skip


def _evaluated(
    network: Network, data: PreparedData, penalty: float, evaluator: Evaluator, known: Snapshot | None
) -> tuple[Trace, Gradients, Floats, Scores]:
    """Evaluate ``network``, or take from ``known``, which shows the same parameters, what does not depend on the penalty."""
    if known is None:
        return evaluate(network, data, penalty, evaluator)
    return known.trace, known.gradients, known.test_prediction, replace(known.scores, penalty=penalty)


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


def _shows(snapshot: Snapshot, network: Network, data: PreparedData, engine: str) -> bool:
    """Return whether ``snapshot`` was evaluated for the same network on the same data by the same engine."""
    return (
        snapshot.network.parameters is network.parameters
        and snapshot.data is data
        and snapshot.engine == engine
        and snapshot.network.architecture == network.architecture
    )


def _plane(
    network: Network,
    data: PreparedData,
    axes: tuple[int, int] | None,
    evaluator: Evaluator,
    known: Plane | None,
    *,
    coarse: bool,
) -> Plane | None:
    """Return the network's answers over the plane of ``axes``, or those ``known``; ``None`` for many inputs."""
    if axes is None or not has_plane(data):
        return None
    side = live_side(network) if coarse else still_side(network)
    if known is not None and known.axes == axes and len(known.x) == side:
        return known
    return plane_of(network, data, axes, side, evaluator)
