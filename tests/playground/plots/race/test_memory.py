"""Edited racers are restored as far as they are valid."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from core.analysis.race import Racer
from core.analysis.surfaces import SURFACES
from core.training.snapshot import Snapshot
from playground.plots import RacePlot
from playground.plots.race.data import MAX_RACERS, surface_racers
from playground.plots.race.memory import encoded
from tests.playground.factory import snapshot_of
from tests.playground.plots.support import make


@pytest.fixture(scope="module")
def snapshot() -> Snapshot:
    return snapshot_of()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "\ud800",
        '{"moon": [{"optimizer": "sgd", "learning_rate": 0.1}]}',
        '{"bowl": []}',
        '{"bowl": [{"optimizer": "none", "learning_rate": 0.1}]}',
        '{"bowl": [{"optimizer": "sgd", "learning_rate": -1.0}]}',
        '{"bowl": [{"optimizer": "sgd"}]}',
        '{"bowl": [{"optimizer": "sgd", "learning_rate": 0.1, "label": "%s"}]}' % ("x" * 101),
    ],
)
def test_damaged_racers_are_ignored(qtbot: QtBot, snapshot: Snapshot, text: str) -> None:
    card = make(qtbot, RacePlot, size=(640, 480))
    card.show_snapshot(snapshot)
    card.restore_view_data(text)
    card.choose_objective("bowl")
    assert card.racers == surface_racers(SURFACES["bowl"])
    card.hide()


def test_at_most_six_racers_are_restored(qtbot: QtBot, snapshot: Snapshot) -> None:
    card = make(qtbot, RacePlot, size=(640, 480))
    card.show_snapshot(snapshot)
    card.restore_view_data(encoded({"bowl": (Racer(optimizer="sgd", learning_rate=0.1),) * 9}))
    card.choose_objective("bowl")
    assert len(card.racers) == MAX_RACERS
    card.hide()
