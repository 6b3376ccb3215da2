"""The network card: the picture with its title line and its explanation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QToolButton,
    QWidget,
)

from playground.card import Card
from playground.figure import SvgRoute, Table
from playground.network_view.canvas import NetworkCanvas
from playground.network_view.edges import EDGE_VALUES, EdgeValue
from playground.network_view.figure_view import NetworkFigure
from playground.network_view.parameter_table import parameter_table
from playground.resources import icon
from playground.theme import Style

if TYPE_CHECKING:
    from core.snapshot import Snapshot
    from playground.session import Session

FOOT: Final = "Colour: sign (orange −, blue +). Width: size. Small dot: bias. Click selects, double-click edits."
LEGENDS: Final[dict[EdgeValue, str]] = {
    "weight": "Edges: weight w. Colour: sign (orange −, blue +). Width: size, relative to the largest weight.",
    "gradient": "Edges: gradient ∂L/∂w. Colour: sign (orange −, blue +). Width: size, relative to the largest gradient.",
    "update": "Edges: change of w in the last step. Colour: sign (orange −, blue +). Width: size, relative to the largest.",
}
TIPS: Final[dict[EdgeValue, str]] = {
    "weight": "Each edge shows its weight w; full width is the largest |w| of the whole network.",
    "gradient": "Each edge shows ∂L/∂w over the training set; full width is the largest of the whole network, "
    "so edges grow thin where gradients vanish.",
    "update": "Each edge shows what the last step added to its weight; full width is the largest change in the network.",
}
_TOOLS: Final = (
    ("zoom-out", "Zoom out", "Zoom out (Ctrl −, Ctrl + wheel)"),
    ("zoom-in", "Zoom in", "Zoom in (Ctrl +, Ctrl + wheel)"),
    ("fit", "Fit", "Show the whole network, or its natural size (Ctrl 0)"),
)


class NetworkView(Card):
    """Shows the network and lets a person change it."""

    figure_key = "network"
    figure_title = "Network"
    svg_route: SvgRoute = "scene"

    def __init__(self, session: Session, style: Style, parent: QWidget | None = None) -> None:
        super().__init__("Network", parent)
        self.setObjectName("networkView")
        self._session = session
        self._style = style
        self.canvas = NetworkCanvas(session, style, self)
        self.body.addWidget(self.canvas, 1)
        self.set_sentence(FOOT)
        self._buttons = QButtonGroup(self)
        self.add_header_widget(self._segments())
        self._tools: dict[str, QToolButton] = {}
        self._add_tools()
        self._buttons.buttonClicked.connect(self._choose)
        session.experiment_changed.connect(lambda _old, _new: self._describe())
        self.set_style(style)
        self._describe()

    def _segments(self) -> QWidget:
        frame = QWidget()
        row = QHBoxLayout(frame)
        row.setContentsMargins(0, 0, 0, 0)
        label = QLabel("edges show")
        label.setProperty("role", "muted")
        row.addWidget(label)
        box = QFrame()
        box.setProperty("role", "segments")
        inner = QHBoxLayout(box)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(0)
        for shows in EDGE_VALUES:
            button = QPushButton(shows)
            button.setObjectName(f"{shows}EdgesButton")
            button.setProperty("role", "segment")
            button.setCheckable(True)
            button.setChecked(shows == "weight")
            button.setToolTip(TIPS[shows])
            button.setAccessibleName(f"Edges show {shows}")
            self._buttons.addButton(button)
            inner.addWidget(button)
        row.addWidget(box)
        return frame

    def _add_tools(self) -> None:
        actions = {
            "zoom-out": lambda: self.canvas.zoom(-1),
            "zoom-in": lambda: self.canvas.zoom(1),
            "fit": self.canvas.fit,
        }
        for name, accessible, tip in _TOOLS:
            button = QToolButton()
            button.setProperty("role", "tool")
            button.setAccessibleName(accessible)
            button.setToolTip(tip)
            button.clicked.connect(actions[name])
            self._tools[name] = button
            self.add_header_widget(button)

    def _choose(self, button: QAbstractButton) -> None:
        self.show_edges(next(shows for shows in EDGE_VALUES if shows == button.text()))

    def show_edges(self, shows: EdgeValue) -> None:
        """Let the edges show weights, gradients or updates."""
        for button in self._buttons.buttons():
            button.setChecked(button.text() == shows)
        self.canvas.builder.set_shows(shows)
        self.canvas.update()

    @property
    def edges_show(self) -> EdgeValue:
        """What the edges show."""
        return self.canvas.builder.shows

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Draw ``snapshot``."""
        before = self.canvas.builder.shape
        self.canvas.show_snapshot(snapshot)
        if self.canvas.builder.shape is not before:
            self._describe()

    def set_style(self, style: Style) -> None:
        """Draw in another theme or at another scale."""
        self._style = style
        for name, button in self._tools.items():
            button.setIcon(icon(name, style.theme.muted))
            size = round(style.px(14))
            button.setIconSize(QSize(size, size))
        self.canvas.set_style(style)

    def _describe(self) -> None:
        self.setAccessibleDescription(self.canvas.builder.shape.sentence)

    # -- export --------------------------------------------------------------------------------------------------------------

    def build_figure(self, style: Style) -> NetworkFigure:
        """Return the picture as a hidden view of its own in ``style``."""
        builder = self.canvas.builder.frozen_copy(style)
        name = self._session.experiment.name
        title = "Network" if name == "Untitled" else f"Network · {name}"
        figure = NetworkFigure(builder, title, LEGENDS[self.edges_show], self.canvas.selection)
        figure.setAttribute(Qt.WidgetAttribute.WA_StyledBackground, on=False)
        return figure

    def figure_table(self) -> Table:
        """Return every weight and bias with its gradient and last update."""
        return parameter_table(self.canvas.builder.snapshot, self.canvas.builder.shape)
