"""The cards of one window: first those shown initially, the others one by one between frames, or on demand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final, Protocol

from PySide6.QtCore import QTimer

from playground.window.export.card_menu import CardMenu
from playground.window.presentation.sizes import PresentedSizes
from playground.window.workspace.card_help import CardHelp
from playground.window.workspace.tab_order import TabOrder

if TYPE_CHECKING:
    from playground.session import Session
    from playground.style.appearance import Appearance
    from playground.style.theme import Style
    from playground.widgets.live_card import LiveCard
    from playground.window.card_entry import CardEntry
    from playground.window.export.card_export import CardExport
    from playground.window.workspace.arrangements import Arrangement
    from playground.window.workspace.workspace import Workspace
    from playground.worker.frame_clock import FrameClock

_BETWEEN_MS: Final = 24
"""Milliseconds between building two cards, so that frames are painted and events are handled in between."""


class Styled(Protocol):
    """An object with a style."""

    def set_style(self, style: Style) -> None:
        """Draw in ``style``."""


class CardSet:
    """Builds cards, adds their buttons and connects them to the frame clock.

    Args:
        table: all cards.
        arrangements: all workspaces, starting with the one shown first.
        session: the session that the cards show.
        appearance: theme and scale.
        clock: passes snapshots to the cards.
    """

    def __init__(
        self,
        table: Mapping[str, CardEntry],
        arrangements: tuple[Arrangement, ...],
        session: Session,
        appearance: Appearance,
        clock: FrameClock,
    ) -> None:
        self._table = table
        self._missing = list(arrangements[1:])
        self._session, self._appearance, self._clock = session, appearance, clock
        self._buttons: list[Styled] = []
        self._is_holding = False
        self._workspace: Workspace | None = None
        self._card_export: CardExport | None = None
        self._added: Callable[[Mapping[str, LiveCard]], None] | None = None
        self._completed: Callable[[Mapping[str, LiveCard]], None] | None = None
        self._timer: QTimer | None = None
        first = arrangements[0].shown_first({key for key, entry in table.items() if entry.applies_to(None)})
        self.built = {key: self._make(key) for key in table if key in first}
        # First those of the workspace shown first, because a click on their switch can request them.
        near = arrangements[0].contents()
        self._keys = sorted((key for key in table if key not in first), key=lambda key: key not in near)

    @property
    def styled(self) -> tuple[Styled, ...]:
        """All objects with a style; buttons come first, because a card fits its title to the remaining space."""
        return (*self._buttons, *self.built.values())

    def all(self) -> Mapping[str, LiveCard]:
        """Return every card by key, in the order of the table, after building the missing ones."""
        self.complete()
        return self.built

    def settle_in(
        self,
        workspace: Workspace,
        card_export: CardExport,
        added: Callable[[Mapping[str, LiveCard]], None],
        completed: Callable[[Mapping[str, LiveCard]], None],
    ) -> None:
        """Connect the cards built so far.

        Args:
            workspace: the workspace that contains the cards.
            card_export: copy and export the cards.
            added: called with each card built later.
            completed: called with all cards once they are built.
        """
        self._workspace, self._card_export, self._added, self._completed = workspace, card_export, added, completed
        self._connect(self.built)
        PresentedSizes(workspace, self._appearance)
        TabOrder(workspace)

    def complete_between_frames(self) -> None:
        """Build the cards and workspaces that the first frame did not need, one at a time."""
        self._timer = QTimer(self._workspace)
        self._timer.setInterval(_BETWEEN_MS)
        self._timer.timeout.connect(self._build_next)
        self._timer.start()

    def stop(self) -> None:
        """Build no more cards between frames: the window closes."""
        if self._timer is not None:
            self._timer.stop()

    def complete(self) -> None:
        """Build all missing cards and workspaces now."""
        if self._workspace is not None:
            while self._build_next():
                pass

    def _build_next(self) -> bool:
        """Build one missing card, or else one missing workspace; return whether there was any."""
        workspace = self._workspace
        if workspace is None or not (self._keys or self._missing):
            self.stop()
            return False
        if self._keys:
            key = self._keys.pop(0)
            card = self._make(key)
            together = {**self.built, key: card}
            self.built = {each: together[each] for each in self._table if each in together}
            workspace.extend((), {key: card})
            self._connect({key: card})
            if self._added is not None:
                self._added({key: card})
        else:
            workspace.extend((self._missing.pop(0),), {})
        if self._completed is not None and not (self._keys or self._missing):
            completed, self._completed = self._completed, None
            completed(self.built)
            workspace.completed.emit()
        return True

    def hold(self, *, on: bool) -> None:
        """Postpone work that the first frame does not need, or resume it."""
        self._is_holding = on
        for card in self.built.values():
            card.hold(on=on)

    def _make(self, key: str) -> LiveCard:
        return self._table[key].make(self._session, self._appearance.style, None)

    def _connect(self, cards: Mapping[str, LiveCard]) -> None:
        style, workspace, card_export = self._appearance.style, self._workspace, self._card_export
        if workspace is None or card_export is None:
            return
        for key, card in cards.items():
            entry = self._table[key]
            help_button = CardHelp(card, entry, style) if entry.help else None
            menu = CardMenu(card, workspace, card_export, None if help_button is None else help_button.explain)
            buttons: tuple[Styled, ...] = (menu,) if help_button is None else (help_button, menu)
            for button in buttons:
                button.set_style(style)
            self._buttons += buttons
            card.fit_title()  # now that the buttons have their sizes
            self._clock.add(card, entry.rate)
            card.hold(on=self._is_holding)
            card_export.settle(card)
            card.enlarge_requested.connect(lambda chosen=card: workspace.toggle_enlarged(chosen))
            card.reveal_requested.connect(workspace.reveal)
