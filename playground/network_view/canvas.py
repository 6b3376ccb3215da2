"""The widget that shows the picture and takes mouse and keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QPoint, QPointF, QSize, QSizeF, Qt, QTimer
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget
from typing_extensions import override

from playground.network_view.backdrop import Backdrop
from playground.network_view.builder import PictureBuilder
from playground.network_view.controls import Control
from playground.network_view.controls_painter import paint_crosses
from playground.network_view.edge_layer import EdgeLayer
from playground.network_view.editor import ValueEditor
from playground.network_view.hover_label import paint_hover_label
from playground.network_view.intents import Intents
from playground.network_view.painter import paint_nodes
from playground.network_view.picking import centre_of, control_at, thing_at
from playground.network_view.viewport import ZOOM_STEP, Viewport
from playground.network_view.words import Parameter, exists, hover_lines, parameter_of
from playground.selection import Selection
from playground.theme import Style

if TYPE_CHECKING:
    from core.experiment import Experiment
    from core.snapshot import Snapshot
    from playground.session import Session

DRAG_DISTANCE: Final = 4

CATCH_UP_MS: Final = 12
"""How soon edges are painted for which a frame had no time."""


class NetworkCanvas(QWidget):
    """Paints the network, lights up what is under the mouse, and turns clicks and keys into intents."""

    def __init__(self, session: Session, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("networkCanvas")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.builder = PictureBuilder(session.experiment, style)
        self.viewport = Viewport()
        self.edges = EdgeLayer()
        self._backdrop = Backdrop()
        self._session = session
        self._intents = Intents(session, self)
        self._hovered: Selection | None = None
        self._control: Control | None = None
        self._mouse: QPointF | None = None
        self._pressed: QPointF | None = None
        self._panning = False
        self._editor = ValueEditor(self)
        self._editor.committed.connect(self._commit)
        session.experiment_changed.connect(self._follow_experiment)
        session.selection_changed.connect(self._follow_selection)
        session.hovered.connect(self._follow_hover)
        self._describe()

    # -- model to picture ------------------------------------------------------------------------------------------------

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Draw ``snapshot``."""
        before = self.builder.shape
        self.builder.set_snapshot(snapshot)
        if self.builder.shape is not before:
            self._describe()
            self._fit_sizes()
        self.update()

    def set_style(self, style: Style) -> None:
        """Draw in another style."""
        self.builder.set_style(style)
        self._fit_sizes()
        self.update()

    def _follow_experiment(self, _old: Experiment, new: Experiment) -> None:
        self.builder.set_experiment(new)
        self._describe()
        self._fit_sizes()
        self.update()

    def _follow_selection(self, selection: Selection | None) -> None:
        if selection is not None and exists(selection, self.builder.shape):
            self._reveal(selection)
        self.update()

    def _follow_hover(self, selection: Selection | None) -> None:
        if selection != self._hovered:
            self._hovered = selection
            self.update()

    def _describe(self) -> None:
        sentence = self.builder.shape.sentence
        self.setAccessibleName(f"Network: {sentence}")
        self.setAccessibleDescription(
            "Arrow keys move the selection, Enter edits, plus and minus change the number of neurons, "
            "Insert adds a layer, M opens the layer's menu."
        )

    def _fit_sizes(self) -> None:
        layout = self.builder.layout
        self.viewport.set_sizes((self.width(), self.height()), (layout.width, layout.height))

    def _reveal(self, selection: Selection) -> None:
        column = selection.layer + 1
        self.builder.reveal(column, selection.neuron)
        if selection.kind == "weight":
            self.builder.reveal(column - 1, selection.source)
        place = self.builder.layout.columns[column]
        half = self.builder.layout.spacing / 2
        self.viewport.reveal(place.x - half, place.x + half)

    @property
    def selection(self) -> Selection | None:
        """What is selected, if the picture has it."""
        selection = self._session.selection
        return selection if selection is not None and exists(selection, self.builder.shape) else None

    # -- painting ----------------------------------------------------------------------------------------------------------

    @override
    def sizeHint(self) -> QSize:
        """Return a comfortable size."""
        return QSize(800, 430)

    @override
    def minimumSizeHint(self) -> QSize:
        """Return the smallest useful size."""
        return QSize(320, 240)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay out for the new size."""
        super().resizeEvent(event)
        self.builder.set_size(self.width(), self.height())
        self._fit_sizes()

    @override
    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the picture, the floating label and the focus ring."""
        view, pixel = self.viewport, self.devicePixelRatioF()
        ratio, visible = view.zoom * pixel, view.visible()
        picture = self.builder.picture(ratio, self.selection, self._shown_hover(), visible)
        controls, near = self.builder.controls, self._near_column()
        theme = self.builder.style.theme
        painter = QPainter(self)
        backdrop = self._backdrop.pixmap(picture, controls, view, self.size(), pixel, self._control, near)
        painter.drawPixmap(0, 0, backdrop)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.translate(view.dx, view.dy)
        painter.scale(view.zoom, view.zoom)
        self.edges.paint(painter, picture, visible, ratio)
        paint_nodes(painter, picture)
        if near == 0:
            paint_crosses(painter, picture.layout, controls, picture.style, self._control)
        painter.resetTransform()
        if self._mouse is not None and self._hovered is not None and not (self._panning or self._editor.isVisible()):
            lines = hover_lines(self._hovered, self.builder.shape, self.builder.snapshot)
            paint_hover_label(painter, lines, self._mouse, QSizeF(self.size()), self.builder.style)
        if self.hasFocus() and self._keyboard_focus:
            painter.setPen(QPen(QColor(theme.accent), 1.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(self.rect().toRectF().adjusted(1, 1, -1, -1), 6, 6)
        painter.end()
        if self.edges.behind:
            QTimer.singleShot(CATCH_UP_MS, self, self.update)

    _keyboard_focus = False

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the focus ring when the focus came by a key."""
        keys = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason, Qt.FocusReason.ShortcutFocusReason)
        self._keyboard_focus = event.reason() in keys
        super().focusInEvent(event)

    def _shown_hover(self) -> Selection | None:
        hovered = self._hovered
        return hovered if hovered is not None and exists(hovered, self.builder.shape) else None

    def _near_column(self) -> int | None:
        if self._mouse is None:
            return None
        x, y = self.viewport.to_picture(self._mouse.x(), self._mouse.y())
        layout = self.builder.layout
        column = layout.column_at(x)
        in_header = y < layout.top and abs(x - column.x) < layout.spacing / 2
        on_node = layout.node_at(x, y) is not None
        return column.index if (in_header and column.index) or (on_node and not column.index) else None

    # -- mouse ---------------------------------------------------------------------------------------------------------------

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Light up what is under the mouse, or pan."""
        if self._pressed is not None and event.buttons() & Qt.MouseButton.LeftButton:
            moved = event.position() - self._pressed
            if self._panning or moved.manhattanLength() > DRAG_DISTANCE:
                self._panning = True
                self.setCursor(Qt.CursorShape.ClosedHandCursor)
                self.viewport.pan(moved.x(), moved.y())
                self._pressed = event.position()
                self.update()
            return
        self._mouse = event.position()
        self._look(event.position())

    def _look(self, at: QPointF) -> None:
        """Find what is under the mouse."""
        x, y = self.viewport.to_picture(at.x(), at.y())
        control = control_at(self.builder, x, y)
        thing = None if control is not None else thing_at(self.builder, x, y, self.viewport.zoom)
        if control != self._control:
            self._control = control
            QToolTip.hideText()
        touchable = (control is not None and control.enabled) or thing is not None
        self.setCursor(Qt.CursorShape.PointingHandCursor if touchable else Qt.CursorShape.ArrowCursor)
        if thing != self._hovered:
            self._hovered = thing
            self._session.hovered.emit(thing)
        self.update()

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Use a control, select, or begin to pan."""
        self._keyboard_focus = False
        if event.button() != Qt.MouseButton.LeftButton:
            super().mousePressEvent(event)
            return
        self._mouse = event.position()
        self._look(event.position())
        if self._control is not None:
            self._intents.use(self._control)
        elif self._hovered is not None:
            self._session.select(self._hovered)
        else:
            self._pressed, self._panning = event.position(), False

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Stop panning; a click on the background selects nothing."""
        if self._pressed is not None and not self._panning:
            self._session.select(None)
        self._pressed, self._panning = None, False
        self._look(event.position())

    @override
    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Edit a weight or bias; on a control it is a second click."""
        self._look(event.position())
        if self._control is not None:
            self._intents.use(self._control)
        elif self._hovered is not None:
            self.edit(self._hovered)

    @override
    def leaveEvent(self, event: QEvent) -> None:
        """Forget what was under the mouse."""
        self._mouse = self._control = None
        if self._hovered is not None:
            self._hovered = None
            self._session.hovered.emit(None)
        self.update()
        super().leaveEvent(event)

    @override
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
        self._look(at)

    @override
    def event(self, event: QEvent) -> bool:
        """Explain controls in tooltips."""
        if event.type() == QEvent.Type.ToolTip and self._control is not None:
            x, y = self.viewport.to_view(self._control.box.left(), self._control.box.bottom())
            QToolTip.showText(self.mapToGlobal(QPoint(round(x), round(y))), self._control.tip, self)
            return True
        return super().event(event)

    @override
    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Open the menu of the layer under the mouse, or of the selected one."""
        x, _ = self.viewport.to_picture(event.pos().x(), event.pos().y())
        column = self.builder.layout.column_at(x).index
        if column:
            self._intents.open_menu(column, event.globalPos())

    # -- keys ------------------------------------------------------------------------------------------------------------------

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move the selection, edit, add, remove, zoom."""
        if not self._intents.press(event):
            super().keyPressEvent(event)

    def zoom(self, steps: int) -> None:
        """Zoom in (positive) or out around the centre."""
        self.viewport.zoom_centre(ZOOM_STEP**steps)
        self.update()

    def fit(self) -> None:
        """Show the whole network, or go back to its natural size."""
        self.viewport.fit()
        self.update()

    def show_header(self, column: int) -> QPoint:
        """Return where on the screen the menu of ``column`` belongs."""
        place = self.builder.layout.columns[column]
        x, y = self.viewport.to_view(place.x - 40 * self.builder.layout.scale, 54 * self.builder.layout.scale)
        return self.mapToGlobal(QPoint(round(x), round(y)))

    def edit(self, selection: Selection) -> bool:
        """Open the field in which the selected weight or bias is edited; return whether there is one."""
        parameter = parameter_of(selection, self.builder.shape, self.builder.snapshot)
        if parameter is None:
            return False
        self._reveal(selection)
        centre = centre_of(self.builder, selection)
        if centre is None:
            return False
        x, y = self.viewport.to_view(*centre)
        self._editor.edit(parameter, QPoint(round(x), round(y)), self.builder.style)
        return True

    def _commit(self, parameter: Parameter, value: float) -> None:
        self._session.edit_parameter(parameter.index, value, parameter.label)
