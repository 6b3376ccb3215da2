"""*Do it for me* reaches the goal whatever the learner did before."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from pytestqt.qtbot import QtBot

from playground.window.main_window import MainWindow
from tests.playground.lessons.lesson_files import written


def test_do_it_for_me_begins_at_the_entry_of_the_step_after_other_changes(
    open_window: Callable[..., MainWindow], qtbot: QtBot, tmp_path: Path
) -> None:
    window = open_window()
    session, desk = window.session, window.lessons

    def settled() -> bool:
        return session.snapshot is not None and session.snapshot.generation == session.generation

    desk.open_file(written(tmp_path))
    qtbot.waitUntil(lambda: desk.run is not None and settled())
    run = desk.run
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
    desk.panel.formulas.wait()
