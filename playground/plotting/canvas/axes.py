"""Plot axes without a frame, with muted labels outside and optional hairlines across the plot."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter, QPainterPath
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from playground.plotting.canvas.ticks import Ticks, apart
from playground.plotting.drawing.cached import CachedPixmap
from playground.plotting.drawing.pencil import Align, elided, pen, text_height, text_width, write
from playground.style.theme import Style
from playground.widgets.guard import guarded, guarded_or
from playground.widgets.plain_text import plain_tip

if TYPE_CHECKING:
    from PySide6.QtWidgets import QStyleOptionGraphicsItem


TICK_GAP: Final = 7.0
"""Distance between the labels of the left axis and the plot, in pixels at scale 1."""

LABEL_GAP: Final = 4.0
"""Smallest distance between labels of the bottom axis in pixels at scale 1; closer ones are left out."""


_OF_WHAT: Final = re.compile(r" of [^()]*\)$")
_MORE: Final = re.compile(r"( \([^()]*\)|, .*)$")

CROWDED: Final = 0.8
"""Distance of labels of the left axis, as a share of the height of a line, below which one of them is left out."""


def shorter_names(name: str) -> Iterator[str]:
    """Yield ``name`` of an axis, and it with less of what it says about the direction: ``direction 1 (94 % of the path)``."""
    yield name
    yield _OF_WHAT.sub(")", name)
    yield _MORE.sub("", name)


class PlainAxis(pg.AxisItem):  # type: ignore[misc]
    """An axis with explicit ticks, and optionally a name and hairlines.

    Args:
        orientation: ``"left"`` or ``"bottom"``.
        style: theme and scale.
        inset: distance of names from the edges of the canvas in pixels at scale 1.
        still: whether it is part of an exported figure; otherwise it keeps what it has drawn as a pixmap.
    """

    def __init__(self, orientation: str, style: Style, inset: float = 0.0, *, still: bool = False) -> None:
        super().__init__(orientation)
        self._drawn = None if still else CachedPixmap()
        self._inset = inset
        self._style = style
        self._ticks: Ticks = ()
        self._name = ""
        self._hairlines = False
        self._inline = False
        self._reserved = 0.0
        self._name_place = QRectF()
        self._is_left = orientation == "left"
        # With a grid enabled, pyqtgraph repaints the axis whenever it repaints the plot; the hairlines need that.
        self.setGrid(1)
        self.enableAutoSIPrefix(False)

    def show_ticks(
        self,
        ticks: Ticks,
        style: Style,
        *,
        name: str = "",
        hairlines: bool = False,
        inline: bool = False,
        reserved: float = 0.0,
    ) -> None:
        """Draw ``ticks`` in ``style``, with the axis ``name`` outside the labels, or ``inline`` between the last two.

        A name that does not fit is elided, with itself as a tooltip; ``reserved`` pixels at the right of its line are kept
        free for a control.
        """
        wanted = (ticks, style, name, hairlines, inline, reserved)
        known = (self._ticks, self._style, self._name, self._hairlines, self._inline, self._reserved)
        if wanted != known:
            self._ticks, self._style, self._name, self._hairlines, self._inline, self._reserved = wanted
            self.update()

    @override
    def _updateLabel(self) -> None:
        """Do not lay out pyqtgraph's label, which is never shown, whenever a pen or the range changes."""

    @override
    @guarded_or(QRectF())
    def boundingRect(self) -> QRectF:
        """Return the axis plus the plot that its hairlines cross, and the canvas, so that no label is cut off at any scale."""
        around = self._style.px(24)
        mine = QRectF(super().boundingRect()).adjusted(-around, -around, around, around)
        canvas = self.parentItem()
        return mine if canvas is None else mine.united(self.mapRectFromItem(canvas, canvas.boundingRect()))

    @override
    @guarded_or(QPainterPath())
    def shape(self) -> QPainterPath:
        """Return where the tooltip is shown: over the name."""
        path = QPainterPath()
        path.addRect(self._name_place)
        return path

    def _write_name(self, p: QPainter, at: QPointF, align: Align) -> None:
        """Write the name at ``at``, shifted and elided so that it stays on the canvas."""
        style = self._style
        left, right = self._ends()
        left, right = left + style.px(self._inset), right - style.px(self._inset)
        room = max(right - left - self._reserved, 1.0)
        whole = next((each for each in shorter_names(self._name) if text_width(style, each) <= room), self._name)
        text = elided(style, whole, room)
        width = text_width(style, text)
        start = at.x() - (width if align == Align.AlignRight else width / 2)
        start = max(min(start, right - self._reserved - width), left)
        write(p, style, QPointF(start, at.y()), text, colour=style.theme.muted)
        self._name_place = QRectF(start, at.y() - text_height(style) / 2, width, text_height(style))
        tip = plain_tip(self._name) if text != self._name else ""
        if tip != self.toolTip():
            self.setToolTip(tip)

    @override
    @guarded
    def paint(self, p: QPainter, opt: QStyleOptionGraphicsItem, widget: QWidget | None) -> None:
        """Draw hairlines and labels."""
        view = self.linkedView()
        if view is None or self._range_is_empty():
            return
        plot = view.mapRectToItem(self, view.boundingRect())
        p.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        transform = p.worldTransform()
        # A pixmap between two pixels would be blurred.
        if self._drawn is None or not (transform.dx().is_integer() and transform.dy().is_integer()):
            self._paint_all(p, plot)
            return
        known = (self._ticks, self._style, self._name, self._hairlines, self._inline, self._reserved)
        key = (*known, *self.range, plot, self._ends(), transform, p.device().devicePixelRatioF())
        self._drawn.paint(p, self.boundingRect(), key, lambda inner: self._paint_all(inner, plot))

    def _paint_all(self, p: QPainter, plot: QRectF) -> None:
        self._name_place = QRectF()
        if self._is_left:
            self._paint_left(p, plot)
        else:
            self._paint_bottom(p, plot)

    def _range_is_empty(self) -> bool:
        low, high = self.range
        return not high > low

    def _fraction(self, value: float) -> float:
        low, high = self.range
        return float((value - low) / (high - low))

    def _ends(self) -> tuple[float, float]:
        """Return the left and right edges of the canvas; labels stay between them."""
        canvas = self.mapRectFromItem(self.parentItem(), self.parentItem().boundingRect())
        return float(canvas.left()), float(canvas.right()) - 1.0

    def _paint_left(self, p: QPainter, plot: QRectF) -> None:
        style = self._style
        rows = [plot.bottom() - self._fraction(value) * plot.height() for value, _ in self._ticks]
        labelled = apart(rows, CROWDED * text_height(style))
        for number, ((_, label), y) in enumerate(zip(self._ticks, rows, strict=True)):
            if self._hairlines:
                p.setPen(pen(style.theme.line, max(1.0, style.scale)))
                p.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y))
            at = QPointF(plot.left() - style.px(TICK_GAP), y)
            if number in labelled:
                write(p, style, at, label, colour=style.theme.muted, align=Align.AlignRight)
        if self._name:
            # There is no space beside the top label, so the name is above it.
            # A long name starts at the edge and extends over the plot.
            at = QPointF(plot.left() - style.px(7), plot.top() - text_height(style))
            if self._inline and len(rows) > 1:
                if abs(rows[-1] - rows[-2]) < 2 * CROWDED * text_height(style):
                    return
                at = QPointF(plot.left() - style.px(7), (rows[-1] + rows[-2]) / 2)
            self._write_name(p, at, Align.AlignRight)

    def _paint_bottom(self, p: QPainter, plot: QRectF) -> None:
        style = self._style
        y = plot.bottom() + style.px(5) + text_height(style) / 2
        taken = -1e9
        left_end, right_end = self._ends()
        for value, label in self._ticks:
            x = plot.left() + self._fraction(value) * plot.width()
            if self._hairlines:
                p.setPen(pen(style.theme.line, max(1.0, style.scale)))
                p.drawLine(QPointF(x, plot.top()), QPointF(x, plot.bottom()))
            half = text_width(style, label) / 2
            x = min(max(x, left_end + half), right_end - half)
            if x - half > taken:
                write(p, style, QPointF(x, y), label, colour=style.theme.muted, align=Align.AlignHCenter)
                taken = x + half + style.px(LABEL_GAP)
        if self._name:
            at = QPointF(plot.center().x(), y + text_height(style) + style.px(1))
            if self._inline and len(self._ticks) > 1:
                (low, left), (high, right) = self._ticks[-2:]
                between = (self._fraction(low) + self._fraction(high)) / 2
                at = QPointF(plot.left() + between * plot.width(), y)
                room = (self._fraction(high) - self._fraction(low)) * plot.width() - style.px(6)
                if text_width(style, self._name) + (text_width(style, left) + text_width(style, right)) / 2 > room:
                    return
            self._write_name(p, at, Align.AlignHCenter)
