"""The Experiment, one immutable value that specifies a run, and the code that reads, validates and writes it.

``resolution`` resolves ``auto``, ``fitting`` decides which choices fit which data, ``presets`` loads shipped experiments,
``tf_playground_link`` reads share links.
"""

from core.data.settings import (
    MAX_SEED,
    MAX_SEED_TEXT,
    ColumnSettings,
    DataSettings,
    DataSource,
    DrawnSource,
    Seed,
    TableSource,
    TaskKey,
)
from core.experiment.experiment import (
    AUTO,
    FORMAT,
    MAX_HIDDEN,
    MAX_UNITS,
    DropoutScaling,
    Experiment,
    HiddenLayer,
    NetworkSettings,
    TrainingSettings,
    WeightStart,
)
from core.experiment.optimizer_settings import HyperParameters

__all__ = [
    "AUTO",
    "FORMAT",
    "MAX_HIDDEN",
    "MAX_SEED",
    "MAX_SEED_TEXT",
    "MAX_UNITS",
    "ColumnSettings",
    "DataSettings",
    "DataSource",
    "DrawnSource",
    "DropoutScaling",
    "Experiment",
    "HiddenLayer",
    "HyperParameters",
    "NetworkSettings",
    "Seed",
    "TableSource",
    "TaskKey",
    "TrainingSettings",
    "WeightStart",
]
