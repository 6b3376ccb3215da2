"""Add, erase, clear and import drawn points; other data sets with one or two inputs are converted to points first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from core.arrays import Booleans
from core.data.datasets import DATASETS
from core.data.drawn_points import class_labels, class_names, next_label, points_from, without_points
from core.data.settings import MAX_CLASSES, MAX_POINTS
from core.errors import PlaygroundError
from core.experiment import DataSettings, DrawnSource, TableSource
from core.experiment.fitting import adapted
from playground.session.session import Session

Point: TypeAlias = tuple[float, ...]

MERGE_KEY: Final = "draw"


def is_drawn(session: Session) -> bool:
    """Return whether the current data set is drawn points."""
    return isinstance(session.experiment.data.dataset, DrawnSource)


def source_of(session: Session) -> DrawnSource:
    """Return the drawn points of ``session``, or its current data set converted to points.

    Raises:
        PlaygroundError: the data set cannot be converted, or is not loaded yet.
    """
    settings = session.experiment.data
    if isinstance(settings.dataset, DrawnSource):
        return settings.dataset
    snapshot = session.snapshot
    if snapshot is None or snapshot.experiment.data != settings:
        raise PlaygroundError("The data is still loading.")
    return points_from(snapshot.data)


class ClassChoices(Struct, frozen=True):
    """The classes offered for drawing.

    Attributes:
        labels: their labels; the last one may be that of a new class.
        names: the names of the classes that exist.
    """

    labels: tuple[int, ...]
    names: tuple[str, ...]


def classes_of(session: Session) -> ClassChoices:
    """Return the classes offered for drawing; none if the data set has no classes or cannot be converted to points."""
    settings, snapshot = session.experiment.data, session.snapshot
    labels: tuple[int, ...] = ()
    names: tuple[str, ...] = ()
    if isinstance(settings.dataset, DrawnSource):
        labels, names = class_labels(settings.dataset), class_names(settings.dataset)
    elif snapshot is not None and snapshot.experiment.data == settings:
        # The same labels as in points_from, without converting every sample.
        labels = tuple(range(1, snapshot.data.classes + 1))
        names = snapshot.data.class_names if snapshot.data.table is not None else tuple(map(str, labels))
    if 0 < len(labels) < MAX_CLASSES:
        labels = (*labels, next_label(labels))
    return ClassChoices(labels, names)


def add_points(session: Session, points: Sequence[Point]) -> bool:
    """Add as many of ``points`` as the limit allows; return whether all were added."""
    source = source_of(session)
    room = MAX_POINTS - len(source.points)
    kept = (*source.points, *points[:room])
    classes = class_labels(source)
    added = sorted({int(point[-1]) for point in points[:room]} - set(classes)) if classes else []
    _put(session, replace(source, points=kept, classes=(*classes, *added)), "Draw")
    return len(points) <= room


def keep_points(session: Session, kept: Booleans) -> None:
    """Keep the points of ``session`` for which ``kept`` (N,) is true, and erase the others."""
    source = source_of(session)
    if not kept.all():
        points = tuple(point for point, stays in zip(source.points, kept.tolist(), strict=True) if stays)
        _put(session, replace(source, points=points, classes=class_labels(source)), "Erase points")


def clear_points(session: Session) -> None:
    """Remove all points; the task and the inputs stay."""
    _put(session, without_points(source_of(session)), "Remove all points", merge_key=None)


def use_points(session: Session, source: DrawnSource) -> None:
    """Use ``source`` as the data set."""
    _put(session, source, "Import points", merge_key=None)


def _put(session: Session, source: DrawnSource, label: str, merge_key: str | None = MERGE_KEY) -> None:
    experiment = session.experiment
    before = experiment.data
    # Tables are standardized by default and drawn points are not, so keep the setting that the network was trained with.
    standardize = True if isinstance(before.dataset, TableSource) and before.standardize is None else before.standardize
    features = before.features if _inputs_stay(session, source) else None
    data = replace(before, dataset=source, standardize=standardize, features=features)
    accepted = session.edit(adapted(replace(experiment, data=data)), label, merge_key)
    if accepted and not isinstance(before.dataset, DrawnSource) and label != "Import points":
        session.message.emit(_converted(before, emptied=not source.points), "info")


def _inputs_stay(session: Session, source: DrawnSource) -> bool:
    before = session.experiment.data.dataset
    if isinstance(before, DrawnSource):
        return before.inputs == source.inputs
    return session.snapshot is not None and len(session.snapshot.data.input_names) == source.inputs


def _converted(before: DataSettings, *, emptied: bool) -> str:
    name = DATASETS[before.dataset].label if isinstance(before.dataset, str) else "The table"
    if emptied:
        return f"{name} was replaced by an empty set to draw on. Undo restores it."
    return f"{name} was converted to drawn points, which noise, samples and seed do not affect. Undo restores it."
