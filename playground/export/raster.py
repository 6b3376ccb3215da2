"""Encode images as PNG, and convert them to arrays."""

from __future__ import annotations

import numpy as np
from PySide6.QtGui import QImage

from core.training.origin import Origin
from core.training.picture_origin import png_with_origin
from playground.export.png_writer import Pixels, png_bytes


def png_of(image: QImage, title: str, origin: Origin | None = None) -> bytes:
    """Encode ``image`` as PNG with ``title`` and ``origin`` in its metadata."""
    transparent = image.hasAlphaChannel()
    plain = image.convertToFormat(QImage.Format.Format_RGBA8888 if transparent else QImage.Format.Format_RGB888)
    content = png_bytes(_view(plain, 4 if transparent else 3), {"Title": title, "Software": "NN Playground"})
    return content if origin is None else png_with_origin(content, origin)


def pixels_of(image: QImage) -> Pixels:
    """Return the colours of an opaque image, (height, width, 3)."""
    rgb = image.convertToFormat(QImage.Format.Format_RGB888)  # must live until its bytes are copied
    return _view(rgb, 3).copy()


def _view(image: QImage, channels: int) -> Pixels:
    """Return the bytes of ``image``, which the caller must keep alive, without those that fill up its rows."""
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return rows[:, : channels * image.width()].reshape(image.height(), image.width(), channels)
