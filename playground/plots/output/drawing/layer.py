"""Paint the brush, the points that are not in the picture yet, and the hint in an empty set."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter

from playground.plots.output.drawing.tool import DrawTool
from playground.plotting.canvas.canvas import Area
from playground.plotting.drawing.pencil import Align, faded, pen, text_height, text_width, write
from playground.style.theme import Style

CROSS: Final = 7.0
"""Half the width of the crosshair, in pixels at scale 1."""

_POINT: Final = 3.0

_HINTS: Final = {
    "classes": ("Draw points here", "left button: class {0}", "right button: class {1}", "keys 1–9: classes"),
    "values": ("Draw points here", "left button: target {0}", "right button: target {1}", "keys 1–5: targets"),
    "curve": ("Drag to draw a curve", "right button erases", "+ and −: brush size"),
}
_OFF: Final = ("No points yet", "press B or the pencil", "above to draw")


def paint_tool(p: QPainter, area: Area, tool: DrawTool, style: Style, colours: tuple[QColor, ...]) -> None:
    """Draw the brush of ``tool`` and the points not in the picture yet; ``colours`` are those of its labels."""
    _paint_fresh(p, area, tool, style, colours)
    place = tool.place
    if not tool.is_on or place is None or not area.rect.contains(place):
        return
    colour = _colour_of(tool, colours, style)
    p.save()
    p.setClipRect(area.rect)
    p.setBrush(Qt.BrushStyle.NoBrush)
    for line in (pen(style.theme.panel, style.px(3.2)), pen(colour, style.px(1.6))):
        p.setPen(line)
        if tool.radius > 0.0:
            p.drawEllipse(place, tool.radius, tool.radius)
        else:
            half, gap = style.px(CROSS), style.px(2.5)
            for dx, dy in ((1, 0), (-1, 0), (0, 1), (0, -1)):
                p.drawLine(place + QPointF(dx * gap, dy * gap), place + QPointF(dx * half, dy * half))
    p.restore()


def _paint_fresh(p: QPainter, area: Area, tool: DrawTool, style: Style, colours: tuple[QColor, ...]) -> None:
    if not tool.fresh or tool.target is None:
        return
    labels, radius = tool.labels, style.px(_POINT)
    by_label = dict(zip(labels, colours, strict=False))
    p.setPen(pen(style.theme.panel, style.px(1.3)))
    first, second = (0, 1) if tool.target.kind == "curve" else tool.target.axes
    for _, point in tool.fresh:
        spot = QPointF(area.x(point[first]), area.y(point[second]))
        if area.rect.contains(spot):
            p.setBrush(by_label.get(point[-1], QColor(style.theme.muted)))
            p.drawEllipse(spot, radius, radius)


def _colour_of(tool: DrawTool, colours: tuple[QColor, ...], style: Style) -> QColor:
    if tool.erases or not colours:
        return QColor(style.theme.ink)
    return colours[min(tool.choice, len(colours) - 1)]


def paint_hint(p: QPainter, area: Area, tool: DrawTool, style: Style, names: tuple[str, ...]) -> None:
    """Explain in the empty plot how to draw; ``names`` are those of the labels."""
    if tool.target is None:
        return
    lines: tuple[str, ...] = _OFF
    if tool.is_on:
        both = [names[min(index, len(names) - 1)] if names else "" for index in (tool.choice, tool.other)]
        lines = tuple(line.format(*both) for line in _HINTS[tool.target.kind])
    height = text_height(style) + style.px(3)
    width = max(text_width(style, line, bold=index == 0) for index, line in enumerate(lines))
    box = QRectF(0, 0, width + style.px(20), height * len(lines) + style.px(12))
    box.moveCenter(area.rect.center())
    p.setPen(Qt.PenStyle.NoPen)
    p.setBrush(faded(style.theme.panel, 0.86))
    p.drawRoundedRect(box, style.px(6), style.px(6))
    for index, line in enumerate(lines):
        at = QPointF(box.center().x(), box.top() + style.px(6) + (index + 0.5) * height)
        ink = style.theme.ink if index == 0 else style.theme.muted
        write(p, style, at, line, colour=ink, align=Align.AlignHCenter, bold=index == 0)
