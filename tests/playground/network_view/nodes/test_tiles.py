"""The small pictures in the nodes."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtGui import QColor

from playground.network_view.nodes.tiles import (
    add_dots,
    curve_tiles,
    grey,
    heat_map_tiles,
    histogram_tiles,
    image_tiles,
    round_corners,
)
from playground.style.theme import DARK, LIGHT
from playground.widgets.heat_map import colours_of, resampling

TABLE = LIGHT.sign_table()
NEGATIVE, ZERO, POSITIVE = TABLE[0], TABLE[128], TABLE[255]


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_the_ends_of_the_scale_have_the_sign_colours(theme: object) -> None:
    table = theme.sign_table()  # type: ignore[attr-defined]
    colours = colours_of(np.array([-9.0, -2.0, 0.0, 2.0, np.inf, np.nan]), 2.0, table)
    assert colours.tolist() == [table[i] for i in (0, 0, 128, 255, 255, 128)]
    assert table[0] == QColor(theme.negative).rgb()  # type: ignore[attr-defined]


@pytest.mark.parametrize(("points", "pixels"), [(1, 5), (2, 7), (24, 15), (24, 44), (64, 64)])
def test_resampling_keeps_straight_lines_straight(points: int, pixels: int) -> None:
    matrix = resampling(points, pixels)
    assert matrix.sum(axis=1) == pytest.approx(np.ones(pixels), abs=1e-6)
    line = matrix @ np.arange(points)
    inside = (line > 0) & (line < points - 1)
    assert np.diff(line[inside]) == pytest.approx(np.full(max(inside.sum() - 1, 0), points / pixels), abs=1e-4)


def test_each_neuron_gets_its_own_heat_map() -> None:
    values = np.stack([np.full((6, 6), -1.0), np.linspace(-1, 1, 6)[:, None].repeat(6, axis=1)], axis=2)
    tiles = heat_map_tiles([values], np.ones(2), 12, TABLE)
    assert tiles.shape == (2, 12, 12)
    assert (tiles[0] == NEGATIVE).all()
    assert tiles[1, 0, 0] == POSITIVE
    assert tiles[1, -1, 0] == NEGATIVE


def test_one_infinite_value_leaves_the_rest_of_the_map_visible() -> None:
    values = np.full((6, 6, 1), -1.0)
    values[0, 0] = np.inf
    values[5, 5] = np.nan
    tiles = heat_map_tiles([values], np.ones(1), 6, TABLE)
    assert tiles[0, 5, 0] == POSITIVE
    assert tiles[0, 0, 5] == ZERO
    assert tiles[0, 3, 3] == NEGATIVE


def test_a_curve_is_filled_between_zero_and_its_value() -> None:
    tiles = curve_tiles(np.linspace(-1, 1, 40)[:, None], np.ones(1), 20, TABLE)
    assert tiles[0, 1, -1] == tiles[0, 9, -1] != ZERO
    assert tiles[0, 1, 0] == ZERO
    assert tiles[0, 18, 0] != ZERO


def test_a_histogram_is_highest_where_most_values_are() -> None:
    values = np.array([[0.9]] * 8 + [[-0.9]] * 2)
    tiles = histogram_tiles(values, np.ones(1), 28, TABLE, 0xFF000000)
    filled = (tiles[0] != 0xFF000000).sum(axis=0)
    assert filled[-1] > filled[0] > 0
    assert filled[14] == 0


def test_values_that_are_never_negative_use_the_whole_width() -> None:
    tiles = histogram_tiles(np.zeros((9, 1)), np.ones(1), 28, TABLE, 0xFF000000)
    assert (tiles[0, -1] != 0xFF000000)[:2].all()
    assert not (tiles[0, -1] != 0xFF000000)[4:].any()


def test_incoming_weights_are_shown_row_by_row() -> None:
    weights = np.zeros((64, 1))
    weights[7], weights[56] = 1.0, -1.0
    tiles = image_tiles(weights, np.ones(1), 16, TABLE)
    assert tiles[0, 0, 15] == POSITIVE
    assert tiles[0, 15, 0] == NEGATIVE
    assert tiles[0, 8, 8] == ZERO


def test_corners_are_rounded_and_dots_are_painted() -> None:
    tiles = np.full((3, 40, 40), POSITIVE, dtype=np.uint32)
    round_corners(tiles, 6.0, 0xFFFFFFFF, 0xFF000000, 1.0)
    assert tiles[0, 0, 0] == tiles[0, 39, 39] == 0xFFFFFFFF
    assert tiles[0, 20, 20] == POSITIVE
    rim = int(tiles[0, 0, 20])
    assert rim == tiles[0, 20, 0] == tiles[0, 39, 20]
    assert [rim >> shift & 0xFF for shift in (16, 8, 0)] == [
        (int(POSITIVE) >> shift & 0xFF) // 2 for shift in (16, 8, 0)
    ]
    add_dots(tiles, np.array([0, 2]), (5.0, 35.0), 4.0, 1.5, np.array([NEGATIVE, ZERO]), 0xFFFFFFFF)
    assert [int(t[35, 5]) for t in tiles] == [NEGATIVE, POSITIVE, ZERO]


def test_dropped_neurons_lose_their_colour() -> None:
    tiles = np.full((2, 4, 4), NEGATIVE, dtype=np.uint32)
    grey(tiles, np.array([False, True]), 0xFFFFFFFF)
    assert (tiles[0] == NEGATIVE).all()
    red, green, blue = ((int(tiles[1, 0, 0]) >> shift) & 0xFF for shift in (16, 8, 0))
    assert red == green == blue
