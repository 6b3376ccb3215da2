"""Which choices fit which data, and how an Experiment adapts to another data set."""

from __future__ import annotations

from typing import TypeAlias

from msgspec.structs import replace

from core.data.datasets import DATASETS
from core.data.drawn_points import class_labels
from core.data.raw_data import Task
from core.data.settings import DataSource, DrawnSource
from core.errors import ExperimentError
from core.experiment.experiment import AUTO, Experiment
from core.experiment.resolution import resolve

DataKind: TypeAlias = tuple[Task, int]
"""The task and the number of classes, 0 for a regression."""


def kind_of(dataset: DataSource) -> DataKind | None:
    """Return the kind of ``dataset``; ``None`` for a user's table, which has to be read first."""
    if isinstance(dataset, DrawnSource):
        return dataset.task, len(class_labels(dataset))
    if not isinstance(dataset, str):
        return None
    entry = DATASETS[dataset]
    return entry.task, len(entry.class_names)


def with_data(experiment: Experiment, dataset: DataSource) -> Experiment:
    """Return ``experiment`` with ``dataset`` and settings that fit it.

    Features and standardization are reset to the data set's defaults. A loss or output activation that does not fit the
    new data becomes ``auto``.
    """
    if dataset == experiment.data.dataset:
        return experiment
    standardize = True if isinstance(dataset, str) and DATASETS[dataset].standardize else None
    data = replace(experiment.data, dataset=dataset, features=None, standardize=standardize)
    return adapted(replace(experiment, data=data))


def adapted(experiment: Experiment) -> Experiment:
    """Return ``experiment`` with loss and output activation set to ``auto`` if they do not fit its data."""
    changed = experiment
    if fits(changed, kind_of(experiment.data.dataset)):
        return changed
    return replace(
        changed,
        network=replace(changed.network, output_activation=AUTO),
        training=replace(changed.training, loss=AUTO),
    )


def fits(experiment: Experiment, kind: DataKind | None) -> bool:
    """Return whether loss and output activation fit ``kind``; for data not read yet, whether both are ``auto``."""
    if kind is None:
        return experiment.training.loss == AUTO and experiment.network.output_activation == AUTO
    try:
        resolve(experiment, *kind)
    except ExperimentError:
        return False
    return True


def loss_fits(experiment: Experiment, loss: str, kind: DataKind | None) -> bool:
    """Return whether ``loss`` can be minimized with data of ``kind`` and the output activation of ``experiment``."""
    return fits(replace(experiment, training=replace(experiment.training, loss=loss)), kind)


def output_fits(experiment: Experiment, activation: str, kind: DataKind | None) -> bool:
    """Return whether the output can have ``activation`` with data of ``kind`` and the loss of ``experiment``."""
    return fits(replace(experiment, network=replace(experiment.network, output_activation=activation)), kind)
