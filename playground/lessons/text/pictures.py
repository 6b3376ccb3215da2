"""The pictures in a lesson's text: typeset formulas and image files."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Final

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QImage, QImageReader, QPainter
from PySide6.QtSvg import QSvgRenderer

from playground.lessons.text.rich_text import BODY, Picture
from playground.plotting.drawing.formula_store import INK, TYPE_SIZE
from playground.style.theme import Style

RATIO: Final = 2.0
"""Pixels of a picture per pixel of the text, so that it is sharp on high-resolution screens."""

MAX_SIDE: Final = 4096
"""Maximum side of an image file in pixels."""


@lru_cache(maxsize=512)
def formula_picture(svg: bytes, colour: str, scale: float, ratio: float = RATIO) -> Picture:
    """Render the formula ``svg``, whose baseline is at y = 0, in ``colour`` for text at ``scale``.

    ``ratio`` is the number of pixels of the picture per pixel of the text.
    """
    renderer = QSvgRenderer(QByteArray(svg.replace(INK.encode(), colour.encode())))
    box = renderer.viewBoxF()
    factor = scale * BODY / TYPE_SIZE
    width, height = max(box.width() * factor, 1.0), max(box.height() * factor, 1.0)
    image = QImage(round(width * ratio), round(height * ratio), QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    renderer.render(painter, QRectF(0, 0, image.width(), image.height()))
    painter.end()
    return Picture(image, width, height, max(0.0, box.bottom() * factor))


def image_picture(folder: Path | None, address: str, style: Style, width: float) -> Picture | None:
    """Read the image file ``address`` for display at most ``width`` wide; return ``None`` if there is no such image.

    Only files inside the lesson's ``folder`` are read.
    """
    if folder is None or not address or "://" in address:
        return None
    try:
        path = (folder / address).resolve()
        if not path.is_relative_to(folder.resolve()) or not path.is_file():
            return None
    except (OSError, ValueError):
        return None
    reader = QImageReader(str(path))
    size = reader.size()
    if not size.isValid() or max(size.width(), size.height()) > MAX_SIDE:
        return None
    image = reader.read()
    if image.isNull():
        return None
    natural = image.width() * style.scale
    shown = min(natural, width)
    return Picture(image, shown, image.height() * style.scale * shown / natural)
