"""Builders shared by the tests of the core.

They are functions rather than fixtures because Hypothesis strategies, state machines and module-level constants need
them before any fixture exists.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from msgspec.structs import replace

from core.data.loading import load
from core.data.prepared_data import PreparedData, prepare
from core.data.raw_data import RawData
from core.engine.engine_choice import EngineChoice
from core.experiment import DataSettings, Experiment, HiddenLayer
from core.experiment.resolution import resolve
from core.training.trainer import Trainer
from core.training.training_run import new_trainer as build_trainer

DATASET_FOR = {"squared_error": "circle", "binary_cross_entropy": "circle", "cross_entropy": "iris", "huber": "sine"}
"""A data set that each loss can be trained on."""


def golden(name: str) -> Any:
    """Return the PyTorch reference values in ``tests/golden/<name>.npz``."""
    return np.load(Path(__file__).parents[1] / "golden" / f"{name}.npz")


def new_trainer(experiment: Experiment, engine: EngineChoice = "numpy") -> Trainer:
    """Return a trainer at step 0, by default on NumPy: the compiled engine has tests of its own and takes time to load."""
    return build_trainer(experiment, engine=engine)


def prepared(raw: RawData, experiment: Experiment) -> PreparedData:
    """Return ``raw`` with the target coding and scaling that ``experiment`` asks for."""
    return prepare(raw, experiment.data, resolve(experiment, raw.task, raw.classes).coding)


def data_of(experiment: Experiment) -> PreparedData:
    """Return the prepared data of ``experiment``."""
    return prepared(_raw(experiment.data), experiment)


@cache
def _raw(settings: DataSettings) -> RawData:
    return load(settings)


def with_hidden(experiment: Experiment, *hidden: HiddenLayer) -> Experiment:
    """Return ``experiment`` with these hidden layers."""
    return replace(experiment, network=replace(experiment.network, hidden=hidden))
