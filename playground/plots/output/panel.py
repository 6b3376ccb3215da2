"""The space beside or below an exported map: its legend, and how well the network does on both sets and each class."""

from __future__ import annotations

import math
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QLinearGradient, QPainter

from playground.plots.output.data import MapData
from playground.plots.output.legend import STOPS, end_label, paint_marker, point_colour, scale_outline
from playground.plotting.drawing.pencil import Align, text_width, write
from playground.plotting.drawing.short_names import short_names
from playground.style.numbers import percent, short, thousands
from playground.style.theme import TEXT_LABEL, Style

BAR: Final = 9.0
"""Width of the colour scale, in pixels at scale 1."""

VALUE: Final = 14.0
"""Size of the numbers."""

ROW: Final = 24.0
"""Height of a row of the table."""

CLASS_ROW: Final = 31.0
"""Height of a row of the classes."""

GAP: Final = 18.0
"""Gap between table and classes."""

MAX_AIR: Final = 1.3
"""Factor by which rows move apart at most to fill the panel."""

SETS: Final = ("train", "test")
COLUMN: Final = 140.0
"""Minimum width of each part where both stand side by side."""


def paint_upright_bar(p: QPainter, panel: QRectF, data: MapData, style: Style) -> float:
    """Draw the colour scale at the left of ``panel``, as high as the map, and return where the rest of it begins."""
    top, x = panel.top() + style.px(18), panel.left()
    bar = QRectF(x, top, style.px(BAR), panel.bottom() - top)
    gradient = QLinearGradient(bar.bottomLeft(), bar.topLeft())
    for fraction in STOPS:
        gradient.setColorAt(fraction, style.theme.sign_colour(2.0 * fraction - 1.0))
    p.setPen(scale_outline(style))
    p.setBrush(gradient)
    p.drawRoundedRect(bar, bar.width() / 2, bar.width() / 2)
    write(p, style, QPointF(x, panel.top() + style.px(6)), "prediction", colour=style.theme.muted)
    beside, inset = bar.right() + style.px(5), style.px(6)
    for y, value in ((bar.top() + inset, data.ends[1]), (bar.bottom() - inset, data.ends[0])):
        write(p, style, QPointF(beside, y), end_label(value), colour=style.theme.muted)
    widest = max(text_width(style, end_label(value)) for value in data.ends)
    return max(beside + widest, x + text_width(style, "prediction")) + style.px(22)


def paint_facts(p: QPainter, panel: QRectF, data: MapData, style: Style) -> None:
    """Draw the scores of both sets, and below or beside them those of each class, as many as fit in ``panel``."""
    classes = data.scores.classes
    narrow = facts_width(data, style) > panel.width()
    has_columns = panel.width() >= style.px(2 * COLUMN + GAP) and panel.height() < style.px(4 * ROW + 3 * CLASS_ROW)
    needed = (7 if narrow else 4) * ROW + (GAP + ROW + CLASS_ROW * len(classes)) * bool(classes and not has_columns)
    air = style.px(min(max(panel.height() / style.px(needed), 1.0), MAX_AIR))
    if has_columns:
        half = (panel.width() - GAP * air) / 2.0
        _paint_table(p, QRectF(panel.left(), panel.top(), half, panel.height()), data, style, air)
        _paint_classes(p, panel.adjusted(half + GAP * air, 0.0, 0.0, 0.0), data, style, air)
        return
    bottom = (_paint_list if narrow else _paint_table)(p, panel, data, style, air)
    _paint_classes(p, panel.adjusted(0.0, bottom + GAP * air - panel.top(), 0.0, 0.0), data, style, air)


def facts_width(data: MapData, style: Style) -> float:
    """Return the minimum width of the table with a column for each set."""
    names = max(text_width(style, title) for title, _ in _rows(data))
    return names + style.px(10) + (1 + data.scores.is_tested) * (_widest(data, style, TEXT_LABEL) + style.px(6))


def _rows(data: MapData) -> tuple[tuple[str, list[str]], ...]:
    """Return the names of the scores, and their values for both sets."""
    scores = data.scores
    score = [
        percent(value) if scores.classes else "–" if math.isnan(value) else short(value, 3) for value in scores.score
    ]
    losses, counts = [short(value, 3) for value in scores.loss], [thousands(count) for count in scores.samples]
    return (("accuracy" if scores.classes else "R²", score), ("loss", losses), ("samples", counts))


def _widest(data: MapData, style: Style, size: float) -> float:
    return max(text_width(style, each, bold=True, size=size) for _, values in _rows(data) for each in values)


def _paint_table(p: QPainter, room: QRectF, data: MapData, style: Style, air: float) -> float:
    """Draw a column of numbers for each set, and return where it ends."""
    rows, theme = _rows(data), style.theme
    names = max(text_width(style, title) for title, _ in rows) + style.px(10)
    column = (room.width() - names) / (1 + data.scores.is_tested)
    size = VALUE if _widest(data, style, VALUE) + style.px(6) <= column else TEXT_LABEL
    ends = (room.right() - column, room.right()) if data.scores.is_tested else (room.right(),)
    y = room.top() + ROW * air / 2.0
    for name, end in zip(SETS, ends, strict=False):
        write(p, style, QPointF(end, y), name, colour=theme.muted, align=Align.AlignRight)
    for title, values in rows:
        y += ROW * air
        if y > room.bottom():
            return y
        write(p, style, QPointF(room.left(), y), title, colour=theme.muted)
        for value, end in zip(values, ends, strict=False):
            at = QPointF(end, y)
            write(p, style, at, value, colour=theme.ink, align=Align.AlignRight, bold=True, size=size)
    return y + ROW * air / 2.0


def _paint_list(p: QPainter, room: QRectF, data: MapData, style: Style, air: float) -> float:
    """Draw the numbers of one set below those of the other in a narrow panel, as many as fit, and return where they end."""
    theme, y = style.theme, room.top() - ROW * air / 2.0
    most, sets = int(room.height() / (ROW * air) + 1e-6), SETS[: 1 + data.scores.is_tested]
    scores = 2 if most >= 3 * len(sets) else 1  # the same ones of both sets, each below its name
    for number, name in enumerate(sets[: max(most // (1 + scores), 1)]):
        for title, value in (("", name), *((title, values[number]) for title, values in _rows(data)[:scores])):
            y += ROW * air
            write(p, style, QPointF(room.left(), y), title, colour=theme.muted)
            align, at = (Align.AlignRight, room.right()) if title else (Align.AlignLeft, room.left())
            write(
                p,
                style,
                QPointF(at, y),
                value,
                colour=theme.ink if title else theme.muted,
                align=align,
                bold=bool(title),
            )
    return y + ROW * air / 2.0


def _paint_classes(p: QPainter, room: QRectF, data: MapData, style: Style, air: float) -> None:
    """Draw the classes with the share of their samples that is predicted correctly."""
    scores, theme = data.scores, style.theme
    most = int((room.height() - ROW * air) / (CLASS_ROW * air) + 1e-6)
    if not scores.classes or most < 1:
        return
    title = f"correct {'test' if scores.is_tested else 'training'} samples"
    write(p, style, QPointF(room.left(), room.top() + ROW * air / 2.0), title, colour=theme.muted)
    radius, y = style.px(4), room.top() + ROW * air
    shown = scores.classes if len(scores.classes) <= most else scores.classes[: most - 1]
    counts = [f"{thousands(each.correct)} of {thousands(each.samples)}" for each in shown]
    taken = max((text_width(style, count, bold=True) for count in counts), default=0.0)
    names = short_names(data.data.class_names[: len(shown)], room.width() - 4 * radius - taken - style.px(8), style)
    for index, (each, name, count) in enumerate(zip(shown, names, counts, strict=True)):
        line = y + 0.36 * CLASS_ROW * air
        at = QPointF(room.left() + radius, line)
        if theme.printed:
            paint_marker(p, at, radius, index, style)
        else:
            p.setPen(Qt.PenStyle.NoPen)
            p.setBrush(point_colour(float(index), data, style))
            p.drawEllipse(at, radius, radius)
        write(p, style, QPointF(room.left() + 4 * radius, line), name, colour=theme.ink)
        write(p, style, QPointF(room.right(), line), count, colour=theme.ink, align=Align.AlignRight, bold=True)
        bar = QRectF(room.left(), y + 0.72 * CLASS_ROW * air, room.width(), style.px(4))
        p.setPen(Qt.PenStyle.NoPen)
        p.setBrush(QColor(theme.line))  # not hatched in a printed theme: a hatch would look like a full bar
        p.drawRoundedRect(bar, bar.height() / 2, bar.height() / 2)
        share = each.correct / each.samples if each.samples else math.nan
        if share > 0.0:
            done = QRectF(bar.left(), bar.top(), bar.width() * share, bar.height())
            p.setBrush(QColor(theme.ink) if theme.printed else point_colour(float(index), data, style))
            p.drawRoundedRect(done, bar.height() / 2, bar.height() / 2)
        y += CLASS_ROW * air
    if len(shown) < len(scores.classes):
        more = f"+ {len(scores.classes) - len(shown)} more"
        write(p, style, QPointF(room.left(), y + 0.36 * CLASS_ROW * air), more, colour=theme.muted)
