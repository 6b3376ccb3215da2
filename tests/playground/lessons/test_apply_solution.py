"""*Do it for me* reaches the goal whatever the learner did before."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from pytestqt.qtbot import QtBot

from playground.window.main_window import MainWindow
from tests.playground.lessons.lesson_files import write_lesson


def test_do_it_for_me_first_undoes_other_changes_in_the_step(
    open_window: Callable[..., MainWindow], qtbot: QtBot, tmp_path: Path
) -> None:
    window = open_window()
    session, manager = window.session, window.lessons

    def settled() -> bool:
        return session.snapshot is not None and session.snapshot.generation == session.generation

    manager.open_file(write_lesson(tmp_path))
    qtbot.waitUntil(lambda: manager.run is not None and settled())
    run = manager.run
    assert run is not None
    run.next()
    qtbot.waitUntil(settled)
    session.set_depth(2)
    session.step("epoch")
    qtbot.waitUntil(lambda: session.snapshot.epoch == 1.0)
    run.apply_solution()
    qtbot.waitUntil(lambda: run.is_reached and not run.solver.is_running)
    assert len(session.experiment.network.hidden) == 10
    assert session.snapshot.epoch == 2.0
    manager.panel.formulas.wait()
