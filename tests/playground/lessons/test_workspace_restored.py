"""A lesson shows the workspace that it needs; afterwards the user's own one comes back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from pytestqt.qtbot import QtBot

from playground.window.main_window import MainWindow
from tests.playground.lessons.lesson_files import VANISHING, written


def test_the_workspace_shown_before_the_lesson_comes_back(
    open_window: Callable[..., MainWindow], qtbot: QtBot, tmp_path: Path
) -> None:
    window = open_window()
    desk, workspace = window.lessons, window.workspace
    assert workspace.arrangement == "playground"
    first, second = written(tmp_path), written(tmp_path, VANISHING, "again.md")
    for path in (first, second):  # from one lesson straight to the next
        desk.open_file(path)
        qtbot.waitUntil(lambda path=path: desk.file == path and workspace.arrangement == "gradients", timeout=30_000)
    desk.close()
    assert workspace.arrangement == "playground"
    workspace.show_arrangement("landscape")
    desk.show_list()
    qtbot.waitUntil(lambda: desk.panel.browser.isVisible())
    desk.close()
    assert workspace.arrangement == "landscape"
    desk.panel.browser.wait()
    desk.panel.formulas.wait()
