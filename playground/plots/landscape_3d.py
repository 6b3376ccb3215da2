"""The card of the loss landscape as a rotatable height field."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QObject, QPointF, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from playground.plots.landscape import SurfaceCard
from playground.plots.landscape_3d_picture import Camera, Landscape3DPicture
from playground.plotting.canvas import Canvas
from playground.style.theme import Style
from playground.widgets.guard import guarded, guarded_or

if TYPE_CHECKING:
    from playground.session import Session

DEGREES_PER_PIXEL: Final = 0.5
DEGREES_PER_KEY: Final = 10.0
ZOOM_PER_STEP: Final = 1.15

_ROTATIONS: Final = {
    Qt.Key.Key_Left: (-DEGREES_PER_KEY, 0.0),
    Qt.Key.Key_Right: (DEGREES_PER_KEY, 0.0),
    Qt.Key.Key_Up: (0.0, DEGREES_PER_KEY),
    Qt.Key.Key_Down: (0.0, -DEGREES_PER_KEY),
}
_ZOOMS: Final = {Qt.Key.Key_Plus: ZOOM_PER_STEP, Qt.Key.Key_Equal: ZOOM_PER_STEP, Qt.Key.Key_Minus: 1.0 / ZOOM_PER_STEP}


class Landscape3DPlot(SurfaceCard):
    """The loss surface as a height field.

    Drag or press the arrow keys to rotate, use the wheel or + and − to zoom, double-click or press Home to reset.
    """

    figure_key = "landscape_3d"

    def __init__(self, session: Session, style: Style, parent: QWidget | None = None) -> None:
        self._camera = Camera()
        self._drag_position: QPointF | None = None
        self._viewport: QObject | None = None
        super().__init__("Loss landscape in 3-D", "landscape3DPlot", session, style, parent)
        self._title_forms = ("Loss landscape in 3-D", "Landscape 3-D", "3-D")
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus | Qt.FocusPolicy.TabFocus)
        self.canvas.setToolTip("Drag or use the arrow keys to rotate, the wheel or + and − to zoom, Home to reset.")
        self._viewport = self.canvas.viewport()
        self._viewport.installEventFilter(self)

    @property
    def camera(self) -> Camera:
        """The current camera."""
        return self._camera

    def look_from(self, camera: Camera) -> None:
        """Show the surface from ``camera``."""
        self._camera = camera
        self.redraw()

    @override
    def make_picture(self, canvas: Canvas) -> Landscape3DPicture:
        return Landscape3DPicture(canvas, lambda: self._camera)

    @override
    @guarded_or(False)
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Rotate and zoom with the mouse."""
        if watched is not self._viewport:
            return super().eventFilter(watched, event)
        if isinstance(event, QWheelEvent):
            self.look_from(self._camera.zoomed(ZOOM_PER_STEP ** (event.angleDelta().y() / 120.0)))
            return True
        if not isinstance(event, QMouseEvent):
            return False
        if event.type() == QEvent.Type.MouseButtonDblClick:
            self.look_from(Camera())
        elif event.type() == QEvent.Type.MouseButtonPress and event.button() == Qt.MouseButton.LeftButton:
            self.setFocus(Qt.FocusReason.MouseFocusReason)
            self._drag_position = event.position()
        elif event.type() == QEvent.Type.MouseButtonRelease:
            self._drag_position = None
        elif event.type() == QEvent.Type.MouseMove and self._drag_position is not None:
            moved, self._drag_position = event.position() - self._drag_position, event.position()
            self.look_from(self._camera.turned(DEGREES_PER_PIXEL * moved.x(), DEGREES_PER_PIXEL * moved.y()))
        return False

    @override
    @guarded
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Rotate and zoom with the keyboard."""
        key = Qt.Key(event.key())
        if key in _ROTATIONS:
            self.look_from(self._camera.turned(*_ROTATIONS[key]))
        elif key in _ZOOMS:
            self.look_from(self._camera.zoomed(_ZOOMS[key]))
        elif key == Qt.Key.Key_Home:
            self.look_from(Camera())
        else:
            super().keyPressEvent(event)
