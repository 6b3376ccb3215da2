"""Train a lesson's network without a window: apply changes, train, and take snapshots as the window does."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Final

import numpy as np
from msgspec.structs import replace

from core.data.loading import load
from core.data.prepared_data import PreparedData, prepare
from core.data.settings import DataSettings
from core.engine.cost import cost_of
from core.engine.engine_choice import EngineChoice
from core.experiment import Experiment
from core.experiment.fitting import kind_of
from core.experiment.resolution import resolve
from core.lessons.blocks import Change, Solution
from core.lessons.changes import apply_change
from core.lessons.durations import Duration
from core.training.divergence import Divergence
from core.training.observer import observe
from core.training.recorders.loss_curve import LossRecorder, next_landmark
from core.training.recorders.parameter_path import PathRecorder
from core.training.snapshot import Snapshot
from core.training.trainer import Trainer

Advance = Callable[[int, int], None]
"""Called periodically with (steps done, steps in total)."""

STEPS_PER_SECOND: Final = 500
"""Default training speed of the window, to convert seconds to steps."""

OBSERVATIONS: Final = 40
"""Number of intermediate snapshots taken during training, besides the final one."""


class LessonTrainer:
    """Trains the network of one lesson.

    Attributes:
        experiment: the current settings.
        snapshot: the current state.

    Args:
        experiment: the settings to start with.
        engine: the engine that computes the steps.
    """

    def __init__(self, experiment: Experiment, engine: EngineChoice = "auto") -> None:
        self.experiment = experiment
        self._trainer = Trainer(experiment, _prepare_data(experiment), engine)
        self._losses, self._path = LossRecorder(), PathRecorder()
        self._divergence: Divergence | None = None
        self.snapshot = self._observe()

    def apply(self, change: Change) -> Snapshot:
        """Apply ``change`` as the window does, and return the state after it.

        Raises:
            LessonError: the change does not fit the current settings.
            ExperimentError: the settings contradict the data.
        """
        new = apply_change(self.experiment, change)
        old, before = self.experiment, self._trainer.step
        same = new.data == old.data and _target_coding(new) == _target_coding(old)
        self._trainer.apply(new, self._trainer.data if same else _prepare_data(new))
        self.experiment = new
        if change.restart:
            self._trainer.reset()
        if self._trainer.step < before or change.restart:
            self._losses, self._path = LossRecorder(), PathRecorder()
        self._divergence = None
        self.snapshot = self._observe()
        return self.snapshot

    def step_count(self, solution: Solution) -> int:
        """Return how many steps ``solution`` trains for."""
        return solution.steps or self._trainer.steps_per_epoch * solution.epochs

    def seconds(self, steps: int) -> float:
        """Return the estimated duration of ``steps`` steps in seconds."""
        batch = self.experiment.training.batch_size
        return steps * cost_of(self._trainer.architecture, len(self._trainer.data.x_train), batch).step_seconds

    def steps_in(self, duration: Duration) -> int:
        """Return the number of steps in ``duration``, at the default speed if it is in seconds."""
        factors = {"s": STEPS_PER_SECOND, "epochs": self._trainer.steps_per_epoch, "steps": 1}
        return round(duration.amount * factors[duration.unit])

    def epochs(self, steps: int) -> float:
        """Convert ``steps`` to epochs."""
        return steps / self._trainer.steps_per_epoch

    def train(self, steps: int, on_snapshot: Callable[[Snapshot], object], advance: Advance | None = None) -> Snapshot:
        """Train for ``steps`` steps, or until training diverges, and return the state after it.

        Args:
            steps: number of steps.
            on_snapshot: called with intermediate snapshots and the final one; returning ``True`` ends training early.
            advance: called to show progress.
        """
        done, next_observation = 0, 0.0
        while done < steps and self._divergence is None:
            count = min(next_landmark(self._trainer.step) - self._trainer.step, steps - done)
            before = self._trainer.step
            self._divergence = self._trainer.run(count)
            done += self._trainer.step - before
            self.snapshot = self._observe()
            if done >= next_observation and done < steps and self._divergence is None:
                if on_snapshot(self.snapshot) is True:
                    return self.snapshot
                next_observation += steps / OBSERVATIONS
            if advance is not None:
                advance(done, steps)
        on_snapshot(self.snapshot)
        return self.snapshot

    def stays_true(self, steps: int, holds: Callable[[Snapshot], bool]) -> bool:
        """Return whether ``holds`` is true in every snapshot of ``steps`` more steps, which are then undone."""
        state, losses, path = self._trainer.state(), copy.deepcopy(self._losses), self._path.path()
        before, divergence, answers = self.snapshot, self._divergence, list[bool]()
        self.train(steps, lambda snapshot: answers.append(holds(snapshot)))
        self._trainer.restore(state)
        self._losses, self._path = losses, PathRecorder()
        self._path.resume(path)
        self.snapshot, self._divergence = before, divergence
        return all(answers)

    def _observe(self) -> Snapshot:
        with np.errstate(all="ignore"):
            return observe(
                self._trainer, self._losses, axes=None, path_recorder=self._path, divergence=self._divergence
            )


def with_seed(experiment: Experiment, seed: int) -> Experiment:
    """Return ``experiment`` with ``seed`` for data, network and training."""
    return replace(
        experiment,
        data=replace(experiment.data, seed=seed),
        network=replace(experiment.network, seed=seed),
        training=replace(experiment.training, seed=seed),
    )


def _target_coding(experiment: Experiment) -> str:
    kind = kind_of(experiment.data.dataset)
    return "" if kind is None else resolve(experiment, *kind).coding


def _prepare_data(experiment: Experiment) -> PreparedData:
    settings: DataSettings = experiment.data
    raw = load(settings)
    return prepare(raw, settings, resolve(experiment, raw.task, raw.classes).coding)
