"""The sharpness card shows the core's eigenvalues along the path and the stability limit of the learning rate."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace as with_settings
from pytestqt.qtbot import QtBot

from core.analysis.sharpness import Hessian, sharpness
from core.experiment import Experiment, TrainingSettings
from core.network import Network
from core.training.snapshot import Snapshot
from playground.plots import SharpnessPlot
from playground.plots.sharpness_data import SharpnessData, sharpness_sentences
from playground.style.theme import DARK, Style
from tests.playground.factory import snapshot_of
from tests.playground.plots.support import colours, make, picture, rgb


@pytest.fixture(scope="module")
def snapshot() -> Snapshot:
    return snapshot_of(Experiment(training=TrainingSettings(learning_rate=0.1, l2=0.01)), steps=40)


def settled(qtbot: QtBot, snapshot: Snapshot) -> Any:
    card = make(qtbot, SharpnessPlot, size=(420, 300))
    card.show_snapshot(snapshot)
    qtbot.waitUntil(lambda: card.is_settled and card.shown() is not None, timeout=60_000)
    return card


def test_the_table_contains_the_eigenvalues_along_the_path(qtbot: QtBot, snapshot: Snapshot) -> None:
    rows = settled(qtbot, snapshot).figure_table().rows
    assert [row[0] for row in rows] == [0, 40]
    assert {row[2] for row in rows} == {20.0}
    for (_, value, _), point in zip(rows, snapshot.path.points, strict=True):
        network = Network(snapshot.network.architecture, point)
        hessian = Hessian(network, snapshot.data.x_train, snapshot.data.y_train, l2=0.01)
        assert value == sharpness(hessian, rng=np.random.default_rng(1)).eigenvalue


def test_results_are_kept_until_the_experiment_or_the_run_changes(qtbot: QtBot, snapshot: Snapshot) -> None:
    card = settled(qtbot, snapshot)
    assert set(card._known) == {0, 40}
    card._known[0] = 5.0  # to distinguish it from a new one
    card.show_snapshot(replace(snapshot, playing=False))
    qtbot.waitUntil(lambda: card.is_settled)
    assert card.shown().values[0] == 5.0
    card.show_snapshot(replace(snapshot, generation=7))
    qtbot.waitUntil(lambda: card.is_settled)
    assert card.shown().values[0] != 5.0
    start = snapshot_of(snapshot.experiment, generation=7)
    card.show_snapshot(start)
    qtbot.waitUntil(lambda: card.is_settled)
    assert card.shown().steps.tolist() == [0]


def test_curve_and_limit_are_drawn_in_both_themes(qtbot: QtBot, snapshot: Snapshot) -> None:
    card = settled(qtbot, snapshot)
    assert rgb(card._style.theme.accent) in colours(picture(card))
    card.set_style(Style(DARK))
    assert rgb(DARK.accent) in colours(picture(card))
    with_limit = picture(card)
    card._data = replace(card.shown(), rate=1e-30)  # a limit far outside the axis
    card.redraw()
    assert picture(card) != with_limit


@pytest.mark.parametrize(
    ("value", "rate", "plain", "words"),
    [
        (10.0, 0.02, True, "α = 0.020 is 10 × below the stability limit, 2/λ = 0.20"),
        (10.0, 0.2, True, "at the edge of stability: α = 0.20, 2/λ = 0.20"),
        (10.0, 0.4, True, "α = 0.40 is 2.0 × the stability limit, 2/λ = 0.20"),
        (10.0, 0.4, False, "α = 0.40 is 2.0 × the stability limit of plain gradient descent, 2/λ = 0.20"),
        (-1.0, 0.4, True, "no direction of positive curvature, so no stability limit"),
        (float("nan"), 0.4, True, "the loss has no finite curvature here"),
    ],
)
def test_the_sentence_compares_the_learning_rate_with_the_limit(
    value: float, rate: float, plain: bool, words: str
) -> None:
    data = SharpnessData(np.array([3]), np.array([value]), rate, plain)
    assert sharpness_sentences(data)[0] == words


def test_row05_full_batch_descent_sharpens_up_to_the_limit() -> None:
    experiment = with_settings(Experiment(), training=TrainingSettings(batch_size=0, learning_rate=1.0, shuffle=False))
    shares = []
    for steps in (0, 25):
        snapshot = snapshot_of(experiment, steps=steps)
        hessian = Hessian(snapshot.network, snapshot.data.x_train, snapshot.data.y_train)
        shares.append(0.5 * sharpness(hessian, rng=np.random.default_rng(1)).eigenvalue)
    assert shares[0] < 0.6
    assert 0.8 < shares[1] < 1.2, "the edge of stability"


def test_row05_the_limit_is_told_while_the_card_is_visible(qtbot: QtBot, snapshot: Snapshot) -> None:
    card = settled(qtbot, snapshot)
    stability = card._session.stability
    known = stability.curvature
    assert known is not None
    hessian = Hessian(snapshot.network, snapshot.data.x_train, snapshot.data.y_train, l2=0.01)
    assert known.eigenvalue == sharpness(hessian, rng=np.random.default_rng(1)).eigenvalue
    assert (known.generation, known.step) == (snapshot.generation, 40)
    card.hide()
    assert stability.curvature is None
    card.figure_table()
    assert stability.curvature is None, "an export marks nothing"
    card.show()
    assert stability.curvature == known
