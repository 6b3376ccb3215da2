"""Find the text in an exported picture, and which of it is truncated or covered by other text."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QFont, QFontMetricsF, QPaintEngineState, QPainter, QTextItem, QTransform

from playground.export.hidden_view import Look, export_mode, hidden_view, render
from playground.export.page_device import TRANSFORM, PageDevice, PageEngine
from playground.widgets.figure import Figure

SLACK = 2.0
"""Pixels by which letters may overlap or stand out."""


class Text(Struct, frozen=True):
    """A piece of text: its words, the rectangle of its letters, and the size of its font in pixels."""

    words: str
    rect: QRectF
    pixels: float


class _Reader(PageEngine):
    """Keeps the text that is painted, and nothing else."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[Text] = []
        self._transform = QTransform()

    def updateState(self, state: QPaintEngineState) -> None:
        if state.state().value & TRANSFORM:
            self._transform = state.transform()

    def drawTextItem(self, p: QPointF, textItem: QTextItem) -> None:  # type: ignore[override]
        font, words = QFont(textItem.font()), textItem.text()
        if words.strip():
            rect = QFontMetricsF(font).tightBoundingRect(words).translated(QPointF(p))
            scale = (self._transform.m11() ** 2 + self._transform.m12() ** 2) ** 0.5
            self.texts.append(Text(words, self._transform.mapRect(rect), font.pixelSize() * scale))


def _ignore(_engine: _Reader, *_arguments: object) -> None:
    """Draw nothing."""


for _shape in ("Path", "Ellipse", "Lines", "Rects", "Points", "Polygon", "Image"):
    setattr(_Reader, f"draw{_shape}", _ignore)


def texts_of(figure: Figure, look: Look) -> list[Text]:
    """Return all text of ``figure`` in ``look``."""
    with hidden_view(figure, look) as view, export_mode(view, look.background):
        frame, reader = look.frame(figure), _Reader()
        device = PageDevice(*frame.size, reader)
        painter = QPainter(device)
        try:
            frame.paint(painter)
            render(view, painter, frame.inner.topLeft())
        finally:
            painter.end()
    return reader.texts


def misplaced(texts: Iterable[Text], size: tuple[int, int]) -> list[str]:
    """Return a sentence for each text that leaves a picture of ``size`` or covers another one."""
    faults, known = [], list[Text]()
    inside = QRectF(0, 0, *size).adjusted(-SLACK, -SLACK, SLACK, SLACK)
    for text in texts:
        if not inside.contains(text.rect):
            faults.append(f"{text.words!r} leaves the picture")
        for other in known:
            common = text.rect.intersected(other.rect)
            if common.width() > SLACK and common.height() > SLACK:
                faults.append(f"{text.words!r} covers {other.words!r}")
        known.append(text)
    return faults
