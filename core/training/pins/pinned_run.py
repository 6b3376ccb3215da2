"""A run frozen at one moment, with everything needed to draw it and to resume it exactly."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from core.analysis.plane import default_axes
from core.arrays import Floats
from core.data.loading import load
from core.data.prepared_data import PreparedData, prepare
from core.experiment import Experiment
from core.experiment.resolution import resolve
from core.training.observer import observe
from core.training.recorders.gradient_history import GradientHistory
from core.training.recorders.loss_curve import LossCurve, Mark
from core.training.recorders.parameter_path import ParameterPath, thinned
from core.training.run_history import RunHistory
from core.training.snapshot import Snapshot
from core.training.trainer import Trainer
from core.training.training_state import TrainingState

MAX_PINS: Final = 6
"""Maximum number of pinned runs."""

MAX_PATH_NUMBERS: Final = 500_000
"""Maximum total size of the points of a pinned path (4 MB); a large network has fewer points."""


class PinnedRun(Struct, frozen=True, eq=False):
    """One moment of a run.

    Attributes:
        snapshot: its snapshot, including the histories so far.
        state: the training state, from which training can resume.
    """

    snapshot: Snapshot
    state: TrainingState

    @property
    def experiment(self) -> Experiment:
        """The settings of the run."""
        return self.state.experiment

    @property
    def size(self) -> int:
        """Size of its arrays in bytes, without the data, which it may share with other runs."""
        snapshot = self.snapshot
        arrays: list[Any] = [*self.state.arrays, *snapshot.path.points, snapshot.gradient_history.norms]
        arrays += [*snapshot.trace.pre_activations, *snapshot.trace.activations, *snapshot.gradients.deltas]
        if snapshot.plane is not None:
            arrays += [snapshot.plane.features, *snapshot.plane.activations]
        return sum(array.nbytes for array in arrays)


def pinned(trainer: Trainer, history: RunHistory, axes: tuple[int, int], *, coarse: bool = True) -> PinnedRun:
    """Return the current moment of the run of ``trainer``, which is not modified.

    Args:
        trainer: the trainer.
        history: its loss curve, gradient norms and path, to which the current values are added.
        axes: the two inputs that span the plane.
        coarse: whether the plane is coarser, to save memory.
    """
    snapshot = observe(
        trainer,
        history.recorder,
        axes=axes,
        gradient_recorder=history.gradients,
        path_recorder=history.path,
        playing=coarse,
    )
    return PinnedRun(
        replace(snapshot, playing=False, path=thinned(snapshot.path, MAX_PATH_NUMBERS), state=None),
        trainer.state(),
    )


class StoredRun(Struct, frozen=True, eq=False):
    """The part of a pinned run that is stored in a file; the rest is recomputed.

    Attributes:
        state: the training state.
        curve: (n, 6): step, epoch, training loss, test loss, penalty, seconds.
        marks: (epoch, step, text) of each change of settings.
        gradients: (n, 2 + layers): step, epoch, norms.
        steps: (T,), updates made at each point of the path.
        path: (T, P).
    """

    state: TrainingState
    curve: Floats
    marks: tuple[tuple[float, float, str], ...]
    gradients: Floats
    steps: Floats
    path: Floats

    @classmethod
    def of(cls, run: PinnedRun) -> StoredRun:
        """Return the part of ``run`` to store."""
        snapshot = run.snapshot
        return cls.with_records(run.state, snapshot.curve, snapshot.gradient_history, snapshot.path)

    @classmethod
    def with_records(
        cls, state: TrainingState, curve: LossCurve, history: GradientHistory, path: ParameterPath
    ) -> StoredRun:
        """Return the run in ``state`` with what was recorded of it."""
        nothing = np.zeros(len(curve.step))
        penalty = nothing if curve.penalty is None else curve.penalty
        seconds = nothing if curve.seconds is None else curve.seconds
        return cls(
            state,
            np.column_stack([curve.step, curve.epoch, curve.train, curve.test, penalty, seconds]),
            tuple((mark.epoch, mark.step, mark.text) for mark in curve.marks),
            np.column_stack([history.step, history.epoch, history.norms]),
            path.steps.astype(np.float64),
            np.array(path.points).reshape(len(path.points), len(state.parameters)),
        )

    def restored(self, data: PreparedData, *, coarse: bool = True) -> PinnedRun:
        """Return the pinned run, evaluated on ``data``, by default on a coarser plane, to save memory.

        Raises:
            PlaygroundError: the state does not fit the data.
        """
        trainer = Trainer(self.state.experiment, data)
        trainer.restore(self.state)
        return pinned(trainer, self.history(), default_axes(data), coarse=coarse)

    def history(self) -> RunHistory:
        """Return the history, to be continued."""
        history = RunHistory()
        step, epoch, train, test, penalty, seconds = np.ascontiguousarray(self.curve.T)
        marks = tuple(Mark(*mark) for mark in self.marks)
        history.recorder.resume(LossCurve(epoch, step, train, test, penalty, marks, seconds))
        norms = self.gradients
        history.gradients.resume(GradientHistory(norms[:, 1], norms[:, 0], norms[:, 2:]))
        history.path.resume(ParameterPath(self.steps.astype(np.int64), tuple(self.path)))
        return history


def data_for(experiment: Experiment, folder: Path | None = None) -> PreparedData:
    """Return the data of ``experiment``.

    Raises:
        PlaygroundError: the data cannot be loaded.
    """
    raw = load(experiment.data, folder=folder)
    return prepare(raw, experiment.data, resolve(experiment, raw.task, raw.classes).coding)
