"""Race and minima show what the same racers and restarts do on the networks of pinned runs."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace
from PySide6.QtCore import QPointF
from pytestqt.qtbot import QtBot

from core.experiment import DataSettings, Experiment, HiddenLayer, NetworkSettings
from core.training.many_runs.network_minima import Restarting, index_of
from core.training.pins.pinned_run import PinnedRun, pinned
from core.training.run_history import RunHistory
from core.training.snapshot import Snapshot
from core.training.training_run import new_trainer
from playground.export.hidden_view import Look, hidden_view, image_of
from playground.plots import MinimaPlot, RacePlot
from playground.plots.minima import places
from playground.plots.minima.histogram import (
    MAX_BINS,
    MIN_BINS,
    bin_count,
    blocks,
    counts_of,
    minimum_at,
    rows,
    scaled_counts,
)
from playground.plots.minima.network import NetworkMinima, network_minima
from playground.plots.race.objective_menu import NETWORK
from playground.plots.race.picture import nearest_point
from playground.plots.race.pinned_track import is_same_surface
from playground.plots.race.sentence import race_sentences
from playground.plotting.canvas.canvas import Canvas
from playground.plotting.pictures.pair_view import PairView
from playground.session import Session
from playground.style.theme import LIGHT, Style
from tests.playground.factory import snapshot_of
from tests.playground.plots.support import colours, picture, rgb


def experiment(activation: str, **training: Any) -> Experiment:
    hidden = (HiddenLayer(units=2, activation=activation),)
    made = Experiment(data=DataSettings(samples=60), network=NetworkSettings(hidden=hidden))
    return replace(made, training=replace(made.training, **training))


def run_of(made: Experiment) -> PinnedRun:
    trainer, history = new_trainer(made, engine="numpy"), RunHistory()
    history.timed(trainer.run, 5, None)
    history.record_if_due(trainer)
    return pinned(trainer, history, None)


@pytest.fixture(scope="module")
def pins() -> dict[str, PinnedRun]:
    return {
        "another network": run_of(experiment("relu")),
        "another learning rate": run_of(experiment("tanh", learning_rate=0.1)),
    }


@pytest.fixture(scope="module")
def snapshot() -> Snapshot:
    return snapshot_of(experiment("tanh"), steps=5)


def shown(qtbot: QtBot, kind: Any, snapshot: Snapshot, pin: PinnedRun) -> Any:
    session = Session()
    assert session.pins.add(pin) is not None
    card = kind(session, Style(LIGHT))
    qtbot.addWidget(card)
    card.resize(640, 560)
    card.show()
    card.show_snapshot(snapshot)
    qtbot.waitUntil(
        lambda: card.is_settled and card.shown() is not None and not card.has_more(card.shown()), timeout=60_000
    )
    return card


def test_the_curves_of_a_race_are_drawn_with_those_on_a_pinned_network(
    qtbot: QtBot, snapshot: Snapshot, pins: dict[str, PinnedRun]
) -> None:
    card = shown(qtbot, RacePlot, snapshot, pins["another network"])
    assert card.ghosts() == (), "its paths lie on another surface"
    card.choose_view("curves")
    qtbot.waitUntil(lambda: len(card.ghosts()) == 1, timeout=60_000)
    (ghost,) = card.ghosts()
    own, other = card.shown(), ghost.data
    assert [each.racer for each in other.trajectories] == [each.racer for each in own.trajectories]
    assert other.trajectories[0].curve[0] != own.trajectories[0].curve[0]
    low, high = card.canvas.area().y_range
    first = np.log10([each.trajectories[0].curve[0] for each in (own, other)])
    assert (low < first).all()
    assert (first < high).all()
    assert len(card.canvas.legend) == 1
    card._clock.stop()
    with_pin = picture(card)
    card.pins.remove(card.pins.all[0].key)
    assert picture(card) != with_pin
    card.choose_objective("bowl")
    assert card.ghosts() == ()


def test_the_outline_of_the_minima_of_a_pinned_network_shares_the_axes(
    qtbot: QtBot, snapshot: Snapshot, pins: dict[str, PinnedRun]
) -> None:
    card = shown(qtbot, MinimaPlot, snapshot, pins["another network"])
    qtbot.waitUntil(lambda: len(card.ghosts()) == 1, timeout=60_000)
    (ghost,) = card.ghosts()
    run = pins["another network"].snapshot
    search = Restarting(run.experiment, run.data, ghost.data.steps, engine="auto")
    assert ghost.data.restarts[0].loss == search.restart(0).loss
    area, own = card.canvas.area(), card.shown()
    for each in (own, ghost.data):
        assert area.x_range[0] <= each.range()[0]
        assert each.range()[1] <= area.x_range[1]
    for rect, _ in blocks(area, own, card._style, [ghost.data]):
        assert area.rect.adjusted(-1, -1, 1, 1).contains(rect)
    assert len(card.canvas.legend) == 1
    assert picture(card) != picture(shown(qtbot, MinimaPlot, snapshot, pins["another learning rate"]))
    rect, restart = blocks(area, own, card._style, [ghost.data])[0]
    found = minimum_at(card.canvas, own, card._style, QPointF(rect.center()), [ghost.data])
    assert found == own.minimum_of[restart]


@pytest.mark.parametrize("kind", [RacePlot, MinimaPlot])
def test_a_run_that_would_be_the_same_is_not_computed(
    qtbot: QtBot, snapshot: Snapshot, pins: dict[str, PinnedRun], kind: type
) -> None:
    card = shown(qtbot, kind, snapshot, pins["another learning rate"])
    if isinstance(card, RacePlot):
        qtbot.waitUntil(lambda: not card._pins_asked)  # its path of training, on the map
        card.choose_view("curves")
    picture(card)
    assert not card._pins_asked
    assert all(ghost.data.place is not None for ghost in card.ghosts())
    assert len(card.ghosts()) == (1 if isinstance(card, MinimaPlot) else 0), "its place among the minima"


def test_a_pinned_run_is_marked_at_its_loss_and_at_the_minimum_it_is_in(
    qtbot: QtBot, snapshot: Snapshot, pins: dict[str, PinnedRun], monkeypatch: pytest.MonkeyPatch
) -> None:
    marks: list[QPointF] = []
    monkeypatch.setattr(places, "_mark", lambda _p, at, _ghost, _style: marks.append(at))
    pin = pins["another learning rate"]
    card = shown(qtbot, MinimaPlot, snapshot, pin)
    architecture, own, area = snapshot.network.architecture, card.shown(), card.canvas.area()
    (ghost,) = card.ghosts()
    assert ghost.data.place.end.loss == pin.snapshot.scores.train_loss
    assert ghost.data.place.index is None, "it has hardly been trained"
    assert card.canvas.legend == ((ghost.name, 0),)
    low, high = area.x_range
    assert low < np.log10(pin.snapshot.scores.train_loss) < high, "the axis reaches it"
    marks.clear()
    picture(card)
    (at,) = marks
    assert at.x() == pytest.approx(area.x(np.log10(pin.snapshot.scores.train_loss)))
    # The same run in the second minimum, with other signs of its neurons.
    second = own.minima[1]
    layer, following = architecture.layers[:2]
    moved = second.parameters.copy()
    for part in (layer.weights, layer.bias, following.weights):
        moved[part] = -moved[part]
    assert index_of(architecture, replace(second, parameters=moved), own.minima) == 1
    run = pin.snapshot
    there = replace(
        run,
        network=replace(run.network, parameters=moved),
        scores=replace(run.scores, train_loss=second.loss),
    )
    card.pins.clear()
    assert card.pins.add(replace(pin, snapshot=there)) is not None
    (ghost,) = card.ghosts()
    assert ghost.data.place.index == 1
    marks.clear()
    picture(card)
    row = next(rect for rect, index in rows(card.canvas, area, own, card._style) if index == 1)
    assert row.contains(marks[1])
    assert card.ghost_sentences(card.pins.all[0], ghost.data)[0].endswith(", in number 2 of these")
    assert card.pair_data() is None, "there is nothing to put beside it"


def test_shares_of_restarts_are_compared_and_failed_restarts_left_out(
    qtbot: QtBot, snapshot: Snapshot, pins: dict[str, PinnedRun]
) -> None:
    card = shown(qtbot, MinimaPlot, snapshot, pins["another learning rate"])
    own, area = card.shown(), card.canvas.area()
    assert isinstance(own, NetworkMinima)
    few = network_minima(snapshot.network.architecture, own.restarts[:4], 4, own.steps)
    assert scaled_counts(area, own, few, card._style).sum() == pytest.approx(len(own.restarts))
    counts = counts_of(area, own, card._style)
    assert MIN_BINS <= len(counts) == bin_count(area, card._style) <= MAX_BINS
    assert counts.sum() == np.isfinite(own.losses).sum()
    assert card._objective == NETWORK


@pytest.mark.parametrize("view", ["map", "3-D"])
def test_on_the_surface_of_a_race_lies_the_path_of_training_of_a_pinned_run(
    qtbot: QtBot, snapshot: Snapshot, pins: dict[str, PinnedRun], view: Any
) -> None:
    pin = pins["another learning rate"]
    card = shown(qtbot, RacePlot, snapshot, pin)
    card.choose_view(view)
    card._clock.stop()
    qtbot.waitUntil(lambda: len(card.ghosts()) == 1, timeout=60_000)
    (ghost,) = card.ghosts()
    assert card.canvas.legend == ((ghost.name, 0),)
    own = card.shown()
    (track,) = ghost.data.trajectories
    assert track.steps.tolist() == pin.snapshot.path.steps.tolist()
    assert track.values[-1] == pytest.approx(pin.snapshot.scores.train_loss, rel=1e-9)
    moved = np.array(pin.snapshot.path.points) - own.axes.origin
    rest = moved - np.outer(track.points[:, 0], own.axes.first) - np.outer(track.points[:, 1], own.axes.second)
    np.testing.assert_allclose(np.linalg.norm(rest, axis=1), track.distances, atol=1e-9)
    np.testing.assert_allclose(rest @ np.column_stack([own.axes.first, own.axes.second]), 0.0, atol=1e-9)
    assert (own.x == ghost.data.x).all(), "the same axes"
    with_pin = picture(card)
    assert rgb(ghost.tint(card._style)) in colours(with_pin)
    card.pins.recolour(card.pins.all[0].key, 3)
    assert picture(card) != with_pin
    card.pins.set_hidden(card.pins.all[0].key, hidden=True)
    assert card.canvas.legend == ()
    assert picture(card) != with_pin


def test_a_figure_and_a_read_out_of_a_race_have_the_pinned_path(
    qtbot: QtBot, snapshot: Snapshot, pins: dict[str, PinnedRun], monkeypatch: pytest.MonkeyPatch
) -> None:
    card = shown(qtbot, RacePlot, snapshot, pins["another learning rate"])
    qtbot.waitUntil(lambda: len(card.ghosts()) == 1, timeout=60_000)
    (ghost,) = card.ghosts()
    read: list[list[tuple[str, str]]] = []
    monkeypatch.setattr(
        "playground.plots.race.picture.read_out", lambda _p, _style, _at, _bounds, lines: read.append(lines)
    )
    monkeypatch.setattr("playground.plots.race.picture.nearest_point", _only("training"))
    area = card.canvas.area()
    (track,) = ghost.data.trajectories
    at = QPointF(area.x(float(track.points[-1, 0])), area.y(float(track.points[-1, 1])))
    assert area.rect.contains(at)
    card.canvas.hovered.emit(at)
    card.canvas.grab()
    assert read[-1][0] == (f"training, {ghost.name}", f"step {track.steps[-1]}")
    monkeypatch.undo()
    for view in ("map", "3-D"):
        card.choose_view(view)
        image = image_of(card, Look((960, 540), LIGHT))
        assert rgb(ghost.tint(Style(LIGHT))) in colours(image.convertToFormat(image.Format.Format_RGB32))
    rows = [row for row in card.figure_table().rows if row[0] == ghost.name]
    assert {row[1] for row in rows} == {"training"}
    pair = card.pair_data()
    assert pair is not None
    assert len(pair[1].trajectories) == len(card.shown().trajectories), "side by side are two races"


@pytest.mark.parametrize("view", ["map", "curves"])
def test_side_by_side_each_race_has_a_sentence(
    qtbot: QtBot, snapshot: Snapshot, pins: dict[str, PinnedRun], view: Any
) -> None:
    card = shown(qtbot, RacePlot, snapshot, pins["another network"])
    card.choose_view(view)
    found, pair = card.pair_data(), card.pair()
    assert found is not None
    assert pair is not None
    with hidden_view(pair, Look((960, 540), LIGHT)) as halves:
        assert isinstance(halves, PairView)
        said = [half.captions.sentences[0] for half, _ in halves.parts() if isinstance(half, Canvas)]
    assert said == [race_sentences(found[1])[0], race_sentences(card.shown())[0]]
    assert all(said)


def _only(name: str) -> Any:
    """Return :func:`nearest_point` that sees the trajectory ``name`` only."""

    def nearest(area: Any, data: Any, mouse: QPointF, shown: int, reach: float) -> Any:
        own = tuple(each for each in data.trajectories if each.name == name)
        return nearest_point(area, replace(data, trajectories=own), mouse, shown, reach)

    return nearest


def test_another_loss_is_another_surface(snapshot: Snapshot, pins: dict[str, PinnedRun]) -> None:
    assert is_same_surface(snapshot, pins["another learning rate"].snapshot)
    assert not is_same_surface(snapshot, pins["another network"].snapshot)
    other = experiment("tanh")
    moved = run_of(replace(other, data=replace(other.data, seed=9)))
    assert not is_same_surface(snapshot, moved.snapshot)
