"""Steps of tests that walk through a lesson in a window."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from playground.window.main_window import MainWindow


def open_lesson(window: MainWindow, qtbot: QtBot, path: Path) -> None:
    window.lessons.open_file(path)
    qtbot.waitUntil(lambda: window.lessons.run is not None and window.lessons.file == path, timeout=20_000)
    wait_until_settled(window, qtbot)


def wait_until_settled(window: MainWindow, qtbot: QtBot) -> None:
    session = window.session
    qtbot.waitUntil(
        lambda: session.snapshot is not None and session.snapshot.generation == session.generation, timeout=20_000
    )


def click(qtbot: QtBot, window: MainWindow, name: str) -> None:
    def shown() -> list[QWidget]:
        return [each for each in window.findChildren(QWidget, name) if each.isVisible()]

    qtbot.waitUntil(lambda: bool(shown()), timeout=20_000)
    qtbot.mouseClick(shown()[0], Qt.MouseButton.LeftButton)
