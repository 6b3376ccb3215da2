"""Export figures as SVG with real text, by pyqtgraph's or Qt's writer, and as PDF.

Only recording, and pyqtgraph's writer, which reads the items of a scene, need the GUI thread.
"""

from __future__ import annotations

import re
import sys
import xml.dom.minidom
from collections.abc import Callable, Iterator
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
from playground.export.display_list import DisplayList, play
from playground.export.hidden_view import Look, export_mode, hidden_view, record, views_in
from playground.export.vector_parts import parsed, side_by_side
from playground.widgets.figure import Composite, Figure

DOTS_PER_INCH: Final = 96
"""Resolution at which one logical pixel is one dot, so that hairlines keep their relative width."""

_SVG: Final = "http://www.w3.org/2000/svg"
_XLINK: Final = "http://www.w3.org/1999/xlink"
_CREATOR: Final = "NN Playground"

_FLATTENED: Final = ("path", "polyline")
"""Shapes to whose coordinates pyqtgraph's exporter applies the transform of their group."""

_HIDDEN_GRADIENT: Final = "userSpaceGradient"


def prepare_svg(figure: Figure, look: Look) -> Callable[[], bytes]:
    """Record ``figure``, and return a function that builds its SVG, with text as text elements, on any thread.

    Raises:
        PlaygroundError: the size is out of bounds.
    """
    with hidden_view(figure, look) as view:
        if isinstance(view, Composite):
            make = _by_parts(view, view)
        elif figure.svg_route == "pyqtgraph":
            content = _by_pyqtgraph(view)
            make = lambda: content  # noqa: E731
        else:
            commands = record(view)
            make = lambda: _by_qt(commands, look)  # noqa: E731
    title = figure.figure_title
    return lambda: _completed(make(), title, look)


def prepare_pdf(figure: Figure, look: Look) -> Callable[[], bytes]:
    """Record ``figure``, and return a function that builds a PDF of one page with embedded fonts, on any thread.

    Raises:
        PlaygroundError: the size is out of bounds. The returned function raises it if the PDF cannot be written.
    """
    with hidden_view(figure, look) as view, export_mode(view, look.background):
        _use_single_lines(view)
        commands = record(view)
    title = figure.figure_title
    return lambda: _pdf(commands, title, look)


def _pdf(commands: DisplayList, title: str, look: Look) -> bytes:
    width, height = look.size
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setResolution(DOTS_PER_INCH)
    writer.setCreator(_CREATOR)
    writer.setTitle(title)
    points = QSizeF(width, height) * (72 / DOTS_PER_INCH)
    page = QPageSize(points, QPageSize.Unit.Point, "", QPageSize.SizeMatchPolicy.ExactMatch)
    writer.setPageLayout(QPageLayout(page, QPageLayout.Orientation.Portrait, QMarginsF()))
    painter = QPainter()
    if not painter.begin(writer):
        raise PlaygroundError(f"{title}: the PDF could not be written")
    try:
        if not look.transparent:
            painter.fillRect(0, 0, width, height, look.background)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        # Otherwise Qt compresses heat maps as JPEG, with visible artefacts.
        painter.setRenderHint(QPainter.RenderHint.LosslessImageRendering)
        play(commands, painter)
    finally:
        painter.end()
    return bytes(buffer.data().data())


def _by_pyqtgraph(view: QGraphicsView) -> bytes:
    _use_single_lines(view)
    with _patched_minidom():
        content: bytes = SVGExporter(view.scene()).export(toBytes=True)
    return content


def _by_parts(view: QGraphicsView, composite: Composite) -> Callable[[], bytes]:
    """Write what ``view`` paints itself, and each of its parts as a plot of its own; return a function that joins them."""
    composite.show_parts(on=False)
    parts = [(_by_pyqtgraph(part), corner.x(), corner.y()) for part, corner in composite.parts()]
    base = _by_pyqtgraph(view)
    return lambda: side_by_side(base, parts)


def _use_single_lines(view: QGraphicsView) -> None:
    """Draw each curve as one line, which can be dashed, instead of one segment per pair of points (faster on screen)."""
    for each in views_in(view):
        for item in each.scene().items():
            if isinstance(item, PlotCurveItem):
                item.setSegmentedLineMode("off")


def _by_qt(commands: DisplayList, look: Look) -> bytes:
    width, height = look.size
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    generator = QSvgGenerator()
    generator.setOutputDevice(buffer)
    generator.setResolution(DOTS_PER_INCH)
    generator.setSize(QSize(width, height))
    generator.setViewBox(QRect(0, 0, width, height))
    painter = QPainter(generator)
    try:
        play(commands, painter)
    finally:
        painter.end()
    return bytes(buffer.data().data())


class _PatchedMinidom:
    """A replacement for ``xml.dom.minidom`` that works around faults of pyqtgraph's SVG exporter.

    The exporter cannot read the ``Z`` that Qt ≥ 6.11 writes into paths. It exports each item separately, so that gradients
    of different items have equal names, and it positions a gradient relative to the item instead of the shape.
    """

    def __init__(self) -> None:
        self._items = 0

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - delegates to the module
        return getattr(xml.dom.minidom, name)

    def parseString(self, content: str | bytes) -> xml.dom.minidom.Document:
        text = content if isinstance(content, str) else content.decode()
        opened = re.sub(r' d="([^"]*)"', lambda path: f' d="{_without_close_path(path[1])}"', text)
        self._items += 1
        own = re.sub(r'(id="|url\(#)(gradient\d+)', rf"\1item{self._items}-\2", opened)
        document = xml.dom.minidom.parseString(own.encode())  # noqa: S318 - trusted: written by Qt
        _keep_gradients(document)
        return document


def _without_close_path(path: str) -> str:
    return " ".join(part for part in path.split() if part not in "Zz")


def _keep_gradients(document: xml.dom.minidom.Document) -> None:
    """Hide linear gradients from the exporter, and copy the transform of groups that it will flatten to them."""
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
def _patched_minidom() -> Iterator[None]:
    # pyqtgraph.exporters.SVGExporter is the class, which hides the module of the same name.
    module: Any = sys.modules[SVGExporter.__module__]
    original = module.xml
    module.xml = _PatchedMinidom()
    try:
        yield
    finally:
        module.xml = original


def _completed(content: bytes, title: str, look: Look) -> bytes:
    """Return the SVG with size, title, background, font and scalable strokes."""
    ET.register_namespace("", _SVG)
    ET.register_namespace("xlink", _XLINK)
    root = parsed(content)
    width, height = look.size
    root.set("width", str(width))
    root.set("height", str(height))
    root.set("viewBox", f"0 0 {width} {height}")
    # pyqtgraph's style element disables smoothing of heat maps, which are smooth on the screen.
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
    _make_strokes_scalable(root, transformed=False)
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True))


def _name_fonts(root: ET.Element, family: str) -> None:
    for element in root.iter():
        if "font-family" in element.attrib:
            element.set("font-family", f"{family}, sans-serif")


def _make_strokes_scalable(element: ET.Element, *, transformed: bool) -> None:
    """Remove ``non-scaling-stroke`` from elements that are not scaled, so that lines scale with the picture."""
    transform = element.get("transform", "")
    moves_only = transform in ("", "matrix(1,0,0,1,0,0)") or transform.startswith("translate(")
    transformed = transformed or not moves_only
    if not transformed and element.get("vector-effect") == "non-scaling-stroke":
        del element.attrib["vector-effect"]
    for child in element:
        _make_strokes_scalable(child, transformed=transformed)
