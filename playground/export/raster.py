"""Encode images as PNG, and convert them to arrays."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from PySide6.QtGui import QImage

from core.training.origins.origin import Origin
from core.training.origins.picture_origin import png_with_origin
from playground.export.png_writer import STRIPE, Pixels, png_of_stripes
from playground.worker.giving_way import give_way


def png_of(image: QImage, title: str, origin: Origin | None = None) -> bytes:
    """Encode ``image`` as PNG with ``title`` and ``origin`` in its metadata."""
    shape = (image.width(), image.height(), 4 if image.hasAlphaChannel() else 3)
    content = png_of_stripes(_stripes(image), shape, {"Title": title, "Software": "NN Playground"})
    return content if origin is None else png_with_origin(content, origin)


def _stripes(image: QImage) -> Iterator[Pixels]:
    """Yield the colours of ``image`` in stripes: Qt converts with the GIL, for which the window would wait."""
    channels = 4 if image.hasAlphaChannel() else 3
    kind = QImage.Format.Format_RGBA8888 if channels == 4 else QImage.Format.Format_RGB888
    for top in range(0, image.height(), STRIPE):
        give_way()
        rows = image.copy(0, top, image.width(), min(STRIPE, image.height() - top))
        converted = rows.convertToFormat(kind)  # must live until its bytes are used
        yield _view(converted, channels)


def pixels_of(image: QImage) -> Pixels:
    """Return the colours of an opaque image, (height, width, 3)."""
    rgb = image.convertToFormat(QImage.Format.Format_RGB888)  # must live until its bytes are copied
    return _view(rgb, 3).copy()


def _view(image: QImage, channels: int) -> Pixels:
    """Return the bytes of ``image``, which the caller must keep alive, without those that fill up its rows."""
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return rows[:, : channels * image.width()].reshape(image.height(), image.width(), channels)
