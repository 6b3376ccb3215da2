"""The pixels of a picture as numbers: a loop over them in Python takes a hundred times as long."""

from __future__ import annotations

import numpy as np
from PySide6.QtGui import QColor, QImage


def rgba(image: QImage) -> np.ndarray:
    """Return red, green, blue and alpha of each pixel, as integers: (height, width, 4)."""
    whole = image.convertToFormat(QImage.Format.Format_RGBA8888)
    return np.array(whole.constBits(), np.int16).reshape(whole.height(), whole.width(), 4)


def count_near(image: QImage, colour: QColor | str, tolerance: int) -> int:
    """Return the number of pixels whose red, green and blue differ from ``colour`` by less than ``tolerance`` each."""
    wanted = np.array(QColor(colour).getRgb()[:3])  # type: ignore[index]
    return int((np.abs(rgba(image)[..., :3] - wanted) < tolerance).all(axis=-1).sum())
