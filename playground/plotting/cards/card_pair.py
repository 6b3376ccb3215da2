"""A figure with the plots of the compared pinned run and of the current run side by side, on the same axes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from msgspec.structs import replace

from playground.plotting.canvas.canvas import Canvas
from playground.plotting.canvas.captions import Captions, title_of_run
from playground.plotting.pictures.pair_view import ROOMS, PairView
from playground.plotting.pins.ghosts import Data, Ghost
from playground.plotting.pins.pinned_plot import on_same_axes
from playground.plotting.pins.run_tables import CURRENT, combined
from playground.widgets.figure import FigureText
from playground.widgets.plot import Plot

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QGraphicsView

    from playground.plotting.pictures.picture import Picture
    from playground.session.pins import Pin, Pins
    from playground.style.theme import Style
    from playground.widgets.figure import Chart, Table

Shown = TypeVar("Shown")


class Pairable(Protocol[Shown]):
    """The interface of a plot card that can show two runs side by side."""

    figure_key: str

    @property
    def figure_title(self) -> str:
        """Title of the picture."""
        ...

    @property
    def pins(self) -> Pins:
        """The pins of the session."""
        ...

    @property
    def sentence_forms(self) -> tuple[str, ...]:
        """The sentence on the current run, longest form first."""
        ...

    def pair_data(self) -> tuple[Pin, Shown] | None:
        """Return the compared pin and its data."""
        ...

    def shown(self) -> Shown | None:
        """Return the data of the current run."""
        ...

    def ghost_sentences(self, pin: Pin, data: Shown) -> tuple[str, ...]:
        """Return sentences on the data of a pin."""
        ...

    def make_picture(self, canvas: Canvas) -> Picture[Shown]:
        """Return a picture on ``canvas``."""
        ...

    def build_figure(self, style: Style) -> QGraphicsView:
        """Return the figure of the current run."""
        ...

    def plot_of(self, data: Shown, style: Style) -> Plot | None:
        """Return ``data`` as a plot that can be typeset; ``None`` if there is none."""
        ...

    def chart_of(self, data: Shown, style: Style) -> Chart | None:
        """Return ``data`` as a chart; ``None`` if it is none."""
        ...

    def plot_of_runs(self, runs: Sequence[tuple[str, Shown]], style: Style) -> Plot | None:
        """Return several runs as one plot; ``None`` to draw each of them on the same axes."""
        ...

    def figure_table(self) -> Table:
        """Return the data of the figure as a table."""
        ...

    def table_of(self, data: Shown | None) -> Table:
        """Return ``data`` of the current run as a table."""
        ...

    def pin_table(self, pin: Pin, data: Shown) -> Table:
        """Return ``data`` of a pin as a table."""
        ...


class CardPair(Generic[Data]):
    """The figure with both runs of one card.

    Args:
        card: the card, which provides the current run and the compared pin.
    """

    figure_rooms = ROOMS

    def __init__(self, card: Pairable[Data]) -> None:
        self._card = card

    @property
    def original(self) -> Pairable[Data]:
        """The card."""
        return self._card

    @property
    def figure_key(self) -> str:
        """Stem of the exported file's name."""
        return f"{self._card.figure_key}-side-by-side"

    @property
    def figure_title(self) -> str:
        """Title of the picture."""
        return self._card.figure_title

    def build_figure(self, style: Style) -> QGraphicsView:
        """Return a new hidden view of both plots, with the pinned run on the left."""
        card = self._card
        found, living = card.pair_data(), card.shown()
        if found is None or living is None:
            return card.build_figure(style)
        pin, pinned = found
        now = card.pins.current_name(pin)
        left = self._plot(style, pinned, living, card.pins.name(pin), card.ghost_sentences(pin, pinned))
        right = self._plot(style, living, pinned, now, card.sentence_forms)
        return PairView(left, right, style)

    def figure_plot(self, style: Style) -> Plot | None:
        """Return the panes of both runs stacked, each with the name of its run."""
        runs = self._runs()
        together = self._card.plot_of_runs(runs, style) if runs else None
        if together is not None:
            return together
        plots = [plot for _, data in runs if (plot := self._card.plot_of(data, style)) is not None]
        if not runs or len(plots) < len(runs):
            return None
        panes = [
            replace(pane, title=f"{name}: {pane.title}" if pane.title else name)
            for (name, _), plot in zip(runs, on_same_axes(plots), strict=True)
            for pane in plot.panes
        ]
        return Plot(tuple(panes))

    def figure_parts(self, style: Style) -> tuple[tuple[str, Chart], ...]:
        """Return the chart of each run with its name; empty if the card is not a chart."""
        charts = [(name, self._card.chart_of(data, style)) for name, data in self._runs()]
        return tuple((name, chart) for name, chart in charts if chart is not None)

    def _runs(self) -> tuple[tuple[str, Data], ...]:
        """Return the data of the compared and of the current run with their names; empty if one has none."""
        found, living = self._card.pair_data(), self._card.shown()
        if found is None or living is None:
            return ()
        return (self._card.pins.name(found[0]), found[1]), (CURRENT, living)

    def _plot(self, style: Style, data: Data, other: Data, name: str, sentences: tuple[str, ...]) -> Canvas:
        """Return the plot of ``data``, on axes that also cover ``other``."""
        canvas = Canvas(style, still=True)
        self._card.make_picture(canvas).draw(data, style, (Ghost("", 0, other, is_drawn=False),))
        canvas.set_captions(Captions(title_of_run(self.figure_title, name), sentences=sentences))
        return canvas

    def figure_text(self) -> FigureText:
        """Return the title with what differs between the runs."""
        found = self._card.pair_data()
        if found is None:
            return FigureText(self.figure_title)
        finding, differences = self._card.pins.heading(found[0])
        return FigureText(self.figure_title, finding=finding, differences=differences)

    def figure_table(self) -> Table:
        """Return the data of both runs, with a column that names the run of each row."""
        card = self._card
        found = card.pair_data()
        if found is None:
            return card.figure_table()
        pin, pinned = found
        return combined([(CURRENT, card.table_of(card.shown())), (card.pins.name(pin), card.pin_table(pin, pinned))])
