"""Stable axis ranges, ticks, and decimation of curves."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.plotting.canvas.ranges import MAX_DECADES, DecadeRange, SpanRange, SymmetricRange, nice_ceiling
from playground.plotting.canvas.ticks import apart, decade_ticks, decimated, linear_ticks, thinned


def labels(ticks: tuple[tuple[float, str], ...]) -> list[str]:
    return [label for _, label in ticks]


def test_decades_contain_the_data_and_have_a_minimum_span() -> None:
    assert DecadeRange(3).fit(np.array([0.02, 0.3])) == (-3, 0)
    assert DecadeRange(1).fit(np.array([2e-5, 0.3])) == (-5, 0)
    assert DecadeRange(1).fit(np.array([0.01, 1.0])) == (-2, 0)


def test_decades_ignore_values_without_a_logarithm() -> None:
    assert DecadeRange(1).fit(np.array([0.0, -3.0, math.inf, math.nan, 0.5])) == (-1, 0)
    low, high = DecadeRange(3).fit(np.array([0.0, math.nan]))
    assert high - low == 3


def test_decades_grow_at_once_and_shrink_late() -> None:
    axis = DecadeRange(1)
    axis.fit(np.array([0.011, 0.9]))
    assert axis.fit(np.array([0.0011, 0.9])) == (-3, 0)
    assert axis.fit(np.array([0.011, 0.9])) == (-3, 0)
    assert axis.fit(np.array([0.11, 0.9])) == (-1, 0)


def test_the_number_of_decades_is_bounded() -> None:
    low, high = DecadeRange(1).fit(np.array([1e-300, 1.0]))
    assert (low, high) == (-MAX_DECADES, 0)


def test_symmetric_range_is_kept_until_half_of_it_is_empty() -> None:
    axis = SymmetricRange()
    assert axis.fit(3.2) == 4.0
    assert axis.fit(2.1) == 4.0
    assert axis.fit(1.9) == 2.0
    assert axis.fit(math.inf) == 2.0
    assert SymmetricRange(4.0).fit(0.0) == 4.0


@given(st.floats(1e-200, 1e200))
def test_nice_ceiling_is_slightly_above_the_value(value: float) -> None:
    assert value * (1 - 1e-9) <= nice_ceiling(value) <= 1.55 * value


@given(st.floats(-1e6, 1e6), st.floats(1e-3, 1e6), st.floats(-0.2, 0.2))
def test_span_range_contains_its_data(low: float, span: float, move: float) -> None:
    axis = SpanRange()
    for a, b in ((low, low + span), (low + move * span, low + span)):
        bottom, top = axis.fit(a, b)
        assert bottom <= a
        assert b <= top
        assert top - bottom < 4 * (b - a)


def test_ticks_meet_the_ends_of_the_plane() -> None:
    assert labels(linear_ticks(-6.0, 6.0, 5)) == ["−6", "−3", "0", "3", "6"]
    assert labels(linear_ticks(-6.0, 6.0, 3)) == ["−6", "0", "6"]
    assert labels(linear_ticks(0.0, 1260.0, 4)) == ["0", "500", "1\u2009000"]
    assert labels(linear_ticks(0.0, 1.0, 5)) == ["0", "0.25", "0.50", "0.75", "1.00"]


@given(st.floats(-1e6, 1e6), st.floats(1e-2, 1e9), st.integers(1, 12))
def test_ticks_are_inside_the_range_few_and_evenly_spaced(low: float, span: float, max_ticks: int) -> None:
    high = low + span
    ticks = linear_ticks(low, high, max_ticks)
    positions = np.array([value for value, _ in ticks])
    assert len(ticks) <= max_ticks
    assert np.all((positions >= low - 1e-6 * span) & (positions <= high + 1e-6 * span))
    if len(ticks) > 2:
        np.testing.assert_allclose(np.diff(positions), np.diff(positions)[0], rtol=1e-6)
    if max_ticks >= 3 and abs(low) < 1e3 * span:
        assert ticks


def test_an_empty_range_has_no_ticks() -> None:
    assert linear_ticks(1.0, 1.0, 5) == ()
    assert linear_ticks(0.0, math.nan, 5) == ()


def test_decade_labels_are_plain_near_one_and_powers_beyond() -> None:
    assert labels(decade_ticks(-3, 0, 6)) == ["1", "0.1", "0.01", "0.001"]
    assert labels(decade_ticks(-6, 0, 4)) == ["1", "10⁻²", "10⁻⁴", "10⁻⁶"]
    assert labels(decade_ticks(0, 3, 4)) == ["1\u2009000", "100", "10", "1"]


@given(st.integers(1, 200), st.integers(2, 20))
def test_thinned_indices_start_at_0_and_are_few(count: int, max_ticks: int) -> None:
    kept = thinned(count, max_ticks)
    assert kept[0] == 0
    assert kept == sorted(set(kept))
    assert kept[-1] < count
    assert len(kept) <= max_ticks + 1


def test_thinned_layers_have_round_numbers() -> None:
    assert [index + 1 for index in thinned(50, 7)] == [1, 10, 20, 30, 40, 50]


@given(st.integers(1, 3000), st.integers(0, 5))
def test_decimation_keeps_the_extremes(count: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    x, y = np.arange(float(count)), rng.standard_normal(count)
    xs, ys = decimated(x, y, 400)
    assert len(xs) <= 402
    assert ys.max() == y.max()
    assert ys.min() == y.min()
    assert np.all(np.diff(xs) > 0)
    np.testing.assert_array_equal(ys, y[xs.astype(int)])


def test_decimation_accepts_nan() -> None:
    y = np.full(2000, np.nan)
    y[700] = 3.0
    xs, ys = decimated(np.arange(2000.0), y, 100)
    assert 3.0 in ys
    assert len(xs) <= 102


def test_a_log_axis_contains_the_current_value_after_an_excursion() -> None:
    values = np.array([0.5, 1e88, 1e-3, 2e-4])
    low, high = DecadeRange(1).fit(values, (0.5, 2e-4))
    assert low <= -4
    assert high >= 0
    assert high - low <= MAX_DECADES
    assert DecadeRange(1).fit(values)[1] == 88


def test_a_log_axis_keeps_the_start_visible_however_far_the_loss_has_fallen() -> None:
    low, high = DecadeRange().fit(np.geomspace(0.5, 1e42, 50), (0.5, 1e42))
    assert (low, high) == (-1, 42)
    low, high = DecadeRange().fit(np.geomspace(3.0, 1e-40, 50), (3.0, 1e-40))
    assert (low, high) == (-40, 1)


@pytest.mark.parametrize("low", [0.0, 1e6, 2.5e7, 1.23456e6, -3e8, 1e-4, 5e-4])
@pytest.mark.parametrize("span", [1e-5, 3.0, 10.0, 250.0, 4e6])
@pytest.mark.parametrize("max_ticks", [2, 5, 9])
def test_tick_labels_are_distinct(low: float, span: float, max_ticks: int) -> None:
    ticks = linear_ticks(low, low + span, max_ticks)
    assert len({label for _, label in ticks}) == len(ticks)


def test_labels_that_would_cover_each_other_are_left_out_between_the_ends() -> None:
    assert apart([0.0, 10.0, 20.0], 10.0) == {0, 1, 2}
    assert apart([0.0, 10.0, 18.0], 10.0) == {0, 2}
    assert apart([0.0, 5.0], 10.0) == {0}
    assert apart([40.0, 30.0, 20.0, 10.0, 0.0], 15.0) == {0, 2, 4}
    assert apart([], 10.0) == set()
