"""Export the data table: the rows that fit as a picture, or all rows as CSV."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter
from PySide6.QtWidgets import QGraphicsView, QStyleOptionGraphicsItem, QWidget
from typing_extensions import override

from playground.style.resources import application_font
from playground.style.theme import CARD_PADDING, TEXT_LABEL, Style
from playground.widgets.figure import FigureText, Table
from playground.widgets.fitted_view import FittedItem, FittedView
from playground.widgets.guard import guarded

if TYPE_CHECKING:
    from core.arrays import Integers
    from core.data.sample import Sample
    from playground.samples.rows import Column, SampleRows

MAX_ROWS: Final = 200
"""Maximum number of rows in a picture."""

MAX_COLUMNS: Final = 12
MIN_TYPE: Final = 7
"""Smallest font size in pixels at scale 1; columns that do not fit are left out."""

LINE: Final = 1.8
GAP: Final = 1.5
"""Height of a line and distance of columns, as multiples of the font size."""

_LEFT: Final = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT: Final = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class _TableItem(FittedItem):
    """Paints the table, whose texts are fixed at construction."""

    def __init__(self, headings: list[str], lines: list[list[str]], chosen: int | None, style: Style) -> None:
        super().__init__()
        self._headings, self._lines, self._chosen = headings, lines, chosen
        self._style = style

    @override
    @guarded
    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Paint headings and rows."""
        px, theme = self._style.px, self._style.theme
        pad = px(CARD_PADDING)
        top = 0.0
        font, widths, line = self._fitted()
        painter.setFont(font)
        self._paint_line(painter, top, self._headings, widths, QColor(theme.muted))
        painter.fillRect(QRectF(pad, top + line, self.width - 2 * pad, 1.0), QColor(theme.line))
        room = int((self.height - line) / line)
        for number, texts in enumerate(self._lines[: max(room, 0)]):
            y = top + (number + 1) * line
            if number == self._chosen:
                painter.fillRect(QRectF(pad / 2, y, self.width - pad, line), QColor(theme.soft))
            self._paint_line(painter, y, texts, widths, QColor(theme.ink))

    def _fitted(self) -> tuple[QFont, list[float], float]:
        """Return the font, the widths of the columns, as many as fit in the smallest font, and the height of a line."""
        style = self._style
        columns = list(zip(self._headings, *self._lines, strict=True))
        room = self.width - 2 * style.px(CARD_PADDING)
        size = TEXT_LABEL
        while True:
            font = application_font(style.px(size), QFont.Weight.Normal, family=style.family)
            metrics, gap = QFontMetricsF(font), style.px(size * GAP)
            widths = [max(metrics.horizontalAdvance(text) for text in texts) + gap for texts in columns]
            if size == MIN_TYPE or sum(widths) - gap <= room:
                break
            size -= 1
        while len(widths) > 1 and sum(widths) - gap > room:
            widths.pop()
        return font, widths, style.px(size * LINE)

    def _paint_line(self, painter: QPainter, top: float, texts: list[str], widths: list[float], colour: QColor) -> None:
        x, pixels = self._style.px(CARD_PADDING), painter.font().pixelSize()
        painter.setPen(colour)
        for place, (text, width) in enumerate(zip(texts, widths, strict=False)):
            box = QRectF(x, top, width - GAP * pixels + 1.0, LINE * pixels)
            painter.drawText(box, _RIGHT if place else _LEFT, text)
            x += width


class SamplesFigure:
    """The data table at one moment.

    Args:
        rows: the samples.
        columns: columns of the table.
        order: the row of each line, (N,).
        chosen: the selected sample, or ``None``.
        sentence: text below the table.
    """

    figure_key = "samples"
    figure_title = "Data"

    def __init__(
        self,
        rows: SampleRows,
        columns: tuple[Column, ...],
        order: Integers,
        chosen: Sample | None,
        sentence: str,
    ) -> None:
        self._rows, self._columns, self._order = rows, columns, order
        self._chosen, self._sentence = chosen, sentence

    def build_figure(self, style: Style) -> QGraphicsView:
        """Return the first rows as a picture in ``style``."""
        columns = self._columns[:MAX_COLUMNS]
        shown = self._order[:MAX_ROWS].tolist()
        lines = [[self._rows.text(row, column) for column in columns] for row in shown]
        chosen = next((n for n, row in enumerate(shown) if self._rows.sample(row) == self._chosen), None)
        item = _TableItem([c.heading for c in columns], lines, chosen, style)
        return FittedView(item, background=style.theme.panel)

    def figure_text(self) -> FigureText:
        """Return title and sentence."""
        return FigureText(self.figure_title, finding=self._sentence)

    def figure_table(self) -> Table:
        """Return every row, with numbers at full precision."""
        headings = tuple(column.heading for column in self._columns)
        rows = [tuple(self._rows.number(row, column) for column in self._columns) for row in self._order.tolist()]
        return Table(headings, rows)
