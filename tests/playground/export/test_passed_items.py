"""Objects that Qt passes to the paint engines of exports are freed after use."""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Callable, Iterable

import pytest
from PySide6.QtCore import QLine, QLineF, QPoint, QPointF, QRect, QRectF
from PySide6.QtGui import QColor, QFont, QPainter, QPolygonF
from typing_extensions import override

from playground.export.display_list import Recorder
from playground.export.page_device import PageDevice, PageEngine
from playground.export.passed_items import passed
from playground.export.svg.writer import SvgDevice
from playground.widgets.guard import guarded

DEVICES = {"recorder": Recorder, "svg": SvgDevice}
CORNERS = [QPointF(5.0, 5.0), QPointF(90.0, 20.0), QPointF(50.0, 80.0)]
SHAPES: dict[str, Callable[[QPainter], object]] = {
    "line": lambda p: p.drawLine(QPointF(0.0, 0.5), QPointF(9.0, 9.0)),
    "lines": lambda p: p.drawLines([QLineF(0.0, 0.5, 9.0, 9.0), QLineF(1.0, 1.0, 5.0, 5.0)]),
    "lines in whole numbers": lambda p: p.drawLines([QLine(0, 0, 9, 9), QLine(1, 1, 5, 5)]),
    "rectangle": lambda p: p.drawRect(QRectF(1.0, 1.0, 5.5, 5.0)),
    "rectangles": lambda p: p.drawRects([QRectF(1.0, 1.0, 5.5, 5.0), QRectF(9.0, 9.0, 5.0, 5.0)]),
    "rectangle in whole numbers": lambda p: p.drawRect(QRect(1, 1, 5, 5)),
    "filled rectangle": lambda p: p.fillRect(QRectF(1.0, 1.0, 5.0, 5.0), QColor("red")),
    "points": lambda p: p.drawPoints(CORNERS),
    "points in whole numbers": lambda p: p.drawPoints([QPoint(1, 1), QPoint(2, 5)]),
    "polygon": lambda p: p.drawPolygon(QPolygonF(CORNERS)),
    "polyline": lambda p: p.drawPolyline(QPolygonF(CORNERS)),
    "underlined text": lambda p: p.drawText(QPointF(5.0, 50.0), "weights"),
}


def paint(device: PageDevice, shape: Callable[[QPainter], object]) -> None:
    font = QFont()
    font.setUnderline(True)
    with QPainter(device) as p:
        p.setFont(font)
        shape(p)


def alive() -> Counter[str]:
    gc.collect()
    kinds = (QPoint, QPointF, QLine, QLineF, QRect, QRectF)
    return Counter(type(each).__name__ for each in gc.get_objects() if type(each) in kinds)


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("shape", SHAPES)
def test_nothing_that_was_drawn_is_left_over(qapp: object, device: str, shape: str) -> None:
    def draw() -> None:
        for _ in range(10):
            paint(DEVICES[device](100, 100), SHAPES[shape])

    draw()
    before = alive()
    draw()
    assert alive() - before == Counter()


class _Keeper(PageEngine):
    """Keeps the points that it receives."""

    def __init__(self) -> None:
        super().__init__()
        self.points: list[QPointF | QPoint] = []

    @override
    @guarded
    def drawPoints(self, points: Iterable[QPointF | QPoint]) -> None:
        self.points += passed(points)


def test_points_that_an_engine_keeps_stay_alive(qapp: object) -> None:
    engine = _Keeper()
    paint(PageDevice(100, 100, engine), SHAPES["points"])
    others = [QPointF(7.0, 7.0) for _ in range(100)]
    gc.collect()
    assert engine.points == CORNERS
    assert all(each != others[0] for each in engine.points)
