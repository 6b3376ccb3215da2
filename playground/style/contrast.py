"""The contrast of two colours as WCAG 2.1 defines it, and the minimum for text and graphics (level AA)."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from PySide6.QtGui import QColor

TEXT_CONTRAST: Final = 4.5
"""Minimum contrast of text (success criterion 1.4.3)."""

GRAPHIC_CONTRAST: Final = 3.0
"""Minimum contrast of graphics that carry meaning (1.4.11), and of large text."""

_STEP: Final = 0.05


def contrast(a: QColor, b: QColor) -> float:
    """Return the contrast ratio of two colours, 1 to 21."""
    light, dark = sorted((_luminance(a), _luminance(b)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@lru_cache(maxsize=256)
def readable(colour: str, ink: str, grounds: tuple[str, ...]) -> str:
    """Return ``colour``, blended with ``ink`` until it is readable as text on each of ``grounds``."""
    start, end, share = _channels(QColor(colour)), _channels(QColor(ink)), 0.0
    shown = QColor(colour)
    while share < 1.0 and min(contrast(shown, QColor(each)) for each in grounds) < TEXT_CONTRAST:
        share = min(share + _STEP, 1.0)
        shown = QColor.fromRgbF(*(a + (b - a) * share for a, b in zip(start, end, strict=True)))
    return shown.name()


def _luminance(colour: QColor) -> float:
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in _channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _channels(colour: QColor) -> tuple[float, float, float]:
    return colour.redF(), colour.greenF(), colour.blueF()
