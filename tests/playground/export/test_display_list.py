"""Recorded paint commands: played later and in another thread, they paint the same as painting directly."""

from __future__ import annotations

import threading
from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QBuffer, QIODevice, QLineF, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import (
    QBrush,
    QColor,
    QImage,
    QLinearGradient,
    QPaintDevice,
    QPainter,
    QPainterPath,
    QPen,
    QPixmap,
    QPolygonF,
    QRegion,
)
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QApplication

from playground.export.display_list import Recorder, play
from playground.plotting.drawing.deferred import paint_deferred
from playground.style.resources import application_font, load_fonts

SIDE = 240


def shapes(p: QPainter) -> None:
    gradient = QLinearGradient(0, 0, 90, 0)
    gradient.setColorAt(0, QColor("#204080"))
    gradient.setColorAt(1, QColor("#E0A030"))
    p.setPen(QPen(QColor("#A02030"), 2.7, Qt.PenStyle.DashLine, Qt.PenCapStyle.RoundCap))
    p.setBrush(QBrush(gradient))
    p.drawEllipse(QRectF(10.3, 10.7, 80.1, 50.9))
    p.drawEllipse(QRect(100, 10, 40, 40))
    p.drawRects([QRectF(150.2, 10.1, 30, 20), QRectF(190.4, 10, 30, 40)])
    p.drawLines([QLineF(5.123456789, 80, 235, 91.3), QLineF(5, 100, 235, 85)])
    p.drawPoints([QPointF(20, 120), QPointF(40.5, 120.5)])
    star = QPolygonF([QPointF(100, 110), QPointF(130, 190), QPointF(70, 140), QPointF(130, 140), QPointF(70, 190)])
    p.drawPolygon(star)
    p.translate(90, 0)
    p.drawPolygon(star, Qt.FillRule.WindingFill)
    p.drawPolyline(star.translated(-170, 20))
    path = QPainterPath(QPointF(0, 200))
    path.cubicTo(30, 150, 60, 250, 120, 210)
    p.drawPath(path)


def states(p: QPainter) -> None:
    p.save()
    p.setClipRect(QRectF(20, 20, 120, 120))
    p.rotate(11)
    round_path = QPainterPath()
    round_path.addEllipse(40, 10, 140, 90)
    p.setClipPath(round_path, Qt.ClipOperation.IntersectClip)
    p.fillRect(QRectF(0, 0, SIDE, SIDE), QColor("#3070C0"))
    p.restore()
    p.setOpacity(0.4)
    p.fillRect(QRectF(100, 100, 80, 80), QColor("#D05030"))
    p.setOpacity(1.0)
    p.setClipRegion(QRegion(150, 5, 60, 60) - QRegion(170, 20, 10, 10))
    p.fillRect(QRectF(0, 0, SIDE, SIDE), QColor("#30A050"))
    p.setClipping(False)
    p.setCompositionMode(QPainter.CompositionMode.CompositionMode_Multiply)
    p.fillRect(QRectF(120, 30, 60, 200), QColor("#E0E070"))
    p.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
    p.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
    p.drawLine(QPointF(0, 230), QPointF(SIDE, 200))
    texture = QPixmap(8, 8)
    texture.fill(QColor("#8040A0"))
    p.fillRect(QRectF(10, 150, 60, 60), QBrush(texture))


def images(p: QPainter) -> None:
    pixels = np.random.default_rng(1).integers(0, 2**32, (32, 16), dtype=np.uint32)
    image = QImage(pixels.data, 16, 32, 64, QImage.Format.Format_RGB32)
    p.drawImage(QRectF(10, 10, 90, 60.5), image, QRectF(0, 16, 16, 16))
    p.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    p.drawImage(QRectF(120, 10, 90, 90), image)
    pixmap = QPixmap(20, 20)
    pixmap.setDevicePixelRatio(2.0)
    pixmap.fill(QColor(200, 30, 60, 77))
    p.drawPixmap(QPointF(20.5, 120.0), pixmap)
    tile = QPixmap(20, 20)
    tile.fill(QColor(30, 60, 200, 77))
    p.drawTiledPixmap(QRectF(100, 120, 64, 48), tile)
    pixels[:] = 0  # the array may change once the figure is painted


def texts(p: QPainter) -> None:
    p.setFont(application_font(17, family="Inter"))
    p.drawText(QPointF(10.25, 40), "∂L/∂W₁ = −0.42")
    p.setPen(QColor("#2060B0"))
    p.drawText(QRectF(0, 50, SIDE, 40), Qt.AlignmentFlag.AlignCenter, "Gradient · 0.5")
    p.translate(40, 220)
    p.rotate(-90)
    p.drawText(QPointF(0, 0), "Loss")


Draw = Callable[[QPainter], None]
FIGURES = [shapes, states, images, texts]


def painted_on(device: QPaintDevice, draw: Draw) -> None:
    painter = QPainter(device)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    draw(painter)
    painter.end()


def recorded(draw: Draw) -> Draw:
    recorder = Recorder(SIDE, SIDE)
    painted_on(recorder, draw)
    commands = recorder.commands
    return lambda painter: play(commands, painter)


def as_image(draw: Draw) -> QImage:
    image = QImage(SIDE, SIDE, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(QColor("#FFFFFF"))
    painted_on(image, draw)
    return image


def as_svg(draw: Draw) -> str:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    generator = QSvgGenerator()
    generator.setOutputDevice(buffer)
    generator.setSize(QSize(SIDE, SIDE))
    painted_on(generator, draw)
    return bytes(buffer.data().data()).decode()


@pytest.mark.parametrize("draw", FIGURES)
def test_playing_paints_the_same_pixels_in_another_thread(qapp: QApplication, draw: Draw) -> None:
    load_fonts()
    commands, made = recorded(draw), list[QImage]()
    thread = threading.Thread(target=lambda: made.append(as_image(commands)))
    thread.start()
    thread.join()
    direct = as_image(draw)
    assert made[0] == direct
    assert direct != as_image(lambda _painter: None)


@pytest.mark.parametrize("draw", [shapes, texts])
def test_shapes_and_text_stay_what_they_are_in_a_vector_picture(qapp: QApplication, draw: Draw) -> None:
    load_fonts()
    direct, played = as_svg(draw), as_svg(recorded(draw))
    for element in ("<text", "<rect", "<circle", "<ellipse", "<polyline", "<path"):
        assert played.count(element) == direct.count(element)
    assert len(played) <= len(direct)


def partly_deferred(p: QPainter) -> None:
    def middle(q: QPainter) -> None:
        q.setPen(QPen(QColor("#A02030"), 3.0))
        q.setBrush(QColor("#30A050"))
        q.drawEllipse(QRectF(20, 20, 120, 90))
        q.translate(40, 60)
        q.drawRect(QRectF(0, 0, 50, 50))

    p.fillRect(QRectF(0, 0, 100, 100), QColor("#E0E070"))
    p.translate(30, 10)
    p.rotate(7)
    p.setClipRect(QRectF(0, 0, 150, 150))
    p.setPen(QPen(QColor("#2060B0"), 5.0))
    p.save()
    paint_deferred(p, middle)
    p.restore()
    p.drawLine(QPointF(0, 0), QPointF(150, 90))
    p.drawRect(QRectF(60, 60, 80, 30))


def test_what_is_painted_later_is_at_its_place_among_the_commands(qapp: QApplication) -> None:
    assert as_image(recorded(partly_deferred)) == as_image(partly_deferred)


def test_what_can_be_painted_later_is_painted_by_the_thread_that_plays(qapp: QApplication) -> None:
    threads: list[int] = []
    commands = recorded(lambda p: paint_deferred(p, lambda _q: threads.append(threading.get_ident())))
    assert threads == []
    thread = threading.Thread(target=lambda: as_image(commands))
    thread.start()
    thread.join()
    assert len(threads) == 1
    assert threads != [threading.get_ident()]


def test_the_recorder_has_the_resolution_of_an_image(qapp: QApplication) -> None:
    recorder, image = Recorder(SIDE, 100), QImage(SIDE, 100, QImage.Format.Format_RGB32)
    assert (recorder.width(), recorder.height()) == (SIDE, 100)
    assert (recorder.logicalDpiX(), recorder.logicalDpiY()) == (image.logicalDpiX(), image.logicalDpiY())
    assert recorder.devicePixelRatioF() == 1.0
