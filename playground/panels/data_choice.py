"""Choosing a data set as one undoable edit, with everything that the old data made necessary put right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from core.data.datasets import DATASETS
from core.data.raw_data import Task
from core.errors import ExperimentError
from core.experiment import AUTO, Experiment, TableSource
from core.experiment.resolution import resolve

if TYPE_CHECKING:
    from playground.session import Session


def choose_data(session: Session, dataset: str | TableSource) -> bool:
    """Train on ``dataset`` from now on; return whether that was accepted.

    Features go back to the data's own. A loss or output activation that cannot work with the new data becomes
    ``auto`` in the same edit.
    """
    return session.edit(with_data(session.experiment, dataset), "Data set")


def with_data(experiment: Experiment, dataset: str | TableSource) -> Experiment:
    """Return ``experiment`` on ``dataset``."""
    if dataset == experiment.data.dataset:
        return experiment
    standardize = True if isinstance(dataset, str) and DATASETS[dataset].standardize else None
    data = replace(experiment.data, dataset=dataset, features=None, standardize=standardize)
    changed = replace(experiment, data=data)
    if _fits(changed, _kind_of(dataset)):
        return changed
    return replace(
        changed,
        network=replace(changed.network, output_activation=AUTO),
        training=replace(changed.training, loss=AUTO),
    )


def kind_of_data(session: Session) -> tuple[Task, int] | None:
    """Return task and number of classes (0 for a regression) of the data in force; ``None`` while that is not known."""
    dataset = session.experiment.data.dataset
    kind = _kind_of(dataset)
    if kind is not None or session.snapshot is None or session.snapshot.experiment.data.dataset != dataset:
        return kind
    return session.snapshot.data.task, session.snapshot.data.classes


def loss_fits(experiment: Experiment, loss: str, kind: tuple[Task, int] | None) -> bool:
    """Return whether ``loss`` can be minimized with this data and output activation."""
    return _fits(replace(experiment, training=replace(experiment.training, loss=loss)), kind)


def output_fits(experiment: Experiment, activation: str, kind: tuple[Task, int] | None) -> bool:
    """Return whether the output can have ``activation`` with this data and loss."""
    return _fits(replace(experiment, network=replace(experiment.network, output_activation=activation)), kind)


def _kind_of(dataset: str | TableSource) -> tuple[Task, int] | None:
    if not isinstance(dataset, str):
        return None
    row = DATASETS[dataset]
    return row.task, len(row.class_names)


def _fits(experiment: Experiment, kind: tuple[Task, int] | None) -> bool:
    """Return whether the choices agree; for data not read yet only ``auto`` surely does."""
    if kind is None:
        return experiment.training.loss == AUTO and experiment.network.output_activation == AUTO
    try:
        resolve(experiment, *kind)
    except ExperimentError:
        return False
    return True
