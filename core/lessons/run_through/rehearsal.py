"""A headless run to which a lesson's changes are applied, observed as in the window."""

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
from core.lessons.changes import changed
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
"""The speed at which the window trains by default, for times in seconds."""

LOOKS: Final = 40
"""Number of intermediate states observed during training, besides the final one."""


class Rehearsal:
    """One run: apply changes, train, observe.

    Attributes:
        experiment: the present settings.
        snapshot: the present state.

    Args:
        experiment: the settings to start with.
        engine: the engine that computes the steps.
    """

    def __init__(self, experiment: Experiment, engine: EngineChoice = "auto") -> None:
        self.experiment = experiment
        self._trainer = Trainer(experiment, _prepared(experiment), engine)
        self._losses, self._path = LossRecorder(), PathRecorder()
        self._divergence: Divergence | None = None
        self.snapshot = self._observed()

    def apply(self, change: Change) -> Snapshot:
        """Apply ``change`` as the window does, and return the state after it.

        Raises:
            LessonError: the change does not fit the present settings.
            ExperimentError: the settings contradict the data.
        """
        new = changed(self.experiment, change)
        old, before = self.experiment, self._trainer.step
        same = new.data == old.data and _coding(new) == _coding(old)
        self._trainer.apply(new, self._trainer.data if same else _prepared(new))
        self.experiment = new
        if change.restart:
            self._trainer.reset()
        if self._trainer.step < before or change.restart:
            self._losses, self._path = LossRecorder(), PathRecorder()
        self._divergence = None
        self.snapshot = self._observed()
        return self.snapshot

    def length(self, solution: Solution) -> int:
        """Return the number of steps in the training of ``solution``."""
        return solution.steps or self._trainer.steps_per_epoch * solution.epochs

    def seconds(self, steps: int) -> float:
        """Return about how long ``steps`` steps take."""
        batch = self.experiment.training.batch_size
        return steps * cost_of(self._trainer.architecture, len(self._trainer.data.x_train), batch).step_seconds

    def steps_in(self, duration: Duration) -> int:
        """Return the number of steps in ``duration``, at the default speed if it is in seconds."""
        factors = {"s": STEPS_PER_SECOND, "epochs": self._trainer.steps_per_epoch, "steps": 1}
        return round(duration.amount * factors[duration.unit])

    def epochs(self, steps: int) -> float:
        """Return the number of epochs in ``steps`` steps."""
        return steps / self._trainer.steps_per_epoch

    def train(self, steps: int, look: Callable[[Snapshot], object], advance: Advance | None = None) -> Snapshot:
        """Train for ``steps`` steps, or until training diverges, and return the state after it.

        Args:
            steps: number of steps.
            look: called with intermediate states and the final one; training ends early if it returns ``True``.
            advance: called to show progress.
        """
        done, next_look = 0, 0.0
        while done < steps and self._divergence is None:
            count = min(next_landmark(self._trainer.step) - self._trainer.step, steps - done)
            before = self._trainer.step
            self._divergence = self._trainer.run(count)
            done += self._trainer.step - before
            self.snapshot = self._observed()
            if done >= next_look and done < steps and self._divergence is None:
                if look(self.snapshot) is True:
                    return self.snapshot
                next_look += steps / LOOKS
            if advance is not None:
                advance(done, steps)
        look(self.snapshot)
        return self.snapshot

    def stays(self, steps: int, holds: Callable[[Snapshot], bool]) -> bool:
        """Return whether ``holds`` is true at every check during ``steps`` more steps, which are then undone."""
        state, losses, path = self._trainer.state(), copy.deepcopy(self._losses), self._path.path()
        snapshot, divergence, answers = self.snapshot, self._divergence, list[bool]()
        self.train(steps, lambda seen: answers.append(holds(seen)))
        self._trainer.restore(state)
        self._losses, self._path = losses, PathRecorder()
        self._path.resume(path)
        self.snapshot, self._divergence = snapshot, divergence
        return all(answers)

    def _observed(self) -> Snapshot:
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


def _coding(experiment: Experiment) -> str:
    kind = kind_of(experiment.data.dataset)
    return "" if kind is None else resolve(experiment, *kind).coding


def _prepared(experiment: Experiment) -> PreparedData:
    settings: DataSettings = experiment.data
    raw = load(settings)
    return prepare(raw, settings, resolve(experiment, raw.task, raw.classes).coding)
