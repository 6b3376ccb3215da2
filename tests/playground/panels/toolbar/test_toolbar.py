from __future__ import annotations

import msgspec
import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPlainTextEdit, QPushButton, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from core.experiment import DataSettings, Experiment
from playground.panels import MessageBar, Toolbar
from playground.panels.dialogs.shortcuts_dialog import ShortcutsDialog, shortcuts
from playground.session import Session
from playground.style.resources import application_font, load_fonts
from playground.style.stylesheet import stylesheet
from playground.style.theme import DARK, LIGHT, PRESENTATION_SCALE, Style
from playground.worker.commands import ApplyExperiment, Pause, Play, SetSpeed, Step
from tests.playground.factory import snapshot_of
from tests.playground.panels.support import STYLE, slider
from tests.playground.recorder import Recorder


@pytest.fixture
def toolbar(session: Session, qtbot: QtBot) -> Toolbar:
    """The toolbar."""
    made = Toolbar(session, STYLE)
    qtbot.addWidget(made)
    return made


def action(toolbar: Toolbar, name: str) -> QAction:
    found = toolbar.findChild(QAction, name)
    assert found is not None, name
    return found


def test_play_toggles_between_play_and_pause(toolbar: Toolbar, session: Session) -> None:
    seen = Recorder(session)
    play = action(toolbar, "playAction")
    assert play.text() == "Play"
    play.trigger()
    assert (session.playing, play.text()) == (True, "Pause")
    play.trigger()
    assert seen.commands == [Play(), Pause()]
    session.set_playing(True)
    assert play.text() == "Pause", "training that starts elsewhere is shown, too"


def test_lessons_can_point_at_the_buttons_by_name(toolbar: Toolbar) -> None:
    for name in ("play", "step", "reset", "seed"):
        button = toolbar.findChild(QToolButton, f"{name}Button")
        assert button is not None, name
        assert button.defaultAction() is action(toolbar, f"{name}Action")


def test_step_remembers_its_kind(toolbar: Toolbar, session: Session) -> None:
    seen = Recorder(session)
    step = action(toolbar, "stepAction")
    step.trigger()
    action(toolbar, "epochStepChoice").trigger()
    step.trigger()
    action(toolbar, "sampleStepChoice").trigger()
    assert seen.commands == [Step("batch"), Step("epoch"), Step("epoch"), Step("sample")]
    assert "one sample" in step.toolTip()


def test_rewind_and_new_seed(toolbar: Toolbar, session: Session) -> None:
    seen = Recorder(session)
    action(toolbar, "resetAction").trigger()
    action(toolbar, "seedAction").trigger()
    assert seen.commands[0] == ApplyExperiment(Experiment(), 1, rewinds=True)
    assert isinstance(seen.commands[1], ApplyExperiment)
    assert session.experiment.network.seed == 2


def test_the_speed_ranges_from_one_step_per_second_to_max(toolbar: Toolbar, session: Session) -> None:
    seen = Recorder(session)
    speed = slider(toolbar, "speedSlider")
    assert speed.accessibleDescription() == "max"
    speed.setValue(speed.minimum())
    assert speed.accessibleDescription() == "1 step / s"
    speed.setValue(speed.maximum())
    assert seen.commands == [SetSpeed(1.0), SetSpeed(None)]
    session.set_speed(30.0)
    assert speed.accessibleDescription() == "30 steps / s"
    assert len(seen.commands) == 3, "showing a speed sends no command"


def texts(toolbar: Toolbar) -> dict[str, str]:
    return {each.name: each.text for each in toolbar.read_outs}


def test_read_outs(toolbar: Toolbar) -> None:
    snapshot = snapshot_of()
    scores = msgspec.structs.replace(snapshot.scores, train_loss=0.00042, test_loss=0.0087, test_accuracy=0.984)
    toolbar.show_snapshot(
        msgspec.structs.replace(snapshot, scores=scores, epoch=1260.7, playing=True, steps_per_second=104_321.0)
    )
    assert texts(toolbar) == {
        "Epoch": "1\u2009260",
        "Train loss": "4.2e−4",
        "Test loss": "0.0087",
        "Test accuracy": "98.4\u2009%",
        "Steps per second": "104\u2009k",
    }
    toolbar.show_snapshot(snapshot)
    assert texts(toolbar)["Steps per second"] == "paused"


def test_read_outs_without_test_set_classes_or_finite_numbers(toolbar: Toolbar) -> None:
    toolbar.show_snapshot(snapshot_of(Experiment(data=DataSettings(dataset="plane", test_fraction=0.0))))
    assert (texts(toolbar)["Test loss"], texts(toolbar)["Test accuracy"]) == ("–", "–")
    snapshot = snapshot_of()
    scores = msgspec.structs.replace(snapshot.scores, train_loss=np.inf, test_loss=np.nan)
    toolbar.show_snapshot(msgspec.structs.replace(snapshot, scores=scores, steps_per_second=2.4e6, playing=True))
    assert (texts(toolbar)["Train loss"], texts(toolbar)["Test loss"]) == ("∞", "NaN")
    assert texts(toolbar)["Steps per second"] == "2.4\u2009M"


def test_read_outs_keep_their_width(toolbar: Toolbar) -> None:
    load_fonts()
    toolbar.setFont(application_font(12))
    toolbar.setStyleSheet(stylesheet(STYLE))
    widths = [each.width() for each in toolbar.read_outs]
    toolbar.show_snapshot(msgspec.structs.replace(snapshot_of(), epoch=987_654.0, playing=True, steps_per_second=12.0))
    assert [each.width() for each in toolbar.read_outs] == widths
    assert all(each.sizeHint().width() <= each.maximumWidth() for each in toolbar.read_outs)


@pytest.mark.parametrize(("width", "hidden"), [(1440, 0), (1280, 0), (1100, 0), (1024, 1), (700, 2)])
def test_parts_that_do_not_fit_are_hidden(toolbar: Toolbar, qtbot: QtBot, width: int, hidden: int) -> None:
    toolbar.resize(width, toolbar.height())
    with qtbot.waitExposed(toolbar):
        toolbar.show()
    assert sum(each.isHidden() for each in toolbar.read_outs) == hidden
    assert not next(each for each in toolbar.read_outs if each.name == "Train loss").isHidden()
    assert toolbar.minimumSizeHint().width() <= width


@pytest.mark.parametrize("width", [1440, 1100, 1024, 1000, 960, 900, 800, 700])
def test_the_warning_gives_way_and_never_the_epoch(toolbar: Toolbar, qtbot: QtBot, width: int) -> None:
    toolbar.resize(width, toolbar.height())
    with qtbot.waitExposed(toolbar):
        toolbar.show()
    before = [each.isVisible() for each in toolbar.read_outs]
    toolbar.show_findings(("Steps are too large",))
    epoch = next(each for each in toolbar.read_outs if each.name == "Epoch")
    assert epoch.isVisible()
    assert toolbar.minimumSizeHint().width() <= width
    shown = toolbar.doctor_button
    beside = Qt.ToolButtonStyle.ToolButtonTextBesideIcon
    assert shown.isVisible() or width < 800
    assert width < 1440 or shown.toolButtonStyle() == beside
    toolbar.show_findings(())
    assert not shown.isVisible()
    assert [each.isVisible() for each in toolbar.read_outs] == before


def test_the_toolbar_fits_in_presentation_mode(toolbar: Toolbar, qtbot: QtBot) -> None:
    toolbar.set_style(Style(DARK, PRESENTATION_SCALE))
    toolbar.resize(1280, toolbar.height())
    with qtbot.waitExposed(toolbar):
        toolbar.show()
    assert toolbar.height() == round(56 * PRESENTATION_SCALE)
    assert toolbar.minimumSizeHint().width() <= 1280


def test_the_export_button_emits_a_request(toolbar: Toolbar, qtbot: QtBot) -> None:
    with qtbot.waitSignal(toolbar.export_requested):
        toolbar.export_button.click()


def test_every_button_has_a_name(toolbar: Toolbar) -> None:
    assert all(each.accessibleName() and each.toolTip() for each in toolbar.findChildren(QToolButton))


@pytest.fixture
def bar(session: Session, qtbot: QtBot) -> MessageBar:
    """The message bar."""
    window = QWidget()
    qtbot.addWidget(window)
    return MessageBar(session, STYLE, window)


def button(bar: MessageBar, name: str) -> QPushButton:
    found = bar.findChild(QPushButton, name)
    assert found is not None, name
    return found


def test_a_session_message_is_shown(bar: MessageBar, session: Session) -> None:
    assert bar.isHidden()
    session.message.emit("The file is gone.", "error")
    assert (bar.isHidden(), bar.text, bar.accessibleDescription()) == (False, "The file is gone.", "The file is gone.")
    assert button(bar, "messageAction").isHidden()
    assert button(bar, "messageDetails").isHidden()


def test_an_info_disappears_and_an_error_stays(bar: MessageBar, qtbot: QtBot) -> None:
    bar._timer.setInterval(20)
    bar.show_message("Saved.", "info")
    qtbot.waitUntil(bar.isHidden)
    bar.show_message("Broken.", "error")
    assert not bar._timer.isActive()
    bar.show_message("Saved.", "info")
    bar.hide()
    assert not bar._timer.isActive(), "closing stops the timer"


def test_the_action_runs_once_and_closes(bar: MessageBar) -> None:
    runs: list[int] = []
    bar.show_message("Training diverged.", "warning", action=("Rewind", lambda: runs.append(1)))
    assert button(bar, "messageAction").text() == "Rewind"
    button(bar, "messageAction").click()
    assert (runs, bar.isHidden()) == ([1], True)


def test_details_are_shown_on_request(bar: MessageBar) -> None:
    bar.show_message("Training stopped.", "error", details="Traceback: …")
    assert bar.findChild(QPlainTextEdit) is None
    button(bar, "messageDetails").click()
    details = bar.findChild(QPlainTextEdit)
    assert details is not None
    assert (details.isHidden(), details.toPlainText()) == (False, "Traceback: …")
    bar.show_message("Another.", "error", details="b")
    assert details.isHidden()


def test_the_close_button_hides_the_message(bar: MessageBar) -> None:
    bar.show_message("Broken.", "error")
    bar.findChild(QToolButton, "messageClose").click()  # type: ignore[union-attr]
    assert bar.isHidden()


def test_shortcuts_are_read_from_the_actions(qtbot: QtBot) -> None:
    dialog = ShortcutsDialog([], Style(LIGHT))
    qtbot.addWidget(dialog)
    undo, nothing = QAction("&Undo", dialog), QAction("Nothing", dialog)
    undo.setShortcut("Ctrl+Z")
    assert shortcuts([undo, nothing, undo]) == [("Ctrl+Z", "Undo")]
    full = ShortcutsDialog([undo, nothing], Style(DARK))
    qtbot.addWidget(full)
    shown = [label.text() for label in full.findChildren(QLabel)]
    assert shown[:2] == ["Undo", "Ctrl+Z"]
    assert "Nothing" not in shown
    QTest.keyClick(full, Qt.Key.Key_Escape)
    assert full.isHidden()


def test_the_reason_for_stopping_is_hidden_when_training_resumes(qtbot: QtBot) -> None:
    session = Session()
    window = QWidget()
    qtbot.addWidget(window)
    bar = MessageBar(session, Style(LIGHT), window)
    bar.show_message("Training diverged at step 3.", "warning", action=("Rewind", session.reset))
    session.play()
    assert bar.isHidden()
    bar.show_message("bad.json: expected a number", "error")
    session.pause()
    session.play()
    assert not bar.isHidden()


def test_rewinding_while_paused_hides_the_reason_for_stopping(qtbot: QtBot, session: Session) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    bar = MessageBar(session, Style(LIGHT), window)
    bar.show_message("Training diverged at step 3.", "warning", action=("Rewind", session.reset))
    session.reset()
    assert bar.isHidden()
    bar.show_message("Saved.")
    session.reset()
    assert not bar.isHidden()


@pytest.mark.parametrize(("rate", "text"), [(2.0, "0.13"), (20.0, "0"), (0.0, "0")])
def test_progress_within_a_long_epoch_is_shown(toolbar: Toolbar, rate: float, text: str) -> None:
    twelve_of_ninety = msgspec.structs.replace(
        snapshot_of(), step=12, epoch=12 / 90, playing=True, steps_per_second=rate
    )
    toolbar.show_snapshot(twelve_of_ninety)
    assert texts(toolbar)["Epoch"] == text


def test_findings_are_counted_by_a_button_that_is_absent_without_any(toolbar: Toolbar, qtbot: QtBot) -> None:
    toolbar.resize(1400, 56)
    toolbar.show()
    assert not toolbar.doctor_button.isVisible()
    toolbar.show_findings(("Dead neurons", "The penalty dominates"))
    assert toolbar.doctor_button.isVisible()
    assert toolbar.doctor_button.text() == "2"
    assert "2 findings: Dead neurons; The penalty dominates." in toolbar.doctor_button.toolTip()
    with qtbot.waitSignal(toolbar.doctor_requested):
        toolbar.doctor_button.click()
    toolbar.show_findings(())
    assert not toolbar.doctor_button.isVisible()
