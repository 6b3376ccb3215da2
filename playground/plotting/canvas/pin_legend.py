"""The legend line above a plot that names the pinned runs in it, and the colours and dash patterns of pins."""

from __future__ import annotations

from typing import Final, TypeAlias

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap

from playground.plotting.drawing.pencil import elided, text_width, write
from playground.style.theme import Style

Legend: TypeAlias = tuple[tuple[str, int], ...]
"""Name and colour index of each pinned run."""

LEGEND_HEIGHT: Final = 18.0
"""Height of a line in pixels at scale 1."""

MAX_ROWS: Final = 4
"""Maximum number of lines above an exported plot."""

GAP: Final = 4.0
"""Distance of a name from the sample before it, in pixels at scale 1."""

BETWEEN: Final = 12.0
"""Distance of a sample from the name before it, in pixels at scale 1."""

MIN_NAME_WIDTH: Final = 40.0
"""Minimum width of a shortened name in pixels at scale 1, which still shows both ends; with less room, names are counted."""

SAMPLE: Final = 16.0
DASHES: Final = ((5.0, 3.0), (2.0, 2.5), (9.0, 3.0), (6.0, 2.5, 1.5, 2.5), (3.0, 5.0), (9.0, 2.0, 2.0, 2.0))
"""Dash and gap lengths of each pin in pixels at scale 1, so that pins do not differ by colour alone."""

WIDTH: Final = 1.4


def pin_colour(style: Style, number: int) -> QColor:
    """Return the colour of pin ``number``."""
    colours = style.theme.pin_palette
    return QColor(colours[number % len(colours)])


def pin_pen(style: Style, number: int, width: float = WIDTH) -> QPen:
    """Return the dashed pen of pin ``number``, ``width`` pixels wide at scale 1."""
    result = QPen(pin_colour(style, number), style.px(width))
    result.setDashPattern([length / width for length in DASHES[number % len(DASHES)]])
    result.setCapStyle(Qt.PenCapStyle.FlatCap)
    return result


def line_sample(style: Style, number: int, ratio: float = 2.0) -> QPixmap:
    """Return a sample of the line of pin ``number``, for a heading; ``ratio`` is the number of its pixels per pixel."""
    width, height = round(style.px(SAMPLE)), round(style.px(8))
    pixmap = QPixmap(round(width * ratio), round(height * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setPen(pin_pen(style, number))
    painter.drawLine(QPointF(0.0, height / 2), QPointF(width, height / 2))
    painter.end()
    return pixmap


def legend_lines(legend: Legend, width: float, style: Style) -> tuple[Legend, ...]:
    """Return the pins in each line of an exported legend ``width`` pixels wide: with whole names, or as many as there may be."""
    lines: list[list[tuple[str, int]]] = []
    used = 0.0
    for name, colour in legend:
        entry = style.px(SAMPLE + GAP + BETWEEN) + text_width(style, name)
        if not lines or used + entry - style.px(BETWEEN) > width:
            lines.append([])
            used = 0.0
        lines[-1].append((name, colour))
        used += entry
    if len(lines) > MAX_ROWS:
        size = -(-len(legend) // MAX_ROWS)
        return tuple(legend[start : start + size] for start in range(0, len(legend), size))
    return tuple(map(tuple, lines))


def paint_pin_legend(p: QPainter, row: QRectF, legend: Legend, style: Style) -> None:
    """Draw a line sample and the name of each pin in ``row``; names are elided to fit, and the last ones counted.

    They are elided in the middle, because names often differ at the end.
    """
    gap, between, sample = style.px(GAP), style.px(BETWEEN), style.px(SAMPLE)
    least = sample + gap + style.px(MIN_NAME_WIDTH)
    shown = legend[: max(1, int((row.width() + between) / (least + between)))]
    rest = f"+ {len(legend) - len(shown)}" if len(shown) < len(legend) else ""
    room = row.width() - (text_width(style, rest) + between if rest else 0.0)
    widths = [text_width(style, name) for name, _ in shown]
    free = room - len(shown) * (sample + gap) - (len(shown) - 1) * between
    limit = _limit(widths, free)
    x, y = row.left(), row.center().y()
    for (name, colour), width in zip(shown, widths, strict=True):
        p.setPen(pin_pen(style, colour))
        p.drawLine(QPointF(x, y), QPointF(x + sample, y))
        x += sample + gap
        text = name if width <= limit else elided(style, name, limit, in_the_middle=True)
        write(p, style, QPointF(x, y), text, colour=style.theme.ink)
        x += min(width, limit) + between
    if rest:
        write(p, style, QPointF(x, y), rest, colour=style.theme.muted)
    p.setBrush(Qt.BrushStyle.NoBrush)


def _limit(widths: list[float], room: float) -> float:
    """Return the maximum width of a name such that all fit into ``room``; short names leave more room to long ones."""
    left = sorted(widths)
    while left and left[0] * len(left) <= room:
        room -= left.pop(0)
    return room / len(left) if left else float("inf")
