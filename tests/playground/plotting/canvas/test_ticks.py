"""Tests of tick positions."""

from __future__ import annotations

import pytest

from playground.plotting.canvas.ticks import linear_ticks


@pytest.mark.parametrize("span", [5e-324, 2e-323])
def test_an_axis_over_too_small_a_range_has_no_ticks(span: float) -> None:
    assert linear_ticks(-span, span, 9) == ()


@pytest.mark.parametrize("span", [1e-300, 1e-310])
def test_an_axis_over_a_tiny_range_has_ticks(span: float) -> None:
    assert 2 <= len(linear_ticks(-span, span, 5)) <= 5
