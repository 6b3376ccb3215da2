"""Pens, fonts and text drawing shared by all plots."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen, QPolygonF

from core.arrays import Floats
from playground.style.fallback_widths import fallback_width
from playground.style.resources import application_font
from playground.style.theme import TEXT_LABEL, Style

Align = Qt.AlignmentFlag

_UNCLIPPED: Final = int(Align.AlignLeft | Align.AlignVCenter) | int(Qt.TextFlag.TextDontClip)


@lru_cache(maxsize=64)
def _font(size: float, bold: bool, family: str) -> tuple[QFont, QFontMetricsF]:  # noqa: FBT001 - a cache's key
    weight = QFont.Weight.DemiBold if bold else QFont.Weight.Normal
    font = application_font(size, weight, family=family)
    return font, QFontMetricsF(font)


def label_font(style: Style, *, bold: bool = False, size: float = TEXT_LABEL) -> QFont:
    """Return the font of labels and ticks."""
    return _font(style.px(size), bold, style.family)[0]


def text_width(style: Style, text: str, *, bold: bool = False, size: float = TEXT_LABEL) -> float:
    """Return the width of ``text`` in pixels, in a roomy style also in other usual fonts."""
    width = _width(style.px(size), bold, style.family, text)
    return max(width, fallback_width(text, style.px(size), bold=bold)) if style.is_roomy else width


@lru_cache(maxsize=4096)
def _width(size: float, bold: bool, family: str, text: str) -> float:  # noqa: FBT001 - a cache's key
    return _font(size, bold, family)[1].horizontalAdvance(text)


def elided(
    style: Style, text: str, width: float, *, size: float = TEXT_LABEL, bold: bool = False, in_the_middle: bool = False
) -> str:
    """Return ``text``, elided at the end or in the middle to ``width`` pixels."""
    mode = Qt.TextElideMode.ElideMiddle if in_the_middle else Qt.TextElideMode.ElideRight
    if style.is_roomy:
        width *= min(
            1.0,
            _width(style.px(size), bold, style.family, text) / max(text_width(style, text, bold=bold, size=size), 1.0),
        )
    return _font(style.px(size), bold, style.family)[1].elidedText(text, mode, width)


def text_height(style: Style, *, size: float = TEXT_LABEL) -> float:
    """Return the height of a line of text in pixels."""
    return _font(style.px(size), False, style.family)[1].height()


def pen(colour: QColor | str, width: float = 1.0, line: Qt.PenStyle = Qt.PenStyle.SolidLine) -> QPen:
    """Return a pen ``width`` logical pixels wide, which scales with the device pixel ratio."""
    return QPen(QColor(colour), width, line)


def dashed_pen(colour: QColor | str, width: float, dash: float, gap: float) -> QPen:
    """Return a pen with dashes of ``dash`` and gaps of ``gap`` pixels."""
    result = pen(colour, width)
    result.setDashPattern([dash / width, gap / width])
    result.setCapStyle(Qt.PenCapStyle.FlatCap)
    return result


def faded(colour: QColor | str, opacity: float) -> QColor:
    """Return ``colour`` at ``opacity`` (0 to 1)."""
    result = QColor(colour)
    result.setAlphaF(opacity * result.alphaF())
    return result


def polygon(xs: Floats, ys: Floats) -> QPolygonF:
    """Return the points (n,), (n,) as a QPolygonF, copied in bulk."""
    if not len(xs):  # pyqtgraph cannot create an empty one
        return QPolygonF()
    result: QPolygonF = pg.functions.arrayToQPolygonF(xs, ys)
    return result


def write(
    painter: QPainter,
    style: Style,
    at: QPointF,
    text: str,
    *,
    colour: QColor | str,
    align: Align = Align.AlignLeft,
    bold: bool = False,
    size: float = TEXT_LABEL,
) -> None:
    """Draw ``text`` in one line, vertically centred at ``at``, and with its left end, centre or right end at ``at``."""
    width, height = _width(style.px(size), bold, style.family, text), text_height(style, size=size)
    left = at.x() - (width if align & Align.AlignRight else width / 2 if align & Align.AlignHCenter else 0.0)
    painter.setFont(label_font(style, bold=bold, size=size))
    painter.setPen(QColor(colour))
    # Slightly wider than needed, so that rounding does not make Qt clip letters.
    rect = QRectF(left, at.y() - height / 2, width + 2.0, height)
    painter.drawText(rect, _UNCLIPPED, text)


def read_out(painter: QPainter, style: Style, anchor: QPointF, bounds: QRectF, lines: list[tuple[str, str]]) -> None:
    """Draw a small box of (name, value) lines beside ``anchor``, inside ``bounds``."""
    gap, pad, row = style.px(8), style.px(6), text_height(style) + style.px(1)
    names = max(text_width(style, name) for name, _ in lines)
    values = max(text_width(style, value, bold=True) for _, value in lines)
    width, height = names + gap * bool(names) + values + 2 * pad, row * len(lines) + 2 * pad
    left = anchor.x() + gap
    if left + width > bounds.right():
        left = anchor.x() - gap - width
    left = min(max(left, bounds.left()), max(bounds.right() - width, bounds.left()))
    top = min(max(anchor.y() - height - gap, bounds.top()), max(bounds.bottom() - height, bounds.top()))
    painter.setPen(pen(style.theme.line))
    painter.setBrush(faded(style.theme.panel, 0.94))
    painter.drawRoundedRect(QRectF(left, top, width, height), style.px(5), style.px(5))
    for index, (name, value) in enumerate(lines):
        y = top + pad + row * (index + 0.5)
        write(painter, style, QPointF(left + pad, y), name, colour=style.theme.muted)
        at = QPointF(left + width - pad, y)
        write(painter, style, at, value, colour=style.theme.ink, align=Align.AlignRight, bold=True)
