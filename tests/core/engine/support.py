"""Experiments, trainers and comparisons shared by the tests of the compiled engine."""

from __future__ import annotations

from typing import Any

import numpy as np

from core.arrays import Floats
from core.experiment import DataSettings, Experiment, HiddenLayer, NetworkSettings, TrainingSettings
from core.training.trainer import Trainer
from tests.core.support import DATASET_FOR, data_of


def make(loss: str = "squared_error", layers: tuple[HiddenLayer, ...] = (), **training: Any) -> Experiment:
    return Experiment(
        data=DataSettings(dataset=DATASET_FOR[loss], samples=64),
        network=NetworkSettings(hidden=layers or (HiddenLayer(units=5), HiddenLayer(units=3))),
        training=TrainingSettings(**{"loss": loss, "batch_size": 7, "learning_rate": 0.02, **training}),
    )


def trained(experiment: Experiment, engine: Any, steps: int = 200) -> Trainer:
    trainer = Trainer(experiment, data_of(experiment), engine)
    assert trainer.run(steps) is None
    assert trainer.engine == engine
    return trainer


def relative_error(mine: Floats, expected: Floats) -> float:
    """Return the largest relative difference (absolute, in units of 1e-3, for numbers close to 0)."""
    return float(np.max(np.abs(mine - expected) / np.maximum(np.abs(expected), 1e-3)))


def assert_same(mine: Trainer, expected: Trainer) -> None:
    assert relative_error(mine.parameters, expected.parameters) < 1e-9
    for vector, other in zip(mine._optimizer_state, expected._optimizer_state, strict=True):
        assert relative_error(vector, other) < 1e-9
    assert (mine.step, mine.epoch) == (expected.step, expected.epoch)
    np.testing.assert_array_equal(mine.last_batch, expected.last_batch)
    np.testing.assert_allclose(mine.last_update, expected.last_update, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(mine.last_gradient, expected.last_gradient, rtol=1e-9, atol=1e-12)
    for mask, wanted in zip(mine.last_masks, expected.last_masks, strict=True):
        np.testing.assert_array_equal(mask, wanted)
