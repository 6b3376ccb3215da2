"""An exported network uses its picture: nothing overlaps or leaves it, and nodes are as large as there is room."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.network_view.layout.figure import figure_scale, lay_out_figure
from playground.network_view.layout.geometry import Layout, Request, lay_out

SLIDE_SCALE = 1080 / 371


def figure_of(*counts: int, width: float = 1920, height: float = 900, labels: tuple[float, float] = (0, 0)) -> Layout:
    scale = figure_scale(counts, (width, height), min(SLIDE_SCALE, width / 210), labels)
    request = Request(
        counts=counts,
        width=width,
        height=height,
        scale=scale,
        scroll={},
        left_label=labels[0],
        right_label=labels[1],
    )
    return lay_out_figure(request)


@given(
    counts=st.lists(st.integers(1, 64), min_size=2, max_size=30),
    width=st.integers(600, 2000),
    height=st.integers(500, 1300),
    labels=st.tuples(st.sampled_from([0.0, 60.0, 240.0]), st.sampled_from([0.0, 200.0])),
)
def test_nodes_neither_overlap_nor_leave_the_picture(
    counts: list[int], width: int, height: int, labels: tuple[float, float]
) -> None:
    layout = figure_of(*counts, width=width, height=height, labels=labels)
    left, top, right, bottom = layout.node_boxes().T
    assert left.min() >= 0.0
    assert right.max() <= width
    assert top.min() >= layout.top - 1e-6
    assert bottom.max() <= layout.bottom + 1e-6
    for one, other in pairwise(layout.columns):
        assert one.right < other.left
    for column in layout.columns:
        assert (np.diff(column.ys) > column.node).all()
        assert column.shown + column.above + column.below == column.count


def test_a_small_network_fills_a_slide() -> None:
    layout = figure_of(2, 4, 2, 1)
    usual = lay_out(Request(counts=(2, 4, 2, 1), width=1920, height=900, scale=SLIDE_SCALE, scroll={}))
    before, now = (sum(each.node**2 * each.shown for each in made.columns) for made in (usual, layout))
    assert now > 1.7 * before
    boxes = layout.node_boxes()
    assert boxes[:, 2].max() - boxes[:, 0].min() > 0.85 * 1920
    tallest = layout.columns[1]
    assert tallest.bottom - tallest.top > 0.9 * (layout.bottom - layout.top)
    assert layout.wide


def test_headers_of_a_deep_network_do_not_overlap() -> None:
    layout = figure_of(2, *[8] * 50, 1)
    shown = [column.x for column in layout.columns if layout.has_header(column.index)]
    assert shown[-1] == layout.columns[-1].x
    assert min(np.diff(shown)) >= 40 * layout.scale
    assert layout.scale == SLIDE_SCALE, "names keep their size"
    assert layout.edge_scale < SLIDE_SCALE, "edges are thinner"


@pytest.mark.parametrize("layers", [10, 15])
def test_the_names_of_a_deep_network_keep_their_size_in_a_third_of_a_slide(layers: int) -> None:
    layout = figure_of(2, *[8] * layers, 1, width=640, labels=(60.0, 0.0))
    assert layout.scale == SLIDE_SCALE
    assert layout.names_above
    first, second, *_others, last = layout.columns
    assert first.x + layout.spacing / 2 - 14 * layout.scale > 59.0, "there is room for the names"
    assert min(np.diff(first.ys)) - first.node > 15 * layout.scale, "above the nodes, too"
    assert layout.width - last.x > 33.9 * layout.scale, "the last header keeps the margin"
    assert second.bottom - second.top > 0.8 * (layout.bottom - layout.top)


@pytest.mark.parametrize("label", [0.0, 60.0, 105.0, 150.0])
def test_every_column_of_two_hidden_layers_has_a_header_in_a_third_of_a_slide(label: float) -> None:
    layout = figure_of(3, 3, 2, 1, width=640, labels=(label, 0.0))
    assert all(layout.has_header(column.index) for column in layout.columns)


def test_long_names_move_above_the_nodes_of_a_narrow_picture() -> None:
    labels = (200.0, 160.0)
    assert not figure_of(4, 4, 3, labels=labels).names_above
    narrow = figure_of(4, 4, 3, width=640, labels=labels)
    assert narrow.names_above
    for column in (narrow.columns[0], narrow.columns[-1]):
        assert column.ys[0] - column.node / 2 - narrow.top > 10 * narrow.scale
        assert min(np.diff(column.ys)) - column.node > 10 * narrow.scale
    assert narrow.columns[0].x >= labels[0] / 2


@pytest.mark.parametrize("width", [640, 960, 1080, 1920])
def test_folded_layers_show_large_nodes(width: int) -> None:
    layout = figure_of(2, 64, 32, 1, width=width)
    folded = layout.columns[1]
    assert folded.below > 0
    assert folded.node > 18 * layout.scale
