"""Write figures as SVG and as PDF, on any thread; only recording needs the GUI thread."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final
from xml.sax.saxutils import escape

from pyqtgraph import PlotCurveItem
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF, QSizeF
from PySide6.QtGui import QPageLayout, QPageSize, QPainter, QPdfWriter
from PySide6.QtWidgets import QGraphicsView

from core.errors import PlaygroundError
from core.training.origins.origin import encode
from core.training.origins.picture_origin import ATTACHMENT, svg_with_origin
from playground.export.display_list import DisplayList, play
from playground.export.hidden_view import Look, export_mode, hidden_view, record, views_in
from playground.export.pdf_identity import PLACEHOLDER, without_time
from playground.export.svg.writer import SvgDevice
from playground.widgets.figure import Figure

DOTS_PER_INCH: Final = 96
"""Resolution at which one logical pixel is one dot, so that hairlines keep their relative width."""

_CREATOR: Final = "NN Playground"


def prepare_svg(figure: Figure, look: Look) -> Callable[[], bytes]:
    """Record ``figure``, and return a function that builds its SVG on any thread.

    Raises:
        PlaygroundError: the size is out of bounds.
    """
    commands = _record(figure, look.for_svg())
    title = figure.figure_title
    return lambda: svg_of(commands, title, look)


def _record(figure: Figure, look: Look) -> DisplayList:
    with hidden_view(figure, look) as view, export_mode(view, look.background):
        use_single_lines(view)
        return record(view, look.frame(figure))


def svg_of(commands: DisplayList, title: str, look: Look) -> bytes:
    """Return the content of an SVG file that paints ``commands``."""
    width, height = look.size
    device = SvgDevice(width, height, text=look.text, family=look.family)
    painter = QPainter(device)
    try:
        play(commands, painter)
    finally:
        painter.end()
    back = "" if look.transparent else f'<rect width="100%" height="100%" fill="{look.background.name()}"/>'
    content = (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
        f' width="{width}" height="{height}" viewBox="0 0 {width} {height}">'
        f"<title>{escape(title)}</title>{back}{device.elements()}</svg>\n"
    ).encode()
    return content if look.origin is None else svg_with_origin(content, look.origin)


def prepare_pdf(figure: Figure, look: Look) -> Callable[[], bytes]:
    """Record ``figure``, and return a function that builds a PDF of one page with embedded fonts, on any thread.

    Raises:
        PlaygroundError: the size is out of bounds. The returned function raises it if the PDF cannot be written.
    """
    commands = _record(figure, look)
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
    writer.setDocumentId(PLACEHOLDER)
    if look.origin is not None:
        writer.addFileAttachment(ATTACHMENT, QByteArray(encode(look.origin)), "application/octet-stream")
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
    return without_time(bytes(buffer.data().data()))


def use_single_lines(view: QGraphicsView) -> None:
    """Draw each curve as one line, which can be dashed, instead of one segment per pair of points (faster on screen)."""
    for each in views_in(view):
        for item in each.scene().items():
            if isinstance(item, PlotCurveItem):
                item.setSegmentedLineMode("off")
