"""Drawing an exported picture has no side effects: no window is shown, no menu closed, no other events delivered."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject, QRectF
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import (
    QApplication,
    QGraphicsItem,
    QGraphicsScene,
    QGraphicsView,
    QMenu,
    QStyleOptionGraphicsItem,
    QWidget,
)
from pytestqt.qtbot import QtBot
from typing_extensions import override

from playground.export.hidden_view import Look, image_of, play_picture, record_picture
from playground.plotting.drawing.deferred import paint_deferred
from playground.style.theme import LIGHT, Style
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


class LongFigure(CurveFigure):
    """A curve with an item that takes long to paint."""

    def __init__(self) -> None:
        super().__init__()
        self.painted = 0

    @override
    def build_figure(self, style: Style) -> QGraphicsView:
        view = super().build_figure(style)
        view.scene().addItem(_Item(self._paint))
        return view

    def _paint(self, _painter: QPainter) -> None:
        self.painted += 1


class _Item(QGraphicsItem):
    def __init__(self, paint: Callable[[QPainter], None]) -> None:
        super().__init__()
        self._paint = paint

    @override
    def boundingRect(self) -> QRectF:
        return QRectF(0, 0, 100, 100)

    @override
    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        paint_deferred(painter, self._paint)


def test_recording_and_layout_do_not_paint_what_can_be_painted_later(qtbot: QtBot) -> None:
    figure, look = LongFigure(), Look((320, 180), LIGHT)
    recorded = record_picture(figure, look)
    assert figure.painted == 0
    play_picture(recorded, look)
    assert figure.painted == 1


class _Square(QGraphicsItem):
    """A square that counts how often it is painted, and moves right while it is painted, until it is at ``goal``."""

    def __init__(self, goal: float) -> None:
        super().__init__()
        self.goal, self.painted = goal, 0
        self.setPos(40.0, 60.0)

    @override
    def boundingRect(self) -> QRectF:
        return QRectF(0.0, 0.0, 20.0, 20.0)

    @override
    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem | None = None, widget: QWidget | None = None
    ) -> None:
        self.painted += 1
        painter.fillRect(self.boundingRect(), QColor("red"))
        self.setX(self.goal)


class SquareFigure(CurveFigure):
    """Nothing but a square."""

    def __init__(self, goal: float) -> None:
        super().__init__()
        self.square = _Square(goal)

    @override
    def build_figure(self, style: Style) -> QGraphicsView:
        scene = QGraphicsScene(0.0, 0.0, 320.0, 180.0)
        view = QGraphicsView(scene)
        scene.setParent(view)
        scene.addItem(self.square)
        return view


@pytest.mark.parametrize(("goal", "times"), [(40.0, 1), (200.0, 3)])
def test_a_picture_is_painted_again_only_if_that_moves_something(qtbot: QtBot, goal: float, times: int) -> None:
    figure, look = SquareFigure(goal), Look((320, 180), LIGHT, titled=False)
    image = play_picture(record_picture(figure, look), look)
    red = [x for x in range(320) if any(image.pixelColor(x, y) == QColor("red") for y in range(0, 180, 5))]
    assert red[-1] - red[0] == 19
    assert (red[0] > 180) is (goal == 200.0)
    assert figure.square.painted == times
