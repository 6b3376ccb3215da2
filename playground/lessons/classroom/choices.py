"""A bar chart of the choices of a class, with the right one marked."""

from __future__ import annotations

from typing import Final

from msgspec import Struct
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPolygonF
from typing_extensions import override

from playground.plotting.canvas.canvas import Area, Canvas
from playground.plotting.drawing.pencil import elided, faded, pen, text_height, write
from playground.plotting.pictures.picture import Picture
from playground.style.numbers import percent
from playground.style.theme import Style

BAR: Final = 16.0


class ClassChoices(Struct, frozen=True, eq=False):
    """Data of the picture.

    Attributes:
        texts: the choices.
        counts: how many learners chose each.
        right: index of the right choice; ``None`` if it is not known.
    """

    texts: tuple[str, ...]
    counts: tuple[int, ...]
    right: int | None


class ClassChoicesPicture(Picture[ClassChoices]):
    """Draws :class:`ClassChoices` on a canvas; y runs over the choices, from the top."""

    def __init__(self, canvas: Canvas) -> None:
        super().__init__(canvas)
        self._add_layer(self._paint, 1)

    @override
    def _arrange(self, data: ClassChoices, style: Style, before: ClassChoices | None) -> None:
        self._canvas.arrange(style, left=8, bottom=8, right=8, top=8)
        self._canvas.set_ranges((0.0, 1.0), (0.0, 1.0))

    def _paint(self, p: QPainter, area: Area, data: ClassChoices, style: Style) -> None:
        total, most = sum(data.counts), max([*data.counts, 1])
        cell = area.rect.height() / len(data.texts)
        line = text_height(style)
        bar = min(style.px(BAR), max(cell - line - style.px(8), style.px(4)))
        label = style.px(90)
        for index, (text, count) in enumerate(zip(data.texts, data.counts, strict=True)):
            is_right = index == data.right
            top = area.rect.top() + cell * (index + 0.5) - (line + bar + style.px(4)) / 2
            colour = QColor(style.theme.ink if is_right else style.theme.muted)
            left = area.rect.left()
            if is_right:
                self._tick(p, QPointF(left, top + line / 2), colour, style)
                left += style.px(18)
            shown = elided(style, text, area.rect.right() - left - style.px(4))
            write(p, style, QPointF(left, top + line / 2), shown, colour=style.theme.ink, bold=is_right)
            length = (area.rect.width() - label) * count / most
            box = QRectF(area.rect.left(), top + line + style.px(4), max(length, style.px(1)), bar)
            p.setPen(Qt.PenStyle.NoPen)
            p.setBrush(colour if is_right else faded(colour, 0.6))
            p.drawRoundedRect(box, style.px(2), style.px(2))
            share = f"{count}  ·  {percent(count / total, 0)}" if total else "0"
            at = QPointF(box.right() + style.px(6), box.center().y())
            write(p, style, at, share, colour=style.theme.ink, bold=is_right)

    @staticmethod
    def _tick(p: QPainter, at: QPointF, colour: QColor, style: Style) -> None:
        p.setPen(pen(colour, style.px(1.8)))
        p.setBrush(Qt.BrushStyle.NoBrush)
        steps = ((1, 0), (4.5, 3.5), (11, -4.5))
        p.drawPolyline(QPolygonF([at + QPointF(style.px(x), style.px(y)) for x, y in steps]))
