"""Experiments for each rule of the diagnosis, healthy experiments, and their examination during training."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from core.analysis.diagnosis import Case, Cure, examine
from core.analysis.diagnosis.finding import Finding
from core.data.settings import TableSource
from core.experiment import DataSettings, Experiment, HiddenLayer, NetworkSettings, TrainingSettings
from core.experiment.experiment_file import checked
from core.experiment.presets import preset
from core.training.diagnosis_case import case_of
from core.training.divergence import Divergence
from core.training.observer import observe
from core.training.recorders.loss_curve import LossRecorder
from core.training.snapshot import Snapshot
from tests.core.support import data_of, new_trainer


def network(*hidden: HiddenLayer, data: Any = None, output: Any = None, **training: Any) -> Experiment:
    return Experiment(
        data=DataSettings(**(data or {"standardize": True})),
        network=NetworkSettings(hidden=hidden, **(output or {})),
        training=TrainingSettings(**training),
    )


def layers(count: int, units: int = 4, **settings: Any) -> tuple[HiddenLayer, ...]:
    return (HiddenLayer(units=units, **settings),) * count


def relu(count: int, units: int = 8) -> tuple[HiddenLayer, ...]:
    return layers(count, units, activation="relu", initializer="he_normal")


def table_of_large_numbers(folder: Path) -> Experiment:
    """Return an experiment on a table whose first column counts in thousands, saved in ``folder``."""
    rng = np.random.default_rng(0)
    x = np.column_stack([rng.normal(4000.0, 900.0, 200), rng.normal(0.0, 1.0, 200)])
    labels = np.where((x[:, 0] - 4000.0) / 900.0 + x[:, 1] > 0.0, "high", "low")
    path = folder / "large.csv"
    rows = [f"{a:.2f},{b:.4f},{label}" for (a, b), label in zip(x, labels, strict=True)]
    path.write_text("\n".join(["income,change,class", *rows]))
    source = TableSource(csv=str(path), target="class")
    return network(*layers(2), data={"dataset": source, "standardize": False}, learning_rate=0.01)


FAST = network(
    *layers(2, activation="leaky_relu", initializer="he_normal"), data={"dataset": "sine"}, learning_rate=5.0
)
WIDE = network(
    *layers(16, 32, gain=5.0, initializer="xavier_normal"),
    optimizer="adam",
    learning_rate=0.001,
    data={"standardize": True, "samples": 60},
)
SMALL_DATA = {"dataset": "moons", "samples": 40, "noise": 0.5}

ILL: dict[str, tuple[Experiment, int]] = {
    "diverged": (FAST, 3),
    "clones": (network(*layers(2, initializer="constant"), output={"output_initializer": "constant"}), 40),
    "saturated": (network(*layers(2, 8, gain=30.0)), 20),
    "dead": (network(*relu(3, 3), output={"seed": 4}, learning_rate=0.1), 10),
    "threshold": (network(*layers(2, 8, activation="threshold"), learning_rate=0.3), 20),
    "too_large": (network(*layers(2), batch_size=0, learning_rate=30.0, data={"samples": 500}), 0),
    "too_small": (network(*layers(2), learning_rate=1e-5), 20),
    "vanishing": (preset("vanishing-gradient"), 20),
    "exploding": (WIDE, 0),
    "penalty": (network(*layers(2), l2=0.5), 20),
    "overfitting": (network(*relu(2, 32), data=SMALL_DATA, optimizer="adam", learning_rate=0.01), 150),
    "learned": (preset("plane"), 60),
}
"""For each rule an experiment, and the number of epochs before the examination; ``unscaled`` needs a table."""

HEALTHY: dict[str, Experiment] = {
    **{
        name: preset(name)
        for name in ("default", "gauss", "iris", "moons", "plane", "sine", "spiral", "student-day", "xor")
    },
    "gauss-bumps": preset("gauss-bumps"),
    "relu": network(*relu(3)),
    "sigmoid": network(*layers(2, 8, activation="sigmoid")),
    "full batch": network(*layers(2), batch_size=0, learning_rate=1.0, data={}),
    "weak penalty": network(*layers(2), l2=0.003, data={}),
    "momentum": network(*layers(2), optimizer="momentum", momentum=0.9, learning_rate=0.01),
    "linear": network(data={"dataset": "plane"}),
    "noisy": network(*layers(2, 8), data={"dataset": "gauss", "noise": 0.5, "samples": 2000}),
    "dropout": network(*layers(2, 8, dropout=0.2)),
}


class Patient:
    """An experiment that is examined several times during training."""

    def __init__(self, experiment: Experiment) -> None:
        # As in the window, the compiled engine trains, which takes a tenth of the time.
        self.trainer, self._recorder = new_trainer(experiment, engine="auto"), LossRecorder()
        self._divergence: Divergence | None = None
        self._axes = (0, min(1, self.trainer.data.positions_train.shape[1] - 1))
        self._observed()

    def after(self, epochs: int) -> Case:
        """Train up to ``epochs`` epochs, or until it diverges, and return the case."""
        while self.trainer.epoch < epochs and self._divergence is None:
            self._divergence = self.trainer.run(self.trainer.steps_to_epoch_end)
            self._observed()
        return case_of(self._observed())

    def snapshot(self) -> Snapshot:
        """Return a snapshot of this moment."""
        return self._observed()

    def take(self, cure: Cure) -> None:
        """Apply ``cure`` as the window does."""
        experiment = checked(cure.change(self.trainer.experiment))
        self.trainer.apply(experiment, data_of(experiment))
        self._divergence = None
        if cure.rewinds:
            self.trainer.reset()
            self._recorder.clear()

    def _observed(self) -> Snapshot:
        return observe(self.trainer, self._recorder, axes=self._axes, divergence=self._divergence)


def trained(experiment: Experiment, *epochs: int) -> list[Case]:
    """Return the cases of ``experiment`` after each of ``epochs``, ascending, or after it diverged."""
    patient = Patient(experiment)
    return [patient.after(end) for end in epochs]


def findings(case: Case) -> dict[str, Finding]:
    found = examine(case)
    assert found is not None
    return {each.key: each for each in found}
