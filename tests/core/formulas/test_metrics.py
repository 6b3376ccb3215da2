"""Classes, accuracy, confusion matrix and R², on small cases."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.formulas.metrics import accuracy, confusion_matrix, is_correct, predicted_class, r_squared


def test_the_class_in_each_coding() -> None:
    np.testing.assert_array_equal(predicted_class(np.array([[-0.2], [0.0], [0.2]]), "signed"), [0, 0, 1])
    np.testing.assert_array_equal(predicted_class(np.array([[0.2], [0.5], [0.7]]), "binary"), [0, 0, 1])
    np.testing.assert_array_equal(predicted_class(np.array([[0.2, 0.5, 0.3], [1.0, 0.0, 1.0]]), "one_hot"), [1, 0])
    assert predicted_class(np.array([[0.3]]), "signed").dtype == np.int64


def test_targets_encode_their_class() -> None:
    np.testing.assert_array_equal(predicted_class(np.array([[-1.0], [1.0]]), "signed"), [0, 1])
    np.testing.assert_array_equal(predicted_class(np.array([[0.0], [1.0]]), "binary"), [0, 1])
    np.testing.assert_array_equal(predicted_class(np.eye(4), "one_hot"), [0, 1, 2, 3])


def test_accuracy_is_the_share_of_correct_predictions() -> None:
    A, Y = np.array([[-3.0], [0.1], [0.4], [-0.1]]), np.array([[-1.0], [1.0], [-1.0], [-1.0]])
    assert accuracy(A, Y, "signed") == 0.75
    assert accuracy(np.eye(3)[[0, 2, 2]], np.eye(3), "one_hot") == pytest.approx(2 / 3)
    assert math.isnan(accuracy(np.empty((0, 1)), np.empty((0, 1)), "binary"))


def test_an_output_that_is_not_a_number_predicts_no_class() -> None:
    A = np.array([[math.nan], [-math.inf], [math.inf], [math.nan]])
    Y = np.array([[-1.0], [-1.0], [1.0], [1.0]])
    assert accuracy(A, Y, "signed") == 0.5
    one_hot = np.array([[math.nan, 0.0], [0.2, 0.8], [math.nan, math.nan]])
    assert is_correct(one_hot, np.array([0, 1, 0]), "one_hot").tolist() == [False, True, False]


def test_rows_are_the_true_class_and_columns_the_predicted_one() -> None:
    true, predicted = np.array([0, 0, 1, 2, 2, 2]), np.array([0, 1, 1, 0, 2, 2])
    np.testing.assert_array_equal(confusion_matrix(predicted, true, 3), [[1, 1, 0], [0, 1, 0], [1, 0, 2]])


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), max_size=30))
def test_the_matrix_counts_every_sample_once(pairs: list[tuple[int, int]]) -> None:
    predicted, true = (np.array([pair[side] for pair in pairs], dtype=np.int64) for side in (0, 1))
    matrix = confusion_matrix(predicted, true, 5)
    assert matrix.shape == (5, 5)
    np.testing.assert_array_equal(matrix.sum(axis=1), np.bincount(true, minlength=5))
    np.testing.assert_array_equal(matrix.sum(axis=0), np.bincount(predicted, minlength=5))
    assert np.trace(matrix) == np.sum(predicted == true)


def test_r_squared() -> None:
    Y = np.array([[1.0], [2.0], [3.0], [6.0]])
    assert r_squared(Y, Y) == 1.0
    assert r_squared(np.full_like(Y, 3.0), Y) == 0.0
    # Residuals 1, 0, 0, 1 against deviations −2, −1, 0, 3.
    assert r_squared(Y + np.array([[1.0], [0.0], [0.0], [1.0]]), Y) == pytest.approx(1.0 - 2.0 / 14.0)
    assert r_squared(-Y, Y) < 0.0


def test_r_squared_of_constant_targets_is_nan() -> None:
    assert math.isnan(r_squared(np.ones((3, 1)), np.ones((3, 1))))
    assert math.isnan(r_squared(np.empty((0, 1)), np.empty((0, 1))))
