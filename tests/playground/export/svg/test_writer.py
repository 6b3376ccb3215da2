"""SVGs look like the painted picture, and use only features that other programs support."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QByteArray, QPointF, QRectF, Qt
from PySide6.QtGui import (
    QBrush,
    QColor,
    QImage,
    QLinearGradient,
    QPainter,
    QPainterPath,
    QPen,
    QPolygonF,
    QRadialGradient,
)
from PySide6.QtSvg import QSvgRenderer

from playground.export.export import export_figure
from playground.export.hidden_view import Look
from playground.export.svg.writer import SvgDevice
from playground.export.vector import prepare_svg
from playground.plotting.drawing.deferred import PolygonWriter
from playground.style.resources import application_font
from playground.style.theme import LIGHT
from tests.playground.export.figures import CurveFigure, SceneFigure
from tests.playground.pixels import rgba

pytestmark = pytest.mark.usefixtures("fonts")

WIDTH, HEIGHT = 240, 160
Paint = Callable[[QPainter], None]


def svg_of(paint: Paint, **choices: str) -> str:
    device = SvgDevice(WIDTH, HEIGHT, **choices)  # type: ignore[arg-type]
    painter = QPainter(device)
    paint(painter)
    painter.end()
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
        f' width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}">{device.elements()}</svg>'
    )


def blank() -> QImage:
    image = QImage(WIDTH, HEIGHT, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    return image


def painted(paint: Paint) -> QImage:
    image = blank()
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    paint(painter)
    painter.end()
    return image


def rendered(svg: str) -> QImage:
    image = blank()
    renderer = QSvgRenderer(QByteArray(svg.encode()))
    assert renderer.isValid()
    painter = QPainter(image)
    renderer.render(painter)
    painter.end()
    return image


def differing(a: QImage, b: QImage) -> float:
    """Return the share of pixels that differ visibly."""
    return float((np.abs(rgba(a) - rgba(b)).max(axis=-1) > 60).mean())


def dashes(p: QPainter) -> None:
    pen = QPen(QColor("#123456"), 6.0)
    pen.setDashPattern([3.0, 2.0])
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    p.setPen(pen)
    p.drawLine(QPointF(10, 20), QPointF(230, 60))


def cosmetic_lines(p: QPainter) -> None:
    pen = QPen(QColor("red"), 3.0)
    pen.setCosmetic(True)
    p.translate(20, 130)
    p.scale(200.0, -100.0)
    p.setPen(pen)
    p.drawPolyline([QPointF(0, 0), QPointF(0.5, 1), QPointF(1, 0.2)])


def clips(p: QPainter) -> None:
    p.setClipRect(QRectF(20, 20, 100, 100))
    p.fillRect(QRectF(0, 0, 90, 90), QColor("blue"))
    p.save()
    inner = QPainterPath()
    inner.addEllipse(QPointF(90, 90), 40, 40)
    p.setClipPath(inner, Qt.ClipOperation.IntersectClip)
    p.fillRect(QRectF(0, 0, WIDTH, HEIGHT), QColor("orange"))
    p.restore()
    p.fillRect(QRectF(100, 20, 100, 10), QColor("green"))
    p.setClipping(False)
    p.fillRect(QRectF(180, 100, 40, 40), QColor("black"))


def gradients(p: QPainter) -> None:
    p.setPen(Qt.PenStyle.NoPen)
    p.translate(10, 10)
    linear = QLinearGradient(0, 0, 100, 0)
    linear.setColorAt(0, QColor("red"))
    linear.setColorAt(1, QColor("blue"))
    p.setBrush(QBrush(linear))
    p.drawRect(QRectF(0, 0, 100, 60))
    radial = QRadialGradient(170, 70, 50)
    radial.setColorAt(0, QColor("white"))
    radial.setColorAt(1, QColor("black"))
    p.setBrush(QBrush(radial))
    p.drawEllipse(QPointF(170, 70), 50, 50)


def transparency(p: QPainter) -> None:
    p.setPen(Qt.PenStyle.NoPen)
    p.setBrush(QColor(255, 0, 0, 128))
    p.drawRect(QRectF(10, 10, 100, 100))
    p.setOpacity(0.5)
    p.setBrush(QColor("blue"))
    p.drawEllipse(QRectF(60, 40, 120, 100))


def holes(p: QPainter) -> None:
    path = QPainterPath()
    path.addRect(QRectF(20, 20, 120, 120))
    path.addRect(QRectF(50, 50, 60, 60))
    p.setBrush(QColor("green"))
    p.drawPath(path)
    p.setBrush(QColor("orange"))
    p.drawPolygon([QPointF(150, 20), QPointF(230, 140), QPointF(160, 150)])


def formula(p: QPainter) -> None:
    """Paint as formulas are painted: shapes without a line, in a picture that is enlarged."""
    shapes = '<path d="M0 0h4v3h-4z" fill="#123456"/><path d="M6 0v6" stroke="#654321" fill="none"/>'
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 16">{shapes}</svg>'
    QSvgRenderer(QByteArray(svg.encode())).render(p, QRectF(0, 0, WIDTH, HEIGHT))


def small_image(p: QPainter) -> None:
    image = QImage(4, 2, QImage.Format.Format_RGB32)
    for x in range(4):
        for y in range(2):
            image.setPixelColor(x, y, QColor("black" if (x + y) % 2 else "#FFCC00"))
    p.drawImage(QRectF(20, 20, 200, 100), image)


@pytest.mark.parametrize(
    "paint", [dashes, cosmetic_lines, gradients, transparency, holes, formula, small_image], ids=lambda p: p.__name__
)
def test_the_svg_looks_like_the_painted_picture(paint: Paint) -> None:
    assert differing(painted(paint), blank()) > 0.01
    assert differing(painted(paint), rendered(svg_of(paint))) < 0.004


def test_elements_are_inside_the_clips_that_cut_them() -> None:
    """Qt's renderer ignores clips, so they are looked up."""
    root = ET.fromstring(svg_of(clips))
    named = {f"url(#{each.get('id')})": each[0].get("d", "") for each in root.iter() if each.tag.endswith("clipPath")}
    clipped = {
        path.get("fill"): named[group.get("clip-path", "")]
        for group in root.iter()
        if group.get("clip-path")
        for path in group
    }
    square = "M20,20L120,20L120,120L20,120"
    assert clipped["#0000ff"].startswith(square)
    assert clipped["#008000"].startswith(square)
    bounds = [tuple(map(float, pair)) for pair in re.findall(r"(-?[\d.]+),(-?[\d.]+)", clipped["#ffa500"])]
    assert "C" in clipped["#ffa500"]
    assert (min(x for x, _ in bounds), max(x for x, _ in bounds)) == pytest.approx((50, 120), abs=0.5)
    assert "#000000" not in clipped


def words(p: QPainter) -> None:
    p.setFont(application_font(20))
    p.setPen(QColor("black"))
    p.drawText(QPointF(10, 40), "φ′ ≤ 1/4 & ∂L/∂W < 5")
    p.translate(30, 150)
    p.rotate(-90)
    p.drawText(QPointF(0, 0), "loss")


def test_a_line_of_text_is_one_element_even_with_several_fonts() -> None:
    root = ET.fromstring(svg_of(words))
    texts = [element.text for element in root.iter() if element.tag.endswith("text")]
    assert texts == ["φ′ ≤ 1/4 & ∂L/∂W < 5", "loss"]


def test_outlines_contain_no_text_and_look_the_same() -> None:
    svg = svg_of(words, text="outlines")
    assert "<text" not in svg
    assert differing(painted(words), blank()) > 0.01
    assert differing(painted(words), rendered(svg)) < 0.01


FORBIDDEN = (
    r"<style",
    r"class=",
    r"style=",
    r"@font-face",
    r"url\(http",
    r"textLength",
    r"letter-spacing",
    r"\bnan\b",
    r"\binf\b",
)


@pytest.mark.parametrize("figure", [CurveFigure(), SceneFigure()], ids=lambda figure: figure.figure_key)
@pytest.mark.parametrize("text", ["text", "outlines"])
def test_svgs_avoid_what_other_programs_misread(figure: CurveFigure | SceneFigure, text: str) -> None:
    svg = prepare_svg(figure, Look((960, 540), LIGHT, text=text))().decode()  # type: ignore[arg-type]
    for pattern in FORBIDDEN:
        assert not re.search(pattern, svg), pattern
    assert ("<text" in svg) == (text == "text")


def test_equal_figures_give_equal_bytes(tmp_path: Path) -> None:
    for name in ("a.svg", "b.svg"):
        export_figure(CurveFigure(), tmp_path / name, size=(400, 300))
    assert (tmp_path / "a.svg").read_bytes() == (tmp_path / "b.svg").read_bytes()


def shapes(elements: str) -> list[dict[str, str]]:
    """Return the attributes of each path, with those of the groups around it; how a triangle is filled does not matter."""
    found: list[dict[str, str]] = []

    def collect(element: ET.Element, inherited: dict[str, str]) -> None:
        attributes = {**inherited, **element.attrib}
        attributes.pop("fill-rule", None)
        if element.tag == "path":
            found.append(attributes)
        for child in element:
            collect(child, attributes)

    collect(ET.fromstring(f"<svg>{elements}</svg>"), {})
    return found


@pytest.mark.parametrize("angle", [0.0, 30.0])
def test_many_polygons_are_written_as_those_drawn_one_by_one(angle: float) -> None:
    polygons = [
        (QPolygonF([QPointF(k, 0.0), QPointF(k + 9.5, 1.0), QPointF(k + 5.0, 8.25)]), QColor(10 * k, 90, 200, 255 - k))
        for k in range(12)
    ]
    written = []
    for at_once in (True, False):
        device = SvgDevice(100, 60)
        painter = QPainter(device)
        painter.translate(3.0, 4.5)
        painter.rotate(angle)
        painter.setClipRect(QRectF(0.0, 0.0, 20.0, 20.0))
        painter.setPen(QPen(QColor("red"), 0.5))
        painter.drawLine(0, 0, 5, 5)
        painter.setPen(QPen(QColor("navy"), 1.5))
        if at_once:
            assert isinstance(device, PolygonWriter)
            device.write_polygons(painter, polygons)
        else:
            for polygon, colour in polygons:
                painter.setBrush(colour)
                painter.drawPolygon(polygon)
        painter.setBrush(QColor("green"))
        painter.drawRect(QRectF(1.0, 1.0, 4.0, 4.0))
        painter.end()
        written.append(device.elements())
    assert shapes(written[0]) == shapes(written[1])
    assert len(written[0]) < 0.7 * len(written[1]), "the line is described once"
    assert written[0].count("Z") >= 13
