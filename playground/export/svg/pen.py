"""Attributes of lines and opacities in SVG."""

from __future__ import annotations

import math
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPen, QTransform

from playground.export.svg.data import number

_CAPS: Final = {
    Qt.PenCapStyle.FlatCap: "butt",
    Qt.PenCapStyle.SquareCap: "square",
    Qt.PenCapStyle.RoundCap: "round",
}
_JOINS: Final = {
    Qt.PenJoinStyle.BevelJoin: "bevel",
    Qt.PenJoinStyle.RoundJoin: "round",
}


def stroke_text(pen: QPen, matrix: QTransform, opacity: float) -> str:
    """Return the attributes of ``pen``, with its width in pixels after ``matrix``; empty for none."""
    colour = pen.color()
    if pen.style() == Qt.PenStyle.NoPen or colour.alpha() == 0:
        return ""
    if (
        pen.brush().style() == Qt.BrushStyle.NoBrush
    ):  # Qt's SVG renderer, which draws formulas, has such a pen for no line
        return ""
    width = max(pen.widthF(), 0.0) or 1.0
    if not pen.isCosmetic():
        width *= math.sqrt(abs(matrix.determinant()))
    text = f' stroke="{colour.name()}" stroke-width="{number(width)}"'
    if pen.capStyle() != Qt.PenCapStyle.FlatCap:
        text += f' stroke-linecap="{_CAPS.get(pen.capStyle(), "butt")}"'
    if pen.joinStyle() in _JOINS:
        text += f' stroke-linejoin="{_JOINS[pen.joinStyle()]}"'
    if pen.style() != Qt.PenStyle.SolidLine:
        dashes = ",".join(number(dash * width) for dash in pen.dashPattern())
        text += f' stroke-dasharray="{dashes}"'
        if pen.dashOffset():
            text += f' stroke-dashoffset="{number(pen.dashOffset() * width)}"'
    return text + alpha_text("stroke", colour, opacity)


def alpha_text(kind: str, colour: QColor, opacity: float) -> str:
    """Return the opacity of ``kind``, ``stroke`` or ``fill``; empty if opaque."""
    whole = colour.alphaF() * opacity
    return f' {kind}-opacity="{whole:.3g}"' if whole < 0.999 else ""
