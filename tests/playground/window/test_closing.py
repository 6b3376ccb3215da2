"""A closed window frees everything: its session, with the undo history, and its cards."""

from __future__ import annotations

import gc
import weakref
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QSettings
from pytestqt.qtbot import QtBot

from core.experiment import Experiment
from playground.session.saving.last_state import LastState
from playground.style.appearance import Appearance
from playground.window.main_window import MainWindow
from playground.window.workspace.arrangements import ARRANGEMENTS


def used_and_closed(qtbot: QtBot, settings: QSettings, folder: Path) -> dict[str, weakref.ref[QObject]]:
    """Open a window, show every workspace while training, close the window, and return references to its parts."""
    window = MainWindow(Experiment(), None, Appearance("Inter", settings), settings, LastState(settings, folder))
    window.show()
    window.start(playing=True)
    for arrangement in ARRANGEMENTS:
        window.workspace.show_arrangement(arrangement.key)
        qtbot.wait(20)
    qtbot.waitUntil(lambda: window.session.snapshot is not None and window.session.snapshot.step > 0)
    parts = {"session": window.session, "window": window, **window.cards}
    references: dict[str, weakref.ref[QObject]] = {name: weakref.ref(part) for name, part in parts.items()}
    window.session.mark_saved(folder / "unsaved-changes-do-not-ask.json")
    window.close()
    window.deleteLater()
    return references


def test_a_closed_window_is_collected(qtbot: QtBot, settings: QSettings, tmp_path: Path) -> None:
    references = used_and_closed(qtbot, settings, tmp_path)
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    qtbot.wait(50)
    gc.collect()
    assert [name for name, reference in references.items() if reference() is not None] == []
