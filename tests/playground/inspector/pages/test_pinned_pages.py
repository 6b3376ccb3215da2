"""With a pin, every page of the inspector, on screen and exported, shows the differences; a low page keeps a path visible."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace
from pytestqt.qtbot import QtBot

from core.data.sample import Sample
from core.experiment import DataSettings, Experiment, HiddenLayer, NetworkSettings, TrainingSettings
from core.training.pins.pinned_run import PinnedRun, pinned
from core.training.run_history import RunHistory
from core.training.snapshot import Snapshot
from core.training.training_run import new_trainer
from playground.export.export import export_figure
from playground.inspector import InspectorPanel
from playground.inspector.figure import PageFigure, SliceFigure
from playground.inspector.loss_slice.pinned_slice import all_within, beyond, within_reach
from playground.inspector.neuron.class_bars import probabilities_of
from playground.inspector.pages.weight_page import WeightPage
from playground.inspector.snapshot_numbers import traced
from playground.session import Session
from playground.session.selection import Selection
from playground.style.numbers import percent, short, signed
from playground.style.theme import CARD_PADDING, LIGHT
from tests.playground.factory import pinned_run, snapshot_of
from tests.playground.plots.support import colours, rgb

IRIS = Experiment(
    data=DataSettings(dataset="iris"),
    network=NetworkSettings(hidden=(HiddenLayer(units=4),)),
    training=TrainingSettings(learning_rate=0.1),
)
WEIGHT = Selection("weight", 0, 1, 0)
OUTPUT = Selection("neuron", 1, 1)
FEATURE = Selection("feature", -1, 0)


@pytest.fixture(scope="module")
def snapshot() -> Snapshot:
    return snapshot_of(IRIS, 200)


@pytest.fixture(scope="module")
def earlier() -> PinnedRun:
    return pinned_run(IRIS, 10)


@pytest.fixture
def panel_size() -> tuple[int, int]:
    return 520, 620


def test_a_feature_that_is_scaled_otherwise(panel: InspectorPanel, session: Session, snapshot: Snapshot) -> None:
    session.select(FEATURE)
    page: Any = panel.page_of("feature")
    shown = (page.mean, page.deviation, page.lowest, page.highest)
    assert [each.difference for each in shown] == [""] * 4
    other = pinned_run(replace(IRIS, data=replace(IRIS.data, standardize=not IRIS.data.standardize)), 1)
    pin = session.pins.add(other, name="before")
    assert pin is not None
    now, then = (each.data.x_train[:, 0] for each in (snapshot, other.snapshot))
    for each, of in zip(shown, (np.mean, np.std, np.min, np.max), strict=True):
        a, b = float(of(now)), float(of(then))
        assert each.difference == f"Δ {signed((0.0 if abs(a) < 1e-9 else a) - (0.0 if abs(b) < 1e-9 else b), 2)}"
    assert "(before: " in panel.accessibleDescription()
    session.pins.set_hidden(pin.key, hidden=True)
    assert [each.difference for each in shown] == [""] * 4
    assert "before" not in panel.accessibleDescription()


def test_the_probabilities_of_the_pin_are_dashed_outlines(
    panel: InspectorPanel, session: Session, earlier: PinnedRun
) -> None:
    session.select(OUTPUT)
    session.select_sample(Sample(3))
    bars = panel.page_of("neuron").classes  # type: ignore[attr-defined]
    assert bars.pinned == ()
    pin = session.pins.add(earlier, name="before")
    assert pin is not None
    expected = probabilities_of(earlier.snapshot, Sample(3))
    assert sum(expected) == pytest.approx(1.0)
    assert list(bars.pinned) == expected
    assert "Dashed: before" in bars.toolTip()
    assert f"before {percent(expected[0])}" in bars.accessibleName()
    tints = [rgb(colour) for colour in LIGHT.pin_palette]
    seen = colours(bars.grab().toImage().convertToFormat(bars.grab().toImage().Format.Format_RGB32))
    assert tints[0] in seen
    session.pins.recolour(pin.key, 4)
    seen = colours(bars.grab().toImage().convertToFormat(bars.grab().toImage().Format.Format_RGB32))
    assert tints[4] in seen
    assert tints[0] not in seen
    session.pins.remove(pin.key)
    assert bars.pinned == ()


def test_the_answer_to_a_sample_names_what_the_pin_predicts(
    panel: InspectorPanel, session: Session, snapshot: Snapshot, earlier: PinnedRun
) -> None:
    data = snapshot.data
    then, now = (
        np.argmax(each.network.forward(data.x_train).prediction, axis=1) for each in (earlier.snapshot, snapshot)
    )
    changed = Sample(int(np.flatnonzero(then != now)[0]))
    session.select_sample(changed)
    assert panel.summary.parameters.text().endswith("; the output is softmax.")
    answer = panel.summary.sample
    session.pins.add(earlier, name="before")
    name = data.class_names
    assert answer.prediction.text == f"prediction {name[now[changed.index]]} (before: {name[then[changed.index]]})"
    losses = [traced(each, changed)[1].loss for each in (snapshot, earlier.snapshot)]
    assert answer.loss.text == f"loss L {short(losses[0])}  Δ {signed(losses[0] - losses[1], 2)}"
    assert f"before: prediction {name[then[changed.index]]}, loss {short(losses[1])}" in answer.loss.toolTip()
    session.pins.clear()
    assert answer.prediction.text == f"prediction {name[now[changed.index]]}"
    assert answer.loss.toolTip() == ""


@pytest.mark.parametrize("selection", [WEIGHT, OUTPUT, FEATURE], ids=["weight", "neuron", "feature"])
def test_an_exported_page_has_the_pinned_run(
    panel: InspectorPanel, session: Session, earlier: PinnedRun, selection: Selection, tmp_path: Path
) -> None:
    session.select(selection)
    alone = panel.figure
    assert isinstance(alone, PageFigure)
    assert "run" not in alone.figure_table().columns
    session.pins.add(earlier, name="before")
    figure = panel.figure
    assert isinstance(figure, PageFigure)
    text = figure.figure_text()
    assert "(before: " in text.finding
    assert text.differences == "before: the same settings"
    export_figure(figure, tmp_path / "page.csv")
    with (tmp_path / "page.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(line for line in file if not line.startswith("#")))
    assert {row["run"] for row in rows} == {"current run", "before"}
    export_figure(figure, tmp_path / "page.svg")
    written = (tmp_path / "page.svg").read_text(encoding="utf-8")
    assert "before" in written
    assert "Δ" in written
    if selection is WEIGHT:
        pinned_rows = [row for row in rows if row["run"] == "before"]
        gradient = traced(earlier.snapshot, None)[1]
        index = earlier.snapshot.network.architecture.layers[0].weight_index(0, 1)
        assert float(pinned_rows[-1]["gradient"]) == pytest.approx(gradient.flat[index], rel=1e-9)


def test_at_1280_by_800_a_path_stays_in_sight_beside_a_pin(
    panel: InspectorPanel, session: Session, qtbot: QtBot, earlier: PinnedRun
) -> None:
    panel.resize(268, 375)  # as in the window
    session.select(WEIGHT)
    session.pins.add(earlier)
    page = panel.page
    assert isinstance(page, WeightPage)
    row = page.rows[0]
    qtbot.waitUntil(lambda: row.isVisible() and row.visibleRegion().boundingRect().height() > 30)
    session.pins.clear()
    qtbot.waitUntil(lambda: row.visibleRegion().boundingRect().height() > 30)


def test_the_gradient_of_the_pin_is_in_the_sentence_where_there_is_room(
    panel: InspectorPanel, session: Session, earlier: PinnedRun
) -> None:
    session.select(WEIGHT)
    session.pins.add(earlier, name="before")
    index = earlier.snapshot.network.architecture.layers[0].weight_index(0, 1)
    value = short(float(earlier.snapshot.gradients.flat[index]), 3)
    assert f"(before: {value})" in panel._sentence.text()
    panel.resize(230, 620)
    assert "before" not in panel._sentence.text()
    assert panel._sentence.text().startswith("∂L/∂")
    assert f"(before: {value})" in panel.accessibleDescription()
    panel.setMinimumWidth(1)  # as in a small window with large type, whose parts are squeezed
    panel.resize(90, 620)
    assert panel._sentence.text().endswith("…")
    assert panel._sentence.fontMetrics().horizontalAdvance(panel._sentence.text()) < 90 - 2 * CARD_PADDING + 1


def test_the_loss_along_a_weight_is_drawn_for_both_runs(
    panel: InspectorPanel, session: Session, earlier: PinnedRun, tmp_path: Path
) -> None:
    session.select(WEIGHT)
    page = panel.page
    assert isinstance(page, WeightPage)
    alone = page.slice.grab().toImage()
    pin = session.pins.add(earlier, name="before")
    assert pin is not None
    shown = page.slice.shown
    assert shown is not None
    assert shown.pinned is not None
    network, data = earlier.snapshot.network, earlier.snapshot.data
    index = network.architecture.layers[0].weight_index(0, 1)
    for value, loss in zip(shown.slice.values[::10], shown.pinned.losses[::10], strict=True):
        changed = network.parameters.copy()
        changed[index] = value
        moved = replace(network, parameters=changed)
        expected = float(moved.loss(moved.forward(data.x_train), data.y_train).mean())
        assert loss == pytest.approx(expected, rel=1e-9)
    assert "Dashed: before" in page.slice.toolTip()
    assert page.slice.grab().toImage() != alone
    far = replace(shown.pinned, losses=shown.pinned.losses + 1e3)
    page.slice.show_slice(replace(shown, pinned=far))
    assert page.slice._sentences()[1].endswith(" (before: above)")
    page.slice.show_slice(shown)
    figure = panel.figures[1]
    assert figure.figure_table().columns[-1] == "loss, before"
    assert figure.figure_text().differences == session.pins.differences_in_words(pin)
    export_figure(figure, tmp_path / "slice.tex")
    assert "before" in (tmp_path / "slice.tex").read_text(encoding="utf-8")
    session.pins.set_hidden(pin.key, hidden=True)
    assert page.slice.shown is not None
    assert page.slice.shown.pinned is None
    assert page.slice.grab().toImage() == alone


@pytest.mark.usefixtures("fonts")
def test_the_picture_of_the_loss_along_a_weight_names_the_pinned_run(
    panel: InspectorPanel, session: Session, earlier: PinnedRun, tmp_path: Path
) -> None:
    session.select(WEIGHT)
    session.pins.add(earlier, name="before")
    assert isinstance(panel.page, WeightPage)
    shown = panel.page.slice.shown
    assert shown is not None
    assert shown.pinned is not None
    near = replace(shown, pinned=replace(shown.pinned, losses=shown.slice.losses + 1e-6))
    panel.page.slice.show_slice(near)
    assert panel.page.slice._sentences()[0].endswith(" (before: dashed)")
    export_figure(SliceFigure(figure_title="Loss", shown=near), tmp_path / "slice.svg")
    assert "before: dashed" in (tmp_path / "slice.svg").read_text(encoding="utf-8")


def test_a_far_larger_loss_of_the_pin_does_not_flatten_the_curve() -> None:
    own = np.array([0.1, 0.12, 0.2])
    assert within_reach(np.array([0.15, 5.0, -3.0]), own) == pytest.approx([0.15, 0.4, -0.1])
    assert len(all_within(np.array([4.0, 5.0]), own)) == 0, "all of it is beyond"
    assert beyond(np.array([4.0, 5.0, np.nan]), 0.0, 0.3) == "above"
    assert beyond(np.array([-4.0, -5.0]), 0.0, 0.3) == "below"
    assert beyond(np.array([0.2, 5.0]), 0.0, 0.3) == ""


def test_the_slice_is_that_of_the_run_that_is_compared(
    panel: InspectorPanel, session: Session, earlier: PinnedRun
) -> None:
    session.select(WEIGHT)
    page: Any = panel.page_of("weight")
    slices = [page.slice.shown.pinned.losses for each in (earlier, pinned_run(IRIS, 40)) if session.pins.add(each)]
    assert not np.array_equal(*slices)


def test_one_moment_can_be_pinned_twice(panel: InspectorPanel, session: Session) -> None:
    session.select(WEIGHT)
    trainer = new_trainer(replace(IRIS, data=replace(IRIS.data, test_fraction=0.0)), engine="numpy")
    for _ in range(2):
        session.pins.add(pinned(trainer, RunHistory(), (0, 1)), name="before")
    page: Any = panel.page_of("weight")
    assert page.slice.shown.pinned is not None
    first, second = (pin.run.snapshot for pin in session.pins.all)
    assert first != second  # and no comparison of arrays is attempted
