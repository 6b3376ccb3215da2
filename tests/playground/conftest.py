"""Fixtures of the views' tests."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from core.experiment import Experiment
from core.training.snapshot import Snapshot
from playground.network_view import NetworkView
from playground.session import Session
from playground.style.resources import load_fonts
from playground.style.theme import LIGHT, Style
from tests.playground.factory import snapshot_of
from tests.playground.network_view_support import (
    Show,
    Shown,
)
from tests.playground.plots_support import SHAPES


@pytest.fixture
def fonts(qapp: object) -> None:
    load_fonts()


@pytest.fixture
def show(qtbot: QtBot) -> Show:
    def shown(experiment: Experiment | None = None, steps: int = 5, size: tuple[int, int] = (848, 496)) -> Shown:
        experiment = experiment or Experiment()
        session = Session(experiment)
        snapshot = snapshot_of(experiment, steps)
        session.snapshot = snapshot
        view = NetworkView(session, Style(LIGHT))
        qtbot.addWidget(view)
        view.resize(*size)
        with qtbot.waitExposed(view):
            view.show()
        view.show_snapshot(snapshot)
        view.canvas.repaint()
        qtbot.waitUntil(lambda: not view.canvas.edges_behind)
        return session, view, snapshot

    return shown


@pytest.fixture(scope="module")
def snapshots() -> dict[str, Snapshot]:
    return {name: snapshot_of(each, steps=3) for name, each in SHAPES.items()}
