"""A storyboard: moments of training side by side, with what changed from one to the next."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from msgspec import Struct, structs
from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, QPointF, QRect, QSizeF
from PySide6.QtGui import QImage, QPageLayout, QPageSize, QPainter, QPdfWriter

from core.errors import PlaygroundError
from core.experiment.epoch_text import epoch_text
from core.experiment.naming import SEPARATOR, distinguishing
from core.training.origins.origin import Origin
from core.training.pins.pinned_run import PinnedRun
from playground.export.deck.content import ABOVE, BELOW, DeckSlide, Panel
from playground.export.deck.deck import prepare_slides
from playground.export.deck.design import Box, Design, own_design, template_design
from playground.export.deck.moments import CELL, cell_look
from playground.export.display_list import DisplayList, play
from playground.export.pdf_identity import PLACEHOLDER, without_time
from playground.export.raster import png_of
from playground.export.xml_text import xml_text
from playground.plotting.canvas.captions import wrapped
from playground.plotting.drawing.pencil import text_height, write
from playground.style.numbers import short
from playground.style.theme import Style, Theme

GAP: Final = 110_000
MAX_TITLE: Final = 90
"""Maximum number of letters of a title that names every moment."""

DOTS_PER_INCH: Final = 96
_SHEET_SCALE: Final = 2.9
"""Scale of text on a sheet: 32 pixels."""

_COLUMN: Final = 900
_EDGE: Final = 60
_SPACE: Final = 36


class Moment(Struct, frozen=True, eq=False):
    """One moment of a storyboard.

    Attributes:
        name: its name.
        run: the run at this moment.
        origin: what opening the deck restores.
        changes: what changed since the moment before it; empty for the first.
    """

    name: str
    run: PinnedRun
    origin: Origin
    changes: str = ""


class Picture(Struct, frozen=True, eq=False):
    """One figure at one moment, recorded in the GUI thread.

    Attributes:
        commands: the paint commands, of ``CELL`` pixels.
        key: key of the figure.
        view: the options of its card.
    """

    commands: DisplayList
    key: str
    view: str


class Row(Struct, frozen=True, eq=False):
    """One figure at each moment.

    Attributes:
        title: name of the figure.
        pictures: one for each moment; ``None`` where it does not apply.
    """

    title: str
    pictures: tuple[Picture | None, ...]


def changes_between(before: PinnedRun, after: PinnedRun) -> str:
    """Return what differs: settings, epoch and loss, such as ``ReLU instead of tanh · epoch 0 → 500 · test loss 0.5 → 0.02``."""
    old = SEPARATOR.join(distinguishing(before.experiment, after.experiment))
    new = SEPARATOR.join(distinguishing(after.experiment, before.experiment))
    settings = f"{new or 'without'} {'instead of ' if new else ''}{old}" if old else new
    first, last = before.snapshot, after.snapshot
    epochs = "" if first.epoch == last.epoch else f"epoch {epoch_text(first.epoch)} → {epoch_text(last.epoch)}"
    has_test = math.isfinite(first.scores.test_loss) and math.isfinite(last.scores.test_loss)
    kind = "test" if has_test else "train"
    losses = [short(getattr(each.scores, f"{kind}_loss"), 2) for each in (first, last)]
    loss = "" if losses[0] == losses[1] else f"{kind} loss {losses[0]} → {losses[1]}"
    return SEPARATOR.join(filter(None, (settings, epochs, loss))) or "no change"


def with_changes(moments: Sequence[Moment]) -> tuple[Moment, ...]:
    """Return ``moments``, each with what changed since the one before it."""
    pairs = itertools.pairwise(moments)
    later = (structs.replace(after, changes=changes_between(before.run, after.run)) for before, after in pairs)
    return (*moments[:1], *later)


def prepare_storyboard_deck(
    moments: Sequence[Moment], rows: Sequence[Row], theme: Theme, template: Path | None, *, by_moment: bool = False
) -> Callable[[], bytes]:
    """Return a function that builds a deck on any thread: a slide for each figure, or with ``by_moment`` for each moment.

    Raises:
        PlaygroundError: the template cannot be used.
    """
    design = own_design() if template is None else template_design(template)
    if by_moment:
        slides = [_moment_slide(number, moments, rows, theme, design) for number in range(len(moments))]
    else:
        slides = [_figure_slide(moments, row, theme, design) for row in rows]
    return prepare_slides(slides, design, theme)


def _figure_slide(moments: Sequence[Moment], row: Row, theme: Theme, design: Design) -> DeckSlide:
    """Return a slide with one figure at every moment."""
    panels = [
        structs.replace(panel, heading=xml_text(moment.name), differences=xml_text(moment.changes))
        for moment, panel in _panels(
            [(m, row.title, p) for m, p in zip(moments, row.pictures, strict=True)], moments, theme, design
        )
    ]
    title = f"{row.title}: {' → '.join(moment.name for moment in moments)}"
    if len(title) > MAX_TITLE:
        title = f"{row.title}: {moments[0].name} → {moments[-1].name}"
    subtitle = changes_between(moments[0].run, moments[-1].run) if len(moments) > 1 else ""
    return _slide(title, subtitle, panels, moments)


def _moment_slide(
    number: int, moments: Sequence[Moment], rows: Sequence[Row], theme: Theme, design: Design
) -> DeckSlide:
    """Return a slide with every figure at one moment."""
    moment = moments[number]
    shown = _panels([(moment, row.title, row.pictures[number]) for row in rows], moments, theme, design)
    titles = [row.title for row in rows if row.pictures[number] is not None]
    panels = [structs.replace(panel, heading=xml_text(title)) for title, (_, panel) in zip(titles, shown, strict=True)]
    return _slide(moment.name, moment.changes, panels, [moment])


def _panels(
    shown: Sequence[tuple[Moment, str, Picture | None]], moments: Sequence[Moment], theme: Theme, design: Design
) -> list[tuple[Moment, Panel]]:
    """Return the panels of a slide, whose axes cover all ``moments``; those without a picture leave their place empty."""
    return [
        (
            moment,
            Panel(
                picture.key,
                picture.commands,
                cell_look(theme),
                box,
                xml_text(f"{title}: {moment.name}"),
                structs.replace(moment.origin, views={picture.key: picture.view}),
                is_moment=True,
                beside=tuple(each.origin for each in moments if each is not moment),
                span=span,
            ),
        )
        for (moment, title, picture), (box, span) in zip(shown, cells(design.body, len(shown)), strict=True)
        if picture is not None
    ]


def _slide(title: str, subtitle: str, panels: Sequence[Panel], moments: Sequence[Moment]) -> DeckSlide:
    title, subtitle = xml_text(title), xml_text(subtitle)
    recipes = xml_text("\n".join(f"{moment.name}: {moment.origin.recipe}" for moment in moments))
    return DeckSlide(title, subtitle, (title, subtitle), "", False, tuple(panels), recipes)


def cells(body: Box, count: int) -> list[tuple[Box, tuple[int, int]]]:
    """Return the places of ``count`` pictures in ``body``, as large as possible, and left and width of the words at each."""
    left, top, width, height = body

    def scale_of(rows: int) -> float:
        columns = -(-count // rows)
        wide, high = (width - (columns - 1) * GAP) / columns, height / rows - ABOVE - BELOW
        return min(wide / CELL[0], high / CELL[1])

    rows = max(range(1, count + 1), key=lambda each: (scale_of(each), -each))
    columns, scale = -(-count // rows), scale_of(rows)
    size = int(CELL[0] * scale), int(CELL[1] * scale)
    wide, high = (width - (columns - 1) * GAP) // columns, size[1] + ABOVE + BELOW
    start = top + (height - rows * high) // 2
    places = []
    for number in range(count):
        row, column = divmod(number, columns)
        x = left + column * (wide + GAP)
        places.append(((x + (wide - size[0]) // 2, start + row * high + ABOVE, *size), (x, wide)))
    return places


class Sheet(Struct, frozen=True, eq=False):
    """A page with a row for each figure and a column for each moment.

    Attributes:
        moments: the columns.
        rows: the rows.
        theme: its colours.
    """

    moments: tuple[Moment, ...]
    rows: tuple[Row, ...]
    theme: Theme

    @property
    def style(self) -> Style:
        """The style of its text."""
        return Style(self.theme, _SHEET_SCALE)

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        width = 2 * _EDGE + len(self.moments) * _COLUMN + (len(self.moments) - 1) * _SPACE
        return width, round(self._head + len(self.rows) * self._row) + _EDGE

    @property
    def _line(self) -> float:
        return text_height(self.style)

    @property
    def _head(self) -> float:
        return _EDGE + 4.5 * self._line

    @property
    def _row(self) -> float:
        return self._line * 1.4 + _COLUMN * CELL[1] / CELL[0] + _SPACE

    def paint(self, p: QPainter) -> None:
        """Paint the page, whose transform must be the identity."""
        style, line = self.style, self._line
        p.setRenderHint(QPainter.RenderHint.Antialiasing)
        p.fillRect(0, 0, *self.size, self.theme.panel)
        for column, moment in enumerate(self.moments):
            x = _EDGE + column * (_COLUMN + _SPACE)
            write(p, style, QPointF(x, _EDGE + line / 2), moment.name, colour=self.theme.ink, bold=True)
            for number, text in enumerate(wrapped(style, moment.changes, _COLUMN, max_lines=3), start=1):
                write(p, style, QPointF(x, _EDGE + (number + 0.6) * line), text, colour=self.theme.muted)
        for number, row in enumerate(self.rows):
            y = self._head + number * self._row
            write(p, style, QPointF(_EDGE, y + line / 2), row.title, colour=self.theme.ink)
            for column, picture in enumerate(row.pictures):
                if picture is not None:
                    corner = (_EDGE + column * (_COLUMN + _SPACE), round(y + 1.4 * line))
                    _play_inside(p, picture.commands, corner)

    def png(self, title: str) -> bytes:
        """Return the page as a PNG file that keeps the last moment.

        Raises:
            PlaygroundError: it is too large.
        """
        image = self.image()
        return png_of(image, title, self.moments[-1].origin)

    def image(self) -> QImage:
        """Return the page as an image.

        Raises:
            PlaygroundError: it is too large.
        """
        image = QImage(*self.size, QImage.Format.Format_RGB32)
        if image.isNull():
            raise PlaygroundError(f"storyboard: not enough memory for {self.size[0]} × {self.size[1]} pixels")
        painter = QPainter(image)
        try:
            self.paint(painter)
        finally:
            painter.end()
        return image

    def pdf(self, title: str) -> bytes:
        """Return the page as a PDF file."""
        buffer = QBuffer()
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        writer = QPdfWriter(buffer)
        writer.setResolution(DOTS_PER_INCH)
        writer.setTitle(title)
        writer.setDocumentId(PLACEHOLDER)
        page = QPageSize(
            QSizeF(*self.size) * (72 / DOTS_PER_INCH), QPageSize.Unit.Point, "", QPageSize.SizeMatchPolicy.ExactMatch
        )
        writer.setPageLayout(QPageLayout(page, QPageLayout.Orientation.Portrait, QMarginsF()))
        painter = QPainter(writer)
        try:
            painter.setRenderHint(QPainter.RenderHint.LosslessImageRendering)
            self.paint(painter)
        finally:
            painter.end()
        return without_time(bytes(buffer.data().data()))


def _play_inside(p: QPainter, commands: DisplayList, corner: tuple[int, int]) -> None:
    """Paint a picture in its place; its commands set the transform, so that it is moved by window and viewport."""
    p.save()
    try:
        p.setWindow(QRect(0, 0, *CELL))
        p.setViewport(QRect(*corner, _COLUMN, round(_COLUMN * CELL[1] / CELL[0])))
        play(commands, p)
    finally:
        p.restore()
