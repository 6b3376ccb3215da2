"""The panel on the left: data, training and layers in one scrollable card."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget
from typing_extensions import override

from playground.panels.controls.section import Section, separator
from playground.panels.data.data_panel import DataPanel
from playground.panels.layers.layers_panel import LayersPanel
from playground.panels.training.training_panel import TrainingPanel
from playground.style.theme import Style
from playground.widgets.guard import guarded_or
from playground.widgets.later import later
from playground.widgets.viewport import own_viewport

if TYPE_CHECKING:
    from core.training.snapshot import Snapshot
    from playground.session import Session

_WIDTH: Final = 240
_PADDING: Final = 12


class ControlPanel(QFrame):
    """All controls of data, training and layers.

    Signals:
        open_data_requested: the user wants to open their own table.
        edit_columns_requested: the user wants to choose other columns of the table.
        wanted_height_changed: a row appeared or disappeared, or a part was expanded or collapsed.
    """

    open_data_requested = Signal()
    edit_columns_requested = Signal()
    wanted_height_changed = Signal()

    def __init__(self, session: Session, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("controlPanel")
        self.setAccessibleName("Controls")
        self.setProperty("role", "card")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.data = DataPanel(session, style)
        self.training = TrainingPanel(session, style)
        self.layers = LayersPanel(session, style)
        self.data.open_data_requested.connect(self.open_data_requested)
        self.data.edit_columns_requested.connect(self.edit_columns_requested)
        content = QWidget()
        content.setProperty("role", "clear")
        self._rows = QVBoxLayout(content)
        self._lines = (separator(), separator())
        for row in (self.data, self._lines[0], self.training, self._lines[1], self.layers):
            self._rows.addWidget(row)
        self._rows.addStretch(1)
        self._told = 0
        content.installEventFilter(self)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        own_viewport(scroll).setAutoFillBackground(False)
        scroll.setWidget(content)
        content.setAutoFillBackground(False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(1, 1, 1, 1)
        layout.addWidget(scroll)
        self._space(style)

    @override
    @guarded_or(False)
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Emit the wanted height once rows that appeared or disappeared are laid out."""
        if event.type() == QEvent.Type.LayoutRequest:
            later(0, self, self._tell_height)
        return super().eventFilter(watched, event)

    def _tell_height(self) -> None:
        wanted = self.wanted_height()
        if wanted != self._told:
            self._told = wanted
            self.wanted_height_changed.emit()

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Update what depends on the data itself: notes on dropped rows, and choices that fit the task."""
        self.data.show_snapshot(snapshot)
        self.training.show_snapshot(snapshot)
        self.layers.show_snapshot(snapshot)

    def hold(self, *, on: bool) -> None:
        """Postpone work that the first frame does not need, or do it."""
        self.data.hold_pictures(on)
        if not on:
            later(0, self, self.complete)

    def complete(self) -> None:
        """Build the parts that are collapsed at first."""
        self.training.complete()

    @property
    def sections(self) -> tuple[Section, ...]:
        """The parts of the panel, from the top."""
        return self.data, self.training, self.layers

    def show_only(self, chosen: Mapping[str, Collection[str]] | None) -> None:
        """Show only the ``chosen`` rows by section title; ``None`` shows all."""
        for section in self.sections:
            section.show_only(None if chosen is None else chosen.get(section.title, ()))
        self.separate()

    def wanted_height(self) -> int:
        """Return the height at which nothing needs to be scrolled, in pixels."""
        return self._rows.totalSizeHint().height() + 4

    def separate(self) -> None:
        """Show a line between two visible sections; called after sections were hidden or shown."""
        hidden = [section.isHidden() for section in self.sections]
        self._lines[0].setHidden(hidden[0] or all(hidden[1:]))
        self._lines[1].setHidden(hidden[2] or hidden[1])

    def set_style(self, style: Style) -> None:
        """Draw in ``style``."""
        self._space(style)
        for part in (self.data, self.training, self.layers):
            part.set_style(style)

    def _space(self, style: Style) -> None:
        padding = round(style.px(_PADDING))
        self._rows.setContentsMargins(padding, round(style.px(9)), padding, round(style.px(9)))
        self._rows.setSpacing(round(style.px(8)))
        self.setMinimumWidth(round(style.px(_WIDTH)))
