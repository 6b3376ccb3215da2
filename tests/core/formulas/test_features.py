"""Features: their values, the data they apply to, and the error for an unknown name."""

from __future__ import annotations

import re

import numpy as np
import pytest

from core.errors import PlaygroundError
from core.formulas.features import FEATURES, feature, feature_keys

PLANE = np.array([[0.5, -2.0], [3.0, 0.25], [-1.0, -1.0]])


def test_the_keys_and_labels_in_menu_order() -> None:
    assert list(FEATURES) == ["x1", "x2", "x1_squared", "x2_squared", "x1_x2", "sin_x1", "sin_x2", "cos_x1", "cos_x2"]
    assert [entry.label for entry in FEATURES.values()][:6] == ["x₁", "x₂", "x₁²", "x₂²", "x₁x₂", "sin x₁"]
    assert feature("x64", 64).label == "x₆₄"


def test_every_feature_matches_its_name() -> None:
    x, y = PLANE.T
    expected = [x, y, x**2, y**2, x * y, np.sin(x), np.sin(y), np.cos(x), np.cos(y)]
    for key, values in zip(FEATURES, expected, strict=True):
        np.testing.assert_array_equal(feature(key, 2).function(PLANE), values)


def test_a_feature_is_a_copy() -> None:
    X = PLANE.copy()
    feature("x1", 2).function(X)[:] = 99.0
    np.testing.assert_array_equal(X, PLANE)


def test_wider_data_has_a_feature_for_each_column() -> None:
    X = np.arange(40.0).reshape(2, 20)
    for k in (1, 2, 13, 20):
        np.testing.assert_array_equal(feature(f"x{k}", 20).function(X), X[:, k - 1])
    assert feature("x13", 20).formula == "x_{13}"
    assert feature_keys(4)[:5] == ("x1", "x2", "x3", "x4", "x1_squared")


def test_one_dimensional_data_has_the_features_of_one_input() -> None:
    assert feature_keys(1) == ("x1", "x1_squared", "sin_x1", "cos_x1")
    assert all(feature(key, 1).inputs == 1 for key in feature_keys(1))


@pytest.mark.parametrize(
    ("key", "inputs"),
    [
        *((key, 2) for key in ("x0", "x3", "x01", "x-1", "x", "", "X1", "x1 ", "x1\n", "x١", "tan_x1")),
        *((key, 1) for key in ("x2", "x1_x2", "sin_x2")),
        *((key, 64) for key in ("x65", "x99999999999")),
    ],
)
def test_an_unknown_name_lists_the_valid_ones(key: str, inputs: int) -> None:
    with pytest.raises(PlaygroundError, match=re.escape(repr(key))) as caught:
        feature(key, inputs)
    valid = str(caught.value).partition("expected one of ")[2].split(", ")
    assert "x1_squared" in valid
    assert ("x1_x2" in valid) == (inputs > 1)
