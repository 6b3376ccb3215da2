"""Source code as a figure: as many lines as fit into the picture, from the first one visible on the card."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter
from PySide6.QtWidgets import QGraphicsView, QStyleOptionGraphicsItem, QWidget
from typing_extensions import override

from core.code_export.plan import Script
from core.errors import PlaygroundError
from playground.code_view.code_text import code_font
from playground.code_view.tokens import colour_of, is_bold, shown_line, tokens
from playground.style.theme import CARD_PADDING, Style
from playground.widgets.figure import FigureText, Table
from playground.widgets.fitted_view import FittedItem, FittedView
from playground.widgets.guard import guarded
from playground.widgets.plot import Listing

MIN_SCALE: Final = 0.65
"""Smallest size of the font relative to that of other pictures; what still does not fit is cut."""

_LINE: Final = 1.35
"""Line spacing as a multiple of the font size."""


class _CodeItem(FittedItem):
    """Paints coloured lines."""

    def __init__(self, lines: list[str], first: int, style: Style) -> None:
        super().__init__()
        self._lines, self._first, self._style = lines, first, style

    @override
    @guarded
    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Paint the lines that fit."""
        style, px = self._style, self._style.px
        pad = px(CARD_PADDING)
        plain, bold = self._fonts(self.width - 2 * pad)
        step = plain.pixelSize() * _LINE
        room = max(0, int((self.height - px(8)) / step))
        inside = False
        for number, line in enumerate(self._lines):
            found, inside = tokens(line, in_docstring=inside)
            row = number - self._first
            if not 0 <= row < room:
                continue
            x, y = pad, (row + 1) * step
            painter.setClipRect(QRectF(pad, 0, self.width - 2 * pad, self.height))
            end = 0
            for token in found:
                x = self._put(painter, line[end : token.start], QPointF(x, y), plain, QColor(style.theme.ink))
                end = token.start + token.length
                font = bold if is_bold(token.kind) else plain
                x = self._put(painter, line[token.start : end], QPointF(x, y), font, colour_of(token.kind, style.theme))
            self._put(painter, line[end:], QPointF(x, y), plain, QColor(style.theme.ink))

    def _fonts(self, room: float) -> tuple[QFont, QFont]:
        """Return the font and the bold one, smaller where lines would be cut, as far as they can still be read."""
        plain = code_font(self._style)
        metrics = QFontMetricsF(plain)
        shown = self._lines[self._first : self._first + int(self.height / (plain.pixelSize() * _LINE)) + 1]
        longest = max((metrics.horizontalAdvance(line) for line in shown), default=0.0)
        plain.setPixelSize(max(round(plain.pixelSize() * min(1.0, max(room / max(longest, 1.0), MIN_SCALE))), 1))
        bold = QFont(plain)
        bold.setWeight(QFont.Weight.Bold)
        return plain, bold

    @staticmethod
    def _put(painter: QPainter, text: str, at: QPointF, font: QFont, colour: QColor) -> float:
        """Draw ``text`` and return where it ends."""
        if text.strip():
            painter.setFont(font)
            painter.setPen(colour)
            painter.drawText(at, text)
        return at.x() + QFontMetricsF(font).horizontalAdvance(text)


class CodeFigure:
    """A script, frozen for export.

    Args:
        script: the script.
        framework: name of the framework.
        first: number of the first line in the picture, from 0.
    """

    figure_key = "code"

    def __init__(self, script: Script, framework: str, first: int) -> None:
        self._script = script
        self._lines = script.text.rstrip("\n").split("\n")
        self._framework, self._first = framework, first

    @property
    def figure_title(self) -> str:
        """Title of the picture."""
        return f"Code ({self._framework})"

    def build_figure(self, style: Style) -> QGraphicsView:
        """Return the lines as a picture in ``style``."""
        lines = [shown_line(line) for line in self._lines]
        return FittedView(_CodeItem(lines, self._first, style), background=style.theme.panel)

    def figure_plot(self, style: Style) -> Listing:  # noqa: ARG002 - the interface of figures that can be typeset
        """Return the lines as a listing."""
        return Listing(tuple(shown_line(line) for line in self._lines))

    def figure_text(self) -> FigureText:
        """Return the title."""
        return FigureText(self.figure_title)

    def figure_script(self) -> str:
        """Return the script.

        Raises:
            PlaygroundError: it needs a file with samples beside it.
        """
        if self._script.data_file:
            raise PlaygroundError(f"{self.figure_title}: its samples need a file beside it; use Export › Code")
        return self._script.text

    def figure_table(self) -> Table:
        """Return every line in full, with its number."""
        return Table(("line", "code"), [(number, line) for number, line in enumerate(self._lines, start=1)])
