"""The drawing mode of the output card: the button in its title line, the toolbar, and the overlay on the plot."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPointF, QSize, Signal
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QToolButton

from core.data.drawn_points import obstacle
from core.experiment import DrawnSource, Experiment
from playground.plots.output.drawing.layer import paint_hint, paint_tool
from playground.plots.output.drawing.target import chip_names, levels_of, target_of
from playground.plots.output.drawing.tool import DrawTool
from playground.session import drawing
from playground.style.resources import icon
from playground.style.theme import TITLE_ICON
from playground.widgets.live_card import IS_MODE
from playground.widgets.plain_text import plain_tip

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.training.snapshot import Snapshot
    from playground.plots.output.data import OutputData
    from playground.plots.output.drawing.strip import DrawStrip
    from playground.plotting.canvas.canvas import Area, Canvas
    from playground.session import Session
    from playground.style.theme import Style

_TIP = "Draw points on the plot, even while the network trains (B)"
_NO_TARGET = "Classes of a single input cannot be drawn."
_INSTEAD = "Choose “drawn” under More data to start with an empty set."


class Drawing(QObject):
    """The drawing mode of one card.

    Signals:
        toggled: whether the mode is on.

    Attributes:
        button: turns the mode on and off.
        tool: converts mouse and key events to points.
    """

    toggled = Signal(bool)

    def __init__(
        self,
        canvas: Canvas,
        session: Session,
        style: Style,
        place: Callable[[DrawStrip], object],
        parent: QObject | None = None,
    ) -> None:
        """Create the button.

        Args:
            canvas: the canvas of the card.
            session: the session whose data are drawn.
            style: the initial style.
            place: puts the toolbar into the card.
            parent: the parent object.
        """
        super().__init__(parent)
        self._canvas, self._session, self._style, self._place = canvas, session, style, place
        self._begins_empty = False
        self._was_on = False
        self._names: tuple[str, ...] = ()
        self._colours: tuple[QColor, ...] = ()
        self.tool = DrawTool(canvas, session, lambda: self._style, self)
        self._strip: DrawStrip | None = None
        self.button = QToolButton()
        self.button.setObjectName("drawButton")
        self.button.setAccessibleName("Draw points")
        self.button.setCheckable(True)
        self.button.setProperty(IS_MODE, True)
        self.button.setProperty("role", "tool")
        self.button.toggled.connect(self.tool.turn)
        self.tool.changed.connect(self._follow_tool)
        session.experiment_changed.connect(self._follow_experiment)
        canvas.add_layer(self._paint, 30)
        self.set_style(style)

    @property
    def strip(self) -> DrawStrip:
        """The toolbar, hidden while the mode is off; created when it is first needed."""
        if self._strip is None:
            from playground.plots.output.drawing.strip import DrawStrip

            self._strip = DrawStrip(self.tool, self._session, self._style)
            self._strip.hide()
            self._place(self._strip)
            self._show_labels()
        return self._strip

    @property
    def is_on(self) -> bool:
        """Whether the mode is on."""
        return self.tool.is_on

    def set_style(self, style: Style) -> None:
        """Draw in ``style``."""
        self._style = style
        side = round(style.px(TITLE_ICON))
        self.button.setIcon(icon("pencil", style.theme.muted, sizes=(side,)))
        self.button.setIconSize(QSize(side, side))
        if self._strip is not None:
            self._strip.set_style(style)
        self._show_labels()

    def show(self, data: OutputData | None, snapshot: Snapshot) -> None:
        """Adapt the tools to ``data`` of ``snapshot``, and disable the button if drawing is impossible."""
        tool, reason = self.tool, "" if snapshot.data.is_drawn else obstacle(snapshot.data)
        target = None if reason else target_of(data)
        kind = None if target is None else target.kind
        if target is None or (tool.target is not None and tool.target.kind != kind):
            tool.turn(False)
        tool.target = target
        tool.forget_shown(snapshot.generation)
        if not tool.is_on or not tool.levels:
            tool.levels = levels_of(data)
        self.button.setEnabled(target is not None)
        text = _TIP if target is not None else f"{reason or _NO_TARGET} {_INSTEAD}"
        self.button.setToolTip(plain_tip(text))
        self.button.setAccessibleDescription(text)
        if self._begins_empty and snapshot.generation == self._session.generation:
            self._begins_empty = False
            self.button.setChecked(target is not None)
        if tool.is_on:
            self._show_labels()

    def hover(self, place: QPointF | None) -> bool:
        """Show the brush at ``place`` if the mode is on; return whether it is."""
        if self.is_on:
            self.tool.hover(place)
        return self.is_on

    def _follow_tool(self) -> None:
        on = self.tool.is_on
        self.button.setChecked(on)
        if on or self._strip is not None:
            self.strip.setVisible(on)
        self._show_labels()
        if on != self._was_on:
            self._was_on = on
            self.toggled.emit(on)
        self._canvas.repaint_soon()

    def _follow_experiment(self, old: Experiment, new: Experiment) -> None:
        """Turn the mode on when the user chooses an empty set."""
        source = new.data.dataset
        self._begins_empty = (
            isinstance(source, DrawnSource) and not source.points and not isinstance(old.data.dataset, DrawnSource)
        ) or (self._begins_empty and source == old.data.dataset)

    def _show_labels(self) -> None:
        target, labels = self.tool.target, self.tool.labels
        known = len(labels)
        if target is None or not labels:
            self._names, self._colours = (), ()
        elif target.kind == "values":
            self._names = chip_names("values", labels, ())
            largest = max(map(abs, labels))
            self._colours = tuple(self._style.theme.sign_colour(label, largest) for label in labels)
        else:
            given = drawing.classes_of(self._session).names
            known = len(given)
            self._names = chip_names("classes", labels, given)
            self._colours = tuple(self._style.theme.class_colour(i, max(known, i + 1)) for i in range(len(labels)))
        if self._strip is not None:
            self._strip.show_labels(labels, self._names, self._colours, known)

    def _paint(self, p: QPainter, area: Area) -> None:
        source = self._session.experiment.data.dataset
        if isinstance(source, DrawnSource) and not source.points and not self.tool.is_drawing:
            paint_hint(p, area, self.tool, self._style, self._names)
        paint_tool(p, area, self.tool, self._style, self._colours)
