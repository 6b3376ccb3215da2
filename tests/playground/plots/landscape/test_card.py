"""The landscape cards show the core's surface and the path at its true loss, and the 3-D view can be rotated."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace
from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from core.analysis.landscape import mean_loss
from core.analysis.loss_surface import PLANES
from core.experiment import DataSettings, Experiment, HiddenLayer, NetworkSettings, TrainingSettings
from core.network import Network
from core.training.recorders.parameter_path import NO_PATH
from core.training.snapshot import Snapshot
from playground.plots import Landscape3DPlot, LandscapePlot
from playground.plots.landscape.data import (
    COARSE,
    COARSE_POINTS,
    FINE,
    contours_of,
    distinct,
    interpolate,
    landscape_data,
    landscape_sentences,
    side_for,
    surface_heights,
)
from playground.plots.landscape.picture import MIN_OPACITY, _paint_track, path_opacities, plane_of
from playground.plots.landscape.track import Track
from playground.plots.landscape.typeset import landscape_plot
from playground.plots.landscape_3d.picture import HEIGHT, Camera
from playground.plotting.canvas.canvas import Area
from playground.session.selection import Selection
from playground.style.numbers import percent, short
from playground.style.theme import DARK, LIGHT, Style
from tests.playground.factory import snapshot_of
from tests.playground.plots.support import colours, make, picture, rgb

KINDS = (LandscapePlot, Landscape3DPlot)


@pytest.fixture(scope="module")
def snapshot() -> Snapshot:
    return snapshot_of(Experiment(training=TrainingSettings(learning_rate=0.1)), steps=40)


def settled(
    qtbot: QtBot, kind: type, snapshot: Snapshot, choice: str = "path", size: tuple[int, int] = (420, 400)
) -> Any:
    card = make(qtbot, kind, size=size)
    card.choose_plane(choice)
    card.show_snapshot(snapshot)
    qtbot.waitUntil(lambda: card.is_settled and card.shown() is not None and card.shown().is_fine, timeout=60_000)
    return card


@pytest.mark.parametrize("choice", PLANES)
def test_row18_the_table_and_the_path_contain_true_losses(qtbot: QtBot, snapshot: Snapshot, choice: str) -> None:
    card = settled(qtbot, LandscapePlot, snapshot, choice)
    data, network = card.shown(), snapshot.network
    plane, path = data.surface.plane, data.surface.path
    rows = card.figure_table().rows
    assert len(rows) == len(data.x) * len(data.y)
    for row, column in ((0, 0), (3, 5)):
        point = (
            network.parameters + plane.first_offsets[column] * plane.first + plane.second_offsets[row] * plane.second
        )
        true = mean_loss(Network(network.architecture, point), snapshot.data.x_train, snapshot.data.y_train)
        x, y, loss = rows[row * len(data.x) + column]
        assert (x, y) == (data.x[column], data.y[row])
        assert loss == pytest.approx(true, rel=1e-12)
    assert data.steps.tolist() == [0, 40]
    assert path.losses[-1] == pytest.approx(snapshot.scores.train_loss, rel=1e-12)
    start = Network(network.architecture, snapshot.path.points[0])
    assert path.losses[0] == pytest.approx(mean_loss(start, snapshot.data.x_train, snapshot.data.y_train), rel=1e-12)
    assert data.path[-1] == pytest.approx(data.here, abs=1e-9)


def test_coarse_while_training_and_fine_when_paused(qtbot: QtBot, snapshot: Snapshot) -> None:
    card = make(qtbot, LandscapePlot, size=(420, 400))
    card.show_snapshot(replace(snapshot, playing=True))
    qtbot.waitUntil(lambda: card.shown() is not None)
    assert len(card.shown().x) == side_for(snapshot, COARSE)
    assert not card.shown().is_fine
    card.show_snapshot(replace(snapshot, generation=1))
    qtbot.waitUntil(lambda: card.shown().is_fine)
    assert len(card.shown().x) == side_for(snapshot, FINE) > side_for(snapshot, COARSE)


def test_a_large_network_gets_fewer_points() -> None:
    hidden = tuple(HiddenLayer(units=16) for _ in range(50))
    large = snapshot_of(Experiment(network=NetworkSettings(hidden=hidden)))
    assert side_for(large, COARSE) == COARSE[0]


def test_two_selected_weights_span_the_plane(qtbot: QtBot, snapshot: Snapshot) -> None:
    card = settled(qtbot, LandscapePlot, snapshot, "weights")
    steepest = np.argsort(-np.abs(snapshot.gradients.flat))[:2].tolist()
    moved = {int(np.flatnonzero(d)[0]) for d in (card.shown().surface.plane.first, card.shown().surface.plane.second)}
    assert moved <= set(steepest) | set(np.argsort(-np.abs(snapshot.gradients.flat))[:4].tolist())
    session = card._session
    session.select(Selection("weight", 0, 2, 1))
    session.select(Selection("bias", 1, 1))
    wanted = ("along W₁[2,3], weight from x₂ to hidden 1 · 3", "along b₂[2], bias of hidden 2 · 2")
    qtbot.waitUntil(lambda: card.shown().names == wanted and card.is_settled)
    assert card.shown().short_names == ("W₁[2,3]", "b₂[2]")
    layer = snapshot.network.architecture.layers[0]
    assert card.shown().here[0] == snapshot.network.parameters[layer.weight_index(1, 2)]


def test_row18_axes_have_descriptive_names(qtbot: QtBot, snapshot: Snapshot) -> None:
    card = settled(qtbot, LandscapePlot, snapshot, "random")
    assert card.shown().names[0] == "random direction 1, filter-normalized"
    card.choose_plane("path")
    qtbot.waitUntil(lambda: card.is_settled and card.shown().surface.choice == "path")
    assert card.shown().names[0] == f"principal direction 1 ({percent(1.0, 0)} of the path)"


def test_only_coordinates_in_the_same_plane_are_compared(qtbot: QtBot, snapshot: Snapshot) -> None:
    other = snapshot_of(Experiment(training=TrainingSettings(learning_rate=0.2)), steps=40)
    planes = [settled(qtbot, LandscapePlot, each).shown() for each in (snapshot, other)]
    wide = replace(planes[1], x=3.0 * planes[1].x, names=planes[0].names)
    assert plane_of(planes[0], planes) == plane_of(planes[0], (planes[0], wide)), "though the names are the same"
    random = settled(qtbot, LandscapePlot, snapshot, "random").shown()
    wide = replace(random, x=3.0 * random.x)
    assert plane_of(random, (random, wide))[0] == (wide.x[0], wide.x[-1])
    panes = [landscape_plot(each, Style(LIGHT)).panes[0] for each in (planes[0], planes[1], random)]
    assert len({pane.plane for pane in panes}) == 3


def test_two_weights_are_asked_for_until_they_are_chosen(qtbot: QtBot, snapshot: Snapshot) -> None:
    card = settled(qtbot, LandscapePlot, snapshot, "weights", size=(700, 400))
    session = card._session
    assert card.accessibleDescription().startswith("click two weights in the network")
    for selection, words in ((Selection("weight", 0, 0, 1), "click another"), (Selection("weight", 1, 1, 0), "loss ")):
        session.select(selection)
        qtbot.waitUntil(lambda words=words: card.is_settled and card.accessibleDescription().startswith(words))


def test_a_coarse_surface_costs_little_even_with_a_long_path(qtbot: QtBot, snapshot: Snapshot) -> None:
    rng = np.random.default_rng(1)
    points = tuple(
        snapshot.network.parameters + 0.01 * rng.normal(size=len(snapshot.network.parameters)) for _ in range(150)
    )
    path = replace(snapshot.path, steps=np.arange(151), points=(*points, snapshot.network.parameters))
    long = replace(snapshot, path=path)
    for limits, count in ((COARSE, COARSE_POINTS), (FINE, 151)):
        data = landscape_data(long, "path", (0, 1), 1, lambda *_: True, limits=limits)
        assert data is not None
        assert len(data.path) == len(data.steps) == count


def test_the_sentence_reports_losses_and_the_share_of_the_path_in_the_plane(qtbot: QtBot, snapshot: Snapshot) -> None:
    card = settled(qtbot, LandscapePlot, snapshot, size=(900, 400))
    text = card._sentence.text()
    assert f"loss {snapshot.scores.train_loss:.2g}"[:8] in text
    assert "100" in text, "a path of two points lies on a line"
    untrained = settled(qtbot, LandscapePlot, snapshot_of(), size=(900, 400))
    assert "train to see the path" in untrained._sentence.text()
    assert untrained.shown().names[0] == "random direction 1, filter-normalized", (
        "there is no path to have directions of"
    )


def test_parameters_too_large_for_a_surface_are_no_overflow_of_the_network(qtbot: QtBot, snapshot: Snapshot) -> None:
    # As after a divergence: the output's bias is huge, and the loss is still finite.
    network = snapshot.network
    flat = network.parameters.copy()
    flat[network.architecture.layers[-1].bias] = 1e120
    diverged = replace(network, parameters=flat)
    assert np.isfinite(mean_loss(diverged, snapshot.data.x_train, snapshot.data.y_train))
    card = settled(qtbot, LandscapePlot, replace(snapshot, network=diverged, path=NO_PATH))
    assert card.sentence == "the parameters are too large for a surface around them; rewind to see one"


def test_a_straight_path_lies_in_its_plane(qtbot: QtBot, snapshot: Snapshot) -> None:
    start, end = snapshot.path.points[0], snapshot.network.parameters
    others = [start + move for move in np.random.default_rng(2).normal(size=(3, len(start)))]
    sentences = []
    for points in ((start, end), (start, *others, end)):
        steps = np.linspace(0, snapshot.step, len(points)).astype(np.int64)
        path = replace(snapshot.path, points=points, steps=steps)
        data = settled(qtbot, LandscapePlot, replace(snapshot, path=path)).shown()
        assert len(data.path) == len(points)
        sentences.append(landscape_sentences(data)[0])
    assert [sentence.endswith("; maximum distance 0") for sentence in sentences] == [True, False]


def test_the_sentence_never_puts_the_lowest_point_above_the_present_one(qtbot: QtBot, snapshot: Snapshot) -> None:
    data = settled(qtbot, LandscapePlot, snapshot, "weights").shown()
    finite = data.surface.plane.losses[np.isfinite(data.surface.plane.losses)].min()
    low = float(min(finite, data.surface.path.losses.min()))
    above, below = (replace(data, loss=low * factor) for factor in (1.5, 0.5))
    assert landscape_sentences(above)[0].startswith(f"loss {short(1.5 * low, 2)} here, {short(low, 2)} at the lowest")
    assert landscape_sentences(below)[0].startswith(f"loss {short(0.5 * low, 2)} here, the lowest point shown;")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("choice", PLANES)
def test_the_path_is_drawn_in_both_themes(qtbot: QtBot, snapshot: Snapshot, kind: type, choice: str) -> None:
    card = settled(qtbot, kind, snapshot, choice)
    assert len(colours(picture(card))) > 40
    card.set_style(Style(DARK))
    assert rgb(DARK.panel) in colours(picture(card))


def test_opacity_decreases_with_distance_from_the_plane(qtbot: QtBot, snapshot: Snapshot) -> None:
    points = (
        *snapshot.path.points[:1],
        *(p + np.random.default_rng(1).normal(size=p.shape) for p in snapshot.path.points),
    )
    path = replace(snapshot.path, steps=np.arange(3), points=(*points[:2], snapshot.network.parameters))
    data = settled(qtbot, LandscapePlot, replace(snapshot, path=path), "weights").shown()
    opacities = path_opacities(data)
    assert opacities.min() == MIN_OPACITY
    assert opacities[-1] == 1.0, "the current point lies in the plane"
    order = np.argsort(data.surface.path.distances)
    assert (np.diff(opacities[order]) <= 0).all()


def test_stems_start_on_the_surface(qtbot: QtBot, snapshot: Snapshot) -> None:
    data = settled(qtbot, Landscape3DPlot, snapshot, "path").shown()
    heights = surface_heights(data, data.path)
    assert 10.0 ** heights[-1] == pytest.approx(snapshot.scores.train_loss, rel=0.02), "interpolated between points"


def test_the_camera_projects_by_azimuth_and_elevation() -> None:
    above = Camera(azimuth=0.0, elevation=90.0)
    seen = above.project(np.array([[0.5, 0.25, HEIGHT]]))[0]
    assert seen[:2] == pytest.approx((0.5, 0.25)), "a map, x to the right and y up"
    front = Camera(azimuth=0.0, elevation=0.0).project(np.array([[0.5, 0.25, 0.7]]))[0]
    assert front[:2] == pytest.approx((0.5, 0.7)), "from the front the height is up"
    points = np.random.default_rng(1).normal(size=(20, 3))
    turned = Camera(azimuth=123.0, elevation=34.0).project(points)
    lengths = np.linalg.norm(turned, axis=1)
    np.testing.assert_allclose(lengths, np.linalg.norm(points, axis=1)), "rotation preserves lengths"


def test_mouse_and_keys_rotate_and_zoom(qtbot: QtBot, snapshot: Snapshot) -> None:
    card = settled(qtbot, Landscape3DPlot, snapshot)
    viewport, start = card.canvas.viewport(), card.camera
    QTest.mousePress(viewport, Qt.MouseButton.LeftButton, pos=QPoint(100, 100))
    QTest.mouseMove(viewport, QPoint(140, 90))
    QTest.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=QPoint(140, 90))
    assert card.camera.azimuth != start.azimuth
    QTest.keyClick(card, Qt.Key.Key_Home)
    assert card.camera == Camera()
    QTest.keyClick(card, Qt.Key.Key_Up)
    QTest.keyClick(card, Qt.Key.Key_Plus)
    assert card.camera.elevation > start.elevation
    assert card.camera.zoom > 1.0
    for _ in range(30):
        QTest.keyClick(card, Qt.Key.Key_Down)
    assert card.camera.elevation == 5.0, "never from below the floor"


def test_contours_are_lines_of_equal_loss() -> None:
    x = y = np.linspace(-1.0, 1.0, 41)
    heights = np.add.outer(y * y, x * x)
    for contour in contours_of(x, y, heights):
        for line in contour.lines:
            np.testing.assert_allclose((line**2).sum(axis=1), np.log10(contour.loss), atol=3e-3)
    assert contours_of(x, y, np.full((41, 41), 2.0)) == ()
    assert contours_of(x, y, np.full((41, 41), np.nan)) == ()


def test_labels_distinguish_losses() -> None:
    assert distinct([0.1, 0.2]) == ["0.10", "0.20"]
    assert len(set(distinct([0.69314, 0.69315, 0.69316]))) == 3
    assert distinct([]) == []


def test_the_card_applies_to_every_kind_of_data(qtbot: QtBot) -> None:
    for dataset in ("iris", "sine", "digits"):
        other = snapshot_of(Experiment(data=DataSettings(dataset=dataset)), steps=3)
        data = settled(qtbot, LandscapePlot, other).shown()
        assert np.isfinite(data.surface.plane.losses).all()


def test_points_without_a_place_are_left_out_of_the_path(qapp: object) -> None:
    area = Area(QRectF(0.0, 0.0, 100.0, 100.0), (-1.0, 1.0), (-1.0, 1.0), still=False)

    def drawn(points: list[tuple[float, float]], opacities: list[float]) -> QImage:
        image = QImage(100, 100, QImage.Format.Format_RGB32)
        image.fill(0xFFFFFFFF)
        count = len(points)
        track = Track(np.array(points), np.arange(count), np.ones(count), np.zeros(count))
        with QPainter(image) as painter:
            _paint_track(painter, area, track, np.array(opacities), Style(LIGHT))
        return image

    whole = drawn([(-0.5, 0.0), (0.5, 0.5)], [1.0, 1.0])
    assert whole.pixel(50, 37) != 0xFFFFFFFF
    broken = [(-0.5, 0.0), (math.nan, 0.0), (0.0, math.inf), (0.1, 0.1), (0.5, 0.5)]
    assert drawn(broken, [1.0, 1.0, 1.0, math.nan, 1.0]) == whole


def test_between_grid_points_heights_are_linear_and_unknown_at_points_that_are_not_finite() -> None:
    x, y = np.array([0.0, 1.0, 3.0]), np.array([-1.0, 1.0])
    heights = 2.0 * x + 5.0 * y[:, None]
    points = np.array([[0.5, 0.0], [3.0, 1.0], [np.nan, 0.0], [0.0, np.inf], [-np.inf, np.nan]])
    found = interpolate(x, y, heights, points)
    np.testing.assert_allclose(found[:2], 2.0 * points[:2, 0] + 5.0 * points[:2, 1])
    assert np.isnan(found[2:]).all()
