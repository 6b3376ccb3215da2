"""A lesson switches to its workspace; closing it restores the user's one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from pytestqt.qtbot import QtBot

from playground.window.main_window import MainWindow
from tests.playground.lessons.lesson_files import VANISHING, write_lesson


def test_the_workspace_shown_before_the_lesson_comes_back(
    open_window: Callable[..., MainWindow], qtbot: QtBot, tmp_path: Path
) -> None:
    window = open_window()
    manager, workspace = window.lessons, window.workspace
    assert workspace.arrangement == "playground"
    first, second = write_lesson(tmp_path), write_lesson(tmp_path, VANISHING, "again.md")
    for path in (first, second):  # from one lesson straight to the next
        manager.open_file(path)
        qtbot.waitUntil(lambda path=path: manager.file == path and workspace.arrangement == "gradients", timeout=30_000)
    manager.close()
    assert workspace.arrangement == "playground"
    workspace.show_arrangement("landscape")
    manager.show_list()
    qtbot.waitUntil(lambda: manager.panel.browser.isVisible())
    manager.close()
    assert workspace.arrangement == "landscape"
    manager.panel.browser.wait()
    manager.panel.formulas.wait()
