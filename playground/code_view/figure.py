"""Source code as a figure: lines from the first one visible on the card, broken where they are too long."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter
from PySide6.QtWidgets import QGraphicsView, QStyleOptionGraphicsItem, QWidget
from typing_extensions import override

from core.code_export.plan import Script
from core.errors import PlaygroundError
from playground.code_view.code_text import code_font
from playground.code_view.tokens import MAX_SHOWN, colour_of, is_bold, shown_line
from playground.code_view.wrapping import Row, rows_of
from playground.plotting.drawing.pencil import elided, text_width, write
from playground.style.theme import CARD_PADDING, Style
from playground.widgets.figure import FigureText, Table
from playground.widgets.fitted_view import FittedItem, FittedView
from playground.widgets.guard import guarded
from playground.widgets.plot import Listing

LINE: Final = 1.35
"""Line spacing as a multiple of the font size."""

ADVANCE: Final = 0.605
"""Width of a column in font sizes, of the widest usual monospaced font: that of the program which opens an SVG may be another."""


class _CodeItem(FittedItem):
    """Paints coloured lines."""

    def __init__(self, lines: list[str], first: int, style: Style) -> None:
        super().__init__()
        self._lines, self._first, self._style = lines, first, style

    @override
    @guarded
    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Paint the lines that fit, and how many are left out."""
        style, pad = self._style, self._style.px(CARD_PADDING)
        plain = code_font(style)
        bold = QFont(plain)
        bold.setWeight(QFont.Weight.Bold)
        column = max(QFontMetricsF(plain).horizontalAdvance("0"), ADVANCE * plain.pixelSize())
        step = plain.pixelSize() * LINE
        rows, left_out = self._shown(int((self.width - 2 * pad) / column), int((self.height - style.px(8)) / step))
        for number, row in enumerate(rows):
            for span in row:
                painter.setFont(bold if span.kind and is_bold(span.kind) else plain)
                painter.setPen(colour_of(span.kind, style.theme) if span.kind else QColor(style.theme.ink))
                painter.drawText(QPointF(pad + span.column * column, (number + 1) * step), span.text)
        if left_out:
            at = QPointF(pad, (len(rows) + 1) * step - 0.35 * plain.pixelSize())
            fitting = (each for each in left_out if text_width(style, each) <= self.width - 2 * pad)
            last = elided(style, left_out[-1], self.width - 2 * pad)
            write(painter, style, at, next(fitting, last), colour=style.theme.muted)

    def _shown(self, columns: int, room: int) -> tuple[list[Row], tuple[str, ...]]:
        """Return the rows of as many whole lines as fit into ``room`` rows, and sentences on the others, longest first."""
        every = rows_of(self._lines, columns)
        lines = every[self._first :]
        if not self._first and sum(map(len, lines)) <= room:
            return [row for line in lines for row in line], ()
        rows: list[Row] = []
        count = 0
        for line in lines:
            is_last = count == len(lines) - 1 and not self._first
            if rows and len(rows) + len(line) > room - (not is_last):
                break
            rows += line[: max(room - 1, 1)]
            count += 1
        while count and not any(rows[-1:]):  # an empty line before the sentence on the others
            rows.pop()
            count -= 1
        return rows, _left_out(self._first, len(lines) - count)


def _left_out(above: int, below: int) -> tuple[str, ...]:
    """Return how many lines are not in the picture, in words that differ in length, longest first."""
    if not above:
        return (f"… {below} more {_lines(below)}",) if below else ()
    if not below:
        return (f"… {above} {_lines(above)} above",)
    return f"… {above} {_lines(above)} above, {below} more below", f"… {above} above, {below} below"


def _lines(count: int) -> str:
    return "line" if count == 1 else "lines"


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
        lines = [shown_line(line) if _is_packed(line) else line for line in self._lines]
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


def _is_packed(line: str) -> bool:
    """Return whether ``line`` holds packed samples, in a word that would fill the picture."""
    return max(map(len, line.split()), default=0) > MAX_SHOWN
