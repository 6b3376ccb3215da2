"""The output card: its view for each kind of data, colours, menus and sentence."""

from __future__ import annotations

import math

import numpy as np
import pytest
from msgspec.structs import replace
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from core.experiment import Experiment, TrainingSettings
from core.experiment.presets import preset
from core.training.snapshot import Snapshot
from playground.plots import OutputPlot
from playground.plots.output.data import FitData, MapData, ShareData, TileData, class_shares, output_data
from playground.plotting.canvas.axes import TICK_GAP
from playground.plotting.cards.word_choice import WordMenu
from playground.plotting.drawing.pencil import text_width
from playground.session import Session
from playground.style.theme import LIGHT, Style
from playground.worker.commands import SetPlane
from tests.playground.factory import snapshot_of
from tests.playground.plots.support import colours, make, picture, rgb

pytestmark = pytest.mark.usefixtures("fonts")


def test_output_kinds(snapshots: dict[str, Snapshot]) -> None:
    kinds = {name: type(output_data(snapshots[name])) for name in ("default", "iris", "digits", "sine", "surface")}
    assert kinds == {"default": MapData, "iris": MapData, "digits": TileData, "sine": FitData, "surface": MapData}
    wide = replace(snapshots["iris"], plane=None)
    shares = output_data(wide)
    assert isinstance(shares, ShareData)
    counts = np.bincount(wide.data.labels_test.astype(int))
    assert float(shares.shares @ counts) / counts.sum() == pytest.approx(wide.scores.test_accuracy)


def test_output_map_is_the_prediction_between_minus_one_and_one(snapshots: dict[str, Snapshot]) -> None:
    for name, value in (("default", lambda A: A[..., 0]), ("sigmoid output", lambda A: 2 * A[..., 0] - 1)):
        snapshot = snapshots[name]
        data = output_data(snapshot)
        assert snapshot.plane is not None
        assert isinstance(data, MapData)
        assert data.signed is not None
        np.testing.assert_allclose(data.signed, value(snapshot.plane.activations[-1]))
    data = output_data(snapshots["softmax for two"])
    assert isinstance(data, MapData)
    assert data.signed is not None
    assert np.abs(data.signed).max() <= 1.0


def test_the_colour_bar_covers_the_range_of_the_output(qtbot: QtBot, snapshots: dict[str, Snapshot]) -> None:
    for name, ends in (("default", (-1.0, 1.0)), ("sigmoid output", (0.0, 1.0)), ("softmax for two", (0.0, 1.0))):
        data = output_data(snapshots[name])
        assert isinstance(data, MapData)
        assert data.ends == ends
    cross_entropy = snapshot_of(Experiment(training=TrainingSettings(loss="binary_cross_entropy")), 20)
    data = output_data(cross_entropy)
    assert isinstance(data, MapData)
    assert cross_entropy.plane is not None
    assert data.ends == (0.0, 1.0)
    # Colours are centred at ½, whereas readout and table show the output itself.
    assert data.signed is not None
    assert data.predictions is not None
    A = cross_entropy.plane.activations[-1][:, :, 0]
    np.testing.assert_allclose(data.signed, 2.0 * A - 1.0)
    np.testing.assert_allclose(data.predictions, A, atol=1e-15)
    card = make(qtbot, OutputPlot)
    card.show_snapshot(cross_entropy)
    np.testing.assert_allclose([row[2] for row in card.figure_table().rows], A.ravel(), atol=1e-15)


def test_row14_the_map_of_several_classes_has_a_colour_for_each(qtbot: QtBot) -> None:
    snapshot = snapshot_of(preset("iris"), 1500)
    card = make(qtbot, OutputPlot, size=(420, 460))
    card.show_snapshot(snapshot)
    data, plane = card.shown(), snapshot.plane
    assert isinstance(data, MapData)
    assert plane is not None
    wins = plane.activations[-1].argmax(axis=2)
    assert set(wins.ravel().tolist()) == {0, 1, 2}, "each class wins somewhere"
    area, image, palette = card.canvas.area(), picture(card), [QColor(each) for each in LIGHT.class_palette[:3]]
    right, sure = [], plane.activations[-1].max(axis=2) > 0.8
    for row, column in np.argwhere(sure)[:: max(1, sure.sum() // 400)].tolist():
        pixel = image.pixelColor(round(area.x(plane.x[column])), round(area.y(plane.y[row])))
        apart = [abs(pixel.hue() - each.hue()) for each in palette]
        right.append(int(np.argmin([min(each, 360 - each) for each in apart])) == wins[row, column])
    assert np.mean(right) > 0.9, "points of other classes cover the rest"


def test_correct_points_keep_their_class_colour(qtbot: QtBot, snapshots: dict[str, Snapshot]) -> None:
    snapshot = snapshots["default"]
    assert snapshot.plane is not None
    # A network that is correct everywhere: the map has the colour of each point.
    (x, y), labels = snapshot.data.positions_train[:, :2].T, snapshot.data.labels_train
    columns, rows = (
        np.abs(each[:, None] - at).argmin(axis=0) for each, at in ((snapshot.plane.x, x), (snapshot.plane.y, y))
    )
    A = np.zeros((len(snapshot.plane.y), len(snapshot.plane.x), 1))
    for row, column, label in zip(rows, columns, labels, strict=True):
        A[max(row - 2, 0) : row + 3, max(column - 2, 0) : column + 3] = 2.0 * label - 1.0
    card = make(qtbot, OutputPlot, size=(400, 460))
    card.show_snapshot(
        replace(snapshot, plane=replace(snapshot.plane, activations=(*snapshot.plane.activations[:-1], A)))
    )
    seen = colours(picture(card))
    for colour in (LIGHT.negative, LIGHT.positive):
        assert rgb(LIGHT.on_map(QColor(colour))) in seen


def test_class_shares_sum_to_one_for_every_output() -> None:
    outputs = np.array([[0.2, 0.3, 0.5], [-1.0, -2.0, -3.0], [0.0, 4.0, -1.0], [math.nan, math.inf, 1.0]])
    shares = class_shares(outputs)
    np.testing.assert_allclose(shares.sum(axis=1), 1.0)
    np.testing.assert_allclose(shares[0], outputs[0])
    np.testing.assert_allclose(shares[1], 1 / 3)
    np.testing.assert_allclose(shares[2], [0, 1, 0])


def test_axis_menus_request_another_plane(qtbot: QtBot, snapshots: dict[str, Snapshot]) -> None:
    session = Session()
    card = OutputPlot(session, Style(LIGHT))
    qtbot.addWidget(card)
    commands: list[object] = []
    session.command.connect(commands.append)
    card.show_snapshot(snapshots["iris"])
    assert commands == []
    across, up = card.findChildren(WordMenu)
    first, second = snapshots["iris"].plane.axes  # type: ignore[union-attr]
    assert (across.index, up.index) == (first, second)
    other = next(index for index in range(4) if index not in (first, second))
    across.menu().actions()[other].trigger()
    assert commands == [SetPlane((other, second))]
    up.menu().actions()[other].trigger()
    assert commands[1:] == [SetPlane((second, other))]


def test_axis_menus_and_test_toggle_are_visible_only_if_they_have_an_effect(
    qtbot: QtBot, snapshots: dict[str, Snapshot]
) -> None:
    card = make(qtbot, OutputPlot)
    expected = {"default": (False, True), "iris": (True, True), "digits": (False, False), "no test set": (False, False)}
    for name, (menus, switch) in expected.items():
        card.show_snapshot(snapshots[name])
        assert card._x_menu.isVisible() is menus
        assert card._test.isVisible() is switch


def test_test_data_are_drawn_on_request(qtbot: QtBot, snapshots: dict[str, Snapshot]) -> None:
    for name in ("default", "sine"):
        card = make(qtbot, OutputPlot)
        card.show_snapshot(snapshots[name])
        without = picture(card)
        card._test.click()
        assert picture(card) != without


def test_the_sentence_reports_accuracy_or_r_squared(qtbot: QtBot, snapshots: dict[str, Snapshot]) -> None:
    card = make(qtbot, OutputPlot, size=(500, 400))
    card.show_snapshot(snapshots["iris"])
    accuracy = snapshots["iris"].scores.train_accuracy
    assert f"train {100 * accuracy:.1f}\u2009%" in card._sentence.text()
    assert "other inputs at their mean" in card._sentence.text()
    card.show_snapshot(snapshots["sine"])
    assert card._sentence.text().startswith("R²: train ")
    card.show_snapshot(snapshots["no test set"])
    assert card._sentence.text().endswith("no test set")


@pytest.mark.parametrize("scale", [1.0, 1.4, 2.0])
@pytest.mark.parametrize("name", ["default", "iris", "sine"])
def test_the_labels_of_the_left_axis_have_room(
    qtbot: QtBot, snapshots: dict[str, Snapshot], name: str, scale: float
) -> None:
    snapshot = snapshots[name]
    card = OutputPlot(Session(snapshot.experiment), Style(LIGHT, scale))
    qtbot.addWidget(card)
    card.resize(round(1440 * scale), round(900 * scale))  # so high that its numbers have two decimals
    card.show_snapshot(snapshot)
    card.canvas.grab()
    style = card.canvas.left._style
    widest = max(text_width(style, label) for _, label in card.canvas.left._ticks)
    assert card.canvas.area().rect.left() >= math.floor(widest + style.px(TICK_GAP))
