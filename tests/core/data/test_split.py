"""The split into training and test set: seeded, stable under changes of the test share, and optionally stratified."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.data.raw_data import RawData
from core.data.split import split
from core.experiment import DataSettings
from core.random_streams import stream


def data(counts: list[int], *, seed: int = 0) -> RawData:
    labels = np.repeat(np.arange(len(counts)), counts)
    labels = np.random.default_rng(seed).permutation(labels).astype(np.float64)
    inputs = np.arange(len(labels), dtype=np.float64)[:, np.newaxis]
    return RawData(inputs, labels, "classification", ("a",), tuple(f"c{k}" for k in range(len(counts))))


def settings(fraction: float, *, stratified: bool = True, seed: int = 3) -> DataSettings:
    return DataSettings(test_fraction=fraction, split="stratified" if stratified else "random", seed=seed)


def test_random_split_is_unchanged_for_old_files() -> None:
    raw = data([30, 10])
    assert DataSettings().split == "random"
    train, test, _ = split(raw, settings(0.25, stratified=False))
    order = stream(3, "split").permutation(40)
    assert train.tolist() == order[:30].tolist()
    assert test.tolist() == order[30:].tolist()


@given(st.lists(st.integers(1, 60), min_size=2, max_size=6), st.floats(0, 0.9), st.integers(0, 5))
def test_stratified_split_gives_each_class_its_share_within_one_sample(
    counts: list[int], fraction: float, seed: int
) -> None:
    raw = data(counts)
    train, test, _ = split(raw, settings(fraction, seed=seed))
    assert sorted([*train, *test]) == list(range(raw.samples)), "each sample is in exactly one set"
    assert len(test) == min(round(raw.samples * fraction), raw.samples - 1)
    share = len(test) / raw.samples
    in_test = np.bincount(raw.class_indices[test], minlength=len(counts))
    assert np.abs(in_test - share * np.array(counts)).max() <= 1 + len(counts) / 2
    if len(train) >= len(counts):
        assert set(raw.class_indices[train]) == set(range(len(counts))), "every class can be learned"


def test_moving_a_stratified_split_moves_only_the_samples_at_the_cut() -> None:
    raw = data([40, 25, 7])
    small, large = (set(split(raw, settings(fraction)).test.tolist()) for fraction in (0.2, 0.5))
    assert small < large


def test_stratified_split_depends_on_the_seed() -> None:
    raw = data([40, 25])
    first, again, other = (split(raw, settings(0.5, seed=seed)).test.tolist() for seed in (1, 1, 2))
    assert first == again != other


def test_a_regression_is_always_split_at_random() -> None:
    raw = RawData(np.zeros((20, 1)), np.arange(20.0), "regression", ("a",))
    both = [split(raw, settings(0.3, stratified=stratified)).test.tolist() for stratified in (True, False)]
    assert both[0] == both[1]


@pytest.mark.parametrize(
    ("order", "said"),
    [
        ([0, 0, 0, 1], ("The training set has only one class, “c0”: there is nothing to distinguish.",)),
        ([0, 1, 2, 2], ("“c2” is only in the test set: the network never learns that class.",)),
        ([0, 1, 1, 0], ()),
        ([0, 1, 1, 1], ("The test set has only one class, “c1”.",)),
    ],
)
def test_missing_classes_in_a_set_are_reported(order: list[int], said: tuple[str, ...]) -> None:
    names = tuple(f"c{k}" for k in range(max(order) + 1))
    raw = RawData(np.zeros((4, 1)), np.array(order, dtype=np.float64), "classification", ("a",), names, shuffled=True)
    found = split(raw, DataSettings(test_fraction=0.5)).cautions
    assert found[: len(said)] == said
    assert bool(found) == bool(said)
