"""A small plot of the loss along one parameter: curve, tangent, next step as an arrow, and a draggable dot."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from msgspec.structs import replace
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from core.arrays import Floats
from playground.inspector.loss_slice.limit_label import LimitMark, Occupied, limit_label, limit_marks, name_label
from playground.inspector.loss_slice.pinned_slice import all_within, slice_sentences, with_notes
from playground.inspector.loss_slice.slice_numbers import LossAxis, ShownSlice, loss_axis, pixel, round_number
from playground.inspector.loss_slice.slice_tip import slice_tip
from playground.inspector.widgets.painted import CENTRE, LEFT, RIGHT, Painted
from playground.plotting.canvas.pin_legend import pin_colour, pin_pen
from playground.plotting.drawing.outline import draw_polygon, draw_polyline
from playground.plotting.drawing.pencil import text_width
from playground.style.theme import TEXT_LABEL, Style
from playground.widgets.guard import guarded, guarded_or

WAITING: Final = "Shown when training pauses"

DOT: Final = 5.0
"""Radius of the dot in pixels."""
GRIP: Final = 14.0
"""Maximum distance in pixels at which the mouse grabs the dot."""
HEAD: Final = 6.0  # length of the arrow's head
KEY_STEPS: Final = 50
"""Number of arrow key presses from the centre of the range to its end."""


class LossSlice(Painted):
    """Plots a slice; its dot can be dragged along the curve or moved with the arrow keys.

    Signals:
        moved: the new value of the parameter.

    Attributes:
        beside: losses (n,) of a plot beside this one, which the axis covers as well.
    """

    HEIGHT, LOW_HEIGHT, LEAST_HEIGHT, BARE_HEIGHT = 118, 92, 72, 56
    moved = Signal(float)

    def __init__(self, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(style, parent)
        self._shown: ShownSlice | None = None
        self._axis = LossAxis(0.0, 1.0, (), "")
        self._dragged: float | None = None
        self._stable: float | None = None
        self.beside, self._dragging = np.zeros(0), False
        self._locked, self._height, self._is_titled = "", float(self.HEIGHT), False
        self.setObjectName("lossSlice")
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.show_slice(None)

    def set_tall(self, *, on: bool) -> None:
        """Fill the available height, or use a fixed small one."""
        height = QSizePolicy.Policy.Expanding if on else QSizePolicy.Policy.Fixed
        self.setSizePolicy(QSizePolicy.Policy.Ignored, height)

    def set_titled(self, *, on: bool) -> None:
        """Leave the sentence out, because it is the title of a picture."""
        self._is_titled = on
        self.update()

    def set_height(self, height: float) -> None:
        """Be ``height`` pixels high at scale 1, such as in a page with little room."""
        if height != self._height:
            self._height = height
            self.updateGeometry()

    def set_locked(self, reason: str) -> None:
        """Keep the dot where it is, for a ``reason`` that the tooltip says; empty to release it."""
        if reason != self._locked:
            self._locked, self._dragging = reason, False
            self.show_slice(self._shown)

    @property
    def shown(self) -> ShownSlice | None:
        """The slice shown; ``None`` until training pauses."""
        return self._shown

    @property
    def dragging(self) -> bool:
        """Whether the dot is being dragged, which freezes the range."""
        return self._dragging

    @property
    def sentence(self) -> str:
        """The sentence below the plot."""
        return self._shown.sentence if self._shown is not None else WAITING

    def set_stable(self, limit: float | None) -> None:
        """Mark the α above which descent diverges along the sharpest direction of all parameters; ``None`` if unknown."""
        if limit != self._stable:
            self._stable = limit
            self.show_slice(self._shown)

    def show_slice(self, shown: ShownSlice | None) -> None:
        """Show ``shown``; with ``None``, say when the plot will be available."""
        self._shown = shown = shown and replace(shown, stable=self._stable)
        if not self._dragging:
            self._dragged = None
        tip = ""
        if shown is not None:
            own, pinned = np.concatenate([shown.slice.losses, self.beside]), shown.pinned
            every = own if pinned is None else np.concatenate([own, all_within(pinned.losses, own)])
            self._axis = loss_axis(every, shown.slice.loss)
            tip = slice_tip(shown, self._locked)
        if tip != self.toolTip():
            self.setToolTip(tip)
        self.setAccessibleName(f"Loss along this parameter: {self.sentence}")
        self.update()

    @override
    @guarded_or(QSize())
    def sizeHint(self) -> QSize:
        """Return a fixed height; the panel determines the width."""
        return QSize(round(self.current_style.px(120)), round(self.current_style.px(self._height)))

    @override
    def row_ends(self) -> tuple[int, ...]:
        """Return the lower ends of the plot above its lowest number, of the numbers below it, and of the sentence."""
        bottom, px = self._area().bottom(), self.current_style.px
        return round(bottom - px(8)), min(round(bottom + px(18)), self.height()), self.height()

    @property
    def dot(self) -> QPointF | None:
        """Position of the dot in the widget."""
        shown = self._shown
        if shown is None or not math.isfinite(shown.slice.here):
            return None
        value, loss = shown.slice.here, shown.slice.loss
        if self._dragged is not None and self._dragged != value:
            value, loss = self._dragged, float(np.interp(self._dragged, shown.slice.values, shown.slice.losses))
        return self._point(shown, value, loss) if math.isfinite(loss) else None

    def value_at(self, x: float) -> float:
        """Return the parameter's value at ``x``, clamped to the range."""
        shown, area = self._shown, self._area()
        if shown is None:
            return math.nan
        share = min(max((x - area.left()) / area.width(), 0.0), 1.0)
        return shown.range.low + share * 2 * shown.range.half_width

    def _area(self) -> QRectF:
        """Return the rectangle of the curve."""
        style = self.current_style
        ticks = max((text_width(style, text) for _, text in self._axis.ticks), default=0.0)
        left = max(style.px(44), ticks + style.px(7))
        below = style.px(36 if any(self._sentences()) else 20)
        return QRectF(self.rect()).adjusted(left, style.px(6), -style.px(8), -below)

    def _point(self, shown: ShownSlice, value: float, loss: float) -> QPointF:
        area = self._area()
        x = area.left() + (value - shown.range.low) / (2 * shown.range.half_width) * area.width()
        axis = self._axis
        y = area.bottom() - (loss - axis.low) / (axis.high - axis.low) * area.height()
        return QPointF(pixel(x), pixel(y))

    # -- mouse and keyboard ------------------------------------------------------------------------------------------

    def _near_dot(self, position: QPointF) -> bool:
        dot, grip = self.dot, self.current_style.px(GRIP)
        if self._locked or dot is None:
            return False
        return math.hypot(dot.x() - position.x(), dot.y() - position.y()) <= grip

    @override
    @guarded
    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Grab the dot."""
        if event.button() == Qt.MouseButton.LeftButton and self._near_dot(event.position()):
            self._dragging = True
        else:
            super().mousePressEvent(event)

    @override
    @guarded
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag the dot, or show with the cursor that it can be dragged."""
        if self._dragging:
            self._move_to(self.value_at(event.position().x()))
            return
        near = self._near_dot(event.position())
        self.setCursor(Qt.CursorShape.SizeHorCursor if near else Qt.CursorShape.ArrowCursor)

    @override
    @guarded
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Release the dot."""
        self._dragging = False
        super().mouseReleaseEvent(event)

    @override
    @guarded
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move the dot with the arrow keys."""
        shown = self._shown
        sides = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        if shown is None or self._locked or event.key() not in sides:
            super().keyPressEvent(event)
            return
        here = shown.slice.here if self._dragged is None else self._dragged
        self._move_to(here + sides[Qt.Key(event.key())] * shown.range.half_width / KEY_STEPS)

    def _move_to(self, value: float) -> None:
        if math.isfinite(value):
            self._dragged = value
            self.update()
            self.moved.emit(value)

    # -- drawing -----------------------------------------------------------------------------------------------------

    @override
    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the plot and its sentence."""
        theme, px = self.current_style.theme, self.current_style.px
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self.font_of(TEXT_LABEL))
        area, shown, unlabelled = self._area(), self._shown, list[LimitMark]()
        below = QRectF(0, self.height() - px(18), self.width(), px(18))
        if shown is not None:
            self._draw_axes(painter, shown, area)
            painter.setClipRect(area.adjusted(-px(1), -px(5), px(1), px(5)))
            unlabelled = self._draw_limits(painter, shown, area)
            self._draw_pinned(painter, shown)
            self._draw_tangent(painter, shown)
            self._draw_curve(painter, shown)
            self._draw_step(painter, shown)
            painter.setClipping(False)
            self._draw_dot(painter)
        painter.setPen(QColor(theme.muted))
        metrics = painter.fontMetrics()
        forms = with_notes(self._sentences(), unlabelled)
        text = next((each for each in forms if metrics.horizontalAdvance(each) < self.width()), forms[-1])
        text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, self.width())
        painter.drawText(below if shown is not None else QRectF(self.rect()), CENTRE, text)
        painter.end()

    def _sentences(self) -> tuple[str, ...]:
        """Return the sentence, longest form first; below ``LEAST_HEIGHT`` there is none."""
        is_bare = self._shown is not None and self._height < self.LEAST_HEIGHT
        pinned = None if self._shown is None or is_bare else self._shown.pinned
        ends, is_titled = (self._axis.low, self._axis.high), self._is_titled or is_bare
        return slice_sentences(self.sentence, pinned, *ends, is_titled=is_titled)

    def _draw_axes(self, painter: QPainter, shown: ShownSlice, area: QRectF) -> None:
        theme, px = self.current_style.theme, self.current_style.px
        for value, text in self._axis.ticks_for(area.height() / px(13)):
            y = round(self._point(shown, shown.range.low, value).y()) + 0.5
            painter.setPen(QPen(QColor(theme.line), max(px(0.5), 1.0)))
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
            painter.setPen(QColor(theme.muted))
            painter.drawText(QRectF(0, y - px(8), area.left() - px(5), px(16)), RIGHT, text)
        under = QRectF(area.left(), area.bottom() + px(2), area.width(), px(16))
        ends = ((shown.range.low, LEFT), (shown.range.centre, CENTRE), (shown.range.high, RIGHT))
        for value, alignment in ends:
            painter.drawText(under, alignment, round_number(value, shown.range.half_width / 2))
        painter.drawText(under.adjusted(area.width() / 2, 0, 0, 0), CENTRE, shown.name)
        name, box = self._name_label(painter, shown, area)
        painter.drawText(box, LEFT, name)

    def _name_label(self, painter: QPainter, shown: ShownSlice, area: QRectF) -> tuple[str, QRectF]:
        """Return the name of the vertical axis and its box; the short one says that losses are relative to one."""
        names = (f"loss − {self._axis.offset}", "Δ loss") if self._axis.offset else ("loss",)
        width_of = painter.fontMetrics().horizontalAdvance
        return name_label(
            names, area, self._taken(shown, area), lambda name: width_of(name) + 1.0, self.current_style.px
        )

    def _taken(self, shown: ShownSlice, area: QRectF) -> Occupied:
        """Return what labels must not cover: curves, tangent, dot with its arrow, and the marks of the limits."""
        px, dot = self.current_style.px, self.dot
        pinned = () if shown.pinned is None else (self._curve(shown, shown.pinned.losses),)
        boxes = [QRectF(x - 1.0, area.top(), 2.0, area.height()) for _, x in self._marks(shown, area)]
        if dot is not None:
            boxes.append(QRectF(dot, dot).adjusted(-px(DOT + HEAD), -px(DOT), px(DOT + HEAD), px(DOT)))
        return Occupied((self._curve(shown), *pinned, QPolygonF(self._tangent(shown))), tuple(boxes))

    def _curve(self, shown: ShownSlice, losses: Floats | None = None) -> QPolygonF:
        losses = shown.slice.losses if losses is None else losses
        pairs = zip(shown.slice.values.tolist(), losses.tolist(), strict=True)
        return QPolygonF([self._point(shown, at, loss) for at, loss in pairs if math.isfinite(loss)])

    def _draw_limits(self, painter: QPainter, shown: ShownSlice, area: QRectF) -> list[LimitMark]:
        """Mark where the longest steps that do not overshoot or diverge land, and return the marks without room for a label."""
        theme, px, unlabelled = self.current_style.theme, self.current_style.px, list[LimitMark]()
        name = self._name_label(painter, shown, area)[1].adjusted(-px(3), -px(1), px(3), 0.0)
        width_of, taken = painter.fontMetrics().horizontalAdvance, self._taken(shown, area).with_box(name)
        for mark, x in self._marks(shown, area):
            painter.setPen(QPen(QColor(theme.error), px(1), mark.dashes))
            painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))
            text, box = limit_label(mark.texts, x, area, taken, width_of, px)
            if taken.is_free(box):
                painter.drawText(box, LEFT, text)
                taken = taken.with_box(box)
            else:
                unlabelled.append(mark)
        return unlabelled

    def _marks(self, shown: ShownSlice, area: QRectF) -> list[tuple[LimitMark, float]]:
        """Return each mark that is in the plot, with its x; none while the dot is dragged."""
        if self._dragged is not None:
            return []
        placed = [(mark, self._point(shown, mark.value, self._axis.low).x()) for mark in limit_marks(shown)]
        return [(mark, x) for mark, x in placed if area.left() <= x <= area.right()]

    def _draw_curve(self, painter: QPainter, shown: ShownSlice) -> None:
        painter.setPen(QPen(QColor(self.current_style.theme.ink), self.current_style.px(1.5)))
        self._draw_line(painter, shown, shown.slice.losses)

    def _draw_pinned(self, painter: QPainter, shown: ShownSlice) -> None:
        """Draw the loss of the pinned run, with a ring at its parameter."""
        pinned = shown.pinned
        if pinned is None:
            return
        style = self.current_style
        painter.setPen(pin_pen(style, pinned.colour))
        self._draw_line(painter, shown, pinned.losses)
        loss = float(np.interp(pinned.here, shown.slice.values, pinned.losses))
        if shown.range.low <= pinned.here <= shown.range.high and math.isfinite(loss):
            painter.setPen(QPen(pin_colour(style, pinned.colour), style.px(1.5)))
            painter.drawEllipse(self._point(shown, pinned.here, loss), style.px(3.5), style.px(3.5))

    def _draw_line(self, painter: QPainter, shown: ShownSlice, losses: Floats) -> None:
        part = QPolygonF()
        for value, loss in zip(shown.slice.values.tolist(), losses.tolist(), strict=True):
            if math.isfinite(loss):
                part.append(self._point(shown, value, loss))
                continue
            draw_polyline(painter, part)
            part = QPolygonF()
        draw_polyline(painter, part)

    def _draw_tangent(self, painter: QPainter, shown: ShownSlice) -> None:
        ends = self._tangent(shown)
        if ends:
            painter.setPen(QPen(QColor(self.current_style.theme.muted), self.current_style.px(1)))
            painter.drawLine(*ends)

    def _tangent(self, shown: ShownSlice) -> tuple[QPointF, ...]:
        """Return the left and the right end of the tangent, or nothing."""
        taken = shown.slice
        if not (math.isfinite(taken.slope) and math.isfinite(taken.loss)) or self._dragged is not None:
            return ()
        at, ahead = (self._point(shown, taken.here + d, taken.loss + d * taken.slope) for d in (0.0, 1e-3))
        length = math.hypot(ahead.x() - at.x(), ahead.y() - at.y())
        if not length > 1e-9:  # a smaller length would overflow the division below
            return ()
        reach = self._area().width() * 0.3 / length
        along = (ahead - at) * reach
        return at - along, at + along

    def _draw_step(self, painter: QPainter, shown: ShownSlice) -> None:
        """Draw an arrow from the dot to the point after the step; if it is too short to see, only its head."""
        taken, step, px = shown.slice, shown.step, self.current_style.px
        if not math.isfinite(step) or step == 0 or self._dragged is not None or not math.isfinite(taken.loss):
            return
        landing = shown.landing if math.isfinite(shown.landing) else 11 * self._axis.high - 10 * self._axis.low
        tail, tip = self._point(shown, taken.here, taken.loss), self._point(shown, taken.here + step, landing)
        way = tip - tail
        length = math.hypot(way.x(), way.y())
        shortest = px(DOT + HEAD + 1)
        if length < shortest:
            tangent = QPointF(math.copysign(1.0, step), 0.0)
            tip = tail + tangent * shortest
            way, length = tip - tail, shortest
        colour = QColor(self.current_style.theme.positive if step > 0 else self.current_style.theme.negative)
        unit = way / length
        across = QPointF(-unit.y(), unit.x())
        neck = tip - unit * px(HEAD)
        painter.setPen(QPen(colour, px(1.5)))
        painter.drawLine(tail, neck)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        draw_polygon(painter, QPolygonF([tip, neck + across * px(HEAD / 2), neck - across * px(HEAD / 2)]))
        painter.setBrush(Qt.BrushStyle.NoBrush)

    def _draw_dot(self, painter: QPainter) -> None:
        theme, px, dot = self.current_style.theme, self.current_style.px, self.dot
        if dot is None:
            return
        if self.hasFocus():
            painter.setPen(QPen(QColor(theme.accent), px(1)))
            painter.drawEllipse(dot, px(DOT + 3), px(DOT + 3))
        painter.setPen(QPen(QColor(theme.accent), px(2)))
        painter.setBrush(QColor(theme.panel))
        painter.drawEllipse(dot, px(DOT), px(DOT))
        painter.setBrush(Qt.BrushStyle.NoBrush)
