"""The network fits its view: larger in a large one, complete in a small one, and nothing covers its neurons."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from PySide6.QtCore import QPointF, QRectF, QSizeF

from core.experiment import Experiment
from core.experiment.presets import preset
from playground.network_view.canvas.hover_label import label_box
from playground.network_view.layout.fit import MAX_GROWTH, MIN_NAMED_SCALE, MIN_SCALE, fitted_scale
from playground.network_view.layout.geometry import Request, lay_out
from tests.playground.factory import network
from tests.playground.network_view.support import Show

VANISHING = (2, *[8] * 10, 1)


def test_the_default_window_has_scale_one() -> None:
    assert fitted_scale((2, 4, 2, 1), (816, 420), 1.0) == 1.0


def test_a_larger_view_has_a_larger_network() -> None:
    assert fitted_scale((2, 4, 2, 1), (1640, 790), 1.0) == pytest.approx(MAX_GROWTH)
    assert 1.2 < fitted_scale(VANISHING, (1640, 790), 1.0) < MAX_GROWTH


def test_a_deep_network_is_scaled_down_while_names_stay_legible() -> None:
    assert MIN_SCALE < fitted_scale(VANISHING, (690, 360), 1.0) < 1.0
    assert fitted_scale((2, *[8] * 50, 1), (690, 360), 1.0) == MIN_SCALE
    assert fitted_scale((2, *[8] * 50, 1), (690, 360), 0.5) == pytest.approx(0.5)


@example(counts=[1, 35], width=400, height=1008, scale=1.4)
@given(
    counts=st.lists(st.integers(1, 64), min_size=2, max_size=12),
    width=st.integers(400, 2600),
    height=st.integers(260, 1400),
    scale=st.sampled_from([1.0, 1.4, 2.0]),
)
def test_growing_never_folds_a_layer(counts: list[int], width: int, height: int, scale: float) -> None:
    def folded(at: float) -> list[int]:
        layout = lay_out(Request(counts=tuple(counts), width=width, height=height, scale=at, scroll={}))
        return [column.above + column.below for column in layout.columns]

    fitted = fitted_scale(counts, (width, height), scale)
    assert fitted >= min(MIN_NAMED_SCALE * scale, MIN_SCALE) - 0.02
    if fitted > scale:
        assert all(now <= before for now, before in zip(folded(fitted), folded(scale), strict=True))


@pytest.mark.parametrize("size", [(560, 330), (690, 360), (716, 400), (816, 400), (1640, 790)])
@pytest.mark.parametrize("name", ["default", "vanishing-gradient", "iris"])
def test_inactive_features_stay_clear_of_the_first_layer(show: Show, size: tuple[int, int], name: str) -> None:
    _, view, _ = show(preset(name), size=size)
    layout = view.canvas.builder.layout
    chips = [control for control in view.canvas.builder.controls if control.action == "feature_on"]
    first, features = layout.columns[1], layout.columns[0]
    assert all(chip.box.right() <= first.left - 4 for chip in chips)
    assert all(chip.box.top() > features.bottom for chip in chips)
    assert all(chip.box.left() >= 0 and chip.box.bottom() <= layout.bottom + 1 for chip in chips)
    for a, b in itertools.pairwise(chips):
        assert not a.box.intersects(b.box)


@pytest.mark.parametrize("size", [(560, 330), (716, 400), (816, 400)])
def test_ten_layers_fit_the_view(show: Show, size: tuple[int, int]) -> None:
    _, view, _ = show(network(*[8] * 10), size=size)
    canvas = view.canvas
    last = canvas.builder.layout.columns[-1]
    assert canvas.viewport.to_view(last.right, 0)[0] <= canvas.width()
    assert canvas.builder.layout.height * canvas.viewport.zoom <= canvas.height() + 1


def boxes(network_of: Experiment, show: Show) -> tuple[np.ndarray, QSizeF]:
    _, view, _ = show(network_of)
    return view.canvas.builder.layout.node_boxes(), QSizeF(view.canvas.size())


def test_the_label_covers_no_neighbour_where_there_is_space(show: Show) -> None:
    nodes, size = boxes(network(4, 2), show)
    assert len(nodes) == 2 + 4 + 2 + 1
    for left, top, right, bottom in nodes:
        at = QPointF((left + right) / 2, (top + bottom) / 2)
        box = label_box(QSizeF(150, 80), at, size, nodes)
        others = [QRectF(QPointF(a, b), QPointF(c, d)) for a, b, c, d in nodes if (a, b) != (left, top)]
        assert len(others) == len(nodes) - 1
        assert not any(box.intersects(other) for other in others)
        assert not box.contains(at)
        assert QRectF(QPointF(), size).contains(box)


def test_the_label_is_never_under_the_mouse_and_covers_little_when_crowded(show: Show) -> None:
    nodes, size = boxes(network(*[8] * 10), show)
    for left, top, right, bottom in nodes:
        at = QPointF((left + right) / 2, (top + bottom) / 2)
        box = label_box(QSizeF(150, 80), at, size, nodes)
        assert not box.contains(at)
        covered = [box.intersected(QRectF(QPointF(a, b), QPointF(c, d))) for a, b, c, d in nodes]
        assert sum(max(each.width(), 0) * max(each.height(), 0) for each in covered) < 0.35 * 150 * 80
