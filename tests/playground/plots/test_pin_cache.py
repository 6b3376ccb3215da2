"""Pinned runs whose look has not changed are drawn from a cached pixmap, which is fast."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QImage, QPainter
from pytestqt.qtbot import QtBot

from playground.plotting.canvas.canvas import Area, Canvas
from playground.plotting.canvas.pin_legend import MIN_NAME_WIDTH, paint_pin_legend
from playground.plotting.drawing.pencil import elided
from playground.plotting.pins.ghosts import Cached
from playground.style.theme import LIGHT, Style


class Counter:
    """Paints a line and counts how often."""

    def __init__(self) -> None:
        self.calls = 0

    def paint(self, p: QPainter) -> None:
        self.calls += 1
        p.setPen(QColor("#B03F6E"))
        p.drawLine(QPointF(30, 25), QPointF(70, 61))


def drawn(cached: Cached, counter: Counter, key: object, *, still: bool = False) -> QImage:
    image = QImage(100, 80, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    area = Area(QRectF(20, 20, 60, 50), (0.0, 1.0), (0.0, 1.0), still)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    cached.paint(painter, area, key, counter.paint)
    painter.end()
    return image


def test_only_changed_pins_are_drawn_again(qtbot: QtBot) -> None:
    cached, counter = Cached(), Counter()
    first = drawn(cached, counter, "a")
    second = drawn(cached, counter, "a")
    assert counter.calls == 2  # at once, then into the pixmap
    third = drawn(cached, counter, "a")
    assert counter.calls == 2
    assert first == second == third
    drawn(cached, counter, "b")
    assert counter.calls == 3
    drawn(cached, counter, "b")
    drawn(cached, counter, "b")
    assert counter.calls == 4


def test_exported_pictures_consist_of_shapes(qtbot: QtBot) -> None:
    cached, counter = Cached(), Counter()
    for number in range(1, 4):
        drawn(cached, counter, "a", still=True)
        assert counter.calls == number


def test_the_names_of_pins_are_drawn_once(qtbot: QtBot) -> None:
    style = Style(LIGHT)
    canvas = Canvas(style)
    qtbot.addWidget(canvas)
    canvas.resize(240, 160)
    canvas.arrange(style, left=30, bottom=20)
    canvas.set_legend((("ReLU", 0), ("sigmoid", 1)), style)
    with qtbot.waitExposed(canvas):
        canvas.show()
    pictures = [canvas.grab().toImage() for _ in range(3)]
    assert pictures[0] == pictures[1] == pictures[2]
    canvas.set_legend((("tanh", 0), ("sigmoid", 1)), style)
    renamed = [canvas.grab().toImage() for _ in range(3)]
    assert renamed[0] == renamed[1] == renamed[2]
    assert renamed[0] != pictures[0]
    canvas.set_legend((), style)
    assert canvas.grab().toImage() != renamed[0]


def test_shortened_names_that_differ_at_the_end_are_distinct(fonts: None) -> None:
    def picture(ending: str) -> QImage:
        image = QImage(100, 20, QImage.Format.Format_RGB32)
        image.fill(QColor("white"))
        painter = QPainter(image)
        paint_pin_legend(painter, QRectF(0, 0, 100, 20), ((f"the first hidden layer: {ending}", 0),), Style(LIGHT))
        painter.end()
        return image

    assert picture("sigmoid") == picture("sigmoid") != picture("ReLU")


def test_names_are_counted_where_they_could_not_show_both_ends(fonts: None) -> None:
    style = Style(LIGHT)
    for name in ("hidden 1: ReLU", "hidden 1: WWW", "mmmmmmmmmm"):
        assert len(elided(style, name, MIN_NAME_WIDTH, in_the_middle=True).strip("…")) >= 2
