"""Edges as numbers and as pixels: strengths, hit tests, and the fast drawing of many."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtGui import QImage, QPainter
from pytestqt.qtbot import QtBot

from core.experiment import Experiment, HiddenLayer, NetworkSettings
from playground.network_view.builder import PictureBuilder
from playground.network_view.edges import layer as edge_layer
from playground.network_view.edges.curves import curve_share, edge_path, nearest_edge
from playground.network_view.edges.layer import EdgeLayer
from playground.network_view.edges.pens import LEVELS, crowding, levels_of, pen_look
from playground.network_view.edges.raster import Pencil, drawn, ink_of
from playground.network_view.edges.values import full_width_value, gap_values, strengths
from playground.network_view.layout.geometry import Layout, Request, lay_out
from playground.style.theme import LIGHT, Style
from tests.playground.factory import network, snapshot_of

RED, BLUE, GREY = 0xFFFF0000, 0xFF0000FF, 0xFF888888
THIN = [Pencil(1.0, 1.0, 0), Pencil(1.0, 1.0, 1), Pencil(1.0, 1.0, 2)]


def layout_of(*counts: int) -> Layout:
    return lay_out(Request(counts=counts, width=816, height=400, scale=1.0, scroll={}))


def test_strengths_are_signed_shares_and_accept_non_finite_values() -> None:
    values = np.array([[-2.0, 0.0, 1.0], [np.nan, np.inf, -np.inf]])
    assert strengths(values, 2.0).tolist() == [[-1.0, 0.0, 0.5], [0.0, 1.0, -1.0]]
    assert not strengths(values, 0.0).any()
    assert not strengths(values, float("nan")).any()


def test_the_smallest_edge_keeps_its_sign_and_the_largest_has_the_last_level() -> None:
    levels = levels_of(np.array([-1.0, -1e-6, 0.0, 1e-6, 1.0], dtype=np.float32))
    assert levels.tolist() == [-LEVELS, -1, 0, 1, LEVELS]


def test_a_vanished_gradient_is_faint_and_strength_sets_width_and_opacity() -> None:
    looks = [pen_look(level) for level in range(1, LEVELS + 1)]
    assert looks == sorted(looks)
    assert levels_of(np.array([0.001, 0.02], dtype=np.float32)).tolist() == [1, 2]
    assert looks[0][1] < 0.5 * looks[1][1]


def test_edges_show_the_weights_the_gradients_and_the_updates_of_their_layer() -> None:
    snapshot = snapshot_of(Experiment(), steps=3)
    layout = layout_of(2, 4, 2, 1)
    assert (gap_values(snapshot, "weight", layout, 1) == snapshot.network.weights(1)).all()
    architecture = snapshot.network.architecture
    assert (gap_values(snapshot, "gradient", layout, 0) == architecture.weights(snapshot.gradients.flat, 0)).all()
    assert (gap_values(snapshot, "update", layout, 2) == architecture.weights(snapshot.last_update, 2)).all()
    weights = snapshot.network.parameters[architecture.is_weight]
    assert full_width_value(snapshot, "weight") == np.abs(weights).max()


def test_a_picture_of_another_shape_than_the_snapshot_shows_no_edges() -> None:
    snapshot = snapshot_of(Experiment())
    assert not gap_values(snapshot, "weight", layout_of(2, 5, 2, 1), 0).any()
    assert not gap_values(snapshot, "weight", layout_of(2, 4, 2, 3, 1), 3).any()
    assert not gap_values(None, "weight", layout_of(2, 4, 1), 0).any()


def test_a_folded_layer_shows_the_edges_of_the_neurons_in_its_window() -> None:
    experiment = Experiment(network=NetworkSettings(hidden=(HiddenLayer(units=60), HiddenLayer(units=3))))
    snapshot = snapshot_of(experiment)
    layout = lay_out(Request(counts=(2, 60, 3, 1), width=816, height=400, scale=1.0, scroll={1: 20}))
    shown = layout.columns[1].shown
    assert (gap_values(snapshot, "weight", layout, 1) == snapshot.network.weights(1)[20 : 20 + shown]).all()


@pytest.mark.parametrize(("source", "target"), [(0, 0), (1, 3), (3, 1), (4, 4)])
def test_the_edge_nearest_to_the_mouse_is_hit(source: int, target: int) -> None:
    layout = layout_of(2, 5, 5, 1)
    x0, ys0, x1, ys1 = layout.gap_ends(1)
    along, across = curve_share()
    at = 8  # off the middle, where many edges cross
    x, y = x0 + (x1 - x0) * along[at], ys0[source] + (ys1[target] - ys0[source]) * across[at]
    assert nearest_edge(layout, 1, float(x), float(y) + 0.4, 5.0) == (source, target)
    assert nearest_edge(layout, 1, float(x), 5.0, 5.0) is None


def test_the_curve_is_the_painters_cubic() -> None:
    path = edge_path(10.0, 20.0, 110.0, 220.0)
    points = np.array([(path.elementAt(i).x, path.elementAt(i).y) for i in range(4)])
    t = np.linspace(0, 1, 7)[:, None]
    cubic = (
        (1 - t) ** 3 * points[0] + 3 * (1 - t) ** 2 * t * points[1] + 3 * (1 - t) * t**2 * points[2] + t**3 * points[3]
    )
    along, across = curve_share(7)
    assert cubic == pytest.approx(np.column_stack([10 + 100 * along, 20 + 200 * across]))


def test_fast_edges_agree_with_the_painter() -> None:
    width, height = 80, 160
    ys0, ys1 = np.array([10.0, 40.0, 150.0]), np.array([20.0, 80.0, 140.0])
    levels = np.full(9, 1)
    pixels = drawn(ink_of(width, height, ys0, ys1), levels, THIN, (RED, BLUE, GREY))
    image = QImage(width, height, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(0)
    with QPainter(image) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for a in ys0:
            for b in ys1:
                painter.drawPath(edge_path(0, float(a), width, float(b)))
    wanted = np.frombuffer(image.constBits(), dtype=np.uint32).reshape(height, width) >> 24
    ours = (pixels >> 24).astype(float)
    assert np.corrcoef(ours.ravel(), wanted.ravel().astype(float))[0, 1] > 0.9
    assert ours.sum() == pytest.approx(float(wanted.sum()), rel=0.15)


@pytest.mark.parametrize("rise", [0.0, 30.0, 300.0])
def test_the_ink_of_an_edge_is_its_length(rise: float) -> None:
    ink = ink_of(100, 340, np.array([20.0]), np.array([20.0 + rise]))
    along, across = curve_share(2001)
    length = np.hypot(np.diff(along * 100), np.diff(across * rise)).sum()
    assert ink.shares.sum() == pytest.approx(length, rel=0.03)


def test_fast_edges_have_the_colour_of_their_sign() -> None:
    ink = ink_of(40, 60, np.array([10.0, 50.0]), np.array([10.0, 50.0]))
    pixels = drawn(ink, np.array([0, 2, 2, 1]), THIN, (RED, BLUE, GREY))
    assert pixels[9, 20] & 0xFF0000
    assert not pixels[9, 20] & 0xFF
    assert pixels[49, 20] & 0xFF
    assert pixels[20, 20] == 0


def test_nothing_is_drawn_brighter_than_its_opacity_allows() -> None:
    ink = ink_of(30, 50, np.full(40, 25.0), np.full(40, 25.0))
    pixels = drawn(ink, np.full(1600, 1), THIN, (RED, BLUE, GREY))
    alpha, blue = pixels >> 24, pixels & 0xFF
    assert alpha.max() == 255
    assert (blue <= alpha).all()


def test_many_edges_are_drawn_thinner_than_few() -> None:
    assert crowding(layout_of(2, 4, 2, 1), 0) == 0
    assert crowding(layout_of(2, 16, 16, 1), 1) > 2


def test_the_full_width_of_a_large_network_is_its_largest_finite_weight() -> None:
    hidden = tuple(HiddenLayer(units=300) for _ in range(4))
    snapshot = snapshot_of(Experiment(network=NetworkSettings(hidden=hidden)))
    architecture = snapshot.network.architecture
    flat = snapshot.network.parameters
    flat[architecture.layers[2].start + 5] = -7.0
    flat[architecture.layers[3].bias_index(0)] = 100.0  # no weight
    assert full_width_value(snapshot, "weight") == 7.0
    flat[architecture.layers[1].start] = np.inf
    assert full_width_value(snapshot, "weight") == 7.0


def test_a_deep_network_is_complete_after_few_paints_however_busy_the_machine(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(edge_layer, "BUDGET_SECONDS", -1.0)  # as if other processes had used up the time
    builder = PictureBuilder(network(*(16,) * 40), Style(LIGHT))
    builder.set_size(1600.0, 400.0)
    builder.set_snapshot(snapshot_of(network(*(16,) * 40)))
    edges, image = EdgeLayer(), QImage(1600, 400, QImage.Format.Format_RGB32)
    paints = 0
    while not paints or edges.behind:
        with QPainter(image) as painter:
            edges.paint(painter, builder.picture(1.0, None, None), (-1e9, 1e9))
        paints += 1
        assert paints < 20
    assert len(edges._kept) == builder.layout.gaps
    assert 1 < paints <= 6
