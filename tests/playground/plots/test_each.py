"""Each plot card on real snapshots: what it computes, emits and draws."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QFontMetricsF, QImage
from PySide6.QtWidgets import QLabel, QToolButton
from pytestqt.qtbot import QtBot

from core.analysis.gradient_flow import weight_gradient_norms
from core.experiment import Experiment, HiddenLayer, TrainingSettings
from core.training.divergence import Divergence
from core.training.loss_curve import LossCurve, Mark
from core.training.snapshot import Snapshot
from playground.plots import ActivationPlot, ConfusionPlot, GradientPlot, LossPlot, OutputPlot
from playground.plots.loss_legend import mark_near
from playground.plots.output_data import FitData, MapData, ShareData, TileData, class_shares, output_data
from playground.plots.weight_densities import WeightBinner
from playground.plotting.word_choice import WordChoice, WordMenu
from playground.session import Session
from playground.session.selection import Selection
from playground.style.theme import LIGHT, Style
from playground.worker.commands import SetPlane
from tests.playground.factory import snapshot_of
from tests.playground.plots.support import colours, experiment, make, picture, rgb

pytestmark = pytest.mark.usefixtures("fonts")


def with_curve(snapshot: Snapshot, train: Any, test: Any) -> Snapshot:
    steps = np.arange(float(len(train)))
    return replace(snapshot, curve=LossCurve(steps / 25, steps, np.asarray(train), np.asarray(test)))


def test_loss_axis_is_in_decades_and_linear_on_a_click(qtbot: QtBot, snapshots: dict[str, Snapshot]) -> None:
    card = make(qtbot, LossPlot)
    card.show_snapshot(with_curve(snapshots["default"], np.geomspace(0.8, 0.004, 300), np.full(300, 0.3)))
    assert card.canvas.area().y_range == (-3.0, 0.0)
    words = next(c for c in card.findChildren(WordChoice) if c.accessibleName() == "Loss axis")
    words._buttons["linear"].click()
    low, high = card.canvas.area().y_range
    assert low == 0.0
    assert 0.8 <= high <= 1.0
    words._buttons["log"].click()
    assert card.canvas.area().y_range == (-3.0, 0.0)


def test_loss_can_be_plotted_against_steps(qtbot: QtBot, snapshots: dict[str, Snapshot]) -> None:
    card = make(qtbot, LossPlot)
    card.show_snapshot(with_curve(snapshots["default"], np.full(251, 0.5), np.full(251, 0.5)))
    assert card.canvas.area().x_range == (0.0, 10.0)
    words = next(c for c in card.findChildren(WordChoice) if c.accessibleName() == "Horizontal axis")
    words._buttons["steps"].click()
    assert card.canvas.area().x_range == (0.0, 250.0)


def test_loss_axis_restarts_after_a_reset(qtbot: QtBot, snapshots: dict[str, Snapshot]) -> None:
    card = make(qtbot, LossPlot)
    card.show_snapshot(with_curve(snapshots["default"], np.geomspace(900.0, 1e-6, 300), np.full(300, 0.3)))
    assert card.canvas.area().y_range == (-6.0, 3.0)
    card.show_snapshot(with_curve(snapshots["default"], [0.5, 0.4], [0.5, 0.4]))
    assert card.canvas.area().y_range == (-1.0, 0.0)


def test_loss_table_contains_every_point(qtbot: QtBot, snapshots: dict[str, Snapshot]) -> None:
    card = make(qtbot, LossPlot)
    train, test = np.linspace(1, 0.1, 1500), np.linspace(2, 0.2, 1500)
    card.show_snapshot(with_curve(snapshots["default"], train, test))
    table = card.figure_table()
    assert table.columns == ("epoch", "step", "train loss", "test loss")
    assert [row[2] for row in table.rows] == train.tolist()


def test_loss_is_a_dot_before_the_first_step(qtbot: QtBot, snapshots: dict[str, Snapshot]) -> None:
    card = make(qtbot, LossPlot)
    card.show_snapshot(snapshots["default"])
    area, (epoch,) = card.canvas.area(), snapshots["default"].curve.epoch
    loss = snapshots["default"].scores.train_loss
    assert area.y_range[0] < math.log10(loss) < area.y_range[1]
    place = QPointF(area.x(float(epoch)), area.y(math.log10(loss))).toPoint()
    assert rgb(picture(card).pixelColor(place)) == rgb(LIGHT.ink)


@pytest.mark.parametrize("size", [(200, 200), (260, 300), (900, 600)])
@pytest.mark.parametrize("marked", [False, True])
def test_no_curve_runs_through_the_legend(
    qtbot: QtBot, size: tuple[int, int], marked: bool, snapshots: dict[str, Snapshot]
) -> None:
    card = make(qtbot, LossPlot, size=size)
    steps = np.arange(200.0)
    marks = (Mark(4.0, 100.0, "learning rate α 0.03 → 0.1"),) if marked else ()
    # As high as the plot reaches, all over.
    top = np.full(200, 1.0)
    shown = LossCurve(steps / 25, steps, top, 0.5 * top, 0.5 * top, marks)
    card.show_snapshot(replace(snapshots["default"], curve=shown))
    area, image = card.canvas.area(), picture(card)
    legend = (int(area.rect.left()), 0, int(area.rect.width()), int(area.rect.top()) - 2)
    above = image.copy(*legend)
    without = make(qtbot, LossPlot, size=size)
    low = LossCurve(steps / 25, steps, 0.2 * top, 0.1 * top, 0.5 * top, marks)
    without.show_snapshot(replace(snapshots["default"], curve=low))
    assert above == picture(without).copy(*legend)
    assert len(colours(above)) > 10


def test_a_change_is_a_vertical_line_with_its_text(qtbot: QtBot, snapshots: dict[str, Snapshot]) -> None:
    card = make(qtbot, LossPlot, size=(400, 300))
    steps = np.arange(200.0)
    curve = LossCurve(steps / 25, steps, np.full(200, 0.5), np.full(200, 0.4))
    card.show_snapshot(replace(snapshots["default"], curve=curve))
    plain, height = picture(card), card.canvas.area().rect.height()
    marked = replace(curve, marks=(Mark(2.0, 50.0, "noise 0 → 0.1"), Mark(4.0, 100.0, "learning rate α 0.03 → 0.1")))
    card.show_snapshot(replace(snapshots["default"], curve=marked))
    area = card.canvas.area()
    assert area.rect.height() < height
    for epoch in (2.0, 4.0):
        column = round(area.x(epoch))
        rows = range(int(area.rect.top()), int(area.rect.bottom()))
        columns = range(column - 1, column + 2)
        drawn = sum(
            any(picture_at != plain_at for picture_at, plain_at in _pixels(card, plain, columns, row)) for row in rows
        )
        assert drawn > 0.3 * len(rows)
    assert mark_near(QPointF(area.x(4.0) + 3.0, 0.0), area, card.shown().marks, Style(LIGHT)) == marked.marks[1].text
    assert mark_near(QPointF(area.x(3.0), 0.0), area, card.shown().marks, Style(LIGHT)) is None
    steps_axis = next(c for c in card.findChildren(WordChoice) if c.accessibleName() == "Horizontal axis")
    steps_axis._buttons["steps"].click()
    assert [place for place, _ in card.shown().marks] == [50.0, 100.0]


def _pixels(card: LossPlot, plain: QImage, columns: range, row: int) -> list[tuple[int, int]]:
    image = picture(card)
    return [(image.pixel(column, row), plain.pixel(column, row)) for column in columns]


def test_the_penalty_is_shown_beside_the_loss(qtbot: QtBot) -> None:
    setting = Experiment(training=TrainingSettings(l2=0.01))
    snapshot = snapshot_of(setting, 50)
    assert snapshot.scores.penalty > 0.0
    card = make(qtbot, LossPlot, size=(500, 300))
    card.show_snapshot(snapshot)
    table = card.figure_table()
    assert table.columns[-1] == "penalty"
    assert table.rows[-1][-1] == snapshot.scores.penalty
    assert card.shown().penalty is not None
    card.show_snapshot(snapshot_of(Experiment(), 50))
    assert card.shown().penalty is None


def test_loss_reports_where_training_diverged(qtbot: QtBot, snapshots: dict[str, Snapshot]) -> None:
    card = make(qtbot, LossPlot)
    card.show_snapshot(replace(snapshots["default"], divergence=Divergence(1204, "Hidden 1", "pre-activation")))
    assert card._sentence.text() == "training diverged at step 1\u2009204"
    assert card.accessibleDescription() == card._sentence.text()


def test_titles_and_sentences_get_shorter_with_the_card(qtbot: QtBot, snapshots: dict[str, Snapshot]) -> None:
    card = make(qtbot, GradientPlot, size=(400, 300))
    snapshot = snapshots["default"]
    gradients = replace(snapshot.gradients, flat=snapshot.gradients.flat.copy())
    gradients.flat[snapshot.network.architecture.layers[0].weights] *= 1e-6
    card.show_snapshot(replace(snapshot, gradients=gradients))
    assert (card._title.text(), "than ∂L/∂W₃" in card._sentence.text()) == ("Gradient by layer", True)
    card.resize(205, 300)
    assert card._title.text() == "Gradient"
    assert "than ∂L/∂W₃" not in card._sentence.text()
    assert card.figure_title == "Gradient by layer"


def test_gradient_plot_shows_the_norms_at_the_current_weights(qtbot: QtBot, snapshots: dict[str, Snapshot]) -> None:
    card = make(qtbot, GradientPlot)
    for name in ("default", "fifty layers"):
        snapshot = snapshots[name]
        card.show_snapshot(snapshot)
        expected = weight_gradient_norms(snapshot.network, snapshot.gradients)
        assert [row[1] for row in card.figure_table().rows] == expected.tolist()


def test_gradient_bars_have_the_colours_of_their_layers(qtbot: QtBot, snapshots: dict[str, Snapshot]) -> None:
    card = make(qtbot, GradientPlot)
    card.show_snapshot(snapshots["default"])
    count = len(snapshots["default"].network.architecture.layers)
    assert {rgb(LIGHT.layer_colour(index, count)) for index in range(count)} <= colours(picture(card))


def test_gradient_trail_is_bounded_and_cleared_by_a_reset(
    qtbot: QtBot, snapshots: dict[str, Snapshot], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("playground.plots.gradient.TRAIL_SECONDS", 0.0)
    card = make(qtbot, GradientPlot)
    snapshot = snapshots["default"]
    for step in range(1, 40):
        gradients = replace(snapshot.gradients, flat=snapshot.gradients.flat * 0.9**step)
        card.show_snapshot(replace(snapshot, gradients=gradients, step=step))
    past = len(card.figure_table().columns) - 2
    assert 4 <= past <= 20
    card.show_snapshot(replace(snapshot, step=0))
    assert len(card.figure_table().columns) == 2


def test_gradient_menu_changes_the_quantity(qtbot: QtBot, snapshots: dict[str, Snapshot]) -> None:
    card = make(qtbot, GradientPlot, size=(320, 300))
    snapshot = snapshots["default"]
    card.show_snapshot(snapshot)
    menu = card.findChild(WordMenu)
    menu.menu().actions()[2].trigger()
    layer = snapshot.network.architecture.layers[0]
    change = np.linalg.norm(snapshot.last_update[layer.weights])
    expected = change / np.linalg.norm(snapshot.network.parameters[layer.weights])
    assert card.figure_table().rows[0][1] == pytest.approx(expected)
    card.resize(240, 300)
    assert "ΔW" in menu.text()


def test_weight_densities_integrate_to_one_and_keep_their_bins() -> None:
    snapshot = snapshot_of(experiment(HiddenLayer(units=40), HiddenLayer(units=40)), steps=2)
    binner = WeightBinner()
    data = binner.bin(snapshot.network)
    width = data.centres[1] - data.centres[0]
    for ridge in data.ridges:
        assert ridge.density.sum() * width == pytest.approx(1.0, abs=0.02)
        assert ridge.start is not None
        assert ridge.start.sum() * width == pytest.approx(1.0, abs=0.06)
        assert ridge.growth == pytest.approx(1.0, abs=0.3)
    moved = replace(snapshot.network, parameters=snapshot.network.parameters * 0.8)
    np.testing.assert_array_equal(binner.bin(moved).centres, data.centres)


def test_weights_beyond_the_axis_and_non_finite_ones_are_counted() -> None:
    snapshot = snapshot_of(experiment(HiddenLayer(units=512)))
    flat = snapshot.network.parameters.copy()
    flat[0], flat[1], flat[2] = 1e6, math.inf, math.nan
    ridge = WeightBinner().bin(replace(snapshot.network, parameters=flat)).ridges[0]
    assert (ridge.outside, ridge.broken, ridge.count) == (1, 2, 1024)
    assert math.isnan(ridge.growth)


def test_equal_weights_are_a_spike_where_they_are() -> None:
    snapshot = snapshot_of(experiment(HiddenLayer(units=4, initializer="constant")))
    data = WeightBinner().bin(snapshot.network)
    ridge = data.ridges[0]
    assert ridge.spike == 0.5
    assert ridge.start is None
    assert data.centres[ridge.density.argmax()] == pytest.approx(0.5, abs=0.05)


def test_activation_card_follows_the_selection_and_its_menu(qtbot: QtBot, snapshots: dict[str, Snapshot]) -> None:
    session = Session()
    card = ActivationPlot(session, Style(LIGHT))
    qtbot.addWidget(card)
    card.show_snapshot(snapshots["default"])
    assert card.layer == 0
    session.select(Selection("neuron", 1, 0))
    assert card.layer == 1
    menu = card.findChild(WordMenu)
    assert menu is not None
    assert menu.text().startswith("Hidden 2")
    menu.menu().actions()[2].trigger()
    assert card.layer == 2
    session.select(Selection("feature", -1, 0))
    assert card.layer == 2
    card.show_snapshot(snapshots["one layer"])
    assert card.layer == 0


def test_activation_card_reports_shares_and_clones(qtbot: QtBot) -> None:
    layer = HiddenLayer(units=4, activation="relu", initializer="constant")
    snapshot = snapshot_of(experiment(layer))
    card = make(qtbot, ActivationPlot, size=(500, 300))
    card.show_snapshot(snapshot)
    share = round(100 * np.mean(snapshot.trace.pre_activations[0] <= 0.0))
    assert card._sentence.text() == f"φ′ = 0 for {share}\u2009% of inputs; 0 of 4 neurons dead; 1 of 4 neurons distinct"


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
    # Colours have their middle at ½; read-out and table say the output itself.
    assert data.signed is not None
    assert data.predictions is not None
    A = cross_entropy.plane.activations[-1][:, :, 0]
    np.testing.assert_allclose(data.signed, 2.0 * A - 1.0)
    np.testing.assert_allclose(data.predictions, A, atol=1e-15)
    card = make(qtbot, OutputPlot)
    card.show_snapshot(cross_entropy)
    np.testing.assert_allclose([row[2] for row in card.figure_table().rows], A.ravel(), atol=1e-15)


def test_solved_points_keep_their_class_colour(qtbot: QtBot, snapshots: dict[str, Snapshot]) -> None:
    snapshot = snapshots["default"]
    assert snapshot.plane is not None
    # A network that is right everywhere: the map has each point's own colour.
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


def test_class_shares_sum_to_one_whatever_the_output() -> None:
    outputs = np.array([[0.2, 0.3, 0.5], [-1.0, -2.0, -3.0], [0.0, 4.0, -1.0], [math.nan, math.inf, 1.0]])
    shares = class_shares(outputs)
    np.testing.assert_allclose(shares.sum(axis=1), 1.0)
    np.testing.assert_allclose(shares[0], outputs[0])
    np.testing.assert_allclose(shares[1], 1 / 3)
    np.testing.assert_allclose(shares[2], [0, 1, 0])


def test_axis_menus_ask_for_another_plane(qtbot: QtBot, snapshots: dict[str, Snapshot]) -> None:
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


def test_axis_menus_and_test_switch_exist_only_where_they_have_an_effect(
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


def test_output_sentence_has_accuracy_or_r_squared(qtbot: QtBot, snapshots: dict[str, Snapshot]) -> None:
    card = make(qtbot, OutputPlot, size=(500, 400))
    card.show_snapshot(snapshots["iris"])
    accuracy = snapshots["iris"].scores.train_accuracy
    assert f"train {100 * accuracy:.1f}\u2009%" in card._sentence.text()
    assert "other inputs at their mean" in card._sentence.text()
    card.show_snapshot(snapshots["sine"])
    assert card._sentence.text().startswith("R²: train ")
    card.show_snapshot(snapshots["no test set"])
    assert card._sentence.text().endswith("no test set")


def test_confusion_counts_the_test_set(qtbot: QtBot, snapshots: dict[str, Snapshot]) -> None:
    card = make(qtbot, ConfusionPlot)
    snapshot = snapshots["iris"]
    card.show_snapshot(snapshot)
    rows = card.figure_table().rows
    counts = np.array([row[1:] for row in rows])
    assert counts.sum() == len(snapshot.data.x_test)
    assert np.trace(counts) / counts.sum() == pytest.approx(snapshot.scores.test_accuracy)
    np.testing.assert_array_equal(counts.sum(axis=1), np.bincount(snapshot.data.labels_test.astype(int)))


def test_confusion_is_for_more_than_two_classes(qtbot: QtBot, snapshots: dict[str, Snapshot]) -> None:
    assert ConfusionPlot.applies(snapshots["iris"])
    assert ConfusionPlot.applies(snapshots["digits"])
    assert not ConfusionPlot.applies(snapshots["default"])
    assert not ConfusionPlot.applies(snapshots["sine"])
    card = make(qtbot, ConfusionPlot)
    card.show_snapshot(snapshots["iris"])
    card.show_snapshot(snapshots["default"])
    assert colours(picture(card)) == {rgb(LIGHT.panel)}
    assert card.figure_table().rows == []


def test_all_options_of_a_choice_stay_visible_in_little_space(qtbot: QtBot) -> None:
    choice = WordChoice(("log", "linear"), "Loss axis", Style(LIGHT), short=("log", "lin"))
    qtbot.addWidget(choice)
    choice.show()
    wide = choice.sizeHint().width()
    choice.set_compact(True)
    log, linear = choice.findChildren(QToolButton)
    assert choice.sizeHint().width() < wide
    assert (log.isVisible(), linear.isVisible()) == (True, True)
    assert (log.text(), linear.text()) == ("log", "lin")
    with qtbot.waitSignal(choice.chosen) as chosen:
        linear.click()
    assert chosen.args == ["linear"]
    choice.set_compact(False)
    assert linear.text() == "linear"


@pytest.mark.parametrize(
    ("size", "scale", "expected"),
    [
        ((260, 300), 1.0, 1.0),
        ((520, 430), 1.0, 1.0),
        ((1040, 480), 1.0, 1.1),
        ((1100, 780), 1.0, 1.8),
        ((2500, 1400), 1.0, 2.0),
        ((1100, 780), 1.4, 1.2),
    ],
)
def test_the_font_grows_with_the_card(
    qtbot: QtBot, size: tuple[int, int], scale: float, expected: float, snapshots: dict[str, Snapshot]
) -> None:
    card = make(qtbot, GradientPlot, style=Style(LIGHT, scale), size=size)
    card.show_snapshot(snapshots["default"])
    assert card._style.scale == pytest.approx(scale * expected)
    assert card.minimumSizeHint().width() == round(168 * scale)
    ticks = card.canvas.area().rect.left()
    assert ticks == pytest.approx(42 * scale * expected, abs=1.0)
    if expected > 1.0:
        assert card._title.fontMetrics().height() > QFontMetricsF(card.font()).height() * 0.9 * expected
    card.resize(260, 300)
    assert card._style.scale == scale
    assert card.canvas.area().rect.left() == pytest.approx(42 * scale, abs=1.0)


@pytest.mark.parametrize(("width", "title"), [(400, "Gradient by layer"), (200, "Gradient"), (168, "Gradient")])
def test_the_title_fills_the_space_left_by_the_menu(qtbot: QtBot, width: int, title: str) -> None:
    card = make(qtbot, GradientPlot, size=(700, 300))
    card.resize(width, 300)
    assert card._title.text() == title


def test_a_title_is_complete_or_shows_more_than_a_letter(qtbot: QtBot) -> None:
    card = make(qtbot, LossPlot, size=(168, 300))
    assert card._title.text() == "Loss"
    card.set_title("Loss landscape around the minimum")
    assert card._title.text() == "" or len(card._title.text()) >= 5


def test_the_title_lines_of_narrow_plot_cards_are_not_clipped(qtbot: QtBot) -> None:
    card = LossPlot(Session(), Style(LIGHT))
    qtbot.addWidget(card)
    card.resize(card.minimumSizeHint())
    card.show()
    for label in card.findChildren(QLabel):
        if label.isVisible() and label.property("role") == "title":
            assert label.width() >= label.sizeHint().width()
    for button in card.findChildren(QToolButton):
        if button.isVisible():
            assert button.width() >= button.sizeHint().width()
