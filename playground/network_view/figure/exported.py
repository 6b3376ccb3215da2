"""The network card as a figure for export."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from typing_extensions import override

from playground.network_view.finding import finding
from playground.style.theme import Style
from playground.widgets.aligned_figure import AlignedFigure
from playground.widgets.figure import Diagram, Figure, FigureText, Table
from playground.widgets.fitted_view import FittedView
from playground.widgets.live_card import LiveCard

if TYPE_CHECKING:
    from playground.network_view.canvas.network_canvas import NetworkCanvas
    from playground.network_view.edges.values import EdgeValue
    from playground.session import Session


class ExportedNetwork(LiveCard):
    """The part of the network card that draws its figure.

    Attributes:
        canvas: the picture on screen.
    """

    figure_key = "network"
    figure_title = "Network"
    canvas: NetworkCanvas
    _session: Session

    @property
    def edges_show(self) -> EdgeValue:
        """The quantity that the edges show."""
        return self.canvas.builder.shows

    @property
    @override
    def figure(self) -> Figure:
        """This card, for export."""
        return self

    def build_figure(self, style: Style, full: float = 0.0) -> FittedView:
        """Return the picture as a separate hidden view in ``style``; values of ``full`` and above have the widest edges."""
        from playground.network_view.edges.legend import edge_legend  # imported late: not needed for the first frame
        from playground.network_view.figure.items import NetworkItem

        builder = self.canvas.builder.frozen_copy(style)
        builder.full = max(builder.full, full)
        item = NetworkItem(builder, "", edge_legend(self.edges_show, style.theme), self.canvas.selection)
        figure = FittedView(item, background=style.theme.panel)
        figure.setAttribute(Qt.WidgetAttribute.WA_StyledBackground, on=False)
        return figure

    def figure_text(self) -> FigureText:
        """Return the name of the Experiment and what the picture shows."""
        subject, builder = self._session.subject, self.canvas.builder
        found = finding(builder.snapshot, builder.shape, self.edges_show, builder.legend, builder.restrictions)
        return FigureText(f"Network · {subject}" if subject else "Network", finding=found)

    def pair(self) -> Figure | None:
        """Return the network of the compared pinned run beside this one as a figure, or ``None``."""
        from playground.network_view.figure.pair import NetworkPair  # imported late: not needed for the first frame

        pins = self._session.pins
        pin = pins.compared
        return None if pin is None else NetworkPair(self.canvas.builder, pins, pin, self.figure_table)

    def figure_data(self) -> float:
        """Return the magnitude that is drawn as the widest edge."""
        return self.canvas.builder.full

    def aligned(self, others: Sequence[object]) -> Figure:
        """Return the figure with edge widths on the same scale as at other moments."""
        full = max((each for each in others if isinstance(each, float)), default=0.0)
        return AlignedFigure(self, lambda style: self.build_figure(style, full))

    def figure_diagram(self, style: Style) -> Diagram | None:
        """Return nodes and weights as a diagram in colours of ``style``."""
        from playground.network_view.figure.parameter_table import diagram

        builder = self.canvas.builder
        return diagram(builder.snapshot, builder.shape, style.theme, builder.restrictions)

    def figure_table(self) -> Table:
        """Return every weight and bias with its gradient and last update."""
        from playground.network_view.figure.parameter_table import parameter_table

        builder = self.canvas.builder
        return parameter_table(builder.snapshot, builder.shape, builder.restrictions)
