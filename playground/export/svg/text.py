"""Text of an SVG, which stays inside the picture also where its font is not installed."""

from __future__ import annotations

from typing import Final
from xml.sax.saxutils import escape, quoteattr

from msgspec import Struct
from PySide6.QtCore import QPointF
from PySide6.QtGui import QFont

from playground.export.svg.data import number
from playground.style.fallback_widths import FAMILIES, MONOSPACED, fallback_width

COLUMN: Final = 0.605
"""Largest usual width of a character of a monospaced font, in font sizes."""


class Line(Struct, frozen=True, kw_only=True):
    """Text that is not written yet: Qt paints a line in several parts where a font lacks a character.

    Attributes:
        start: where its baseline begins.
        look: attributes of the element but its font.
        families: names of the font families, separated by commas.
        pixels: size of the font.
        is_bold: whether its font is bold.
        is_turned: whether it is not horizontal.
        text: the text so far.
        end: where the next part would begin.
        clip: name of its clip.
    """

    start: QPointF
    look: str
    families: str
    pixels: float
    is_bold: bool
    is_turned: bool
    text: str
    end: float
    clip: str

    def continues(self, before: Line) -> bool:
        """Return whether this is the continuation of ``before``."""
        near = abs(self.start.x() - before.end) < 0.3 * self.pixels
        level = abs(self.start.y() - before.start.y()) < 0.05 * self.pixels
        same = (self.look, self.families, self.clip) == (before.look, before.families, before.clip)
        return near and level and same

    def element(self, width: float) -> str:
        """Return the element, in a picture of ``width``.

        Where another font would lead out of the picture, the text grows to the left from its end, or to both sides.
        """
        x, pixels, anchor = self._placed(width)
        place = f' x="{number(x)}" y="{number(self.start.y())}"' + (f' text-anchor="{anchor}"' if anchor else "")
        font = f' font-family={quoteattr(self.families)} font-size="{number(pixels)}"'
        # Leading blanks are not drawn, and would move the text.
        return f"<text{place}{font}{self.look}>{escape(self.text.rstrip())}</text>"

    def _placed(self, width: float) -> tuple[float, float, str]:
        """Return the position, the size of the font, and the anchor; an empty one for the start."""
        start, own = self.start.x(), self.end - self.start.x()
        if self.is_turned:
            return start + own / 2, self.pixels, "middle"
        other = max(self._other_width(), own)
        if start + other <= width:
            return start, self.pixels, ""
        if self.end - other >= 0.0:
            return self.end, self.pixels, "end"
        shrink = min(width / other, 1.0)
        half = other * shrink / 2
        return min(max(start + own / 2, half), width - half), self.pixels * shrink, "middle"

    def _other_width(self) -> float:
        """Return the largest usual width in other fonts."""
        text = self.text.rstrip()
        if self.families.endswith(MONOSPACED[-1]):
            return len(text) * COLUMN * self.pixels
        return fallback_width(text, self.pixels, bold=self.is_bold)


def families_of(font: QFont, family: str) -> str:
    """Return the families for text in ``font``: ``family``, or the one for code, then usual ones in case it is missing."""
    if font.fixedPitch():
        known = [name for name in font.families() if name not in MONOSPACED]
        return ", ".join((*known, *MONOSPACED))
    return ", ".join((family, *FAMILIES))
