"""Figures of several moments have the same axes, whichever of them is drawn."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace
from pytestqt.qtbot import QtBot

from core.analysis.loss_surface import PLANES
from core.analysis.plane import default_axes
from core.experiment import DataSettings, Experiment, TrainingSettings
from core.training.pins.pinned_run import PinnedRun, pinned
from core.training.run_history import RunHistory
from core.training.training_run import new_trainer
from playground.export.hidden_view import Look, hidden_view
from playground.network_view import NetworkView
from playground.network_view.figure.items import NetworkItem
from playground.plots import (
    ForecastPlot,
    GradientHistoryPlot,
    GradientPlot,
    LandscapePlot,
    LossPlot,
    NoisePlot,
    OutputPlot,
    SharpnessPlot,
    WaterfallPlot,
    WeightHistogramPlot,
)
from playground.plots.landscape_3d.height_field import Camera
from playground.plots.landscape_3d.picture import Landscape3DPicture
from playground.plotting.canvas.canvas import Canvas
from playground.plotting.pins.ghosts import Ghost
from playground.session import Session
from playground.session.selection import Selection
from playground.style.theme import LIGHT, Style
from playground.widgets.figure import Alignable, Figure
from tests.playground.factory import network

LOOK = Look((960, 540), LIGHT, titled=False)
FAST = TrainingSettings(learning_rate=0.3)
MAP = replace(network(4, 2), training=FAST)
FIT = replace(network(4), data=DataSettings(dataset="sine"), training=FAST)


def moments(experiment: Experiment) -> tuple[PinnedRun, PinnedRun]:
    """Return a run before and after training, which has changed every axis."""
    trainer, history = new_trainer(experiment, engine="numpy"), RunHistory()
    axes = default_axes(trainer.data)
    before = pinned(trainer, history, axes)
    trainer.run(600)
    return before, pinned(trainer, history, axes)


@pytest.fixture(scope="module")
def runs() -> dict[str, tuple[PinnedRun, PinnedRun]]:
    return {"map": moments(MAP), "fit": moments(FIT)}


def cards_of(qtbot: QtBot, kind: Any, runs: tuple[PinnedRun, PinnedRun]) -> list[Any]:
    cards = []
    for run in runs:
        card = kind(Session(run.experiment), Style(LIGHT))
        qtbot.addWidget(card)
        card.show_snapshot(run.snapshot)
        cards.append(card)
    return cards


def axes_of(figure: Figure) -> tuple[object, ...]:
    with hidden_view(figure, LOOK) as view:
        assert isinstance(view, Canvas)
        return view.view.viewRange(), view.left._ticks, view.bottom._ticks


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        (GradientPlot, "map"),
        (GradientHistoryPlot, "map"),
        (LossPlot, "map"),
        (NoisePlot, "map"),
        (OutputPlot, "fit"),
        (SharpnessPlot, "map"),
        (WaterfallPlot, "map"),
        (WeightHistogramPlot, "map"),
    ],
)
def test_both_moments_have_the_same_limits(
    qtbot: QtBot, kind: Any, name: str, runs: dict[str, tuple[PinnedRun, PinnedRun]]
) -> None:
    before, after = cards_of(qtbot, kind, runs[name])
    assert isinstance(before, Alignable)
    own = axes_of(before), axes_of(after)
    assert own[0] != own[1]
    shown = before.figure_data(), after.figure_data()
    first, second = before.aligned([shown[1]]), after.aligned([shown[0]])
    assert axes_of(first) == axes_of(second)
    assert (first.figure_key, first.figure_text()) == (before.figure_key, before.figure_text())
    assert first.figure_table() == before.figure_table()
    assert axes_of(before) == own[0]  # the card itself is as before


def test_forecasts_have_the_same_decades(qtbot: QtBot, runs: dict[str, tuple[PinnedRun, PinnedRun]]) -> None:
    before, after = cards_of(qtbot, ForecastPlot, runs["map"])
    first, second = before.aligned([after.figure_data()]), after.aligned([before.figure_data()])
    assert axes_of(first) == axes_of(second)


WEIGHTS = next(key for key, plane in PLANES.items() if plane.of_weights)


@pytest.mark.parametrize("choice", ["path", WEIGHTS])
def test_surfaces_have_the_same_heights_and_planes_of_weights_the_same_limits(
    qtbot: QtBot, choice: str, runs: dict[str, tuple[PinnedRun, PinnedRun]]
) -> None:
    cards = cards_of(qtbot, LandscapePlot, runs["map"])
    for card in cards:
        card.choose_plane(choice)
        for source in (0, 1):
            card._session.select(Selection("weight", 0, 0, source))
    shown = [card.figure_data() for card in cards]
    planes = [axes_of(card.aligned([shown[1 - number]])) for number, card in enumerate(cards)]
    assert (planes[0] == planes[1]) is (choice == WEIGHTS)  # principal directions are others at each moment
    boxes: list[tuple[object, object]] = []
    for data, other in (shown, shown[::-1], (shown[0], shown[0])):
        picture = Landscape3DPicture(Canvas(Style(LIGHT), still=True), Camera)
        picture.draw(data, LOOK.style, (Ghost("", 0, other, is_drawn=False),))
        field = picture._field(picture._canvas.area(), data, LOOK.style)
        boxes.append((field._plane, field._z))
    assert boxes[0][1] == boxes[1][1] != boxes[2][1]
    assert (boxes[0] == boxes[1]) is (choice == WEIGHTS)


def test_data_of_another_kind_share_no_axes(qtbot: QtBot, runs: dict[str, tuple[PinnedRun, PinnedRun]]) -> None:
    (on_map, _), (on_line, _) = (cards_of(qtbot, OutputPlot, runs[name]) for name in ("map", "fit"))
    assert axes_of(on_line.aligned([on_map.figure_data(), None])) == axes_of(on_line)


def test_edges_have_the_same_scale(qtbot: QtBot, runs: dict[str, tuple[PinnedRun, PinnedRun]]) -> None:
    cards = cards_of(qtbot, NetworkView, runs["map"])
    shown = [card.figure_data() for card in cards]
    assert shown[0] < shown[1]
    for number, card in enumerate(cards):
        with hidden_view(card.aligned([shown[1 - number]]), LOOK) as view:
            (item,) = (each for each in view.scene().items() if isinstance(each, NetworkItem))
            assert item._builder.full == shown[1]
