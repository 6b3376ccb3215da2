"""Draw text so that other programs find it in a PDF.

Digits of equal width, and signs that Inter adapts to their neighbours, are glyphs of their own with private codes: in a PDF
they would look right, but search and copy would not find a single number. There, the ordinary characters are drawn instead,
spaced to the same total width.
"""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPointF
from PySide6.QtGui import QFont, QFontMetricsF, QPaintEngine, QPainter

_TABULAR: Final = QFont.Tag("tnum")
_ALTERNATES: Final = QFont.Tag("calt")


def draw_text(painter: QPainter, baseline: QPointF, text: str) -> None:
    """Draw ``text`` in the font of ``painter``, which a PDF contains as ordinary characters."""
    font = painter.font()
    if not text or painter.paintEngine().type() != QPaintEngine.Type.Pdf:
        painter.drawText(baseline, text)
        return
    painter.setFont(searchable(font, text))
    painter.drawText(baseline, text)
    painter.setFont(font)


def searchable(font: QFont, text: str) -> QFont:
    """Return ``font`` without such glyphs, spaced so that ``text`` has the same width, at 96 dots per inch."""
    plain = QFont(font)
    plain.unsetFeature(_TABULAR)
    plain.setFeature(_ALTERNATES, 0)
    missing = QFontMetricsF(font).horizontalAdvance(text) - QFontMetricsF(plain).horizontalAdvance(text)
    plain.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, font.letterSpacing() + missing / len(text))
    return plain
