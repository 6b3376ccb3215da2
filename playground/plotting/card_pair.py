"""A card's plot of the compared pinned run beside that of the present one, on the same axes, as a figure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic

from playground.plotting.canvas import Canvas
from playground.plotting.ghosts import Data, Ghost
from playground.plotting.pair_view import PairView

if TYPE_CHECKING:
    from PySide6.QtWidgets import QGraphicsView

    from playground.plotting.plot_card import PlotCard
    from playground.style.theme import Style
    from playground.widgets.figure import SvgRoute, Table


class CardPair(Generic[Data]):
    """Both runs of one card.

    Args:
        card: shows the present run, and knows the compared pin.
    """

    def __init__(self, card: PlotCard[Data]) -> None:
        self._card = card

    @property
    def figure_key(self) -> str:
        """Stem of the exported file's name."""
        return f"{self._card.figure_key}-side-by-side"

    @property
    def figure_title(self) -> str:
        """Title of the picture."""
        return self._card.figure_title

    @property
    def svg_route(self) -> SvgRoute:
        """How it is converted to SVG."""
        return self._card.svg_route

    def build_figure(self, style: Style) -> QGraphicsView:
        """Return a new, hidden view of both plots, the pinned run at the left."""
        card = self._card
        found, living = card.pair_data(), card.shown()
        if found is None or living is None:
            return card.build_figure(style)
        pin, pinned = found
        pins = card.pins
        _, others = pins.differences(pin)
        now = " · ".join(others) or "now"
        left = self._plot(style, pinned, living, pins.name(pin), (card.ghost_sentences(pin, pinned) or ("",))[0])
        right = self._plot(style, living, pinned, now, card.sentence)
        return PairView(left, right, pins.differences_in_words(pin), style)

    def _plot(self, style: Style, data: Data, other: Data, name: str, sentence: str) -> Canvas:
        """Return the plot of ``data``, whose axes reach over ``other``, too."""
        canvas = Canvas(style, still=True)
        self._card.make_picture(canvas).draw(data, style, (Ghost("", 0, other, is_drawn=False),))
        canvas.set_captions(f"{self.figure_title}: {name}", "", sentence)
        return canvas

    def figure_table(self) -> Table:
        """Return the data of the present run."""
        return self._card.figure_table()
