"""The map of a race can be widened to the paths that leave it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace
from pytestqt.qtbot import QtBot

from core.analysis.surfaces import SURFACES
from core.experiment.presets import preset
from core.training.pins.pinned_run import pinned
from core.training.run_history import RunHistory
from core.training.snapshot import Snapshot
from core.training.training_run import new_trainer
from playground.plots import RacePlot
from playground.plots.race.data import RaceData, race_data, surface_racers
from playground.plots.race.extent import MAX_WIDER, leaves_map, wider
from playground.session import Session
from playground.style.theme import LIGHT, Style
from tests.playground.plots.support import make

RANGES = ((-1.0, 1.0), (0.0, 4.0))


def leaves(data: RaceData, other: RaceData | None = None) -> bool:
    """Return whether a path of ``data``, or of ``other``, leaves the map of ``data``."""
    return leaves_map(data.x, data.y, [each.points for each in (other or data).trajectories])


def test_a_range_is_widened_only_where_points_are_beyond_it() -> None:
    points = np.array([[0.0, 1.0], [2.0, 3.0]])
    (left, right), up = wider(RANGES, points)
    assert (left, up) == (-1.0, (0.0, 4.0))
    assert right == pytest.approx(2.0 + 0.05 * 2.0)
    assert wider(RANGES, points / 2) == RANGES


def test_a_path_that_diverges_does_not_widen_it_for_ever() -> None:
    points = np.array([[0.0, 1.0], [1e9, 1.0], [np.inf, np.nan], [np.nan, 0.0]])
    assert wider(RANGES, points) == RANGES
    assert wider(RANGES, points[2:]) == RANGES
    (_, right), _ = wider(RANGES, np.array([[0.0, 1.0], [MAX_WIDER, 1.0]]))
    assert right >= MAX_WIDER


def test_a_surface_covers_whole_paths_on_request() -> None:
    start = (-1.9, 2.9)
    racers = tuple(
        replace(each, learning_rate=3 * each.learning_rate) for each in surface_racers(SURFACES["ravine"])[2:]
    )
    narrow, whole = (race_data("ravine", start, racers, whole=on) for on in (False, True))
    assert (narrow.x[0], narrow.x[-1]) == SURFACES["ravine"].x_range
    assert leaves(narrow)
    assert not leaves(whole)
    for before, after in zip(narrow.trajectories, whole.trajectories, strict=True):
        assert np.array_equal(before.points, after.points)
    assert np.isfinite(whole.heights).all()
    at = np.abs(whole.y - 2.9).argmin(), np.abs(whole.x + 1.9).argmin()
    assert whole.grid[at] == pytest.approx(SURFACES["ravine"].function(whole.x[at[1]], whole.y[at[0]]))


@pytest.fixture
def card(qtbot: QtBot, snapshots: dict[str, Snapshot]) -> Any:
    made = make(qtbot, RacePlot, size=(640, 600))
    made.show_snapshot(snapshots["default"])
    return made


def settled(card: Any, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: card.is_settled)


def test_the_wider_map_is_offered_where_a_path_leaves_it(card: Any, qtbot: QtBot) -> None:
    card.choose_objective("ravine")
    settled(card, qtbot)
    assert not card.bar.whole.isVisible()
    card.set_racers(tuple(replace(each, learning_rate=3 * each.learning_rate) for each in card.racers[2:]))
    card.start_at(-1.9, 2.9)
    settled(card, qtbot)
    qtbot.waitUntil(card.bar.whole.isVisible)
    card.choose_view("curves")
    assert not card.bar.whole.isVisible()
    card.choose_view("map")
    card.bar.whole.click()
    settled(card, qtbot)
    qtbot.waitUntil(lambda: not leaves(card.shown()))
    assert card.bar.whole.isVisible()
    card.bar.whole.click()
    settled(card, qtbot)
    qtbot.waitUntil(lambda: leaves(card.shown()))


def test_the_map_of_a_network_covers_the_paths_of_pinned_runs_on_request(qtbot: QtBot) -> None:
    experiment = preset("default")
    far = replace(experiment, training=replace(experiment.training, learning_rate=0.3))
    runs = []
    for each, steps in ((experiment, 2), (far, 400)):
        trainer = new_trainer(each, engine="numpy")
        trainer.run(steps)
        runs.append(pinned(trainer, RunHistory(), (0, 1)))
    session = Session(experiment)
    card = RacePlot(session, Style(LIGHT))
    qtbot.addWidget(card)
    card.resize(640, 600)
    card.show()
    card.show_snapshot(runs[0].snapshot)
    card.set_racers(tuple(replace(each, learning_rate=1e-4) for each in card.racers))
    assert session.pins.add(runs[1]) is not None
    settled(card, qtbot)
    qtbot.waitUntil(lambda: len(card.ghosts()) == 1)
    card.redraw()
    (ghost,) = card.ghosts()
    assert leaves(card.shown(), ghost.data)
    assert card.bar.whole.isVisible()
    card.bar.whole.click()
    settled(card, qtbot)
    qtbot.waitUntil(lambda: len(card.ghosts()) == 1 and not leaves(card.shown(), card.ghosts()[0].data))
    reach = float(np.ptp(card.shown().x))
    session.pins.remove(session.pins.all[0].key)
    settled(card, qtbot)
    qtbot.waitUntil(lambda: float(np.ptp(card.shown().x)) < 0.9 * reach)
