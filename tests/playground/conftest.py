"""Fixtures of the views' tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings
from pytestqt.qtbot import QtBot

from core.experiment import Experiment
from core.training.snapshot import Snapshot
from playground.app import make_application
from playground.inspector import InspectorPanel
from playground.network_view import NetworkView
from playground.session import Session
from playground.session.last_state import LastState
from playground.style.appearance import Appearance
from playground.style.resources import load_fonts
from playground.style.theme import LIGHT, Style
from playground.window.main_window import MainWindow
from tests.playground.factory import snapshot_of
from tests.playground.network_view.support import (
    Show,
    Shown,
)
from tests.playground.plots.support import SHAPES


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


@pytest.fixture
def open_window(qtbot: QtBot, tmp_path: Path) -> Iterator[Callable[..., MainWindow]]:
    make_application([])
    windows: list[MainWindow] = []

    def opened(
        experiment: Experiment | None = None, *, file: Path | None = None, playing: bool = False, resume: bool = False
    ) -> MainWindow:
        settings = QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)
        window = MainWindow(
            experiment or Experiment(), file, Appearance("Inter", settings), settings, LastState(settings, tmp_path)
        )
        qtbot.addWidget(window)
        windows.append(window)
        window.resize(1440, 900)
        with qtbot.waitExposed(window):
            window.show()
        window.start(playing=playing, resume=resume)
        qtbot.waitUntil(lambda: window.session.snapshot is not None)
        return window

    yield opened
    for window in windows:
        window.session.mark_saved(tmp_path / "unsaved-changes-do-not-ask.json")
        window.close()
        inspector = window.cards["inspector"]
        assert isinstance(inspector, InspectorPanel)
        inspector.formulas.wait()  # on a busy machine loading the typesetter outlasts a short test
