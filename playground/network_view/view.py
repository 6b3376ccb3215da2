"""The network card: the picture with its title line and explanation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QSize
from PySide6.QtGui import QAction, QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QToolButton, QWidget
from typing_extensions import override

from playground.network_view.canvas.network_canvas import NetworkCanvas
from playground.network_view.edges.errors import EdgeErrors
from playground.network_view.edges.segments import EdgeSegments, Segment
from playground.network_view.figure.exported import ExportedNetwork
from playground.network_view.foot import EDGES, Foot
from playground.network_view.marks.finder import MarkFinder
from playground.network_view.marks.legend import MarksLegend
from playground.network_view.phases.bar import PhaseBar
from playground.style.resources import icon
from playground.style.theme import CARD_PADDING, GRID, TITLE_ICON, Style
from playground.widgets.card import FULL, MENUS, SHORT
from playground.widgets.guard import guarded, guarded_or
from playground.widgets.plain_text import PlainLabel

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.analysis.neuron_marks import NeuronMarks
    from core.arrays import Floats
    from core.experiment import Experiment
    from core.training.snapshot import Snapshot
    from playground.network_view.edges.values import EdgeValue
    from playground.session import Session

MARKS_TIP: Final = (
    "Mark dead neurons (crossed out), saturated ones (hatched), clones (joined, in one colour) and dropped ones (grey)"
)

TOOLS: Final = (
    ("zoom-out", "Zoom out", "Zoom out (Ctrl −, Ctrl + wheel)"),
    ("zoom-in", "Zoom in", "Zoom in (Ctrl +, Ctrl + wheel)"),
    ("fit", "Fit", "Show the whole network, or its natural size (Ctrl 0)"),
)
"""Icon, accessible name and tip of each button beside the title."""

_RESIZING: Final = frozenset(
    {QEvent.Type.LayoutRequest, QEvent.Type.Polish, QEvent.Type.StyleChange, QEvent.Type.FontChange}
)
"""Events after which the card may need another size."""


class NetworkView(ExportedNetwork):
    """Shows the network and lets a user change it."""

    def __init__(self, session: Session, style: Style, parent: QWidget | None = None) -> None:
        # Nested splitters ask for the hints a hundred times while the window is laid out.
        self._size_hint: QSize | None = None
        self._minimum_size_hint: QSize | None = None
        super().__init__("Network", parent)
        self._needed: tuple[int, ...] = (0, 0, 0)  # width of the controls in each form
        self._fitted: tuple[int, ...] = ()
        self._note.hide()
        self.setObjectName("networkView")
        self._session = session
        self._style = style
        self.canvas = NetworkCanvas(session, style, self)
        self.body.addWidget(self.canvas, 1)
        self.phases = PhaseBar(session, style)
        self.body.addWidget(self.phases)
        self._foot_line = Foot(self.canvas.builder)
        self.set_sentence(EDGES)
        self._tools: dict[str, QToolButton] = {}
        self._actions: list[QAction] = []
        self._label = PlainLabel("edges show")
        self._label.setProperty("role", "muted")
        self.add_header_widget(self._label)
        self._segments = EdgeSegments()
        self._segments.chosen.connect(self.show_edges)
        self.add_header_widget(self._segments)
        self._marks_button = self._make_marks_button()
        self.add_header_widget(self._marks_button)
        self._legend = MarksLegend(style, self)
        self.add_foot_widget(self._legend)
        self._finder = MarkFinder(self)
        self._finder.found.connect(self._take_marks)
        self._finder.failed.connect(self.show_problem)
        self._add_tools()
        self._before_check: EdgeValue = "weight"
        session.experiment_changed.connect(lambda _old, _new: self._follow_experiment())
        session.sample_changed.connect(lambda _sample: self._fit_foot())
        session.phases_changed.connect(self._follow_phases)
        self.set_style(style)
        self._describe()

    def _make_marks_button(self) -> Segment:
        button = Segment("marks")
        button.setObjectName("marksButton")
        button.setChecked(True)
        button.setToolTip(MARKS_TIP)
        button.setAccessibleName("Marks")
        button.setAccessibleDescription(MARKS_TIP)
        button.toggled.connect(self._switch_marks)
        self._marks_action = QAction("Marks", self)
        self._marks_action.setObjectName("marksAction")
        self._marks_action.setCheckable(True)
        self._marks_action.setChecked(True)
        self._marks_action.setToolTip(MARKS_TIP)
        self._marks_action.toggled.connect(button.setChecked)
        self._actions.append(self._marks_action)
        return button

    def _add_tools(self) -> None:
        actions = {
            "zoom-out": lambda: self.canvas.zoom(-1),
            "zoom-in": lambda: self.canvas.zoom(1),
            "fit": self.canvas.fit,
        }
        for name, accessible, tip in TOOLS:
            button = QToolButton()
            button.setProperty("role", "tool")
            button.setAccessibleName(accessible)
            button.setToolTip(tip)
            button.clicked.connect(actions[name])
            self._tools[name] = button
            self.add_header_widget(button)
            action = QAction(accessible, self)
            action.setObjectName(f"{name}Action")
            action.setToolTip(tip)
            action.triggered.connect(lambda _=False, run=actions[name]: run())
            self._actions.append(action)

    @override
    def menu_actions(self) -> Sequence[QAction]:
        """Return the switch of the marks and the zoom actions, which do not fit a narrow title line."""
        return self._actions

    def show_edges(self, shows: EdgeValue) -> None:
        """Set whether the edges show weights, gradients or updates."""
        self._segments.choose(shows)
        self.canvas.builder.set_shows(shows)
        self._fit_foot()
        self.canvas.update()

    def show_marks(self, *, on: bool) -> None:
        """Set whether dead, saturated, cloned and dropped neurons are marked."""
        self._marks_button.setChecked(on)

    @property
    def marks_shown(self) -> bool:
        """Whether neurons are marked."""
        return self._marks_button.isChecked()

    def _switch_marks(self, on: bool) -> None:  # noqa: FBT001 - follows Qt's signal
        self._marks_action.setChecked(on)
        self.canvas.builder.set_marked(on=on)
        self._find_marks()
        self._show_legend()
        self.canvas.update()

    def _find_marks(self) -> None:
        """Search the newest snapshot for marks if they can be seen."""
        if (snapshot := self.canvas.builder.snapshot) is not None and self.marks_shown and self.isVisible():
            self._finder.search(snapshot)

    def _take_marks(self, snapshot: Snapshot, marks: NeuronMarks) -> None:
        self.canvas.builder.set_marks(snapshot, marks)
        self._show_legend()
        if not snapshot.playing:  # else the next snapshot is drawn at once
            self.canvas.update()

    def _show_legend(self) -> None:
        if self._legend.show_entries(self.canvas.builder.legend):
            self._fit_foot()

    def _follow_phases(self) -> None:
        """Count what the step drops, and say what its edges show."""
        self._show_legend()
        self._fit_foot()

    def _fit_foot(self) -> None:
        """Say what the picture shows and explain the edges in as many words as the legend leaves room for."""
        room = self.contentsRect().width() - 2 * CARD_PADDING
        if self._legend.entries:
            room -= self._foot.spacing() + self._legend.sizeHint().width()
        measure = self._sentence.fontMetrics().horizontalAdvance
        self.set_sentence(self._foot_line.sentence(self._session.phase, lambda text: measure(text) <= room))

    def show_errors(self, parameters: Floats, errors: Floats) -> None:
        """Colour the edges by the relative ``errors`` (P,) of a gradient check at ``parameters`` (P,)."""
        if self.edges_show != "check":
            self._before_check = self.edges_show
        self.canvas.builder.set_errors(EdgeErrors(parameters, errors))
        self._segments.offer_check(on=True)
        self.fit_title()
        self.show_edges("check")

    def hide_errors(self) -> None:
        """Restore the quantity that the edges showed before the check."""
        if self.canvas.builder.errors is None:
            return
        self.canvas.builder.set_errors(None)
        self._segments.offer_check(on=False)
        self.fit_title()
        if self.edges_show == "check":
            self.show_edges(self._before_check)

    @override
    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Draw ``snapshot``."""
        errors = self.canvas.builder.errors
        if errors is not None and not errors.hold_for(snapshot):
            self.hide_errors()
        before = self.canvas.builder.shape
        self.canvas.show_snapshot(snapshot)
        if self.canvas.builder.shape is not before:
            self._describe()
        if self.marks_shown:
            self._find_marks()
            self._show_legend()
        if self._foot_line.is_due(snapshot):
            self._fit_foot()

    @override
    def show_settings(self, experiment: Experiment) -> None:
        """Show the layers of ``experiment``."""
        self.canvas.show_settings(experiment)

    @override
    def view_data(self) -> str:
        """Return the zoom that the user chose."""
        return self.canvas.view_data()

    @override
    def restore_view_data(self, text: str) -> None:
        """Restore a zoom, unless the layers have changed."""
        self.canvas.restore_view_data(text)

    @override
    def set_style(self, style: Style) -> None:
        """Set the theme and scale, and redraw."""
        self._style = style
        for name, button in self._tools.items():
            size = round(style.px(TITLE_ICON))
            button.setIcon(icon(name, style.theme.muted, sizes=(size,)))
            button.setIconSize(QSize(size, size))
        for part in (self._segments, self._marks_button):
            part.set_style(style)
        self._legend.set_style(style)
        self.canvas.set_style(style)
        self.phases.set_style(style)
        self.fit_title()

    @override
    @guarded_or(QSize())
    def sizeHint(self) -> QSize:
        """Return the size at which canvas, title line and explanation fit."""
        if self._size_hint is None:
            self._size_hint = super().sizeHint()
        return QSize(self._size_hint)

    @override
    @guarded_or(QSize())
    def minimumSizeHint(self) -> QSize:
        """Return the minimum size of canvas and controls in their narrowest form; the title line hides the rest."""
        if self._minimum_size_hint is None:
            width = max(self.canvas.minimumSizeHint().width(), self._needed[-1])
            self._minimum_size_hint = QSize(width + 2 * CARD_PADDING, super().minimumSizeHint().height())
        return QSize(self._minimum_size_hint)

    @override
    @guarded
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Hide the parts of the title line that do not fit."""
        super().resizeEvent(event)
        self._arrange_header()
        self._fit_foot()

    @override
    @guarded
    def showEvent(self, event: QShowEvent) -> None:
        """Measure again, because only a shown widget has its final font."""
        super().showEvent(event)
        self.fit_title()
        self._find_marks()

    @override
    @guarded
    def hideEvent(self, event: QHideEvent) -> None:
        """Stop searching for marks."""
        super().hideEvent(event)
        self._finder.stop()

    @override
    @guarded_or(False)
    def event(self, event: QEvent) -> bool:
        """Measure again when the size of the controls changed."""
        if event.type() in _RESIZING:
            self._size_hint = self._minimum_size_hint = None
        handled = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest and self._sizes() != self._fitted:
            self.fit_title()
        return handled

    @override
    def fit_title(self) -> None:
        """Measure the controls of the title line in each of their forms if they have changed, and arrange them."""
        if self._sizes() != self._fitted:
            widths = []
            for form in (FULL, SHORT, MENUS):
                self.set_header_form(form)
                widths.append(sum(width + self._header.spacing() for width in self._sizes()))
            self._needed, self._minimum_size_hint = tuple(widths), None
            self.updateGeometry()
        self._arrange_header()

    @override
    def set_header_form(self, form: int) -> None:
        """Switch the controls to ``form``, and keep the switch of the marks apart from the segments beside it."""
        super().set_header_form(form)
        if form == SHORT:
            self._header.setSpacing(GRID // 2)

    def _arrange_header(self) -> None:
        """Use the widest form of the controls that fits, and show of title, zoom buttons and words what fits beside it."""
        narrow = self.width() - CARD_PADDING - 2  # less margins and border, see set_header_form
        title = self._title.sizeHint().width() + self._header.spacing()
        tried = ((FULL, narrow - CARD_PADDING - title), (SHORT, narrow - title), (SHORT, narrow))
        form = next((form for form, width in tried if self._needed[form] <= width), MENUS)
        self.set_header_form(form)
        # In the narrowest cards, the switch of the marks is only in the menu, and in narrower ones still, what may be hidden
        # last is, too: cut words could not be read.
        lacking = self._needed[form] - narrow
        self._marks_button.setHidden(lacking > 0)
        lacking -= self._marks_button.sizeHint().width() + self._header.spacing()
        for widget in self._last:
            widget.setHidden(lacking > 0)
            lacking -= widget.sizeHint().width() + self._header.spacing()
        room = narrow - self._needed[form] - (CARD_PADDING if form == FULL else 0)
        for group in self._given_up():
            room -= sum(widget.sizeHint().width() + self._header.spacing() for widget in group)
            for widget in group:
                widget.setVisible(room >= 0)
        self.set_switch_first(self._title.isHidden())
        self._fitted = self._sizes()
        self._settle_header()

    def _given_up(self) -> list[list[QWidget]]:
        """Return the groups of parts that are hidden where they do not fit, the last one first."""
        return [[self._title], [*self._tools.values()], [self._label]]

    def _sizes(self) -> tuple[int, ...]:
        """Return the widths that the permanent parts of the title line need in their present form."""
        missable = {self._note, *(widget for group in self._given_up() for widget in group)}
        permanent = (each for each in self._header_widgets if each not in missable)
        squeezed_out = (self._marks_button, *self._last)
        return tuple(each.sizeHint().width() for each in permanent if each in squeezed_out or not each.isHidden())

    def _follow_experiment(self) -> None:
        self.hide_errors()
        self._describe()

    def _describe(self) -> None:
        self.setAccessibleDescription(self.canvas.builder.shape.sentence)
