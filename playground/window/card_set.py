"""The cards of one window, built on demand: first those of the initial workspace, later the others."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import TYPE_CHECKING, Protocol

from playground.window.card_help import CardHelp
from playground.window.card_menu import CardMenu

if TYPE_CHECKING:
    from playground.session import Session
    from playground.style.appearance import Appearance
    from playground.style.theme import Style
    from playground.widgets.live_card import LiveCard
    from playground.window.arrangements import Arrangement
    from playground.window.cards import CardEntry
    from playground.window.workspace import Workspace
    from playground.worker.frame_clock import FrameClock


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
        self._missing = arrangements[1:]
        self._session, self._appearance, self._clock = session, appearance, clock
        self._buttons: list[Styled] = []
        self._is_holding = False
        self._workspace: Workspace | None = None
        self._export: Callable[[LiveCard], object] | None = None
        self._completed: Callable[[Mapping[str, LiveCard]], None] | None = None
        self.built = self._made(table.keys() & arrangements[0].contents())

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
        export: Callable[[LiveCard], object],
        completed: Callable[[Mapping[str, LiveCard]], None],
    ) -> None:
        """Connect the cards built so far.

        Args:
            workspace: the workspace that contains the cards.
            export: opens the export dialog with a card ticked.
            completed: called with all cards once they are built.
        """
        self._workspace, self._export, self._completed = workspace, export, completed
        self._connect(self.built)

    def complete(self) -> None:
        """Build the cards and workspaces that the first frame did not need."""
        workspace, arrangements = self._workspace, self._missing
        if workspace is None or not arrangements:
            return
        self._missing = ()
        added = self._made(self._table.keys() - self.built.keys())
        together = {**self.built, **added}
        self.built = {key: together[key] for key in self._table}
        workspace.extend(arrangements, added)
        self._connect(added)
        if self._completed is not None:
            self._completed(self.built)

    def hold(self, *, on: bool) -> None:
        """Postpone work that the first frame does not need, or resume it."""
        self._is_holding = on
        for card in self.built.values():
            card.hold(on=on)

    def _made(self, keys: Collection[str]) -> dict[str, LiveCard]:
        """Build the cards ``keys``, in the order of the table."""
        style = self._appearance.style
        return {key: entry.make(self._session, style, None) for key, entry in self._table.items() if key in keys}

    def _connect(self, cards: Mapping[str, LiveCard]) -> None:
        style, workspace, export = self._appearance.style, self._workspace, self._export
        if workspace is None or export is None:
            return
        for key, card in cards.items():
            entry = self._table[key]
            help_button = CardHelp(card, entry, style) if entry.help else None
            menu = CardMenu(card, workspace, export, None if help_button is None else help_button.explain)
            buttons: tuple[Styled, ...] = (menu,) if help_button is None else (help_button, menu)
            for button in buttons:
                button.set_style(style)
            self._buttons += buttons
            card.fit_title()  # now that the buttons have their sizes
            self._clock.add(card, entry.rate)
            card.hold(on=self._is_holding)
            card.enlarge_requested.connect(lambda chosen=card: workspace.toggle_enlarged(chosen))
            card.reveal_requested.connect(workspace.reveal)
