"""The layout of the network picture: everything is inside, nothing overlaps, wide layers fold."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.network_view.layout.geometry import MIN_SPACING, Layout, Request, lay_out
from playground.network_view.layout.viewport import Viewport


def layout_of(*counts: int, width: float = 816, height: float = 400, **options: object) -> Layout:
    return lay_out(
        Request(counts=counts, width=width, height=height, scale=1.0, scroll=options.pop("scroll", {}), **options)
    )  # type: ignore[arg-type]


@given(
    counts=st.lists(st.integers(1, 512), min_size=2, max_size=12),
    height=st.integers(150, 1200),
    chips=st.sampled_from([0, 3, 7]),
)
def test_nodes_stay_in_the_area_and_do_not_touch(counts: list[int], height: int, chips: int) -> None:
    layout = layout_of(*counts, height=height, chips=chips)
    for column in layout.columns:
        assert 1 <= column.shown <= column.count
        assert column.above + column.shown + column.below == column.count
        assert (np.diff(column.ys) > column.node).all()
        assert column.ys[0] - column.node / 2 >= layout.top - 1
        assert column.ys[-1] + column.node / 2 <= layout.bottom + 1
    for a, b in itertools.pairwise(layout.columns):
        assert a.right + 10 < b.left


def test_a_layer_of_sixteen_is_shown_whole_in_the_usual_window() -> None:
    assert [column.shown for column in layout_of(2, *[16] * 10, 1).columns] == [2, *[16] * 10, 1]


def test_a_wide_layer_folds_and_scrolls_to_its_end() -> None:
    column = layout_of(2, 64, 1).columns[1]
    assert column.above == 0
    assert column.below == 64 - column.shown > 0
    end = layout_of(2, 64, 1, scroll={1: 10_000}).columns[1]
    assert (end.below, end.above + end.shown) == (0, 64)
    assert end.y_of(63) == pytest.approx(end.ys[-1])
    assert end.y_of(0) is None


def test_fifty_layers_are_wider_than_the_view_but_never_narrower_than_the_smallest_spacing() -> None:
    layout = layout_of(2, *[8] * 50, 1)
    assert layout.width > 816
    assert layout.spacing == MIN_SPACING
    assert not layout.wide
    assert layout_of(2, 4, 2, 1).wide


def test_equal_layers_have_equal_gaps() -> None:
    layout = layout_of(2, *[16] * 10, 1)
    widths = {layout.gap_ends(gap)[2] - layout.gap_ends(gap)[0] for gap in range(1, 10)}
    assert len(widths) == 1


def test_pixels_of_an_image_of_features_are_found_where_they_are_drawn() -> None:
    layout = layout_of(64, 10, 1, image=True)
    column = layout.columns[0]
    assert column.image
    for number in (0, 7, 8, 35, 63):
        left, top, width, height = column.pixel_box(number)
        assert layout.node_at(left + width / 2, top + height / 2) == (0, number)
    assert layout.node_at(column.left - 3, column.top + 5) is None


def test_nodes_and_bias_dots_are_found_where_they_are_drawn() -> None:
    layout = layout_of(2, 40, 3, scroll={1: 12})
    column = layout.columns[1]
    assert layout.node_at(column.x, float(column.ys[3])) == (1, 15)
    assert layout.node_at(column.x + column.node, float(column.ys[3])) is None
    dot = layout.bias_dot(1, 15)
    assert dot is not None
    assert layout.node_at(dot[0], dot[1]) == (1, 15)
    assert layout.bias_dot(0, 0) is None
    assert layout.bias_dot(1, 5) is None


def test_zooming_keeps_the_point_under_the_mouse_and_panning_stays_inside() -> None:
    view = Viewport()
    view.set_sizes((800, 400), (3000, 400))
    before = view.to_picture(300, 200)
    view.zoom_at(300, 200, 2.0)
    assert view.to_picture(300, 200) == pytest.approx(before)
    view.pan(-1e6, 0)
    assert view.visible()[1] == pytest.approx(3000)
    assert not view.pan(-10, 0)
    view.fit()
    assert view.zoom == pytest.approx(800 / 3000)
    assert not view.can_pan
    view.fit()
    assert view.zoom == 1.0
    view.reveal(2900, 3000)
    assert view.visible()[1] >= 3000 - 1e-9
