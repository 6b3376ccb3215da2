"""A figure with the networks of the compared pinned run and of the current run side by side."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QGraphicsView

from playground.network_view.builder import PictureBuilder
from playground.network_view.edges.legend import edge_legend
from playground.network_view.figure.items import FootItem, NetworkItem
from playground.network_view.figure.parameter_table import diagram, parameter_table
from playground.network_view.layout.shape import shape_of
from playground.plotting.pins.run_tables import CURRENT, combined
from playground.style.theme import Style
from playground.widgets.figure import Diagram, FigureText, Table
from playground.widgets.fitted_view import FittedView

if TYPE_CHECKING:
    from playground.session.pins import Pin, Pins


class NetworkPair:
    """Both networks in one picture, with the same scale of edge widths.

    Args:
        builder: the picture of the current run.
        pins: the pins of the session.
        pin: the compared one.
        table: returns the parameters of the current run.
    """

    figure_key = "network-side-by-side"
    figure_title = "Network"
    figure_rooms = ((420.0, 200.0), (200.0, 330.0))

    def __init__(self, builder: PictureBuilder, pins: Pins, pin: Pin, table: Callable[[], Table]) -> None:
        self._builder, self._pins, self._pin = builder, pins, pin
        self._table = table

    def build_figure(self, style: Style) -> QGraphicsView:
        """Return a new hidden view of both networks, with the pinned one on the left, or above where it is narrow."""
        current, pinned = self._builder.frozen_copy(style), self._builder.frozen_copy(style)
        run = self._pin.run
        pinned.set_experiment(run.experiment)
        pinned.set_snapshot(run.snapshot)
        current.full = pinned.full = max(current.full, pinned.full)
        left = NetworkItem(pinned, f"Network: {self._pins.name(self._pin)}", "", None)
        right = NetworkItem(current, f"Network: {self._pins.current_name(self._pin)}", "", None)
        foot = FootItem(edge_legend(self._builder.shows, style.theme, both=True), style)
        return FittedView(left, right, background=style.theme.panel, below=foot)

    def figure_parts(self, style: Style) -> tuple[tuple[str, Diagram], ...]:
        """Return both networks as diagrams with the names of their runs."""
        run, builder = self._pin.run, self._builder
        pinned = diagram(run.snapshot, shape_of(run.experiment, run.snapshot), style.theme)
        now = diagram(builder.snapshot, builder.shape, style.theme, builder.restrictions)
        named = ((self._pins.name(self._pin), pinned), (CURRENT, now))
        return tuple((name, each) for name, each in named if each is not None)

    def figure_text(self) -> FigureText:
        """Return the title with what differs between the runs."""
        finding, differences = self._pins.heading(self._pin)
        return FigureText(self.figure_title, finding=finding, differences=differences)

    def figure_table(self) -> Table:
        """Return the parameters of both runs, with a column that names the run of each row."""
        run = self._pin.run
        pinned = parameter_table(run.snapshot, shape_of(run.experiment, run.snapshot))
        return combined([(CURRENT, self._table()), (self._pins.name(self._pin), pinned)])
