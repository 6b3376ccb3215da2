"""The export dialog opens only when there is something to export."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from playground.export.dialog.dialog import ExportDialog
from playground.window.export.export_entry import LOADING
from playground.window.main_window import MainWindow


def test_before_the_first_snapshot_there_is_nothing_to_export(
    open_window: Callable[..., MainWindow], qtbot: QtBot
) -> None:
    window = open_window()
    snapshot, window.session.snapshot = window.session.snapshot, None
    with qtbot.waitSignal(window.session.message) as said:
        window.toolbar.export_requested.emit()
    window.session.snapshot = snapshot
    assert said.args == [LOADING, "warning"]
    assert not any(isinstance(each, ExportDialog) for each in QApplication.topLevelWidgets())
