"""Split samples into training and test set: at random, or stratified by class."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from core.data.drawn_split import in_test_set
from core.data.settings import DrawnSource
from core.random_streams import stream

if TYPE_CHECKING:
    from core.arrays import Floats, Integers
    from core.data.raw_data import RawData
    from core.data.settings import DataSettings

_SHOWN: Final = 3


class Split(NamedTuple):
    """The sample indices of both sets, and warnings about them, one sentence each."""

    train: Integers
    test: Integers
    cautions: tuple[str, ...]


def split(raw: RawData, settings: DataSettings) -> Split:
    """Return the sample indices of the training and of the test set.

    One seeded permutation orders the samples (unless they are already shuffled); the test set is its end, so changing the
    test share moves only the samples at the cut. ``stratified`` then spreads each class evenly over that order: the i-th
    of a class's n samples is at (i + ½)/n, and the first of each class at the beginning, so that every cut gives each
    class its share to within one sample. For a regression it is the same as ``random``.

    Drawn points are split one by one, see :mod:`core.data.drawn_split`.
    """
    if isinstance(settings.dataset, DrawnSource):
        chosen = in_test_set(raw, settings)
        train, test = np.flatnonzero(~chosen), np.flatnonzero(chosen)
        return Split(train, test, () if raw.missing else _cautions(raw, train, test))
    order = np.arange(raw.samples) if raw.shuffled else stream(settings.seed, "split").permutation(raw.samples)
    if settings.split == "stratified" and raw.task == "classification" and not raw.shuffled:
        order = order[np.argsort(_positions(raw.target[order]), kind="stable")]
    train, test = np.split(order, [raw.samples - n_test_samples(raw.samples, settings.test_fraction)])
    return Split(train, test, _cautions(raw, train, test))


def n_test_samples(samples: int, fraction: float) -> int:
    """Return the number of test samples out of ``samples``; at least one is left for training."""
    return min(round(samples * fraction), samples - 1)


def _positions(labels: Floats) -> Floats:
    """Return each sample's relative position in the order, (N,), from 0 to 1, given the class of each."""
    positions = np.empty(len(labels))
    for label in np.unique(labels):
        rows = np.flatnonzero(labels == label)
        positions[rows] = (np.arange(len(rows)) + 0.5) / len(rows)
        positions[rows[0]] = 0.0
    return positions


def _cautions(raw: RawData, train: Integers, test: Integers) -> tuple[str, ...]:
    """Return warnings about classes missing from one of the sets."""
    if raw.task != "classification":
        return ()
    said = []
    in_train, in_test = (np.bincount(raw.class_indices[rows], minlength=raw.classes) for rows in (train, test))
    present = np.flatnonzero(in_train)
    if len(present) == 1:
        said.append(
            f"The training set has only one class, “{raw.class_names[present[0]]}”: there is nothing to distinguish."
        )
    elif len(unseen := [raw.class_names[index] for index in np.flatnonzero((in_train == 0) & (in_test > 0))]):
        said.append(f"{_listed(unseen)} only in the test set: the network never learns that class.")
    if len(test) and np.count_nonzero(in_test) == 1 and raw.classes > 1:
        only = raw.class_names[int(np.flatnonzero(in_test)[0])]
        said.append(f"The test set has only one class, “{only}”.")
    return tuple(said)


def _listed(names: list[str]) -> str:
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    verb = "are" if len(names) > 1 else "is"
    return ", ".join(f"“{name}”" for name in names[:_SHOWN]) + f"{more} {verb}"
