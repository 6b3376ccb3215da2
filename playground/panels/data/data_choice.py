"""Choose a data set as one undoable edit, and query the task of the current data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.experiment.fitting import DataKind, kind_of, with_data

if TYPE_CHECKING:
    from core.experiment import DataSource
    from playground.session import Session


def choose_data(session: Session, dataset: DataSource) -> bool:
    """Switch to ``dataset``; return whether the edit was accepted.

    Features are reset to the default of the data. A loss or output activation that does not fit the new data becomes
    ``auto`` in the same edit.
    """
    return session.edit(with_data(session.experiment, dataset), "Data set")


def kind_of_data(session: Session) -> DataKind | None:
    """Return task and number of classes (0 for regression) of the current data, or ``None`` if not known yet."""
    dataset = session.experiment.data.dataset
    kind = kind_of(dataset)
    if kind is not None or session.snapshot is None or session.snapshot.experiment.data.dataset != dataset:
        return kind
    return session.snapshot.data.task, session.snapshot.data.classes
