"""The sharpness card shows the core's eigenvalues along the path and the stability limit of the learning rate."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace
from msgspec.structs import replace as with_settings
from pytestqt.qtbot import QtBot

from core.analysis.sharpness import Hessian, sharpness
from core.experiment import Experiment, TrainingSettings
from core.network import Network
from core.training.snapshot import Snapshot
from playground.plots import SharpnessPlot
from playground.plots.sharpness.data import (
    MAX_KNOWN,
    MAX_POINTS,
    Known,
    SharpnessData,
    sharpness_data,
    sharpness_sentences,
    thinned,
)
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


def test_results_are_kept_until_the_loss_or_the_weights_change(qtbot: QtBot, snapshot: Snapshot) -> None:
    card = settled(qtbot, snapshot)
    assert set(card._known) == {0, 40}
    card._known[0] = card._known[0]._replace(value=5.0)  # to distinguish it from a new one
    card.show_snapshot(replace(snapshot, playing=False))
    qtbot.waitUntil(lambda: card.is_settled)
    assert card.shown().values[0] == 5.0
    slower = with_settings(
        snapshot.experiment, training=with_settings(snapshot.experiment.training, learning_rate=0.05)
    )
    card.show_snapshot(replace(snapshot, experiment=slower, generation=6))
    qtbot.waitUntil(lambda: card.is_settled)
    assert card.shown().values[0] == 5.0, "the learning rate does not change the curvature"
    other = replace(snapshot.path, points=(snapshot.path.points[0] + 0.1, *snapshot.path.points[1:]))
    card.show_snapshot(replace(snapshot, path=other, generation=7))
    qtbot.waitUntil(lambda: card.is_settled)
    assert card.shown().values[0] != 5.0
    kept = card.shown().values[1]
    weaker = with_settings(snapshot.experiment, training=with_settings(snapshot.experiment.training, l2=0.1))
    card.show_snapshot(replace(snapshot, experiment=weaker, generation=8))
    qtbot.waitUntil(lambda: card.is_settled)
    assert card.shown().values[1] != kept
    start = snapshot_of(snapshot.experiment, generation=9)
    card.show_snapshot(start)
    qtbot.waitUntil(lambda: card.is_settled)
    assert card.shown().steps.tolist() == [0]


def test_axis_and_limit_follow_each_snapshot_before_the_curvature_does(qtbot: QtBot, snapshot: Snapshot) -> None:
    card = settled(qtbot, snapshot)
    card._paused_until = float("inf")
    training = with_settings(snapshot.experiment.training, learning_rate=0.05)
    later = replace(snapshot, experiment=with_settings(snapshot.experiment, training=training), step=80, playing=True)
    card.show_snapshot(later)
    assert card.shown().steps.tolist() == [0, 40]
    assert (card.shown().end, card.shown().limit) == (80, 40.0)
    assert card.canvas.area().x_range == (0.0, 80.0)
    assert "α = 0.050" in card.accessibleDescription()


def test_the_newest_point_comes_first_and_then_the_largest_gaps(snapshot: Snapshot) -> None:
    count = 101
    path = replace(snapshot.path, steps=np.arange(count), points=(snapshot.network.parameters,) * count)
    long = replace(snapshot, path=path, step=100)
    first = sharpness_data(long, {}, lambda *_: True, 0.0)
    assert first is not None
    assert (first.steps.tolist(), first.missing) == ([100], MAX_POINTS - 1)
    second = sharpness_data(long, first.known, lambda *_: True, 0.0)
    assert second is not None
    assert second.steps.tolist() == [0, 100]
    whole = sharpness_data(long, second.known, lambda *_: True)
    assert whole is not None
    assert (len(whole.steps), whole.missing) == (MAX_POINTS, 0)
    assert np.diff(whole.steps).max() <= 2 * count / MAX_POINTS
    assert sharpness_data(long, whole.known, lambda *_: True, 0.0).steps.tolist() == whole.steps.tolist()  # type: ignore[union-attr]


def test_during_training_each_snapshot_continues_where_the_previous_one_stopped(
    qtbot: QtBot, snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("playground.plots.sharpness.card.LIVE_PART_SECONDS", 0.0)
    count = 41
    path = replace(snapshot.path, steps=np.arange(count), points=(snapshot.network.parameters,) * count)
    card = make(qtbot, SharpnessPlot, size=(420, 300))
    for expected in (1, 2, 3):
        card._paused_until = 0.0
        card.show_snapshot(replace(snapshot, path=path, playing=True))
        qtbot.waitUntil(lambda: card.is_settled)
        assert len(card.shown().steps) == expected
    card.show_snapshot(replace(snapshot, path=path))
    qtbot.waitUntil(lambda: card.shown().missing == 0, timeout=60_000)


def test_a_long_run_keeps_a_bounded_number_of_values() -> None:
    known = {step: Known(float(step), step) for step in range(MAX_KNOWN + 1)}
    kept = thinned(known)
    assert len(kept) <= MAX_KNOWN / 2 + 1
    assert {0, MAX_KNOWN} <= set(kept)
    assert thinned(kept) == kept


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
        (10.0, 0.02, True, "α = 0.020 is 10 × smaller than the stability limit, 2/λ = 0.20"),
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
    sentences = sharpness_sentences(data)
    assert sentences[0] == words
    assert plain or "plain" in sentences[1], "the limit is not that of this optimizer"


@pytest.mark.parametrize(
    ("optimizer", "momentum", "formula", "is_own"),
    [
        ("sgd", 0.0, "2/α", True),
        ("momentum", 0.9, "2(1 + μ)/α", True),
        ("nesterov", 0.9, "2(1 + μ)/((1 + 2μ)α)", True),
        ("adam", 0.0, "2/α", False),
    ],
)
def test_row05_the_line_is_the_limit_of_the_optimizer(
    optimizer: str, momentum: float, formula: str, is_own: bool
) -> None:
    training = TrainingSettings(optimizer=optimizer, momentum=momentum, learning_rate=0.1)
    data = sharpness_data(snapshot_of(Experiment(training=training), steps=3), {}, lambda _done, _total: True)
    assert data is not None
    assert (data.limit_formula, data.is_own) == (formula, is_own)
    if not is_own:
        return
    # On a quadratic of this curvature, 400 steps stay bounded below the limit and blow up above it.
    for factor, is_stable in ((0.98, True), (1.02, False)):
        w, v = 1.0, 0.0
        for _ in range(400):
            g = factor * data.limit * w
            v = momentum * v + g
            w -= 0.1 * (g + momentum * v if optimizer == "nesterov" else v)
        assert (abs(w) < 1.0) is is_stable


def test_row05_full_batch_descent_sharpens_up_to_the_limit() -> None:
    experiment = with_settings(Experiment(), training=TrainingSettings(batch_size=0, learning_rate=1.0, shuffle=False))
    shares = []
    for steps in (0, 25):
        snapshot = snapshot_of(experiment, steps=steps)
        hessian = Hessian(snapshot.network, snapshot.data.x_train, snapshot.data.y_train)
        shares.append(0.5 * sharpness(hessian, rng=np.random.default_rng(1)).eigenvalue)
    assert shares[0] < 0.6
    assert 0.8 < shares[1] < 1.2, "the edge of stability"


def test_row05_the_limit_is_shown_while_the_card_is_visible(qtbot: QtBot, snapshot: Snapshot) -> None:
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
