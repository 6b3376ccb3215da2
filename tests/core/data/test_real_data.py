"""The shipped tables match the published ones: values copied from scikit-learn 1.9.1's iris and digits."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from core.arrays import Floats
from core.assets import asset
from core.data.real_data import digit, digits, iris, student_day


def test_iris_is_fishers_table() -> None:
    inputs, target = iris()
    assert inputs.shape == (150, 4)
    assert inputs[0].tolist() == [5.1, 3.5, 1.4, 0.2]
    assert inputs[-1].tolist() == [5.9, 3.0, 5.1, 1.8]
    # The two rows that are wrong in the UCI repository's copy.
    assert inputs[34].tolist() == [4.9, 3.1, 1.5, 0.2]
    assert inputs[37].tolist() == [4.9, 3.6, 1.4, 0.1]
    assert inputs.sum(axis=0) == pytest.approx([876.5, 458.6, 563.7, 179.9])
    assert (inputs**2).sum() == pytest.approx(9539.29)
    assert np.array_equal(target, np.repeat([0.0, 1.0, 2.0], 50))


def test_digits_are_the_published_images() -> None:
    inputs, target = digits()
    pixels = inputs * 16
    assert inputs.shape == (1797, 64)
    assert (inputs.min(), inputs.max()) == (0.0, 1.0)
    assert pixels[0, :16].tolist() == [0, 0, 5, 13, 9, 1, 0, 0, 0, 0, 13, 15, 10, 15, 5, 0]
    assert pixels[-1, -16:].tolist() == [0, 8, 16, 10, 8, 16, 8, 0, 0, 1, 8, 12, 14, 12, 1, 0]
    assert (pixels.sum(), (pixels**2).sum(), (pixels * np.arange(64)).sum()) == (561718.0, 6907012.0, 17660653.0)
    assert (pixels.sum(axis=1) * target).sum() == 2525954.0
    assert target[:10].tolist() == list(range(10))
    assert target[-5:].tolist() == [9, 0, 8, 9, 8]
    assert np.bincount(target.astype(int)).tolist() == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]


def test_student_day_contains_the_reference_sample_and_both_extremes() -> None:
    inputs, target = student_day()
    assert inputs.shape == (24, 3)
    assert inputs[0].tolist() == [2, 4, 8]
    assert target[0] == 1
    assert np.bincount(target.astype(int)).tolist() == [12, 12]
    assert inputs.min() >= 0
    assert inputs.sum(axis=1).max() <= 24


@pytest.mark.parametrize("row", [0, 1350, 1796])
def test_a_single_digit_equals_its_row_in_the_table(row: int) -> None:
    assert np.array_equal(digit(row), digits()[0][row])


@pytest.mark.parametrize("read", [iris, digits, student_day])
def test_tables_are_read_once_and_cannot_be_changed(read: Callable[[], tuple[Floats, Floats]]) -> None:
    once, again = read(), read()
    assert once[0] is again[0]
    for array in once:
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0.0


@pytest.mark.parametrize("name", ["iris", "digits", "student_day"])
def test_every_table_states_its_source(name: str) -> None:
    source = asset(f"data/{name}.SOURCE.txt").read_text(encoding="utf-8")
    assert "Licen" in source
    if name != "student_day":
        assert "CC BY 4.0" in source
        assert "BSD 3-Clause License" in asset("data/LICENSE-scikit-learn.txt").read_text(encoding="utf-8")


def test_student_day_follows_its_documented_rule() -> None:
    inputs, target = student_day()
    play, study, sleep = inputs.T
    score = study + 0.4 * (sleep - 7) - 0.3 * play
    assert np.array_equal(score > 2, target == 1)
    # A margin on both sides, so that a small network can learn the rule from a dozen rows.
    assert np.abs(score - 2).min() > 0.4
