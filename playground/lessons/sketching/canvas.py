"""The canvas on which a curve is sketched with the mouse or the keyboard."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from core.arrays import Floats
from core.lessons.sketches.axes import SketchAxes
from core.lessons.sketches.distance import Points
from playground.lessons.sketching.grid import SketchGrid
from playground.lessons.sketching.picture import SketchPicture
from playground.lessons.sketching.sentences import point_in_words
from playground.plotting.canvas.canvas import ARROWS, KEYBOARD, LARGE_STEP, STEP, Canvas
from playground.style.theme import Style
from playground.widgets.guard import guarded

_KEEP: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_CLEAR: Final = (Qt.Key.Key_Delete, Qt.Key.Key_Backspace)


class SketchCanvas(Canvas):
    """An empty plot to draw on; dragging replaces the curve under the mouse.

    Signals:
        edited: the curve changed.
        keep_requested: Enter was pressed.
    """

    edited = Signal()
    keep_requested = Signal()

    def __init__(self, axes: SketchAxes, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(style, parent)
        self._axes = axes
        self._grid = SketchGrid(axes)
        self._picture = SketchPicture(self, axes, self._grid, style)
        self._last: tuple[float, float] | None = None
        self._is_locked = False
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setAccessibleName(f"Sketch of {axes.y_title} over {axes.x_title}")
        self._describe()

    @property
    def is_empty(self) -> bool:
        """Whether nothing is drawn."""
        return self._grid.is_empty

    def points(self) -> tuple[tuple[float, float], ...]:
        """Return the drawn points (x, y)."""
        return self._grid.points()

    def restore(self, points: Points) -> None:
        """Draw the curve through ``points``."""
        self._grid.restore(points)
        self._changed()

    def clear_sketch(self) -> None:
        """Remove the curve."""
        self._grid.clear()
        self._picture.handle = None
        self._changed()

    def lock(self, *, on: bool) -> None:
        """Prevent or allow drawing."""
        self._is_locked = on
        self._picture.handle = None
        self.setCursor(Qt.CursorShape.ArrowCursor if on else Qt.CursorShape.CrossCursor)
        self.repaint_soon()

    def show_truth(self, x: Floats, y: Floats) -> None:
        """Draw the measured curve."""
        self._picture.set_truth(x, y)

    def set_style(self, style: Style) -> None:
        """Use another style."""
        self._picture.set_style(style)

    def _changed(self) -> None:
        self._describe()
        self.repaint_soon()
        self.edited.emit()

    def _describe(self) -> None:
        points, handle = self._grid.points(), self._picture.handle
        if handle is not None:
            x = float(self._grid.xs[handle])
            near = min(points, key=lambda p: abs(p[0] - x), default=None)
            text = point_in_words(self._axes, *near) if near else f"{self._axes.x_title} {x:g}: nothing drawn"
        elif points:
            first, last = (point_in_words(self._axes, *point) for point in (points[0], points[-1]))
            text = f"Drawn from {first} to {last}"
        else:
            text = "Empty. Left and right choose a point, up and down move it, Enter keeps the sketch."
        self.setAccessibleDescription(text)

    # -- mouse -------------------------------------------------------------------------------------------------------

    def _coordinates(self, ev: QMouseEvent) -> tuple[float, float]:
        """Return the mouse position in the plot's coordinates, clipped to the plot."""
        rect, at = self.area().rect, self.mapToScene(ev.position().toPoint())
        x = min(max(at.x(), rect.left()), rect.right())
        y = min(max(at.y(), rect.top()), rect.bottom())
        return self.area().value_at(QPointF(x, y))

    def _draw_to(self, ev: QMouseEvent) -> None:
        if self._last is not None:
            here = self._coordinates(ev)
            self._grid.stroke(self._last, here)
            self._last = here
            self._changed()

    @override
    @guarded
    def mousePressEvent(self, ev: QMouseEvent) -> None:
        """Begin a stroke."""
        if ev.button() == Qt.MouseButton.LeftButton and not self._is_locked:
            self._picture.handle = None
            self._last = self._coordinates(ev)
            self._draw_to(ev)
            ev.accept()

    @override
    @guarded
    def mouseMoveEvent(self, ev: QMouseEvent) -> None:
        """Draw."""
        self._draw_to(ev)

    @override
    @guarded
    def mouseReleaseEvent(self, ev: QMouseEvent) -> None:
        """End the stroke."""
        if ev.button() == Qt.MouseButton.LeftButton:
            self._draw_to(ev)
            self._last = None

    # -- keyboard ----------------------------------------------------------------------------------------------------

    @override
    @guarded
    def keyPressEvent(self, ev: QKeyEvent) -> None:
        """Choose a point with left and right, move it with up and down; Enter keeps the sketch, Delete clears it."""
        key = Qt.Key(ev.key())
        if self._is_locked:
            ev.ignore()
        elif key in ARROWS:
            across, down = ARROWS[key]
            is_large = bool(ev.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self._step(across, down * (LARGE_STEP if is_large else STEP))
        elif key in _KEEP:
            self.keep_requested.emit()
        elif key in _CLEAR:
            self.clear_sketch()
        else:
            ev.ignore()

    def _step(self, across: int, down: float) -> None:
        handles = list(self._grid.handles)
        if self._picture.handle is None:
            self._picture.handle = handles[0]
        elif across:
            index = handles.index(self._picture.handle) + across
            self._picture.handle = handles[min(max(index, 0), len(handles) - 1)]
        if down:
            low, high = self._axes.height_range
            self._grid.move_handle(self._picture.handle, -down * (high - low))
            self._changed()
        self._describe()
        self.repaint_soon()

    @override
    @guarded
    def focusInEvent(self, ev: QFocusEvent) -> None:
        """Show the point that the keyboard moves."""
        super().focusInEvent(ev)
        if ev.reason() in KEYBOARD and not self._is_locked and self._picture.handle is None:
            self._step(0, 0.0)

    @override
    @guarded
    def focusOutEvent(self, ev: QFocusEvent) -> None:
        """Hide it."""
        super().focusOutEvent(ev)
        self._picture.handle = None
        self._describe()
