"""The network card with large networks, and its exported picture."""

from __future__ import annotations

from pathlib import Path

import msgspec
import numpy as np
import pytest
from msgspec.structs import replace
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QMouseEvent, QPainter
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from core.analysis.plane import plane_of
from core.engine.evaluation import NumpyEvaluator
from core.experiment import DataSettings, Experiment
from playground.network_view.builder import PictureBuilder
from playground.session.selection import Selection
from playground.style.theme import LIGHT, Style
from tests.playground.factory import network, snapshot_of
from tests.playground.network_view.support import (
    Show,
    click_control,
    move,
    node,
    wheel,
)

# -- large networks --------------------------------------------------------------------------------------------------


def test_a_folded_layer_scrolls_by_click_and_wheel(qtbot: QtBot, show: Show) -> None:
    _, view, _ = show(network(64))
    builder = view.canvas.builder
    click_control(qtbot, view, "fold_down", 1)
    first = builder.layout.columns[1].first
    assert first > 0
    wheel(view, node(view, 1, first), 1, Qt.KeyboardModifier.NoModifier)
    assert builder.layout.columns[1].first < first


def test_a_deep_network_is_panned_by_dragging_and_zoomed_by_the_wheel(qtbot: QtBot, show: Show) -> None:
    session, view, _ = show(network(*[3] * 50), steps=0)
    viewport = view.canvas.viewport
    assert not viewport.can_pan, "all of it is in sight until the user zooms"
    view.canvas.fit()
    assert viewport.can_pan
    start = QPoint(400, view.canvas.height() - 6)
    qtbot.mousePress(view.canvas, Qt.MouseButton.LeftButton, pos=start)
    place = QPointF(start - QPoint(300, 0))
    left = Qt.MouseButton.LeftButton
    dragged = QMouseEvent(
        QEvent.Type.MouseMove, place, view.canvas.mapToGlobal(place), left, left, Qt.KeyboardModifier.NoModifier
    )
    QApplication.sendEvent(view.canvas, dragged)
    qtbot.mouseRelease(view.canvas, left, pos=start - QPoint(300, 0))
    assert viewport.visible()[0] == pytest.approx(300)
    assert session.selection is None
    wheel(view, QPoint(200, 200), -3, Qt.KeyboardModifier.ControlModifier)
    assert viewport.zoom < 1
    view.canvas.fit()
    assert not viewport.can_pan
    session.select(Selection("neuron", 49, 0))
    view.canvas.fit()
    session.select(Selection("neuron", 40, 0))
    place = view.canvas.builder.layout.columns[41]
    assert viewport.visible()[0] <= place.left
    assert place.right <= viewport.visible()[1]


def test_the_whole_network_stays_visible_until_the_user_zooms(qtbot: QtBot, show: Show) -> None:
    session, view, _ = show(network(*[8] * 10), steps=0)
    viewport, layout = view.canvas.viewport, view.canvas.builder.layout
    assert viewport.visible()[1] >= layout.columns[-1].right
    session.set_depth(20)
    assert viewport.visible()[1] >= view.canvas.builder.layout.columns[-1].right
    view.canvas.zoom(1)
    zoom = viewport.zoom
    session.set_depth(21)
    assert viewport.zoom == zoom


@pytest.mark.parametrize(
    "experiment",
    [
        network(),
        network(1),
        network(*[16] * 10),
        network(*[2] * 50, activation="sigmoid"),
        network(512, 3, activation="relu", dropout=0.5),
        replace(network(5), data=DataSettings(dataset="digits", test_fraction=0.0)),
        replace(network(6, 4, activation="relu"), data=DataSettings(dataset="iris")),
        replace(network(4), data=DataSettings(dataset="sine")),
        replace(network(4), data=DataSettings(dataset="student_day", samples=2)),
    ],
    ids=["none", "one", "10x16", "50", "512", "digits", "iris", "sine", "student"],
)
def test_every_shape_is_painted_and_exported(show: Show, experiment: Experiment) -> None:
    _, view, snapshot = show(experiment, steps=2)
    for shows in ("gradient", "update", "weight"):
        view.show_edges(shows)  # type: ignore[arg-type]
        view.canvas.repaint()
    layout = view.canvas.builder.layout
    counts = tuple(column.count for column in layout.columns)
    assert counts == (
        snapshot.network.architecture.inputs,
        *(layer.fan_out for layer in snapshot.network.architecture.layers),
    )
    assert len(view.figure_table().rows) == sum(
        (layer.fan_in + 1) * layer.fan_out for layer in snapshot.network.architecture.layers
    )


def test_snapshots_of_other_shapes_and_non_finite_numbers_are_painted(show: Show) -> None:
    session, view, snapshot = show()
    view.show_snapshot(snapshot_of(network(9, 3, 2)))
    view.canvas.repaint()
    broken = snapshot.network.parameters.copy()
    broken[:] = np.nan
    broken[::3] = np.inf
    view.show_snapshot(
        msgspec.structs.replace(
            snapshot, network=msgspec.structs.replace(snapshot.network, parameters=broken), plane=None, playing=True
        )
    )
    view.canvas.repaint()
    session.select(Selection("neuron", 0, 1))
    move(view, node(view, 1, 1))
    view.canvas.repaint()


def test_edges_deferred_by_one_frame_are_drawn_in_the_next(qtbot: QtBot, show: Show) -> None:
    _, view, _ = show(network(*[16] * 10))
    first = view.canvas.grab().toImage()
    qtbot.waitUntil(lambda: not view.canvas.edges_behind)
    last = view.canvas.grab().toImage()
    assert last.size() == first.size()
    assert view.canvas.grab().toImage() == last


# -- export ----------------------------------------------------------------------------------------------------------


def test_the_figure_has_text_as_text_and_does_not_change(qtbot: QtBot, show: Show, tmp_path: Path) -> None:
    session, view, _ = show()
    figure = view.build_figure(Style(LIGHT, 2.0))
    qtbot.addWidget(figure)
    figure.resize(1920, 1080)
    figure.show()

    def image() -> QImage:
        picture = QImage(1920, 1080, QImage.Format.Format_RGB32)
        with QPainter(picture) as painter:
            figure.render(painter)
        return picture

    before = image()
    view.show_snapshot(snapshot_of(session.experiment, 300))
    session.edit_layer(0, "x", units=9)
    assert image() == before
    path = tmp_path / "network.svg"
    generator = QSvgGenerator()
    generator.setFileName(str(path))
    generator.setSize(figure.size())
    with QPainter(generator) as painter:
        figure.render(painter)
    text = path.read_text(encoding="utf-8")
    for word in ("Hidden 1", "Hidden 2", "Output", "tanh · Xavier", "Edges: weight"):
        assert word in text
    assert "non-scaling-stroke" not in text


def test_the_table_holds_every_parameter_at_full_precision(show: Show) -> None:
    _, view, snapshot = show(steps=20)
    table = view.figure_table()
    assert table.columns == ("layer", "from", "to", "value", "gradient", "last update")
    assert table.rows[0][:3] == ("Hidden 1", "x₁", "hidden 1 · 1")
    assert table.rows[0][3] == snapshot.network.parameters[0]
    assert table.rows[-1][:3] == ("Output", "bias", "output")
    assert table.rows[-1][4] == snapshot.gradients.flat[snapshot.network.architecture.layers[-1].bias_index(0)]


@pytest.mark.parametrize("playing", [False, True])
def test_an_exploded_scale_is_reset_at_once(qapp: object, playing: bool) -> None:
    del qapp
    experiment = network(3, activation="relu")
    calm = msgspec.structs.replace(snapshot_of(experiment), playing=playing)
    exploded_network = msgspec.structs.replace(calm.network, parameters=calm.network.parameters * 1e200)
    exploded = msgspec.structs.replace(
        calm,
        network=exploded_network,
        plane=plane_of(exploded_network, calm.data, (0, 1), 24, NumpyEvaluator()),
        playing=True,
    )
    fresh, burnt = PictureBuilder(experiment, Style(LIGHT)), PictureBuilder(experiment, Style(LIGHT))
    for builder in (fresh, burnt):
        builder.set_size(600, 400)
    for snapshot in (exploded, calm):
        burnt.set_snapshot(snapshot)
        burnt.picture(1.0, None, None)
    fresh.set_snapshot(calm)
    assert burnt.full == fresh.full
    for after, before in zip(burnt.picture(1.0, None, None).strips, fresh.picture(1.0, None, None).strips, strict=True):
        assert after is not None
        assert before is not None
        assert after.image == before.image
