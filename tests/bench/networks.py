"""The six benchmark networks, with the same data, weights and order of samples for every engine."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.arrays import Floats, Integers
from core.data.loading import load
from core.data.prepared_data import PreparedData, prepare
from core.experiment import DataSettings, Experiment, HiddenLayer, NetworkSettings, TrainingSettings
from core.experiment.resolution import resolve
from core.network.architecture import Architecture
from core.network.parameters import initial_parameters
from core.training.trainer import Trainer

LEARNING_RATE = 0.03


@dataclass(frozen=True)
class Case:
    """One benchmark: plain SGD on ½ Σ(ŷ − y)² with tanh in every layer, float64."""

    name: str
    hidden: tuple[int, ...]
    batch: int
    dataset: str = "circle"

    @property
    def experiment(self) -> Experiment:
        """The equivalent Experiment, without shuffling, so that every engine uses the same batches."""
        return Experiment(
            data=DataSettings(dataset=self.dataset, samples=640),
            network=NetworkSettings(
                hidden=tuple(HiddenLayer(units=units) for units in self.hidden), output_activation="tanh"
            ),
            training=TrainingSettings(
                loss="squared_error", learning_rate=LEARNING_RATE, batch_size=self.batch, shuffle=False
            ),
        )


CASES = (
    Case("2-4-2-1", (4, 2), 10),
    Case("2-8-8-1", (8, 8), 1),
    Case("2-(8×6)-1", (8,) * 6, 10),
    Case("2-64-64-64-1", (64,) * 3, 32),
    Case("2-(16×20)-1", (16,) * 20, 32),
    Case("digits 64-128-10", (128,), 32, "digits"),
)


@dataclass(frozen=True)
class Work:
    """The input of an engine: a case, its data in whole batches, and the initial parameters."""

    case: Case
    data: PreparedData
    architecture: Architecture

    @classmethod
    def of(cls, case: Case) -> Work:
        experiment = case.experiment
        raw = load(experiment.data, folder=None)
        data = prepare(raw, experiment.data, resolve(experiment, raw.task, raw.classes).coding)
        return cls(case, data, Trainer(experiment, data).architecture)

    @property
    def widths(self) -> tuple[int, ...]:
        return (self.architecture.inputs, *(layer.fan_out for layer in self.architecture.layers))

    @property
    def samples(self) -> int:
        return len(self.data.x_train) // self.case.batch * self.case.batch

    @property
    def x(self) -> Floats:
        return np.ascontiguousarray(self.data.x_train[: self.samples])

    @property
    def y(self) -> Floats:
        return np.ascontiguousarray(self.data.y_train[: self.samples])

    @property
    def order(self) -> Integers:
        return np.arange(self.samples)

    @property
    def matrices(self) -> list[tuple[Floats, Floats]]:
        """Initial (W, b) of each layer."""
        flat = initial_parameters(self.architecture, 1)
        count = len(self.architecture.layers)
        return [
            (self.architecture.weights(flat, i).copy(), self.architecture.bias(flat, i).copy()) for i in range(count)
        ]
