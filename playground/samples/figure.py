"""Export the data table: the rows that fit as a picture, or all rows as CSV."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct
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
MAX_TYPE: Final = 18
"""Smallest and largest font size in pixels at scale 1; columns that do not fit are left out."""

LINE: Final = 1.8
GAP: Final = 1.5
"""Height of a line and distance of columns, as multiples of the font size."""

BETWEEN: Final = 2.5
MAX_SPREAD: Final = 4.0
"""Distance of parts of the table, and the most by which columns move apart, as multiples of the distance of columns."""

MAX_LINE: Final = 1.25
"""Factor by which lines move apart at most to fill the height."""

_LEFT: Final = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT: Final = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class _Grid(Struct, frozen=True):
    """The layout of a table.

    Attributes:
        font: font of its texts.
        widths: width of each column that fits, with the gap after it.
        gap: gap between columns.
        blocks: number of parts of the table beside each other.
        rows: number of rows in each of them.
        line: height of a line.
    """

    font: QFont
    widths: tuple[float, ...]
    gap: float
    blocks: int
    rows: int
    line: float

    @property
    def width(self) -> float:
        """Width of one part of the table."""
        return sum(self.widths) - self.gap


class _TableItem(FittedItem):
    """Paints the table, whose texts are fixed at construction."""

    def __init__(self, headings: list[str], lines: list[list[str]], chosen: int | None, style: Style) -> None:
        super().__init__()
        self._headings, self._lines, self._chosen = headings, lines, chosen
        self._style = style

    @override
    @guarded
    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Paint headings and rows, in several parts beside each other if there is room."""
        theme, grid = self._style.theme, self._fitted()
        pad = self._style.px(CARD_PADDING)
        painter.setFont(grid.font)
        between = (self.width - 2 * pad - grid.blocks * grid.width) / max(grid.blocks - 1, 1)
        for block in range(grid.blocks):
            lines = self._lines[block * grid.rows : (block + 1) * grid.rows]
            if not lines and block:
                return
            x = pad + block * (grid.width + between)
            self._paint_line(painter, x, 0.0, self._headings, grid, QColor(theme.muted))
            painter.fillRect(QRectF(x, grid.line, grid.width, max(self._style.px(0.5), 1.0)), QColor(theme.line))
            for number, texts in enumerate(lines):
                y = (number + 1) * grid.line
                if block * grid.rows + number == self._chosen:
                    room = QRectF(x - pad / 2, y, grid.width + pad, grid.line)
                    painter.fillRect(room, QColor(theme.soft))
                self._paint_line(painter, x, y, texts, grid, QColor(theme.ink))

    def _fitted(self) -> _Grid:
        """Return the layout that uses the space: small type for many columns, large type for few samples."""
        room = self.width - 2 * self._style.px(CARD_PADDING)
        size = TEXT_LABEL
        while size > MIN_TYPE and self._columns(size)[1] > room:
            size -= 1
        while size < MAX_TYPE and self._columns(size + 1)[1] <= room and len(self._lines) <= self._rows_at(size + 1):
            size += 1
        widths, whole, gap = self._columns(size)
        while len(widths) > 1 and whole > room:
            whole -= widths.pop()
        rows = max(self._rows_at(size), 1)
        apart = BETWEEN * gap
        needed = -(-len(self._lines) // rows)
        blocks = max(min(int((room + apart) / (whole + apart)), needed), 1)
        rows = min(rows, -(-len(self._lines) // blocks)) if blocks == needed else rows
        if blocks == 1 and len(widths) > 1:
            # The columns of a single table spread over the whole width.
            spread = min((room - whole) / (len(widths) - 1), MAX_SPREAD * gap)
            widths, gap = [width + spread for width in widths], gap + spread
        line = self._style.px(size * LINE)
        line = min(self.height / (rows + 1), MAX_LINE * line)
        font = application_font(self._style.px(size), QFont.Weight.Normal, family=self._style.family)
        return _Grid(font, tuple(widths), gap, blocks, rows, line)

    def _columns(self, size: int) -> tuple[list[float], float, float]:
        """Return the widths of all columns in type of ``size``, their sum without the last gap, and the gap."""
        style = self._style
        metrics = QFontMetricsF(application_font(style.px(size), QFont.Weight.Normal, family=style.family))
        gap = style.px(size * GAP)
        columns = zip(self._headings, *self._lines, strict=True)
        widths = [max(metrics.horizontalAdvance(text) for text in texts) + gap for texts in columns]
        return widths, sum(widths) - gap, gap

    def _rows_at(self, size: int) -> int:
        """Return the number of rows that fit below the headings."""
        line = self._style.px(size * LINE)
        return int((self.height - line) / line)

    @staticmethod
    def _paint_line(painter: QPainter, x: float, top: float, texts: list[str], grid: _Grid, colour: QColor) -> None:
        painter.setPen(colour)
        for place, (text, width) in enumerate(zip(texts, grid.widths, strict=False)):
            box = QRectF(x, top, width - grid.gap + 1.0, grid.line)
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
        item = _TableItem([c.short_title for c in columns], lines, chosen, style)
        return FittedView(item, background=style.theme.panel)

    def figure_text(self) -> FigureText:
        """Return title and sentence."""
        return FigureText(self.figure_title, finding=self._sentence)

    def figure_table(self) -> Table:
        """Return every row, with numbers at full precision."""
        headings = tuple(column.title for column in self._columns)
        rows = [tuple(self._rows.number(row, column) for column in self._columns) for row in self._order.tolist()]
        return Table(headings, rows)
