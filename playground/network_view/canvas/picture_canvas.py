"""The widget that shows the picture and follows the session; :mod:`.network_canvas` adds mouse and keyboard."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from PySide6.QtCore import QPoint, QPointF, QSize, QSizeF, Qt
from PySide6.QtGui import QColor, QFocusEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from playground.network_view.builder import PictureBuilder
from playground.network_view.canvas.hover_label import paint_hover_label
from playground.network_view.canvas.words import hover_lines
from playground.network_view.controls.backdrop import Backdrop
from playground.network_view.controls.painter import paint_touched
from playground.network_view.controls.positions import Control
from playground.network_view.edges.layer import EdgeLayer
from playground.network_view.layout.viewport import ZOOM_STEP, Viewport, chosen_view
from playground.network_view.marks.hidden import paint_hidden
from playground.network_view.marks.painter import paint_clones
from playground.network_view.marks.sample import paint_sample
from playground.network_view.marks.shown import marks_in_words
from playground.network_view.nodes.painter import paint_nodes
from playground.network_view.phases.words import edges_of, followed_index, highlighted_by
from playground.network_view.picture import Picture
from playground.session.restrictions import UNKNOWN
from playground.session.selection import Hovered, HoveredLayer, Selection
from playground.style.theme import Style
from playground.widgets.guard import guarded, guarded_or
from playground.widgets.later import later

if TYPE_CHECKING:
    from core.data.sample import Sample
    from core.experiment import Experiment
    from core.training.snapshot import Snapshot
    from playground.session import Session

CATCH_UP_MS: Final = 12
"""Delay before painting edges for which a frame had no time."""

_FOCUS_BY_KEY: Final = frozenset(
    {Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason, Qt.FocusReason.ShortcutFocusReason}
)


class PictureCanvas(QWidget):
    """Paints the network and follows the session's experiment, selection and hovering.

    Attributes:
        builder: builder of the picture.
        viewport: zoom and pan.
    """

    def __init__(self, session: Session, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.builder = PictureBuilder(session.experiment, style)
        self.builder.set_sample(session.sample)
        self.builder.set_restrictions(session.restrictions)
        self.viewport = Viewport()
        self._session = session
        self._edges = EdgeLayer()
        self._backdrop = Backdrop()
        self._hovered: Selection | None = None
        self._highlighted: tuple[Selection, ...] = ()
        self._highlighted_by_phase: tuple[Selection, ...] = ()
        self._control: Control | None = None
        self._mouse: QPointF | None = None
        self._labelled = True
        self._focus_by_key = False
        session.experiment_changed.connect(self._follow_experiment)
        session.selection_changed.connect(self._follow_selection)
        session.sample_changed.connect(self._follow_sample)
        session.phases_changed.connect(self._follow_phase)
        session.restrictions_changed.connect(self._follow_restrictions)
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
            self._update_hovered()
        self._picture()  # computed here, so that waiting events are handled between this and painting
        self.update()

    def _picture(self) -> Picture:
        """Return what is to be painted now."""
        ratio = self.viewport.zoom * self.devicePixelRatioF()
        return self.builder.picture(ratio, self.selection, self._shown_hover(), self.viewport.visible())

    def set_style(self, style: Style) -> None:
        """Set the style and redraw."""
        self.builder.set_style(style)
        self._fit_sizes()
        self.update()

    def show_settings(self, experiment: Experiment) -> None:
        """Show the layers of ``experiment``, which may be that of another run."""
        self._follow_experiment(experiment, experiment)

    def _follow_experiment(self, _old: Experiment, new: Experiment) -> None:
        self.builder.set_experiment(new)
        self._describe()
        self._fit_sizes()
        self._update_hovered()
        self.update()

    def _follow_selection(self, selection: Selection | None) -> None:
        if self._session.phase is not None:
            self._follow_phase()
        if selection is not None and selection.exists_in(self.builder.shape.counts):
            self._reveal(selection)
        self.update()

    def _follow_phase(self) -> None:
        """Highlight what the shown phase of a training step touches, and show its numbers on the edges."""
        step, phase = self._session.phase_step, self._session.phase
        if step is None or phase is None:
            self._highlighted_by_phase = ()
            self.builder.set_step(None)
        else:
            followed = followed_index(step, self._session.selection, self._session.restrictions)
            self._highlighted_by_phase = highlighted_by(step, phase, followed)
            self.builder.set_step(step, edges_of(step, phase))
        self.update()

    def _follow_sample(self, sample: Sample | None) -> None:
        self.builder.set_sample(sample)
        self.update()

    def _follow_restrictions(self) -> None:
        """Draw the weights and neurons that a lesson hides without their values."""
        self.builder.set_restrictions(self._session.restrictions)
        self._follow_phase()

    def _follow_hover(self, highlighted: Hovered) -> None:
        """Highlight the hovered element, or the weights of a path."""
        if isinstance(highlighted, HoveredLayer):
            several = highlighted.neurons_in(self.builder.shape.counts)
            if several != self._highlighted:
                self._highlighted, self._hovered = several, None
                self.update()
            return
        several = highlighted if isinstance(highlighted, tuple) else () if highlighted is None else (highlighted,)
        if several != self._highlighted:
            self._highlighted = several
            self._hovered = several[0] if len(several) == 1 else None
            self.update()

    def _update_hovered(self) -> None:
        """Find the element under the mouse after the picture changed."""

    def _describe(self) -> None:
        sentence = self.builder.shape.sentence
        self.setAccessibleName(f"Network: {sentence}")
        self.setAccessibleDescription(
            "Arrow keys move the selection, Enter edits, plus and minus change the number of neurons, "
            "Delete removes the selected one, Insert adds a layer, M opens the layer's menu."
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
        """Selection, if the picture contains it."""
        selection = self._session.selection
        return selection if selection is not None and selection.exists_in(self.builder.shape.counts) else None

    @property
    def edges_behind(self) -> bool:
        """Whether some edges on the screen show older values (they follow in the next frames)."""
        return self._edges.behind

    # -- painting ----------------------------------------------------------------------------------------------------------

    @override
    @guarded_or(QSize())
    def sizeHint(self) -> QSize:
        """Return a comfortable size."""
        return QSize(800, 430)

    @override
    @guarded_or(QSize())
    def minimumSizeHint(self) -> QSize:
        """Return the minimum useful size."""
        return QSize(320, 240)

    @override
    @guarded
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay out for the new size."""
        super().resizeEvent(event)
        self.builder.set_size(self.width(), self.height())
        self._fit_sizes()

    @override
    @guarded
    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the picture, the floating label and the focus ring."""
        view, pixel = self.viewport, self.devicePixelRatioF()
        ratio, visible = view.zoom * pixel, view.visible()
        picture = self._picture()
        controls, near = self.builder.controls, self._near_column()
        theme = self.builder.style.theme
        # An exception must not leave the painter open: Qt would crash.
        with QPainter(self) as painter:
            backdrop = self._backdrop.pixmap(picture, controls, view, self.size(), pixel)
            painter.drawPixmap(0, 0, backdrop)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.translate(view.dx, view.dy)
            painter.scale(view.zoom, view.zoom)
            self._edges.paint(painter, picture, visible, ratio)
            paint_nodes(painter, picture)
            paint_clones(painter, picture)
            paint_sample(painter, picture.sample, picture.layout, picture.style)
            paint_hidden(painter, picture)
            if near is not None or self._control is not None:
                paint_touched(painter, picture.layout, controls, picture.style, self._control, near)
            painter.resetTransform()
            if self._mouse is not None and self._hovered is not None and self._labelled:
                lines = self._hover_lines(self._hovered)
                nodes = self.builder.layout.node_boxes() * view.zoom + np.tile((view.dx, view.dy), 2)
                paint_hover_label(painter, lines, self._mouse, QSizeF(self.size()), self.builder.style, nodes)
            if self.hasFocus() and self._focus_by_key:
                painter.setPen(QPen(QColor(theme.accent), 1.5))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRoundedRect(self.rect().toRectF().adjusted(1, 1, -1, -1), 6, 6)
        snapshot = self.builder.snapshot
        if self._edges.behind and not (snapshot is not None and snapshot.playing):
            # During training the next snapshot comes soon enough.
            later(CATCH_UP_MS, self, self.update)

    @override
    @guarded
    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the focus ring when the focus came from the keyboard."""
        self._focus_by_key = event.reason() in _FOCUS_BY_KEY
        super().focusInEvent(event)

    def _shown_hover(self) -> tuple[Selection, ...]:
        # What the mouse points at takes precedence over what the phase of a step touches.
        return tuple(
            highlighted
            for highlighted in self._highlighted or self._highlighted_by_phase
            if highlighted.exists_in(self.builder.shape.counts)
        )

    def _hover_lines(self, hovered: Selection) -> list[str]:
        """Return the lines of the floating label."""
        builder, restrictions = self.builder, self.builder.restrictions
        if restrictions.hides(hovered):
            return [UNKNOWN, builder.shape.called.title(hovered), restrictions.concealment(hovered)]
        lines = hover_lines(
            hovered, builder.shape, builder.snapshot, None if builder.errors is None else builder.errors.errors
        )
        lines += self._mark_lines(hovered)
        return [*lines, restrictions.reason(hovered)] if restrictions.locks(hovered) else lines

    def _mark_lines(self, hovered: Selection) -> list[str]:
        """Return what the marks of the hovered neuron mean."""
        if hovered.kind != "neuron":
            return []
        shape = self.builder.shape
        return marks_in_words(
            self.builder.marks,
            hovered.layer,
            hovered.neuron,
            lambda neuron: shape.called.of_neuron(hovered.layer + 1, neuron),
        )

    def _near_column(self) -> int | None:
        if self._mouse is None:
            return None
        x, y = self.viewport.to_picture(self._mouse.x(), self._mouse.y())
        layout = self.builder.layout
        column = layout.column_at(x)
        in_header = y < layout.top and abs(x - column.x) < layout.spacing / 2
        on_node = layout.node_at(x, y) is not None
        return column.index if (in_header and column.index) or (on_node and not column.index) else None

    def zoom(self, steps: int) -> None:
        """Zoom in (positive) or out around the centre."""
        self.viewport.zoom_centre(ZOOM_STEP**steps)
        self.update()

    def fit(self) -> None:
        """Show the whole network, or return to its natural size."""
        self.viewport.fit()
        self.update()

    def view_data(self) -> str:
        """Return the zoom and position that the user chose, as text; empty if the whole network is shown."""
        chosen = self.viewport.chosen(self.builder.shape.counts[1:-1])
        return "" if chosen is None else chosen.text

    def restore_view_data(self, text: str) -> None:
        """Show the network as in :meth:`view_data`, if it still has the same layers."""
        chosen = chosen_view(text)
        if chosen is not None and chosen.layers == self.builder.shape.counts[1:-1]:
            self.viewport.restore(chosen)
            self.update()

    def show_header(self, column: int) -> QPoint:
        """Return the position on the screen for the menu of ``column``."""
        place = self.builder.layout.columns[column]
        x, y = self.viewport.to_view(place.x - 40 * self.builder.layout.scale, 54 * self.builder.layout.scale)
        return self.mapToGlobal(QPoint(round(x), round(y)))
