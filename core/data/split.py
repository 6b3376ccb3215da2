"""Which samples are for training and which for testing: at random, or each class with the same share in both."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from core.random_streams import stream

if TYPE_CHECKING:
    from core.arrays import Floats, Integers
    from core.data.raw_data import RawData
    from core.data.settings import DataSettings

_SHOWN: Final = 3


class Split(NamedTuple):
    """The rows of both sets, and what may mislead in them, a sentence each."""

    train: Integers
    test: Integers
    cautions: tuple[str, ...]


def split(raw: RawData, settings: DataSettings) -> Split:
    """Return the rows of the training and of the test set.

    One seeded permutation orders the samples (unless they come shuffled); the test set is cut from its end, so moving the
    split moves only the samples at the cut. ``stratified`` then deals the classes out evenly along that order: the i-th
    of n samples of a class comes at (i + ½)/n of it, and the first of each class at the beginning, so that every cut
    gives each class its share, to one sample. For a regression it is as good as ``random``.
    """
    order = np.arange(raw.samples) if raw.shuffled else stream(settings.seed, "split").permutation(raw.samples)
    if settings.split == "stratified" and raw.task == "classification" and not raw.shuffled:
        order = order[np.argsort(_places(raw.target[order]), kind="stable")]
    train, test = np.split(order, [raw.samples - n_test_samples(raw.samples, settings.test_fraction)])
    return Split(train, test, _cautions(raw, train, test))


def n_test_samples(samples: int, fraction: float) -> int:
    """Return how many of ``samples`` are for testing; one at least is left for training."""
    return min(round(samples * fraction), samples - 1)


def _places(labels: Floats) -> Floats:
    """Return (N,) where along the order each sample is to stand, given the class of each: from 0 to 1."""
    places = np.empty(len(labels))
    for label in np.unique(labels):
        rows = np.flatnonzero(labels == label)
        places[rows] = (np.arange(len(rows)) + 0.5) / len(rows)
        places[rows[0]] = 0.0
    return places


def _cautions(raw: RawData, train: Integers, test: Integers) -> tuple[str, ...]:
    """Return sentences on classes that one of the sets lacks."""
    if raw.task != "classification":
        return ()
    said = []
    in_train, in_test = (np.bincount(raw.class_indices[rows], minlength=raw.classes) for rows in (train, test))
    present = np.flatnonzero(in_train)
    if len(present) == 1:
        said.append(
            f"The training set holds one class only, “{raw.class_names[present[0]]}”: nothing can be told apart."
        )
    elif len(unseen := [raw.class_names[index] for index in np.flatnonzero((in_train == 0) & (in_test > 0))]):
        said.append(f"{_listed(unseen)} in testing only: the network never sees that class.")
    if len(test) and np.count_nonzero(in_test) == 1 and raw.classes > 1:
        only = raw.class_names[int(np.flatnonzero(in_test)[0])]
        said.append(f"The test set holds one class only, “{only}”.")
    return tuple(said)


def _listed(names: list[str]) -> str:
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    verb = "are" if len(names) > 1 else "is"
    return ", ".join(f"“{name}”" for name in names[:_SHOWN]) + f"{more} {verb}"
