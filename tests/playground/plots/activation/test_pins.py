"""A pinned activation over a far wider axis is cut off and labelled, so that the current one is not squeezed."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from core.experiment import DataSettings, Experiment, HiddenLayer, NetworkSettings
from core.formulas.activations import ACTIVATIONS
from core.training.pins.pinned_run import PinnedRun, pinned
from core.training.run_history import RunHistory
from core.training.training_run import new_trainer
from playground.plots import ActivationPlot
from playground.plots.activation.pins import MAX_STRETCH_PHI, MAX_STRETCH_Z, curve_over, cut_off
from playground.session import Session
from playground.style.theme import LIGHT, Style
from tests.playground.plots.support import picture


def run_of(activation: str, gain: float) -> PinnedRun:
    hidden = (HiddenLayer(units=4, activation=activation, gain=gain),)
    experiment = Experiment(data=DataSettings(samples=120), network=NetworkSettings(hidden=hidden))
    return pinned(new_trainer(experiment, engine="numpy"), RunHistory(), (0, 1))


@pytest.fixture(scope="module")
def runs() -> dict[str, PinnedRun]:
    return {"tanh": run_of("tanh", 1.0), "relu": run_of("relu", 1.0), "wide": run_of("relu", 10.0)}


def shown(qtbot: QtBot, living: PinnedRun, *pins: PinnedRun) -> Any:
    session = Session(living.experiment)
    card = ActivationPlot(session, Style(LIGHT))
    qtbot.addWidget(card)
    card.resize(360, 330)
    card.show()
    card.show_snapshot(living.snapshot)
    for number, run in enumerate(pins):
        assert session.pins.add(run, name=f"pin {number}") is not None
    return card


def test_the_axes_grow_at_most_by_a_factor(qtbot: QtBot, runs: dict[str, PinnedRun]) -> None:
    card = shown(qtbot, runs["tanh"])
    alone = card.canvas.view.viewRange()
    card._session.pins.add(runs["wide"], name="wide")
    (ghost,) = card.ghosts()
    assert ghost.data.z[-1] > 4.0 * card.shown().z[-1], "its range is far wider"
    for before, now, most in zip(alone, card.canvas.view.viewRange(), (MAX_STRETCH_Z, MAX_STRETCH_PHI), strict=True):
        assert before[0] >= now[0]
        assert before[1] <= now[1]
        assert now[1] - now[0] <= 1.3 * most * (before[1] - before[0])
    assert card.canvas.area().x_range[1] == pytest.approx(MAX_STRETCH_Z * card.shown().z[-1])
    assert cut_off(card.canvas.area(), card.ghosts()) == ["wide"]
    assert [name for name, _ in card.canvas.legend] == ["wide"]


def test_the_word_goes_with_the_pin(qtbot: QtBot, runs: dict[str, PinnedRun], monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[str] = []
    monkeypatch.setattr(
        "playground.plots.activation.pins.write", lambda _p, _s, _at, text, **_options: written.append(text)
    )
    card = shown(qtbot, runs["tanh"], runs["wide"])
    picture(card)
    assert written[-1] == "cut off: pin 0"
    card._session.pins.clear()
    written.clear()
    picture(card)
    assert written == []
    same = shown(qtbot, runs["relu"], runs["relu"])
    picture(same)
    assert written == [], "all of it is seen"


def test_the_curve_is_that_of_the_pinned_activation_where_it_is_seen(runs: dict[str, PinnedRun], qtbot: QtBot) -> None:
    card = shown(qtbot, runs["tanh"], runs["wide"])
    (ghost,) = card.ghosts()
    low, high = card.canvas.area().x_range
    z, phi = curve_over(ghost.data, (low, high))
    assert (z[0], z[-1]) == (low, high)
    assert np.array_equal(phi, ACTIVATIONS["relu"].function(z, 0.0))


def test_side_by_side_both_runs_have_all_of_their_axes(qtbot: QtBot, runs: dict[str, PinnedRun]) -> None:
    card = shown(qtbot, runs["tanh"], runs["wide"])
    (ghost,) = card.ghosts()
    view = card.build_figure(Style(LIGHT), [ghost.data])
    qtbot.addWidget(view)
    view.resize(500, 400)
    assert view.view.viewRange()[0] == pytest.approx([ghost.data.z[0], ghost.data.z[-1]])


@pytest.mark.parametrize("living", ["tanh", "relu"])
def test_the_current_curve_crosses_the_whole_axis(
    qtbot: QtBot, runs: dict[str, PinnedRun], monkeypatch: pytest.MonkeyPatch, living: str
) -> None:
    lines: list[Any] = []
    monkeypatch.setattr("playground.plots.activation.picture.draw_polyline", lambda _p, points: lines.append(points))
    card = shown(qtbot, runs[living], runs["wide"])
    lines.clear()
    picture(card)
    area = card.canvas.area()
    assert area.x_range[1] == pytest.approx(MAX_STRETCH_Z * card.shown().z[-1])
    for line, values in zip(lines[-2:], (ACTIVATIONS[living].derivative, ACTIVATIONS[living].function), strict=True):
        assert (line.first().x(), line.last().x()) == pytest.approx((area.rect.left(), area.rect.right()), abs=1e-6)
        ends = area.ys(values(np.array(area.x_range), 0.0))
        assert (line.first().y(), line.last().y()) == pytest.approx(tuple(ends), abs=1e-6)
        assert area.rect.top() <= min(ends), "inside the plot"


def test_a_pinned_curve_crosses_the_whole_axis_where_it_is_inside(
    qtbot: QtBot, runs: dict[str, PinnedRun], monkeypatch: pytest.MonkeyPatch
) -> None:
    curves: list[Any] = []
    monkeypatch.setattr(
        "playground.plots.activation.pins.paint_ghost_curve", lambda _p, _area, xs, _ys, *_rest: curves.append(xs)
    )
    card = shown(qtbot, runs["wide"], runs["tanh"])
    curves.clear()
    picture(card)
    area = card.canvas.area()
    assert area.x_range[1] > 4.0 * card.ghosts()[0].data.z[-1]
    assert (curves[0][0], curves[0][-1]) == pytest.approx((area.rect.left(), area.rect.right()))
    assert cut_off(area, card.ghosts()) == []
