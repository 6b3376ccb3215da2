"""Export the data table: the rows that fit as a picture, or all rows as CSV."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from msgspec import Struct
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter
from PySide6.QtWidgets import QGraphicsView, QStyleOptionGraphicsItem, QWidget
from typing_extensions import override

from playground.plotting.canvas.captions import wrapped
from playground.plotting.drawing.pencil import text_height, text_width, write
from playground.plotting.drawing.short_names import short_names
from playground.style.numbers import thousands
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
MIN_TYPE: Final = TEXT_LABEL
"""Minimum font size in pixels at scale 1; columns and rows that do not fit are left out."""

MAX_TYPE: Final = 18
"""Maximum font size in pixels at scale 1."""

LINE: Final = 1.8
"""Height of a line, as a multiple of the font size."""

GAP: Final = 1.5
"""Usual distance of columns, as a multiple of the font size."""

CLOSE: Final = 0.75
"""Minimum distance of columns, as a multiple of the font size."""

BETWEEN: Final = 2.5
"""Distance of parts of the table, as a multiple of the distance of columns."""

MAX_SPREAD: Final = 4.0
"""Maximum distance to which columns move apart, as a multiple of their usual distance."""

MAX_LINE: Final = 1.25
"""Factor by which lines move apart at most to fill the height."""

MAX_CELL: Final = 0.36
"""Largest width of a column, as a fraction of the picture, so that target and prediction fit; longer texts are elided."""

MAX_NAMED: Final = 3
"""Number of columns left out that are named; more are counted."""

_DROPPED: Final = ("input", "sample", "loss_change", "loss", "pinned_prediction", "target", "prediction")
"""Kinds of columns in the order in which they are left out."""

_NUMBER: Final = re.compile(r" [\d.]+( ✗)?$")
"""The end of the text of a predicted class."""

_LEFT: Final = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT: Final = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class _Grid(Struct, frozen=True):
    """The layout of a table.

    Attributes:
        font: font of its texts.
        kept: numbers of the columns that fit.
        widths: width of each of them, with the gap after it.
        gap: gap between columns.
        blocks: number of parts of the table side by side.
        rows: number of rows in each of them.
        line: height of a line.
        head: height of the headings.
        note: lines below the table on what is left out.
        lines: texts of the rows in these columns.
    """

    font: QFont
    kept: tuple[int, ...]
    widths: tuple[float, ...]
    gap: float
    blocks: int
    rows: int
    line: float
    head: float
    note: tuple[str, ...]
    lines: tuple[tuple[str, ...], ...]

    @property
    def width(self) -> float:
        """Width of one part of the table."""
        return sum(self.widths) - self.gap


class _TableItem(FittedItem):
    """Paints the table, whose texts are fixed at construction.

    Args:
        columns: all columns, of which the first have texts.
        lines: texts of the first rows.
        count: number of all rows.
        chosen: number of the selected row; ``None`` for none.
        style: colours and scale.
    """

    def __init__(
        self, columns: Sequence[Column], lines: list[list[str]], count: int, chosen: int | None, style: Style
    ) -> None:
        super().__init__()
        self._columns, self._lines, self._count, self._chosen = columns, lines, count, chosen
        self._headings = [_in_two(column.short_title) for column in columns[:MAX_COLUMNS]]
        self._style = style

    @override
    @guarded
    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Paint headings and rows, in several parts side by side if there is room, and what is left out."""
        theme, grid = self._style.theme, self._fitted()
        pad = self._style.px(CARD_PADDING)
        painter.setFont(grid.font)
        between = (self.width - 2 * pad - grid.blocks * grid.width) / max(grid.blocks - 1, 1)
        for block in range(grid.blocks):
            lines = grid.lines[block * grid.rows : (block + 1) * grid.rows]
            if not lines and block:
                break
            x = pad + block * (grid.width + between)
            headings = [self._headings[place] for place in grid.kept]
            self._paint_line(painter, QPointF(x, 0.0), grid.head, headings, grid, QColor(theme.muted))
            painter.fillRect(QRectF(x, grid.head, grid.width, max(self._style.px(0.5), 1.0)), QColor(theme.line))
            for number, line in enumerate(lines):
                y = grid.head + number * grid.line
                if block * grid.rows + number == self._chosen:
                    room = QRectF(x - pad / 2, y, grid.width + pad, grid.line)
                    painter.fillRect(room, QColor(theme.soft))
                self._paint_line(painter, QPointF(x, y), grid.line, line, grid, QColor(theme.ink))
        y = self.height - (len(grid.note) - 0.5) * text_height(self._style)
        for text in grid.note:
            write(painter, self._style, QPointF(pad, y), text, colour=theme.muted)
            y += text_height(self._style)

    def _fitted(self) -> _Grid:
        """Return the layout that uses the space: large type for few samples, main columns in a narrow picture."""
        room = self.width - 2 * self._style.px(CARD_PADDING)
        size = MIN_TYPE
        while size < MAX_TYPE and sum(self._widths(size + 1)) <= room and self._count <= self._rows_at(size + 1):
            size += 1
        gap, widths, whole = self._style.px(size * GAP), self._widths(size), self._whole_widths(size)
        kept = list(range(len(widths)))
        if sum(widths) - gap > room:
            closer = self._style.px(size * (GAP - CLOSE))
            gap, widths, whole = gap - closer, [width - closer for width in widths], [each - closer for each in whole]
            order = sorted(kept, key=lambda place: (_DROPPED.index(self._columns[place].kind), -place))
            while len(kept) > 1 and sum(widths[place] for place in kept) - gap > room:
                kept.remove(order.pop(0))
        widths = _grown([widths[place] for place in kept], [whole[place] for place in kept], room + gap)
        return self._placed(size, kept, widths, gap, room)

    def _placed(self, size: int, kept: list[int], widths: list[float], gap: float, room: float) -> _Grid:
        """Return the layout of the columns ``kept``: how many parts, rows, and what is left out."""
        whole, apart = sum(widths) - gap, BETWEEN * gap
        most = max(int((room + apart) / (whole + apart)), 1)
        # What is left out is listed below, which takes space from the rows.
        blocks, rows = self._parts(size, most, 0)
        note = self._note(kept, self._count - min(blocks * rows, len(self._lines)), room)
        blocks, rows = self._parts(size, most, len(note))
        shown = min(blocks * rows, len(self._lines))
        note = self._note(kept, self._count - shown, room)
        rows = min(rows, -(-self._count // blocks)) if shown == self._count else rows
        if blocks == 1 and len(widths) > 1:
            # The columns of a single table spread over the whole width.
            spread = min((room - whole) / (len(widths) - 1), MAX_SPREAD * gap)
            widths, gap = [width + spread for width in widths], gap + spread
        line = self._style.px(size * LINE)
        head = self._head(size)
        free = self.height - head - len(note) * text_height(self._style)
        line = min(free / max(rows, 1), MAX_LINE * line)
        cells = [self._cells(place, width - gap, size) for place, width in zip(kept, widths, strict=True)]
        lines = tuple(zip(*cells, strict=True))
        return _Grid(self._font(size), tuple(kept), tuple(widths), gap, blocks, rows, line, head, note, lines)

    def _cells(self, place: int, width: float, size: int) -> list[str]:
        """Return the texts of a column in ``width`` pixels; names are shortened before the numbers at their ends."""
        parts = [_parted(line[place]) for line in self._lines]
        ends = max((text_width(self._style, end, size=size) for _name, end in parts), default=0.0)
        names = tuple(dict.fromkeys(name for name, _end in parts))
        if max((text_width(self._style, name, size=size) for name in names), default=0.0) <= width - ends + 1.0:
            return [line[place] for line in self._lines]
        short = dict(zip(names, short_names(names, width - ends, self._style, size=size), strict=True))
        return [short[name] + end for name, end in parts]

    def _parts(self, size: int, max_parts: int, below: int) -> tuple[int, int]:
        """Return the number of parts, up to ``max_parts``, and of rows in each, with ``below`` lines of text below them."""
        rows = max(self._rows_at(size, below), 1)
        return max(min(max_parts, -(-self._count // rows)), 1), rows

    def _note(self, kept: list[int], rows: int, room: float) -> tuple[str, ...]:
        """Return lines on how many rows and which columns are left out."""
        columns = [column.title for place, column in enumerate(self._columns) if place not in kept]
        parts = [f"{thousands(rows)} more row{'s' * (rows > 1)}"] if rows else []
        if len(columns) > MAX_NAMED:
            parts.append(f"{thousands(len(columns))} more columns")
        elif columns:
            parts.append(f"column{'s' * (len(columns) > 1)} {', '.join(columns)}")
        return tuple(wrapped(self._style, f"… {', '.join(parts)}", room, max_lines=2)) if parts else ()

    def _widths(self, size: int) -> list[float]:
        """Return the widths of all columns in type of ``size``, each with the gap after it, so that several fit."""
        limit = MAX_CELL * self.width + self._style.px(size * GAP)
        return [min(width, limit) for width in self._whole_widths(size)]

    def _whole_widths(self, size: int) -> list[float]:
        """Return the widths in which all texts of each column fit."""
        gap = self._style.px(size * GAP)
        columns = zip(self._headings, *self._lines, strict=True)
        cells = (
            max(text_width(self._style, part, size=size) for text in texts for part in text.split("\n"))
            for texts in columns
        )
        return [width + gap for width in cells]

    def _font(self, size: int) -> QFont:
        return application_font(self._style.px(size), QFont.Weight.Normal, family=self._style.family)

    def _head(self, size: int) -> float:
        """Return the height of the headings."""
        more = max((heading.count("\n") for heading in self._headings), default=0)
        return self._style.px(size * LINE) + more * QFontMetricsF(self._font(size)).lineSpacing()

    def _rows_at(self, size: int, below: int = 0) -> int:
        """Return the number of rows that fit between the headings and ``below`` lines of text."""
        free = self.height - self._head(size) - below * text_height(self._style)
        return int(free / self._style.px(size * LINE))

    @staticmethod
    def _paint_line(
        painter: QPainter, at: QPointF, height: float, texts: Sequence[str], grid: _Grid, colour: QColor
    ) -> None:
        """Paint one line."""
        painter.setPen(colour)
        x, metrics = at.x(), QFontMetricsF(grid.font)
        for place, (text, width) in enumerate(zip(texts, grid.widths, strict=True)):
            box = QRectF(x, at.y(), width - grid.gap + 1.0, height)
            lines = [
                metrics.elidedText(part, Qt.TextElideMode.ElideMiddle, box.width() + 1.0) for part in text.split("\n")
            ]
            painter.drawText(box, _RIGHT if place else _LEFT, "\n".join(lines))
            x += width


def _parted(text: str) -> tuple[str, str]:
    """Return ``text`` in two parts, of which the second is the number, and the mark of a wrong class, at its end."""
    match = _NUMBER.search(text)
    end = match[0] if match else ""
    return text.removesuffix(end), end


def _grown(widths: list[float], whole: list[float], room: float) -> list[float]:
    """Return ``widths`` with what is left of ``room`` shared by those that are narrower than the ``whole`` texts."""
    lacking = [each - width for each, width in zip(whole, widths, strict=True)]
    share = min(max(room - sum(widths), 0.0) / max(sum(lacking), 1e-9), 1.0)
    return [width + share * each for width, each in zip(widths, lacking, strict=True)]


def _in_two(heading: str) -> str:
    """Return ``heading``, in two lines of about the same length if it has several words."""
    gaps = [place for place, letter in enumerate(heading) if letter == " "]
    if not gaps:
        return heading
    middle = min(gaps, key=lambda place: abs(2 * place + 1 - len(heading)))
    return f"{heading[:middle]}\n{heading[middle + 1 :]}"


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
        item = _TableItem(self._columns, lines, len(self._order), chosen, style)
        return FittedView(item, background=style.theme.panel)

    def figure_text(self) -> FigureText:
        """Return title and sentence."""
        return FigureText(self.figure_title, finding=self._sentence)

    def figure_table(self) -> Table:
        """Return every row, with numbers at full precision."""
        headings = tuple(column.title for column in self._columns)
        rows = [tuple(self._rows.number(row, column) for column in self._columns) for row in self._order.tolist()]
        return Table(headings, rows)
