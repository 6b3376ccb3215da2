"""The card of the confusion matrix: true against predicted classes."""

from __future__ import annotations

from collections.abc import Hashable
from typing import TYPE_CHECKING, Final

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from core.arrays import Floats, Integers
from core.formulas.metrics import confusion_matrix, predicted_class
from core.training.snapshot import Snapshot
from playground.plots.confusion.pins import cell_of, paint_changes, paint_counts, strip_height, type_size
from playground.plots.confusion.sentence import confusion_sentences
from playground.plotting.canvas.axes import LABEL_GAP
from playground.plotting.canvas.canvas import Area, Canvas
from playground.plotting.cards.plot_card import PlotCard
from playground.plotting.drawing.pencil import Align, faded, read_out, text_height, text_width, write
from playground.plotting.drawing.short_names import short_names
from playground.plotting.pictures.picture import Picture
from playground.plotting.pins.ghosts import Ghost
from playground.plotting.pins.run_tables import CURRENT
from playground.style.numbers import percent, thousands
from playground.style.theme import TEXT_LABEL, Style
from playground.widgets.figure import Table
from playground.widgets.plot import Plot

if TYPE_CHECKING:
    from playground.session import Session
    from playground.session.pins import Pin


READABLE: Final = 6
"""Smallest number of letters of a shortened name that can be understood."""

MAX_LEFT: Final = 84.0
"""Maximum width of the names at the left, in pixels at scale 1."""

MAX_LEFT_SHARE: Final = 0.25
"""The same in a picture, as a share of its width, if that is more."""

DARK_FROM: Final = 0.45
"""Share of its row above which a cell is dark, with light text."""

LARGE_SIZES: Final = (32.0, 28.0, 24.0, 20.0, 17.0, 14.0)
"""Font sizes of the counts in large cells, in pixels at scale 1."""

DIGIT_HEIGHT: Final = 0.8
"""Height of a digit with space around it, relative to the font size."""

MAX_HEIGHT_SHARE: Final = 0.3
MAX_WIDTH_SHARE: Final = 0.5
"""Maximum shares of a cell that a large count takes."""


class ConfusionData(Struct, frozen=True):
    """Data of the confusion matrix.

    Attributes:
        counts: (K, K), number of samples by true class (row) and predicted class (column).
        names: names of the K classes.
        source: ``test set`` or ``training set``.
    """

    counts: Integers
    names: tuple[str, ...]
    source: str


class ConfusionPicture(Picture[ConfusionData]):
    """Draws :class:`ConfusionData` on a canvas."""

    def __init__(self, canvas: Canvas) -> None:
        super().__init__(canvas)
        self._add_layer(self._paint, 1)
        self._add_ghost_layer(self._paint_pin, 2)
        self._add_layer(self._paint_read_out, 3)

    @override
    def _arrange(self, data: ConfusionData, style: Style, before: ConfusionData | None) -> None:
        count = len(data.names)
        longest = max(text_width(style, name) for name in data.names) / style.scale
        most = MAX_LEFT
        if self._canvas.still:  # an elided name cannot be hovered there
            most = max(most, MAX_LEFT_SHARE * self._canvas.width() / style.scale)
        names, rows = self._names(data, min(longest + 12.0, most), style)
        is_cut = any(name != whole and len(name) < READABLE for name, whole in zip(names, data.names, strict=True))
        if self._canvas.still and ((names != data.names and rows == data.names) or is_cut or len(set(names)) < count):
            # A picture has nowhere else to name the classes in full, so they are numbered.
            numbers = tuple(str(number) for number in range(1, count + 1))
            wide = text_width(style, f"{numbers[-1]} ") / style.scale
            left = min(longest + 12.0 + wide, most)
            self._names(data, left, style)
            short = short_names(data.names, style.px(left - 8 - wide), style)
            names, rows = numbers, tuple(f"{number} {name}" for number, name in zip(numbers, short, strict=True))
        self._canvas.bottom.show_ticks(_middles(names), style, name="predicted")
        ticks = tuple((count - position, name) for position, name in _middles(rows))
        self._canvas.left.show_ticks(ticks, style, name="true")

    def _names(self, data: ConfusionData, left: float, style: Style) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Lay the matrix out with ``left`` for the names of its rows; return those of columns and rows, cut where necessary."""
        count = len(data.names)
        self._canvas.arrange(style, left=left, bottom=38, top=20, right=6)
        self._canvas.set_ranges((0.0, float(count)), (0.0, float(count)))
        room = self._canvas.area().rect.width() / count - style.px(LABEL_GAP + 1)  # closer ones would be left out
        return short_names(data.names, room, style), short_names(data.names, style.px(left - 8), style)

    def _paint(self, p: QPainter, area: Area, data: ConfusionData, style: Style) -> None:
        count = len(data.names)
        shares = _shares(data)
        ink, panel = style.theme.ink, style.theme.panel
        strip = strip_height(self._pin_size(area, style), style)
        size = _count_size(area, data, strip, style)
        for (row, column), share in np.ndenumerate(shares):
            cell = cell_of(area, count, row, column)
            p.setPen(Qt.PenStyle.NoPen)
            p.setBrush(faded(ink, _opacity(float(share))))
            if count <= 5 or area.still:
                p.drawRoundedRect(cell.adjusted(1, 1, -1, -1), style.px(3), style.px(3))
            else:
                p.fillRect(cell.adjusted(0.5, 0.5, -0.5, -0.5), p.brush())
            number = int(data.counts[row, column])
            # In cells too small for all counts, those that fit, foremost the mistakes, are written.
            is_bold = row == column and _fits(number, cell, style, size, bold=True)
            if size is not None and (number or count <= 5) and (is_bold or _fits(number, cell, style, size)):
                dark = float(share) > DARK_FROM
                colour = QColor(panel) if dark else QColor(ink) if number else QColor(style.theme.muted)
                write(
                    p,
                    style,
                    cell.center() - QPointF(0.0, strip / 2),
                    thousands(number),
                    colour=colour,
                    align=Align.AlignHCenter,
                    bold=is_bold,
                    size=size,
                )

    def _pin_size(self, area: Area, style: Style) -> float:
        return type_size(area, [ghost.data.counts for ghost in self._drawn], style)

    def _paint_pin(self, p: QPainter, area: Area, ghost: Ghost[ConfusionData], style: Style) -> None:
        drawn, size, now = self._drawn, self._pin_size(area, style), self._data
        if size:
            paint_counts(p, area, ghost.data.counts, ghost, (drawn.index(ghost), len(drawn)), size, style)
        elif now is not None:
            paint_changes(p, area, ghost.data.counts, now.counts, ghost, style)

    @override
    def _ghost_key(self) -> Hashable:
        return None if self._data is None else self._data.counts.tobytes()

    def _paint_read_out(self, p: QPainter, area: Area, data: ConfusionData, style: Style) -> None:
        mouse, count = self._hover, len(data.names)
        if mouse is None or not area.rect.contains(mouse):
            return
        row = min(int((mouse.y() - area.rect.top()) / area.rect.height() * count), count - 1)
        column = min(int((mouse.x() - area.rect.left()) / area.rect.width() * count), count - 1)
        lines = [
            ("true", data.names[row]),
            ("predicted", data.names[column]),
            ("samples", thousands(int(data.counts[row, column]))),
            (f"of all {data.names[row]}", percent(float(_shares(data)[row, column]))),
        ]
        lines += [(f"samples, {each.name}", thousands(int(each.data.counts[row, column]))) for each in self._drawn]
        read_out(p, style, mouse, area.rect, lines)


class ConfusionPlot(PlotCard[ConfusionData]):
    """Counts of true against predicted classes, on the test set if there is one."""

    figure_key = "confusion"
    is_table = True

    def __init__(self, session: Session, style: Style, parent: QWidget | None = None) -> None:
        super().__init__("Confusion", "confusionPlot", session, style, parent)
        self._data: ConfusionData | None = None

    @staticmethod
    def applies(snapshot: Snapshot) -> bool:
        """Return whether there are more than two classes."""
        return snapshot.data.classes > 2

    @override
    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Draw the matrix of ``snapshot``, or a message if the task has no more than two classes."""
        if not self.applies(snapshot):
            self._data = None
            self._picture.clear()
            self.say("only for more than two classes")
            return
        data = confusion_data(snapshot)
        sentences = _sentences(data)
        if self.must_wait(snapshot, sentences):
            return
        before, self._data = self._data, data
        if before is None or before.names != data.names or not np.array_equal(before.counts, data.counts):
            self.redraw()
        self.say(*sentences)

    @override
    def plot_of(self, data: ConfusionData, style: Style) -> Plot | None:
        from playground.plots.confusion.typeset import matrix_plot  # imported late: only needed for LaTeX

        return matrix_plot(data.counts, data.names, style)

    @override
    def figure_plot(self, style: Style) -> Plot | None:
        """Return a matrix for each run."""
        runs = [(CURRENT, self.shown()), *((ghost.name, ghost.data) for ghost in self.ghosts())]
        plots = [(name, self.plot_of(data, style)) for name, data in runs if data is not None]
        panes = [(name, pane) for name, plot in plots if plot is not None for pane in plot.panes]
        if len(panes) == 1:
            return Plot((panes[0][1],))
        return Plot(tuple(replace(pane, title=name) for name, pane in panes)) if panes else None

    @override
    def make_picture(self, canvas: Canvas) -> ConfusionPicture:
        return ConfusionPicture(canvas)

    @override
    def shown(self) -> ConfusionData | None:
        return self._data

    @override
    def ghost_of(self, pin: Pin, snapshot: Snapshot) -> ConfusionData | None:
        """Return the matrix of a pinned run with the same classes."""
        if self._data is None or not self.applies(snapshot) or snapshot.data.class_names != self._data.names:
            return None
        return confusion_data(snapshot)

    @override
    def ghost_choices(self) -> Hashable:
        return None if self._data is None else self._data.names

    @override
    def pair_data(self) -> tuple[Pin, ConfusionData] | None:
        pin = self._session.pins.compared
        if pin is None or not self.applies(pin.run.snapshot):
            return None
        return pin, confusion_data(pin.run.snapshot)

    @override
    def ghost_sentences(self, pin: Pin, data: ConfusionData) -> tuple[str, ...]:
        # The sentence on the current run names the set.
        return tuple(each.removeprefix(f"{data.source}: ") for each in _sentences(data))

    @override
    def figure_note(self) -> str:
        return self._data.source if self._data is not None else ""

    @override
    def table_of(self, data: ConfusionData | None) -> Table:
        if data is None:
            return Table(("true",), [])
        rows = zip(data.names, data.counts.tolist(), strict=True)
        return Table(("true \\ predicted", *data.names), [(name, *row) for name, row in rows])

    def figure_chart(self, style: Style) -> Table | None:  # noqa: ARG002 - tables have the deck's style
        """Return the counts as a table."""
        return None if self.shown() is None else self.figure_table()


def _count_size(area: Area, data: ConfusionData, strip: float, style: Style) -> float | None:
    """Return the font size of the counts: large in large cells, above a ``strip`` in pixels; ``None`` in low cells."""
    longest = thousands(int(data.counts.max()))
    cell = cell_of(area, len(data.counts), 0, 0)
    room = cell.width() - style.px(2)
    large = (s for s in LARGE_SIZES if text_height(style, size=s) <= MAX_HEIGHT_SHARE * (cell.height() - strip))
    for size in large:
        if text_width(style, longest, bold=True, size=size) <= MAX_WIDTH_SHARE * room:
            return size
    lowest = style.px(TEXT_LABEL) * DIGIT_HEIGHT
    return TEXT_LABEL if area.still or lowest <= cell.height() - strip else None


def _fits(number: int, cell: QRectF, style: Style, size: float | None, *, bold: bool = False) -> bool:
    """Return whether ``number`` is narrower than its ``cell``, which it may fill, also in another font."""
    plain = replace(style, is_roomy=False)
    return size is not None and text_width(plain, thousands(number), bold=bold, size=size) < cell.width()


def _shares(data: ConfusionData) -> Floats:
    """Return the share of its row for each cell, (K, K)."""
    return np.asarray(data.counts / np.maximum(data.counts.sum(axis=1, keepdims=True), 1))


def confusion_data(snapshot: Snapshot) -> ConfusionData:
    """Return the matrix over the test set, or over the training set without a test set."""
    data = snapshot.data
    tested = len(data.x_test) > 0
    prediction = snapshot.test_prediction if tested else snapshot.trace.prediction
    labels = (data.labels_test if tested else data.labels_train)[: len(prediction)].astype(np.int64)
    predicted = np.argmax(prediction, axis=1) if data.coding == "value" else predicted_class(prediction, data.coding)
    counts = confusion_matrix(predicted, labels, data.classes)
    return ConfusionData(counts, data.class_names, "test set" if tested else "training set")


def _sentences(data: ConfusionData) -> tuple[str, ...]:
    return confusion_sentences(data.counts, data.names, data.source)


def _opacity(share: float) -> float:
    """Return the opacity of a cell with ``share`` of its row; medium greys, on which no text is readable, are left out."""
    return 0.65 + 0.27 * (share - DARK_FROM) if share > DARK_FROM else 0.05 + 0.66 * share


def _middles(names: tuple[str, ...]) -> tuple[tuple[float, str], ...]:
    return tuple((index + 0.5, name) for index, name in enumerate(names))
