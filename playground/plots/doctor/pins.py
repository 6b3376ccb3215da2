"""What the doctor finds in pinned runs: a muted line for each, in the list and in its picture."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QGridLayout, QWidget

from playground.plots.doctor.data import DoctorData
from playground.plotting.canvas.pin_legend import SAMPLE, line_sample, pin_pen
from playground.plotting.drawing.pencil import elided, text_height, text_width, write
from playground.plotting.pins.ghosts import Ghost
from playground.style.theme import GRID, TEXT_LABEL, Style
from playground.widgets.plain_text import PlainLabel

NOT_FOUND: Final = "no problem found"
BRIEFLY: Final = "no problem"


def pinned_text(ghost: Ghost[DoctorData]) -> str:
    """Return the findings in a pinned run, the worst first: ``before: dead neurons; steps too large``."""
    titles = [f"{title[:1].lower()}{title[1:]}" for title in (finding.title for finding in ghost.data.findings)]
    return f"{ghost.name}: {'; '.join(titles) or NOT_FOUND}"


class PinnedFindings(QWidget):
    """Lists pinned runs, each with a sample of its line; hidden without any."""

    def __init__(self, style: Style) -> None:
        super().__init__()
        self._style = style
        self._ghosts: tuple[Ghost[DoctorData], ...] = ()
        self._shown: object = None
        self.setObjectName("pinnedFindings")
        self.setProperty("role", "clear")
        self.labels: list[PlainLabel] = []
        self._marks: list[PlainLabel] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(GRID)
        self._grid.setVerticalSpacing(GRID // 2)
        self._grid.setColumnStretch(1, 1)
        self.hide()

    def show_pins(self, ghosts: tuple[Ghost[DoctorData], ...]) -> None:
        """Show what was found in ``ghosts``."""
        self._ghosts = ghosts
        self._fill()

    def set_style(self, style: Style) -> None:
        """Draw in ``style``."""
        self._style = style
        self._fill()

    def _fill(self) -> None:
        texts = [(pinned_text(ghost), ghost.colour) for ghost in self._ghosts]
        if (texts, self._style) == self._shown:
            return
        self._shown = (texts, self._style)
        while len(self.labels) < len(texts):
            self._add_row()
        for row, (mark, label) in enumerate(zip(self._marks, self.labels, strict=True)):
            for part in (mark, label):
                part.setVisible(row < len(texts))
            if row < len(texts):
                label.setText(texts[row][0])
                label.setStyleSheet(f"font-size: {round(self._style.px(TEXT_LABEL))}px;")
                mark.setPixmap(line_sample(self._style, texts[row][1], self.devicePixelRatioF()))
        self.setVisible(bool(texts))

    def _add_row(self) -> None:
        mark, label = PlainLabel(), PlainLabel()
        label.setProperty("role", "muted")
        label.setWordWrap(True)
        row = len(self.labels)
        self._grid.addWidget(mark, row, 0, Qt.AlignmentFlag.AlignTop)
        self._grid.addWidget(label, row, 1)
        self._marks.append(mark)
        self.labels.append(label)


def paint_pinned_lines(p: QPainter, rect: QRectF, ghosts: Sequence[Ghost[DoctorData]], style: Style) -> float:
    """Write a line for each pinned run at the lower end of ``rect``, and return where they begin."""
    line = text_height(style) + style.px(3)
    top = rect.bottom() - line * len(ghosts)
    for number, ghost in enumerate(ghosts):
        y, left = top + line * (number + 0.5), rect.left() + style.px(SAMPLE + 6)
        p.setPen(pin_pen(style, ghost.colour))
        p.drawLine(QPointF(rect.left(), y), QPointF(rect.left() + style.px(SAMPLE), y))
        room, text = rect.right() - left, pinned_text(ghost)
        if text_width(style, text) > room:
            text = text.replace(NOT_FOUND, BRIEFLY)
        text = elided(style, text, room)
        write(p, style, QPointF(left, y), text, colour=style.theme.muted)
    return top
