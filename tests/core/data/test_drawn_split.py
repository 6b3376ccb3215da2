"""The split of drawn points: a point keeps its set when others are added, and the shares are right."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from core.data.loading import load
from core.data.settings import DrawnSource
from core.data.split import split
from core.experiment import DataSettings

coordinates = st.floats(-6, 6)
drawn_points = st.lists(st.tuples(coordinates, coordinates, st.integers(1, 3).map(float)), max_size=25)
fractions = st.floats(0, 0.9)
kinds = st.sampled_from(("random", "stratified"))


def settings(points: list[tuple[float, ...]], fraction: float, kind: str, seed: int = 1) -> DataSettings:
    chosen: Any = kind
    source = DrawnSource(points=tuple(points), classes=(1, 2, 3))
    return DataSettings(dataset=source, test_fraction=fraction, split=chosen, seed=seed)


def test_rows(data: DataSettings) -> set[int]:
    train, test, _ = split(load(data), data)
    assert isinstance(data.dataset, DrawnSource)
    assert sorted([*train, *test]) == list(range(len(data.dataset.points))), "each point is in exactly one set"
    return set(test.tolist())


test_rows.__test__ = False  # type: ignore[attr-defined]


@given(
    drawn_points, st.tuples(coordinates, coordinates, st.integers(1, 3).map(float)), fractions, kinds, st.integers(0, 9)
)
def test_adding_a_point_moves_no_other(
    points: list[tuple[float, ...]], added: tuple[float, ...], fraction: float, kind: str, seed: int
) -> None:
    before = test_rows(settings(points, fraction, kind, seed))
    after = test_rows(settings([*points, added], fraction, kind, seed))
    assert after - {len(points)} == before


@given(drawn_points.filter(bool), fractions, st.data())
def test_erasing_a_point_moves_at_most_the_next_of_its_class(
    points: list[tuple[float, ...]], fraction: float, data: st.DataObject
) -> None:
    gone = data.draw(st.integers(0, len(points) - 1))
    before = test_rows(settings(points, fraction, "random"))
    after = {row + (row >= gone) for row in test_rows(settings(points[:gone] + points[gone + 1 :], fraction, "random"))}
    moved = (before - {gone}) ^ after
    assert len(moved) <= 1
    assert all(points[row][2] == points[gone][2] for row in moved)


@given(drawn_points.filter(bool), fractions, kinds)
def test_each_class_has_a_point_to_learn_from(points: list[tuple[float, ...]], fraction: float, kind: str) -> None:
    test = test_rows(settings(points, fraction, kind))
    assert {points[row][2] for row in range(len(points)) if row not in test} == {point[2] for point in points}


@given(st.integers(0, 50), st.floats(0, 0.9))
def test_a_larger_test_share_only_adds_to_the_test_set(seed: int, fraction: float) -> None:
    rng = np.random.default_rng(seed)
    points = [(*place, 1.0 + index % 2) for index, place in enumerate(rng.uniform(-6, 6, (40, 2)).tolist())]
    small, large = (test_rows(settings(points, share, "random")) for share in (0.5 * fraction, fraction))
    assert small <= large


@pytest.mark.parametrize("fraction", [0.0, 0.1, 0.5, 0.9])
def test_the_share_of_the_test_set(fraction: float) -> None:
    points = [(*place, 1.0) for place in np.random.default_rng(0).uniform(-6, 6, (5000, 2)).tolist()]
    share = len(test_rows(settings(points, fraction, "random"))) / len(points)
    assert share == pytest.approx(fraction, abs=4 * np.sqrt(fraction * (1 - fraction) / len(points)) + 1e-9)


@given(drawn_points.filter(bool), fractions, st.integers(0, 9))
def test_a_stratified_split_is_exact_to_one_point_of_each_class(
    points: list[tuple[float, ...]], fraction: float, seed: int
) -> None:
    test = test_rows(settings(points, fraction, "stratified", seed))
    for label in {point[2] for point in points}:
        rows = [row for row, point in enumerate(points) if point[2] == label]
        assert abs(len(test & set(rows)) - fraction * len(rows)) <= 1


def test_another_seed_gives_another_split() -> None:
    points = [(*place, 1.0) for place in np.random.default_rng(0).uniform(-6, 6, (100, 2)).tolist()]
    assert test_rows(settings(points, 0.5, "random", 1)) != test_rows(settings(points, 0.5, "random", 2))


def test_zero_is_one_number() -> None:
    points = [(0.0, 0.0, 1.0), (0.0, -0.0, 1.0), (-0.0, 0.0, 1.0)]
    for seed in range(20):
        rows = test_rows(settings(points, 0.5, "random", seed))
        assert (1 in rows) == (2 in rows)


def test_the_numbers_are_splitmix64() -> None:
    """The reference values are those of the published C code for seed 1234567 (first outputs of ``splitmix64.c``)."""
    from core.data.drawn_split import _mixed

    state, found = 1234567, []
    for _ in range(3):
        found.append(int(_mixed(np.array([state], dtype=np.uint64))[0]))
        state = (state + 0x9E3779B97F4A7C15) % 2**64
    assert found == [6457827717110365317, 3203168211198807973, 9817491932198370423]


def test_no_warnings_while_points_are_missing() -> None:
    data = settings([(0.0, 0.0, 1.0)], 0.5, "random")
    assert split(load(data), data).cautions == ()
    enough = replace(data, dataset=DrawnSource(points=((0.0, 0.0, 1.0), (1.0, 1.0, 2.0))), test_fraction=0.0)
    assert split(load(enough), enough).cautions == ()
