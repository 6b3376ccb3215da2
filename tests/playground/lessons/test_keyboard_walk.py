"""A whole lesson without the mouse: opened in the list, each goal reached through the controls, finished."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QSlider, QWidget
from pytestqt.qtbot import QtBot

from playground.window.main_window import MainWindow
from tests.playground.lessons.in_window import wait_until_settled

ALT = Qt.KeyboardModifier.AltModifier
MAX_STOPS = 200


def press(window: MainWindow, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(QApplication.focusWidget() or window, key, modifier)


def tab_to(window: MainWindow, name: str) -> QWidget:
    """Press Tab until the widget called ``name`` has the focus."""
    for _ in range(MAX_STOPS):
        focus = QApplication.focusWidget()
        if focus is not None and focus.objectName() == name:
            return focus
        press(window, Qt.Key.Key_Tab)
    raise AssertionError(f"the Tab key does not reach {name}")


def test_the_tour_can_be_completed_by_keyboard(open_window: Callable[..., MainWindow], qtbot: QtBot) -> None:
    window = open_window()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    manager = window.lessons
    press(window, Qt.Key.Key_F2)
    qtbot.waitUntil(lambda: manager.panel.isVisible() and bool(manager.panel.browser.rows), timeout=20_000)
    row = next(each for each in manager.panel.browser.rows if each.lesson.key == "00-tour")
    qtbot.waitUntil(lambda: QApplication.focusWidget() is row, timeout=20_000)
    press(window, Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is manager.panel.browser.rows[1]
    press(window, Qt.Key.Key_Backtab)
    press(window, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: manager.run is not None, timeout=20_000)
    wait_until_settled(window, qtbot)
    focus = QApplication.focusWidget()
    assert focus is not None
    assert focus.objectName() == "lessonScroll"
    run = manager.run
    assert run is not None

    press(window, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: run.is_reached, timeout=60_000)
    press(window, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: not window.session.playing)

    press(window, Qt.Key.Key_Right, ALT)
    qtbot.waitUntil(lambda: run.index == 1)
    press(window, Qt.Key.Key_Down, ALT)  # Show me
    qtbot.waitUntil(lambda: manager.pointing.ring.isVisible())
    slider = tab_to(window, "depthSlider")
    assert isinstance(slider, QSlider)
    for _ in range(30):
        if window.session.experiment.network.hidden[9:]:
            break
        press(window, Qt.Key.Key_Right)
    qtbot.waitUntil(lambda: run.is_reached, timeout=20_000)

    press(window, Qt.Key.Key_Right, ALT)
    qtbot.waitUntil(lambda: run.index == 2)
    combo = tab_to(window, "activationCombo")
    assert isinstance(combo, QComboBox)
    for key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
        for _ in range(combo.count()):
            if window.session.experiment.network.hidden[0].activation == "sigmoid":
                break
            press(window, key)
    qtbot.waitUntil(lambda: run.is_reached, timeout=20_000)

    press(window, Qt.Key.Key_Right, ALT)  # Finish
    qtbot.waitUntil(lambda: manager.run is None)
    manager.panel.browser.wait()
    manager.panel.formulas.wait()
