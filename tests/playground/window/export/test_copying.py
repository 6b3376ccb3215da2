"""Ctrl+C copies the card with the focus as picture and SVG, and Ctrl+Shift+C its data."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QSettings, Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QToolButton
from pytestqt.qtbot import QtBot

from core.training.origins.picture_origin import load_origin
from playground.export.dialog.dialog import ExportDialog
from playground.export.hidden_view import image_of
from playground.export.tables import csv_text, tabbed_text
from playground.widgets.live_card import LiveCard
from playground.window.export.export_entry import stored_look
from playground.window.main_window import MainWindow
from tests.playground.starts import Starter

Opener = Callable[..., MainWindow]
CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def window(open_window: Opener, qtbot: QtBot) -> Iterator[MainWindow]:
    opened = open_window()
    opened.activateWindow()
    qtbot.waitUntil(opened.isActiveWindow)
    QGuiApplication.clipboard().clear()
    yield opened
    QGuiApplication.clipboard().clear()


def mime() -> QMimeData:
    return QGuiApplication.clipboard().mimeData() or QMimeData()


def press_copy(window: MainWindow, qtbot: QtBot, *, data: bool = False) -> str:
    """Press Ctrl+C or Ctrl+Shift+C, and return what the message bar says then."""
    QGuiApplication.clipboard().clear()
    keys = CONTROL | Qt.KeyboardModifier.ShiftModifier if data else CONTROL
    with qtbot.waitSignal(window.session.message) as said:
        QTest.keyClick(QApplication.focusWidget() or window, Qt.Key.Key_C, keys)
    assert window.message_bar.text == said.args[0]
    return str(said.args[0])


def click_title(window: MainWindow, key: str) -> LiveCard:
    card = window.cards[key]
    title = next(each for each in card.findChildren(QLabel) if each.property("role") == "title")
    QTest.mouseClick(title, Qt.MouseButton.LeftButton)
    return card


def test_the_card_that_was_clicked_is_copied(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    card = window.cards["loss"]
    QTest.mouseClick(card.canvas.viewport(), Qt.MouseButton.LeftButton)
    assert press_copy(window, qtbot) == "Copied Loss: picture (1920 × 1080) and SVG."
    image, figure = QGuiApplication.clipboard().image(), card.figure
    assert figure is not None
    expected = image_of(figure, stored_look(window.menus.card_export._parts))
    assert image.convertToFormat(expected.format()) == expected
    svg = mime().data("image/svg+xml").data()
    assert b"<title>Loss</title>" in svg
    assert b"<text" not in svg
    png = mime().data("image/png").data()
    assert Image.open(io.BytesIO(png)).size == (1920, 1080)
    (tmp_path / "pasted.png").write_bytes(png)
    assert load_origin(tmp_path / "pasted.png").experiment == window.session.experiment


def test_ctrl_shift_c_copies_the_data(window: MainWindow, qtbot: QtBot) -> None:
    card = click_title(window, "weights")
    assert press_copy(window, qtbot, data=True).startswith("Copied Weights")
    figure = card.figure
    assert figure is not None
    assert mime().text() == tabbed_text(figure.figure_table())
    assert mime().data("text/csv").data() == csv_text(figure.figure_table()).encode()
    assert not mime().hasImage()


def test_without_a_focused_card_the_enlarged_one_is_copied(window: MainWindow, qtbot: QtBot) -> None:
    window.workspace.toggle_enlarged(window.cards["gradient"])
    window.setFocus()
    assert press_copy(window, qtbot).startswith("Copied Gradient by layer:")
    window.workspace.restore()
    window.setFocus()
    assert press_copy(window, qtbot).startswith("Copied Network:")


def test_in_a_window_of_its_own_its_card_is_copied(window: MainWindow, qtbot: QtBot) -> None:
    popped = window.workspace.pop_out(window.cards["output"])
    popped.activateWindow()
    qtbot.waitUntil(popped.isActiveWindow)
    assert press_copy(window, qtbot).startswith("Copied Output")
    popped.close()


def test_a_text_field_keeps_its_own_copy(window: MainWindow, qtbot: QtBot) -> None:
    edit = window.controls.layers._depth.value_edit
    edit.setFocus()
    edit.selectAll()
    said: list[str] = []
    window.session.message.connect(lambda sentence, _kind: said.append(sentence))
    QTest.keyClick(edit, Qt.Key.Key_C, CONTROL)
    assert mime().text() == edit.text()
    assert not mime().hasImage()
    assert said == []


def test_a_selectable_text_keeps_its_own_copy(window: MainWindow, qtbot: QtBot) -> None:
    window.message_bar.show_message("A sentence.", stays=True)
    label = window.message_bar.findChild(QLabel, "messageText")
    label.setSelection(2, 8)
    label.setFocus()
    QTest.keyClick(label, Qt.Key.Key_C, CONTROL)
    assert mime().text() == "sentence"


def test_a_card_without_content_says_so(window: MainWindow, qtbot: QtBot) -> None:
    window.session.select(None)
    inspector = window.cards["inspector"]
    assert inspector.figure is None
    inspector.setFocus()
    assert press_copy(window, qtbot) == f"{inspector.title}: there is nothing to copy yet."
    assert not mime().formats()


def test_copying_continues_while_the_network_trains(window: MainWindow, qtbot: QtBot) -> None:
    click_title(window, "loss")
    window.session.play()
    with qtbot.waitSignal(window.session.message):
        QTest.keyClick(QApplication.focusWidget() or window, Qt.Key.Key_C, CONTROL)
        step = window.session.snapshot.step
        # The picture is built on another thread, so the key press returns before it is on the clipboard.
        assert not mime().hasImage()
    assert mime().hasImage()
    qtbot.waitUntil(lambda: window.session.snapshot.step > step)


def test_the_menu_of_a_card_copies_it(window: MainWindow, qtbot: QtBot) -> None:
    card = window.cards["weights"]
    button = next(each for each in card.findChildren(QToolButton) if each.accessibleName() == f"More for {card.title}")
    entry = next(each for each in button.menu().actions() if each.text().startswith("Copy data"))
    with qtbot.waitSignal(window.session.message):
        entry.trigger()
    assert mime().text().count("\t") > 0


AT_SCALE = """
import sys
from playground.startup import prepare_environment
prepare_environment()
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from playground.app import make_application, run
from playground.session.controller import Controller
from playground.window.main_window import MainWindow

Controller.load_engine = lambda *_: None  # nothing is trained

application = make_application(["nn-playground"])

def window():
    return next(each for each in application.topLevelWidgets() if isinstance(each, MainWindow))

def copy():
    if window().session.snapshot is None:
        QTimer.singleShot(50, copy)
        return
    if not window().isActiveWindow():
        window().activateWindow()
        QTimer.singleShot(50, copy)
        return
    window().session.message.connect(look)
    window().cards["network"].setFocus()
    QTest.keyClick(window(), Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)

def look(sentence, _kind):
    image = QGuiApplication.clipboard().image()
    png = QGuiApplication.clipboard().mimeData().data("image/png").data()
    size = int.from_bytes(png[16:20], "big"), int.from_bytes(png[20:24], "big")
    print(window().devicePixelRatioF(), image.devicePixelRatio(), *image.size().toTuple(), *size)
    image.save(sys.argv[1])
    window().close()

QTimer.singleShot(50, copy)
raise SystemExit(run())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere Qt does not support copies of a process")
def test_a_fractional_screen_scale_does_not_change_the_pixels(programs: Starter, tmp_path: Path) -> None:
    contents: list[bytes] = []
    for scale in ("1", "1.25", "1.5"):
        folders = {f"XDG_{kind}_HOME": str(tmp_path / scale / kind) for kind in ("CONFIG", "DATA", "CACHE", "STATE")}
        picture = tmp_path / f"copied-{scale}.bmp"
        at_scale = {"QT_SCALE_FACTOR": scale, "QT_SCALE_FACTOR_ROUNDING_POLICY": "PassThrough"}
        start = programs.start(AT_SCALE, tmp_path, folders | at_scale, str(picture))
        assert start.wait() == 0, start.errors
        assert start.output.split() == [str(float(scale)), "1.0", "1920", "1080", "1920", "1080"]
        contents.append(picture.read_bytes())
    assert contents[0] == contents[1] == contents[2]


def test_ctrl_e_and_return_export_the_card_that_was_clicked(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    QSettings().setValue("export/folder", str(tmp_path))
    QSettings().setValue("export/format", "png")
    card = window.cards["gradient"]
    QTest.mouseClick(card.canvas.viewport(), Qt.MouseButton.LeftButton)
    said: list[str] = []

    def press_return() -> None:
        dialog = window.findChild(ExportDialog)
        QTest.keyClick(dialog, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: bool(dialog.written))
        said.append(dialog.findChild(QLabel, "exportMessage").text())
        dialog.reject()

    QTimer.singleShot(0, press_return)
    QTest.keyClick(QApplication.focusWidget() or window, Qt.Key.Key_E, CONTROL)
    assert said == [f"Saved {tmp_path / 'gradient.png'}"]
    with Image.open(tmp_path / "gradient.png") as picture:
        assert picture.size == (1920, 1080)
    QSettings().remove("export")
