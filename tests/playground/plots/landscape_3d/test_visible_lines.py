"""A path over a height field is drawn completely: visible parts are not covered, and hidden parts are distinguishable."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from PySide6.QtCore import QRectF

from core.arrays import Floats
from playground.plots.landscape_3d.height_field import Camera, HeightField
from playground.plots.landscape_3d.visible_lines import visible_lines
from playground.style.theme import LIGHT, Style

X = np.linspace(-1.0, 1.0, 21)
ROOM = QRectF(0.0, 0.0, 800.0, 600.0)
FRONT = Camera(azimuth=0.0, elevation=20.0)
"""Looks along the second axis."""


def field_of(heights: Floats) -> HeightField:
    return HeightField(X, X, heights, (0.0, 1.0), FRONT, ROOM, Style(LIGHT))


def places(field: HeightField, points: Floats) -> Floats:
    return field.at(points[:, 0], points[:, 1], points[:, 2])[:, :2]


@pytest.mark.parametrize("turn", [0.0, 35.0, 120.0, 250.0])
def test_long_lines_on_a_bowl_are_whole(turn: float) -> None:
    bowl = 0.5 * (X**2 + X[:, np.newaxis] ** 2)
    field = HeightField(X, X, bowl, (0.0, 1.0), Camera(azimuth=turn, elevation=50.0), ROOM, Style(LIGHT))
    ends = np.array([[-0.8, -0.3], [0.7, 0.4], [-0.6, 0.5], [0.5, -0.6]])
    path = np.column_stack([ends, 0.5 * (ends**2).sum(axis=1)])
    seen = visible_lines(field, path)
    assert [each.line for each in seen] == [0, 1, 2]
    assert not any(each.is_hidden for each in seen)
    at = places(field, path)
    for each in seen:
        assert each.start == pytest.approx(at[each.line])
        assert each.end == pytest.approx(at[each.line + 1])


def test_the_part_behind_a_ridge_is_hidden_and_the_parts_join() -> None:
    ridge = np.zeros((21, 21))
    ridge[8:10, 7:14] = 0.9  # before the line, in its middle
    field = field_of(ridge)
    path = np.array([[-0.9, 0.3, 0.02], [0.9, 0.3, 0.02]])
    seen = visible_lines(field, path)
    assert [each.is_hidden for each in seen] == [False, True, False]
    at = places(field, path)
    assert seen[0].start == pytest.approx(at[0])
    assert seen[-1].end == pytest.approx(at[1])
    for before, after in pairwise(seen):
        assert before.end == pytest.approx(after.start)
    hidden = (seen[1].end - seen[1].start)[0] / (at[1] - at[0])[0]
    assert hidden == pytest.approx(0.7 / 1.8, abs=0.06)  # the ridge is 0.6 to 0.8 wide with its sides


def test_no_line_leads_to_a_point_that_is_not_finite() -> None:
    field = field_of(np.zeros((21, 21)))
    path = np.array([[-0.9, 0.0, 0.1], [0.0, 0.0, np.nan], [0.2, 0.1, 0.2], [0.9, 0.0, 0.1]])
    assert [each.line for each in visible_lines(field, path)] == [2]
    assert visible_lines(field, path[:2]) == []
