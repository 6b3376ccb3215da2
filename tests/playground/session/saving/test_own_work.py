"""A lesson replaces the user's own work and gives it back; neither a crash nor closing the window loses either."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from msgspec.structs import replace
from PySide6.QtCore import QSettings
from pytestqt.qtbot import QtBot

from core.data.sample import Sample
from core.experiment import Experiment, TrainingSettings
from core.experiment.presets import preset
from core.training.state_file import load_state
from playground.app import make_window
from playground.session.saving.last_state import LastState
from playground.session.saving.own_work import OwnWork
from playground.session.selection import Selection
from playground.window.main_window import MainWindow

LESSON = preset("xor")


def settled(window: MainWindow, qtbot: QtBot) -> None:
    session = window.session
    qtbot.waitUntil(lambda: session.snapshot is not None and session.snapshot.generation == session.generation)


def own_work(window: MainWindow) -> OwnWork:
    return OwnWork(window.session, window._last_state, window._autosave, window)


def trained(window: MainWindow, qtbot: QtBot, epochs: int) -> np.ndarray:
    session = window.session
    for epoch in range(1, epochs + 1):
        session.step("epoch")
        qtbot.waitUntil(lambda epoch=epoch: session.snapshot.epoch == epoch)
    return session.snapshot.network.parameters.copy()


def test_the_own_work_comes_back_with_its_training_history_file_and_pins(
    open_window: Callable[..., MainWindow], qtbot: QtBot, tmp_path: Path
) -> None:
    file = tmp_path / "mine.json"
    window = open_window(file=file)
    session = window.session
    session.edit_training("Learning rate", learning_rate=0.1)
    parameters = trained(window, qtbot, 2)
    curve = session.snapshot.curve.train.copy()
    session.pin()
    qtbot.waitUntil(lambda: len(session.pins.all) == 1)
    experiment, pins = session.experiment, session.pins.all
    session.select(Selection("weight", 0, 1, 1))
    session.select_sample(Sample(3))

    work = own_work(window)
    assert not work.replace("lesson", LESSON, None)
    settled(window, qtbot)
    assert work.is_aside
    assert (session.experiment, session.file, session.undo_label, session.pins.all) == (LESSON, None, None, ())
    assert session.previous_name is None
    assert (session.selection, session.sample) == (None, None)
    session.select(Selection("neuron", 0, 0))
    trained(window, qtbot, 1)
    session.edit_training("Momentum", momentum=0.5, optimizer="momentum")

    work.give_back()
    settled(window, qtbot)
    assert not work.is_aside
    assert (session.experiment, session.file, session.pins.all) == (experiment, file, pins)
    assert session.undo_label == "Learning rate"
    assert (session.selection, session.sample) == (Selection("weight", 0, 1, 1), Sample(3))
    assert (session.snapshot.network.parameters == parameters).all()
    assert (session.snapshot.curve.train == curve).all()


def test_the_lesson_continues_where_it_was_left(open_window: Callable[..., MainWindow], qtbot: QtBot) -> None:
    window = open_window()
    session, work = window.session, own_work(window)
    work.replace("lesson", LESSON, None)
    settled(window, qtbot)
    session.edit_training("Learning rate", learning_rate=0.5)
    parameters = trained(window, qtbot, 1)
    work.give_back()
    settled(window, qtbot)
    assert session.experiment == Experiment()
    assert work.replace("lesson", LESSON, None)
    settled(window, qtbot)
    assert session.experiment == replace(LESSON, training=replace(LESSON.training, learning_rate=0.5))
    assert session.undo_label == "Learning rate"
    assert (session.snapshot.network.parameters == parameters).all()
    assert not work.replace("lesson", LESSON, None, afresh=True)
    settled(window, qtbot)
    assert session.experiment == LESSON
    assert session.snapshot.step == 0
    work.give_back()


def test_many_lessons_in_a_row_do_not_push_the_own_training_out(
    open_window: Callable[..., MainWindow], qtbot: QtBot
) -> None:
    window = open_window()
    parameters = trained(window, qtbot, 1)
    curve = window.session.snapshot.curve.train.copy()
    work = own_work(window)
    for number in range(6):
        work.replace(f"lesson-{number}", LESSON, None)
        settled(window, qtbot)
    work.give_back()
    settled(window, qtbot)
    assert (window.session.snapshot.network.parameters == parameters).all()
    assert (window.session.snapshot.curve.train == curve).all()


def test_the_own_work_is_playing_again_if_it_was(open_window: Callable[..., MainWindow], qtbot: QtBot) -> None:
    window = open_window(playing=True)
    work = own_work(window)
    work.replace("lesson", LESSON, None)
    settled(window, qtbot)
    assert not window.session.playing
    work.give_back()
    assert window.session.playing


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("playground.app.state_folder", lambda: tmp_path)
    monkeypatch.setattr(
        "playground.app.QSettings", lambda: QSettings(str(tmp_path / "s.ini"), QSettings.Format.IniFormat)
    )
    return tmp_path


def started(qtbot: QtBot) -> MainWindow:
    window = make_window(None, None)
    qtbot.addWidget(window)
    window.show()
    window.start_as_left(resume=True)
    settled(window, qtbot)
    return window


@pytest.mark.parametrize("crashes", [True, False])
def test_closing_and_crashing_in_a_lesson_lose_neither(folder: Path, qtbot: QtBot, *, crashes: bool) -> None:
    first = started(qtbot)
    first.session.edit_training("Learning rate", learning_rate=0.1)
    parameters = trained(first, qtbot, 1)
    own_work(first).replace("lesson", LESSON, None)
    settled(first, qtbot)
    in_lesson = trained(first, qtbot, 2)
    first._autosave.write()
    state = folder / "lessons" / "lesson.state"
    qtbot.waitUntil(lambda: state.is_file() and load_state(state).epoch == 2)
    if crashes:
        first._autosave.stop()
        first.controller.stop()
        assert first._last_state._lock is not None
        first._last_state._lock.unlock()
    else:
        first.close()

    second = started(qtbot)
    assert second.session.experiment.training == TrainingSettings(learning_rate=0.1)
    assert second.session.undo_label == "Learning rate"
    assert (second.session.snapshot.network.parameters == parameters).all()
    work = own_work(second)
    assert work.replace("lesson", LESSON, None)
    settled(second, qtbot)
    assert (second.session.snapshot.network.parameters == in_lesson).all()
    second.close()


def test_files_of_a_lesson_of_another_window_are_separate(tmp_path: Path, settings: QSettings) -> None:
    first, second = LastState(settings, tmp_path), LastState(settings, tmp_path, "last-2")
    first.divert("lesson")
    second.divert("lesson")
    assert first.experiment != second.experiment
    first.divert(None)
    assert first.experiment == tmp_path / "last.json"
