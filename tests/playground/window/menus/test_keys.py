"""The space bar plays regardless of the focus, except in text fields; Return activates the focused control."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QComboBox, QLineEdit, QPushButton, QSlider, QSpinBox, QWidget
from pytestqt.qtbot import QtBot

from playground.session.selection import Selection
from playground.window.main_window import MainWindow

Opener = Callable[..., MainWindow]


@pytest.fixture
def window(open_window: Opener, qtbot: QtBot) -> MainWindow:
    opened = open_window()
    opened.activateWindow()
    qtbot.waitUntil(opened.isActiveWindow)
    return opened


def press(key: Qt.Key) -> None:
    focused = QApplication.focusWidget()
    assert focused is not None
    QTest.keyClick(focused, key)


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        (QPushButton, "exportButton"),
        (QPushButton, "moreTrainingLink"),
        (QPushButton, "gradientEdgesButton"),
        (QComboBox, "activationCombo"),
        (QComboBox, "datasetCombo"),
        (QSlider, "depthSlider"),
        (QWidget, "networkCanvas"),
    ],
)
def test_space_plays_and_pauses_regardless_of_the_focus(window: MainWindow, kind: type[QWidget], name: str) -> None:
    widget = window.findChild(kind, name)
    assert widget is not None
    exports: list[object] = []
    window.toolbar.export_requested.disconnect()
    window.toolbar.export_requested.connect(lambda: exports.append(None))
    for playing in (True, False):
        widget.setFocus()
        press(Qt.Key.Key_Space)
        assert window.session.playing is playing
    assert exports == []
    assert QApplication.activePopupWidget() is None


def test_space_after_choosing_in_a_menu_does_not_open_it_again(window: MainWindow) -> None:
    combo = window.findChild(QComboBox, "activationCombo")
    combo.setFocus()
    combo.showPopup()
    QTest.keyClick(combo.view(), Qt.Key.Key_Down)
    QTest.keyClick(combo.view(), Qt.Key.Key_Return)
    assert QApplication.activePopupWidget() is None
    press(Qt.Key.Key_Space)
    assert QApplication.activePopupWidget() is None
    assert window.session.playing


def test_space_is_typed_in_text_fields(window: MainWindow, qtbot: QtBot) -> None:
    edit = window.controls.layers._depth.value_edit
    edit.setFocus()
    assert isinstance(QApplication.focusWidget(), QLineEdit)
    press(Qt.Key.Key_Space)
    assert not window.session.playing
    assert edit.text() == " "
    window.session.select(Selection("weight", 0, 0, 0))
    qtbot.waitUntil(lambda: window.findChild(QSpinBox, "inspectorSampleBox") is not None)
    box = window.findChild(QSpinBox, "inspectorSampleBox")
    box.setFocus()
    QTest.keyClick(box, Qt.Key.Key_Space)
    assert not window.session.playing


def test_space_plays_in_a_window_of_its_own(window: MainWindow, qtbot: QtBot) -> None:
    popped = window.workspace.pop_out(window.cards["loss"])
    popped.activateWindow()
    qtbot.waitUntil(popped.isActiveWindow)
    QTest.keyClick(popped, Qt.Key.Key_Space)
    assert window.session.playing
    popped.close()


def test_return_presses_the_button_and_opens_the_menu(window: MainWindow) -> None:
    link = window.findChild(QPushButton, "moreTrainingLink")
    link.setFocus()
    press(Qt.Key.Key_Return)
    assert link.isChecked()
    box = window.findChild(QCheckBox, "shuffleCheck")
    before = box.isChecked()
    box.setFocus()
    press(Qt.Key.Key_Return)
    assert box.isChecked() is not before
    combo = window.findChild(QComboBox, "optimizerCombo")
    combo.setFocus()
    press(Qt.Key.Key_Return)
    assert QApplication.activePopupWidget() is combo.view().window()
    combo.hidePopup()


def test_tab_reaches_what_is_built_after_the_first_frame_where_it_is_shown(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: window.findChild(QCheckBox, "shuffleCheck") is not None)
    more = window.findChild(QPushButton, "moreTrainingLink")
    assert more is not None
    more.click()
    more.setFocus()
    reached = []
    for _ in range(6):
        press(Qt.Key.Key_Tab)
        focused = QApplication.focusWidget()
        assert focused is not None
        reached.append(focused.objectName())
    below = ["lossCombo", "l1Slider", "clipNormSlider", "dropoutScalingCombo", "shuffleCheck"]
    assert reached == [*below, "activationCombo"]
