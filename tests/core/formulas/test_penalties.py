"""Penalties: derivatives compared with differences, and proximal steps with what they minimize."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from core.arrays import Floats
from core.formulas.penalties import PENALTIES, Penalty, soft_threshold

every_entry = pytest.mark.parametrize("entry", PENALTIES.values(), ids=lambda entry: entry.key)
weights = arrays(np.float64, (5,), elements=st.floats(-10, 10))


@every_entry
def test_derivative_agrees_with_central_differences(entry: Penalty) -> None:
    W = np.random.default_rng(2).normal(size=(3, 4))
    expected, step = np.empty_like(W), 1e-6
    for index in np.ndindex(W.shape):
        nudge = np.zeros_like(W)
        nudge[index] = step
        expected[index] = (entry.value(W + nudge, 0.3) - entry.value(W - nudge, 0.3)) / (2 * step)
    np.testing.assert_allclose(entry.derivative(W, 0.3), expected, atol=1e-8)


def test_row10_values_and_the_derivative_of_l2() -> None:
    W = np.array([[3.0, -4.0], [0.0, 1.0]])
    assert PENALTIES["l2"].value(W, 0.1) == pytest.approx(0.5 * 0.1 * 26.0)
    assert PENALTIES["l1"].value(W, 0.1) == pytest.approx(0.1 * 8.0)
    np.testing.assert_array_equal(PENALTIES["l2"].derivative(W, 0.5), 0.5 * W)
    np.testing.assert_array_equal(PENALTIES["l1"].derivative(W, 0.5), [[0.5, -0.5], [0.0, 0.5]])


def test_row10_the_proximal_step_of_l1_makes_small_weights_exactly_0() -> None:
    w = np.array([-2.0, -0.1, -0.05, 0.0, 0.1, 0.3])
    np.testing.assert_allclose(soft_threshold(w, 0.1), [-1.9, 0.0, 0.0, 0.0, 0.0, 0.2], rtol=1e-15)
    assert np.count_nonzero(soft_threshold(w, 0.1)) == 2
    np.testing.assert_array_equal(soft_threshold(w, 0.0), w)


@given(w=weights, amount=st.floats(0, 5), other=weights)
def test_the_proximal_step_of_l1_minimizes_its_objective(w: Floats, amount: float, other: Floats) -> None:
    entry = PENALTIES["l1"]

    def cost(u: Floats) -> float:
        return float(0.5 * np.sum((u - w) ** 2)) + entry.value(u, amount)

    best = entry.proximal(w, amount)
    assert cost(best) <= cost(other) + 1e-9
    assert np.all(np.abs(best) <= np.abs(w))
    assert np.all(best * w >= 0.0)


@given(w=weights, v=weights, amount=st.floats(0, 5))
def test_the_proximal_step_is_nonexpansive(w: Floats, v: Floats, amount: float) -> None:
    for entry in PENALTIES.values():
        assert np.all(np.abs(entry.proximal(w, amount) - entry.proximal(v, amount)) <= np.abs(w - v) + 1e-12)


def test_each_penalty_is_applied_once() -> None:
    """L2 acts only through the gradient, L1 only through the proximal step."""
    w = np.array([1.0, -2.0])
    np.testing.assert_array_equal(PENALTIES["l2"].proximal(w, 0.5), w)
    assert not np.array_equal(PENALTIES["l1"].proximal(w, 0.5), w)
