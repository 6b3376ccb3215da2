"""Use larger type in a card that fills a large window: the enlarged card, and those that are popped out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject
from typing_extensions import override

from playground.plotting.cards.plot_card import PlotCard
from playground.plotting.cards.word_choice import WordChoice
from playground.style.stylesheet import stylesheet
from playground.style.theme import Style, enlarged
from playground.widgets.guard import guarded_or
from playground.widgets.live_card import LiveCard

if TYPE_CHECKING:
    from playground.widgets.card import Card
    from playground.window.workspace.workspace import Workspace


class LargeType(QObject):
    """Draws cards that have a window to themselves with larger type as far as it has room, and all others with the normal one."""

    def __init__(self, workspace: Workspace, style: Style) -> None:
        super().__init__(workspace)
        self._workspace = workspace
        self._style = style
        self._drawn: dict[Card, Style] = {}
        workspace.rearranged.connect(self._follow)
        workspace.installEventFilter(self)

    def set_style(self, style: Style) -> None:
        """Set the style, after all cards have it."""
        self._style, self._drawn = style, {}
        self._follow()

    @override
    @guarded_or(False)
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the size of the window."""
        if event.type() == QEvent.Type.Resize:
            self._follow()
        return super().eventFilter(watched, event)

    def _follow(self) -> None:
        wanted, style = self._wanted(), self._style
        for card in [card for card in self._drawn if card not in wanted]:
            del self._drawn[card]
            self._draw(card, style, "")
        for card, larger in wanted.items():
            if self._drawn.get(card, style) != larger:
                self._draw(card, larger, stylesheet(larger) if larger != style else "")
            self._drawn[card] = larger

    def _wanted(self) -> dict[Card, Style]:
        """Return the style of each card that has a window to itself."""
        card, size = self._workspace.enlarged, self._workspace.size()
        wanted = {} if card is None else {card: enlarged(self._style, size.width(), size.height())}
        for card, window in self._workspace.popped.items():
            window.installEventFilter(self)
            wanted[card] = enlarged(self._style, window.width(), window.height(), min_factor=1.0)
        return wanted

    @staticmethod
    def _draw(card: Card, style: Style, sheet: str) -> None:
        if isinstance(card, LiveCard):
            card.setStyleSheet(sheet)
            for part in card.title_parts:
                part.set_style(style)
            card.set_style(style)
            if not isinstance(card, PlotCard):  # which styles its switch itself
                for switch in card.findChildren(WordChoice):
                    switch.set_style(style)
            card.fit_title()
            card.settle_layout()
