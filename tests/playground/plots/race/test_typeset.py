"""Races as plots for LaTeX: axes are shared only where they mean the same."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from pytestqt.qtbot import QtBot

from core.experiment import Experiment, TrainingSettings
from playground.plots.race.objective_menu import NETWORK
from playground.plots.race.typeset import race_plot
from playground.plotting.pins.pinned_plot import on_same_axes
from playground.style.theme import LIGHT, Style
from tests.playground.factory import snapshot_of
from tests.playground.plots.race.test_card import settled


@pytest.fixture
def short_race(monkeypatch: pytest.MonkeyPatch) -> None:
    """A race on the network takes few steps and a short animation."""
    monkeypatch.setattr("playground.plots.race.data.NETWORK_STEPS", 150)
    monkeypatch.setattr("playground.plots.race.card.FRAME_MS", 5)


def test_races_in_different_planes_share_no_axes_in_latex(qtbot: QtBot, short_race: None) -> None:
    shown = [
        settled(qtbot, snapshot_of(Experiment(training=TrainingSettings(seed=seed))), NETWORK).shown()
        for seed in (1, 2)
    ]
    plots = [race_plot(data, data.done, Style(LIGHT), as_curves=False) for data in shown]
    assert on_same_axes(plots) == plots
    same = race_plot(replace(shown[0], x=2.0 * shown[0].x), shown[0].done, Style(LIGHT), as_curves=False)
    assert on_same_axes([plots[0], same])[0].panes[0].x.range == same.panes[0].x.range
