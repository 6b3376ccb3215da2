"""Draw points on the output card by mouse and keyboard, one undoable edit per stroke."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np
from PySide6.QtCore import QEvent, QObject, QPointF, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QWheelEvent
from typing_extensions import override

from core.arrays import Floats
from core.data.settings import MAX_POINTS
from core.errors import PlaygroundError
from core.experiment import DrawnSource
from playground.plots.output.drawing.brush import ERASER_RADIUS, RADII, SPACING, dab, outside, spots_between
from playground.plots.output.drawing.target import DrawTarget
from playground.session import drawing
from playground.style.theme import Style
from playground.widgets.guard import guarded_or

if TYPE_CHECKING:
    from playground.plotting.canvas.canvas import Canvas
    from playground.session import Session
    from playground.session.drawing import Point

FRAME_MS: Final = 16
"""Points drawn within this time, in milliseconds, become one edit."""

SPRAY_MS: Final = 60
"""Interval in milliseconds at which a spray adds points while the button is held."""

_MOUSE: Final = (Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton)
_PLACING: Final = (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter)
_ERASING: Final = (Qt.Key.Key_Delete, Qt.Key.Key_Backspace)
_SMALLER: Final = (Qt.Key.Key_Minus, Qt.Key.Key_Comma)
_LARGER: Final = (Qt.Key.Key_Plus, Qt.Key.Key_Equal, Qt.Key.Key_Period)
_TOGGLES: Final = (Qt.Key.Key_E, Qt.Key.Key_0)
_DIGITS: Final = range(int(Qt.Key.Key_1), int(Qt.Key.Key_9) + 1)
_OTHER_KEYS: Final = (*_PLACING, *_ERASING, *_SMALLER, *_LARGER, *_TOGGLES, Qt.Key.Key_Escape)


class DrawTool(QObject):
    """Converts mouse and key events on a canvas to drawn points while the tool is on.

    Signals:
        changed: the mode or a setting changed.

    Attributes:
        target: the plot to draw on; ``None`` if drawing is impossible.
        place: position of the mouse or of the keyboard's crosshair, in pixels of the canvas.
        choice: index of the left button's class or value.
        other: index of the right button's class or value.
        erases: whether both buttons erase.
        size: index of the brush size.
        fresh: points that are not in the picture yet, each with the first generation that contains it.
    """

    changed = Signal()

    def __init__(
        self,
        canvas: Canvas,
        session: Session,
        style: Callable[[], Style],
        parent: QObject | None = None,
        *,
        rng: np.random.Generator | None = None,
    ) -> None:
        super().__init__(parent)
        self._canvas, self._session, self._style = canvas, session, style
        self._given_rng = rng
        self.target: DrawTarget | None = None
        self.levels: tuple[float, ...] = ()
        self.place: QPointF | None = None
        self.choice, self.other = 0, 1
        self.erases, self.size = False, 0
        self.fresh: list[tuple[int, Point]] = []
        self._is_on = False
        self._button: Qt.MouseButton | None = None
        self._last: Floats | None = None
        self._pending: list[Point] = []
        self._wiped: list[Floats] = []
        self._soon = _timer(self, FRAME_MS, self._flush)
        self._spray = _timer(self, SPRAY_MS, self._spray_again, single=False)
        canvas.viewport().installEventFilter(self)
        canvas.installEventFilter(self)

    @cached_property
    def _rng(self) -> np.random.Generator:
        """The generator of the spray; created late because NumPy imports its module then."""
        return np.random.default_rng() if self._given_rng is None else self._given_rng

    # -- choices -----------------------------------------------------------------------------------------------------

    @property
    def is_on(self) -> bool:
        """Whether the tool is on."""
        return self._is_on

    @property
    def is_drawing(self) -> bool:
        """Whether a stroke is in progress."""
        return self._button is not None

    @property
    def labels(self) -> tuple[float, ...]:
        """The labels offered: classes, the last of which may be new, or values; empty for a curve."""
        if self.target is None or self.target.kind == "curve":
            return ()
        if self.target.kind == "values":
            return self.levels
        return drawing.classes_of(self._session).labels

    def turn(self, on: bool) -> None:  # noqa: FBT001 - a slot of QToolButton.toggled
        """Turn the tool on or off."""
        on = on and self.target is not None
        if on == self._is_on:
            return
        self.end_stroke()
        self._is_on = on
        self.place = None
        self._canvas.viewport().setCursor(Qt.CursorShape.CrossCursor if on else Qt.CursorShape.ArrowCursor)
        if on:
            self.choice, self.other = (0, 1) if self.target is None or self.target.kind != "values" else (4, 0)
            self.erases = False
            self._canvas.setFocus(Qt.FocusReason.OtherFocusReason)
        self.changed.emit()

    def choose(self, index: int) -> None:
        """Draw label ``index`` with the left button; the right button gets the previous choice."""
        last = len(self.labels) - 1
        index = min(index, last)
        if index < 0:
            return
        if index != self.choice:
            self.choice, self.other = index, self.choice
        self.erases = False
        self.changed.emit()

    def choose_other(self, index: int) -> None:
        """Draw label ``index`` with the right button."""
        if index != self.choice:
            self.other = index
            self.changed.emit()

    def erase(self, on: bool) -> None:  # noqa: FBT001 - a slot of QToolButton.toggled
        """Erase with both buttons, or draw."""
        if on != self.erases:
            self.erases = on
            self.changed.emit()

    def resize_brush(self, size: int) -> None:
        """Use brush size ``size``."""
        size = min(max(size, 0), len(RADII) - 1)
        if size != self.size:
            self.size = size
            self.changed.emit()

    @property
    def radius(self) -> float:
        """Radius of brush or eraser in pixels."""
        radius = self._style().px(RADII[self.size])
        return max(radius, self._style().px(ERASER_RADIUS)) if self.erases else radius

    def forget_shown(self, generation: int) -> None:
        """Remove the points that the picture of ``generation`` contains from :attr:`fresh`."""
        if self.fresh:
            self.fresh = [each for each in self.fresh if each[0] > generation]

    # -- strokes -----------------------------------------------------------------------------------------------------

    def begin_stroke(self, spot: QPointF, button: Qt.MouseButton = Qt.MouseButton.LeftButton) -> None:
        """Begin a stroke at ``spot`` if it is inside the plot."""
        if self.target is None or not self._canvas.area().rect.contains(spot):
            return
        self.end_stroke()
        if self._source() is None:
            self._session.message.emit("The data is still loading.", "warning")
            return
        self._session.hold_edits(True)
        self._button = button
        self._last = _array(spot)
        self._touch(self._last)
        if self.size and not self._wipes:
            self._spray.start()

    def move_stroke(self, spot: QPointF) -> None:
        """Draw from the last position to ``spot``."""
        if self._last is None:
            return
        step = self._style().px(SPACING) if not self.size else max(self._style().px(SPACING), self.radius / 2.0)
        for each in spots_between(self._last, _array(spot), step):
            self._touch(each)
            self._last = each

    def end_stroke(self) -> None:
        """End the stroke; the next edit is a separate undo step."""
        if self._button is None:
            return
        self._spray.stop()
        self._flush()
        self._button = self._last = None
        self._session.hold_edits(False)
        self.changed.emit()

    @property
    def _wipes(self) -> bool:
        right = self._button == Qt.MouseButton.RightButton
        return self.erases or (right and self.target is not None and self.target.kind == "curve")

    def _touch(self, spot: Floats) -> None:
        """Draw or erase at ``spot``; the edit is made with the next frame."""
        if self.target is None:
            return
        if self._wipes:
            self._wiped.append(spot)
        else:
            area = self._canvas.area()
            label = self._label()
            for x, y in dab(spot, self.radius, rng=self._rng).tolist():
                if area.rect.contains(x, y):
                    self._pending.append(self.target.point_at(QPointF(x, y), area, label))
        if not self._soon.isActive():
            self._soon.start()

    def _label(self) -> float:
        labels = self.labels
        chosen = self.other if self._button == Qt.MouseButton.RightButton else self.choice
        return labels[min(chosen, len(labels) - 1)] if labels else 0.0

    def _spray_again(self) -> None:
        if self.place is not None and self._button is not None:
            self._touch(_array(self.place))

    def _flush(self) -> None:
        """Combine what was drawn since the last frame into one edit."""
        self._soon.stop()
        pending, wiped = self._pending, self._wiped
        self._pending, self._wiped = [], []
        source = self._source() if pending or wiped else None
        if self.target is None or source is None:
            return  # another data set was chosen during the stroke
        if pending:
            before = self._session.generation
            complete = drawing.add_points(self._session, pending)
            if self._session.generation != before:
                self.fresh += [(self._session.generation, point) for point in pending]
            if not complete:
                self._session.message.emit(f"A drawn set has at most {MAX_POINTS} points.", "warning")
                self.fresh.clear()
        if wiped and source.points:
            spots = self.target.spots(np.array(source.points), self._canvas.area())
            drawing.keep_points(self._session, outside(spots, np.array(wiped), max(self.radius, self._eraser)))
            self.fresh.clear()
        self._canvas.repaint_soon()

    def _source(self) -> DrawnSource | None:
        """Return the points to edit, or ``None`` if the data set is no longer the one in the plot."""
        try:
            source = drawing.source_of(self._session)
        except PlaygroundError:
            return None
        return source if self.target is not None and self.target.suits(source) else None

    @property
    def _eraser(self) -> float:
        return self._style().px(ERASER_RADIUS)

    # -- events ------------------------------------------------------------------------------------------------------

    @override
    @guarded_or(False)
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Handle mouse and key events of the canvas while the tool is on."""
        if not self._is_on:
            return False
        if watched is self._canvas:
            return isinstance(event, QKeyEvent) and self._key(event)
        if isinstance(event, QMouseEvent):
            return self._mouse(event)
        if isinstance(event, QWheelEvent):
            self.resize_brush(self.size + (1 if event.angleDelta().y() > 0 else -1))
            return True
        if event.type() == QEvent.Type.Leave and not self.is_drawing:
            self.hover(None)
        elif event.type() == QEvent.Type.Hide:
            self.end_stroke()
        return event.type() == QEvent.Type.ContextMenu

    def hover(self, place: QPointF | None) -> None:
        """Show the brush at ``place``."""
        self.place = place
        self._canvas.repaint_soon()

    def _mouse(self, event: QMouseEvent) -> bool:
        spot = event.position()
        kind = event.type()
        if kind in (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonDblClick) and event.button() in _MOUSE:
            self._canvas.setFocus(Qt.FocusReason.MouseFocusReason)
            self.hover(spot)
            self.begin_stroke(spot, event.button())
        elif kind == QEvent.Type.MouseMove:
            self.hover(spot)
            if self._button is not None and not event.buttons() & self._button:
                self.end_stroke()  # another widget, such as a dialog, received the release
            self.move_stroke(spot)
        elif kind == QEvent.Type.MouseButtonRelease and event.button() == self._button:
            self.end_stroke()
        return True

    def _key(self, event: QKeyEvent) -> bool:
        """Handle a key of the tool; return whether it is one."""
        key = event.key()
        plain = not event.modifiers() & ~(Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.ShiftModifier)
        if not plain or not (key in _DIGITS or key in _OTHER_KEYS):
            return False
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()  # Space would otherwise start training
            return True
        if event.type() == QEvent.Type.KeyPress:
            self._execute(key)
        return True

    def _execute(self, key: int) -> None:
        if key in _DIGITS:
            self.choose(key - int(Qt.Key.Key_1))
        elif key in _PLACING or key in _ERASING:
            erased = self.erases
            self.erases = erased or key in _ERASING
            self.begin_stroke(self.place or self._canvas.area().rect.center())
            self.end_stroke()
            self.erases = erased
        elif key in _TOGGLES:
            self.erase(not self.erases)
        elif key in _SMALLER or key in _LARGER:
            self.resize_brush(self.size + (1 if key in _LARGER else -1))
        else:
            self.turn(False)


def _array(spot: QPointF) -> Floats:
    return np.array([spot.x(), spot.y()])


def _timer(parent: QObject, interval: int, run: Callable[[], None], *, single: bool = True) -> QTimer:
    timer = QTimer(parent)
    timer.setSingleShot(single)
    timer.setInterval(interval)
    timer.timeout.connect(run)
    return timer
