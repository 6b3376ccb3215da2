"""Use a larger font in the enlarged card."""

from __future__ import annotations

from playground.plotting.plot_card import PlotCard
from playground.plotting.word_choice import WordChoice
from playground.style.stylesheet import stylesheet
from playground.style.theme import Style, enlarged
from playground.widgets.card import Card
from playground.widgets.live_card import LiveCard
from playground.window.workspace import Workspace


class LargeType:
    """Draws the enlarged card of a workspace with a larger font, and all others with the normal one."""

    def __init__(self, workspace: Workspace, style: Style) -> None:
        self._workspace = workspace
        self._style = style
        self._card: Card | None = None
        workspace.rearranged.connect(self._follow)

    def set_style(self, style: Style) -> None:
        """Set the style, after all cards have it."""
        self._style, self._card = style, None
        self._follow()

    def _follow(self) -> None:
        card = self._workspace.enlarged
        if card is self._card:
            return
        self._draw(self._card, self._style, "")
        size = self._workspace.size()
        # A plot chooses its type by its size itself.
        is_plot = isinstance(card, PlotCard)
        larger = enlarged(self._style) if is_plot else enlarged(self._style, size.width(), size.height())
        self._draw(card, larger, stylesheet(larger))
        self._card = card

    @staticmethod
    def _draw(card: Card | None, style: Style, sheet: str) -> None:
        if isinstance(card, LiveCard):
            card.setStyleSheet(sheet)
            card.set_style(style)
            if not isinstance(card, PlotCard):  # which styles its switch itself
                for switch in card.findChildren(WordChoice):
                    switch.set_style(style)
                card.fit_title()
