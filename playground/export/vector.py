"""Vector pictures: SVG with real text, by the route that is right for the kind of figure, and PDF."""

from __future__ import annotations

import re
import sys
import xml.dom.minidom
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final
from xml.etree import ElementTree as ET

from pyqtgraph import PlotCurveItem
from pyqtgraph.exporters.SVGExporter import SVGExporter
from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, QRect, QSize, QSizeF
from PySide6.QtGui import QPageLayout, QPageSize, QPainter, QPdfWriter
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QGraphicsView

from core.errors import PlaygroundError
from playground.export.hidden_view import Look, export_mode, hidden_view, render
from playground.widgets.figure import Figure

DOTS_PER_INCH: Final = 96
"""One logical pixel is one dot, so that hairlines and pixel sizes keep their proportion."""

_SVG: Final = "http://www.w3.org/2000/svg"
_XLINK: Final = "http://www.w3.org/1999/xlink"
_CREATOR: Final = "NN Playground"

_FLATTENED: Final = ("path", "polyline")
"""Shapes into whose coordinates pyqtgraph's exporter puts the transform of their group."""

_HIDDEN_GRADIENT: Final = "userSpaceGradient"


def svg_of(figure: Figure, look: Look) -> bytes:
    """Return ``figure`` as SVG with text as text.

    Raises:
        PlaygroundError: the size is out of bounds.
    """
    with hidden_view(figure, look) as view:
        content = _by_pyqtgraph(view) if figure.svg_route == "pyqtgraph" else _by_qt(view)
    return _finished(content, figure.figure_title, look)


def pdf_of(figure: Figure, look: Look) -> bytes:
    """Return ``figure`` as a PDF of one page, fonts embedded.

    Raises:
        PlaygroundError: the size is out of bounds.
    """
    width, height = look.size
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    with hidden_view(figure, look) as view, export_mode(view, look.background):
        writer = QPdfWriter(buffer)
        writer.setResolution(DOTS_PER_INCH)
        writer.setCreator(_CREATOR)
        writer.setTitle(figure.figure_title)
        points = QSizeF(width, height) * (72 / DOTS_PER_INCH)
        page = QPageSize(points, QPageSize.Unit.Point, "", QPageSize.SizeMatchPolicy.ExactMatch)
        writer.setPageLayout(QPageLayout(page, QPageLayout.Orientation.Portrait, QMarginsF()))
        _join_lines(view)
        painter = QPainter()
        if not painter.begin(writer):
            raise PlaygroundError(f"{figure.figure_title}: the PDF could not be begun")
        try:
            if not look.transparent:
                painter.fillRect(0, 0, width, height, look.background)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            # Otherwise heat maps become JPEG, with its shadows around every edge.
            painter.setRenderHint(QPainter.RenderHint.LosslessImageRendering)
            render(view, painter)
        finally:
            painter.end()
    return bytes(buffer.data().data())


def _by_pyqtgraph(view: QGraphicsView) -> bytes:
    _join_lines(view)
    with _repaired_xml():
        content: bytes = SVGExporter(view.scene()).export(toBytes=True)
    return content


def _join_lines(view: QGraphicsView) -> None:
    """Let a curve be one line that can be picked and dashed, not a piece for each pair of points (faster on screen)."""
    for item in view.scene().items():
        if isinstance(item, PlotCurveItem):
            item.setSegmentedLineMode("off")


def _by_qt(view: QGraphicsView) -> bytes:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    generator = QSvgGenerator()
    generator.setOutputDevice(buffer)
    generator.setResolution(DOTS_PER_INCH)
    generator.setSize(QSize(view.width(), view.height()))
    generator.setViewBox(QRect(0, 0, view.width(), view.height()))
    painter = QPainter(generator)
    try:
        render(view, painter)
    finally:
        painter.end()
    return bytes(buffer.data().data())


class _RepairedXml:
    """``xml.dom.minidom`` for pyqtgraph's exporter, with what Qt writes made so that the exporter keeps it right.

    The exporter cannot read the ``Z`` that Qt ≥ 6.11 writes into paths. It draws each item by itself, so that the gradients
    of two items have the same names; and it measures a gradient against its item instead of the shape that it fills.
    """

    def __init__(self) -> None:
        self._items = 0

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - passes on whatever the module has
        return getattr(xml.dom.minidom, name)

    def parseString(self, content: str | bytes) -> xml.dom.minidom.Document:
        text = content if isinstance(content, str) else content.decode()
        opened = re.sub(r' d="([^"]*)"', lambda path: f' d="{_without_closing(path[1])}"', text)
        self._items += 1
        own = re.sub(r'(id="|url\(#)(gradient\d+)', rf"\1item{self._items}-\2", opened)
        document = xml.dom.minidom.parseString(own.encode())  # noqa: S318 - Qt wrote it a moment ago
        _keep_gradients(document)
        return document


def _without_closing(path: str) -> str:
    return " ".join(part for part in path.split() if part not in "Zz")


def _keep_gradients(document: xml.dom.minidom.Document) -> None:
    """Hide linear gradients from the exporter, and let them follow shapes whose group it will flatten."""
    gradients = document.getElementsByTagName("linearGradient") + document.getElementsByTagName("radialGradient")
    known = {gradient.getAttribute("id"): gradient for gradient in gradients}
    for group in document.getElementsByTagName("g"):
        used = re.fullmatch(r"url\(#(.*)\)", group.getAttribute("fill"))
        shapes = [child.tagName for child in group.childNodes if isinstance(child, xml.dom.minidom.Element)]
        if used and used[1] in known and shapes and shapes[-1] in _FLATTENED and group.hasAttribute("transform"):
            known[used[1]].setAttribute("gradientTransform", group.getAttribute("transform"))
    for gradient in known.values():
        if gradient.tagName == "linearGradient":
            gradient.tagName = gradient.nodeName = _HIDDEN_GRADIENT


@contextmanager
def _repaired_xml() -> Iterator[None]:
    # The package gives the module's name to the class in it.
    module: Any = sys.modules[SVGExporter.__module__]
    original = module.xml
    module.xml = _RepairedXml()
    try:
        yield
    finally:
        module.xml = original


def _finished(content: bytes, title: str, look: Look) -> bytes:
    """Return the SVG with size, title, background and font named, and strokes that grow with the picture."""
    ET.register_namespace("", _SVG)
    ET.register_namespace("xlink", _XLINK)
    root = ET.fromstring(content)  # noqa: S314 - made above
    width, height = look.size
    root.set("width", str(width))
    root.set("height", str(height))
    root.set("viewBox", f"0 0 {width} {height}")
    # The style is pyqtgraph's: it would show heat maps as blocks, where the picture on the screen is smooth.
    for child in list(root):
        if child.tag in {f"{{{_SVG}}}{name}" for name in ("title", "desc", "style")} or child.get("width") == "100%":
            root.remove(child)
    for gradient in root.iter(f"{{{_SVG}}}{_HIDDEN_GRADIENT}"):
        gradient.tag = f"{{{_SVG}}}linearGradient"
    if not look.transparent:
        root.insert(
            0,
            ET.Element(f"{{{_SVG}}}rect", {"width": "100%", "height": "100%", "fill": look.background.name()}),
        )
    heading = ET.Element(f"{{{_SVG}}}title")
    heading.text = title
    root.insert(0, heading)
    _name_fonts(root, look.family)
    _let_strokes_grow(root, moved=False)
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True))


def _name_fonts(root: ET.Element, family: str) -> None:
    for element in root.iter():
        if "font-family" in element.attrib:
            element.set("font-family", f"{family}, sans-serif")


def _let_strokes_grow(element: ET.Element, *, moved: bool) -> None:
    """Remove ``non-scaling-stroke`` where coordinates are the picture's own: a slide that scales it scales its lines."""
    moved = moved or element.get("transform", "matrix(1,0,0,1,0,0)") != "matrix(1,0,0,1,0,0)"
    if not moved and element.get("vector-effect") == "non-scaling-stroke":
        del element.attrib["vector-effect"]
    for child in element:
        _let_strokes_grow(child, moved=moved)
