"""Two landscapes side by side: the pinned network's own loss on the plane of the current one, with its own path."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from core.analysis.loss_surface import PLANES
from core.arrays import Floats
from core.experiment import Experiment, HiddenLayer, NetworkSettings, TrainingSettings
from core.training.pins.pinned_run import PinnedRun, pinned
from core.training.run_history import RunHistory
from playground.plots import Landscape3DPlot, LandscapePlot
from playground.plots.landscape.picture import finite_limits
from playground.plotting.cards.card_pair import CardPair
from playground.session import Session
from playground.style.theme import LIGHT, Style
from tests.core.support import new_trainer

STEPS = (0, 10, 30, 60)


def run_of(activation: str, *units: int) -> PinnedRun:
    hidden = tuple(HiddenLayer(units=each, activation=activation) for each in units)
    training = TrainingSettings(learning_rate=0.1)
    trainer, history = new_trainer(Experiment(network=NetworkSettings(hidden=hidden), training=training)), RunHistory()
    for step in STEPS:
        trainer.run(step - trainer.step)
        run = pinned(trainer, history, (0, 1))
    return run


@pytest.fixture(scope="module")
def runs() -> dict[str, PinnedRun]:
    return {"tanh": run_of("tanh", 4, 3), "sigmoid": run_of("sigmoid", 4, 3), "wide": run_of("tanh", 7)}


def card_of(qtbot: QtBot, kind: Any, choice: str, living: PinnedRun, other: PinnedRun) -> Any:
    session = Session(living.experiment)
    session.snapshot = living.snapshot
    card = kind(session, Style(LIGHT))
    qtbot.addWidget(card)
    card.resize(420, 400)
    session.pins.add(other)
    card.choose_plane(choice)
    card.show_snapshot(living.snapshot)
    qtbot.waitUntil(lambda: card.prepare(paired=True), timeout=60_000)
    return card


def loss_by_hand(run: PinnedRun, activation: str, flat: Floats) -> float:
    """Return the mean squared error ½(ŷ − y)² of the training set with the parameters ``flat``, without the core."""
    a = run.snapshot.data.x_train
    for index, layer in enumerate(run.snapshot.network.architecture.layers):
        W = flat[layer.start : layer.start + layer.fan_in * layer.fan_out].reshape(layer.fan_in, layer.fan_out)
        z = a @ W + flat[layer.bias]
        hidden = index < len(run.snapshot.network.architecture.layers) - 1
        a = 1.0 / (1.0 + np.exp(-z)) if hidden and activation == "sigmoid" else np.tanh(z)
    return float(np.mean(0.5 * np.sum((a - run.snapshot.data.y_train) ** 2, axis=1)))


@pytest.mark.parametrize("choice", PLANES)
def test_row18_the_pinned_network_is_evaluated_on_the_same_plane(
    qtbot: QtBot, runs: dict[str, PinnedRun], choice: str
) -> None:
    card = card_of(qtbot, LandscapePlot, choice, runs["tanh"], runs["sigmoid"])
    found = card.pair_data()
    assert found is not None
    data, own, run = found[1], card.shown(), runs["sigmoid"]
    plane = data.surface.plane
    assert data.x.tolist() == own.x.tolist()
    assert data.y.tolist() == own.y.tolist()
    assert data.plane == own.plane
    present, end = run.snapshot.network.parameters, data.origin
    if choice == "weights":
        chosen = [int(np.argmax(plane.first)), int(np.argmax(plane.second))]
        assert np.delete(end, chosen).tolist() == np.delete(present, chosen).tolist()
        assert data.here == pytest.approx(present[chosen].tolist(), rel=1e-9)
    else:
        assert end.tolist() == runs["tanh"].snapshot.network.parameters.tolist()
    for row, column in ((0, 0), (4, 7), (20, 11)):
        flat = end + plane.first_offsets[column] * plane.first + plane.second_offsets[row] * plane.second
        assert plane.losses[row, column] == pytest.approx(loss_by_hand(run, "sigmoid", flat), rel=1e-9)
    assert data.steps.tolist() == list(STEPS)
    for point, loss, distance, place in zip(
        run.snapshot.path.points, data.surface.path.losses, data.surface.path.distances, data.path, strict=True
    ):
        assert loss == pytest.approx(loss_by_hand(run, "sigmoid", point), rel=1e-9)
        s, t = place - own.here
        foot = end + s * plane.first + t * plane.second
        assert np.linalg.norm(point - foot) == pytest.approx(distance, rel=1e-6, abs=1e-9)
        assert abs((point - foot) @ plane.first) < 1e-8 * np.linalg.norm(plane.first)
    assert data.loss == run.snapshot.scores.train_loss


@pytest.mark.parametrize("kind", [LandscapePlot, Landscape3DPlot])
@pytest.mark.parametrize("other", ["sigmoid", "wide"])
def test_a_pair_has_one_scale_of_losses_and_a_table_with_both_runs(
    qtbot: QtBot, runs: dict[str, PinnedRun], kind: Any, other: str
) -> None:
    card = card_of(qtbot, kind, "path", runs["tanh"], runs[other])
    pair = card.pair()
    assert isinstance(pair, CardPair)
    left, right = pair.build_figure(Style(LIGHT))._canvases
    drawn = [each.captions.title for each in (left, right)]
    assert drawn[0] != drawn[1]
    data = card.pair_data()[1]
    limits = finite_limits(data.heights, card.shown().heights)
    assert limits[0] <= np.nanmin(data.heights)
    assert limits[1] >= np.nanmax(card.shown().heights)
    table = pair.figure_table()
    assert len(table.rows) == data.heights.size + card.shown().heights.size
    assert {row[0] for row in table.rows} == {"current run", card.pins.name(card.pins.all[0])}
    assert len(table.columns) == (4 if other == "sigmoid" else 6)


def test_the_surface_of_a_pin_is_computed_once(qtbot: QtBot, runs: dict[str, PinnedRun]) -> None:
    card = card_of(qtbot, LandscapePlot, "path", runs["tanh"], runs["sigmoid"])
    first = card.pair_data()[1]
    assert card.pair_data()[1] is first
    assert card.prepare(paired=True)
    card.choose_plane("random")
    qtbot.waitUntil(lambda: card.prepare(paired=True), timeout=60_000)
    assert card.pair_data()[1] is not first


def test_without_a_pin_there_is_no_pair(qtbot: QtBot, runs: dict[str, PinnedRun]) -> None:
    card = card_of(qtbot, LandscapePlot, "path", runs["tanh"], runs["sigmoid"])
    card.pins.remove(card.pins.all[0].key)
    assert card.pair() is None
