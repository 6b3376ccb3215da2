"""A challenge in the panel: live values, all starts in the background, and the best result kept."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from core.lessons.changes import apply_change
from playground.window.main_window import MainWindow
from tests.playground.lessons.lesson_files import write_lesson

CHALLENGE = """+++
title = "Few neurons"
minutes = 5
summary = "As few neurons as possible."
preset = "gauss"

[challenge]
number = 3
seeds = SEEDS
bar = [{ measure = "train_loss", below = 0.1 }]
score = { measure = "hidden_neurons" }
best = "smallest"

[challenge.solution]
depth = 1
epochs = 5
+++
Reach it.

## The bar

Now {{hidden_neurons}} neurons.
"""


def open_lesson(window: MainWindow, qtbot: QtBot, folder: Path, seeds: int) -> None:
    window.lessons.open_file(write_lesson(folder, CHALLENGE.replace("SEEDS", str(seeds)), "few.md"))
    qtbot.waitUntil(lambda: window.lessons.page is not None)
    wait_until_settled(window, qtbot)


def wait_until_settled(window: MainWindow, qtbot: QtBot) -> None:
    session = window.session
    qtbot.waitUntil(lambda: session.snapshot is not None and session.snapshot.generation == session.generation)


def test_all_seeds_run_in_the_background_and_the_best_result_is_saved(
    open_window: Callable[..., MainWindow], qtbot: QtBot, tmp_path: Path
) -> None:
    window = open_window()
    open_lesson(window, qtbot, tmp_path, seeds=3)
    run = window.lessons.run
    solution = run.lesson.front.challenge.solution
    window.session.edit(apply_change(window.session.experiment, solution), "Try")
    neurons = sum(layer.units for layer in window.session.experiment.network.hidden)
    button = window.findChild(QPushButton, "runStartsButton")
    assert button.text() == "Run 3 starts"
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    card = window.lessons.page.page.challenge
    qtbot.waitUntil(lambda: bool(card.result), timeout=90_000)
    assert card.result == f"All 3 starts clear the bar. Score: {neurons}."
    assert run.progress.best.score == neurons
    assert run.progress.finished
    assert button.text() == "Run 3 starts"
    window.session.set_depth(2)
    wait_until_settled(window, qtbot)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert button.text() == "Cancel"
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert button.text() == "Run 3 starts"
    window.lessons.page.challenge.wait()
    assert run.progress.best.score == neurons


def test_other_data_are_refused(open_window: Callable[..., MainWindow], qtbot: QtBot, tmp_path: Path) -> None:
    window = open_window()
    open_lesson(window, qtbot, tmp_path, seeds=2)
    window.session.edit_data("Noise", noise=0.3)
    window.lessons.page.challenge.start()
    assert "this challenge keeps its data: noise must be" in window.lessons.page.page.challenge.result


def test_a_challenge_with_one_seed_is_judged_live(
    open_window: Callable[..., MainWindow], qtbot: QtBot, tmp_path: Path
) -> None:
    window = open_window()
    open_lesson(window, qtbot, tmp_path, seeds=1)
    run = window.lessons.run
    assert run.progress.best is None
    window.session.step("epoch")
    window.session.play()
    qtbot.waitUntil(lambda: run.progress.best is not None, timeout=30_000)
    window.session.pause()
    neurons = sum(layer.units for layer in window.session.experiment.network.hidden)
    assert run.progress.best.score == neurons
