"""Legends of a map: its colour scale, or its classes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QLinearGradient, QPainter, QPen

from playground.plots.output.data import MapData
from playground.plotting.canvas.canvas import EDGE, Area
from playground.plotting.drawing.pencil import Align, pen, text_width, write
from playground.plotting.drawing.short_names import short_names
from playground.style.numbers import short
from playground.style.patterns import marker, marker_brush, marker_pen
from playground.style.theme import Style

MIN_NAME: Final = 24
"""Minimum width of an elided class name, in pixels at scale 1."""

MAX_ROWS: Final = 4
"""Maximum number of rows of classes below an exported map."""

ROW: Final = 15.0
"""Height of a row of classes, in pixels at scale 1."""

DOT: Final = 7.0
"""Width of a class's dot, in pixels at scale 1."""

BESIDE: Final = 4.0
"""Gap after the dot."""

BETWEEN: Final = 10.0
"""Gap after the name."""

RADIUS: Final = 3.0
"""Radius of a sample, in pixels at scale 1."""

OVER: Final = 26.0
"""How far a legend reaches over the left side of its map at most, in pixels at scale 1."""

STOPS: Final = (0.0, 0.25, 0.5, 0.75, 1.0)
"""Where the colours of the scale are given."""


def point_colour(label: float, data: MapData, style: Style) -> QColor:
    """Return the colour of a sample with ``label``."""
    if data.data.coding == "value":
        return style.theme.on_map(style.theme.sign_colour(label, data.scale))
    colour = style.theme.class_colour(int(label), data.data.classes)
    # A map of several classes is already paler than the class colours.
    return style.theme.on_map(colour) if data.probabilities is None else colour


def paint_marker(p: QPainter, at: QPointF, radius: float, number: int, style: Style) -> None:
    """Draw the marker of class ``number`` in a printed theme."""
    p.setPen(marker_pen(number, pen(style.theme.panel, style.px(0.9)), style))
    p.setBrush(marker_brush(number, style.theme.ink, style))
    p.drawPath(marker(number, at, radius, style))


def paint_colour_bar(p: QPainter, area: Area, y: float, data: MapData, style: Style) -> None:
    """Draw the colour scale below the map, at ``y``."""
    width, height = min(style.px(140), area.rect.width() * 0.5), style.px(7)
    left = area.rect.center().x() - width / 2
    numbered = style.theme.printed and data.data.coding != "value"
    has_word = area.still
    if area.still:  # the word at its left where there is room, all of it in the middle
        before, after = (text_width(style, end_label(value)) + style.px(18 if numbered else 6) for value in data.ends)
        room = area.rect.adjusted(-style.px(OVER), 0.0, 0.0, 0.0)
        word_width = style.px(8) + text_width(style, "prediction")
        # The last number may lie over the margin at the right, but not beyond it.
        has_word = before + word_width + style.px(20) + after <= room.width() + style.px(8)
        before += word_width * has_word
        width = min(width, max(room.width() - before - after, style.px(20)))
        left = area.rect.center().x() - (before + width + after) / 2
        left = max(min(left, room.right() - before - width - after), room.left()) + before
    bar = QRectF(left, y - height / 2, width, height)
    gradient = QLinearGradient(bar.topLeft(), bar.topRight())
    for fraction in STOPS:
        gradient.setColorAt(fraction, style.theme.sign_colour(2.0 * fraction - 1.0))
    p.setPen(scale_outline(style))
    p.setBrush(gradient)
    p.drawRoundedRect(bar, height / 2, height / 2)
    low, high = QPointF(bar.left() - style.px(6), y), QPointF(bar.right() + style.px(6), y)
    write(p, style, low, end_label(data.ends[0]), colour=style.theme.muted, align=Align.AlignRight)
    write(p, style, high, end_label(data.ends[1]), colour=style.theme.muted)
    if has_word:
        word = low - QPointF(style.px(20 if numbered else 8) + text_width(style, end_label(data.ends[0])), 0.0)
        write(p, style, word, "prediction", colour=style.theme.muted, align=Align.AlignRight)
    if numbered:
        beside = style.px(8) + text_width(style, end_label(data.ends[0]))
        paint_marker(p, low - QPointF(beside, 0.0), style.px(RADIUS), 0, style)
        beside = style.px(8) + text_width(style, end_label(data.ends[1]))
        paint_marker(p, high + QPointF(beside, 0.0), style.px(RADIUS), 1, style)


def scale_outline(style: Style) -> QPen:
    """Return the outline of a colour scale, one end of which is white in a printed theme."""
    return pen(style.theme.muted, style.px(0.6)) if style.theme.printed else QPen(Qt.PenStyle.NoPen)


def end_label(value: float) -> str:
    """Return the text at an end of the colour scale."""
    return (
        short(value, 3)
        if value != round(value) or abs(value) >= 1e5
        else short(value, 1 + len(str(abs(round(value)))) - 1)
    )


def class_rows(data: MapData, style: Style, width: float) -> list[list[str]]:
    """Return the names of the classes in the rows of an exported legend that is at most ``width`` pixels wide.

    Names are elided only if they need more than :data:`MAX_ROWS`, or more than a row. Empty if one row holds all of them,
    or if even elided ones need too many rows.
    """
    names, gap, before = data.data.class_names, style.px(BETWEEN), style.px(DOT + BESIDE)
    for columns in range(1, len(names)):
        limit = (width - gap * (columns - 1)) / columns - before
        if limit < style.px(MIN_NAME):
            break
        rows: list[list[str]] = [[]]
        used = 0.0
        for text in short_names(names, limit, style):
            entry = before + text_width(style, text) + gap
            if rows[-1] and used + entry - gap > width:
                rows.append([])
                used = 0.0
            rows[-1].append(text)
            used += entry
        if len(rows) <= MAX_ROWS:
            return rows if len(rows) > 1 else []
    return []


def paint_classes(p: QPainter, area: Area, y: float, data: MapData, style: Style, width: float) -> None:
    """Draw the colours of the classes below the map, from ``y`` on, in a canvas of ``width`` pixels."""
    count, edge = data.data.classes, style.px(EDGE if area.still else 4)
    room = width - 2 * edge
    rows = class_rows(data, style, room) if area.still else []
    first = 0
    for index, names in enumerate(rows or [_in_one_row(data, style, room)]):
        widths = [style.px(DOT + BESIDE) + text_width(style, name) for name in names]
        whole = sum(widths) + style.px(BETWEEN) * (len(names) - 1)
        x = max(area.rect.center().x() - whole / 2, edge)
        x = min(x, max(width - edge - whole, edge))
        for number, (name, each) in enumerate(zip(names, widths, strict=True), first):
            _paint_class(p, QPointF(x, y + index * style.px(ROW)), name, number, count, style)
            x += each + style.px(BETWEEN)
        first += len(names)


def _in_one_row(data: MapData, style: Style, room: float) -> list[str]:
    """Return the names that fit into ``room`` pixels; if necessary all are elided, not only some."""
    names, count, gap = list(data.data.class_names), data.data.classes, style.px(BETWEEN)
    before = style.px(DOT + BESIDE)
    widths = [text_width(style, name) for name in names]
    spare = room - gap * (count - 1) - count * before
    if sum(widths) > spare:
        share = _share(widths, spare)
        if share >= style.px(MIN_NAME):
            names = list(short_names(names, share, style))
            widths = [text_width(style, name) for name in names]
    shown = count
    while shown > 1 and sum(widths[:shown]) + shown * before + gap * (shown - 1) > room:
        shown -= 1
    return names[:shown]


def _paint_class(p: QPainter, at: QPointF, name: str, number: int, count: int, style: Style) -> None:
    """Draw dot and name of class ``number`` of ``count``, the dot's left end at ``at``."""
    dot = style.px(DOT)
    if style.theme.printed:
        paint_marker(p, at + QPointF(dot / 2, 0.0), dot / 2, number, style)
    else:
        p.setPen(Qt.PenStyle.NoPen)
        p.setBrush(style.theme.class_colour(number, count))
        p.drawEllipse(QRectF(at.x(), at.y() - dot / 2, dot, dot))
    write(p, style, at + QPointF(style.px(DOT + BESIDE), 0.0), name, colour=style.theme.muted)


def _share(widths: Sequence[float], room: float) -> float:
    """Return the width to which names of ``widths`` are elided to fit into ``room``; short names leave space to long ones."""
    for count, width in zip(range(len(widths), 0, -1), sorted(widths), strict=True):
        if width * count >= room:
            return room / count
        room -= width
    return max(widths, default=0.0)
