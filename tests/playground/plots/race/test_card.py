"""The race card runs the core's race on a surface or on the network and reports who arrived."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace
from msgspec.structs import replace as with_settings
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLineEdit, QToolButton
from pytestqt.qtbot import QtBot

from core.analysis.race import Racer, race
from core.analysis.surfaces import SURFACES
from core.data.settings import DataSettings, DrawnSource
from core.experiment import Experiment, HiddenLayer, NetworkSettings, TrainingSettings
from core.training.many_runs.network_race import NetworkRace
from core.training.snapshot import Snapshot
from playground.plots import RacePlot
from playground.plots.race.card import FRAMES
from playground.plots.race.data import (
    MAX_RACERS,
    MIN_NETWORK_STEPS,
    NETWORK_STEPS,
    STEPS,
    network_racers,
    outcome,
    race_data,
    steps_for,
    surface_racers,
)
from playground.plots.race.marks import racer_colour
from playground.plots.race.objective_menu import NETWORK
from playground.plots.race.picture import VIEWS
from playground.plots.race.racer_table import ARRIVED, BATCH, DETOUR, MOMENTUM, OPTIMIZER, RATE, REMOVAL
from playground.plots.race.sentence import race_sentences
from playground.session.selection import Selection
from playground.style.numbers import short, thousands
from playground.style.theme import DARK, LIGHT, Style
from tests.playground.factory import snapshot_of
from tests.playground.plots.support import colours, make, picture, rgb


@pytest.fixture(autouse=True)
def _fast_animation(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("playground.plots.race.card.FRAME_MS", 5)


@pytest.fixture
def short_race(monkeypatch: pytest.MonkeyPatch) -> None:
    """A race on the network takes few steps: for tests in which nobody needs to arrive."""
    monkeypatch.setattr("playground.plots.race.data.NETWORK_STEPS", 150)


@pytest.fixture(scope="module")
def snapshot() -> Snapshot:
    return snapshot_of()


def settled(qtbot: QtBot, snapshot: Snapshot, key: str = "bowl", size: tuple[int, int] = (640, 480)) -> Any:
    card = make(qtbot, RacePlot, size=size)
    card.choose_objective(key)
    card.show_snapshot(snapshot)
    finished(qtbot, card)
    return card


def finished(qtbot: QtBot, card: Any) -> None:
    def is_over() -> bool:
        data = card.shown()
        return card.is_settled and data is not None and data.objective == card._objective and data.done == data.steps

    qtbot.waitUntil(is_over, timeout=60_000)


def typed(card: Any, row: int, column: int, text: str) -> None:
    """Click a cell of the table, type ``text`` and press Return."""
    table = card.bar.table
    QTest.mouseClick(
        table.viewport(), Qt.MouseButton.LeftButton, pos=table.visualItemRect(table.item(row, column)).center()
    )
    editor = next(each for each in table.findChildren(QLineEdit) if each.isVisible())
    editor.selectAll()
    QTest.keyClicks(editor, text)
    QTest.keyClick(editor, Qt.Key.Key_Return)
    QCoreApplication.processEvents()  # the view takes the text in a queued call
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.mark.parametrize("key", SURFACES)
def test_row18_the_table_contains_the_runs_of_the_core(qtbot: QtBot, snapshot: Snapshot, key: str) -> None:
    card, surface = settled(qtbot, snapshot, key), SURFACES[key]
    rows = card.figure_table().rows
    expected = race(surface, surface_racers(surface), surface.start, STEPS, 1)
    assert len(rows) == len(expected) * (STEPS + 1)
    for index, run in enumerate(expected):
        name, rate, _batch, _momentum, step, *point = rows[index * (STEPS + 1) + 17]
        assert (name, rate, step) == (run.racer.name, run.racer.learning_rate, 17)
        np.testing.assert_array_equal(point, [*run.path[17], run.heights[17]])


def test_row18_on_the_network_the_trajectories_are_the_cores_race(qtbot: QtBot, snapshot: Snapshot) -> None:
    card = settled(qtbot, snapshot, NETWORK)
    data = card.shown()
    expected = NetworkRace(snapshot.experiment, snapshot.data, network_racers(snapshot), NETWORK_STEPS)
    while not expected.is_over:
        expected.advance()
    assert data.goal == expected.goal
    for trajectory, run in zip(data.trajectories, expected.runs(), strict=True):
        np.testing.assert_array_equal(trajectory.curve, run.losses)
        np.testing.assert_array_equal(trajectory.values, run.losses[run.steps])
        assert trajectory.arrival == run.arrival
        np.testing.assert_array_equal(trajectory.detours, run.detours)
    assert len({tuple(trajectory.points[0].round(9)) for trajectory in data.trajectories}) == 1, "one start"
    whole, batches, momentum = (trajectory.detours[-1] for trajectory in data.trajectories)
    assert whole < momentum < batches, "smooth, calmer, zigzag"


def test_row18_the_table_shows_who_arrived_when_and_how_straight(qtbot: QtBot, snapshot: Snapshot) -> None:
    card = settled(qtbot, snapshot, NETWORK)
    qtbot.waitUntil(lambda: card._frame >= FRAMES, timeout=60_000)
    data, table = card.shown(), card.bar.table
    for row, trajectory in enumerate(data.trajectories):
        assert trajectory.arrival is not None
        assert table.item(row, ARRIVED).text() == thousands(trajectory.arrival)
        assert table.item(row, DETOUR).text() == short(float(trajectory.detours[trajectory.arrival]), 2)
    first = min(data.trajectories, key=lambda trajectory: trajectory.arrival)
    assert f"{first.name}, step {first.arrival}" in race_sentences(data)[0]


def test_row19_a_click_on_the_map_is_the_new_start(qtbot: QtBot, snapshot: Snapshot) -> None:
    card = settled(qtbot, snapshot, "himmelblau")
    before = card.shown()
    area = card.canvas.area()
    pixel = QPoint(round(area.x(-4.0)), round(area.y(-4.0)))
    QTest.mouseClick(card.canvas.viewport(), Qt.MouseButton.LeftButton, pos=pixel)
    qtbot.waitUntil(lambda: card.shown() is not before)
    assert card.shown().start == pytest.approx((-4.0, -4.0), abs=0.06)
    assert {trajectory.minimum for trajectory in card.shown().trajectories} != {
        trajectory.minimum for trajectory in before.trajectories
    }, "another minimum is found"


def test_racers_are_edited_in_the_table(qtbot: QtBot, snapshot: Snapshot) -> None:
    card = settled(qtbot, snapshot)
    typed(card, 0, RATE, "0.25")
    typed(card, 0, BATCH, "4")
    typed(card, 1, BATCH, "all")
    typed(card, 1, MOMENTUM, "0.8")
    first, second = card.racers[:2]
    assert first == Racer(optimizer="sgd", learning_rate=0.25, batch_size=4)
    assert (second.optimizer, second.momentum, second.batch_size) == ("momentum", 0.8, 0), "momentum needs its rule"
    finished(qtbot, card)
    qtbot.waitUntil(lambda: tuple(trajectory.racer for trajectory in card.shown().trajectories) == card.racers)
    typed(card, 0, MOMENTUM, "0")
    assert card.bar.table.item(1, MOMENTUM).text() == "0.8"


@pytest.mark.parametrize(
    ("column", "text", "words"),
    [
        (RATE, "fast", "“fast” is not a number"),
        (RATE, "-1", "learning_rate"),
        (BATCH, "2.5", "whole number"),
        (MOMENTUM, "1.5", "momentum"),
    ],
)
def test_impossible_settings_are_refused_with_a_sentence(
    qtbot: QtBot, snapshot: Snapshot, column: int, text: str, words: str
) -> None:
    card = settled(qtbot, snapshot)
    said: list[str] = []
    card._session.message.connect(lambda sentence, _kind: said.append(sentence))
    before, shown = card.racers, card.bar.table.item(0, column).text()
    typed(card, 0, column, text)
    assert card.racers == before
    assert card.bar.table.item(0, column).text() == shown
    assert len(said) == 1
    assert words in said[0]


def test_an_optimizer_is_chosen_from_a_list(qtbot: QtBot, snapshot: Snapshot) -> None:
    card = settled(qtbot, snapshot)
    table = card.bar.table
    at = table.visualItemRect(table.item(0, OPTIMIZER)).center()
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=at)
    combo = table.findChild(QComboBox)
    assert combo is not None
    view = combo.view()
    index = combo.model().index(combo.findText("Adam"), 0)
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=view.visualRect(index).center())
    qtbot.waitUntil(lambda: card.racers[0].optimizer == "adam")
    finished(qtbot, card)


def test_racers_are_added_removed_and_restored(qtbot: QtBot, snapshot: Snapshot) -> None:
    card = settled(qtbot, snapshot)
    table = card.bar.table
    add, restore = (
        button
        for button in card.bar.bottom.findChildren(QToolButton)
        if button.text() in ("+ add a racer", "default racers")
    )
    while add.isEnabled():
        QTest.mouseClick(add, Qt.MouseButton.LeftButton)
    assert len(card.racers) == MAX_RACERS == table.rowCount()
    cross = table.visualItemRect(table.item(0, REMOVAL)).center()
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=cross)
    assert len(card.racers) == MAX_RACERS - 1
    table.setCurrentCell(0, RATE)
    for _ in range(MAX_RACERS):
        table.setCurrentCell(0, ARRIVED)
        QTest.keyClick(table, Qt.Key.Key_Delete)
    assert len(card.racers) == 1, "the last one stays"
    QTest.mouseClick(restore, Qt.MouseButton.LeftButton)
    assert card.racers == surface_racers(SURFACES["bowl"])
    finished(qtbot, card)


def test_the_race_is_animated_and_complete_in_a_figure(qtbot: QtBot, snapshot: Snapshot) -> None:
    card = settled(qtbot, snapshot)
    first = card.shown_step
    qtbot.waitUntil(lambda: card.shown_step > first)
    qtbot.waitUntil(lambda: card.shown_step == STEPS, timeout=60_000)
    assert not card._clock.isActive()
    card._frame = 0
    whole = card.build_figure(Style(LIGHT)).grab().toImage()
    card._frame = FRAMES
    assert card.build_figure(Style(LIGHT)).grab().toImage() == whole


@pytest.mark.usefixtures("short_race")
@pytest.mark.parametrize("objective", ["bowl", NETWORK])
def test_training_does_not_disturb_the_race(qtbot: QtBot, snapshot: Snapshot, objective: str) -> None:
    card = settled(qtbot, snapshot, objective)
    before = card.shown()
    other = with_settings(snapshot.experiment, training=TrainingSettings(learning_rate=0.1))
    card.show_snapshot(replace(snapshot, generation=5, step=7))
    qtbot.wait(50)
    assert card.shown() is before
    card.show_snapshot(replace(snapshot, generation=6, experiment=other))
    if objective == NETWORK:
        qtbot.waitUntil(lambda: card.shown().trajectories[0].racer.learning_rate == 0.1, timeout=60_000)
        finished(qtbot, card)
    else:
        qtbot.wait(50)
        assert card.shown() is before


@pytest.mark.usefixtures("short_race")
def test_a_race_can_start_at_the_current_weights(qtbot: QtBot) -> None:
    trained = snapshot_of(steps=300)
    card = settled(qtbot, trained, NETWORK)
    assert card.shown().trajectories[0].curve[0] == snapshot_of().scores.train_loss
    card.bar.start_chosen.emit(True)
    qtbot.waitUntil(lambda: card.shown().trajectories[0].curve[0] == trained.scores.train_loss, timeout=60_000)
    finished(qtbot, card)


@pytest.mark.usefixtures("short_race")
@pytest.mark.parametrize("objective", ["himmelblau", NETWORK])
def test_every_racer_is_drawn_in_both_themes(qtbot: QtBot, snapshot: Snapshot, objective: str) -> None:
    card = settled(qtbot, snapshot, objective)
    card._clock.stop()
    card._frame = FRAMES
    for size in ((640, 480), (300, 360)):
        card.resize(*size)
        for view in VIEWS:
            card.choose_view(view)
            for theme in (LIGHT, DARK):
                style = Style(theme)
                card.set_style(style)
                drawn = colours(picture(card))
                assert {rgb(racer_colour(index, style)) for index in range(len(card.shown().trajectories))} <= drawn


def test_the_surface_turns_in_three_dimensions_only(qtbot: QtBot, snapshot: Snapshot) -> None:
    card = settled(qtbot, snapshot)
    viewport, start = card.canvas.viewport(), card.camera
    QTest.keyClick(card, Qt.Key.Key_Left)
    assert card.camera == start
    card.choose_view("3-D")
    before = card.shown()
    QTest.mousePress(viewport, Qt.MouseButton.LeftButton, pos=QPoint(100, 100))
    QTest.mouseMove(viewport, QPoint(140, 90))
    QTest.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=QPoint(140, 90))
    assert card.camera.azimuth != start.azimuth
    QTest.keyClick(card, Qt.Key.Key_Home)
    assert card.camera == start
    assert card.shown() is before, "a click there is no new start"


def test_a_large_network_races_fewer_steps(qtbot: QtBot) -> None:
    hidden = tuple(HiddenLayer(units=16) for _ in range(50))
    large = snapshot_of(Experiment(network=NetworkSettings(hidden=hidden)))
    architecture, samples = large.network.architecture, len(large.data.x_train)
    assert MIN_NETWORK_STEPS < steps_for(architecture, samples, 3) < NETWORK_STEPS
    assert steps_for(snapshot_of().network.architecture, samples, 6) == NETWORK_STEPS


def test_divergence_is_reported(qtbot: QtBot) -> None:
    data = race_data("bowl", None, (Racer(optimizer="sgd", learning_rate=10.0), *surface_racers(SURFACES["bowl"])))
    assert outcome(data.trajectories[0], STEPS) == "diverged"
    assert math.isnan(data.trajectories[0].detour_at(STEPS))
    assert "1 of 4 does not arrive" in race_sentences(data)[0]


def test_the_sentence_names_all_who_are_first() -> None:
    same = tuple(Racer(label=label, optimizer="sgd", learning_rate=0.1) for label in "abc")
    for racers, first in ((same[:2], "a and b"), (same, "3 racers")):
        data = race_data("bowl", None, racers)
        step = data.trajectories[0].arrival
        assert {each.arrival for each in data.trajectories} == {step}
        assert race_sentences(data)[0].startswith(f"first to reach a minimum: {first}, step {step};")
        assert race_sentences(data)[-1] == f"first: {first}, step {step}"


def test_the_sentence_names_the_first_to_arrive() -> None:
    data = race_data("bowl", None)
    first = min(data.trajectories, key=lambda trajectory: trajectory.arrival or 10**9)
    assert race_sentences(data)[0].startswith(f"first to reach a minimum: {first.name}, step {first.arrival};")
    assert race_sentences(data)[-2:] == (
        f"first at a minimum: {first.name}, step {first.arrival}",
        f"first: {first.name}, step {first.arrival}",
    )
    assert outcome(first, STEPS) == f"step {first.arrival}"
    assert outcome(first, 0) == f"at {short(float(first.curve[0]), 2)}"
    far = race_data("ravine", (-2.0, 3.0))
    late = next(trajectory for trajectory in far.trajectories if trajectory.arrival is None)
    assert outcome(late, STEPS) in (f"at {short(float(late.curve[-1]), 2)}", "diverged")
    assert "not arrive" in race_sentences(far)[0] or "no racer" in race_sentences(far)[0]


def test_a_race_on_a_surface_needs_no_samples(qtbot: QtBot, snapshots: dict[str, Snapshot]) -> None:
    empty = snapshot_of(Experiment(data=DataSettings(dataset=DrawnSource(points=()))))
    card = make(qtbot, RacePlot, size=(640, 480))
    card.show_snapshot(empty)
    assert card._sentence.text() == empty.data.missing
    card.choose_objective("bowl")
    qtbot.waitUntil(lambda: card.shown() is not None)
    card.choose_objective("network")
    assert card.shown() is None
    card.show_snapshot(snapshots["default"])
    qtbot.waitUntil(lambda: card.shown() is not None)
    card.hide()


def test_edited_racers_are_saved_and_restored(qtbot: QtBot, snapshot: Snapshot) -> None:
    card = settled(qtbot, snapshot, "bowl")
    assert card.view_data() == ""
    fast = replace(card.racers[0], label="", learning_rate=0.25)
    card.set_racers((fast, *card.racers))
    card.choose_objective(NETWORK)
    other = make(qtbot, RacePlot, size=(640, 480))
    other.show_snapshot(snapshot)
    other.restore_view_data(card.view_data())
    other.choose_objective("bowl")
    assert other.racers == (fast, *surface_racers(SURFACES["bowl"]))
    other.restore_racers()
    assert other.view_data() == ""
    other.hide()


@pytest.mark.usefixtures("short_race")
def test_the_plane_of_a_race_on_the_network_can_be_chosen_without_racing_again(
    qtbot: QtBot, snapshot: Snapshot
) -> None:
    card = settled(qtbot, snapshot, NETWORK)
    race, first = card._running[1], card.shown()
    card.choose_plane("random")
    qtbot.waitUntil(lambda: card.is_settled and card.shown() is not first)
    assert card.shown().names == ("random direction 1, filter-normalized", "random direction 2, filter-normalized")
    card._session.select(Selection("weight", 0, 2, 1))
    card._session.select(Selection("bias", 1, 1))
    card.choose_plane("weights")
    qtbot.waitUntil(lambda: card.is_settled and card.shown().short_names == ("W₁[2,3]", "b₂[2]"))
    data, layer = card.shown(), snapshot.network.architecture.layers[0]
    assert data.start[0] == snapshot.network.parameters[layer.weight_index(1, 2)]
    assert all(each.points[0] == pytest.approx(data.start) for each in data.trajectories)
    assert card._running[1] is race
    assert [each.curve.tolist() for each in data.trajectories] == [each.curve.tolist() for each in first.trajectories]
    card.show_snapshot(snapshot_of(Experiment(network=NetworkSettings(hidden=(HiddenLayer(units=2),))), generation=1))
    finished(qtbot, card)
    assert len(card.shown().short_names) == 2, "weights that no longer exist are replaced"


@pytest.mark.parametrize("view", ["map", "3-D"])
def test_a_cached_surface_looks_like_a_painted_one(qtbot: QtBot, snapshot: Snapshot, view: str) -> None:
    card = settled(qtbot, snapshot, "camel")
    card.choose_view(view)
    card._clock.stop()
    images = [picture(card) for _ in range(3)]  # painted, painted into the cache, and from it
    painted, _, cached = (np.array(image.constBits()).astype(int) for image in images)
    difference = np.abs(painted - cached)
    assert np.mean(difference > 8) < 1e-5, "rounding of half transparent pixels"
    assert difference.max() <= 16
