"""Split drawn points so that each point stays in its set when others are added or erased."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from core.random_streams import stream

if TYPE_CHECKING:
    import numpy.typing as npt

    from core.arrays import Booleans, Floats
    from core.data.raw_data import RawData
    from core.data.settings import DataSettings

    _Words: TypeAlias = npt.NDArray[np.uint64]


def in_test_set(raw: RawData, settings: DataSettings) -> Booleans:
    """Return the mask (N,) of the samples in the test set.

    ``random``: a point is in the test set if a hash of the seed and the point, uniform in [0, 1), is below the test share.
    ``stratified``: each class is distributed in the order of drawing, so that its share is exact to one sample. The first
    point of each class (for a regression: the first point) is always in the training set. Adding a point never moves another.
    """
    groups = raw.target if raw.task == "classification" else np.zeros(raw.samples)
    if settings.split == "stratified":
        return _dealt(groups, settings)
    shares = _uniform(np.column_stack((raw.inputs, raw.target)), settings.seed)
    chosen = shares < settings.test_fraction
    chosen[np.unique(groups, return_index=True)[1]] = False
    return np.asarray(chosen)


def _dealt(groups: Floats, settings: DataSettings) -> Booleans:
    chosen = np.zeros(len(groups), dtype=np.bool_)
    share = settings.test_fraction
    for group in np.unique(groups):
        rows = np.flatnonzero(groups == group)
        phase = stream(settings.seed, "split", int(group)).random() * (1.0 - share)
        # The i-th sample is for testing where the number of test samples due, ⌊phase + i · share⌋, rises.
        due = np.floor(phase + share * np.arange(1, len(rows) + 1))
        chosen[rows] = np.diff(due, prepend=0.0) > 0
    return chosen


def _uniform(points: Floats, seed: int) -> Floats:
    """Return one number in [0, 1) for each row of ``points`` (N, D), by SplitMix64 (Steele, Lea & Flood, 2014)."""
    # Adding 0.0 turns −0.0 into 0.0, which is the same number with other bits.
    bits = np.ascontiguousarray(points + 0.0).view(np.uint64)
    state: _Words = np.full(len(points), seed, dtype=np.uint64)
    for column in bits.T:
        state = _mixed(state ^ column)
    return np.asarray((state >> np.uint64(11)) * 2.0**-53, dtype=np.float64)


def _mixed(state: _Words) -> _Words:
    state = state + np.uint64(0x9E3779B97F4A7C15)
    state = (state ^ (state >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    state = (state ^ (state >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return np.asarray(state ^ (state >> np.uint64(31)))
