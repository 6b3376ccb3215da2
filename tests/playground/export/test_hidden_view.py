"""Drawing an exported picture has no side effects: no window is shown, no menu closed, no other events delivered."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QEvent, QObject
from PySide6.QtWidgets import QApplication, QMenu, QWidget
from pytestqt.qtbot import QtBot
from typing_extensions import override

from playground.export.hidden_view import Look, image_of
from playground.style.theme import LIGHT
from tests.playground.export.figures import CurveFigure, GradientFigure

KIND = QEvent.Type(QEvent.registerEventType())


class Waiting(QObject):
    """Counts the events that reach it."""

    def __init__(self) -> None:
        super().__init__()
        self.reached = 0

    @override
    def event(self, event: QEvent) -> bool:
        self.reached += event.type() == KIND
        return True


def test_posted_events_of_others_stay_pending(qtbot: QtBot) -> None:
    other = Waiting()
    QCoreApplication.postEvent(other, QEvent(KIND))
    for figure in (CurveFigure(), GradientFigure()):
        image_of(figure, Look((320, 180), LIGHT))
    assert other.reached == 0
    QApplication.processEvents()
    assert other.reached == 1


def test_an_open_menu_stays_open(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    menu = QMenu(window)
    menu.addAction("A")
    menu.popup(window.mapToGlobal(window.rect().center()))
    qtbot.waitUntil(menu.isVisible)
    image_of(CurveFigure(), Look((320, 180), LIGHT))
    assert menu.isVisible()
    menu.close()
