"""The network's picture with mouse and keyboard: hovering, clicks, zoom, pan and editing in place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent, QNativeGestureEvent, QWheelEvent
from PySide6.QtWidgets import QToolTip, QWidget
from typing_extensions import override

from playground.network_view.canvas.editor import ValueEditor
from playground.network_view.canvas.intents import Intents
from playground.network_view.canvas.picking import centre_of, control_at, element_at
from playground.network_view.canvas.picture_canvas import PictureCanvas
from playground.network_view.canvas.words import Parameter, parameter_of
from playground.session.selection import Selection
from playground.style.theme import Style
from playground.widgets.guard import guarded, guarded_or

if TYPE_CHECKING:
    from playground.session import Session

DRAG_DISTANCE: Final = 4


class NetworkCanvas(PictureCanvas):
    """Highlights the element under the mouse, and turns clicks and keys into intents."""

    def __init__(self, session: Session, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(session, style, parent)
        self.setObjectName("networkCanvas")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self._intents = Intents(session, self, self.edit)
        self._pressed: QPointF | None = None
        self._panning = False
        self._near: int | None = None
        self._editor = ValueEditor(self)
        self._editor.committed.connect(self._commit)
        self._editor.closed.connect(self._label_again)

    # -- mouse ---------------------------------------------------------------------------------------------------------------

    @override
    @guarded
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Highlight the element under the mouse, or pan."""
        if self._pressed is not None and event.buttons() & Qt.MouseButton.LeftButton:
            moved = event.position() - self._pressed
            if self._panning or moved.manhattanLength() > DRAG_DISTANCE:
                self._panning, self._labelled = True, False
                self.setCursor(Qt.CursorShape.ClosedHandCursor)
                self.viewport.pan(moved.x(), moved.y())
                self._pressed = event.position()
                self.update()
            return
        self._mouse = event.position()
        self._update_hover(event.position())

    @override
    def _update_hovered(self) -> None:
        if self._mouse is not None and not self._panning:
            self._update_hover(self._mouse)

    def _label_again(self) -> None:
        self._labelled = not self._editor.isVisible()
        self.update()

    def _update_hover(self, at: QPointF) -> None:
        """Find the element under the mouse."""
        x, y = self.viewport.to_picture(at.x(), at.y())
        control = control_at(self.builder, x, y)
        thing = None if control is not None else element_at(self.builder, x, y, self.viewport.zoom)
        if control != self._control:
            QToolTip.hideText()
        touchable = (control is not None and control.enabled) or thing is not None
        self.setCursor(Qt.CursorShape.PointingHandCursor if touchable else Qt.CursorShape.ArrowCursor)
        near = self._near_column()
        if (control, thing, near) != (self._control, self._hovered, self._near) or thing is not None:
            self.update()
        self._control, self._near = control, near
        if thing != self._hovered:
            self._hovered = thing
            self._session.hovered.emit(thing)

    def element_at(self, position: QPointF) -> Selection | None:
        """Return the bias, node or edge at ``position`` of the widget."""
        x, y = self.viewport.to_picture(position.x(), position.y())
        return (
            None if control_at(self.builder, x, y) is not None else element_at(self.builder, x, y, self.viewport.zoom)
        )

    @override
    @guarded
    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Activate a control, or start a click or a pan."""
        self._focus_by_key = False
        if event.button() != Qt.MouseButton.LeftButton:
            super().mousePressEvent(event)
            return
        self._mouse = event.position()
        self._update_hover(event.position())
        if self._control is not None:
            self._intents.use(self._control)
        else:
            self._pressed, self._panning = event.position(), False

    @override
    @guarded
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Select the clicked element (the background clears the selection), or stop panning."""
        if self._pressed is not None and not self._panning:
            self._session.select(self._hovered)
        self._pressed, self._panning = None, False
        self._label_again()
        self._update_hover(event.position())

    @override
    @guarded
    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Edit a weight or bias; treat a double click on a control as a second click."""
        self._update_hover(event.position())
        if self._control is not None:
            self._intents.use(self._control)
        elif self._hovered is not None:
            self.edit(self._hovered)

    @override
    @guarded
    def leaveEvent(self, event: QEvent) -> None:
        """Clear the hovered element."""
        self._mouse = self._control = self._near = None
        if self._hovered is not None:
            self._hovered = None
            self._session.hovered.emit(None)
        self.update()
        super().leaveEvent(event)

    @override
    @guarded
    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom with Ctrl, scroll a folded column, or pan."""
        delta = event.pixelDelta() if not event.pixelDelta().isNull() else event.angleDelta() / 2
        at = event.position()
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.viewport.zoom_at(at.x(), at.y(), 1.0015 ** (delta.y() * 2))
        else:
            x, y = self.viewport.to_picture(at.x(), at.y())
            column = self.builder.layout.column_at(x)
            folded = (column.above or column.below) and column.top <= y <= column.bottom
            if folded and abs(x - column.x) <= column.node and delta.y():
                self.builder.scroll(column.index, -max(1, abs(delta.y()) // 30) * (1 if delta.y() > 0 else -1))
            elif self.viewport.can_pan:
                sideways = delta.x() or delta.y()
                self.viewport.pan(sideways, delta.y() if self.viewport.zoom > 1 and delta.x() == 0 else 0)
            else:
                event.ignore()
                return
        event.accept()
        self._update_hover(at)
        self.update()

    @override
    @guarded_or(False)
    def event(self, event: QEvent) -> bool:
        """Show the tooltips of controls; zoom by a pinch gesture."""
        if isinstance(event, QNativeGestureEvent) and event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture:
            at = event.position()
            self.viewport.zoom_at(at.x(), at.y(), 1.0 + event.value())
            self.update()
            return True
        if event.type() == QEvent.Type.ToolTip and self._control is not None:
            x, y = self.viewport.to_view(self._control.box.left(), self._control.box.bottom())
            QToolTip.showText(self.mapToGlobal(QPoint(round(x), round(y))), self._control.tip, self)
            return True
        return super().event(event)

    @override
    @guarded
    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Open the menu of the layer under the mouse, or of the selected one."""
        x, _ = self.viewport.to_picture(event.pos().x(), event.pos().y())
        column = self.builder.layout.column_at(x).index
        if column:
            self._intents.open_menu(column, event.globalPos())

    # -- keys ------------------------------------------------------------------------------------------------------------------

    @override
    @guarded
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move the selection, edit, add, remove, zoom."""
        if not self._intents.press(event):
            super().keyPressEvent(event)

    def edit(self, selection: Selection) -> bool:
        """Open the editor of the selected weight or bias; return whether one is selected."""
        parameter = parameter_of(selection, self.builder.shape, self.builder.snapshot)
        if parameter is None:
            return False
        if self._session.refuses(selection):
            return True
        self._reveal(selection)
        centre = centre_of(self.builder, selection)
        if centre is None:
            return False
        x, y = self.viewport.to_view(*centre)
        self._labelled = False
        self._editor.edit(parameter, QPoint(round(x), round(y)), self.builder.style)
        return True

    def _commit(self, parameter: Parameter, value: float) -> None:
        self._session.edit_parameter(parameter.index, value, parameter.label)
