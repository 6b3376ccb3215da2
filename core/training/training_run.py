"""Headless runs: train an Experiment for some epochs or steps and record the losses at every whole epoch."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Final, TypeAlias

import numpy as np
from msgspec import Struct

from core.arrays import Floats
from core.data.loading import load
from core.data.prepared_data import PreparedData, prepare
from core.engine.cost import cost_of
from core.engine.engine_choice import EngineChoice
from core.errors import ExperimentError
from core.experiment import Experiment
from core.experiment.resolution import resolve
from core.formulas.metrics import accuracy
from core.network import Network
from core.training.divergence import Divergence
from core.training.trainer import Trainer

Advance: TypeAlias = Callable[[int, int], None]
"""Progress callback: called periodically with (steps done, steps in total)."""

AtEpoch: TypeAlias = Callable[[float, float, float], None]
"""Epoch callback: called with (train loss, test loss, seconds spent on steps) at epoch 0, 1, …."""

MAX_STEPS_PER_CALL: Final = 500
"""Maximum number of steps between two progress callbacks."""

SECONDS_PER_CALL: Final = 0.5
"""Target interval of progress reports, so that large networks take fewer steps between them."""


class TrainingRun(Struct, frozen=True, kw_only=True):
    """The result of a run.

    Attributes:
        experiment: the settings.
        data: the samples as the network sees them.
        initial: the network before the first step.
        final: the network after the last one.
        engine: the engine that computed the steps, ``numpy`` or ``compiled``.
        steps: updates made.
        epochs: passes through the training set, fractional if the run ended inside one.
        seconds: time spent on the steps, excluding the losses.
        train_losses: mean loss over the training set at epoch 0, 1, …, penalty excluded.
        test_losses: the same over the test set; NaN without one.
        final_train_loss: the same after the last step.
        final_test_loss: the same after the last step.
        divergence: why the run ended early, or ``None``.
    """

    experiment: Experiment
    data: PreparedData
    initial: Network
    final: Network
    engine: str
    steps: int
    epochs: float
    seconds: float
    train_losses: tuple[float, ...]
    test_losses: tuple[float, ...]
    final_train_loss: float
    final_test_loss: float
    divergence: Divergence | None

    @property
    def test_accuracy(self) -> float:
        """Share of correctly classified test samples at the end; NaN for regression or without a test set."""
        return accuracy_of(self.final, self.data.x_test, self.data.y_test, self.data)


def new_trainer(experiment: Experiment, folder: Path | None = None, engine: EngineChoice = "auto") -> Trainer:
    """Return a trainer at step 0 of ``experiment``.

    Args:
        experiment: the settings.
        folder: base folder of a table's relative path.
        engine: the engine to use; ``auto`` selects the better one for the shape.

    Raises:
        ExperimentError: the settings contradict each other or the data.
        TableError: the user's table cannot be used.
        EngineError: the engine cannot run here.
    """
    raw = load(experiment.data, folder=folder)
    coding = resolve(experiment, raw.task, raw.classes).coding
    return Trainer(experiment, prepare(raw, experiment.data, coding), engine)


def _steps_per_call(trainer: Trainer) -> int:
    """Return how many steps to take between two reports of progress."""
    cost = cost_of(trainer.architecture, len(trainer.data.x_train), trainer.experiment.training.batch_size)
    return min(MAX_STEPS_PER_CALL, max(1, int(SECONDS_PER_CALL / cost.step_seconds)))


def train(
    trainer: Trainer,
    *,
    epochs: int | None = None,
    steps: int | None = None,
    advance: Advance | None = None,
    at_epoch: AtEpoch | None = None,
) -> TrainingRun:
    """Train ``trainer`` for ``epochs`` epochs or ``steps`` steps from its current state and return the result.

    Losses are computed at the start and after every whole epoch; with ``steps`` the run may end inside an epoch, whose
    losses are then only in ``final_train_loss`` and ``final_test_loss``. Divergence ends the run early.

    Args:
        trainer: the trainer.
        epochs: length of the run in epochs.
        steps: length of the run in steps.
        advance: called periodically, to show progress.
        at_epoch: called at the start and after every whole epoch, with the losses.

    Raises:
        ValueError: both or neither of ``epochs`` and ``steps`` is given.
        ExperimentError: points are missing.
    """
    if trainer.data.missing:
        raise ExperimentError("$.data.dataset.points", trainer.data.missing)
    if (epochs is None) == (steps is None):
        raise ValueError("give either epochs or steps")
    initial = trainer.network
    total = _steps_in(trainer, epochs) if epochs is not None else steps or 0
    losses = _Losses(trainer, at_epoch)
    losses.take(0.0)
    done, seconds, divergence = 0, 0.0, None
    steps_per_call = _steps_per_call(trainer)
    while done < total and divergence is None:
        count = min(trainer.steps_to_epoch_end, total - done, steps_per_call)
        before = trainer.step
        started = time.perf_counter()
        divergence = trainer.run(count)
        seconds += time.perf_counter() - started
        done += trainer.step - before
        if divergence is None and trainer.at_epoch_end:
            losses.take(seconds)
        if advance is not None:
            advance(done, total)
    final_train_loss, final_test_loss = set_losses(trainer.network, trainer.data)
    return TrainingRun(
        experiment=trainer.experiment,
        data=trainer.data,
        initial=initial,
        final=trainer.network,
        engine=trainer.engine,
        steps=trainer.step,
        epochs=trainer.epoch,
        seconds=seconds,
        train_losses=tuple(losses.train),
        test_losses=tuple(losses.test),
        final_train_loss=final_train_loss,
        final_test_loss=final_test_loss,
        divergence=divergence,
    )


class _Losses:
    """Records the losses of a run at its start and after every whole epoch."""

    def __init__(self, trainer: Trainer, taken: AtEpoch | None) -> None:
        self._trainer, self._taken = trainer, taken
        self.train: list[float] = []
        self.test: list[float] = []

    def take(self, seconds: float) -> None:
        """Record the losses of the current network after ``seconds`` of training."""
        train_loss, test_loss = set_losses(self._trainer.network, self._trainer.data)
        self.train.append(train_loss)
        self.test.append(test_loss)
        if self._taken is not None:
            self._taken(train_loss, test_loss, seconds)


def _steps_in(trainer: Trainer, epochs: int) -> int:
    """Return the number of steps in ``epochs`` epochs; completing the current epoch counts as one."""
    return trainer.steps_to_epoch_end + (epochs - 1) * trainer.steps_per_epoch if epochs else 0


def set_losses(network: Network, data: PreparedData) -> tuple[float, float]:
    """Return the mean loss over the whole training set and over the whole test set (NaN without one)."""
    return _mean_loss(network, data.x_train, data.y_train), _mean_loss(network, data.x_test, data.y_test)


def accuracy_of(network: Network, X: Floats, Y: Floats, data: PreparedData) -> float:
    """Return the share of correctly classified samples; NaN for regression or without samples."""
    if data.coding == "value" or not len(Y):
        return float("nan")
    with np.errstate(over="ignore", invalid="ignore"):
        return accuracy(network.predict(X), Y, data.coding)


def _mean_loss(network: Network, X: Floats, Y: Floats) -> float:
    if not len(X):
        return float("nan")
    with np.errstate(over="ignore", invalid="ignore"):
        return float(np.mean(network.loss(network.forward(X), Y)))
