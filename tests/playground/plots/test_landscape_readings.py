"""What the mouse reads off the landscape, the race and the minima is what the core computes there."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from core.analysis.landscape import mean_loss
from core.analysis.surfaces import SURFACES
from core.experiment import Experiment, TrainingSettings
from core.network import Network
from core.training.snapshot import Snapshot
from playground.plots import Landscape3DPlot, LandscapePlot, MinimaPlot, RacePlot
from playground.plots.landscape.data import log_losses
from playground.plots.landscape_3d.height_field import Camera
from playground.plots.race.card import FRAMES
from playground.plots.race.data import STEPS
from playground.style.numbers import MINUS, short, thousands
from tests.playground.factory import snapshot_of
from tests.playground.plots.support import make

Lines = list[tuple[str, str]]


@pytest.fixture(scope="module")
def snapshot() -> Snapshot:
    return snapshot_of(Experiment(training=TrainingSettings(learning_rate=0.1)), steps=40)


def read(card: Any, module: str, at: QPointF, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Move the mouse to ``at`` and return what the card writes beside it."""
    found: list[Lines] = []
    monkeypatch.setattr(
        f"playground.plots.{module}.read_out", lambda _p, _style, _at, _bounds, lines: found.append(lines)
    )
    QTest.mouseMove(card.canvas.viewport(), at.toPoint())
    card.canvas.grab()
    return dict(found[-1])


def number(text: str) -> float:
    return float(text.replace(MINUS, "-"))


def settled(qtbot: QtBot, kind: type, snapshot: Snapshot) -> Any:
    card = make(qtbot, kind, size=(560, 520))
    card.show_snapshot(snapshot)
    qtbot.waitUntil(lambda: card.is_settled and card.shown() is not None and card.shown().is_fine, timeout=60_000)
    return card


def test_row18_at_a_point_of_the_path_the_map_shows_true_loss_and_surface_loss(
    qtbot: QtBot, snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    card = settled(qtbot, LandscapePlot, snapshot)
    card.choose_plane("weights")
    qtbot.waitUntil(lambda: card.is_settled and card.shown().surface.choice == "weights" and card.shown().is_fine)
    data, area = card.shown(), card.canvas.area()
    start = snapshot.path.points[0]
    lines = read(card, "landscape.picture", QPointF(area.x(data.path[0, 0]), area.y(data.path[0, 1])), monkeypatch)
    true = mean_loss(Network(snapshot.network.architecture, start), snapshot.data.x_train, snapshot.data.y_train)
    moved = data.surface.plane
    below = snapshot.network.parameters + sum(
        offset * direction
        for offset, direction in zip(data.path[0] - data.here, (moved.first, moved.second), strict=True)
    )
    on_surface = mean_loss(Network(snapshot.network.architecture, below), snapshot.data.x_train, snapshot.data.y_train)
    assert lines["step"] == "0"
    assert lines["true loss"] == short(true, 3)
    assert number(lines["surface below"]) == pytest.approx(on_surface, rel=0.03), "interpolated"
    assert number(lines["distance from it"]) == pytest.approx(float(np.linalg.norm(start - below)), rel=0.01)


def test_row18_elsewhere_the_map_shows_the_loss_of_the_surface(
    qtbot: QtBot, snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    card = settled(qtbot, LandscapePlot, snapshot)
    data, area = card.shown(), card.canvas.area()
    column, row = len(data.x) - 4, 5
    lines = read(card, "landscape.picture", QPointF(area.x(data.x[column]), area.y(data.y[row])), monkeypatch)
    assert number(lines["loss"]) == pytest.approx(float(data.surface.plane.losses[row, column]), rel=0.05)


def test_row18_a_point_in_three_dimensions_has_the_same_true_loss(
    qtbot: QtBot, snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    card = settled(qtbot, Landscape3DPlot, snapshot)
    data, picture = card.shown(), card._picture
    losses = data.surface.path.losses
    field = picture._field(card.canvas.area(), data, card._style)
    x, y = field.at(data.path[:, 0], data.path[:, 1], log_losses(losses))[0, :2]
    lines = read(card, "landscape_3d.picture", QPointF(x, y), monkeypatch)
    assert (lines["step"], lines["true loss"]) == ("0", short(float(losses[0]), 3))


def test_the_wheel_zooms_and_a_double_click_resets(qtbot: QtBot, snapshot: Snapshot) -> None:
    card = settled(qtbot, Landscape3DPlot, snapshot)
    viewport, at = card.canvas.viewport(), QPointF(120.0, 120.0)
    for steps, larger in ((2, True), (-4, False)):
        before = card.camera.zoom
        event = QWheelEvent(
            at,
            viewport.mapToGlobal(at),
            QPoint(),
            QPoint(0, 120 * steps),
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(viewport, event)
        assert (card.camera.zoom > before) is larger
    QTest.mouseDClick(viewport, Qt.MouseButton.LeftButton, pos=at.toPoint())
    assert card.camera == Camera()


@pytest.mark.parametrize("key", ["ravine", "network"])
def test_row18_a_point_of_a_racer_has_its_true_value(
    qtbot: QtBot, snapshot: Snapshot, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    card = make(qtbot, RacePlot, size=(700, 640))
    card.choose_objective(key)
    card.show_snapshot(snapshot)
    qtbot.waitUntil(
        lambda: card.is_settled and card.shown() is not None and card.shown().done == card.shown().steps, timeout=60_000
    )
    card._clock.stop()
    card._frame = FRAMES
    card.redraw()
    data, area = card.shown(), card.canvas.area()
    trajectory = data.trajectories[-1]
    point = len(trajectory.points) // 3
    lines = read(
        card,
        "race.picture",
        QPointF(*(area.x(trajectory.points[point, 0]), area.y(trajectory.points[point, 1]))),
        monkeypatch,
    )
    name, step = next(iter(lines.items()))
    racer = next(each for each in data.trajectories if each.name == name)
    at = next(i for i, each in enumerate(racer.steps.tolist()) if f"step {thousands(each)}" == step)
    value = float(racer.values[at])
    if key in SURFACES:
        assert value == float(SURFACES[key].function(*racer.points[at]))
        assert len(racer.curve) == STEPS + 1
    assert lines[f"true {data.value_name}"] == short(value, 3)
    assert lines["path ÷ distance"] == short(float(racer.detours[racer.steps[at]]), 2)


def test_row19_hovering_a_basin_shows_where_a_start_there_ends(
    qtbot: QtBot, snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    card = make(qtbot, MinimaPlot, size=(560, 420))
    card.choose("himmelblau", "momentum")
    card.show_snapshot(snapshot)
    qtbot.waitUntil(lambda: card.is_settled and card.shown() is not None, timeout=60_000)
    data, area = card.shown(), card.canvas.area()
    row, column = next((i, j) for i, j in np.argwhere(data.basins >= 0).tolist() if i > 20 and j > 20)
    lines = read(card, "minima.picture", QPointF(area.x(data.x[column]), area.y(data.y[row])), monkeypatch)
    x, y = data.surface.minima[data.basins[row, column]]
    depth = float(data.surface.function(np.array(x), np.array(y)))
    assert lines["ends at"].startswith("f = ")
    assert number(lines["ends at"].removeprefix("f = ")) == pytest.approx(depth, abs=1e-9)
