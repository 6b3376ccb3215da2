"""Encode images as PNG, and convert them to arrays."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QBuffer, QByteArray, QIODevice
from PySide6.QtGui import QImage, QImageWriter

from core.errors import PlaygroundError
from core.training.origin import Origin
from core.training.picture_origin import png_with_origin
from playground.export.animation_frames import Pixels


def png_of(image: QImage, title: str, origin: Origin | None = None) -> bytes:
    """Encode ``image`` as PNG with ``title`` and ``origin`` in its metadata.

    Raises:
        PlaygroundError: the image cannot be encoded.
    """
    image.setText("Title", title)
    image.setText("Software", "NN Playground")
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QImageWriter(buffer, QByteArray(b"PNG"))
    if not writer.write(image):
        raise PlaygroundError(f"{title}: the picture cannot be written ({writer.errorString()})")
    content = bytes(buffer.data().data())
    return content if origin is None else png_with_origin(content, origin)


def pixels_of(image: QImage) -> Pixels:
    """Return the colours of an opaque image, (height, width, 3)."""
    rgb = image.convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(rgb.constBits(), np.uint8).reshape(rgb.height(), rgb.bytesPerLine())
    return rows[:, : 3 * rgb.width()].reshape(rgb.height(), rgb.width(), 3).copy()
