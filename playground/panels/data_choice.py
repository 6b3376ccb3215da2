"""Choosing a data set as one undoable edit, and what is known of the data in force."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.experiment.fitting import DataKind, kind_of, with_data

if TYPE_CHECKING:
    from core.experiment import TableSource
    from playground.session import Session


def choose_data(session: Session, dataset: str | TableSource) -> bool:
    """Train on ``dataset`` from now on; return whether that was accepted.

    Features go back to the data's own. A loss or output activation that cannot work with the new data becomes
    ``auto`` in the same edit.
    """
    return session.edit(with_data(session.experiment, dataset), "Data set")


def kind_of_data(session: Session) -> DataKind | None:
    """Return task and number of classes (0 for a regression) of the data in force; ``None`` while that is not known."""
    dataset = session.experiment.data.dataset
    kind = kind_of(dataset)
    if kind is not None or session.snapshot is None or session.snapshot.experiment.data.dataset != dataset:
        return kind
    return session.snapshot.data.task, session.snapshot.data.classes
