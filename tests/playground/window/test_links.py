"""Share links of TensorFlow Playground: in the dialog, pasted, dropped, on the command line."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QAction, QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import QApplication, QDialog, QDialogButtonBox, QLabel, QLineEdit, QSlider
from pytestqt.qtbot import QtBot

from core.errors import PlaygroundError
from core.experiment import Experiment, HiddenLayer, NetworkSettings
from core.experiment.tf_playground_link import parse_link
from playground.__main__ import main
from playground.commandline.sources import open_source
from playground.panels.dialogs.link_dialog import LinkDialog
from playground.style.theme import LIGHT, Style
from playground.window.main_window import MainWindow
from playground.window.system.incoming import link_in

SETTINGS = "activation=relu&batchSize=25&dataset=spiral&noise=10&networkShape=6,3&seed=0.28&percTrainData=50&sinX=true"
LINK = f"https://example.org/#{SETTINGS}"
NOTED = f"#{SETTINGS}&colour=blue"

Opener = Callable[..., MainWindow]


def dialog_on(qtbot: QtBot, text: str | None) -> LinkDialog:
    dialog = LinkDialog(Style(LIGHT), text=text)
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


def said(dialog: LinkDialog, name: str) -> str:
    label = dialog.findChild(QLabel, name)
    assert label is not None
    return label.text()


def can_open(dialog: LinkDialog) -> bool:
    box = dialog.findChild(QDialogButtonBox)
    assert box is not None
    return box.button(QDialogButtonBox.StandardButton.Open).isEnabled()


def test_the_dialog_describes_a_link(qtbot: QtBot) -> None:
    dialog = dialog_on(qtbot, NOTED)
    assert can_open(dialog)
    summary = said(dialog, "linkSummary")
    for word in ("Spiral", "500 samples", "noise 10", "x₁, x₂, sin x₁ → 6 ReLU → 3 ReLU", "0.03", "batch size 25"):
        assert word in summary
    assert said(dialog, "linkNotes").splitlines() == list(parse_link(NOTED).notes)
    assert said(dialog, "linkProblem") == ""


@pytest.mark.parametrize(
    ("text", "word"), [("#dataset=moons", "moons"), ("hello", "dataset=circle"), ("#noise=x", "noise")]
)
def test_the_dialog_reports_errors_while_typing(qtbot: QtBot, text: str, word: str) -> None:
    dialog = dialog_on(qtbot, LINK)
    field = dialog.findChild(QLineEdit, "linkField")
    field.clear()
    assert (said(dialog, "linkProblem"), can_open(dialog)) == ("", False)
    qtbot.keyClicks(field, text)
    assert word in said(dialog, "linkProblem")
    assert not can_open(dialog)
    field.setText(LINK)
    assert can_open(dialog)


def test_the_dialog_starts_with_a_link_from_the_clipboard(qtbot: QtBot) -> None:
    QGuiApplication.clipboard().setText(f"  {LINK}\n")
    assert dialog_on(qtbot, None).text == LINK
    QGuiApplication.clipboard().setText("something else")
    assert dialog_on(qtbot, None).text == ""
    QGuiApplication.clipboard().clear()


def test_a_link_is_opened_and_its_notes_are_shown(qtbot: QtBot, open_window: Opener) -> None:
    window = open_window()
    assert window.files.open_link(NOTED)
    assert window.session.experiment == parse_link(NOTED).experiment
    assert window.session.file is None
    assert window.message_bar.text.startswith("Opened the link. ")
    for note in parse_link(NOTED).notes:
        assert note in window.message_bar.text
    qtbot.waitUntil(lambda: window.session.snapshot.experiment.data.dataset == "spiral")


def test_a_wrong_link_is_rejected_in_one_sentence(open_window: Opener) -> None:
    window = open_window()
    before = window.session.experiment
    assert not window.files.open_link("#dataset=moons")
    assert window.session.experiment is before
    assert window.message_bar.text.startswith("The link cannot be opened: dataset: expected one of circle")


def test_a_link_is_pasted_into_the_window_but_not_out_of_a_text_field(qtbot: QtBot, open_window: Opener) -> None:
    window = open_window()
    before = window.session.experiment
    QGuiApplication.clipboard().setText(LINK)
    field = QLineEdit(window)
    field.show()
    qtbot.keyClick(field, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert field.text() == LINK
    assert window.session.experiment is before
    slider = window.findChild(QSlider, "learningRateSlider")
    qtbot.keyClick(slider, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert window.session.experiment.data.dataset == "spiral"


def test_pasting_other_text_does_nothing(qtbot: QtBot, open_window: Opener) -> None:
    window = open_window()
    before = window.session.experiment
    QGuiApplication.clipboard().setText("a=b#c=d")
    qtbot.keyClick(window, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert window.session.experiment is before


def mime(*, text: str = "", url: str = "") -> QMimeData:
    data = QMimeData()
    if text:
        data.setText(text)
    if url:
        data.setUrls([QUrl(url)])
    return data


@pytest.mark.parametrize("kind", ["text", "url"])
def test_a_link_is_dropped_on_the_window(open_window: Opener, kind: str) -> None:
    window = open_window()
    data = mime(**{kind: LINK})
    action, button, keys = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = drag_enter(data)
    window.dragEnterEvent(enter)
    assert enter.isAccepted()
    window.dropEvent(QDropEvent(QPointF(50, 50), action, data, button, keys))
    assert window.session.experiment == parse_link(LINK).experiment


def drag_enter(data: QMimeData) -> QDragEnterEvent:
    """Return the event; from Qt 6.12 on it takes a QPointF instead of the QPoint of earlier versions."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        return QDragEnterEvent(
            QPoint(50, 50),
            Qt.DropAction.CopyAction,
            data,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )


def test_other_drops_are_ignored(open_window: Opener) -> None:
    window = open_window()
    for data in (mime(text="hello"), mime(url="https://example.org/page#top")):
        assert link_in(data) is None
        enter = drag_enter(data)
        enter.ignore()
        window.dragEnterEvent(enter)
        assert not enter.isAccepted()


def test_nothing_is_dropped_behind_a_dialog(open_window: Opener, qtbot: QtBot) -> None:
    window = open_window()
    handle = window.windowHandle()
    assert handle is not None
    dialog = QDialog(window)
    dialog.setModal(True)
    with qtbot.waitExposed(dialog):
        dialog.show()
    data = mime(text=LINK)  # must outlive the events
    behind, after = drag_enter(data), drag_enter(data)
    QApplication.sendEvent(handle, behind)
    assert not behind.isAccepted()
    dialog.reject()
    QApplication.sendEvent(handle, after)
    assert after.isAccepted()


def test_the_menus_have_their_keys(open_window: Opener) -> None:
    window = open_window()
    for name, keys in (("openLinkAction", "Ctrl+L"), ("gradientCheckAction", "Ctrl+G")):
        action = window.findChild(QAction, name)
        assert action.shortcut().toString() == keys


# -- the command line ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", [LINK, f"#{SETTINGS}", f"#{SETTINGS}&" + "showTestData=false&" * 400])
def test_a_link_stands_for_an_experiment(text: str) -> None:
    source = open_source(text)
    assert source.experiment == parse_link(LINK).experiment
    assert source.file is None


def test_a_wrong_link_is_one_sentence() -> None:
    with pytest.raises(PlaygroundError, match="dataset: expected one of circle"):
        open_source("#dataset=moons")


def test_a_file_whose_name_looks_like_a_link_is_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from core.experiment.experiment_file import save

    monkeypatch.chdir(tmp_path)
    save(Experiment(name="Mine"), tmp_path / "noise=1")
    assert open_source("noise=1").experiment.name == "Mine"


def test_a_link_is_trained_and_its_notes_are_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["train", NOTED, "--steps", "3", "--engine", "numpy"]) == 0
    captured = capsys.readouterr()
    assert "TensorFlow Playground: spiral" in captured.out
    assert "colour" in captured.err
    assert main(["train", "#dataset=moons", "--steps", "3"]) == 2
    assert capsys.readouterr().err.count("\n") == 1


# -- the gradient check in the whole window --------------------------------------------------------------------------


def test_the_gradient_check_of_a_training_network(qtbot: QtBot, open_window: Opener) -> None:
    hidden = (HiddenLayer(units=5), HiddenLayer(units=3))
    window = open_window(Experiment(network=NetworkSettings(hidden=hidden)))
    window.session.play()
    qtbot.waitUntil(lambda: window.session.snapshot.step > 20)
    window.findChild(QAction, "gradientCheckAction").trigger()
    check = window.side_windows._gradient_check
    qtbot.waitUntil(lambda: check.valid_result is not None)
    assert not window.session.playing
    assert check.valid_result.subject.network.parameters is window.session.snapshot.network.parameters
    assert check.valid_result.check.agrees
    assert window.cards["network"].edges_show == "check"
    window.session.play()
    qtbot.waitUntil(lambda: check.valid_result is None)
    qtbot.waitUntil(lambda: window.cards["network"].edges_show == "weight")
    check.check()
    qtbot.waitUntil(lambda: window.cards["network"].edges_show == "check")
    check.close()
    assert window.cards["network"].edges_show == "weight"
    window.side_windows.open_gradient_check()
    window.close()
    assert not check.isVisible()


def test_the_reason_for_numpy_is_shown_in_the_toolbar(open_window: Opener) -> None:
    window = open_window()
    window.resize(1600, 900)
    note = window.toolbar.findChild(QLabel, "engineNote")
    assert not note.isVisible()
    sentence = "Training runs on NumPy: the compiled engine could not be loaded (no Numba)"
    window.controller.engine_note.emit(sentence)
    assert note.isVisible()
    assert note.text().startswith("Training runs on NumPy")
    assert note.toolTip() == sentence
    window.resize(1024, 680)
    assert not note.isVisible()


def test_training_like_tf_playground_is_a_setting_that_can_be_undone(qtbot: QtBot, open_window: Opener) -> None:
    window = open_window(Experiment())
    action = window.findChild(QAction, "asTFPlaygroundAction")
    assert action is not None
    window.session.edit_training("Optimizer", optimizer="adam")
    assert action.isCheckable()
    assert not action.isChecked()
    action.trigger()
    training = window.session.experiment.training
    assert (training.as_tf_playground, training.optimizer, action.isChecked()) == (True, "sgd", True)
    qtbot.waitUntil(lambda: window.session.snapshot.experiment.training.steps_like_tf_playground)
    assert "reproduces TensorFlow Playground" in window.message_bar.text
    window.session.edit_training("Optimizer", optimizer="adam")
    assert not action.isChecked(), "that program has no Adam"
    window.session.undo()
    assert action.isChecked()
    action.trigger()
    assert not action.isChecked()
    assert not window.session.experiment.training.as_tf_playground
    window.session.undo()
    window.session.undo()
    assert not action.isChecked()
    assert window.session.experiment.training.optimizer == "adam"
