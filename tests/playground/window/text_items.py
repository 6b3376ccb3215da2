"""Find every text that a widget paints, with its colour and background."""

from __future__ import annotations

from typing import NamedTuple, cast

import numpy as np
from PySide6.QtCore import QPoint, QPointF, QRectF
from PySide6.QtGui import QColor, QFont, QFontInfo, QFontMetricsF, QImage, QPainter, QPainterPath, QRegion, QTextItem
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from playground.export.display_list import Recorder, _Engine
from playground.style.contrast import GRAPHIC_CONTRAST, TEXT_CONTRAST, contrast
from playground.widgets.guard import guarded

LARGE, LARGE_BOLD = 24.0, 18.66
"""Sizes in pixels from which text is large, which needs less contrast."""


class Text(NamedTuple):
    """A painted text.

    Attributes:
        text: the text.
        colour: its colour, blended with the background if it is transparent.
        ground: the most frequent colour behind it.
        size: font size in pixels.
        bold: whether it is bold.
        box: the rectangle of what is seen of it, in pixels.
        whole: its rectangle, also where it is not seen.
    """

    text: str
    colour: QColor
    ground: QColor
    size: float
    bold: bool
    box: QRectF
    whole: QRectF

    @property
    def is_cut(self) -> bool:
        """Whether its beginning or end is not seen."""
        return self.whole.left() < self.box.left() - 1.5 or self.whole.right() > self.box.right() + 1.5

    @property
    def is_readable(self) -> bool:
        """Whether it has the contrast that text of its size needs."""
        large = self.size >= (LARGE_BOLD if self.bold else LARGE)
        return contrast(self.colour, self.ground) >= (GRAPHIC_CONTRAST if large else TEXT_CONTRAST) - 0.005


class _Written(NamedTuple):
    baseline: QPointF
    text: str
    font: QFont
    clip: QRegion
    """What of the device the painted widget may paint on: not what is scrolled out of sight."""

    def __call__(self, p: QPainter) -> None:
        p.setFont(self.font)
        p.drawText(self.baseline, self.text)


class _TextEngine(_Engine):
    @override
    @guarded
    def drawTextItem(self, p: QPointF | QPoint | QPainterPath.Element, textItem: QTextItem) -> None:
        self._add(_Written(QPointF(cast("QPointF", p)), textItem.text(), QFont(textItem.font()), self.systemClip()))


def texts_of(widget: QWidget) -> list[Text]:
    """Return every text that ``widget`` and its children paint."""
    recorder = Recorder(widget.width(), widget.height())
    recorder._engine = _TextEngine(recorder.commands)
    painter = QPainter(recorder)
    widget.render(painter, QPoint())
    painter.end()
    image = QImage(widget.size(), QImage.Format.Format_RGB32)
    image.fill(QColor("#FF00FF"))  # what nothing is painted on would be found
    found = []
    painter = QPainter(image)
    for command in recorder.commands:
        if isinstance(command, _Written) and (text := _seen(command, painter, image)) is not None:
            found.append(text)
        command(painter)
    painter.end()
    return found


def _seen(written: _Written, painter: QPainter, image: QImage) -> Text | None:
    """Return the text that ``painter`` would paint now; ``None`` if nothing of it would be seen."""
    box = QFontMetricsF(written.font).tightBoundingRect(written.text).translated(written.baseline)
    whole = painter.deviceTransform().mapRect(box)
    if painter.hasClipping():
        box = box.intersected(painter.clipBoundingRect())
    area = painter.deviceTransform().mapRect(box).intersected(QRectF(image.rect())).toAlignedRect()
    if not written.clip.isEmpty():
        area = area.intersected(written.clip.boundingRect())
    if not written.text.strip() or area.width() < 2 or area.height() < 2:
        return None
    part = image.copy(area).convertToFormat(QImage.Format.Format_RGB32)
    pixels = np.frombuffer(part.constBits(), np.uint32).reshape(part.height(), -1)[:, : part.width()] & 0xFFFFFF
    values, counts = np.unique(pixels, return_counts=True)
    ground = QColor(int(values[counts.argmax()]))
    pen = painter.pen().color()
    share = pen.alphaF() * painter.opacity()
    parts = zip((pen.redF(), pen.greenF(), pen.blueF()), (ground.redF(), ground.greenF(), ground.blueF()), strict=True)
    colour = QColor.fromRgbF(*(a * share + b * (1.0 - share) for a, b in parts))
    scale = painter.deviceTransform().m22()
    size = QFontInfo(written.font).pixelSize() * scale
    is_bold = written.font.weight() >= QFont.Weight.DemiBold
    return Text(written.text, colour, ground, size, is_bold, QRectF(area), whole)
