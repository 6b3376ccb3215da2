"""Opening never asks and never loses work: undo restores the previous experiment with its training and history."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, QTimer
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QMenu, QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from core.experiment import Experiment
from core.experiment.experiment_file import save
from core.experiment.presets import DEMONSTRATIONS, explanation, preset, preset_names
from playground.app import make_window
from playground.session.saving.last_state import LastState
from playground.window.main_window import MainWindow
from tests.core.training.support import assert_same_state

Opener = Callable[..., MainWindow]


def settled(window: MainWindow, qtbot: QtBot) -> None:
    session = window.session
    qtbot.waitUntil(lambda: session.snapshot is not None and session.snapshot.generation == session.generation)


@pytest.fixture
def asked(qapp: object) -> Iterator[list[str]]:
    """The questions asked so far; each is answered with Cancel."""
    questions: list[str] = []

    def answer() -> None:
        box = QApplication.activeModalWidget()
        if isinstance(box, QMessageBox):
            questions.append(box.text())
            box.button(QMessageBox.StandardButton.Cancel).click()

    timer = QTimer()
    timer.timeout.connect(answer)
    timer.start(20)
    yield questions
    timer.stop()


def test_no_preset_asks_about_unsaved_work_and_all_can_be_undone(
    open_window: Opener, qtbot: QtBot, asked: list[str]
) -> None:
    window = open_window()
    for name in preset_names():
        window.findChild(QAction, f"preset-{name}").trigger()
        settled(window, qtbot)
        assert not window.session.unsaved
        assert window.session.experiment == preset(name)
    window.session.edit_training("Learning rate", learning_rate=0.5)
    window.findChild(QAction, "preset-xor").trigger()
    assert window.session.experiment == preset("xor")
    assert asked == []


def test_a_changed_file_is_asked_about(open_window: Opener, qtbot: QtBot, tmp_path: Path, asked: list[str]) -> None:
    path = tmp_path / "mine.json"
    save(Experiment(name="Mine"), path)
    window = open_window(Experiment(name="Mine"), file=path)
    window.session.edit_training("Learning rate", learning_rate=0.5)
    window.findChild(QAction, "preset-xor").trigger()
    assert asked == ["Save the changes to “Mine” first?"]
    assert window.session.experiment.name == "Mine"


@pytest.mark.parametrize("way", ["opposite edits", "a pin of the same settings"])
def test_each_undo_returns_the_whole_training_although_its_settings_were_there_twice(
    open_window: Opener, qtbot: QtBot, way: str
) -> None:
    window = open_window()
    session = window.session
    edits: list[Callable[[], object]]
    edits = [lambda: session.edit_layer(0, "Neurons", units=2), lambda: session.edit_layer(0, "Neurons", units=4)]
    if way.startswith("a pin"):
        session.pin()
        qtbot.waitUntil(lambda: len(session.pins.all) == 1)
        edits = [
            lambda: session.reopen(session.pins.all[0].key),
            lambda: session.edit_training("Rate", learning_rate=0.5),
        ]
    session.step("epoch")
    qtbot.waitUntil(lambda: session.snapshot.epoch == 1.0)
    states = [session.snapshot.state]
    for edit in edits:
        edit()
        settled(window, qtbot)
        states.append(session.snapshot.state)
    for move, expected in ((session.undo, states[-2::-1]), (session.redo, states[1:]), (session.undo, states[-2::-1])):
        for state in expected:
            move()
            settled(window, qtbot)
            assert_same_state(session.snapshot.state, state)


def test_going_back_returns_training_and_history_to_the_last_bit(open_window: Opener, qtbot: QtBot) -> None:
    window = open_window()
    session = window.session
    session.edit_training("Learning rate", learning_rate=0.1)
    session.step("epoch")
    qtbot.waitUntil(lambda: session.snapshot.epoch == 1.0)
    experiment, parameters = session.experiment, session.snapshot.network.parameters.copy()
    curve = session.snapshot.curve.train.copy()
    window.findChild(QAction, "preset-xor").trigger()
    settled(window, qtbot)
    session.step("epoch")
    qtbot.waitUntil(lambda: session.snapshot.epoch == 1.0 and session.experiment.name == "Exclusive or")
    xor = session.snapshot.network.parameters.copy()
    assert session.undo_label is None
    back = window.findChild(QPushButton, "messageAction")
    assert back.isVisible()
    assert back.text() == "Go back"
    back.click()
    settled(window, qtbot)
    assert session.experiment == experiment
    assert session.undo_label == "Learning rate"
    assert (session.snapshot.network.parameters == parameters).all()
    assert (session.snapshot.curve.train == curve).all()
    assert session.snapshot.epoch == 1.0
    window.findChild(QAction, "goBackAction").trigger()
    settled(window, qtbot)
    assert session.experiment == preset("xor")
    assert (session.snapshot.network.parameters == xor).all()


def test_demonstrations_are_listed_separately_with_a_sentence(open_window: Opener) -> None:
    window = open_window()
    menu = next(m for m in window.findChildren(QMenu) if any(a.objectName() == "preset-xor" for a in m.actions()))
    menu.aboutToShow.emit()
    names = [action.objectName().removeprefix("preset-") or action.text() for action in menu.actions()]
    assert names == [
        "Demonstrations",
        *DEMONSTRATIONS,
        "Data sets",
        *(name for name in preset_names() if name not in DEMONSTRATIONS),
    ]
    presets = [action for action in menu.actions() if action.objectName()]
    assert [action.toolTip() for action in presets] == [explanation(a.objectName()[7:]) for a in presets]
    assert all(action.toolTip().endswith(".") for action in presets)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("playground.app.state_folder", lambda: tmp_path)
    monkeypatch.setattr(
        "playground.app.QSettings", lambda: QSettings(str(tmp_path / "s.ini"), QSettings.Format.IniFormat)
    )
    return tmp_path


def crash(window: MainWindow) -> None:
    """End ``window`` like a kill, without storing anything."""
    window._autosave.stop()
    window.controller.stop()
    lock = window._last_state._lock
    assert lock is not None
    lock.unlock()


@pytest.mark.parametrize("content", ['{"format": 99}', "{"], ids=["newer", "damaged"])
def test_a_session_that_cannot_be_read_is_kept(folder: Path, qtbot: QtBot, content: str) -> None:
    for _ in range(7):  # more often than sessions are kept
        for name in ("last.json", "last.state", "last.pins"):
            (folder / name).write_text(content, encoding="utf-8")
        window = make_window(None, None)
        qtbot.addWidget(window)
        kept = next(path for path in folder.glob("last-unreadable-*.json") if str(path) in window.problems_at_start[-1])
        window.close()
    assert [kept.with_suffix(end).read_text(encoding="utf-8") for end in (".json", ".state", ".pins")] == [content] * 3
    assert len(list(folder.glob("last-unreadable-*.json"))) == 5
    assert not window.files.can_recover, "it would fail again"


def test_a_file_opened_after_a_crash_does_not_discard_the_crashed_session(folder: Path, qtbot: QtBot) -> None:
    first = make_window(None, None)
    qtbot.addWidget(first)
    first.show()
    first.start_as_left(resume=True)
    first.session.edit_training("Learning rate", learning_rate=0.5)
    first.session.step("epoch")
    qtbot.waitUntil(lambda: first.session.snapshot is not None and first.session.snapshot.epoch == 1.0)
    first._autosave.write()
    qtbot.waitUntil(lambda: (folder / "last.json").is_file())
    parameters = first.session.snapshot.network.parameters.copy()
    crash(first)

    path = folder / "mine.json"
    save(Experiment(name="Mine"), path)
    second = make_window(Experiment(name="Mine"), path)
    qtbot.addWidget(second)
    second.show()
    second.start_as_left(resume=False)
    second.greet(())
    settled(second, qtbot)
    second._autosave.write()
    qtbot.waitUntil(lambda: (folder / "last.json").is_file())
    assert "that ended unexpectedly can be recovered" in second.message_bar.text
    button = second.findChild(QPushButton, "messageAction")
    assert button.text() == "Recover"
    button.click()
    settled(second, qtbot)
    assert second.session.experiment.training.learning_rate == 0.5
    assert (second.session.snapshot.network.parameters == parameters).all()
    assert second.session.undo_label == "Learning rate"
    assert second.session.file is None
    second.close()
    assert list(folder.glob("last-crashed*")) == []


def test_crashed_sessions_stay_until_they_are_recovered(folder: Path, settings: QSettings) -> None:
    for number in range(8):
        last = LastState(settings, folder)
        save(Experiment(name=f"{number}"), last.experiment)
        last.set_aside()
        assert not last.experiment.exists()
    names = []
    last = LastState(settings, folder)
    while (aside := last.newest_aside()) is not None:
        restored = aside.restore()
        assert restored is not None
        names.append(restored[0].name)
        last.recovered(aside)
    assert names == ["7", "6", "5", "4", "3"]
    last.end()
    assert LastState(settings, folder).newest_aside() is None


def left_by_a_crash(settings: QSettings, folder: Path, stem: str, name: str, file: Path | None = None) -> None:
    last = LastState(settings, folder, stem)
    last.begin()
    last.store(Experiment(name=name), file)


def test_one_window_offers_the_sessions_of_all_windows_that_crashed(folder: Path, qtbot: QtBot) -> None:
    settings = QSettings(str(folder / "s.ini"), QSettings.Format.IniFormat)
    save(Experiment(), folder / "mine.json")
    left_by_a_crash(settings, folder, "last", "first")
    left_by_a_crash(settings, folder, "last-2", "second", folder / "mine.json")
    window = make_window(None, None)
    qtbot.addWidget(window)
    window.show()
    window.start_as_left(resume=True)
    assert window.problems_at_start == ("Recovered your last session.",)
    window.greet(window.problems_at_start)
    settled(window, qtbot)
    assert window.session.experiment.name == "first"
    assert window.message_bar.text == "Recovered your last session. A session that ended unexpectedly can be recovered."
    window.findChild(QPushButton, "messageAction").click()
    settled(window, qtbot)
    assert window.session.experiment.name == "second"
    assert window.session.file == folder / "mine.json"
    assert not window.files.can_recover
    window.close()
    assert list(folder.glob("*.running")) == []


def test_the_session_of_an_open_window_is_left_alone(folder: Path) -> None:
    settings = QSettings(str(folder / "s.ini"), QSettings.Format.IniFormat)
    first = LastState.claim(settings, folder)
    first.begin()
    first.store(Experiment(name="open"), None)
    second = LastState.claim(settings, folder)
    second.begin()
    second.adopt_crashed()
    assert second.newest_aside() is None
    assert first.experiment.is_file()
    first.end()
    second.end()
