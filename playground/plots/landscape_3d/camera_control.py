"""Turn and zoom a height field with mouse and keyboard."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QEvent, QObject, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from playground.plots.landscape_3d.height_field import Camera
from playground.plotting.canvas.canvas import Canvas
from playground.widgets.guard import guarded_or

DEGREES_PER_PIXEL: Final = 0.5
DEGREES_PER_KEY: Final = 10.0
ZOOM_PER_STEP: Final = 1.15

TIP: Final = "Drag or use the arrow keys to rotate, the wheel or + and − to zoom, Home to reset."

_ROTATIONS: Final = {
    Qt.Key.Key_Left: (-DEGREES_PER_KEY, 0.0),
    Qt.Key.Key_Right: (DEGREES_PER_KEY, 0.0),
    Qt.Key.Key_Up: (0.0, DEGREES_PER_KEY),
    Qt.Key.Key_Down: (0.0, -DEGREES_PER_KEY),
}
_ZOOMS: Final = {Qt.Key.Key_Plus: ZOOM_PER_STEP, Qt.Key.Key_Equal: ZOOM_PER_STEP, Qt.Key.Key_Minus: 1.0 / ZOOM_PER_STEP}


class CameraControl(QObject):
    """Holds the camera of a canvas and moves it.

    Attributes:
        camera: the present viewpoint.
    """

    def __init__(
        self, canvas: Canvas, owner: QWidget, redraw: Callable[[], None], *, is_on: Callable[[], bool]
    ) -> None:
        """Control the camera of ``canvas``.

        Args:
            canvas: where the mouse turns and zooms.
            owner: takes the focus when it is clicked, so that its keys do the same.
            redraw: called after each movement.
            is_on: returns whether the canvas shows a height field now.
        """
        super().__init__(owner)
        self.camera = Camera()
        self._owner, self._redraw, self._is_on = owner, redraw, is_on
        self._drag_position: QPointF | None = None
        self._viewport: QObject = canvas.viewport()
        self._viewport.installEventFilter(self)

    def look_from(self, camera: Camera) -> None:
        """Look from ``camera``."""
        self.camera = camera
        self._redraw()

    def take_key(self, key: int) -> bool:
        """Rotate or zoom for ``key``; return whether it does."""
        known = Qt.Key(key)
        if not self._is_on():
            return False
        if known in _ROTATIONS:
            self.look_from(self.camera.turned(*_ROTATIONS[known]))
        elif known in _ZOOMS:
            self.look_from(self.camera.zoomed(_ZOOMS[known]))
        elif known == Qt.Key.Key_Home:
            self.look_from(Camera())
        else:
            return False
        return True

    @override
    @guarded_or(False)
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Rotate and zoom with the mouse."""
        if watched is not self._viewport or not self._is_on():
            return super().eventFilter(watched, event)
        if isinstance(event, QWheelEvent):
            self.look_from(self.camera.zoomed(ZOOM_PER_STEP ** (event.angleDelta().y() / 120.0)))
            return True
        if not isinstance(event, QMouseEvent):
            return False
        if event.type() == QEvent.Type.MouseButtonDblClick:
            self.look_from(Camera())
        elif event.type() == QEvent.Type.MouseButtonPress and event.button() == Qt.MouseButton.LeftButton:
            self._owner.setFocus(Qt.FocusReason.MouseFocusReason)
            self._drag_position = event.position()
        elif event.type() == QEvent.Type.MouseButtonRelease:
            self._drag_position = None
        elif event.type() == QEvent.Type.MouseMove and self._drag_position is not None:
            moved, self._drag_position = event.position() - self._drag_position, event.position()
            self.look_from(self.camera.turned(DEGREES_PER_PIXEL * moved.x(), DEGREES_PER_PIXEL * moved.y()))
        return False
