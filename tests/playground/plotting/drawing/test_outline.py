"""Lines and areas look the same on the screen and in pictures, and the recorded ones are freed."""

from __future__ import annotations

import gc

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen, QPolygonF

from playground.export.display_list import Recorder, play
from playground.plotting.drawing.outline import draw_polygon, draw_polyline

POINTS = QPolygonF([QPointF(5.0, 5.0), QPointF(90.0, 20.0), QPointF(50.0, 80.0), QPointF(20.0, 60.0)])
DRAW = {"line": draw_polyline, "area": draw_polygon}


def blank() -> QImage:
    image = QImage(100, 100, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    return image


def paint(p: QPainter, shape: str) -> None:
    p.setPen(QPen(QColor("#123456"), 3.0))
    p.setBrush(QColor("#ff8800"))
    DRAW[shape](p, POINTS)


def points_alive() -> int:
    gc.collect()
    return sum(type(each) is QPointF for each in gc.get_objects())


@pytest.mark.parametrize("shape", DRAW)
def test_a_recorded_shape_looks_as_on_the_screen_and_its_points_are_freed(qapp: object, shape: str) -> None:
    shown = blank()
    with QPainter(shown) as p:
        paint(p, shape)
    recorded = Recorder(100, 100)
    before = points_alive()
    with QPainter(recorded) as p:
        for _ in range(20):
            paint(p, shape)
    assert points_alive() == before
    written = blank()
    with QPainter(written) as p:
        play(recorded.commands, p)
    assert written == shown
    assert written != blank()
