"""The assignment of least total cost, compared with all permutations."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from core.analysis.assignment import assignment


@pytest.mark.parametrize("size", [1, 2, 3, 5, 6])
@pytest.mark.parametrize("seed", range(6))
def test_no_permutation_costs_less(size: int, seed: int) -> None:
    costs = np.random.default_rng(seed).normal(size=(size, size)) * 10.0**seed
    columns = assignment(costs)
    assert sorted(columns.tolist()) == list(range(size))
    least = min(
        sum(costs[row, column] for row, column in enumerate(order)) for order in itertools.permutations(range(size))
    )
    assert costs[np.arange(size), columns].sum() == pytest.approx(least, rel=1e-12)


def test_equal_costs_are_assigned_one_to_one() -> None:
    assert sorted(assignment(np.ones((7, 7))).tolist()) == list(range(7))


def test_a_hidden_permutation_of_many_is_found() -> None:
    rng = np.random.default_rng(4)
    order = rng.permutation(120)
    costs = rng.uniform(1.0, 2.0, (120, 120))
    costs[np.arange(120), order] = 0.0
    np.testing.assert_array_equal(assignment(costs), order)


def test_costs_that_are_not_finite_end_in_some_assignment() -> None:
    costs = np.array([[np.inf, np.nan, 1.0], [np.inf, np.inf, np.inf], [0.0, np.nan, np.inf]])
    with np.errstate(invalid="ignore"):
        assert sorted(assignment(costs).tolist()) == [0, 1, 2]
