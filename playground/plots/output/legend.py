"""Legends of a map: its colour scale, or its classes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QLinearGradient, QPainter, QPen

from playground.plots.output.data import MapData
from playground.plotting.canvas import EDGE, Area
from playground.plotting.pencil import Align, elided, pen, text_width, write
from playground.style.numbers import short
from playground.style.patterns import marker, marker_brush, marker_pen
from playground.style.theme import Style

MIN_NAME: Final = 24
"""Minimum width of an elided class name, in pixels at scale 1."""

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
    if area.still:  # the word at its left, all of it in the middle
        before, after = (text_width(style, end_label(value)) + style.px(18 if numbered else 6) for value in data.ends)
        before += style.px(8) + text_width(style, "prediction")
        room = area.rect.adjusted(-style.px(OVER), 0.0, 0.0, 0.0)
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
    if area.still:
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


def paint_classes(p: QPainter, area: Area, y: float, data: MapData, style: Style, width: float) -> None:
    """Draw the colours of the classes below the map, at ``y``, in a canvas of ``width`` pixels."""
    names, count = data.data.class_names, data.data.classes
    dot, gap = style.px(7), style.px(10)
    widths = [dot + style.px(4) + text_width(style, name) for name in names]
    edge = style.px(EDGE if area.still else 4)
    room = width - 2 * edge
    if sum(widths) + gap * (count - 1) > room:
        # Prefer all classes with elided names over some of the classes.
        share = _share(
            [each - dot - style.px(4) for each in widths], room - gap * (count - 1) - count * (dot + style.px(4))
        )
        if share >= style.px(MIN_NAME):
            names = tuple(elided(style, name, share) for name in names)
            widths = [dot + style.px(4) + text_width(style, name) for name in names]
    shown = count
    while shown > 1 and sum(widths[:shown]) + gap * (shown - 1) > room:
        shown -= 1
    x = max(area.rect.center().x() - (sum(widths[:shown]) + gap * (shown - 1)) / 2, edge)
    x = min(x, max(width - edge - sum(widths[:shown]) - gap * (shown - 1), edge))
    for index in range(shown):
        if style.theme.printed:
            paint_marker(p, QPointF(x + dot / 2, y), dot / 2, index, style)
        else:
            p.setPen(Qt.PenStyle.NoPen)
            p.setBrush(style.theme.class_colour(index, count))
            p.drawEllipse(QRectF(x, y - dot / 2, dot, dot))
        write(p, style, QPointF(x + dot + style.px(4), y), names[index], colour=style.theme.muted)
        x += widths[index] + gap


def _share(widths: Sequence[float], room: float) -> float:
    """Return the width to which names of ``widths`` are elided to fit into ``room``: short ones leave theirs to long ones."""
    for count, width in zip(range(len(widths), 0, -1), sorted(widths), strict=True):
        if width * count >= room:
            return room / count
        room -= width
    return max(widths, default=0.0)
