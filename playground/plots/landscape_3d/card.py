"""The card of the loss landscape as a rotatable height field."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from playground.plots.landscape.card import SurfaceCard
from playground.plots.landscape.data import LandscapeData
from playground.plots.landscape_3d.camera_control import TIP, CameraControl
from playground.plots.landscape_3d.picture import Camera, Landscape3DPicture
from playground.plotting.canvas.canvas import Canvas
from playground.style.theme import Style
from playground.widgets.guard import guarded
from playground.widgets.plot import Plot

if TYPE_CHECKING:
    from playground.session import Session


class Landscape3DPlot(SurfaceCard):
    """The loss surface as a height field.

    Drag or press the arrow keys to rotate, use the wheel or + and − to zoom, double-click or press Home to reset.
    """

    figure_key = "landscape_3d"

    def __init__(self, session: Session, style: Style, parent: QWidget | None = None) -> None:
        self._control: CameraControl | None = None
        super().__init__("Loss landscape in 3-D", "landscape3DPlot", session, style, parent)
        self._title_forms = ("Loss landscape in 3-D", "Landscape 3-D", "3-D")
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus | Qt.FocusPolicy.TabFocus)
        self.canvas.setToolTip(TIP)
        self._control = CameraControl(self.canvas, self, self.redraw, is_on=lambda: True)

    @property
    def camera(self) -> Camera:
        """The current camera."""
        return self._control.camera if self._control is not None else Camera()

    def look_from(self, camera: Camera) -> None:
        """Show the surface from ``camera``."""
        if self._control is not None:
            self._control.look_from(camera)

    @override
    def plot_of(self, data: LandscapeData, style: Style) -> Plot | None:
        from playground.plots.landscape_3d.typeset import surface_plot  # imported late: only needed for LaTeX

        return surface_plot(data, self.camera, style)

    @override
    def make_picture(self, canvas: Canvas) -> Landscape3DPicture:
        return Landscape3DPicture(canvas, lambda: self.camera)

    @override
    @guarded
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Rotate and zoom with the keyboard."""
        if self._control is None or not self._control.take_key(event.key()):
            super().keyPressEvent(event)
