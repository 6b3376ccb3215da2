"""Painting of the headers and of the controls inside the picture."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from playground.network_view.controls.positions import Control
from playground.network_view.layout.fonts import caption_font, chip_font, name_font
from playground.network_view.layout.geometry import Layout
from playground.network_view.layout.shape import Shape
from playground.style.theme import Style

_CENTRE = Qt.AlignmentFlag.AlignCenter

MIN_FONT_SIZE: Final = 8
"""Font size in pixels below which a text is elided rather than made smaller."""

CROSSES: Final = ("remove_layer", "feature_off")
"""Controls shown only near the mouse."""


def paint_headers(painter: QPainter, layout: Layout, shape: Shape, style: Style, visible: tuple[float, float]) -> None:
    """Paint the name of every column, underlined in its layer's colour, and its number of neurons."""
    s = layout.scale
    painter.setBrush(Qt.BrushStyle.NoBrush)
    bold = name_font(style)
    for column in layout.columns:
        if not visible[0] - layout.spacing < column.x < visible[1] + layout.spacing:
            continue
        index = column.index
        if not layout.has_header(index):
            continue
        name = shape.names[index] if layout.wide else shape.short_name(index)
        room = layout.spacing * layout.every
        box = QRectF(column.x - room / 2, 6 * s, room, 20 * s)
        painter.setPen(QColor(style.theme.ink))
        _paint_fitting(painter, name, box, bold)
        painter.setFont(bold)
        if index == 0:
            continue
        pen = QPen(style.theme.layer_colour(index - 1, shape.columns - 1), 3 * s)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        half = min(28 * s, room * 0.32, layout.width - column.x - 3 * s)
        painter.drawLine(QPointF(column.x - half, 30 * s), QPointF(column.x + half, 30 * s))
        if index < shape.columns - 1 and not (layout.is_figure and (layout.wide or layout.low)):
            painter.setPen(QColor(style.theme.ink))
            top = (50 if layout.is_figure else 59) * s
            painter.drawText(QRectF(column.x - 20 * s, top, 40 * s, 20 * s), _CENTRE, str(shape.counts[index]))


def paint_controls(painter: QPainter, layout: Layout, controls: Sequence[Control], style: Style) -> None:
    """Paint the controls that are always visible: all but the crosses."""
    for control in controls:
        if control.action not in CROSSES:
            _paint_control(painter, layout, control, style, highlighted=False)


def paint_touched(
    painter: QPainter,
    layout: Layout,
    controls: Sequence[Control],
    style: Style,
    hovered: Control | None,
    near: int | None,
) -> None:
    """Paint the crosses of the column ``near`` the mouse, and repaint the control under it, highlighted."""
    for control in controls:
        belongs = near == (0 if control.action == "feature_off" else control.index)
        if control == hovered or (control.action in CROSSES and belongs):
            if control.action not in CROSSES:
                painter.fillRect(control.box, QColor(style.theme.panel))
            _paint_control(painter, layout, control, style, highlighted=control == hovered)


def _paint_control(painter: QPainter, layout: Layout, control: Control, style: Style, *, highlighted: bool) -> None:
    match control.action:
        case "add_neuron" | "remove_neuron" | "remove_layer" | "feature_off":
            _paint_circle(painter, layout, control, style, highlighted=highlighted, dashed=False)
        case "insert_layer":
            _paint_circle(painter, layout, control, style, highlighted=highlighted, dashed=True)
        case "feature_on":
            _paint_chip(painter, layout, control, style, highlighted=highlighted)
        case "menu" | "fold_up" | "fold_down":
            painter.setPen(QColor(style.theme.accent if highlighted else style.theme.muted))
            _paint_fitting(painter, control.text, control.box, caption_font(style))


def _paint_circle(
    painter: QPainter, layout: Layout, control: Control, style: Style, *, highlighted: bool, dashed: bool
) -> None:
    """Paint a circle with a plus, minus or cross, drawn as lines so that it is centred in any font."""
    s, theme = layout.scale, style.theme
    pen = QPen(QColor(theme.accent if highlighted else theme.line), s)
    if dashed and not highlighted:
        pen.setDashPattern([2.0, 2.0])
    painter.setPen(pen)
    painter.setBrush(QColor(theme.soft if highlighted else theme.panel if dashed else theme.field))
    painter.drawEllipse(control.box.adjusted(s / 2, s / 2, -s / 2, -s / 2))
    colour = theme.accent if highlighted else theme.muted
    pen = QPen(QColor(colour if control.enabled else theme.faint), 1.2 * s)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    painter.setPen(pen)
    centre, arm = control.box.center(), control.box.width() * 0.15
    if control.text == "×":
        painter.drawLine(centre + QPointF(-arm, -arm), centre + QPointF(arm, arm))
        painter.drawLine(centre + QPointF(-arm, arm), centre + QPointF(arm, -arm))
        return
    painter.drawLine(centre - QPointF(arm * 1.2, 0), centre + QPointF(arm * 1.2, 0))
    if control.text == "+":
        painter.drawLine(centre - QPointF(0, arm * 1.2), centre + QPointF(0, arm * 1.2))


def _paint_chip(painter: QPainter, layout: Layout, control: Control, style: Style, *, highlighted: bool) -> None:
    s, theme = layout.scale, style.theme
    painter.setPen(QPen(QColor(theme.accent if highlighted else theme.line), s))
    painter.setBrush(QColor(theme.soft if highlighted else theme.panel))
    painter.drawRoundedRect(control.box.adjusted(s / 2, s / 2, -s / 2, -s / 2), 5 * s, 5 * s)
    painter.setPen(QColor(theme.accent if highlighted else theme.muted))
    _paint_fitting(painter, control.text, control.box.adjusted(2 * s, 0, -2 * s, 0), chip_font(style))


def _paint_fitting(painter: QPainter, text: str, box: QRectF, font: QFont) -> None:
    """Paint ``text`` centred in ``box``, in a smaller font where it does not fit, and elided where that is not enough."""
    needed = QFontMetricsF(font).horizontalAdvance(text)
    if needed > box.width():
        font = QFont(font)
        font.setPixelSize(max(int(font.pixelSize() * box.width() / needed), MIN_FONT_SIZE))
        text = QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, box.width() + 1)
    painter.setFont(font)
    painter.drawText(box, _CENTRE | Qt.TextFlag.TextDontClip, text)
