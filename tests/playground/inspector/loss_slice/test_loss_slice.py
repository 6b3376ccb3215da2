"""The loss slice shows the loss along the selected parameter, and dragging its dot changes the parameter."""

from __future__ import annotations

import html
import math
import re

import msgspec
import numpy as np
import pytest
from msgspec.structs import replace
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from core.analysis.landscape import mean_loss
from core.analysis.step_limit import Curvature
from core.data.sample import Sample
from core.experiment.presets import preset
from core.network import Network
from core.training.observer import observe
from core.training.recorders.loss_curve import LossRecorder, next_landmark
from core.training.snapshot import Snapshot
from core.training.training_run import new_trainer
from playground.export.hidden_view import Look
from playground.export.vector import prepare_svg
from playground.inspector import InspectorPanel
from playground.inspector.figure import SliceFigure
from playground.inspector.loss_slice.plot import WAITING, LossSlice
from playground.inspector.loss_slice.slice_numbers import (
    LIVE_COST,
    POINTS,
    ShownSlice,
    cost_of,
    is_costly,
    loss_axis,
    slice_of,
)
from playground.session import Session
from playground.session.selection import Selection
from playground.style.numbers import short
from playground.style.theme import DARK, LIGHT, PRESENTATION_SCALE, Style
from playground.worker.commands import SetParameter
from tests.playground.factory import snapshot_of
from tests.playground.inspector.support import WEIGHT, experiment_of


@pytest.fixture(scope="module")
def snapshot() -> Snapshot:
    return snapshot_of(experiment_of(4, 3), 200)


@pytest.fixture
def panel_size() -> tuple[int, int]:
    return 300, 460


def index_of(snapshot: Snapshot, selection: Selection = WEIGHT) -> int:
    layer = snapshot.network.architecture.layers[selection.layer]
    if selection.kind == "bias":
        return layer.bias_index(selection.neuron)
    return layer.weight_index(selection.source, selection.neuron)


def changed(snapshot: Snapshot, **fields: object) -> Snapshot:
    return Snapshot(**{**{name: getattr(snapshot, name) for name in Snapshot.__struct_fields__}, **fields})


def loss_at(snapshot: Snapshot, index: int, value: float) -> float:
    parameters = snapshot.network.parameters.copy()
    parameters[index] = value
    network = Network(snapshot.network.architecture, parameters)
    return mean_loss(network, snapshot.data.x_train, snapshot.data.y_train)


@pytest.mark.parametrize("selection", [WEIGHT, Selection("bias", 1, 1), Selection("weight", 2, 0, 1)])
def test_row05_the_slice_is_that_of_the_network_and_its_slope_the_gradient(
    panel: InspectorPanel, session: Session, snapshot: Snapshot, selection: Selection
) -> None:
    session.select(selection)
    shown = panel.page_of("weight").slice.shown
    assert shown is not None
    index = index_of(snapshot, selection)
    assert len(shown.slice.values) == POINTS
    for value, loss in zip(shown.slice.values[::8], shown.slice.losses[::8], strict=True):
        assert loss == pytest.approx(loss_at(snapshot, index, float(value)), rel=1e-11)
    assert shown.slice.here == snapshot.network.parameters[index]
    assert shown.slice.loss == pytest.approx(snapshot.scores.train_loss, rel=1e-12)
    assert shown.slice.slope == pytest.approx(snapshot.gradients.flat[index], rel=1e-12)
    assert shown.step == pytest.approx(-0.03 * shown.slice.slope, rel=1e-12)
    assert math.copysign(1.0, shown.step) == -math.copysign(1.0, shown.slice.slope)
    assert shown.landing == pytest.approx(loss_at(snapshot, index, shown.slice.here + shown.step), rel=1e-11)
    assert shown.name == ("b" if selection.kind == "bias" else "w")
    noun = "bias" if selection.kind == "bias" else "weight"
    verb = "increases" if shown.slice.slope < 0 else "decreases"
    assert panel.page_of("weight").slice.sentence == f"Slope {short(shown.slice.slope, 3)}: the {noun} {verb}"


def test_row05_the_mark_is_where_a_step_at_the_limit_of_this_weight_lands(
    panel: InspectorPanel, session: Session, snapshot: Snapshot
) -> None:
    session.select(WEIGHT)
    plot = panel.page_of("weight").slice
    shown, index = plot.shown, index_of(snapshot)
    assert shown is not None
    here, h = shown.slice.here, 1e-3
    losses = [loss_at(snapshot, index, here + d) for d in (-h, 0.0, h)]
    assert shown.curvature == pytest.approx((losses[0] - 2 * losses[1] + losses[2]) / h**2, rel=1e-4)
    assert shown.limit == pytest.approx(2.0 / shown.curvature, rel=1e-12)
    assert shown.overshoot == pytest.approx(here - 2.0 * shown.slice.slope / shown.curvature, rel=1e-12)
    assert f"α = 2/curvature = {short(shown.limit, 2)}" in plot.toolTip()
    flat = replaced_curvature(shown, -1.0)
    assert (flat.limit, flat.overshoot) == (None, None), "where the loss curves down, nothing bounds the step"
    with_mark = plot.grab().toImage()
    plot.show_slice(flat)
    assert plot.grab().toImage() != with_mark
    assert "2/curvature" not in plot.toolTip()


def test_row05_the_limit_of_all_weights_is_marked_too(
    panel: InspectorPanel, session: Session, snapshot: Snapshot
) -> None:
    session.select(WEIGHT)
    plot = panel.page_of("weight").slice
    assert plot.shown is not None
    assert plot.shown.stable is None, "no view computes the curvature"
    here, slope = plot.shown.slice.here, plot.shown.slice.slope
    without = plot.grab().toImage()
    rate = 0.5 * plot.shown.range.half_width / abs(slope)
    if not plot.shown.range.low <= here - rate * slope <= plot.shown.range.high:
        rate /= 4
    session.stability.show(Curvature(0, 10, 2.0 / rate))
    shown = plot.shown
    assert shown.stable == pytest.approx(rate, rel=1e-12)
    assert shown.stable_landing == pytest.approx(here - rate * slope, rel=1e-12)
    assert f"diverges above α = {short(rate, 2)}" in plot.toolTip()
    assert plot.grab().toImage() != without
    names = [each.name for each in SliceFigure(figure_title="", shown=shown).figure_plot(Style(LIGHT)).panes[0].layers]
    assert f"all weights at once: α ≤ {short(rate, 2)}" in names
    for curvature in (Curvature(0, 10, -1.0), Curvature(0, 10, math.nan), None):
        session.stability.show(curvature)
        assert plot.shown.stable is None
        assert "diverges above" not in plot.toolTip()


def replaced_curvature(shown: ShownSlice, curvature: float) -> ShownSlice:
    return msgspec.structs.replace(shown, curvature=curvature)


def test_the_slice_is_updated_at_once_when_paused_and_less_often_in_training(
    panel: InspectorPanel, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    session.select(WEIGHT)
    page, first = panel.page_of("weight"), panel.page_of("weight").slice.shown
    clock = [1000.0]
    monkeypatch.setattr("playground.inspector.pages.weight_page.time.perf_counter", lambda: clock[0])
    assert first is not None
    later = snapshot_of(session.experiment, 300)
    page.show_selection(later, WEIGHT, None)
    paused = page.slice.shown
    assert paused is not None
    assert paused.slice.here == later.network.parameters[index_of(later)] != first.slice.here
    playing = changed(snapshot_of(session.experiment, 400), playing=True)
    clock[0] += 0.2
    page.show_selection(playing, WEIGHT, None)
    assert page.slice.shown is paused
    clock[0] += 0.1
    page.show_selection(playing, WEIGHT, None)
    live = page.slice.shown
    assert live is not None
    assert live.slice.here == playing.network.parameters[index_of(playing)]
    # Numbers and paths are updated together with the slice, so the whole page shows one snapshot.
    assert page.gradient.text == short(float(playing.gradients.flat[index_of(playing)]), 3)
    clock[0] += 0.1
    page.show_selection(changed(later, playing=True), WEIGHT, None)
    assert page.gradient.text == short(float(playing.gradients.flat[index_of(playing)]), 3)
    # Showing the same snapshot again (for another sample) does not recompute the slice.
    clock[0] += 9.0
    page.show_selection(playing, WEIGHT, Sample(3))
    assert page.slice.shown is live


def test_another_selection_is_shown_at_once_even_during_training(
    panel: InspectorPanel, session: Session, snapshot: Snapshot
) -> None:
    session.select(WEIGHT)
    panel.show_snapshot(changed(snapshot, playing=True))
    other = Selection("weight", 0, 2, 1)
    session.select(other)
    shown = panel.page_of("weight").slice.shown
    assert shown is not None
    assert shown.slice.here == snapshot.network.parameters[index_of(snapshot, other)]


def test_the_slice_of_a_large_network_waits_until_training_pauses(qtbot: QtBot) -> None:
    large = snapshot_of(experiment_of(*(16,) * 10), 1)
    assert is_costly(large, 0)
    assert not is_costly(large, 10)
    session = Session(large.experiment)
    panel = InspectorPanel(session, Style(LIGHT))
    qtbot.addWidget(panel)
    session.select(Selection("weight", 0, 0, 1))
    panel.show_snapshot(changed(large, playing=True))
    assert panel.page_of("weight").slice.shown is None
    assert panel.page_of("weight").slice.sentence == WAITING
    panel.show_snapshot(large)
    assert panel.page_of("weight").slice.shown is not None
    panel.page_of("weight").show_selection(changed(large, playing=True), Selection("weight", 0, 0, 1), None)
    assert panel.page_of("weight").slice.sentence == WAITING


def test_huge_networks_use_fewer_samples_and_report_it(qtbot: QtBot) -> None:
    huge = snapshot_of(experiment_of(*(160,) * 12), 0)
    shown = slice_of(huge, 0, 0, "w")
    assert 1 <= shown.samples < len(huge.data.x_train)
    assert cost_of(huge.network.architecture, 0, shown.samples) < 40 * LIVE_COST
    view = LossSlice(Style(LIGHT))
    qtbot.addWidget(view)
    view.show_slice(shown)
    assert f"over {shown.samples} training samples" in view.toolTip()


def test_dragging_the_dot_sets_the_weight_in_one_undo_step(
    panel: InspectorPanel, session: Session, snapshot: Snapshot, qtbot: QtBot
) -> None:
    session.select(WEIGHT)
    view, index = panel.page_of("weight").slice, index_of(snapshot)
    dot = view.dot
    commands: list[object] = []
    assert dot is not None
    session.command.connect(commands.append)
    start = dot.toPoint()
    qtbot.mousePress(view, Qt.MouseButton.LeftButton, pos=start)
    for x in (10, 20, 30):
        qtbot.mouseMove(view, start + QPoint(x, -3))
    assert view.dragging
    expected = [SetParameter(index, view.value_at(start.x() + x)) for x in (10, 20, 30)]
    assert commands == expected
    # The dot stays on the curve, whatever the mouse's vertical position.
    moved, shown = view.dot, view.shown
    assert moved is not None
    assert shown is not None
    assert moved.x() == pytest.approx(start.x() + 30, abs=1e-6)
    # A snapshot that arrives during the drag does not change the range.
    panel.show_snapshot(changed(snapshot, step=201))
    assert view.shown is not None
    assert view.shown.range == shown.range
    qtbot.mouseRelease(view, Qt.MouseButton.LeftButton, pos=start + QPoint(30, 0))
    assert not view.dragging
    assert session.undo_label == "Weight"
    commands.clear()
    session.undo()
    assert commands == [SetParameter(index, float(snapshot.network.parameters[index]))]
    assert session.undo_label is None


def test_only_the_dot_can_be_dragged(panel: InspectorPanel, session: Session, qtbot: QtBot) -> None:
    session.select(WEIGHT)
    view = panel.page_of("weight").slice
    dot = view.dot
    assert dot is not None
    far = dot.toPoint() - QPoint(40, 0)
    with qtbot.assertNotEmitted(session.command):
        qtbot.mousePress(view, Qt.MouseButton.LeftButton, pos=far)
        qtbot.mouseMove(view, far + QPoint(10, 0))
        qtbot.mouseRelease(view, Qt.MouseButton.LeftButton, pos=far)
    qtbot.mouseMove(view, dot.toPoint())
    assert view.cursor().shape() == Qt.CursorShape.SizeHorCursor
    qtbot.mouseMove(view, far)
    assert view.cursor().shape() == Qt.CursorShape.ArrowCursor


def test_the_arrow_keys_move_the_bias(
    panel: InspectorPanel, session: Session, snapshot: Snapshot, qtbot: QtBot
) -> None:
    bias = Selection("bias", 0, 1)
    session.select(bias)
    view, index = panel.page_of("weight").slice, index_of(snapshot, bias)
    shown = view.shown
    assert shown is not None
    with qtbot.waitSignal(session.command) as emitted:
        qtbot.keyClick(view, Qt.Key.Key_Right)
    assert emitted.args[0].value == pytest.approx(shown.slice.here + shown.range.half_width / 50)
    with qtbot.waitSignal(session.command) as emitted:
        qtbot.keyClick(view, Qt.Key.Key_Left)
    assert emitted.args[0].index == index
    assert emitted.args[0].value == pytest.approx(shown.slice.here, abs=1e-12)
    assert session.undo_label == "Bias"


def test_row05_a_larger_learning_rate_overshoots(snapshot: Snapshot) -> None:
    """If the loss has a valley along the weight, a growing α makes the step pass the valley, then increase the loss."""
    index = index_of(snapshot, Selection("weight", 2, 0, 1))
    slope = float(snapshot.gradients.flat[index])
    sentences = []
    for step in (0.01, 5.0):
        training = replace(snapshot.experiment.training, learning_rate=step / abs(slope))
        shown = slice_of(changed(snapshot, experiment=replace(snapshot.experiment, training=training)), 2, index, "w")
        assert abs(shown.step) == pytest.approx(step)
        sentences.append(shown.sentence)
    assert sentences[0].endswith(("the weight increases", "the weight decreases"))
    assert sentences[1].endswith("the step overshoots, α too large")


def test_the_slice_of_a_vanished_weight_shows_how_little_the_loss_changes(qtbot: QtBot) -> None:
    vanished = snapshot_of(preset("vanishing-gradient"), 50)
    shown = slice_of(vanished, 0, 0, "w")
    axis = loss_axis(shown.slice.losses, shown.slice.loss)
    assert axis.offset.startswith("0.69")
    assert [label[:1] for _, label in axis.ticks] == ["0"] + ["+"] * (len(axis.ticks) - 1)
    view = LossSlice(Style(LIGHT))
    qtbot.addWidget(view)
    view.show_slice(shown)
    assert not view.grab().isNull()


def test_non_finite_numbers_and_steps_beyond_the_range_are_drawn_without_a_warning(
    panel: InspectorPanel, session: Session, snapshot: Snapshot
) -> None:
    session.select(WEIGHT)
    for training in ({"learning_rate": 1000.0}, {"l1": 1.0, "l2": 100.0}, {"optimizer": "adam"}, {"clip_norm": 1e-9}):
        settings = replace(snapshot.experiment, training=replace(snapshot.experiment.training, **training))
        panel.show_snapshot(changed(snapshot, experiment=settings))
        assert not panel.grab().isNull()


@pytest.mark.parametrize("value", [math.nan, math.inf, 1e300, 0.0])
def test_a_network_that_overflows_is_drawn_without_a_warning(snapshot: Snapshot, qtbot: QtBot, value: float) -> None:
    network = Network(snapshot.network.architecture, np.full_like(snapshot.network.parameters, value))
    view = LossSlice(Style(LIGHT))
    qtbot.addWidget(view)
    view.show_slice(slice_of(changed(snapshot, network=network), 1, index_of(snapshot), "w"))
    assert not view.grab().isNull()
    if math.isnan(value):
        assert view.sentence == "The loss is not finite here"
        assert view.dot is None


@pytest.mark.parametrize("style", [Style(LIGHT), Style(DARK), Style(LIGHT, PRESENTATION_SCALE)])
def test_dot_and_arrow_have_the_right_colours_and_positions(
    panel: InspectorPanel, session: Session, snapshot: Snapshot, style: Style
) -> None:
    training = replace(snapshot.experiment.training, learning_rate=1.0)
    session.select(WEIGHT)
    panel.set_style(style)
    slope = float(snapshot.gradients.flat[index_of(snapshot)])
    training = replace(training, learning_rate=min(0.6 / abs(slope), 1000.0))
    panel.show_snapshot(changed(snapshot, experiment=replace(snapshot.experiment, training=training)))
    view = panel.page_of("weight").slice
    dot, shown = view.dot, view.shown
    assert dot is not None
    assert shown is not None
    image = view.grab().toImage()
    colours = {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())}
    sign = style.theme.positive if shown.step > 0 else style.theme.negative
    for colour in (sign, style.theme.accent, style.theme.ink):
        assert QColor(colour).name() in colours
    assert image.pixelColor(QPointF(dot).toPoint()).name() == QColor(style.theme.panel).name()
    assert view.value_at(dot.x()) == pytest.approx(shown.slice.here, abs=1e-9)


def test_the_slice_and_the_first_path_are_visible_and_the_rest_scrolls(
    qtbot: QtBot, panel: InspectorPanel, session: Session
) -> None:
    session.select(WEIGHT)
    page = panel.page_of("weight")
    for part in (page.slice, page.rows[0]):
        qtbot.waitUntil(lambda part=part: part.visibleRegion().boundingRect().height() == part.height())
    panel.resize(300, 360)
    assert page.minimumSizeHint().height() < 300
    qtbot.waitUntil(lambda: page.slice.height() == page.slice.sizeHint().height())
    assert page.slice.sizeHint().height() < LossSlice.HEIGHT


def test_the_sentence_mentions_a_too_large_learning_rate_if_the_loss_oscillates() -> None:
    wild = experiment_of(4, 2, learning_rate=3.0)
    calm = experiment_of(4, 2, learning_rate=0.03)
    said = []
    for experiment in (wild, calm):
        trainer, recorder = new_trainer(experiment, engine="numpy"), LossRecorder()
        while trainer.step < 3000:
            observe(trainer, recorder, axes=(0, 1))
            trainer.run(next_landmark(trainer.step) - trainer.step)
        snapshot = observe(trainer, recorder, axes=(0, 1))
        said.append(slice_of(snapshot, 0, 0, "w").sentence)
    assert said[0].endswith("α too large for all weights at once") or said[0].endswith("overshoots, α too large")
    assert "α" not in said[1]


@pytest.mark.usefixtures("fonts")
def test_the_sentence_of_its_picture_is_the_title_only(snapshot: Snapshot) -> None:
    figure = SliceFigure(figure_title="Loss · w", shown=slice_of(snapshot, 0, 0, "w"))
    svg = prepare_svg(figure, Look((960, 540), LIGHT))().decode()
    texts = [html.unescape(text) for text in re.findall(r"<text [^>]*>([^<]*)</text>", svg)]
    long = [text for text in texts if len(text) > 4 and not text.startswith("overshoots above α")]
    assert sorted(long) == sorted([figure.shown.sentence, "Loss · w"])
    alone = prepare_svg(figure, Look((960, 540), LIGHT, titled=False))().decode()
    assert figure.shown.sentence not in html.unescape(alone)
