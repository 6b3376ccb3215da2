"""Encode images as PNG."""

from __future__ import annotations

from PySide6.QtCore import QBuffer, QByteArray, QIODevice
from PySide6.QtGui import QImage, QImageWriter

from core.errors import PlaygroundError


def png_of(image: QImage, title: str) -> bytes:
    """Encode ``image`` as PNG with ``title`` in its metadata.

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
    return bytes(buffer.data().data())
