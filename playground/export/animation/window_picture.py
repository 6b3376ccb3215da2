"""One picture of several cards, laid out as in the window."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath

from playground.export.animation.job import Tile
from playground.export.frame import TITLE
from playground.export.hidden_view import DESIGN_HEIGHT, DESIGN_WIDTH, Look, checked_size, image_of
from playground.plotting.drawing.pencil import elided, text_height, write
from playground.style.theme import TEXT_LABEL, Style
from playground.widgets.figure import Figure

_CARD_HEIGHT: Final = 190
"""Height of a card at which its text is as large as on the screen; lower cards would have no room for their plots."""

_GAP: Final = 6.0
_RADIUS: Final = 8.0


def window_image(figures: Sequence[tuple[Tile, Figure]], look: Look, title: str) -> QImage:
    """Return ``figures`` at their places below ``title`` and above the caption of ``look``; all text has the same size.

    Raises:
        PlaygroundError: the size is out of bounds.
    """
    width, height = checked_size(look.size)
    style = _style(figures, look)
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor(look.theme.background))
    painter = QPainter(image)
    try:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        above, below, edge = _line_height(style, TITLE), style.px(_GAP), style.px(2 * _GAP)
        shown = elided(style, title, width - 2 * edge, size=TITLE, bold=True)
        write(painter, style, QPointF(edge, above / 2), shown, colour=look.theme.ink, bold=True, size=TITLE)
        if look.caption:
            below = _line_height(style, TEXT_LABEL)
            line = elided(style, look.caption, width - 2 * edge)
            write(painter, style, QPointF(edge, height - below / 2), line, colour=look.theme.muted)
        room = QRectF(style.px(_GAP) / 2, above, width - style.px(_GAP), height - above - below)
        for tile, figure in figures:
            _paint_card(painter, figure, _rect(tile, room, style), replace(look, caption=""), style)
    finally:
        painter.end()
    return image


def _line_height(style: Style, size: float) -> float:
    return style.px(2 * _GAP) + text_height(style, size=size)


def _style(figures: Sequence[tuple[Tile, Figure]], look: Look) -> Style:
    """Return the style in which the smallest card is as readable as on the screen."""
    width, height = look.size
    scale = min(
        min(tile.width * width / DESIGN_WIDTH, tile.height * height / _CARD_HEIGHT, width / 900) for tile, _ in figures
    )
    return Style(look.theme, max(scale, 0.3), look.family)


def _rect(tile: Tile, room: QRectF, style: Style) -> QRect:
    gap = style.px(_GAP) / 2
    left, top = room.left() + tile.left * room.width(), room.top() + tile.top * room.height()
    rect = QRectF(left, top, tile.width * room.width(), tile.height * room.height())
    return rect.adjusted(gap, 0, -gap, -2 * gap).toRect()


def _paint_card(painter: QPainter, figure: Figure, rect: QRect, look: Look, style: Style) -> None:
    inner = (max(rect.width(), 16), max(rect.height(), 16))
    own = min(inner[0] / DESIGN_WIDTH, inner[1] / DESIGN_HEIGHT)
    picture = image_of(figure, replace(look, size=inner, text_scale=style.scale / own))
    outline = QPainterPath()
    outline.addRoundedRect(QRectF(rect), style.px(_RADIUS), style.px(_RADIUS))
    painter.save()
    painter.setClipPath(outline)
    painter.drawImage(rect.topLeft(), picture)
    painter.restore()
    painter.setPen(QColor(look.theme.line))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPath(outline)
