"""Shared fixtures of the view tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QSettings
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from core.experiment import Experiment
from core.training.snapshot import Snapshot
from playground.app import make_application, release_clipboard
from playground.plotting.drawing.formula_store import FormulaStore
from playground.session import Session
from playground.session.saving.last_state import LastState
from playground.style.appearance import Appearance
from playground.style.resources import load_fonts
from playground.window.main_window import MainWindow
from tests.playground.factory import snapshot_of
from tests.playground.plots.support import SHAPES
from tests.playground.short_runs import shorten
from tests.playground.starts import Starter, starter

PATIENCE_MS = 60_000
"""Shortest time in which something expected may not happen."""


@pytest.fixture
def qtbot(qtbot: QtBot) -> Iterator[QtBot]:
    """Keep every widget alive until it is closed, as the window does with its cards.

    pytest-qt holds widgets by weak references. One that only a local variable holds would be collected as garbage while it is
    visible, and be painted, or deleted by Qt, with half of its attributes gone.
    """
    kept: list[QWidget] = []
    add = qtbot.addWidget
    _wait_patiently(qtbot)

    def add_and_keep(widget: QWidget, *, before_close_func: Callable[[QWidget], None] | None = None) -> None:
        kept.append(widget)
        add(widget, before_close_func=before_close_func)

    qtbot.addWidget = add_and_keep  # type: ignore[method-assign]
    yield qtbot
    release_clipboard()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    kept.clear()


def _wait_patiently(qtbot: QtBot) -> None:
    """Let no wait of ``qtbot`` fail within a minute, because the usual 5 seconds are too short on a busy machine."""

    def patient(wait: Callable[..., Any]) -> Callable[..., Any]:
        def waiting(*args: Any, **options: Any) -> Any:
            if options.get("raising") is not False:  # otherwise nothing need happen in this time
                options["timeout"] = max(options.get("timeout", 0), PATIENCE_MS)
            return wait(*args, **options)

        return waiting

    for name in ("waitUntil", "waitSignal", "waitSignals", "waitExposed", "waitActive"):
        setattr(qtbot, name, patient(getattr(qtbot, name)))


@pytest.fixture
def fonts(qapp: object) -> None:
    load_fonts()


@pytest.fixture
def session() -> Session:
    """A session on the default experiment."""
    return Session()


@pytest.fixture
def settings(tmp_path: Path) -> QSettings:
    """Settings in a temporary file of this test."""
    return QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)


@pytest.fixture(scope="module")
def snapshots() -> dict[str, Snapshot]:
    return {name: snapshot_of(each, steps=3) for name, each in SHAPES.items()}


@pytest.fixture(scope="module")
def short_runs() -> Iterator[None]:
    """Cards that train networks of their own train few of them briefly."""
    with pytest.MonkeyPatch.context() as patch:
        shorten(patch.setattr)
        yield


@pytest.fixture(scope="session")
def programs() -> Iterator[Starter]:
    """Starts programs in processes of their own."""
    with starter() as programs:
        yield programs


@pytest.fixture
def open_window(qtbot: QtBot, settings: QSettings, tmp_path: Path) -> Iterator[Callable[..., MainWindow]]:
    make_application([])
    windows: list[MainWindow] = []

    def opened(
        experiment: Experiment | None = None, *, file: Path | None = None, playing: bool = False, resume: bool = False
    ) -> MainWindow:
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
        # On a busy machine, loading the typesetter may take longer than a short test.
        for store in window.findChildren(FormulaStore):
            store.wait()
