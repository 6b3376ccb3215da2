"""Losses: derivatives compared with differences, closed forms, PyTorch's values, stability at ±1000."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from core.arrays import Floats
from core.formulas.activations import ACTIVATIONS, OUTPUT_ACTIVATIONS, softmax, softmax_backward
from core.formulas.losses import LOSSES, Loss
from tests.core.support import golden

GOLDEN = golden("registries")
ENTRIES = list(LOSSES.values())

every_entry = pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.key)


def example(entry: Loss, samples: int = 6, outputs: int = 4) -> tuple[Floats, Floats]:
    rng = np.random.default_rng(7)
    V = rng.normal(0.0, 2.0, (samples, outputs))
    if entry.target_coding == "binary":
        return V, rng.integers(0, 2, V.shape).astype(np.float64)
    if entry.target_coding == "one_hot":
        return V, np.eye(outputs)[rng.integers(0, outputs, samples)]
    return V, rng.normal(size=V.shape)


def test_the_keys_are_those_of_the_contract() -> None:
    assert list(LOSSES) == ["squared_error", "binary_cross_entropy", "cross_entropy", "huber"]


@every_entry
def test_derivative_agrees_with_central_differences(entry: Loss) -> None:
    V, Y = example(entry)
    expected, step = np.empty_like(V), 1e-6
    for k in range(V.shape[1]):
        nudge = step * np.eye(V.shape[1])[k]
        expected[:, k] = (entry.value(V + nudge, Y) - entry.value(V - nudge, Y)) / (2 * step)
    np.testing.assert_allclose(entry.derivative(V, Y), expected, rtol=1e-7, atol=1e-8)


@every_entry
def test_values_and_gradients_match_pytorch(entry: Loss) -> None:
    V, Y = GOLDEN[f"losses/{entry.key}/V"], GOLDEN[f"losses/{entry.key}/Y"]
    np.testing.assert_allclose(entry.value(V, Y), GOLDEN[f"losses/{entry.key}/value"], rtol=1e-14, atol=1e-14)
    np.testing.assert_allclose(entry.derivative(V, Y), GOLDEN[f"losses/{entry.key}/gradient"], rtol=1e-14, atol=1e-14)


@every_entry
def test_the_loss_is_the_sum_of_its_elements(entry: Loss) -> None:
    V, Y = example(entry)
    if entry.element_value is None or entry.element_derivative is None:
        assert not entry.elementwise
        return
    assert entry.elementwise
    np.testing.assert_allclose(entry.value(V, Y), entry.element_value(V, Y).sum(axis=1), rtol=1e-15)
    np.testing.assert_array_equal(entry.derivative(V, Y), entry.element_derivative(V, Y))


@every_entry
def test_nothing_overflows_at_plus_and_minus_1000(entry: Loss) -> None:
    V = np.array([[1000.0, -1000.0], [-1000.0, 1000.0], [1000.0, 1000.0], [0.0, 1e-300]])
    for Y in (np.tile([1.0, 0.0], (4, 1)), np.tile([0.0, 1.0], (4, 1))):
        assert entry.value(V, Y).shape == (4,)
        assert np.all(np.isfinite(entry.value(V, Y)))
        assert np.all(entry.value(V, Y) >= 0.0)
        assert np.all(np.isfinite(entry.derivative(V, Y)))


def test_row04_squared_error_is_half_the_sum_of_squares() -> None:
    A, Y = np.array([[1.0, 2.0], [0.5, 0.0]]), np.array([[0.0, 4.0], [0.5, 0.0]])
    np.testing.assert_array_equal(LOSSES["squared_error"].value(A, Y), [2.5, 0.0])
    np.testing.assert_array_equal(LOSSES["squared_error"].derivative(A, Y), [[1.0, -2.0], [0.0, 0.0]])


@given(arrays(np.float64, (3, 1), elements=st.floats(-30, 30)), st.booleans())
def test_binary_cross_entropy_is_minus_the_log_of_the_sigmoid(Z: Floats, positive: bool) -> None:
    entry = LOSSES["binary_cross_entropy"]
    Y = np.full(Z.shape, float(positive))
    # The probability of the true class, computed directly, so that 1 − p does not cancel.
    p = ACTIVATIONS["sigmoid"].function(Z if positive else -Z, 0.0)
    np.testing.assert_allclose(entry.value(Z, Y), -np.log(p[:, 0]), rtol=1e-12, atol=3e-16)


def test_a_confident_right_answer_keeps_its_tiny_loss() -> None:
    value = LOSSES["binary_cross_entropy"].value(np.array([[40.0]]), np.array([[1.0]]))
    np.testing.assert_allclose(value, math.exp(-40.0), rtol=1e-12)


def test_cross_entropy_is_minus_the_log_of_the_softmax_of_the_true_class() -> None:
    entry = LOSSES["cross_entropy"]
    Z, Y = example(entry)
    np.testing.assert_allclose(entry.value(Z, Y), -np.log(np.sum(softmax(Z) * Y, axis=1)), rtol=1e-13)
    # The direct computation: ∂L/∂A = −Y/A, then backpropagated through the softmax.
    long_way = softmax_backward(softmax(Z), -Y / softmax(Z))
    np.testing.assert_allclose(entry.derivative(Z, Y), long_way, rtol=1e-12, atol=1e-15)


@given(arrays(np.float64, (2, 4), elements=st.floats(-1000, 1000)), st.integers(0, 3), st.floats(-1000, 1000))
def test_row14_cross_entropy_ignores_a_shift(Z: Floats, true: int, shift: float) -> None:
    entry = LOSSES["cross_entropy"]
    Y = np.tile(np.eye(4)[true], (2, 1))
    np.testing.assert_allclose(entry.value(Z + shift, Y), entry.value(Z, Y), rtol=1e-12, atol=1e-11)
    np.testing.assert_allclose(entry.derivative(Z, Y).sum(axis=1), 0.0, atol=1e-15)


def test_huber_is_squared_within_1_and_linear_beyond() -> None:
    entry = LOSSES["huber"]
    A, Y = np.array([[0.5], [-0.5], [1.0], [3.0], [-3.0]]), np.zeros((5, 1))
    np.testing.assert_array_equal(entry.value(A, Y), [0.125, 0.125, 0.5, 2.5, 2.5])
    np.testing.assert_array_equal(entry.derivative(A, Y)[:, 0], [0.5, -0.5, 1.0, 1.0, -1.0])


def test_outputs_that_each_loss_accepts() -> None:
    assert {entry.key: entry.takes for entry in ENTRIES} == {
        "squared_error": "activation",
        "binary_cross_entropy": "pre_activation",
        "cross_entropy": "pre_activation",
        "huber": "activation",
    }
    assert LOSSES["binary_cross_entropy"].allowed_outputs == ("sigmoid",)
    assert LOSSES["cross_entropy"].allowed_outputs == ("softmax",)
    assert (
        set(LOSSES["squared_error"].allowed_outputs) == set(LOSSES["huber"].allowed_outputs) == set(OUTPUT_ACTIVATIONS)
    )
    assert [entry.target_coding for entry in ENTRIES] == ["signed", "binary", "one_hot", "signed"]
