"""An answer entered before the truth is known counts, even if the learner did not press *Keep*."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from playground.window.main_window import MainWindow
from tests.playground.lessons.lesson_files import write_lesson


def test_a_typed_number_is_kept_when_the_goal_is_reached(
    open_window: Callable[..., MainWindow], qtbot: QtBot, tmp_path: Path
) -> None:
    window = open_window()
    session, manager = window.session, window.lessons
    manager.open_file(write_lesson(tmp_path))
    qtbot.waitUntil(lambda: manager.run is not None and session.snapshot.generation == session.generation)
    run, number = manager.run, window.findChild(QLineEdit, "predictNumber")
    assert run is not None
    number.setText("2")
    assert run.progress.prediction(1, 2) is None
    run.apply_solution()
    qtbot.waitUntil(lambda: run.is_reached)
    kept = run.progress.prediction(1, 2)
    assert kept is not None
    assert kept.number == 2.0
    assert manager.page is not None
    assert "You predicted 2" in manager.page.page.predictions[1].verdict
    assert run.progress.prediction(1, 1) is None
    manager.panel.formulas.wait()
