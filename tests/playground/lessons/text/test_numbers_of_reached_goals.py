"""Text about a reached goal keeps showing the numbers measured when it was reached."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from pytestqt.qtbot import QtBot

from playground.window.main_window import MainWindow
from tests.playground.lessons.lesson_files import VANISHING, write_lesson

TEXT = VANISHING.replace("Each sigmoid costs a factor of at most $0.25$.", "This is so for {{depth}} layers.")


def test_explanations_keep_the_numbers_of_the_reached_goal(
    open_window: Callable[..., MainWindow], qtbot: QtBot, tmp_path: Path
) -> None:
    window = open_window()
    session, manager = window.session, window.lessons
    manager.open_file(write_lesson(tmp_path, TEXT))
    qtbot.waitUntil(lambda: manager.run is not None and session.snapshot.generation == session.generation)
    run, page = manager.run, manager.page
    assert run is not None
    assert page is not None
    run.apply_solution()
    qtbot.waitUntil(lambda: run.is_reached)
    session.set_depth(5)
    introduction = page.page.texts[0]
    qtbot.waitUntil(lambda: introduction.live_numbers[1] == "5")

    def words(start: str) -> str:
        return next(text.toPlainText() for text in page.page.texts if text.toPlainText().startswith(start))

    assert words("This is so") == "This is so for 10 layers."
    assert (
        words("Ten factors") == "Ten factors of at most a quarter: 5 layers."
    )  # while the learner goes on in the step
    run.next()
    run.back()
    qtbot.waitUntil(lambda: page.page.texts[0].live_numbers[1] == "5")
    assert words("Ten factors") == "Ten factors of at most a quarter: 10 layers."
    manager.panel.formulas.wait()
