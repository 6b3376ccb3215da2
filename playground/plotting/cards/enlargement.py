"""Larger type and lines in the plots of large cards."""

from __future__ import annotations

import math
from typing import Final

from PySide6.QtCore import QSize

FULL_SIZE: Final = QSize(520, 430)
"""Cards larger than this, in pixels at scale 1, use larger type."""

MAX_ENLARGEMENT: Final = 1.3
"""Limit of the extra scale, so that type in the plot stays close to that of the card's title, the same on all cards."""


def enlargement(size: QSize, scale: float) -> float:
    """Return the extra scale of type and lines, 1 to 1.3 in steps of 0.1, for a card of ``size`` pixels."""
    room = min(size.width() / FULL_SIZE.width(), size.height() / FULL_SIZE.height()) / scale
    return min(max(math.floor(10.0 * room) / 10.0, 1.0), MAX_ENLARGEMENT)
