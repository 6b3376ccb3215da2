"""Between two surfaces, the landscape cards draw training as it goes, at its true loss."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from core.analysis.landscape import mean_loss, path_on_plane
from core.analysis.loss_surface import PLANES
from core.experiment import Experiment, TrainingSettings
from core.network import Network
from core.training.snapshot import Snapshot
from playground.plots import Landscape3DPlot, LandscapePlot
from playground.plots.edited_snapshot import edited_snapshot
from playground.plots.landscape import data as surfaces
from playground.plots.landscape.data import COARSE, FINE, LIVE, landscape_data, side_for
from playground.plots.landscape.live_path import MAX_POINTS, LivePath, track_of
from playground.plots.landscape.track import NO_TRACK, joined
from playground.plots.landscape_3d.height_field import Camera, HeightField
from playground.style.theme import LIGHT, Style
from playground.worker.commands import SetParameter, SetParameters
from tests.playground.factory import snapshot_of
from tests.playground.plots.support import make

EXPERIMENT = Experiment(training=TrainingSettings(learning_rate=0.1))


@pytest.fixture(scope="module")
def run() -> list[Snapshot]:
    return [replace(snapshot_of(EXPERIMENT, steps=steps), playing=True) for steps in (40, 45, 50, 60)]


@pytest.mark.parametrize("choice", PLANES)
def test_row18_each_snapshot_is_projected_and_has_its_true_loss(run: list[Snapshot], choice: str) -> None:
    data = landscape_data(run[0], choice, (0, 5), 1, lambda *_: True, limits=COARSE)
    assert data is not None
    live = LivePath()
    for each in run:
        live.note(each)
    track = live.on(data)
    assert track.steps.tolist() == [40, 45, 50, 60]
    plane, points = data.surface.plane, np.stack([each.network.parameters for each in run])
    X, Y = run[0].data.x_train, run[0].data.y_train
    expected = path_on_plane(run[0].network, X, Y, plane.first, plane.second, points)
    np.testing.assert_allclose(track.losses, expected.losses, rtol=1e-12)
    np.testing.assert_allclose(track.distances, expected.distances, atol=1e-9)
    np.testing.assert_allclose(track.points - data.here, np.column_stack([expected.first, expected.second]), atol=1e-9)
    whole = joined(track_of(data), track)
    assert whole.steps.tolist() == [0, 40, 45, 50, 60]
    later = landscape_data(run[2], choice, (0, 5), 1, lambda *_: True, limits=COARSE)
    assert later is not None
    assert live.on(later).steps.tolist() == [50, 60], "a newer surface already has the earlier ones"


def test_an_edit_or_an_earlier_step_starts_anew(run: list[Snapshot]) -> None:
    data = landscape_data(run[0], "path", (0, 5), 1, lambda *_: True, limits=COARSE)
    assert data is not None
    live = LivePath()
    live.note(run[1])
    assert len(live.on(data).steps) == 2
    live.note(replace(run[2], generation=1))
    assert live.on(data) is NO_TRACK
    live = LivePath()
    live.note(run[2])
    live.note(run[1])
    assert live.on(data).steps.tolist() == [40, 45]


def test_a_long_wait_keeps_few_points_and_the_newest(run: list[Snapshot]) -> None:
    data = landscape_data(run[0], "path", (0, 5), 1, lambda *_: True, limits=COARSE)
    assert data is not None
    live = LivePath()
    for step in range(41, 41 + 3 * MAX_POINTS):
        live.note(replace(run[1], step=step))
        assert len(live.on(data).steps) <= MAX_POINTS + 1
    assert live.on(data).steps[-1] == 40 + 3 * MAX_POINTS


def shown_pixels(card: Any) -> QImage:
    image: QImage = card.canvas.grab().toImage()
    return image


@pytest.mark.parametrize("kind", [LandscapePlot, Landscape3DPlot])
def test_the_picture_moves_with_each_snapshot_and_the_surface_gets_finer(
    qtbot: QtBot, run: list[Snapshot], kind: type
) -> None:
    card = make(qtbot, kind, size=(420, 400))
    card.show_snapshot(run[0])
    qtbot.waitUntil(lambda: card.shown() is not None)
    first = card.shown()
    assert len(first.x) == side_for(run[0], COARSE)
    before = shown_pixels(card)
    card._paused_until = float("inf")  # no other surface
    card.show_snapshot(run[3])
    assert card.shown() is first
    assert card.track.steps[-1] == 60
    assert shown_pixels(card) != before
    card._paused_until = 0.0
    card.show_snapshot(replace(run[3], step=61))
    qtbot.waitUntil(lambda: card.shown() is not first)
    assert len(card.shown().x) == side_for(run[3], LIVE)
    card.show_snapshot(replace(run[3], step=61, playing=False))
    qtbot.waitUntil(lambda: card.shown().is_fine)
    assert len(card.shown().x) == side_for(run[3], FINE) > side_for(run[3], LIVE) > side_for(run[3], COARSE)


def test_the_sentence_follows_the_present_loss(qtbot: QtBot, run: list[Snapshot]) -> None:
    card = make(qtbot, LandscapePlot, size=(700, 400))
    card.show_snapshot(run[0])
    qtbot.waitUntil(lambda: card.shown() is not None)
    card._paused_until = float("inf")
    other = replace(run[3], scores=replace(run[3].scores, train_loss=0.0123))
    card.show_snapshot(replace(other, playing=False, step=70))
    assert "loss 0.012 here" in card.accessibleDescription()


def test_a_hill_hides_what_is_behind_it() -> None:
    x = y = np.linspace(-1.0, 1.0, 41)
    hill = np.exp(-8.0 * np.add.outer(y * y, x * x))
    field = HeightField(
        x, y, hill, (0.0, 1.0), Camera(azimuth=0.0, elevation=15.0), QRectF(0, 0, 300, 300), Style(LIGHT)
    )
    hidden = field.hides(
        np.array([0.0, 0.0, 0.0, 0.9]), np.array([0.6, -0.6, 0.6, 0.6]), np.array([0.05, 0.05, 1.0, 0.05])
    )
    assert hidden.tolist() == [True, False, False, False], "behind, in front of, above and beside the hill"


@pytest.mark.parametrize("at_once", [True, False])
@pytest.mark.parametrize("playing", [True, False])
def test_weights_that_the_user_set_are_shown_on_a_coarse_surface_before_training_has_them(
    qtbot: QtBot, run: list[Snapshot], monkeypatch: pytest.MonkeyPatch, playing: bool, at_once: bool
) -> None:
    if not at_once:
        monkeypatch.setattr(surfaces, "SMALL_PRODUCTS", 0.0)
    card = make(qtbot, LandscapePlot, size=(420, 400))
    before = replace(run[0], playing=playing)
    card.show_snapshot(before)
    qtbot.waitUntil(lambda: card.shown() is not None and (playing or card.shown().is_fine), timeout=60_000)
    card._paused_until = float("inf")  # no other surface, unless it is urgent
    shown = []
    card._jobs.succeeded.connect(lambda result: shown.append(result[1]))
    for index in (0, 1):  # the second edit keeps the first
        card._session.command.emit(SetParameter(index, 1.0))
        if at_once:
            shown[:] = [card.shown()]
    qtbot.waitUntil(lambda: card.shown().origin[:2].tolist() == [1.0, 1.0] and bool(shown))
    coarse, edited = shown[-1] if playing else shown[0], SetParameter(1, 1.0)
    parameters = edited.applied(SetParameter(0, 1.0).applied(before.network.parameters))
    network = Network(before.network.architecture, parameters)
    assert len(coarse.x) == side_for(before, COARSE)
    assert np.array_equal(coarse.origin, parameters)
    assert coarse.loss == pytest.approx(mean_loss(network, before.data.x_train, before.data.y_train), rel=1e-12)
    assert coarse.surface.path.losses[-1] == pytest.approx(coarse.loss, rel=1e-12)
    assert coarse.steps[-1] == before.step
    assert len(coarse.steps) == len(set(coarse.steps.tolist())), "in place of the weights before the edit"


def test_an_edit_that_does_not_fit_is_left_to_training(qtbot: QtBot, run: list[Snapshot]) -> None:
    assert edited_snapshot(run[0], SetParameters(np.zeros(3))) is None
    card = make(qtbot, LandscapePlot, size=(420, 400))
    card.show_snapshot(run[0])
    qtbot.waitUntil(lambda: card.shown() is not None)
    card._session.command.emit(SetParameters(np.zeros(3)))
    card.show_snapshot(replace(run[3], generation=1))
    qtbot.waitUntil(lambda: card.shown().generation == 1)
