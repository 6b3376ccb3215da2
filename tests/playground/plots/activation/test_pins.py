"""A pinned activation on a far wider axis does not squeeze the current one: it is cut off, with a word."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from core.experiment import DataSettings, Experiment, HiddenLayer, NetworkSettings
from core.formulas.activations import ACTIVATIONS
from core.training.pinned_run import PinnedRun, pinned
from core.training.run_history import RunHistory
from core.training.training_run import new_trainer
from playground.plots import ActivationPlot
from playground.plots.activation.pins import HIGHER, STRETCH, curve_over, cut_off
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
    for before, now, most in zip(alone, card.canvas.view.viewRange(), (STRETCH, HIGHER), strict=True):
        assert before[0] >= now[0]
        assert before[1] <= now[1]
        assert now[1] - now[0] <= 1.3 * most * (before[1] - before[0])
    assert card.canvas.area().x_range[1] == pytest.approx(STRETCH * card.shown().z[-1])
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
