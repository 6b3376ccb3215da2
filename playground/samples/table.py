"""The view of the data table; its current line is the session's selected sample."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFont, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QWidget
from typing_extensions import override

from core.data.sample import Sample
from playground.plotting.drawing.pencil import text_width
from playground.samples.model import SampleModel
from playground.samples.rows import SampleRows
from playground.style.resources import application_font
from playground.style.theme import TEXT_CONTROL, TEXT_LABEL, Style
from playground.widgets.guard import guarded
from playground.widgets.selection_table import SelectionTable

ROW_HEIGHT: Final = 22
_MAX_WIDTH: Final = 150
_MAX_SPREAD_WIDTH: Final = 200
"""Maximum width of a column that takes a share of the room that is left; wider gaps between numbers are hard to read."""

_MIN_TARGET_WIDTH: Final = 40
"""Minimum width of the targets, whose names the predictions repeat."""

_CELL_PADDING: Final = 20
_HEADING_PADDING: Final = 30
"""Room beside a heading for its margins and the arrow of the order."""

_PIN_LINE_SPACE: Final = 22
"""Room for the line of a pinned run in a heading."""

RESULTS: Final = ("target", "prediction", "loss")
"""Kinds of columns that come first in a very narrow table."""

FIRST: Final = ("sample", *RESULTS)
"""Kinds of columns that come first in a narrow table."""

_ROWS_FOR_WIDTH: Final = 60
"""Number of rows used to determine the widths of the columns."""


class SampleTable(SelectionTable):
    """Shows a :class:`SampleModel`.

    Signals:
        sample_chosen: the :class:`Sample` in the line that the user chose.
    """

    sample_chosen = Signal(object)

    def __init__(self, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._style = style
        self._sample: Sample | None = None
        self._needed: list[int] = []
        self._given: list[int] = []
        self.setObjectName("sampleTable")
        self.setAccessibleName("Samples: raw values, target, prediction and loss")
        self.samples = SampleModel(style, self)
        self.setModel(self.samples)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerItem)
        self.setTabKeyNavigation(False)
        self.setMinimumSize(80, 60)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header = self.horizontalHeader()
        header.setMinimumSectionSize(28)
        header.setSortIndicator(0, Qt.SortOrder.AscendingOrder)
        self.setSortingEnabled(True)
        # Sorting or new data resets the current line, so restore it.
        self.samples.modelReset.connect(self._after_reset)
        self.samples.layoutChanged.connect(lambda: self.show_sample(self._sample))
        self.row_chosen.connect(self._choose)
        self.set_style(style)

    def show_rows(self, rows: SampleRows, *, resort: bool) -> None:
        """Show ``rows`` in the current order or, with ``resort``, sorted again."""
        self.samples.show_rows(rows, resort=resort)

    def sort_worst_first(self) -> None:
        """Sort by loss, the largest first."""
        self.sortByColumn(self.samples.column_of("loss"), Qt.SortOrder.DescendingOrder)
        self.scrollToTop()

    def is_worst_first(self, column: int, order: Qt.SortOrder) -> bool:
        """Return whether sorting by ``column`` in ``order`` is worst first."""
        columns = self.samples.columns
        return column < len(columns) and columns[column].kind == "loss" and order == Qt.SortOrder.DescendingOrder

    def show_sample(self, sample: Sample | None) -> None:
        """Select the line of ``sample``, or none."""
        is_new, self._sample = sample != self._sample, sample
        # Do not scroll back to a sample that is selected already: the user may have scrolled elsewhere.
        self.follow_row(self.samples.line_of(sample), scroll=is_new)

    def set_style(self, style: Style) -> None:
        """Set colours, fonts and heights from ``style``."""
        self._style = style
        font = application_font(style.px(TEXT_LABEL), QFont.Weight.Normal, family=style.family)
        self.setFont(font)
        self.horizontalHeader().setFont(font)
        self.verticalHeader().setDefaultSectionSize(round(style.px(ROW_HEIGHT)))
        self.samples.set_style(style)
        self._fit_columns()

    def _after_reset(self) -> None:
        header, by = self.horizontalHeader(), self.samples.sorted_by
        if (header.sortIndicatorSection(), header.sortIndicatorOrder()) != by:
            header.setSortIndicator(*by)  # the columns of a pinned run have moved it
        self._fit_columns()
        self.show_sample(self._sample)

    def _fit_columns(self) -> None:
        """Make each column as wide as its heading and its first rows, so that many fit side by side."""
        model, px = self.samples, self._style.px
        lines = min(model.rowCount(), _ROWS_FOR_WIDTH)
        self._needed = []
        for column in range(len(model.columns)):
            heading = str(model.headerData(column, Qt.Orientation.Horizontal)).strip()
            texts = [str(model.index(line, column).data()) for line in range(lines)]
            longest = max((text_width(self._style, text, size=TEXT_CONTROL) for text in texts), default=0.0)
            room = px(_HEADING_PADDING) + (px(_PIN_LINE_SPACE) if model.columns[column].run else 0.0)
            needed = max(longest + px(_CELL_PADDING), text_width(self._style, heading) + room)
            self._needed.append(round(min(needed, px(_MAX_WIDTH))))
        self._share_room()

    def _share_room(self) -> None:
        """Widen the columns to fill the table as far as their maximum widths allow, unless the user has set their widths.

        Where not all columns fit, target, prediction and loss precede the inputs, and in very narrow tables the number of
        the sample, too, so that they are seen without scrolling.
        """
        self._order_columns()
        header, widest = self.horizontalHeader(), round(self._style.px(_MAX_SPREAD_WIDTH))
        widths = spread(self._fitted(), self.viewport().width(), widest)
        for column, width in enumerate(widths):
            self.setColumnWidth(column, width)
        self._given = [header.sectionSize(column) for column in range(header.count())]
        if widths:
            self.setMaximumWidth(widest * len(widths) + self.width() - self.viewport().width())

    def _fitted(self) -> list[int]:
        """Return the widths needed; names of targets are elided where prediction and loss would not fit beside them."""
        px, columns, needed = self._style.px, self.samples.columns, list(self._needed)
        over = sum(width for width, column in zip(needed, columns, strict=True) if column.kind in RESULTS)
        over -= self.viewport().width()
        for place, column in enumerate(columns):
            if column.kind == "target" and over > 0:
                needed[place] = max(needed[place] - over, min(needed[place], round(px(_MIN_TARGET_WIDTH))))
        return needed

    def _order_columns(self) -> None:
        """Show the columns in the order of the model if all fit, else the inputs after the results."""
        header, columns, room = self.horizontalHeader(), self.samples.columns, self.viewport().width()
        order = list(range(len(columns)))
        if sum(self._needed) > room:
            order.sort(key=lambda column: columns[column].kind == "input")
            if sum(self._needed[column] for column in order if columns[column].kind in FIRST) > room:
                order.sort(key=lambda column: columns[column].kind not in RESULTS)
        for visual, column in enumerate(order):
            header.moveSection(header.visualIndex(column), visual)

    @override
    @guarded
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the new room among the columns."""
        super().resizeEvent(event)
        header = self.horizontalHeader()
        if self._given == [header.sectionSize(column) for column in range(header.count())]:
            self._share_room()

    def _choose(self, line: int) -> None:
        sample = self.samples.sample(line)
        if sample is not None:
            self._sample = sample
            self.sample_chosen.emit(sample)


def spread(needed: Sequence[int], room: int, widest: int) -> list[int]:
    """Return widths of at least ``needed`` and at most ``widest`` that fill ``room``, as equal as possible; all in pixels."""
    left, widths = room, dict(enumerate(needed))
    for count, column in zip(range(len(needed), 0, -1), sorted(widths, key=lambda each: -needed[each]), strict=True):
        widths[column] = max(widths[column], min(left // count, widest))
        left -= widths[column]
    return [widths[column] for column in range(len(needed))]
